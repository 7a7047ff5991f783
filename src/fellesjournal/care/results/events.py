"""What happens to results, told to others: ids only."""

from __future__ import annotations

from fellesjournal.foundation.outbox.events import Event

RECEIVED = "result-received"
"""A version of a report was written; told by the write path (``WRITTEN`` in config/wiring.py)."""
CHANGED_VALUE = "observation-changed"
"""A laboratory value was corrected or withdrawn by itself; told by the write path."""
STAFF_CHANGED = "staff-changed"
"""A role was written, or a time in it has come: told by the write path, and here for times to
come. Somebody who is not active any more is told as ``person-ended``, a unit as ``unit-closed``.
"""
DUE = "result-due"
"""The deadline of a result that awaits acknowledgement has come."""
ASSIGNED, ACKNOWLEDGED = "result-assigned", "result-acknowledged"


def result_event(name: str, patient: str, report: str) -> Event:
    """Something has happened to ``DiagnosticReport/report`` of ``Patient/x``."""
    return Event(name, patient, {"patient": patient, "report": f"DiagnosticReport/{report}"})


def due_event(task: str) -> Event:
    """The deadline of a Task. About nothing, so that it holds back no other message."""
    return Event(DUE, "", {"task": f"Task/{task}"})


def staff_event(role: str) -> Event:
    """A time in a role has come: an absence begins, or the role ends."""
    return Event(STAFF_CHANGED, "", {"resource": f"PractitionerRole/{role}"})


__all__ = [
    "ACKNOWLEDGED",
    "ASSIGNED",
    "CHANGED_VALUE",
    "DUE",
    "RECEIVED",
    "STAFF_CHANGED",
    "due_event",
    "result_event",
    "staff_event",
]
