"""The clinic's pages: parse, ask, render."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fellesjournal.access.emergency_contacts import may_take
from fellesjournal.access.openings import may_break_glass
from fellesjournal.access.reviews import Outcome, own
from fellesjournal.care.chart.queries import BANNER, chart_of, document_of
from fellesjournal.care.chart.timeline import Kind, Setting, coming, filtered
from fellesjournal.care.citizens.queries import closed_people, find_people, people, person_of
from fellesjournal.fhir.issues import FhirError
from fellesjournal.foundation import clock
from fellesjournal.surfaces.clinic import signed_in
from fellesjournal.surfaces.clinic.access_views import banner, closed
from fellesjournal.surfaces.clinic.forms import PatientSearch
from fellesjournal.surfaces.clinic.medicine_wording import medicines_panel
from fellesjournal.surfaces.clinic.navigation import first_place, may_note_down
from fellesjournal.surfaces.clinic.order_views import open_rows
from fellesjournal.surfaces.clinic.presenting import age, sex
from fellesjournal.surfaces.clinic.referral_views import referrals_panel
from fellesjournal.surfaces.clinic.signed_in import access_session, staff_only
from fellesjournal.surfaces.measurements import trend_row, trend_rows
from fellesjournal.surfaces.unseen import is_unseen

Choice = TypeVar("Choice", bound=StrEnum)

_EVENTS_SHOWN = 15
_IN_PALETTE = 6
_EVENTS_SHOWN_ON_REQUEST = 2000


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """The first page: to one's own work or record, or to sign in first."""
    person = signed_in.signed_in(request)
    if person is None:
        return redirect("sign-in")
    if not person.is_staff:
        return redirect("portal")
    return redirect(first_place(person.role))


@require_GET
@staff_only
def shortcuts(request: HttpRequest) -> HttpResponse:
    """Every key that does something; with scripts the same list is shown in place, by "?"."""
    return render(request, "clinic/shortcuts.html")


_NUMBER_DIGITS = 11


@require_http_methods(["GET", "POST"])
@staff_only
def patient_search(request: HttpRequest) -> HttpResponse:
    """Find a patient; without a question, those opened most recently.

    The question is posted and kept in the session: a name or number in an address would end
    up in histories and in the logs of proxies. Coming back shows the last answer again.
    """
    if request.method == "POST":
        form = PatientSearch(request.POST)
        signed_in.remember_question(request, form.cleaned_data["q"] if form.is_valid() else "")
        if "go" in request.POST and (only := _only_one(request)):
            return redirect("chart", patient_id=only)
        if "HX-Request" not in request.headers:
            return redirect("patients")
    question = signed_in.last_question(request)
    form = PatientSearch({"q": question})
    session = access_session(request)
    found = find_people(session, question, today=_today()) if question else None
    others = closed_people(session, question, today=_today()) if question else []
    signed_in.remember_looked_up(request, others)
    recent = () if question else people(session, signed_in.recent_patients(request))
    shown = found.people if found else recent
    return render(
        request,
        "clinic/patients.html",
        {
            "form": form,
            "question": question,
            "found": found,
            "closed": others,
            "takes_calls": bool(others or shown) and may_take(session),
            # a closed record is found by its whole number alone: who may need one is told so
            "tells_of_emergency": may_break_glass(session)
            and sum(map(str.isdecimal, question)) < _NUMBER_DIGITS,
            "asked": may_break_glass(session)
            and any(review.outcome is Outcome.ASKED for review in own(session)),
            "recent": bool(recent),
            "rows": [(person, age(person, _today()), sex(person, _today())) for person in shown],
        },
    )


@require_POST
@staff_only
def patients_by_name(request: HttpRequest) -> HttpResponse:
    """The few patients that the command palette shows while somebody types, each with birth date and
    age: names alone are mixed up. Posted, so that no name stands in an address; the search is logged.
    """
    form = PatientSearch(request.POST)
    question = form.cleaned_data["q"] if form.is_valid() else ""
    found = find_people(access_session(request), question, today=_today())
    rows = [(each, age(each, _today())) for each in found.people[:_IN_PALETTE]]
    return render(request, "clinic/patients_by_name.html", {"rows": rows})


