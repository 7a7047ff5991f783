"""The whole record of one patient: her compartment, and who and what it refers to.

http://hl7.org/fhir/R4/patient-operation-everything.html. Pages are cut from the snapshot
of the first one, in the order of commits: first what is in the compartment, then what
belongs to nobody (practitioners, organisations, places, medicines) and is referred to.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg

from fellesjournal.access import log
from fellesjournal.access.sessions import Session
from fellesjournal.fhir import bodies
from fellesjournal.fhir.definitions import RESOURCE_TYPES, compartment_types, type_name, type_number
from fellesjournal.fhir.issues import Gone, NotFound
from fellesjournal.foundation.database.connection import connection
from fellesjournal.store.facts import hasher
from fellesjournal.store.read import Stored
from fellesjournal.store.search.criteria import compartment_condition
from fellesjournal.store.search.scope import RID_MASK, Scope, all_of

_MEMBERS, _SUPPORTING = 0, 1
_STEPS = 3
"""How far references are followed: a prescriber's role, her organisation, its parent."""

# These may stand for, or list, people other than the patient.
_NEVER_SUPPORTING = frozenset({"Patient", "Person", "RelatedPerson", "Group", "List", "Bundle"})


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
    cursor: tuple[str, int, int] | None = None


def everything(
    session: Session,
    fhir_id: str,
    wanted: Wanted,
    *,
    count: int,
    cursor: tuple[str, int, int] | None,
) -> EverythingPage:
    """A page of at most ``count`` resources. Raises NotFound and Gone for the patient."""
    database = connection()
    patient = _patient(database, session, fhir_id)
    scope = Scope(
        connection=database,
        hasher=hasher(database),
        visibility=session.visibility,
        now=time.time_ns() // 1000,
        snapshot=cursor[0] if cursor else _snapshot(database),
    )
    phase, after = (cursor[1], cursor[2]) if cursor else (_MEMBERS, -1)
    page = EverythingPage()
    whole: list[int] | None = None  # commits of all members, when this page holds them all
    if phase == _MEMBERS:
        members = _members(scope, fhir_id, patient, wanted, after, count + 1)
        page.entries = [(stored, "match") for stored in members[:count]]
        if len(members) > count:
            last = page.entries[-1][0]
            # the patient comes first whatever her commit: nothing is behind her yet
            page.cursor = (str(scope.snapshot), _MEMBERS, 0 if last.rid == patient else last.seq)
        elif after < 0 and wanted == Wanted():
            whole = [stored.seq for stored in members]
        after = -1
    if page.cursor is None:
        room = count - len(page.entries)
        others = _supporting(scope, fhir_id, wanted, after, room + 1, whole)
        page.entries += [(stored, "include") for stored in others[:room]]
        if len(others) > room:
            seq = others[room - 1].seq if room else after
            page.cursor = (str(scope.snapshot), _SUPPORTING, seq)
    log.line(
        database,
        session,
        "everything",
        "Patient",
        [(stored.rid, stored.patient) for stored, _ in page.entries],
    )
    return page


def _snapshot(database: psycopg.Connection[Any]) -> str:
    (text,) = database.execute("select pg_current_snapshot()::text").fetchone() or ("",)
    return str(text)


def _patient(database: psycopg.Connection[Any], session: Session, fhir_id: str) -> int:
    row = database.execute(
        "select r.rid, r.deleted from store.resource r"
        " where r.type = %s and r.fhir_id = %s and r.version > 0 and "
        + session.visibility.sql("r"),
        [type_number("Patient"), fhir_id],
    ).fetchone()
    if row is None:
        raise NotFound(f"Patient/{fhir_id} is not known")
    if row[1]:
        raise Gone(f"Patient/{fhir_id} was deleted")
    return int(row[0])


