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


def due(session: Session, payload: Mapping[str, str]) -> None:
    """On ``ticket-due``: what nobody has closed in time is shown first to all who help."""
    with suppress(NotFound):
        _rise(session, payload["key"])


def tend(session: Session) -> None:
    """Of the clock: a net below the events. What is late has risen."""
    for key in queries.late_keys(session):
        with suppress(PreconditionFailed):  # somebody works on it just now: at the next turn
            _rise(session, key)


def _rise(session: Session, key: str) -> None:
    filed = queries.ticket_of(session, key)
    after = rules.risen(filed.ticket, clock.now())
    if after != filed.ticket:
        save(session, SUPPORT_TICKETS, key=key, body=after, seen=filed.version, reason="late")


__all__ = ["due", "tend"]
