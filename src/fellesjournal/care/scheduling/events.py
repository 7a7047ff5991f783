"""What this package tells others. Payload: ids only."""

from __future__ import annotations

from typing import Any

from fellesjournal.access import booked
from fellesjournal.foundation.outbox.events import Event

APPOINTMENT_BOOKED = "appointment-booked"
APPOINTMENT_MOVED = "appointment-moved"
APPOINTMENT_CANCELLED = "appointment-cancelled"
APPOINTMENT_MISSED = "appointment-missed"


def about(name: str, appointment: dict[str, Any], fhir_id: str) -> Event:
    """An event about one appointment, in the order of its patient's."""
    patient = booked.patient_of(appointment)
    return Event(name, patient, {"patient": patient, "appointment": f"Appointment/{fhir_id}"})
