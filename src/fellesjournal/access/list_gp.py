"""Where the GP whose list a citizen is on works: the address of what is sent to the GP."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
import psycopg

from fellesjournal.access.policy.roles import STAFF_ROLE_SYSTEM, role_of
from fellesjournal.access.relations.elements import period_of
from fellesjournal.access.sessions import Session
from fellesjournal.fhir import reading
from fellesjournal.fhir.definitions import type_number
from fellesjournal.foundation import clock

_MOST_ROLES = 50
_BODY = (
    "select v.body from store.resource r join store.version v on v.rid = r.rid"
    " and v.version = r.version where r.type = %s and r.fhir_id = %s and not r.deleted"
)
_ROLES = (
    "select v.body from store.resource p join access.employment e on e.practitioner = p.rid"
    " join store.resource r on r.rid = e.source"
    " join store.version v on v.rid = r.rid and v.version = r.version"
    " where p.type = %s and p.fhir_id = %s and not r.deleted order by r.fhir_id limit %s"
)

Json = Mapping[str, Any]


def gp_offices(session: Session, patient: str) -> tuple[str, ...]:
    """The units of the list GP of a patient (``Patient/1``), as ``Organization/2``; () without one.

    A role that has ended, or that is not a doctor's, is no address. Which unit it is stands in
    the directory, which is open to all staff, so that this opens nothing of the record.
    """
    database = session.connection()
    data = body_of(database, patient)
    listed = reading.elements((data or {}).get("generalPractitioner"))
    found = [unit for each in listed for unit in _units(database, reading.reference_target(each))]
    return tuple(dict.fromkeys(found))


def body_of(database: psycopg.Connection[Any], reference: str) -> Json | None:
    """What stands under a reference, for what the platform itself works out from it."""
    kind, _, fhir_id = reference.partition("/")
    row = database.execute(_BODY, [type_number(kind), fhir_id]).fetchone()
    return None if row is None or row[0] is None else orjson.loads(row[0])


def _units(database: psycopg.Connection[Any], reference: str) -> Iterator[str]:
    kind = reference.partition("/")[0]
    if kind == "Organization":
        found = body_of(database, reference)
        if found is not None and found.get("active") is not False:
            yield reference
    elif kind == "PractitionerRole":
        yield from _unit_of(body_of(database, reference))
    elif kind == "Practitioner":
        fhir_id = reference.partition("/")[2]
        for (body,) in database.execute(_ROLES, [type_number(kind), fhir_id, _MOST_ROLES]):
            yield from _unit_of(orjson.loads(body))


def _unit_of(role: Json | None) -> Iterator[str]:
    if role is None or role.get("active") is False:
        return
    doctors = (
        found.code == "doctor"
        for concept in reading.elements(role.get("code"))
        for system, code, _ in reading.codings(concept)
        if system == STAFF_ROLE_SYSTEM and (found := role_of(code)) is not None
    )
    try:
        ends = period_of(role).ends
    except ValueError:
        return
    if any(doctors) and (ends is None or ends > clock.now()):
        unit = reading.reference_target(role.get("organization"))
        if unit:
            yield unit


__all__ = ["body_of", "gp_offices"]
