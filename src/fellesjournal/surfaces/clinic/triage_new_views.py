"""A call, or somebody at the desk: taken in to the out-of-hours clinic, whose record may be closed."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from fellesjournal.access.emergency_contacts import may_take
from fellesjournal.access.list_gp import gp_offices
from fellesjournal.access.look_up import LookedUp
from fellesjournal.access.sessions import Session
from fellesjournal.care.citizens.queries import person_of
from fellesjournal.care.citizens.resources import Person
from fellesjournal.care.triage import actions
from fellesjournal.care.triage.codes import Urgency
from fellesjournal.care.triage.queries import open_contact, scale_at
from fellesjournal.care.triage.refusals import ContactRefused, Why
from fellesjournal.care.triage.resources import Contact
from fellesjournal.fhir.issues import FhirError
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.surfaces.clinic.access_views import closed, with_banner
from fellesjournal.surfaces.clinic.of_patient import is_another, other_patient
from fellesjournal.surfaces.clinic.signed_in import access_session, looked_up, staff_only
from fellesjournal.surfaces.clinic.triage_forms import NewContactForm
from fellesjournal.surfaces.clinic.triage_words import REFUSALS
from fellesjournal.surfaces.unseen import is_unseen


@require_http_methods(["GET", "POST"])
@staff_only
def new(request: HttpRequest, patient_id: str) -> HttpResponse:
    """Take somebody in. Her record may be closed: then she was looked up in this session, as for
    emergency access; nobody takes in an address.
    """
    session = access_session(request)
    person = _person(session, patient_id)
    known = looked_up(request, patient_id)
    if not may_take(session) or (person is None and known is None):
        return closed(request, patient_id) if person is None else redirect("chart", patient_id)
    scale = scale_at(session, session.unit)
    if request.method != "POST":
        there = None if person is None else open_contact(session, patient_id)
        if there is not None:
            return redirect("triage-contact", patient_id=patient_id, contact_id=there.id)
        initial = {"patient": patient_id, "number": str(uuid.uuid4())}
        return _page(request, session, person, known, NewContactForm(scale, initial=initial))
    if is_another(request, patient_id):
        return closed(request, patient_id) if person is None else other_patient(
            request, session, person
        )  # fmt: skip
    form = NewContactForm(scale, request.POST)
    if not form.is_valid():
        return _page(request, session, person, known, form, status=422)
    try:
        made = _take_in(session, patient_id, form)
    except ContactRefused as refused:
        messages.warning(request, str(REFUSALS[refused.why]))
        if refused.why is Why.ALREADY_WAITS:
            return redirect("triage-contact", patient_id=patient_id, contact_id=refused.contact)
        return _page(request, session, person, known, form, status=409)
    except FhirError as error:
        if not is_unseen(error):
            raise
        return closed(request, patient_id)
    if made.is_open:
        messages.success(request, gettext("On the board."))
        return redirect("triage-board")
    messages.success(request, _told(session, made))
    return redirect("triage-contact", patient_id=patient_id, contact_id=made.id)


def _take_in(session: Session, patient_id: str, form: NewContactForm) -> Contact:
    """Taken in, and ended at once where the call is over; both, or neither."""
    said = form.cleaned_data
    with transaction():
        made = actions.register(
            session, patient=patient_id, number=str(said["number"]), way=form.way,
            urgency=Urgency(said["urgency"]), reason=said["reason"], words=said["words"],
        )  # fmt: skip
        if form.outcome and made.is_open:
            made = actions.end(
                session, patient=patient_id, contact_id=made.id, seen=made.version,
                outcome=form.outcome, words=said["words"],
            )  # fmt: skip
    return made


def _told(session: Session, contact: Contact) -> str:
    if gp_offices(session, contact.patient):
        return gettext("The contact is ended. The GP is told.")
    return gettext("The contact is ended. The patient has no GP here: nobody was told.")


def _person(session: Session, patient_id: str) -> Person | None:
    try:
        return person_of(session, patient_id)
    except FhirError as error:
        if is_unseen(error):
            return None
        raise


def _page(
    request: HttpRequest,
    session: Session,
    person: Person | None,
    known: LookedUp | None,
    form: NewContactForm,
    status: int = 200,
) -> HttpResponse:
    shown = {} if person is None else with_banner(session, person)
    return render(
        request,
        "clinic/triage_new.html" if person else "clinic/triage_new_closed.html",
        {**shown, "form": form, "looked_up": known},
        status=status,
    )


__all__ = ["new"]
