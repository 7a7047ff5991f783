"""The discharge of one patient: written, shown as it will be received, signed, sent, and over."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods, require_POST

from fellesjournal.access.discharges import NoSummary
from fellesjournal.access.sessions import Session
from fellesjournal.care.citizens.resources import Person
from fellesjournal.care.messages.actions import NotPreviewed
from fellesjournal.care.messages.letters import Letter, as_pdf, fingerprint
from fellesjournal.care.stays import queries
from fellesjournal.care.stays.actions import Leaving, discharge_without, save_summary
from fellesjournal.care.stays.refusals import StayRefused, Why
from fellesjournal.care.stays.resources import Stay
from fellesjournal.care.stays.summaries import Summary
from fellesjournal.fhir.issues import FhirError, PreconditionFailed
from fellesjournal.surfaces.clinic.access_views import with_banner
from fellesjournal.surfaces.clinic.discharge_draft import Draft, begin, medication_text
from fellesjournal.surfaces.clinic.discharging import (
    Addressee,
    Signer,
    addressees,
    has_gp,
    letter_of,
    send_afterwards,
    send_and_discharge,
)
from fellesjournal.surfaces.clinic.of_patient import of_patient
from fellesjournal.surfaces.clinic.signed_in import signed_in
from fellesjournal.surfaces.clinic.stay_forms import (
    SendForm,
    SummaryForm,
    WithoutForm,
    summary_initial,
)
from fellesjournal.surfaces.clinic.stay_views import not_possible
from fellesjournal.surfaces.clinic.stay_words import REFUSALS, WHY_SENT


@require_http_methods(["GET", "POST"])
@of_patient
def discharge(request: HttpRequest, session: Session, person: Person, stay_id: str) -> HttpResponse:
    """Write the summary; see it as it will be received; send it, and the stay is over.

    What is written is saved as a draft at each step. Nothing leaves before the last, and what
    leaves is what the one before showed (INV-41).
    """
    try:
        stay = queries.stay_by(session, person.id, stay_id)
        if stay.unit.reference != session.unit or not _is_open(session, stay):
            return redirect("stay", patient_id=person.id, stay_id=stay.id)
        if request.POST.get("do") in {"send", "pdf"}:
            return _last_step(request, session, person, stay)
        return _write(request, session, person, stay)
    except FhirError as error:
        return not_possible(request, session, person, error)


def _is_open(session: Session, stay: Stay) -> bool:
    return stay.is_going_on or queries.owed_of(session, stay) is not None


def _language() -> str:
    return "nn" if get_language() == "nn" else "nb"


def _write(request: HttpRequest, session: Session, person: Person, stay: Stay) -> HttpResponse:
    summary = queries.summary_of_stay(session, stay)
    language = _language() if summary is None else summary.language
    draft = begin(session, stay, language)
    if request.method != "POST":
        initial = summary_initial(person.id, summary, draft.texts)
        form = SummaryForm(draft.results, initial=initial)
        return _form(request, session, person, stay, form, draft)
    form = SummaryForm(draft.results, request.POST)
    if not form.is_valid():
        return _form(request, session, person, stay, form, draft, status=422)
    try:
        saved = save_summary(
            session, patient=person.id, stay_id=stay.id, seen=form.cleaned_data["version"],
            texts=form.texts(draft.texts["medication"]), language=language,
        )  # fmt: skip
    except StayRefused as refused:
        return _written_meanwhile(request, session, person, stay, draft, refused)
    if request.POST.get("do") != "show":
        messages.success(request, gettext("Saved. The summary is a draft until you sign it."))
        return redirect("discharge", patient_id=person.id, stay_id=stay.id)
    if saved.missing:
        form = SummaryForm(
            draft.results, {**request.POST.dict(), "version": saved.version, **saved.texts}
        )
        form.is_valid()
        form.say_missing(saved.missing)
        return _form(request, session, person, stay, form, draft, status=422)
    return _preview(request, session, person, stay, saved)


def _written_meanwhile(
    request: HttpRequest,
    session: Session,
    person: Person,
    stay: Stay,
    draft: Draft,
    refused: StayRefused,
) -> HttpResponse:
    """What was typed stays in the fields; what somebody else has saved stands beside them."""
    messages.warning(request, str(REFUSALS[refused.why]))
    stands = queries.summary_of_stay(session, stay)
    if refused.why is not Why.CHANGED or stands is None:
        return redirect("stay", patient_id=person.id, stay_id=stay.id)
    form = SummaryForm(draft.results, {**_typed(request), "version": str(stands.version)})
    form.is_valid()
    return _form(request, session, person, stay, form, draft, stands=stands, status=409)


def _typed(request: HttpRequest) -> dict[str, Any]:
    return {name: values if name == "results" else values[-1]
            for name, values in request.POST.lists()}  # fmt: skip


def _form(
    request: HttpRequest,
    session: Session,
    person: Person,
    stay: Stay,
    form: SummaryForm,
    draft: Draft,
    *,
    stands: Summary | None = None,
    status: int = 200,
) -> HttpResponse:
    others = {} if stands is None else stands.texts
    parts = [
        (key, field, needed, others.get(key, "") if field and others.get(key) != field.value() else "")
        for key, field, needed in form.parts
    ]  # fmt: skip
    to = addressees(session, stay)
    context = {
        "stay": stay,
        "form": form,
        "parts": parts,
        "medication": draft.texts["medication"],
        "addressees": [(each, WHY_SENT[each.why]) for each in to],
        "has_gp": has_gp(to),
        "without": WithoutForm(
            initial={"patient": person.id, "version": stay.version}, auto_id="without_%s"
        ),
    }
    return render(
        request,
        "clinic/discharge.html",
        {**with_banner(session, person, draft.chart), **context},
        status=status,
    )


def _preview(
    request: HttpRequest,
    session: Session,
    person: Person,
    stay: Stay,
    summary: Summary,
    form: SendForm | None = None,
    status: int = 200,
) -> HttpResponse:
    to, letter = _received(request, session, person, stay, summary)
    initial = {
        "patient": person.id, "version": stay.version, "summary_version": summary.version,
        "previewed": fingerprint(letter), "to": "home",
    }  # fmt: skip
    if form is not None:
        initial |= {name: form.cleaned_data.get(name, "") for name in ("to", "without_gp")}
    shown = SendForm(initial=initial)
    context = {
        "stay": stay,
        "letter": letter,
        "addressees": [(each, WHY_SENT[each.why]) for each in to],
        "has_gp": has_gp(to),
        "form": shown,
        "errors": form,
    }
    return render(
        request,
        "clinic/discharge_preview.html",
        {**with_banner(session, person), **context},
        status=status,
    )


def _received(
    request: HttpRequest, session: Session, person: Person, stay: Stay, summary: Summary
) -> tuple[tuple[Addressee, ...], Letter]:
    who = signed_in(request)
    assert who is not None  # staff only
    signer = Signer(", ".join(filter(None, [who.name, who.role_title])), who.unit_name)
    to = addressees(session, stay)
    return to, letter_of(summary, to, person=person, signer=signer)


def _last_step(request: HttpRequest, session: Session, person: Person, stay: Stay) -> HttpResponse:
    summary = queries.summary_of_stay(session, stay)
    if summary is None or not summary.is_draft:
        return redirect("stay", patient_id=person.id, stay_id=stay.id)
    to, letter = _received(request, session, person, stay, summary)
    if request.POST.get("do") == "pdf":
        response = HttpResponse(as_pdf(letter), content_type="application/pdf")
        response["Cache-Control"] = "no-store"
        return response
    form = SendForm(request.POST)
    if not form.is_valid():
        return _preview(request, session, person, stay, summary, form, status=422)
    current = medication_text(session, stay, summary.language)
    if current != summary.texts["medication"]:
        texts = {**summary.texts, "medication": current}
        summary = save_summary(
            session, patient=person.id, stay_id=stay.id, texts=texts, seen=summary.version
        )
        messages.warning(
            request, gettext("The medication list has changed. Look at the summary again.")
        )
        return _preview(request, session, person, stay, summary, form, status=409)
    return _send(request, session, person, stay, summary, letter, to, form)


def _send(
    request: HttpRequest,
    session: Session,
    person: Person,
    stay: Stay,
    summary: Summary,
    letter: Letter,
    to: tuple[Addressee, ...],
    form: SendForm,
) -> HttpResponse:
    said = form.cleaned_data
    try:
        if stay.is_going_on:
            send_and_discharge(
                session, stay, summary, letter, to, seen=said["version"],
                previewed=said["previewed"], leaving=Leaving(said["to"] or "home"),
                without_gp="" if has_gp(to) else said["without_gp"],
            )  # fmt: skip
        else:
            send_afterwards(session, stay, summary, letter, to, previewed=said["previewed"])
    except NotPreviewed:
        messages.warning(request, gettext("The summary is not as it was shown. Look at it again."))
        return _preview(request, session, person, stay, summary, form, status=409)
    except NoSummary:
        messages.warning(
            request, gettext("The patient has no GP here: say why the summary does not go to one.")
        )
        return _preview(request, session, person, stay, summary, form, status=409)
    except (PreconditionFailed, StayRefused) as error:
        words = gettext("Somebody else has changed this meanwhile. Look again.")
        messages.warning(
            request, str(REFUSALS[error.why]) if isinstance(error, StayRefused) else words
        )
        again = queries.stay_by(session, person.id, stay.id)
        if not again.is_going_on:
            return redirect("stay", patient_id=person.id, stay_id=stay.id)
        return _preview(request, session, person, again, summary, form, status=409)
    # "on its way" is all that is known: nothing is called sent before there is evidence (INV-1)
    messages.success(
        request, gettext("%(name)s is discharged. The summary is signed and on its way.")
        % {"name": person.name},
    )  # fmt: skip
    return redirect("stay", patient_id=person.id, stay_id=stay.id)


@require_POST
@of_patient
def without(request: HttpRequest, session: Session, person: Person, stay_id: str) -> HttpResponse:
    """End a stay without its summary, with a coded reason and words (INV-42)."""
    form = WithoutForm(request.POST, auto_id="without_%s")
    try:
        stay = queries.stay_by(session, person.id, stay_id)
        if not form.is_valid():
            return _without(request, session, person, stay, form)
        said = form.cleaned_data
        discharge_without(
            session, patient=person.id, stay_id=stay_id, seen=said["version"],
            leaving=Leaving(said["to"]), reason=said["reason"], words=said["words"],
        )  # fmt: skip
    except StayRefused as refused:
        messages.warning(request, str(REFUSALS[refused.why]))
        return redirect("discharge", patient_id=person.id, stay_id=stay_id)
    except PreconditionFailed:
        messages.warning(request, gettext("Somebody else has changed this meanwhile. Look again."))
        return _without(request, session, person, stay, form, status=409)
    except FhirError as error:
        return not_possible(request, session, person, error)
    messages.success(
        request, gettext("%(name)s is discharged without a summary.") % {"name": person.name}
    )
    return redirect("stay", patient_id=person.id, stay_id=stay_id)


def _without(
    request: HttpRequest,
    session: Session,
    person: Person,
    stay: Stay,
    form: WithoutForm,
    status: int = 422,
) -> HttpResponse:
    context = {**with_banner(session, person), "stay": stay, "without": form}
    return render(request, "clinic/discharge_without.html", context, status=status)


__all__ = ["discharge", "without"]
