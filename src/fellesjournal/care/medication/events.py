"""What this package tells of."""

from __future__ import annotations

from collections.abc import Iterable

from fellesjournal.foundation.outbox.events import Event

LIST_CHANGED = "medication-list-changed"


def list_changed(
    patient: str, medication_list: str, number: int, *, added: Iterable[str], removed: Iterable[str]
) -> Event:
    """The list of a patient (Patient/1) has a new number. ``added`` and ``removed`` are
    references (MedicationRequest/1) separated by spaces in the facts.
    """
    facts = {
        "patient": patient,
        "list": medication_list,
        "number": str(number),
        "added": " ".join(added),
        "removed": " ".join(removed),
    }
    return Event(LIST_CHANGED, patient, facts)


__all__ = ["LIST_CHANGED", "list_changed"]
