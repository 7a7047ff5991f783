"""Letters of one patient: written, shown as they will be received, sent, and followed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from fellesjournal.access.sessions import Session
from fellesjournal.care.citizens.queries import person_of
from fellesjournal.care.citizens.resources import Person
from fellesjournal.care.messages.actions import NotPreviewed, send_letter
from fellesjournal.care.messages.letters import Letter, Section, as_pdf, fingerprint
from fellesjournal.care.messages.queries import (
    UNITS_SHOWN,
    letter_file,
    letters_of,
    recipient_of,
    units_by_name,
)
from fellesjournal.care.messages.resources import Recipient
from fellesjournal.fhir.issues import FhirError
from fellesjournal.foundation import clock
from fellesjournal.surfaces.clinic.access_views import closed, with_banner
from fellesjournal.surfaces.clinic.letter_forms import LetterForm
from fellesjournal.surfaces.clinic.letter_words import told_of_ways
from fellesjournal.surfaces.clinic.of_patient import another_patient, is_another
from fellesjournal.surfaces.clinic.result_views import letter_about
from fellesjournal.surfaces.clinic.signed_in import access_session, signed_in, staff_only
from fellesjournal.surfaces.unseen import is_unseen


@require_GET
@staff_only
def letters(request: HttpRequest, patient_id: str) -> HttpResponse:
    """What has been sent about a patient, to whom, and what became of it."""
    session = access_session(request)
    try:
        person = person_of(session, patient_id)
    except FhirError as error:
        return _closed(request, patient_id, error)
    return render(
        request,
        "clinic/letters.html",
        {**with_banner(session, person), "letters": letters_of(session, patient_id)},
    )


@require_http_methods(["GET", "POST"])
@staff_only
def write(request: HttpRequest, patient_id: str) -> HttpResponse:
    """Write a letter; then see it as it will be received; then send it.

    Nothing leaves before the third step, and what leaves is what the second showed (INV-41).
    """
    session = access_session(request)
    try:
        person = person_of(session, patient_id)
    except FhirError as error:
        return _closed(request, patient_id, error)
    if request.method == "GET":
        to_patient = request.GET.get("to") == "patient"
        about = request.GET.get("about", "")
        said = letter_about(session, person.id, about) if about else {}
        first = {"number": str(uuid.uuid4()), "patient": person.id, "to_patient": to_patient}
        form = LetterForm(initial={**first, **said})
        return _form(request, session, person, form)
    if is_another(request, patient_id):
        return another_patient(request, patient_id)
    form = LetterForm(request.POST)
    if not form.is_valid():
        return _form(request, session, person, form)
    units = units_by_name(session, form.cleaned_data["unit_name"])
    to = _recipients(session, person, form, units)
    if form.errors:
        return _form(request, session, person, form, units)
    letter = _letter(request, person, form, to)
    if "send" in request.POST:
        return _send(request, session, person, form, letter, to)
    if "edit" in request.POST:
        return _form(request, session, person, form)
    if "pdf" in request.POST:
        return _file(as_pdf(letter))
    return _preview(request, session, person, form, letter, to)


@require_GET
@staff_only
def file(request: HttpRequest, patient_id: str, document_id: str) -> HttpResponse:
    """The letter as a file, the same bytes that were sent."""
    try:
        found = letter_file(access_session(request), patient_id, document_id)
    except FhirError as error:
        return _closed(request, patient_id, error)
    return _file(found)


def _file(content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Cache-Control"] = "no-store"
    return response


def _form(
    request: HttpRequest,
    session: Session,
    person: Person,
    form: LetterForm,
    units: Sequence[Recipient] = (),
) -> HttpResponse:
    return render(
        request,
        "clinic/letter_new.html",
        {
            **with_banner(session, person),
            "form": form,
            "units": units if len(units) > 1 else (),
            "is_shown": form.is_bound and not form.errors,
        },
        status=422 if form.errors else 200,
    )


def _preview(
    request: HttpRequest,
    session: Session,
    person: Person,
    form: LetterForm,
    letter: Letter,
    to: list[Recipient],
) -> HttpResponse:
    return render(
        request,
        "clinic/letter_preview.html",
        {
            **with_banner(session, person),
            "form": form,
            "letter": letter,
            "recipients": to,
            "previewed": fingerprint(letter),
        },
    )


def _send(
    request: HttpRequest,
    session: Session,
    person: Person,
    form: LetterForm,
    letter: Letter,
    to: list[Recipient],
) -> HttpResponse:
    try:
        send_letter(
            session,
            letter,
            patient=f"Patient/{person.id}",
            recipients=to,
            number=str(form.cleaned_data["number"]),
            previewed=request.POST.get("previewed", ""),
            urgent=form.cleaned_data["urgent"],
        )
    except NotPreviewed:
        messages.warning(request, gettext("The letter is not as it was shown. Look at it again."))
        return _preview(request, session, person, form, letter, to)
    # "queued" is all that is known: nothing is called sent before there is evidence (INV-1)
    messages.success(request, told_of_ways(to))
    return redirect("letters", patient_id=person.id)


def _recipients(
    session: Session, person: Person, form: LetterForm, units: Sequence[Recipient]
) -> list[Recipient]:
    """Whom the form names, or an error in it. One unit that fits is meant; of several, one is
    chosen (INV-6).
    """
    said = form.cleaned_data
    to = [recipient_of(session, f"Patient/{person.id}")] if said["to_patient"] else []
    if said["unit_name"]:
        fits = [each for each in units if each.reference == f"Organization/{said['unit']}"]
        fits = fits or (list(units) if len(units) == 1 else [])
        if fits:
            to += fits
        elif len(units) >= UNITS_SHOWN:
            form.add_error(
                "unit_name",
                gettext(
                    "More than %(n)s units have this in their name, and not all are shown:"
                    " write more of it."
                )
                % {"n": UNITS_SHOWN - 1},
            )
        elif units:
            form.add_error("unit_name", gettext("Several units have this name: choose one."))
        else:
            form.add_error("unit_name", gettext("No unit has this name."))
    if not to and not form.errors:
        form.add_error("to_patient", gettext("Choose at least one recipient."))
    return to


def _letter(request: HttpRequest, person: Person, form: LetterForm, to: list[Recipient]) -> Letter:
    who = signed_in(request)
    assert who is not None  # staff only
    paragraphs = [part.strip() for part in form.cleaned_data["text"].split("\n\n")]
    return Letter(
        title=form.cleaned_data["title"],
        lang=form.cleaned_data["lang"],
        to=tuple(each.name for each in to),
        about=", ".join(filter(None, [person.name, person.number])),
        sender=who.unit_name,
        place="",
        author=", ".join(filter(None, [who.name, who.role_title])),
        day=clock.today(),
        sections=(Section("", tuple(filter(None, paragraphs))),),
    )


def _closed(request: HttpRequest, patient_id: str, error: FhirError) -> HttpResponse:
    if is_unseen(error):
        return closed(request, patient_id)
    return render(request, "clinic/not_found.html", status=error.status)


__all__ = ["file", "letters", "write"]
