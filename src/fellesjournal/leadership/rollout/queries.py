"""Reading the rollout for pages: what was saved, or what was published while nobody has saved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

import orjson

from fellesjournal.access import patients
from fellesjournal.access.sessions import Session
from fellesjournal.fhir import reading
from fellesjournal.leadership.documents.queries import find
from fellesjournal.leadership.documents.settings import values_on
from fellesjournal.leadership.rollout.assumptions import ASSUMPTIONS, Assumptions, assumed
from fellesjournal.leadership.rollout.fixtures import published_programme, readiness_data
from fellesjournal.leadership.rollout.programme import Programme
from fellesjournal.leadership.rollout.readiness import Gate, gates_of
from fellesjournal.leadership.rollout.resources import (
    CONCERNS,
    MIGRATION,
    PROGRAMME,
    READINESS,
    THE_PROGRAMME,
    TICKETS,
    Concerns,
    Migration,
    Readiness,
    TicketLog,
)
from fellesjournal.leadership.rollout.trials import gate_blockers

Body = TypeVar("Body")


@dataclass(frozen=True, slots=True)
class Seen(Generic[Body]):
    """A body and the version it is of; 0 while nothing was saved."""

    body: Body
    version: int


def programme(session: Session) -> Seen[Programme]:
    """The programme that stands; as published while nobody has saved one."""
    found = find(session, PROGRAMME, THE_PROGRAMME)
    return Seen(published_programme(), 0) if found is None else Seen(found.body, found.version)


def readiness(session: Session, actor: str) -> Seen[Readiness]:
    """What was shown for the gates of an organisation."""
    found = find(session, READINESS, actor)
    return Seen(Readiness(), 0) if found is None else Seen(found.body, found.version)


def gates(programme: Programme, actor: str, shown: Readiness) -> tuple[Gate, ...]:
    """The gates of an organisation as they stand; none without a plan."""
    plan = programme.plan(actor)
    if plan is None:
        return ()
    go_live = plan.go_live(programme.wave(plan.wave))
    return gates_of(go_live, readiness_data().criteria, shown.checks, gate_blockers(shown.runs))


def concerns(session: Session, actor: str) -> Seen[Concerns]:
    """The risks of an organisation's plan, and whom it concerns."""
    found = find(session, CONCERNS, actor)
    return Seen(Concerns(), 0) if found is None else Seen(found.body, found.version)


def migration(session: Session, actor: str) -> Seen[Migration]:
    """What was moved from the old systems of an organisation."""
    found = find(session, MIGRATION, actor)
    return Seen(Migration(), 0) if found is None else Seen(found.body, found.version)


def tickets(session: Session, actor: str) -> Seen[TicketLog | None]:
    """The tickets of an organisation day by day; None while nobody has counted."""
    found = find(session, TICKETS, actor)
    return Seen(None, 0) if found is None else Seen(found.body, found.version)


def name_of(session: Session, reference: str) -> str:
    """What somebody who signed is called; nothing for one who is not known."""
    kind, _, key = reference.partition("/")
    found = patients.read_known(session, [(kind, key)]) if key else []
    return next(
        (reading.name_text(orjson.loads(each.body or b"{}").get("name")) for each in found), ""
    )


def assumptions(session: Session, day: date) -> Assumptions:
    """What is assumed of the rollout on a day."""
    return assumed(values_on(session, ASSUMPTIONS, day))


__all__ = [
    "Seen",
    "assumptions",
    "concerns",
    "migration",
    "name_of",
    "programme",
    "readiness",
    "tickets",
]
