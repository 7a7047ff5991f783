"""Whose plan it is: a coordinator plans for her own unit and those below it, and for nobody else."""

from __future__ import annotations

from dataclasses import dataclass

from fellesjournal.access.directory.rules import is_within, leads_up_to
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotAllowed
from fellesjournal.leadership.benefits.resources import REALISING, TAKING_PART
from fellesjournal.leadership.documents.policies import has_duty


def may_realise(session: Session) -> bool:
    """Whether she coordinates benefits, somewhere."""
    return has_duty(session, REALISING)


def must_realise(session: Session) -> None:
    """Raises NotAllowed for who does not coordinate benefits."""
    if not may_realise(session):
        raise NotAllowed("who coordinates benefits does this", code="forbidden")


def may_plan(session: Session, unit: str) -> bool:
    """Whether she coordinates the benefits of a unit (``Organization/x``)."""
    if session.is_unbounded:
        return True
    return may_realise(session) and is_within(session.connection(), unit)


def must_plan(session: Session, unit: str) -> None:
    """Raises NotAllowed unless :func:`may_plan`."""
    if not may_plan(session, unit):
        raise NotAllowed("the plan is another unit's", code="forbidden")


@dataclass(frozen=True, slots=True)
class Part:
    """What somebody may do with the workshop of a unit: fill in its worksheet, count rows in the plan."""

    may_write: bool
    may_plan: bool


def part_in(session: Session, unit: str) -> Part:
    """Her part: she writes who works in the unit, below or above; she plans who coordinates there."""
    if session.is_unbounded:
        return Part(may_write=True, may_plan=True)
    database = session.connection()
    within = is_within(database, unit)
    takes_part = has_duty(session, TAKING_PART) and (within or leads_up_to(database, unit))
    return Part(may_write=takes_part, may_plan=within and may_realise(session))


__all__ = ["Part", "may_plan", "may_realise", "must_plan", "must_realise", "part_in"]
