"""The record of one patient at a glance, and finding the patient. Each act is logged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fellesjournal.access import log, redaction
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.definitions import type_name, type_number
from fellesjournal.store import of_patient
from fellesjournal.store.people import PersonQuestion, find_people
from fellesjournal.store.read import Stored

__all__ = ["PersonQuestion", "find", "read_known", "record_of"]


def record_of(
    session: Session, patient_id: str, limits: Mapping[str, int]
) -> dict[str, list[Stored]]:
    """At most so many of each type in a patient's record, newest first; one round trip.

    Every asked type is a key. Nothing is found for an unknown patient.
    """
    types, most = of_patient.numbers_of(limits)
    statement = log.with_line(of_patient.of_patient_statement(session.visibility))
    values = [patient_id, types, most, *log.who(session, "chart", None)]
    found: dict[str, list[Stored]] = {name: [] for name in limits}
    for stored in _rows(session, statement, values):
        found[stored.type].append(stored)
    return found


def read_known(session: Session, references: Iterable[tuple[str, str]]) -> list[Stored]:
    """The current versions of known (type, id) pairs; those not there are left out."""
    wanted = sorted(set(references))
    if not wanted:
        return []
    statement = log.with_line(of_patient.known_statement(session.visibility))
    values = [
        [type_number(name) for name, _ in wanted],
        [fhir_id for _, fhir_id in wanted],
        *log.who(session, "read", None),
    ]
    found = _rows(session, statement, values)
    session.remember(found)
    return found


def find(session: Session, question: PersonQuestion, *, limit: int) -> list[tuple[Stored, float]]:
    """The patients that fit, best first, each with a score up to 1 (see ``store.people``)."""
    database = session.connection()
    likenesses = find_people(database, question, session.visibility, limit=limit)
    if not likenesses:
        return []
    statement = log.with_line(
        "select r.rid, r.rid as patient, r.type, r.fhir_id, r.version, r.seq, v.body"
        " from unnest(%s::bigint[]) w(rid) join store.resource r on r.rid = w.rid"
        " join store.version v on v.rid = r.rid and v.version = r.version"
        f" where not r.deleted and {session.visibility.sql('r')}"
    )
    values = [[found.rid for found in likenesses], *log.who(session, "search", "Patient")]
    by_rid = {stored.rid: stored for stored in _rows(session, statement, values)}
    return [(by_rid[f.rid], f.score) for f in likenesses if f.rid in by_rid]


def _rows(session: Session, statement: str, values: list[Any]) -> list[Stored]:
    rows = session.connection().execute(statement, values)
    found = [
        Stored(rid, type_name(number), fhir_id, version, seq, patient, body)
        for rid, patient, number, fhir_id, version, seq, body in rows
    ]
    session.remember(found)
    return redaction.shown(session, found, stand=True)
