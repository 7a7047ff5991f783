"""Whether somebody has a record here, before emergency access to it.

Only for roles that may break the glass, only for one who is named in full, and no more than
name and birth year: enough to be sure of the person, nothing of the record. Each look-up
leaves a line that the citizen can read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import psycopg

from fellesjournal.access import log
from fellesjournal.access.openings import may_break_glass
from fellesjournal.access.patients import PersonQuestion
from fellesjournal.access.sessions import Session, system_session
from fellesjournal.fhir import bodies, reading
from fellesjournal.fhir.text import normalised
from fellesjournal.store.people import find_people
from fellesjournal.store.visibility import EVERYTHING

_REGISTER = system_session("system:look-up", purpose="HOPERAT")
_NUMBER = re.compile(r"\d{11}", re.ASCII)
_LONGEST_DAY = 25 * 3600 * 1_000_000
_MOST = 5


@dataclass(frozen=True, slots=True)
class LookedUp:
    """Somebody whose record is closed to who asks. ``birth_year`` is "" when not known."""

    id: str
    name: str
    birth_year: str


def is_full(question: PersonQuestion) -> bool:
    """Whether a question names one person: by the whole number, or by name and birth date."""
    if _NUMBER.fullmatch(question.number):
        return True
    born = question.born
    return born is not None and born[1] - born[0] <= _LONGEST_DAY and len(question.words) > 1


def look_up(session: Session, question: PersonQuestion) -> list[LookedUp]:
    """Those whom a full question fits and whose record is closed to this session.

    [] for a role that may not break the glass, and for a question that is not full.
    """
    if not may_break_glass(session) or not is_full(question):
        return []
    found = _candidates(_REGISTER.connection(), question)
    database = session.connection()
    open_rids = {
        rid
        for (rid,) in database.execute(
            "select r.rid from store.resource r where r.rid = any(%s::bigint[]) and "
            + session.visibility.sql("r"),
            [[rid for rid, _ in found]],
        )
    }
    closed = [(rid, person) for rid, person in found if rid not in open_rids]
    log.line(database, session, "look_up", "Patient", [(rid, rid) for rid, _ in closed])
    return [person for _, person in closed]


def _candidates(
    database: psycopg.Connection[Any], question: PersonQuestion
) -> list[tuple[int, LookedUp]]:
    """As the platform: those who are exactly who was asked for, with their numbers."""
    likely = [like.rid for like in find_people(database, question, EVERYTHING, limit=_MOST)]
    rows = database.execute(
        "select r.rid, r.fhir_id, v.body from store.resource r"
        " join store.version v on v.rid = r.rid and v.version = r.version"
        " where r.rid = any(%s::bigint[]) and not r.deleted and v.body is not null",
        [likely],
    )
    found = []
    for rid, fhir_id, body in rows:
        patient = bodies.parse(body).data
        if _is_meant(patient, question) and not _is_replaced(patient):
            person = LookedUp(
                fhir_id,
                reading.name_text(patient.get("name")),
                reading.string(patient.get("birthDate"))[:4],
            )
            found.append((rid, person))
    return found


def _is_meant(patient: dict[str, Any], question: PersonQuestion) -> bool:
    """Names as they are written: the first given name and the family name, no beginnings."""
    if not question.words:
        return True
    asked = {normalised(word) for word in question.words}
    for name in reading.elements(patient.get("name")):
        parts = normalised(reading.name_text([name])).split()
        family = set(normalised(reading.string(name.get("family"))).split()) or set(parts[-1:])
        if asked <= {*parts, *family} and asked & family and parts[0] in asked:
            return True
    return False


def _is_replaced(patient: dict[str, Any]) -> bool:
    return any(link.get("type") == "replaced-by" for link in reading.elements(patient.get("link")))


__all__ = ["LookedUp", "is_full", "look_up"]
