"""What referrals tell other packages: ids only, in the transaction of what happened.

Facts of every event: ``patient`` (Patient/x), ``referral`` (ServiceRequest/x), ``task`` (Task/x),
``receiver`` and ``referring-unit``; ``to-patient`` and ``to-referrer`` (Communication/x) where
both are told; ``question`` (Task/x) when something is asked.
"""

from __future__ import annotations

from fellesjournal.care.referrals.resources import Referral
from fellesjournal.foundation.outbox.events import Event

SENT = "referral-sent"
CHANGED = "referral-changed"
ACCEPTED = "referral-accepted"
REJECTED = "referral-rejected"
RETURNED = "referral-returned"
ANSWERED = "referral-answered"
CANCELLED = "referral-cancelled"
CALLED_IN = "referral-called-in"
POSTPONED = "referral-postponed"
WAIT_ENDED = "referral-wait-ended"
OVERDUE = "referral-overdue"
NOTED = "referral-noted"
"""The receiver has said something of a referral that changes neither it nor where it stands."""
SET_ASIDE = "referral-message-set-aside"
"""{"document", "patient", "unit"}: a message came that changed nothing; somebody must read it."""


def set_aside(document: str, patient: str, unit: str) -> Event:
    """A message (``DocumentReference/1``) about a referral that is decided already."""
    return Event(SET_ASIDE, patient, {"document": document, "patient": patient, "unit": unit})


def event(name: str, referral: Referral, task: str, **more: str) -> Event:
    """An event about a referral; those about one patient keep their order."""
    facts = {
        "patient": referral.patient,
        "referral": referral.reference,
        "task": f"Task/{task}",
        "receiver": referral.receiver,
        "referring-unit": referral.referring_unit,
        **{key.replace("_", "-"): value for key, value in more.items()},
    }
    return Event(name, referral.patient, facts)
