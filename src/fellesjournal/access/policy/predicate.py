"""The policy as one condition of SQL, carried by every statement of the store.

A condition names columns of a row of store.resource, store.version or store.entry: ``rid``,
``patient``, ``type``, ``labels`` and ``version``. Who asks stands in settings of the connection
(``sql/functions.sql``), so that the text is the same for everybody of a kind and its plan is
shared. A setting that is missing is an error or unknown, never a permission.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from fellesjournal.access.labels import Label
from fellesjournal.access.policy.areas import area_bits
from fellesjournal.fhir.definitions import type_number
from fellesjournal.store.visibility import Visibility

_SEVERAL = int(Label.SEVERAL_PATIENTS)


def _setting(name: str, kind: str) -> str:
    return f"current_setting('fj.{name}')::{kind}"


# The area of a row's type. By a function, for the table written out would make each statement
# too long to be remembered as prepared.
_AREA = "access.area_of({row}.type)"


def area_function() -> str:
    """SQL that makes ``access.area_of`` what policy/areas.py says; run after each migration."""
    bits = ",".join(map(str, area_bits()))
    return (
        "create or replace function access.area_of(type smallint) returns integer"
        " language sql immutable parallel safe"
        f" as $$ select ('{{{bits}}}'::integer[])[type + 1] $$"
    )


@cache
def staff_sees() -> Visibility:
    """What staff may see: by ground, role, labels, and what the citizen has not blocked."""
    return Visibility(
        f"access.staff_sees({{row}}.patient, {_AREA}, {{row}}.labels, {{row}}.rid, {{row}}.version)"
    )


@cache
def staff_writes() -> Visibility:
    """What staff may write: by ground and role."""
    return Visibility(
        f"(({{row}}.patient = 0 and ({_setting('write_open', 'int')} & {_AREA}) <> 0)"
        f" or ({{row}}.patient <> 0 and {_ground('{row}.patient')}"
        f" and (({{row}}.labels & {_SEVERAL}) = 0 or not exists (select from access.also_about a"
        " where a.source = {row}.rid and a.version = access.told_in({row}.rid, {row}.version)"
        f" and not {_ground('a.patient')}))))"
    )


def _ground(patient: str) -> str:
    now = _setting("now", "bigint")
    return (
        f"exists (select from access.ground g where g.patient = {patient}"
        f" and g.holder = any ({_setting('holders', 'bigint[]')})"
        f" and g.starts <= {now} and g.ends > {now}"
        f" and (g.given_by is null or g.given_by <> {_setting('person', 'bigint')} or g.given_until > {now})"
        f" and (({_setting('write_masks', 'int[]')})[g.kind + 1] & {_AREA}) <> 0)"
    )


def _of_subject(areas: str) -> str:
    return (
        f"{{row}}.patient <> 0 and {{row}}.patient = {_setting('subject', 'bigint')}"
        f" and ({_setting(areas, 'int')} & {_AREA}) <> 0"
        f" and ({{row}}.labels & {_SEVERAL}) = 0"
    )


@cache
def citizen_sees() -> Visibility:
    """What a citizen may see of her own record, or of the one she represents."""
    hidden, required = _setting("hidden", "int"), _setting("required", "int")
    released = (
        "exists (select from access.release d where d.source = {row}.rid"
        f" and d.ends <= {_setting('now', 'bigint')} and (d.label & {{row}}.labels & {hidden}) <> 0"
        f" and ({{row}}.labels & {hidden} & ~d.label) = 0)"
    )
    return Visibility(
        f"(({{row}}.patient = 0 and ({_setting('open', 'int')} & {_AREA}) <> 0)"
        f" or ({_of_subject('areas')}"
        f" and (({{row}}.labels & {hidden}) = 0 or {released})"
        f" and ({required} = 0 or ({{row}}.labels & {required}) <> 0"
        f" or {{row}}.type = {type_number('Patient')})))"
    )


@cache
def citizen_writes() -> Visibility:
    """What a citizen may write into the record she has open."""
    return Visibility(f"({_of_subject('write_areas')})")


def narrowed(base: Visibility, *conditions: str) -> Visibility:
    """``base`` and all further conditions, each over ``{row}``."""
    return replace(base, condition=" and ".join([base.condition, *conditions]))


__all__ = [
    "area_function",
    "citizen_sees",
    "citizen_writes",
    "narrowed",
    "staff_sees",
    "staff_writes",
]
