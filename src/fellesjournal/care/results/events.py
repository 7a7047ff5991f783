"""What happens to results, told to others: ids only."""

from __future__ import annotations

from fellesjournal.foundation.outbox.events import Event

RECEIVED = "result-received"
"""A version of a report was written; told by the write path (``WRITTEN`` in config/wiring.py)."""
CHANGED_VALUE = "observation-changed"
"""A laboratory value was corrected or withdrawn by itself; told by the write path."""
ASSIGNED, ACKNOWLEDGED = "result-assigned", "result-acknowledged"


def result_event(name: str, patient: str, report: str) -> Event:
    """Something has happened to ``DiagnosticReport/report`` of ``Patient/x``."""
    return Event(name, patient, {"patient": patient, "report": f"DiagnosticReport/{report}"})


__all__ = ["ACKNOWLEDGED", "ASSIGNED", "CHANGED_VALUE", "RECEIVED", "result_event"]
