"""What happens to requests for renewal, told to others: ids only."""

from __future__ import annotations

from fellesjournal.foundation.outbox.events import Event

ASKED = "renewal-asked"
"""A request was written; told by the write path (``WRITTEN`` in config/wiring.py)."""
DUE = "renewal-due"
"""{"task"}: the deadline of a request has come."""


def due_event(task: str) -> Event:
    """The deadline of a Task. About nothing, so that it holds back no other message."""
    return Event(DUE, "", {"task": f"Task/{task}"})


__all__ = ["ASKED", "DUE", "due_event"]
