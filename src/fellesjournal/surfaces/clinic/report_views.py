"""Nursing and care reports to units on other systems: begun from the record, shown, then sent."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from fellesjournal.access.sessions import Session
from fellesjournal.care.chart.queries import chart_of
from fellesjournal.care.citizens.resources import Person
from fellesjournal.care.messages.actions import NotPreviewed
from fellesjournal.care.messages.kinds import REPORTS, Kind
from fellesjournal.care.messages.letters import Letter, as_pdf
from fellesjournal.care.messages.queries import units_by_name
from fellesjournal.care.messages.reporting import (
    Author,
    compose,
    letter_of,
    refuse_receiver,
    seal,
    send_report,
)
from fellesjournal.care.messages.resources import Recipient
from fellesjournal.care.messages.states import Route
from fellesjournal.fhir.issues import BadRequest
from fellesjournal.foundation import clock
from fellesjournal.national.nursing import Report
from fellesjournal.surfaces.clinic.access_views import with_banner
from fellesjournal.surfaces.clinic.of_patient import of_patient
from fellesjournal.surfaces.clinic.report_facts import READ, facts_of
from fellesjournal.surfaces.clinic.report_forms import KIND_WORDS, ReportForm
from fellesjournal.surfaces.clinic.signed_in import signed_in


@dataclass(frozen=True, slots=True)
class _Draft:
    """A report as it would go, and what people see of it."""

    report: Report
    letter: Letter
    recipient: Recipient

    def seal(self, kind: Kind) -> str:
        return seal(self.report, kind, self.letter)


@require_http_methods(["GET", "POST"])
@of_patient
def write(request: HttpRequest, session: Session, person: Person) -> HttpResponse:
    """Choose what is sent; write what the record does not know; see it; send it (INV-41)."""
    asked = request.POST.get("kind") or request.GET.get("kind", "")
    kind = next((each for each in REPORTS if each == asked), None)
    if kind is None:
        choices = [(each, *words) for each, words in KIND_WORDS.items()]
        context = {**with_banner(session, person), "choices": choices}
        return render(request, "clinic/report_choose.html", context)
    if request.method == "GET":
        new = ReportForm(kind, initial={"number": str(uuid.uuid4()), "patient": person.id})
        return _form(request, session, person, new)
    form = ReportForm(kind, request.POST)
    if not form.is_valid():
        return _form(request, session, person, form)
    units = units_by_name(session, form.cleaned_data["unit_name"])
    recipient = _recipient(session, form, units)
    draft = None if recipient is None else _draft(request, session, person, form, recipient)
    if draft is None:
        return _form(request, session, person, form, units)
    if "send" in request.POST:
        return _send(request, session, person, form, draft)
    if "edit" in request.POST:
        return _form(request, session, person, form)
    if "pdf" in request.POST:
        response = HttpResponse(as_pdf(draft.letter), content_type="application/pdf")
        response["Cache-Control"] = "no-store"
        return response
    return _preview(request, session, person, form, draft)


def _recipient(session: Session, form: ReportForm, units: list[Recipient]) -> Recipient | None:
    """The one unit that is meant, and that can be sent to; else an error in the form (INV-6)."""
    chosen = [
        each for each in units if each.reference == f"Organization/{form.cleaned_data['unit']}"
    ]
    fits = chosen or (units if len(units) == 1 else [])
    if not fits:
        told = gettext("Several units have this name: choose one.")
        form.add_error("unit_name", told if units else gettext("No unit has this name."))
        return None
    try:
        refuse_receiver(session, form.kind, fits[0])
    except BadRequest:
        reads_it = gettext("This unit reads the same record as you: nothing has to be sent.")
        none = gettext("The system of this unit can receive neither this report nor a letter.")
        form.add_error("unit_name", none if fits[0].route is Route.NATIONAL else reads_it)
        return None
    return fits[0]


def _draft(
    request: HttpRequest, session: Session, person: Person, form: ReportForm, recipient: Recipient
) -> _Draft | None:
    """The report; None with an error in the form where its kind has nothing to tell."""
    who = signed_in(request)
    assert who is not None  # staff only
    given, _, family = who.name.rpartition(" ")
    facts = facts_of(session, person.id, form.kind, chart_of(session, person.id, only=READ))
    try:
        report = compose(
            form.kind, facts, form.written, Author(family, given, who.hpr),
            number=str(form.cleaned_data["number"]), day=clock.today(),
        )  # fmt: skip
    except BadRequest:
        form.add_error("unit_name", gettext("No service is granted: there is nothing to tell of."))
        return None
    letter = letter_of(
        report, form.kind, to=recipient.name, sender=who.unit_name, day=clock.today(),
        about=", ".join(filter(None, [person.name, person.number])),
        author=", ".join(filter(None, [who.name, who.role_title])),
    )  # fmt: skip
    return _Draft(report, letter, recipient)


def _form(
    request: HttpRequest,
    session: Session,
    person: Person,
    form: ReportForm,
    units: list[Recipient] | None = None,
) -> HttpResponse:
    title, purpose = KIND_WORDS[form.kind]
    several = [each for each in units or [] if each.route is Route.NATIONAL]
    return render(
        request,
        "clinic/report_write.html",
        {
            **with_banner(session, person),
            "form": form,
            "title": title,
            "purpose": purpose,
            "units": several if len(several) > 1 else (),
        },
        status=422 if form.errors else 200,
    )


def _preview(
    request: HttpRequest, session: Session, person: Person, form: ReportForm, draft: _Draft
) -> HttpResponse:
    return render(
        request,
        "clinic/report_preview.html",
        {
            **with_banner(session, person),
            "form": form,
            "letter": draft.letter,
            "recipient": draft.recipient,
            "previewed": draft.seal(form.kind),
        },
    )


def _send(
    request: HttpRequest, session: Session, person: Person, form: ReportForm, draft: _Draft
) -> HttpResponse:
    try:
        send_report(
            session,
            draft.report,
            draft.letter,
            kind=form.kind,
            patient=f"Patient/{person.id}",
            recipient=draft.recipient,
            number=str(form.cleaned_data["number"]),
            previewed=request.POST.get("previewed", ""),
            urgent=form.cleaned_data["urgent"],
        )
    except NotPreviewed:
        messages.warning(request, gettext("The record has changed since. Look at it again."))
        return _preview(request, session, person, form, draft)
    messages.success(request, gettext("The report is signed and on its way."))
    return redirect("letters", patient_id=person.id)


__all__ = ["write"]
