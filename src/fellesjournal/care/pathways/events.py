"""What this package tells: its own job opens the steps whose turn it is."""

from __future__ import annotations

from fellesjournal.foundation.outbox.events import Event

APPLIED = "pathway-applied"
STEP_ENDED = "pathway-step-ended"


def applied(patient: str, plan: str) -> Event:
    """A patient (``Patient/1``) follows a pathway from now on, by this plan (``CarePlan/1``)."""
    return Event(APPLIED, patient, {"patient": patient, "plan": plan})


def step_ended(patient: str, plan: str, step: str) -> Event:
    """A step (``Task/1``) of a plan has ended, done or left out."""
    return Event(STEP_ENDED, patient, {"patient": patient, "plan": plan, "step": step})


__all__ = ["APPLIED", "STEP_ENDED", "applied", "step_ended"]