def _members(
    scope: Scope, fhir_id: str, patient: int, wanted: Wanted, after: int, limit: int
) -> list[Stored]:
    """What is in the compartment, the patient herself first (as if hers were commit 0)."""
    alias = scope.alias()
    place = f"case when {alias}.rid = {scope.bind(patient, 'bigint')} then 0 else {alias}.seq end"
    conditions = [_compartment(alias, fhir_id, scope), *_narrowed(alias, wanted, scope)]
    if after >= 0:
        conditions.append(f"{place} > {scope.bind(after, 'bigint')}")
    return _rows(scope, alias, all_of(conditions), place, limit)


def _supporting(
    scope: Scope,
    fhir_id: str,
    wanted: Wanted,
    after: int,
    limit: int,
    whole: list[int] | None,
) -> list[Stored]:
    alias = scope.alias()
    supporting = tuple(name for name in RESOURCE_TYPES if name not in _NEVER_SUPPORTING)
    conditions = [
        f"{alias}.rid = any({scope.bind(_reached(scope, fhir_id, whole), 'bigint[]')})",
        f"{alias}.patient = 0",
        scope.entry(alias, supporting),
        f"not {_compartment_only(alias, fhir_id, scope)}",
        *_narrowed(alias, Wanted(wanted.types, wanted.since), scope),
    ]
    if after >= 0:
        conditions.append(f"{alias}.seq > {scope.bind(after, 'bigint')}")
    return _rows(scope, alias, all_of(conditions), f"{alias}.seq", limit)


def _reached(scope: Scope, fhir_id: str, whole: list[int] | None) -> list[int]:
    """What the compartment refers to, and what that refers to, some steps far.

    ``whole`` are the commits of all members, when they are known already.

    Step by step with the numbers at hand: asked as one recursive statement, the planner
    reads the whole index.
    """
    alias = scope.alias()
    if whole is None:
        members = _compartment(alias, fhir_id, scope)
    else:
        at_hand = f"{alias}.seq = any({scope.bind(whole, 'bigint[]')})"
        members = all_of([at_hand, scope.entry(alias, ())])
    found = _targets(scope, alias, members)
    frontier = found
    for _ in range(_STEPS - 1):
        alias = scope.alias()
        here = f"{alias}.rid = any({scope.bind(sorted(frontier), 'bigint[]')})"
        where = all_of([here, scope.entry(alias, ()), f"{alias}.patient = 0"])
        frontier = _targets(scope, alias, where) - found
        if not frontier:
            break
        found |= frontier
    return sorted(found)


def _targets(scope: Scope, alias: str, where: str) -> set[int]:
    """The numbers of all heads that these entries refer to."""
    rows = scope.rows(
        f"select distinct k & {RID_MASK} from store.entry {alias}, unnest({alias}.tokens) k"
        f" where {where} and k < 0"
    )
    return {rid for (rid,) in rows}


def _compartment(alias: str, fhir_id: str, scope: Scope) -> str:
    types = (*compartment_types("Patient"), "Patient")
    return all_of(
        [scope.entry(alias, ()), compartment_condition(alias, ("Patient", fhir_id), types, scope)]
    )


def _compartment_only(alias: str, fhir_id: str, scope: Scope) -> str:
    types = (*compartment_types("Patient"), "Patient")
    return f"({compartment_condition(alias, ('Patient', fhir_id), types, scope)})"


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


def _rows(scope: Scope, alias: str, where: str, place: str, limit: int) -> list[Stored]:
    rows: Sequence[Any] = scope.rows(
        f"select x.rid, x.type, r.fhir_id, x.version, x.seq, x.patient, v.body"
        f" from (select {alias}.rid, {alias}.type, {alias}.version, {alias}.seq, {alias}.patient,"
        f" {place} as place from store.entry {alias} where {where} order by place limit {limit}) x"
        f" join store.resource r on r.rid = x.rid join store.version v on v.seq = x.seq"
        f" order by x.place"
    )
    return [Stored(row[0], type_name(row[1]), *row[2:7]) for row in rows]


__all__ = ["EverythingPage", "Wanted", "everything"]
