"""What the clinic's pages keep in the browser's session: the patients opened, the last question.

Who is signed in is asked of ``surfaces.signing_in``; the names are passed on from here.
"""

from __future__ import annotations

from django.http import HttpRequest

from fellesjournal.surfaces.signing_in.signed_in import (
    SignedIn,
    access_session,
    requires_step_up,
    signed_in,
    staff_only,
)

__all__ = [
    "SignedIn",
    "access_session",
    "last_question",
    "recent_patients",
    "remember_patient",
    "remember_question",
    "requires_step_up",
    "signed_in",
    "staff_only",
]

_RECENT = "recent-patients"
_QUESTION = "patient-question"
_RECENT_KEPT = 8


def remember_question(request: HttpRequest, question: str) -> None:
    """Keep what was last searched for, until the session ends."""
    request.session[_QUESTION] = question


def last_question(request: HttpRequest) -> str:
    """What was last searched for; empty at first."""
    return str(request.session.get(_QUESTION, ""))


def remember_patient(request: HttpRequest, patient_id: str) -> None:
    """Put a patient first among those opened most recently in this session."""
    kept = [other for other in recent_patients(request) if other != patient_id]
    request.session[_RECENT] = [patient_id, *kept][:_RECENT_KEPT]


def recent_patients(request: HttpRequest) -> list[str]:
    """Ids of the patients opened in this session, latest first."""
    kept = request.session.get(_RECENT, [])
    return [entry for entry in kept if isinstance(entry, str)]
