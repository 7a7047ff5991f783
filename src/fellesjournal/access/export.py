"""Everything of a type, as a stream: bounded memory, one snapshot, logged batch by batch."""

from __future__ import annotations

from collections.abc import Iterator

from fellesjournal.access import log, redaction
from fellesjournal.access.addresses import own_bases
from fellesjournal.access.relations.checking import check_facts
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.definitions import type_name as name_of
from fellesjournal.fhir.definitions import type_number
from fellesjournal.foundation.database.connection import connection
from fellesjournal.store.check import Finding, check
from fellesjournal.store.facts import hasher
from fellesjournal.store.read import Stored

BATCH = 500


def holds_patients() -> bool:
    """Whether any patient was ever stored; tells nothing about whom."""
    row = connection().execute(
        "select exists (select from store.resource where type = %s and version > 0)",
        [type_number("Patient")],
    ).fetchone()  # fmt: skip
    assert row is not None  # exists always answers
    return bool(row[0])


def counts(session: Session) -> dict[str, int]:
    """How many resources of each type the session may see."""
    rows = session.connection().execute(
        "select e.type, count(*) from store.entry e where e.died is null and "
        + session.visibility.sql("e")
        + " group by e.type"
    )
    return {name_of(number): count for number, count in rows}


def export_type(session: Session, type_name: str) -> Iterator[bytes]:
    """The bodies of a type as they stood at the first call, oldest version first."""
    database = session.connection()
    row = database.execute("select pg_current_snapshot()::text").fetchone()
    assert row is not None  # a select without from always answers
    snapshot, last = row[0], 0
    while True:
        # whoever takes the bodies may have acted as somebody else since the batch before
        database = session.connection()
        rows = database.execute(
            "select e.seq, e.rid, e.patient, v.body from store.entry e"
            " join store.version v on v.rid = e.rid and v.version = e.version"
            " where e.type = %s and e.seq > %s and pg_visible_in_snapshot(e.born, %s::pg_snapshot)"
            " and (e.died is null or not pg_visible_in_snapshot(e.died, %s::pg_snapshot)) and "
            + session.visibility.sql("e")
            + " order by e.seq limit %s",
            [type_number(type_name), last, snapshot, snapshot, BATCH],
        ).fetchall()
        if not rows:
            return
        log.line(database, session, "export", type_name, [(found[1], found[2]) for found in rows])
        versions = [
            Stored(rid, type_name, "", 0, seq, patient, body) for seq, rid, patient, body in rows
        ]
        for stored in redaction.shown(session, versions):
            assert stored.body is not None  # a deleted one has no entry
            yield stored.body
        last = rows[-1][0]


def check_record(session: Session) -> Iterator[Finding | int]:
    """See ``store.check`` and ``relations.checking``. Findings name resources, never what they
    say: nothing of the record leaves, so there is nothing to log.
    """
    database = session.connection()
    yield from check(database, hasher(database), session.visibility, own_bases())
    yield from check_facts(session)
