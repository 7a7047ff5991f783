"""What this package tells others. Each is about a patient and one stay of hers; home care,
medication and the notices to the municipality react.
"""

from __future__ import annotations

from fellesjournal.foundation.outbox.events import Event

ADMITTED = "admitted"
READY = "ready-for-discharge"
NOT_READY = "ready-withdrawn"
DISCHARGED = "discharged"
TAKEN_BACK = "admission-withdrawn"
"""A stay was registered by mistake."""


def of_stay(name: str, patient: str, stay: str, **facts: str) -> Event:
    """Something about a stay (``Encounter/1``) of a patient (``Patient/1``)."""
    return Event(name, patient, {"patient": patient, "encounter": stay, **facts})


__all__ = ["ADMITTED", "DISCHARGED", "NOT_READY", "READY", "TAKEN_BACK", "of_stay"]
