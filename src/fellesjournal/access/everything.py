"""The whole record of one patient: her compartment, and who and what it refers to.

http://hl7.org/fhir/R4/patient-operation-everything.html. Pages are cut from the snapshot
of the first one, in the order of commits: first what is in the compartment, then what
belongs to nobody (practitioners, organisations, places, medicines) and is referred to.

A page is one statement, its line in the log included. Each part of it stands by itself
(``materialized``, ``offset 0``) and starts from the rows of the part before, so that it has
the same plan whatever the planner believes about sizes; and the text of first pages does
not vary, so that it is planned once per connection.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

import psycopg

from fellesjournal.access import log, redaction
from fellesjournal.access.sessions import Session
from fellesjournal.fhir import bodies
from fellesjournal.fhir.definitions import RESOURCE_TYPES, type_name, type_number
from fellesjournal.fhir.definitions.search import search_of
from fellesjournal.fhir.definitions.search import slot as slot_of
from fellesjournal.fhir.issues import Gone, NotFound
from fellesjournal.store.facts import hasher
from fellesjournal.store.read import Stored
from fellesjournal.store.search.criteria import compartment_slots
from fellesjournal.store.search.scope import RID_MASK, Scope, all_of

_MEMBERS, _SUPPORTING = 0, 1
_STEPS = 3
"""How far references are followed: a prescriber's role, her organisation, its parent."""

# These may stand for, or list, people other than the patient.
_NEVER_SUPPORTING = frozenset({"Patient", "Person", "RelatedPerson", "Group", "List", "Bundle"})

_ENTRY = "{0}.seq, {0}.rid, {0}.patient, {0}.version, {0}.type, {0}.date_lo, {0}.date_hi"

Cursor = tuple[str, int, int]
"""Where a page begins: the snapshot, the phase, and the commit it comes after."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of the record. ``since``: committed at or after; ``care``: half-open interval
    in microseconds since 1970 that dated resources must touch; no types: all.
    """

    types: tuple[str, ...] = ()
    since: datetime | None = None
    care: tuple[int, int] | None = None


@dataclass(slots=True)
class EverythingPage:
    """``entries`` with their search mode; ``cursor`` begins the next page, None on the last."""

    entries: list[tuple[Stored, str]] = field(default_factory=list)
    cursor: Cursor | None = None


def everything(
    session: Session, fhir_id: str, wanted: Wanted, *, count: int, cursor: Cursor | None
) -> EverythingPage:
    """A page of at most ``count`` resources. Raises NotFound and Gone for the patient."""
    database = session.connection()
    scope = Scope(
        connection=database,
        hasher=hasher(database),
        visibility=session.visibility,
        now=time.time_ns() // 1000,
        # the first page is what stands: its statement is its own snapshot
        snapshot=cursor[0] if cursor else None,
    )
    statement = _statement(scope, session, fhir_id, wanted, count, cursor)
    rows = scope.rows(statement, binary=True)
    if not rows:
        _require_patient(database, session, fhir_id)
    page = _page(rows, count, cursor)
    cut = redaction.shown(session, [stored for stored, _ in page.entries])
    page.entries = [(stored, mode) for stored, (_, mode) in zip(cut, page.entries, strict=True)]
    return page


def _page(rows: Sequence[Any], count: int, cursor: Cursor | None) -> EverythingPage:
    """``rows``, as :func:`_statement` answers them, as a page; one more row: there is more."""
    page = EverythingPage(
        [
            (Stored(rid, type_name(number), *rest), "include" if phase else "match")
            for _, phase, _, rid, number, *rest in rows[:count]
        ]
    )
    if len(rows) > count:
        snapshot, phase, place = rows[count - 1][:3]
        if phase != rows[count][1]:  # the next one is the first of its phase
            phase, place = _SUPPORTING, -1
        page.cursor = (cursor[0] if cursor else snapshot, phase, place)
    return page


def _require_patient(database: psycopg.Connection[Any], session: Session, fhir_id: str) -> None:
    """Raises NotFound or Gone if that is why there is nothing."""
    row = database.execute(
        "select r.deleted from store.resource r"
        " where r.type = %s and r.fhir_id = %s and r.version > 0 and "
        + session.visibility.sql("r"),
        [type_number("Patient"), fhir_id],
    ).fetchone()
    if row is None:
        log.refused(database, session, "everything", "Patient", fhir_id)
        raise NotFound(f"Patient/{fhir_id} is not known")
    if row[0]:
        raise Gone(f"Patient/{fhir_id} was deleted")


def _statement(
    scope: Scope, session: Session, fhir_id: str, wanted: Wanted, count: int, cursor: Cursor | None
) -> str:
    """SQL: the page and one row more, the page logged.

    Columns: snapshot, phase, place, then those of :class:`Stored`.
    """
    # the same estimate whatever the number is, or the planner would never keep a plan
    most = f"(select {scope.bind(count + 1, 'bigint')})"
    parts = {
        "owner": _owner(scope, fhir_id),
        "member": _members(scope),
        "matched": _matched(scope, wanted, cursor, most),
    }
    parts |= _reached(scope, most)
    parts["page"] = _both(scope, wanted, cursor, most)
    who = zip(log.who(session, "everything", None), log.CASTS, strict=True)
    logged = log.line_of(
        f"(select * from page order by phase, place limit (select {scope.bind(count, 'bigint')}))",
        [scope.bind(value, cast) for value, cast in who],
    )
    return (
        "with "
        + ", ".join(f"{name} as materialized ({text})" for name, text in parts.items())
        + f", logged as ({logged})"
        " select pg_current_snapshot()::text, x.phase, x.place, x.rid, x.type,"
        " (select r.fhir_id from store.resource r where r.rid = x.rid), x.version, x.seq, x.patient,"
        " (select v.body from store.version v where v.seq = x.seq)"
        " from page x where exists (select from logged) order by x.phase, x.place"
    )


