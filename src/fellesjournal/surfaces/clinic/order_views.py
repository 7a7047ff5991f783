"""Laboratory requisitions in a patient's record: ordering, how far they have come, changing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fellesjournal.access.sessions import Session
from fellesjournal.care.citizens.resources import Person as Patient
from fellesjournal.care.orders.actions import (
    OrderRefused,
    cancel_requisition,
    change_requisition,
    send_requisition,
)
from fellesjournal.care.orders.queries import (
    Requisition,
    laboratories,
    requisition_of,
    requisitions_of,
    usual_laboratory,
)
from fellesjournal.care.orders.resources import Person, Urgency, Wanted
from fellesjournal.care.results.queries import results_of
from fellesjournal.fhir.issues import FhirError, NotAllowed, NotFound, PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.foundation.ui.forms import form_key
from fellesjournal.surfaces.clinic.access_views import with_banner
from fellesjournal.surfaces.clinic.of_patient import of_patient
from fellesjournal.surfaces.clinic.result_forms import (
    TAKEN_HERE,
    ChangedRequisition,
    NewRequisition,
    TakenBack,
)
from fellesjournal.surfaces.clinic.result_views import result_row
from fellesjournal.surfaces.clinic.result_words import REFUSED, STATUS, STATUS_COLOR, URGENCY
from fellesjournal.surfaces.clinic.signed_in import signed_in


@require_GET
@of_patient
def laboratory(request: HttpRequest, session: Session, person: Patient) -> HttpResponse:
    """What is ordered and what is answered, newest first."""
    results = results_of(session, person.id)
    return render(
        request,
        "clinic/laboratory.html",
        {
            **with_banner(session, person),
            "requisitions": [_row(each) for each in requisitions_of(session, person.id)],
            "results": [result_row(each) for each in results],
        },
    )


@require_http_methods(["GET", "POST"])
@of_patient
def new(request: HttpRequest, session: Session, person: Patient) -> HttpResponse:
    """Order analyses."""
    listed = laboratories(session)
    if request.method == "GET":
        usual = usual_laboratory(session, person.id)
        return _form(
            request, session, person, NewRequisition(listed, initial={"laboratory": usual})
        )
    form = NewRequisition(listed, request.POST)
    if not form.is_valid():
        return _form(request, session, person, form)
    said = form.cleaned_data
    wanted = Wanted(
        patient=f"Patient/{person.id}",
        analyses=form.ordered,
        urgency=Urgency(said["urgency"]),
        information=said["information"],
        laboratory=next(each for each in listed if each.reference == said["laboratory"]),
        taken=clock.now() if said["sample"] == TAKEN_HERE else None,
    )
    try:
        number = send_requisition(
            session, wanted=wanted, by=_me(request), unit=_unit(request), form=form_key(request)
        )
    except NotAllowed:
        messages.warning(request, gettext("Your role may not order analyses for this patient."))
        return redirect("laboratory", patient_id=person.id)
    messages.success(request, gettext("The requisition %(number)s is sent.") % {"number": number})
    return redirect("laboratory", patient_id=person.id)


@require_GET
@of_patient
def requisition(
    request: HttpRequest, session: Session, person: Patient, number: str
) -> HttpResponse:
    """One requisition, analysis by analysis."""
    found = _found(session, person, number)
    if found is None:
        return _unknown(request)
    return _one(request, session, person, found, TakenBack())


@of_patient
@require_POST
def take_back(request: HttpRequest, session: Session, person: Patient, number: str) -> HttpResponse:
    """Take back what is not answered."""
    found = _found(session, person, number)
    if found is None:
        return _unknown(request)
    form = TakenBack(request.POST)
    if not form.is_valid():
        return _one(request, session, person, found, form, status=422)
    try:
        cancel_requisition(
            session,
            patient=f"Patient/{person.id}",
            number=number,
            reason=form.cleaned_data["reason"],
            by=_me(request),
            seen=_seen(request),
        )
    except (OrderRefused, PreconditionFailed) as error:
        _add(form, error)
        return _one(request, session, person, found, form, status=409)
    messages.success(request, gettext("The requisition is taken back."))
    return redirect("laboratory", patient_id=person.id)


@require_http_methods(["GET", "POST"])
@of_patient
def change(request: HttpRequest, session: Session, person: Patient, number: str) -> HttpResponse:
    """Let a requisition ask for something else."""
    found = _found(session, person, number)
    if found is None:
        return _unknown(request)
    if request.method == "GET":
        form = ChangedRequisition(initial=_standing(found))
        return _form(request, session, person, form, found)
    form = ChangedRequisition(request.POST)
    if not form.is_valid():
        return _form(request, session, person, form, found)
    said = form.cleaned_data
    try:
        change_requisition(
            session,
            patient=f"Patient/{person.id}",
            number=number,
            analyses=form.ordered,
            urgency=Urgency(said["urgency"]),
            information=said["information"],
            reason=said["reason"],
            by=_me(request),
            seen=_seen(request),
        )
    except (OrderRefused, PreconditionFailed) as error:
        _add(form, error)
        return _form(request, session, person, form, found, status=409)
    messages.success(request, gettext("The requisition is changed."))
    return redirect("requisition", patient_id=person.id, number=number)


def _form(
    request: HttpRequest,
    session: Session,
    person: Patient,
    form: NewRequisition | ChangedRequisition,
    found: Requisition | None = None,
    *,
    status: int = 0,
) -> HttpResponse:
    return render(
        request,
        "clinic/requisition_form.html",
        {**with_banner(session, person), "form": form, "requisition": found},
        status=status or (422 if form.errors else 200),
    )


def _one(
    request: HttpRequest,
    session: Session,
    person: Patient,
    found: Requisition,
    form: TakenBack,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {**with_banner(session, person), "row": _row(found), "form": form}
    return render(request, "clinic/requisition.html", context, status=status)


def _row(found: Requisition) -> dict[str, Any]:
    return {
        "requisition": found,
        "names": ", ".join(each.name for each in found.analyses),
        "status": STATUS[found.status],
        "color": STATUS_COLOR[found.status],
        "urgency": URGENCY.get(Urgency(found.urgency)) if found.urgency in set(Urgency) else "",
        "analyses": [(each, STATUS[each.status], STATUS_COLOR[each.status])
                     for each in found.analyses],
    }  # fmt: skip


def open_rows(session: Session, patient_id: str) -> list[dict[str, Any]]:
    """The requisitions whose answer is awaited, for the overview."""
    return [_row(each) for each in requisitions_of(session, patient_id) if each.is_open]


def _standing(found: Requisition) -> dict[str, object]:
    return {
        "analyses": [each.code for each in found.analyses if each.is_open],
        "information": found.information,
        "urgency": found.urgency,
    }


def _found(session: Session, person: Patient, number: str) -> Requisition | None:
    try:
        return requisition_of(session, person.id, number)
    except NotFound:
        return None


def _unknown(request: HttpRequest) -> HttpResponse:
    return render(request, "clinic/not_found.html", status=404)


def _add(form: TakenBack | ChangedRequisition, error: FhirError | OrderRefused) -> None:
    words = (
        REFUSED[error.code]
        if isinstance(error, OrderRefused)
        else gettext("Somebody has changed the requisition meanwhile. Open it again.")
    )
    form.add_error(None, str(words))


def _seen(request: HttpRequest) -> Mapping[str, int]:
    """The versions that were on the page: ``id:version`` of each request."""
    pairs = (each.rpartition(":") for each in request.POST.getlist("seen"))
    return {key: int(version) for key, _, version in pairs if version.isdecimal()}


def _me(request: HttpRequest) -> Person:
    who = signed_in(request)
    assert who is not None  # staff only
    return Person(who.person, who.name)


def _unit(request: HttpRequest) -> Person:
    who = signed_in(request)
    assert who is not None  # staff only
    return Person(who.unit, who.unit_name)
