"""What happens to readings, told to others: ids only."""

from __future__ import annotations

from fellesjournal.foundation.outbox.events import Event

WRITTEN = "own-reading-written"
"""A version of a reading was written; told by the write path (``WRITTEN`` in config/wiring.py)."""
DUE = "own-reading-due"
"""The deadline of a Task about readings has come."""


def due_event(task: str) -> Event:
    """The deadline of a Task. About nothing, so that it holds back no other message."""
    return Event(DUE, "", {"task": f"Task/{task}"})


__all__ = ["DUE", "WRITTEN", "due_event"]
