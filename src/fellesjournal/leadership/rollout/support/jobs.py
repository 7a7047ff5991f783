"""What the clock does about reports of problems; see config/wiring.py."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound, PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.rollout.support import queries, rules
from fellesjournal.leadership.rollout.support.resources import SUPPORT_TICKETS
from fellesjournal.leadership.rollout.support.staffing import still_helps


def due(session: Session, payload: Mapping[str, str]) -> None:
    """On ``ticket-due``: what nobody has closed in time is shown first to all who help."""
    with suppress(NotFound):
        _rise(session, payload["key"])


def staff_changed(session: Session, _payload: Mapping[str, str]) -> None:
    """On ``staff-changed`` and ``person-ended``: what somebody had who helps no more is the others'."""
    for owner, keys in queries.taken_keys(session).items():
        if not still_helps(session, owner):
            for key in keys:
                with suppress(PreconditionFailed):  # somebody works on it just now
                    _give_back(session, key, owner)


def tend(session: Session) -> None:
    """Of the clock: a net below the events. What is late has risen, and what is taken is with somebody
    who helps and is at work.
    """
    staff_changed(session, {})
    for key in queries.late_keys(session):
        with suppress(PreconditionFailed):  # at the next turn
            _rise(session, key)


def _give_back(session: Session, key: str, owner: str) -> None:
    filed = queries.ticket_of(session, key)
    if filed.ticket.closed is None and filed.ticket.owner == owner:
        after = rules.given_back(filed.ticket)
        save(session, SUPPORT_TICKETS, key=key, body=after, seen=filed.version, reason="has left")


def _rise(session: Session, key: str) -> None:
    filed = queries.ticket_of(session, key)
    after = rules.risen(filed.ticket, clock.now())
    if after != filed.ticket:
        save(session, SUPPORT_TICKETS, key=key, body=after, seen=filed.version, reason="late")


__all__ = ["due", "staff_changed", "tend"]
