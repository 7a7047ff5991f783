"""Whose plan it is: a coordinator plans for her own unit and those below it, and for nobody else."""

from __future__ import annotations

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


def may_take_part(session: Session, unit: str) -> bool:
    """Whether she may fill in the worksheet of a unit's workshop: she works in it, below or above."""
    if session.is_unbounded:
        return True
    database = session.connection()
    return has_duty(session, TAKING_PART) and (
        is_within(database, unit) or leads_up_to(database, unit)
    )


__all__ = ["may_plan", "may_realise", "may_take_part", "must_plan", "must_realise"]
