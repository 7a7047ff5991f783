"""The policy as one condition of SQL, carried by every statement of the store.

A condition names columns of a row of store.resource, store.version or store.entry: ``rid``,
``patient``, ``type`` and ``labels``. Who asks stands in settings of the connection
(``sql/policy.sql``), so that the text is the same for everybody of a kind and its plan is
shared. A setting that is missing is an error or unknown, never a permission.
"""

from __future__ import annotations

from functools import cache

from fellesjournal.access.labels import Label
from fellesjournal.access.policy.areas import area_bits
from fellesjournal.fhir.definitions import type_number
from fellesjournal.store.visibility import Visibility


def _setting(name: str, kind: str) -> str:
    """A setting as a value that is read once per statement."""
    return f"(select current_setting('fj.{name}')::{kind})"


@cache
def _bits() -> str:
    """The area of a row's type, folded by the planner to a constant array."""
    return "('{{" + ",".join(map(str, area_bits())) + "}}'::int[])[{row}.type + 1]"


_NOW = _setting("now", "bigint")
# an array of a sub-query is worked out once; a bare sub-query would be asked as a set of rows
_HOLDERS = "array(select unnest(current_setting('fj.holders')::bigint[]))"

# The other patients of the few resources that are about several.
_OTHERS = (
    "(({{row}}.labels & {several}) = 0 or not exists (select from access.also_about a"
    " where a.source = {{row}}.rid and not {allowed}))"
)

# The glass broken (1), or an extra step for special labels (2); see sql/policy.sql.
_OPENED = (
    "exists (select from access.opening o where o.patient = {row}.patient and o.kind <= %d"
    f" and o.practitioner = {_setting('person', 'bigint')} and o.role = {_setting('role', 'bigint')}"
    f" and o.starts <= {_NOW} and o.ends > {_NOW}%s)"
)

_BLOCKED = (
    "exists (select from access.block b where b.patient = {row}.patient"
    f" and b.starts <= {_NOW} and b.ends > {_NOW}"
    f" and (b.holders && {_setting('actor', 'bigint[]')}) <> b.all_but"
    " and (b.areas & %s) <> 0 and (b.resource = 0 or b.resource = {row}.rid)"
    " and (b.care_lo is null or not exists (select from store.entry x where x.rid = {row}.rid"
    " and x.died is null and (x.date_hi <= b.care_lo or x.date_lo >= b.care_hi))))"
)


def _ground(patient: str, masks: str) -> str:
    return (
        f"exists (select from access.ground g where g.patient = {patient} and g.holder = any ({_HOLDERS})"
        f" and g.starts <= {_NOW} and g.ends > {_NOW}"
        f" and (({_setting(masks, 'int[]')})[g.kind + 1] & {_bits()}) <> 0)"
    )


def _others(allowed: str) -> str:
    return _OTHERS.format(several=int(Label.SEVERAL_PATIENTS), allowed=allowed)


@cache
def staff_sees() -> Visibility:
    """What staff may see: by ground, role, labels, and what the citizen has not blocked."""
    ordinary = f"({{row}}.labels & {_setting('hidden', 'int')})"
    special = _OPENED % (2, f" and (o.labels & {ordinary}) = {ordinary}")
    return Visibility(
        f"(({{row}}.patient = 0 and ({_setting('open', 'int')} & {_bits()}) <> 0)"
        f" or ({{row}}.patient <> 0 and {_ground('{row}.patient', 'masks')}"
        f" and ({ordinary} = 0 or {special})"
        f" and (not {_BLOCKED % _bits()} or {_OPENED % (1, '')})"
        f" and {_others(_ground('a.patient', 'masks'))}))"
    )


@cache
def staff_writes() -> Visibility:
    """What staff may write: by ground and role."""
    return Visibility(
        f"(({{row}}.patient = 0 and ({_setting('write_open', 'int')} & {_bits()}) <> 0)"
        f" or ({{row}}.patient <> 0 and {_ground('{row}.patient', 'write_masks')}"
        f" and {_others(_ground('a.patient', 'write_masks'))}))"
    )


def _of_subject(areas: str) -> str:
    return (
        f"{{row}}.patient <> 0 and {{row}}.patient = {_setting('subject', 'bigint')}"
        f" and ({_setting(areas, 'int')} & {_bits()}) <> 0"
        f" and ({{row}}.labels & {int(Label.SEVERAL_PATIENTS)}) = 0"
    )


@cache
def citizen_sees() -> Visibility:
    """What a citizen may see of her own record, or of the one she represents."""
    hidden, required = _setting("hidden", "int"), _setting("required", "int")
    delayed = (
        "exists (select from access.release d where d.source = {row}.rid"
        f" and d.ends <= {_NOW} and (d.label & {{row}}.labels & {hidden}) <> 0"
        f" and ({{row}}.labels & {hidden} & ~d.label) = 0)"
    )
    return Visibility(
        f"(({{row}}.patient = 0 and ({_setting('open', 'int')} & {_bits()}) <> 0)"
        f" or ({_of_subject('areas')}"
        f" and (({{row}}.labels & {hidden}) = 0 or {delayed})"
        f" and ({required} = 0 or ({{row}}.labels & {required}) <> 0"
        f" or {{row}}.type = {type_number('Patient')})))"
    )


@cache
def citizen_writes() -> Visibility:
    """What a citizen may write into the record she has open."""
    return Visibility(f"({_of_subject('write_areas')})")


def narrowed(base: Visibility, *conditions: str) -> Visibility:
    """``base`` and all further conditions, each over ``{row}``."""
    return Visibility(" and ".join([base.condition, *conditions])) if conditions else base


__all__ = [
    "citizen_sees",
    "citizen_writes",
    "narrowed",
    "staff_sees",
    "staff_writes",
]