def _only_one(request: HttpRequest) -> str:
    """The one patient whom the question finds; "" for none, for several, when names only resemble
    it, and when somebody with a closed record may be meant: no record is opened by guessing.
    """
    session, question = access_session(request), signed_in.last_question(request)
    if not question:
        return ""
    found = find_people(session, question, today=_today())
    if len(found.people) != 1 or found.similar:
        return ""
    return "" if closed_people(session, question, today=_today()) else found.people[0].id


@require_GET
@staff_only
def chart(request: HttpRequest, patient_id: str) -> HttpResponse:
    """The overview of one patient's record."""
    session = access_session(request)
    try:
        person = person_of(session, patient_id)
    except FhirError as error:
        return _closed(request, patient_id, error)
    record = chart_of(session, patient_id)
    signed_in.remember_patient(request, patient_id)
    everything = request.GET.get("all") == "1"
    timeline = filtered(
        record.events,
        kind=_chosen(Kind, request.GET.get("kind")),
        setting=_chosen(Setting, request.GET.get("setting")),
        limit=_EVENTS_SHOWN_ON_REQUEST if everything else _EVENTS_SHOWN,
    )
    return render(
        request,
        "clinic/chart.html",
        {
            **banner(session, person),
            "chart": record,
            **medicines_panel(session, patient_id),
            **referrals_panel(session, patient_id),
            "active_problems": [p for p in record.problems if p.active],
            "ended_problems": [p for p in record.problems if not p.active],
            "vitals": trend_rows(record.vitals),
            "may_note_down": may_note_down(session.role),
            "labs": trend_rows(record.labs),
            "ordered": open_rows(session, patient_id),
            "others": trend_rows(record.others),
            "coming": coming(record.events, clock.now()),
            "timeline": timeline,
            "kind": request.GET.get("kind", ""),
            "setting": request.GET.get("setting", ""),
            "allergies": record.allergies,
            "alerts": record.alerts,
        },
    )


@require_GET
@staff_only
def trend(request: HttpRequest, patient_id: str) -> HttpResponse:
    """All values of one thing measured: curve and table."""
    session = access_session(request)
    try:
        person = person_of(session, patient_id)
    except FhirError as error:
        return _closed(request, patient_id, error)
    record = chart_of(session, patient_id, only=[*BANNER, "Observation"])
    key = request.GET.get("of", "")
    chosen = next((t for t in record.trends if t.key == key), None)
    if chosen is None:
        messages.info(request, gettext("No such result in this record."))
        return redirect("chart", patient_id=patient_id)
    rows = [trend_row(replace(chosen, values=(value,))) for value in chosen.values]
    return render(
        request,
        "clinic/trend.html",
        {
            **banner(session, person),
            "row": trend_row(chosen, most=len(chosen.values), width=640, height=180),
            "rows": rows,
            "may_note_down": may_note_down(session.role),
            "references": any(row.reference for row in rows),
            "allergies": record.allergies,
            "alerts": record.alerts,
        },
    )


@require_GET
@staff_only
def document(request: HttpRequest, patient_id: str, document_id: str) -> HttpResponse:
    """The text of one document, under the banner of its patient."""
    session = access_session(request)
    try:
        person = person_of(session, patient_id)
    except FhirError as error:
        return _closed(request, patient_id, error)
    try:
        found = document_of(session, patient_id, document_id)
    except FhirError as error:
        return _not_found(request, error)
    record = chart_of(session, patient_id, only=BANNER)
    return render(
        request,
        "clinic/document.html",
        {
            **banner(session, person),
            "document": found,
            "allergies": record.allergies,
            "alerts": record.alerts,
        },
    )


def _today() -> date:
    return timezone.localdate()


def _chosen(kind: type[Choice], value: str | None) -> Choice | None:
    return next((choice for choice in kind if choice.value == value), None)


def _closed(request: HttpRequest, patient_id: str, error: FhirError) -> HttpResponse:
    """The same answer for a record that is not there and one that may not be seen (INV-33)."""
    if is_unseen(error):
        return closed(request, patient_id)
    return _not_found(request, error)


def _not_found(request: HttpRequest, error: FhirError) -> HttpResponse:
    status = 404 if is_unseen(error) else error.status
    return render(request, "clinic/not_found.html", status=status)
