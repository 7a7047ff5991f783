"""What is done to a medication list: each act makes its next number."""

from __future__ import annotations

from collections.abc import Sequence

from fellesjournal.care.medication.actions.prescribing import (
    alerts_of_choice,
    change_medicine,
    check,
    meet,
    prescribe,
    stop,
)
from fellesjournal.care.medication.actions.reconciling import Decision, Decisive, reconcile
from fellesjournal.care.medication.actions.renewing import (
    Unrenewable,
    check_renewal,
    renew,
    why_not,
)
from fellesjournal.care.medication.actions.standing import (
    PRESCRIBING_ROLES,
    Answers,
    Done,
    may_prescribe,
)
from fellesjournal.care.medication.actions.undoing import UNDO_SECONDS, may_undo, undo

__all__: Sequence[str] = [
    "PRESCRIBING_ROLES",
    "UNDO_SECONDS",
    "Answers",
    "Decision",
    "Decisive",
    "Done",
    "Unrenewable",
    "alerts_of_choice",
    "change_medicine",
    "check",
    "check_renewal",
    "may_prescribe",
    "may_undo",
    "meet",
    "prescribe",
    "reconcile",
    "renew",
    "stop",
    "undo",
    "why_not",
]
