"""What this package tells others."""

from __future__ import annotations

from fellesjournal.foundation.outbox.events import Event

ENDED = "emergency-contact-ended"
"""The contact is over, by an outcome: the GP is told (norway.md 12.4)."""


def of_contact(name: str, patient: str, contact: str, unit: str, **facts: str) -> Event:
    """Something about a contact (``Encounter/1``) of a patient (``Patient/1``) at a unit."""
    given = {"patient": patient, "encounter": contact, "unit": unit, **facts}
    return Event(name, patient, given)


__all__ = ["ENDED", "of_contact"]
