"""The duty to sign a note, as a Task its author owns (norway.md section 9 L9).

It lets her reach the note until she has signed, also when what tied her to the patient is over.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from fellesjournal.access.relations.derive import TASK_SYSTEM
from fellesjournal.care.notes.resources import Person

SIGN_NOTE = f"{TASK_SYSTEM}|sign-note"
SIGN_WITHIN = timedelta(days=1)
"""Assumption (configurable, this is the place): L9 says "without undue delay" and names no time."""


def task_to_sign(note: str, *, patient: str, owner: Person, at: datetime) -> dict[str, Any]:
    """The task; ``note`` is how the note is referred to, ``patient`` an id."""
    return {
        "resourceType": "Task",
        "status": "accepted",
        "intent": "order",
        "code": {
            "coding": [{"system": TASK_SYSTEM, "code": "sign-note", "display": "Signere notat"}]
        },
        "focus": {"reference": note},
        "for": {"reference": f"Patient/{patient}"},
        "authoredOn": at.isoformat(timespec="seconds"),
        "requester": owner.as_json(),
        "owner": owner.as_json(),
        "restriction": {"period": {"end": (at + SIGN_WITHIN).isoformat(timespec="seconds")}},
    }


def with_status(task: dict[str, Any], status: str) -> dict[str, Any]:
    """The task with another status."""
    return {**task, "status": status}


__all__ = ["SIGN_NOTE", "SIGN_WITHIN", "task_to_sign", "with_status"]
