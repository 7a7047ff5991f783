"""The case officer's pages: applications that await a decision, and one of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from fellesjournal.access.sessions import Session
from fellesjournal.care.citizens.resources import Person
from fellesjournal.care.homecare import deciding
from fellesjournal.care.homecare.applications import (
    Application,
    application,
    names_of,
    waiting_applications,
)
from fellesjournal.fhir.issues import BadRequest, FhirError
from fellesjournal.foundation import clock
from fellesjournal.foundation.ui.forms import form_key
from fellesjournal.surfaces.clinic.access_views import with_banner
from fellesjournal.surfaces.clinic.homecare_forms import AssessmentForm, DecisionForm
from fellesjournal.surfaces.clinic.homecare_words import FUNCTIONS, appeal_text
from fellesjournal.surfaces.clinic.of_patient import of_patient
from fellesjournal.surfaces.clinic.signed_in import access_session, staff_only
from fellesjournal.surfaces.unseen import is_unseen

_CHANGED = frozenset({409, 412})


@require_GET
@staff_only
def waiting(request: HttpRequest) -> HttpResponse:
    """The office's worklist, by deadline; its count is that of the query."""
    rows = waiting_applications(access_session(request))
    return render(
        request,
        "clinic/applications.html",
        {"rows": [(row, row.application.patient.removeprefix("Patient/")) for row in rows]},
    )


@require_http_methods(["GET", "POST"])
@of_patient
def case(
    request: HttpRequest, session: Session, person: Person, application_id: str
) -> HttpResponse:
    """One application: what is asked for, the assessment, the decision."""
    try:
        found = application(session, f"Patient/{person.id}", application_id)
    except FhirError as error:
        if not is_unseen(error):
            raise
        return render(request, "clinic/not_found.html", status=404)
    if request.method == "GET":
        return _page(request, session, person, found)
    if not _decides(session, found):
        return render(request, "clinic/not_found.html", status=404)
    if request.POST.get("do") == "assess":
        return _assess(request, session, person, found)
    return _decide(request, session, person, found)


def _assess(
    request: HttpRequest, session: Session, person: Person, found: Application
) -> HttpResponse:
    form = AssessmentForm(request.POST)
    if not form.is_valid():
        return _page(request, session, person, found, assessment=form, status=422)
    try:
        deciding.assess(
            session, patient=f"Patient/{person.id}", application_id=found.id,
            scores=form.scores(), form=form_key(request),
        )  # fmt: skip
    except FhirError as error:
        if error.status not in _CHANGED:
            raise
        return _page(request, session, person, found, assessment=form, problem=_meanwhile())
    messages.success(request, gettext("The assessment is saved."))
    return redirect("application", person.id, found.id)


def _decide(
    request: HttpRequest, session: Session, person: Person, found: Application
) -> HttpResponse:
    units = deciding.units_giving(session)
    form = DecisionForm(units, request.POST)
    if not form.is_valid():
        return _page(request, session, person, found, decision=form, status=422)
    said = form.cleaned_data
    grant = deciding.Grant(
        service=said["service"], granted=said["outcome"] == "granted", unit=said["unit"],
        unit_name=dict(units).get(said["unit"], ""), hours=said["hours"], starts=said["starts"],
        ends=said["ends"], reason=said["reason"], is_last=not said["more_follow"],
    )  # fmt: skip
    try:
        deciding.decide(
            session, patient=f"Patient/{person.id}", application_id=found.id,
            seen=_number(request.POST.get("version")), grant=grant, appeal=appeal_text(),
        )  # fmt: skip
    except BadRequest:
        return _page(request, session, person, found, decision=form, status=422)
    except FhirError as error:
        if error.status not in _CHANGED:
            raise
        return _page(request, session, person, found, decision=form, problem=_meanwhile())
    if grant.is_last:
        messages.success(
            request, gettext("The decision is made. The citizen and the unit are told.")
        )
        return redirect("applications")
    messages.success(request, gettext("The decision is made. Go on with the next."))
    return redirect("application", person.id, found.id)


def _decides(session: Session, found: Application) -> bool:
    """A case officer at the office that the application went to."""
    return session.role == "case-officer" and found.office == session.unit


def _meanwhile() -> str:
    return gettext(
        "Somebody else has worked on this application meanwhile. Nothing was saved; what you"
        " typed is still here. See above what stands now."
    )


def _page(
    request: HttpRequest,
    session: Session,
    person: Person,
    found: Application,
    *,
    assessment: AssessmentForm | None = None,
    decision: DecisionForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    if problem:
        status = 409
        found = application(session, f"Patient/{person.id}", found.id)
    made = deciding.assessments(session, f"Patient/{person.id}")
    names = names_of(session, {*(each.by for each in made[:3]), found.sent_by})
    context: dict[str, Any] = {
        **with_banner(session, person),
        "application": found,
        "sender": names.get(found.sent_by, ""),
        "assessed": [(each.made, names.get(each.by, ""), _rows(each.scores)) for each in made[:3]],
        "assessment": assessment or AssessmentForm(initial=_last(made)),
        "decision": decision or _blank(session, found),
        "appeal": appeal_text(),
        "may_decide": _decides(session, found),
        "problem": problem,
        "bound": assessment or decision,
    }
    return render(request, "clinic/application.html", context, status=status)


def _rows(scores: Any) -> list[tuple[str, str]]:  # Any: a Mapping of codes
    return [(str(name), scores.get(code, "")) for code, name in FUNCTIONS.items()]


def _last(made: list[deciding.Assessment]) -> dict[str, str]:
    if not made:
        return {}
    return {f"function-{code}": score for code, score in made[0].scores.items()}


def _blank(session: Session, found: Application) -> DecisionForm:
    first = found.services[0][0] if found.services else ""
    return DecisionForm(
        deciding.units_giving(session),
        initial={"service": first, "starts": clock.today()},
    )


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0


__all__ = ["case", "waiting"]
