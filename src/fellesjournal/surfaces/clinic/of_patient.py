"""Pages in a patient's record: whose it is is known before anything is shown or done."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fellesjournal.access.sessions import Session
from fellesjournal.care.citizens.queries import person_of
from fellesjournal.care.citizens.resources import Person
from fellesjournal.fhir.issues import FhirError
from fellesjournal.surfaces.clinic.access_views import closed, with_banner
from fellesjournal.surfaces.clinic.signed_in import access_session, staff_only
from fellesjournal.surfaces.unseen import is_unseen

PATIENT_FIELD = "patient"
"""The field of every form about a patient that says whose page it stood on (INV-44)."""

# Fields that are the form's own, not what somebody typed.
_OWN_FIELDS = frozenset({"csrfmiddlewaretoken", PATIENT_FIELD, "version", "do"})

Parameters = ParamSpec("Parameters")
RecordView = Callable[Concatenate[HttpRequest, Session, Person, Parameters], HttpResponse]


def of_patient(view: RecordView[Parameters]) -> Callable[..., HttpResponse]:
    """For staff, in a record that is open to them; the view is given session and patient.

    A form that was filled in on another patient's page is refused (409) and nothing of it is
    done; what was typed is shown, to be carried over by hand (INV-44).
    """

    @staff_only
    @wraps(view)
    def guarded(
        request: HttpRequest,
        /,
        patient_id: str,
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> HttpResponse:
        session = access_session(request)
        try:
            person = person_of(session, patient_id)
        except FhirError as error:
            if not is_unseen(error):
                raise
            return closed(request, patient_id)
        if request.method == "POST" and is_another(request, patient_id):
            return other_patient(request, session, person)
        return view(request, session, person, *args, **kwargs)

    return guarded


def is_another(request: HttpRequest, patient_id: str) -> bool:
    """Whether the form that was sent stood on somebody else's page, or does not say on whose."""
    return request.POST.get(PATIENT_FIELD) != patient_id


def another_patient(request: HttpRequest, patient_id: str) -> HttpResponse:
    """As :func:`other_patient`, for views that open the record themselves."""
    session = access_session(request)
    try:
        person = person_of(session, patient_id)
    except FhirError as error:
        if not is_unseen(error):
            raise
        return closed(request, patient_id)
    return other_patient(request, session, person)


def other_patient(request: HttpRequest, session: Session, person: Person) -> HttpResponse:
    """409: what was sent is about somebody else than this page. Nothing was done."""
    typed = [
        value
        for name, values in request.POST.lists()
        if name not in _OWN_FIELDS and not name.startswith("base-")
        for value in values
        if value.strip()
    ]
    context = {**with_banner(session, person), "typed": typed}
    return render(request, "clinic/other_patient.html", context, status=409)


__all__ = ["PATIENT_FIELD", "another_patient", "is_another", "of_patient", "other_patient"]
