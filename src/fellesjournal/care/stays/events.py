"""What this package tells others. Each is about a patient and one stay of hers; home care,
medication and the notices to the municipality react.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fellesjournal.foundation.outbox.events import Event

ADMITTED = "admitted"
READY = "ready-for-discharge"
NOT_READY = "ready-withdrawn"
DISCHARGED = "discharged"
TAKEN_BACK = "admission-withdrawn"
"""A stay was registered by mistake."""

NOTICE_MADE = "stay-notice-made"
"""A unit is to be told of a stay; the Communication says what."""


def notice_made(notice: Mapping[str, Any], reference: str) -> Event:
    """A notice (``Communication/1``): who is told (``unit``) of which ``encounter``, as ``kind``
    (8279).
    """
    patient = notice["subject"]["reference"]
    facts = {
        "notice": reference,
        "patient": patient,
        "encounter": notice["encounter"]["reference"],
        "unit": notice["recipient"][0]["reference"],
        "sender": notice["sender"]["reference"],
        "kind": notice["category"][0]["coding"][0]["code"],
    }
    return Event(NOTICE_MADE, patient, facts)


def of_stay(name: str, patient: str, stay: str, **facts: str) -> Event:
    """Something about a stay (``Encounter/1``) of a patient (``Patient/1``)."""
    return Event(name, patient, {"patient": patient, "encounter": stay, **facts})


__all__ = [
    "ADMITTED", "DISCHARGED", "NOTICE_MADE", "NOT_READY", "READY", "TAKEN_BACK", "notice_made",
    "of_stay",
]  # fmt: skip
