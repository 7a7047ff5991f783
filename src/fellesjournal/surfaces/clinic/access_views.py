"""Why a record is open or closed, and the ways to open it on purpose."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fellesjournal.access.emergency_contacts import may_take
from fellesjournal.access.grounds import HeldGround, grounds
from fellesjournal.access.openings import (
    Opening,
    OpeningKind,
    break_glass,
    extra_step,
    may_break_glass,
    running,
    steps_for,
)
from fellesjournal.access.policy.kinds import STAFF_KINDS, GroundKind
from fellesjournal.access.sessions import Session
from fellesjournal.care.chart.queries import BANNER, Chart, chart_of
from fellesjournal.care.citizens.queries import person_of
from fellesjournal.care.citizens.resources import Person
from fellesjournal.fhir.issues import FhirError
from fellesjournal.foundation import clock
from fellesjournal.foundation.ui.forms import form_key
from fellesjournal.surfaces.clinic import signed_in
from fellesjournal.surfaces.clinic.access_words import (
    GROUNDS,
    categories,
    ground_rows,
    not_open,
    why_open,
)
from fellesjournal.surfaces.clinic.forms import EmergencyAccess, ExtraStep
from fellesjournal.surfaces.clinic.presenting import age, sex
from fellesjournal.surfaces.clinic.signed_in import access_session, staff_only
from fellesjournal.surfaces.unseen import is_unseen

Why = tuple[list[HeldGround], list[Opening]]


def closed(
    request: HttpRequest, patient_id: str, form: EmergencyAccess | None = None
) -> HttpResponse:
    """Why this record is closed, and what can be done.

    The same answer for a record that is not there, one without a ground and one that its
    citizen has closed (INV-33, INV-36). Emergency access is offered for somebody who was
    looked up in this session only: nobody breaks the glass for an address.
    """
    may = may_break_glass(access_session(request))
    person = signed_in.looked_up(request, patient_id) if may else None
    return render(
        request,
        "clinic/closed.html",
        {
            "patient_id": patient_id,
            "may_break_glass": may,
            "looked_up": person,
            "takes_calls": person is not None and may_take(access_session(request)),
            "form": form or EmergencyAccess(),
            "grounds": [GROUNDS[kind] for kind in STAFF_KINDS if kind in _GENERAL],
        },
        status=404 if person is None else 200,
    )


_GENERAL = frozenset(STAFF_KINDS) - {GroundKind.BREAK_GLASS, GroundKind.COHORT}


@require_http_methods(["GET", "POST"])
@staff_only
def emergency(request: HttpRequest, patient_id: str) -> HttpResponse:
    """Emergency access: to a closed record, or past what a citizen may have closed in an open one.

    The page of an open record is the same whether or not anything is closed in it (INV-36).
    """
    session = access_session(request)
    person = _person(session, patient_id)
    if not may_break_glass(session) or (
        person is None and signed_in.looked_up(request, patient_id) is None
    ):
        return closed(request, patient_id)
    form = EmergencyAccess(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _break(request, session, patient_id, form)
    if person is None:
        return closed(request, patient_id, form)
    return render(
        request,
        "clinic/emergency.html",
        {**with_banner(session, person), "patient_id": patient_id, "form": form},
    )


def _break(
    request: HttpRequest, session: Session, patient_id: str, form: EmergencyAccess
) -> HttpResponse:
    broken = [step.kind for step in running(session, patient_id)]
    if OpeningKind.BREAK_GLASS in broken:  # the form was sent twice
        return redirect("chart", patient_id=patient_id)
    said = form.cleaned_data
    try:
        until = clock.now() + timedelta(minutes=said["minutes"])
        break_glass(
            session, patient_id, said["reason_code"], said["reason"], until, form=form_key(request)
        )
    except FhirError:
        return closed(request, patient_id)
    return redirect("chart", patient_id=patient_id)


@require_GET
@staff_only
def why(request: HttpRequest, patient_id: str) -> HttpResponse:
    """Why she can see this record: each ground in words, with its source and its dates."""
    session = access_session(request)
    person = _person(session, patient_id)
    if person is None:
        return closed(request, patient_id)
    return _why(request, session, person, ExtraStep(steps_for(session)))


@staff_only
@require_POST
def step(request: HttpRequest, patient_id: str) -> HttpResponse:
    """The extra step to special categories. What it shows, if anything, is on the chart."""
    session = access_session(request)
    person = _person(session, patient_id)
    if person is None:
        return closed(request, patient_id)
    form = ExtraStep(steps_for(session), request.POST)
    if not form.is_valid():
        return _why(request, session, person, form)
    try:
        extra_step(session, patient_id, form.labels, form.cleaned_data["step_reason"])
    except FhirError:
        return closed(request, patient_id)
    messages.info(
        request,
        gettext(
            "The extra step is taken and logged. What the record has of this is shown with the rest."
        ),
    )
    return redirect("chart", patient_id=patient_id)


def _why(request: HttpRequest, session: Session, person: Person, form: ExtraStep) -> HttpResponse:
    held, steps = why = _why_open(session, person)
    return render(
        request,
        "clinic/why.html",
        {
            **with_banner(session, person, why=why),
            "groups": ground_rows(held),
            "steps": [
                (found, categories(found.labels))
                for found in steps
                if found.kind is OpeningKind.SPECIAL
            ],
            "broken": [found for found in steps if found.kind is OpeningKind.BREAK_GLASS],
            "may_break_glass": may_break_glass(session),
            "form": form,
            "may_step": bool(form.fields["categories"].choices),  # type: ignore[attr-defined]  # a field of choices
        },
    )


def _why_open(session: Session, person: Person) -> Why:
    return grounds(session, person.id), running(session, person.id)


def banner(session: Session, person: Person, why: Why | None = None) -> dict[str, Any]:
    """Whose record it is and why it is open: what each page of a chart says first.

    ``why``: the grounds and the steps past closed doors, where the page has asked for them.
    """
    today = timezone.localdate()
    held, steps = why or _why_open(session, person)
    return {
        "person": person,
        "age": age(person, today),
        "sex": sex(person, today),
        "why_open": why_open(held, steps),
        **not_open(session, held),
    }


def with_banner(
    session: Session, person: Person, record: Chart | None = None, *, why: Why | None = None
) -> dict[str, Any]:
    """As :func:`banner`, with allergies and warnings; of a ``record`` that holds BANNER, if given."""
    record = chart_of(session, person.id, only=BANNER) if record is None else record
    return {
        **banner(session, person, why),
        "allergies": record.allergies,
        "alerts": record.alerts,
    }


def _person(session: Session, patient_id: str) -> Person | None:
    try:
        return person_of(session, patient_id)
    except FhirError as error:
        if is_unseen(error):
            return None
        raise
