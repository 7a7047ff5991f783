"""Noting problems, allergies and vital signs on one page: each form by itself, Ctrl+Enter saves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fellesjournal.access.sessions import Session
from fellesjournal.care.chart.queries import BANNER, chart_of
from fellesjournal.care.citizens.resources import Person
from fellesjournal.care.conversations.queries import telephone_of
from fellesjournal.care.problems.actions import (
    AllergiesListed,
    AlreadyNoted,
    end_problem,
    note_allergy,
    note_no_allergies,
    note_problem,
    note_vitals,
)
from fellesjournal.care.problems.codes import find
from fellesjournal.care.problems.queries import active_problems
from fellesjournal.care.remote_follow_up.finding import plans_of
from fellesjournal.fhir.issues import Conflict, FhirError
from fellesjournal.fhir.vital_signs import PANEL, VITALS
from fellesjournal.foundation import clock
from fellesjournal.foundation.ui.forms import form_key
from fellesjournal.surfaces.clinic.access_views import with_banner
from fellesjournal.surfaces.clinic.agreed_limits import outside_words
from fellesjournal.surfaces.clinic.last_measured import compared_words, last_measured
from fellesjournal.surfaces.clinic.noting_forms import (
    AllergyForm,
    ProblemForm,
    VitalsForm,
    measured_words,
)
from fellesjournal.surfaces.clinic.of_patient import of_patient
from fellesjournal.surfaces.clinic.phone import visit_address
from fellesjournal.surfaces.clinic.signed_in import signed_in, staff_only
from fellesjournal.surfaces.unseen import is_unseen

_FORMS: Mapping[str, type[Form]] = {
    "problem": ProblemForm,
    "allergy": AllergyForm,
    "vitals": VitalsForm,
}


@require_http_methods(["GET", "POST"])
@of_patient
def note(request: HttpRequest, session: Session, person: Person) -> HttpResponse:
    """The three forms; one of them is sent at a time."""
    which = request.POST.get("do", "")
    if which == "none-known":
        return _none_known(request, session, person)
    if which not in _FORMS:
        return _page(request, session, person, {})
    form = _FORMS[which](request.POST)
    if not form.is_valid():
        return _page(request, session, person, {which: form})
    try:
        _NOTE[which](request, session, person, form)
    except AlreadyNoted:
        form.add_error(None, gettext("This is noted already."))
        return _page(request, session, person, {which: form})
    return redirect("note-down", patient_id=person.id)


@require_POST
@of_patient
def end(request: HttpRequest, session: Session, person: Person, problem_id: str) -> HttpResponse:
    """A problem is over."""
    try:
        end_problem(session, patient=f"Patient/{person.id}", problem=problem_id)
    except Conflict:
        messages.info(request, gettext("This problem is over already."))
    except FhirError as error:
        if not is_unseen(error):
            raise
        return render(request, "clinic/not_found.html", status=404)
    else:
        messages.success(request, gettext("Noted as over."))
    return redirect("note-down", patient_id=person.id)


@require_GET
@staff_only
def diagnoses(request: HttpRequest) -> HttpResponse:
    """Suggestions while somebody types; about no patient."""
    fits = [f"{each.code} {each.text}" for each in find(request.GET.get("q", "")[:100])]
    return JsonResponse({"found": fits})


def _note_problem(request: HttpRequest, session: Session, person: Person, form: Form) -> None:
    assert isinstance(form, ProblemForm)
    said = form.diagnosis.text if form.diagnosis else form.cleaned_data["what"]
    note_problem(
        session,
        patient=f"Patient/{person.id}",
        text=said,
        diagnosis=form.diagnosis,
        since=form.cleaned_data["since"],
        form=form_key(request),
    )
    messages.success(request, gettext("Noted: %(what)s.") % {"what": said})


def _note_allergy(request: HttpRequest, session: Session, person: Person, form: Form) -> None:
    said = form.cleaned_data
    note_allergy(session, patient=f"Patient/{person.id}", **said, form=form_key(request))
    messages.success(
        request, gettext("Noted: %(what)s.") % {"what": form.cleaned_data["substance"]}
    )


def _note_vitals(request: HttpRequest, session: Session, person: Person, form: Form) -> None:
    assert isinstance(form, VitalsForm)
    who = signed_in(request)
    assert who is not None  # staff only
    before = last_measured(chart_of(session, person.id, only=["Observation"]).trends)
    note_vitals(
        session,
        patient=f"Patient/{person.id}",
        measured=form.measured,
        by_name=who.name,
        form=form_key(request),
    )
    saved = {"what": measured_words(form.measured)}
    messages.success(request, gettext("Saved: %(what)s.") % saved)
    if compared := compared_words(form.measured, before):
        messages.info(request, gettext("Before: %(what)s.") % {"what": compared})
    followed = plans_of(session, f"Patient/{person.id}")
    call = partial(telephone_of, session)
    for sentence in outside_words(followed, form.measured, clock.today(), call):
        messages.warning(request, sentence)


_NOTE: Mapping[str, Callable[[HttpRequest, Session, Person, Form], None]] = {
    "problem": _note_problem,
    "allergy": _note_allergy,
    "vitals": _note_vitals,
}


def _none_known(request: HttpRequest, session: Session, person: Person) -> HttpResponse:
    try:
        note_no_allergies(session, patient=f"Patient/{person.id}")
    except AllergiesListed:
        messages.warning(
            request, gettext("Allergies are listed, so it can't be said that there are none.")
        )
    else:
        messages.success(request, gettext("Noted: no known allergies."))
    return redirect("note-down", patient_id=person.id)


def _page(
    request: HttpRequest, session: Session, person: Person, bound: Mapping[str, Form]
) -> HttpResponse:
    forms = {name: bound.get(name) or made() for name, made in _FORMS.items()}
    record = chart_of(session, person.id, only=[*BANNER, "Observation"])
    last = last_measured(record.trends)
    return render(
        request,
        "clinic/note_down.html",
        {
            **with_banner(session, person, record),
            **forms,
            "measurements": [
                (forms["vitals"][name], last.get(name)) for name in _asked_first(request)
            ],
            "bound": next(iter(bound.values()), None),
            "active": active_problems(session, person.id),
            "visit_address": visit_address(request, person.id),
        },
        status=422 if bound else 200,
    )


def _asked_first(request: HttpRequest) -> list[str]:
    """The fields of vital signs; first what the address asks to be measured (``?measure=``, a LOINC code)."""
    code = request.GET.get("measure", "")
    asked = ["systolic", "diastolic"] if code == PANEL[0] else []
    asked = asked or [name for name, vital in VITALS.items() if vital.loinc == code]
    return [*asked, *(name for name in VITALS if name not in asked)]


__all__ = ["diagnoses", "end", "note"]
