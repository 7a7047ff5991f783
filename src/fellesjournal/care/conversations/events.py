"""What happens to conversations, told to others: ids only."""

from __future__ import annotations

from collections.abc import Iterable

from fellesjournal.foundation.outbox.events import Event

WRITTEN = "message-written"
"""A citizen's message was written; told by the write path (``WRITTEN`` in config/wiring.py)."""
DUE = "message-due"
"""{"task"}: the deadline of a conversation that awaits an answer has come."""
READ = "message-read"
"""{"messages", "person"}: answers were opened by the citizen or by who acts for her."""
ANSWERED = "message-answered"
"""{"patient", "conversation"}: a unit has answered."""
HANDLED = "message-handled"
"""{"patient", "task"}: who handles a conversation, or how it stands, is another."""


def due_event(task: str) -> Event:
    """The deadline of a Task. About nothing, so that it holds back no other message."""
    return Event(DUE, "", {"task": f"Task/{task}"})


def read_event(patient: str, messages: Iterable[str], person: str) -> Event:
    """Answers (ids) were opened by a person (``Patient/1``)."""
    return Event(READ, patient, {"messages": ",".join(messages), "person": person})


def answered_event(patient: str, conversation: str) -> Event:
    """A unit has answered."""
    facts = {"patient": patient, "conversation": f"Communication/{conversation}"}
    return Event(ANSWERED, patient, facts)


def handled_event(patient: str, task: str) -> Event:
    """Somebody has taken it, handed it on or ended it."""
    return Event(HANDLED, patient, {"patient": patient, "task": f"Task/{task}"})


__all__ = [
    "ANSWERED", "DUE", "HANDLED", "READ", "WRITTEN", "answered_event", "due_event",
    "handled_event", "read_event",
]  # fmt: skip
