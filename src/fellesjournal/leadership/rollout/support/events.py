"""What is told of reports of problems."""

from __future__ import annotations

from fellesjournal.foundation.outbox.events import Event

TICKET_DUE = "ticket-due"
"""Its deadline is here; facts: key. Published when it begins, not before its deadline is."""


def due_event(key: str) -> Event:
    """The deadline of a report."""
    return Event(TICKET_DUE, f"support-ticket/{key}", {"key": key})


__all__ = ["TICKET_DUE", "due_event"]
