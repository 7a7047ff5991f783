"""What happens to requisitions, told to others: ids only."""

from __future__ import annotations

from fellesjournal.foundation.outbox.events import Event

SENT, CHANGED, CANCELLED = "requisition-sent", "requisition-changed", "requisition-cancelled"


def requisition_event(name: str, patient: str, number: str) -> Event:
    """Something has happened to the requisition ``number`` of ``Patient/x``."""
    return Event(name, patient, {"patient": patient, "requisition": number})


__all__ = ["CANCELLED", "CHANGED", "SENT", "requisition_event"]
