"""What happens to requests for renewal, told to others: ids only."""

from __future__ import annotations

from collections.abc import Iterable

from fellesjournal.foundation.outbox.events import Event

ASKED = "renewal-asked"
"""A request was written; told by the write path (``WRITTEN`` in config/wiring.py)."""
DUE = "renewal-due"
"""{"task"}: the deadline of a request has come."""
READ = "renewal-read"
"""{"answers", "person"}: answers were seen by the citizen or by who acts for her."""


def due_event(task: str) -> Event:
    """The deadline of a Task. About nothing, so that it holds back no other message."""
    return Event(DUE, "", {"task": f"Task/{task}"})


def read_event(patient: str, answers: Iterable[str], person: str) -> Event:
    """Answers (ids) were seen by a person (``Patient/1``)."""
    return Event(READ, patient, {"answers": ",".join(answers), "person": person})


__all__ = ["ASKED", "DUE", "READ", "due_event", "read_event"]
