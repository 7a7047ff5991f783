"""What the clinic's pages keep in the browser's session: the patients opened, the last question.

Who is signed in is asked of ``surfaces.signing_in``; the names are passed on from here.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest

from fellesjournal.access.look_up import LookedUp
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
    "draft_of",
    "forget_draft",
    "last_question",
    "looked_up",
    "recent_patients",
    "remember_draft",
    "remember_looked_up",
    "remember_patient",
    "remember_question",
    "requires_step_up",
    "signed_in",
    "staff_only",
]

_RECENT = "recent-patients"
_QUESTION = "patient-question"
_LOOKED_UP = "looked-up"
_DRAFT = "note-being-written"
_RECENT_KEPT = 8
_LOOKED_UP_KEPT = 20


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


def remember_draft(request: HttpRequest, patient_id: str, note_id: str) -> None:
    """Keep which note is being written, so that other pages of this patient lead back to it."""
    if request.session.get(_DRAFT) != [patient_id, note_id]:
        request.session[_DRAFT] = [patient_id, note_id]


def forget_draft(request: HttpRequest, note_id: str) -> None:
    """The note is signed or given up: nothing leads back to it."""
    if request.session.get(_DRAFT, ["", ""])[1] == note_id:
        del request.session[_DRAFT]


def draft_of(request: HttpRequest, patient_id: str) -> str:
    """The id of the note that is being written about this patient; "" when none is."""
    kept_patient, note_id = request.session.get(_DRAFT, ["", ""])
    return str(note_id) if kept_patient == patient_id else ""


def remember_looked_up(request: HttpRequest, found: Iterable[LookedUp]) -> None:
    """Keep who was found with a closed record: emergency access begins with knowing whom."""
    kept = dict(request.session.get(_LOOKED_UP, {}))
    kept |= {person.id: [person.name, person.birth_year] for person in found}
    request.session[_LOOKED_UP] = dict(list(kept.items())[-_LOOKED_UP_KEPT:])


def looked_up(request: HttpRequest, patient_id: str) -> LookedUp | None:
    """Somebody found with a closed record in this session."""
    kept = request.session.get(_LOOKED_UP, {}).get(patient_id)
    return None if kept is None else LookedUp(patient_id, *kept)