def _owner(scope: Scope, fhir_id: str) -> str:
    return (
        f"select p.rid from store.resource p where p.type = {type_number('Patient')}::smallint"
        f" and p.fhir_id = {scope.bind(fhir_id, 'text')} and p.version > 0 and not p.deleted"
        f" and {scope.visibility.sql('p')}"
    )


def _members(scope: Scope) -> str:
    """Her compartment, with what it refers to; her own place is before all commits."""
    return (
        f"select {_ENTRY.format('e')}, e.tokens,"
        " case when e.rid = (select rid from owner) then 0 else e.seq end as place"
        f" from store.entry e where ({_compartment('e')}) and {scope.entry('e', ())}"
    )


@cache
def _compartment(alias: str) -> str:
    """The condition that an entry is in the compartment of the patient in ``owner``.

    Most of it is said by the column patient; tokens add who is in it in another way. The
    column also holds the patient of some types that no compartment has, such as Task.
    """
    outside, slots = [], set[int]()
    for name in RESOURCE_TYPES:
        mine = compartment_slots("Patient", name)
        patient = search_of(name).patient
        if not mine.issuperset(patient):
            outside.append(type_number(name))
        said = len(patient) == 1 and not slot_of(patient[0]).many
        slots |= mine.difference(patient if said else ())
    return (
        f"{alias}.patient = (select rid from owner) and {alias}.patient <> 0"
        f" and {alias}.type <> all('{{{_listed(outside)}}}'::smallint[])"
        f" or {alias}.tokens && (select array_agg(store.reference_token(s, o.rid))"
        f" from owner o, unnest('{{{_listed(sorted(slots))}}}'::smallint[]) s)"
    )


def _listed(numbers: Sequence[int]) -> str:
    return ",".join(map(str, numbers))


def _matched(scope: Scope, wanted: Wanted, cursor: Cursor | None, most: str) -> str:
    conditions = _narrowed("m", wanted, scope)
    if cursor is not None:
        _, phase, after = cursor
        conditions.append(
            f"m.place > {scope.bind(after, 'bigint')}" if phase == _MEMBERS else "false"
        )
    where = all_of(conditions) if conditions else "true"
    return f"select {_ENTRY.format('m')}, m.place from member m where {where} order by m.place limit {most}"


def _reached(scope: Scope, most: str) -> dict[str, str]:
    """What the members refer to, and what that refers to, some steps far, patients left out.

    Not followed when the members alone fill the page.
    """
    parts = {}
    before, known = "member", ["member"]
    for step in range(1, _STEPS + 1):
        targets, found = f"target{step}", f"found{step}"
        parts[targets] = (
            f"select distinct k & {RID_MASK} as rid from {before} b, unnest(b.tokens) k"
            f" where k < 0 and (select count(*) from matched) < {most}"
            + "".join(f" except select rid from {name}" for name in known)
        )
        parts[found] = (
            f"select n.* from {targets} t cross join lateral"
            f" (select {_ENTRY.format('e')}, e.tokens from store.entry e"
            f" where e.rid = t.rid and e.patient = 0 and {scope.entry('e', ())} offset 0) n"
        )
        known.append(targets)
        before = found
    return parts


def _both(scope: Scope, wanted: Wanted, cursor: Cursor | None, most: str) -> str:
    numbers = [type_number(name) for name in RESOURCE_TYPES if name not in _NEVER_SUPPORTING]
    conditions = [
        f"s.type = any('{{{_listed(numbers)}}}'::smallint[])",
        *_narrowed("s", Wanted(wanted.types, wanted.since), scope),
    ]
    if cursor is not None and cursor[1] == _SUPPORTING:
        conditions.append(f"s.seq > {scope.bind(cursor[2], 'bigint')}")
    found = " union all ".join(f"select * from found{step}" for step in range(1, _STEPS + 1))
    return (
        f"select {_MEMBERS} as phase, place, rid, patient, version, type, seq from matched union all"
        f" select {_SUPPORTING}, s.seq, s.rid, s.patient, s.version, s.type, s.seq from ({found}) s"
        f" where {all_of(conditions)} order by 1, 2 limit {most}"
    )


def _narrowed(alias: str, wanted: Wanted, scope: Scope) -> list[str]:
    conditions = []
    if wanted.types:
        numbers = [type_number(name) for name in wanted.types]
        conditions.append(f"{alias}.type = any({scope.bind(numbers, 'smallint[]')})")
    if wanted.since is not None:
        conditions.append(f"{alias}.seq >= {scope.bind(bodies.seq_at(wanted.since), 'bigint')}")
    if wanted.care is not None:
        low, high = wanted.care
        # the patient's main date is her birth: she is always there
        conditions.append(
            f"({alias}.type = {type_number('Patient')} or {alias}.date_lo is null"
            f" or ({alias}.date_lo < {scope.bind(high, 'bigint')}"
            f" and {alias}.date_hi > {scope.bind(low, 'bigint')}))"
        )
    return conditions


__all__ = ["EverythingPage", "Wanted", "everything"]
