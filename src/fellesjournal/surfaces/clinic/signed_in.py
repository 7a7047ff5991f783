"""Who is signed in to the clinic's pages.

A stand-in until identity is built: whoever opens the sign-in page chooses one of the demo's
staff, without a password. Every page says so.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from fellesjournal.access.sessions import Session, staff_session
from fellesjournal.demo.cast_staff import STAFF, StaffMember

_KEY = "clinician"
_RECENT = "recent-patients"
_QUESTION = "patient-question"
_RECENT_KEPT = 8

Parameters = ParamSpec("Parameters")
View = Callable[Concatenate[HttpRequest, Parameters], HttpResponse]


def clinician(request: HttpRequest) -> StaffMember | None:
    """The member of staff signed in, if any."""
    chosen = request.session.get(_KEY)
    return next((member for member in STAFF if member.id == chosen), None)


def sign_in(request: HttpRequest, staff_id: str) -> bool:
    """Begin a session as a member of staff; False for an unknown one."""
    if all(member.id != staff_id for member in STAFF):
        return False
    request.session.flush()
    request.session[_KEY] = staff_id
    return True


def sign_out(request: HttpRequest) -> None:
    """End the session and forget all in it."""
    request.session.flush()


def access_session(request: HttpRequest) -> Session:
    """The session every read and write of the record is made with."""
    member = clinician(request)
    assert member is not None  # views are behind `staff_only`
    return staff_session(
        practitioner=f"Practitioner/{member.id}",
        role=member.role,
        unit=f"Organization/{member.unit_id}",
    )


def remember_question(request: HttpRequest, question: str) -> None:
    """Keep what was last searched for, until the session ends."""
    request.session[_QUESTION] = question


def last_question(request: HttpRequest) -> str:
    """What was last searched for; empty at first."""
    return str(request.session.get(_QUESTION, ""))


def staff_only(view: View[Parameters]) -> View[Parameters]:
    """Send whoever is not signed in to the sign-in page, and back afterwards."""

    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> HttpResponse:
        if clinician(request) is None:
            query = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse('sign-in')}?{query}")
        return view(request, *args, **kwargs)

    return guarded


def remember_patient(request: HttpRequest, patient_id: str) -> None:
    """Put a patient first among those opened most recently in this session."""
    kept = [other for other in recent_patients(request) if other != patient_id]
    request.session[_RECENT] = [patient_id, *kept][:_RECENT_KEPT]


def recent_patients(request: HttpRequest) -> list[str]:
    """Ids of the patients opened in this session, latest first."""
    kept = request.session.get(_RECENT, [])
    return [entry for entry in kept if isinstance(entry, str)]


def context(request: HttpRequest) -> dict[str, Any]:
    """For every template: ``clinician``."""
    return {"clinician": clinician(request) if hasattr(request, "session") else None}
