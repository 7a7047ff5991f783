"""Where stays and referrals meet: a planned admission is what the patient has waited for.

The admission and the end of the wait (8445 code 1, care has begun) are one transaction: nobody
is both in the ward and on the waiting list, or neither.
"""

from __future__ import annotations

from datetime import datetime

from fellesjournal.access.sessions import Session
from fellesjournal.care.referrals.actions import Seen, end_wait
from fellesjournal.care.referrals.queries import referral_of
from fellesjournal.care.stays.actions import admit
from fellesjournal.care.stays.resources import Placing, Stay
from fellesjournal.foundation.database.connection import transaction

CARE_HAS_BEGUN = "1"
"""8445."""


def admit_to_ward(
    session: Session,
    *,
    patient: str,
    number: str,
    placing: Placing,
    reason: str,
    referral: str = "",
    at: datetime | None = None,
) -> Stay:
    """Admit a patient (an id), acute, or planned by a referral that waits at this unit.

    Raises what ``stays.admit`` and ``referrals.end_wait`` raise; then nothing stands of either.
    """
    with transaction():
        stay = admit(
            session,
            patient=patient,
            number=number,
            placing=placing,
            reason=reason,
            is_acute=not referral,
            referral=referral,
            at=at,
        )
        if referral:
            whole = referral_of(session, patient, referral)
            if whole.work is not None and whole.work.is_open:
                seen = Seen(whole.referral.version, whole.work.version)
                end_wait(session, referral_id=referral, seen=seen, code=CARE_HAS_BEGUN)
        return stay


__all__ = ["admit_to_ward"]
