"""Merge of two records of one person, and its undoing (INV-45).

A newborn gets a help number and later a fodselsnummer; an unconscious patient turns out to be
known. Everything that refers to the one Patient (source) then refers to the other (target), as
new versions in one transaction: history grows and is never rewritten, and a line in the log
tells who did it. Undoing writes new versions again that lead back to the source.

References in what is kept as received (Bundle, Parameters) and references to one version of
the source stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
import psycopg
from psycopg import errors

from fellesjournal.access import merged_bodies
from fellesjournal.access.addresses import own_bases
from fellesjournal.access.merged_bodies import Place
from fellesjournal.access.sessions import Session
from fellesjournal.access.writing import Operation, Written, write
from fellesjournal.fhir import bodies
from fellesjournal.fhir.bodies import Body
from fellesjournal.fhir.definitions import RESOURCE_TYPES, type_name, type_number
from fellesjournal.fhir.definitions.search import search_of
from fellesjournal.fhir.issues import Conflict, NotAllowed, NotFound, Unprocessable
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.store.search.scope import reference_token

AS_RECEIVED = frozenset({"Bundle", "Parameters"})

_LOCK = 7307  # any constant of our own; the same in all versions

Database = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Merge:
    """A merge that was made; ``moved`` are the references of the resources that lead elsewhere now."""

    id: int
    source: str
    target: str
    moved: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unmerge:
    """An undone merge, and what a human should look at.

    ``put_back`` lead to the source again. ``unclear`` have changed so that it can't be told
    which of their references were the source's. ``since`` were written for the target after
    the merge: nothing says which of the two people they are about.
    """

    merge: Merge
    put_back: tuple[str, ...]
    unclear: tuple[str, ...]
    since: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Held:
    """The version of a resource that stands."""

    rid: int
    type: str
    id: str
    version: int
    seq: int
    body: Body

    @property
    def reference(self) -> str:
        return f"{self.type}/{self.id}"


def merge(session: Session, source_id: str, target_id: str, reason: str) -> Merge:
    """Make Patient/source_id and Patient/target_id one record, that of the target.

    Only for a session that may see and write all (of the platform, on behalf of a person), or
    references would be left behind unseen. Raises NotAllowed otherwise, NotFound when one of
    them is not there, Conflict when one is out of use or merged already, Unprocessable without
    a reason or when a resource does not meet today's rules.
    """
    _check(session, reason)
    with transaction():
        database = session.connection()
        source, target = _locked(database, source_id, target_id)
        merge_id = _begin(database, session, source, target, reason)
        moved = _move(session, database, merge_id, source, target)
        return Merge(merge_id, source_id, target_id, moved)


def gather(session: Session, merge_id: int) -> tuple[str, ...]:
    """Turn what has been written for the source since the merge; for a job, and after imports.

    Answers the references of what was moved. Raises NotFound for no standing merge.
    """
    _check(session, "gather")
    with transaction():
        database = session.connection()
        row = _standing(database, merge_id)
        source, target = _both(database, row)
        return _turn(session, database, merge_id, source, target)


def unmerge(session: Session, merge_id: int, reason: str) -> Unmerge:
    """Undo a merge: what did not change since gets its earlier content, what did gets its
    references to the source back, and both Patients stand as before.

    Raises NotFound for no standing merge, Conflict when the target was merged into yet another
    (undo that first) or one of the Patients was deleted; else as :func:`merge`.
    """
    _check(session, reason)
    with transaction():
        database = session.connection()
        row = _standing(database, merge_id)
        source, target = _both(database, row)
        _refuse_if_merged_on(database, target)
        put_back, unclear = _put_back(session, database, row, source, target)
        since = _since(database, row, target)
        database.execute(
            "update access.merge set undone_at = %s, undone_person = %s, undone_reason = %s"
            " where id = %s",
            [clock.now(), session.person, reason, merge_id],
        )
        done = Merge(merge_id, source.id, target.id, put_back)
        return Unmerge(done, put_back, unclear, since)


def standing_merge_of(database: Database, patient_rid: int) -> int | None:
    """The merge by which a Patient (rid) went out of use, if any stands."""
    row = database.execute(
        "select id from access.merge where source = %s and undone_at is null", [patient_rid]
    ).fetchone()
    return None if row is None else int(row[0])


def left_behind(database: Database, patient_id: str) -> list[str]:
    """What still says ``Patient/patient_id``, wherever in its bytes: reads the whole record.

    For checks: finds also references the index doesn't know (in extensions of resources of
    nobody), those to single versions, and what is kept as received.
    """
    rows = database.execute(
        "select r.type, r.fhir_id from store.entry e join store.resource r on r.rid = e.rid"
        " join store.version v on v.rid = e.rid and v.version = e.version where e.died is null"
        " and (position(convert_to(%s, 'UTF8') in v.body) > 0"
        "  or position(convert_to(%s, 'UTF8') in v.body) > 0) order by 1, 2",
        [f'Patient/{patient_id}"', f"Patient/{patient_id}/_history"],
    )
    return [f"{type_name(number)}/{fhir_id}" for number, fhir_id in rows]


def _check(session: Session, reason: str) -> None:
    if not session.is_unbounded:
        raise NotAllowed("records are merged by who may see all that refers to them")
    if not reason.strip():
        raise Unprocessable("a merge needs a reason", code="required")


def _locked(database: Database, source_id: str, target_id: str) -> tuple[_Held, _Held]:
    """Both Patients, with no other merge of either at work until the transaction ends."""
    if source_id == target_id:
        raise Unprocessable("a record can't be merged with itself", code="business-rule")
    rows = database.execute(
        "select r.rid, r.fhir_id from store.resource r where r.type = %s"
        " and r.fhir_id = any(%s::text[]) and r.version > 0 and not r.deleted",
        [type_number("Patient"), [source_id, target_id]],
    ).fetchall()
    rids = {fhir_id: rid for rid, fhir_id in rows}
    for fhir_id in (source_id, target_id):
        if fhir_id not in rids:
            raise NotFound(f"Patient/{fhir_id} is not known")
    _lock(database, rids.values())
    held = _heads(database, rids.values())
    source, target = held[rids[source_id]], held[rids[target_id]]
    for patient in (source, target):
        links = patient.body.data.get("link", ())
        is_replaced = any(link.get("type") == "replaced-by" for link in links)
        if patient.body.data.get("active") is False or is_replaced:
            raise Conflict(f"{patient.reference} is out of use")
    return source, target


def _begin(database: Database, session: Session, source: _Held, target: _Held, reason: str) -> int:
    try:
        row = database.execute(
            "insert into access.merge (source, target, source_before, target_before, at, person,"
            " role, unit, reason) values (%s, %s, %s, %s, %s, %s, %s, %s, %s) returning id",
            [
                source.rid, target.rid, source.version, target.version, clock.now(),
                session.person, session.role, session.unit, reason,
            ],
        ).fetchone()  # fmt: skip
    except errors.UniqueViolation:
        raise Conflict(f"{source.reference} is merged already", code="duplicate") from None
    assert row is not None  # an insert of one row answers it
    return int(row[0])


def _move(
    session: Session, database: Database, merge_id: int, source: _Held, target: _Held
) -> tuple[str, ...]:
    patients = [
        (source, merged_bodies.source_after(source.body, target.id)),
        (target, merged_bodies.target_after(target.body, source.id, source.body.data)),
    ]
    moved = _turn(session, database, merge_id, source, target, patients)
    return tuple(each for each in moved if each not in {source.reference, target.reference})


def _turn(
    session: Session,
    database: Database,
    merge_id: int,
    source: _Held,
    target: _Held,
    patients: Iterable[tuple[_Held, Body]] = (),
) -> tuple[str, ...]:
    """Write all that refers to the source anew, with the two Patients when they change too."""
    changes = list(patients)
    places: dict[int, list[Place]] = {}
    for held in _referring(database, source, target):
        body, found = merged_bodies.turned(held.body, source.id, target.id, own_bases())
        if found:
            changes.append((held, body))
            places[held.rid] = found
    written = _write(session, changes)
    for (held, _), done in zip(changes, written, strict=True):
        if held.rid in places and done.stored is not None:
            _note(database, merge_id, held, done.stored.version, places[held.rid])
    newest = max((done.stored.seq for done in written if done.stored is not None), default=0)
    database.execute(
        "update access.merge set seq = greatest(seq, %s) where id = %s", [newest, merge_id]
    )
    return tuple(held.reference for held, _ in changes)


def _note(database: Database, merge_id: int, held: _Held, after: int, places: list[Place]) -> None:
    database.execute(
        "insert into access.merge_moved as m (merge, rid, before, after, paths, said)"
        " values (%s, %s, %s, %s, %s, %s) on conflict (merge, rid) do update set"
        " before = excluded.before, after = excluded.after,"
        " paths = m.paths || excluded.paths, said = m.said || excluded.said",
        [
            merge_id, held.rid, held.version, after,
            [place.path for place in places], [place.said for place in places],
        ],
    )  # fmt: skip


def _standing(database: Database, merge_id: int) -> dict[str, int]:
    row = database.execute(
        "select id, source, target, source_before, target_before, seq from access.merge"
        " where id = %s and undone_at is null for update",
        [merge_id],
    ).fetchone()
    if row is None:
        raise NotFound(f"merge {merge_id} does not stand")
    names = ("id", "source", "target", "source_before", "target_before", "seq")
    return dict(zip(names, row, strict=True))


def _lock(database: Database, rids: Iterable[int]) -> None:
    """Merges of the same Patients one after the other. Writers go on; the versions that a
    merge expects to stand are how it notices them.
    """
    for rid in sorted(rids):
        database.execute("select pg_advisory_xact_lock(%s, %s::integer)", [_LOCK, rid % 2**31])


def _both(database: Database, row: dict[str, int]) -> tuple[_Held, _Held]:
    _lock(database, (row["source"], row["target"]))
    held = _heads(database, (row["source"], row["target"]))
    if len(held) < 2:
        raise Conflict("one of the two records was deleted since")
    return held[row["source"]], held[row["target"]]


def _refuse_if_merged_on(database: Database, target: _Held) -> None:
    later = standing_merge_of(database, target.rid)
    if later is not None:
        raise Conflict(
            f"{target.reference} was merged into another record; undo merge {later} first"
        )


def _put_back(
    session: Session, database: Database, row: dict[str, int], source: _Held, target: _Held
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    source_was = _version(database, source.rid, row["source_before"])
    target_was = _version(database, target.rid, row["target_before"])
    changes = [
        (
            source,
            merged_bodies.source_before(
                source.body, target.id, active=source_was.data.get("active")
            ),
        ),
        (
            target,
            merged_bodies.target_before(target.body, source.id, source_was.data, target_was.data),
        ),
    ]
    unclear = []
    rows = database.execute(
        "select rid, before, after, paths, said from access.merge_moved where merge = %s"
        " order by rid",
        [row["id"]],
    ).fetchall()
    held_by = _heads(database, [moved[0] for moved in rows])
    for rid, before, after, paths, said in rows:
        held = held_by.get(rid)
        if held is None:
            continue  # deleted since: there is nothing that could lead anywhere
        places = [Place(*pair) for pair in zip(paths, said, strict=True)]
        is_unchanged = held.version == after
        stands = _version(database, rid, before) if is_unchanged else held.body
        body, left = merged_bodies.put_back(stands, places, target.id, own_bases())
        if left:
            unclear.append(held.reference)
        if is_unchanged or body is not held.body:
            changes.append((held, body))
    _write(session, changes)
    return tuple(held.reference for held, _ in changes[2:]), tuple(unclear)


def _since(database: Database, row: dict[str, int], target: _Held) -> tuple[str, ...]:
    """What is about the target and was first written after the merge."""
    rows = database.execute(
        "select r.type, r.fhir_id from store.entry e join store.resource r on r.rid = e.rid"
        " join store.version v on v.rid = e.rid and v.version = 1"
        " where e.patient = %s and e.died is null and v.seq > %s order by r.type, r.fhir_id",
        [target.rid, row["seq"]],
    )
    return tuple(f"{type_name(number)}/{fhir_id}" for number, fhir_id in rows)


def _write(session: Session, changes: list[tuple[_Held, Body]]) -> list[Written]:
    if not changes:
        return []
    return write(
        session,
        [
            Operation("update", held.type, id=held.id, body=body, if_match=held.version)
            for held, body in changes
        ],
    )


_HELD = (
    "select e.rid, e.type, r.fhir_id, e.version, e.seq, v.body from store.entry e"
    " join store.resource r on r.rid = e.rid"
    " join store.version v on v.rid = e.rid and v.version = e.version"
    " where e.died is null and v.body is not null"
)


def _heads(database: Database, rids: Iterable[int]) -> dict[int, _Held]:
    rows = database.execute(f"{_HELD} and e.rid = any(%s::bigint[])", [list(rids)])
    return {row[0]: _held(row) for row in rows}


def _referring(database: Database, source: _Held, target: _Held) -> list[_Held]:
    """What is the source's or refers to it by anything that can be searched, in a fixed order."""
    tokens = [reference_token(slot, source.rid) for slot in _reference_slots()]
    rows = database.execute(
        f"{_HELD} and e.rid in (select o.rid from store.entry o where o.died is null and o.patient = %s"
        " union select o.rid from store.entry o where o.died is null and o.tokens && %s::bigint[])"
        " and e.rid <> all(%s::bigint[]) and e.type <> all(%s::smallint[]) order by e.rid",
        [
            source.rid, tokens, [source.rid, target.rid],
            [type_number(name) for name in sorted(AS_RECEIVED)],
        ],
    )  # fmt: skip
    return [_held(row) for row in rows]


def _reference_slots() -> list[int]:
    return sorted(
        {
            place.slot
            for name in RESOURCE_TYPES
            for parameter in search_of(name).parameters.values()
            if parameter.type == "reference"
            for place in parameter.places
        }
    )


def _version(database: Database, rid: int, version: int) -> Body:
    row = database.execute(
        "select body from store.version where rid = %s and version = %s", [rid, version]
    ).fetchone()
    assert row is not None  # versions are never removed
    return bodies.parse(row[0])


def _held(row: tuple[Any, ...]) -> _Held:
    rid, number, fhir_id, version, seq, body = row
    return _Held(rid, type_name(number), fhir_id, version, seq, Body(body, orjson.loads(body)))
