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
