"""Notes: the list of a patient, writing, signing, adding, and one's own unsigned."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fellesjournal.access.sessions import Session
from fellesjournal.care.chart.queries import BANNER, chart_of
from fellesjournal.care.citizens.resources import Person
from fellesjournal.care.notes import queries
from fellesjournal.care.notes.actions import (
    Saved,
    add_to_note,
    begin_note,
    discard_note,
    save_note,
    sign_note,
)
from fellesjournal.care.notes.classification import Shown
from fellesjournal.care.notes.refusals import NoteRefused, Why
from fellesjournal.care.notes.resources import Note
from fellesjournal.care.problems.codes import icpc2
from fellesjournal.fhir.issues import FhirError, PreconditionFailed
from fellesjournal.fhir.reading import Precision
from fellesjournal.foundation.ui.forms import form_key
from fellesjournal.surfaces.clinic import signed_in
from fellesjournal.surfaces.clinic.access_views import with_banner
from fellesjournal.surfaces.clinic.navigation import acts
from fellesjournal.surfaces.clinic.note_forms import Adding, Signing, fields, settled, typed
from fellesjournal.surfaces.clinic.note_words import ADDITIONS, REFUSALS, SECTIONS
from fellesjournal.surfaces.clinic.of_patient import of_patient, other_patient
from fellesjournal.surfaces.clinic.signed_in import access_session, staff_only
from fellesjournal.surfaces.unseen import is_unseen

_FORBIDDEN = 403
_NEXT = ("requisition-new", "medicine-new", "referral-new")
"""What is begun from a note, by the names of its addresses."""


@staff_only
@require_GET
def unsigned(request: HttpRequest) -> HttpResponse:
    """The drafts she has not signed, the oldest first (L9)."""
    rows = queries.unsigned_notes(access_session(request))
    return render(request, "clinic/unsigned_notes.html", {"rows": rows})


@of_patient
@require_GET
def notes(request: HttpRequest, session: Session, person: Person) -> HttpResponse:
    """All notes of a patient: drafts first, then what is signed."""
    signed_in.remember_patient(request, person.id)
    found = queries.notes_of(session, person.id)
    context = {
        "drafts": [each for each in found if each.is_draft],
        "signed": [each for each in found if not each.is_draft],
        "me": session.person,
    }
    return render(request, "clinic/notes.html", {**with_banner(session, person), **context})


@of_patient
@require_POST
def new(request: HttpRequest, session: Session, person: Person) -> HttpResponse:
    """Begin a note."""
    language = "nn" if get_language() == "nn" else "nb"
    try:
        note_id = begin_note(session, patient=person.id, language=language, form=form_key(request))
    except FhirError as error:
        return _not_possible(request, session, person, error)
    return redirect("note-write", patient_id=person.id, note_id=note_id)


@of_patient
@require_GET
def read(request: HttpRequest, session: Session, person: Person, note_id: str) -> HttpResponse:
    """One note; a draft is opened to be written in. ``version`` shows an earlier one."""
    version = request.GET.get("version", "")
    number = int(version) if version.isdecimal() and len(version) < 7 else None
    try:
        found = queries.note(session, person.id, note_id, number)
    except FhirError as error:
        return _not_possible(request, session, person, error)
    if found.is_open and number is None:
        return redirect("note-write", patient_id=person.id, note_id=note_id)
    return _read(request, session, person, found, is_earlier=number is not None)


@of_patient
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, session: Session, person: Person, note_id: str) -> HttpResponse:
    """Write in a draft. Posted by a script it answers JSON, else the page again."""
    try:
        if request.method != "POST":
            found = queries.note(session, person.id, note_id)
            if not found.is_open:
                return redirect("note", patient_id=person.id, note_id=note_id)
            return _write(request, session, person, found)
        said, choice = typed(request.POST), settled(request.POST)
        saved = save_note(session, patient=person.id, note=note_id, typed=said, settled=choice)
    except NoteRefused as refused:
        return _write_refused(request, session, person, note_id, refused)
    except FhirError as error:
        return _not_possible(request, session, person, error)
    return _saved(request, session, person, saved)


@of_patient
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, session: Session, person: Person, note_id: str) -> HttpResponse:
    """The second step: the whole text, who may read it, and the signature."""
    try:
        found = queries.note(session, person.id, note_id)
    except FhirError as error:
        return _not_possible(request, session, person, error)
    if not found.is_open:
        return redirect("note", patient_id=person.id, note_id=note_id)
    birth = _birth(person)
    if request.method != "POST":
        form = Signing(birth, initial={"version": found.version})
        return _sign(request, session, person, found, form)
    form = Signing(birth, request.POST)
    if not form.is_valid():
        return _sign(request, session, person, found, form)
    said = form.cleaned_data
    try:
        sign_note(
            session, patient=person.id, note=note_id, seen=said["version"],
            shown=Shown(said["shown"]), reason=said["reason"], lock=request.POST.get("do") == "lock",
        )  # fmt: skip
    except NoteRefused as refused:
        messages.warning(request, str(REFUSALS[refused.why]))
        again = Signing(birth, initial={"version": found.version})
        return _sign(request, session, person, found, again, status=409)
    except PreconditionFailed:
        messages.warning(request, str(REFUSALS[Why.CHANGED]))
        return redirect("note-sign", patient_id=person.id, note_id=note_id)
    except FhirError as error:
        return _not_possible(request, session, person, error)
    signed_in.forget_draft(request, note_id)
    messages.success(request, gettext("The note is signed."))
    return redirect("note", patient_id=person.id, note_id=note_id)


@of_patient
@require_POST
def add(request: HttpRequest, session: Session, person: Person, note_id: str) -> HttpResponse:
    """Add to a signed note."""
    form = Adding(request.POST)
    try:
        found = queries.note(session, person.id, note_id)
        if not form.is_valid():
            return _read(request, session, person, found, form=form)
        said = form.cleaned_data
        add_to_note(session, patient=person.id, note=note_id, kind=said["kind"], text=said["text"])
    except NoteRefused as refused:
        messages.warning(request, str(REFUSALS[refused.why]))
        return _read(request, session, person, found, form=form, status=409)
    except FhirError as error:
        return _not_possible(request, session, person, error)
    messages.success(request, gettext("It is signed and added to the note."))
    return redirect("note", patient_id=person.id, note_id=note_id)


@of_patient
@require_POST
def discard(request: HttpRequest, session: Session, person: Person, note_id: str) -> HttpResponse:
    """Give up a draft."""
    try:
        discard_note(session, patient=person.id, note=note_id)
    except NoteRefused as refused:
        if refused.why is Why.OTHER_PATIENT:
            return other_patient(request, session, person)
        messages.warning(request, str(REFUSALS[refused.why]))
        return redirect("note", patient_id=person.id, note_id=note_id)
    except PreconditionFailed:
        messages.warning(request, str(REFUSALS[Why.CHANGED]))
        return redirect("note", patient_id=person.id, note_id=note_id)
    except FhirError as error:
        return _not_possible(request, session, person, error)
    signed_in.forget_draft(request, note_id)
    messages.info(request, gettext("The draft is given up. It stays in the history of the record."))
    return redirect("notes", patient_id=person.id)


def _write(
    request: HttpRequest, session: Session, person: Person, note: Note, *, status: int = 200
) -> HttpResponse:
    signed_in.remember_draft(request, person.id, note.id)
    record = chart_of(session, person.id, only=[*BANNER, "Condition"])
    context = {
        **with_banner(session, person, record),
        "note": note,
        "fields": fields(note, session.person),
        "problems": [each for each in record.problems if each.active],
        "icpc2_known": bool(icpc2()),
        "next": [link for link in acts(session.role, person.id) if link.address in _NEXT],
        "mine": note.authors[:1] and note.authors[0].reference == session.person,
        "others": [each.name for each in note.authors if each.reference != session.person],
    }
    return render(request, "clinic/note_write.html", context, status=status)


def _saved(request: HttpRequest, session: Session, person: Person, saved: Saved) -> HttpResponse:
    note = saved.note
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse(_as_json(session, person, saved))
    if saved.collided or note.has_unmerged:
        if saved.collided:
            messages.warning(
                request,
                gettext("Somebody else wrote in the same lines. Both texts are kept: choose."),
            )
        elif request.POST.get("do") == "sign":
            messages.warning(request, gettext("Two texts wait to be put together: choose first."))
        return _write(request, session, person, note, status=409 if saved.collided else 200)
    if request.POST.get("do") == "sign":
        return redirect("note-sign", patient_id=person.id, note_id=note.id)
    at = timezone.localtime(saved.at)
    messages.success(
        request,
        gettext("Saved %(time)s, version %(version)s.")
        % {"time": at.strftime("%H:%M"), "version": note.version},
    )
    return redirect("note-write", patient_id=person.id, note_id=note.id)


def _as_json(session: Session, person: Person, saved: Saved) -> dict[str, Any]:
    """What the script needs: whose it is, so that it never fills another's page (INV-21)."""
    note = saved.note
    return {
        "patient": person.id,
        "note": note.id,
        "version": note.version,
        "time": timezone.localtime(saved.at).strftime("%H:%M"),
        "sections": {each.key: each.text for each in note.sections},
        "beside": {
            each.section.key: each.own.text for each in fields(note, session.person) if each.own
        },
        "collided": list(saved.collided),
        "authors": [each.name for each in note.authors if each.reference != session.person],
    }


def _write_refused(
    request: HttpRequest, session: Session, person: Person, note_id: str, refused: NoteRefused
) -> HttpResponse:
    """What was typed in a note that somebody has signed is offered as an addendum to it."""
    if refused.why is Why.OTHER_PATIENT:
        return other_patient(request, session, person)
    words = str(REFUSALS[refused.why])
    address = reverse("note", kwargs={"patient_id": person.id, "note_id": note_id})
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"why": refused.why, "words": words, "address": address}, status=409)
    found = queries.note(session, person.id, note_id)
    said = typed(request.POST).values()
    left = "\n".join(each.text for each in said if each.text not in {"", each.base})
    messages.warning(request, words)
    form = Adding(initial={"kind": "addendum", "text": left})
    return _read(request, session, person, found, form=form, is_open=bool(left), status=409)


def _sign(
    request: HttpRequest,
    session: Session,
    person: Person,
    note: Note,
    form: Signing,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        **with_banner(session, person), "note": note, "form": form, "sections": _sections(note),
    }  # fmt: skip
    return render(request, "clinic/note_sign.html", context, status=status)


def _read(
    request: HttpRequest,
    session: Session,
    person: Person,
    note: Note,
    *,
    form: Adding | None = None,
    is_open: bool = False,
    is_earlier: bool = False,
    status: int = 200,
) -> HttpResponse:
    signers = {each.by.reference for each in note.signatures}
    context = {
        **with_banner(session, person),
        "note": note,
        "sections": _sections(note),
        "additions": [(each, ADDITIONS.get(each.kind, each.kind)) for each in note.additions],
        "versions": queries.versions(session, note.id),
        "is_earlier": is_earlier,
        "may_add": not note.is_draft and (not note.is_locked or session.person in signers),
        "form": form or Adding(),
        "is_open": is_open or (form is not None and form.is_bound),
    }
    return render(request, "clinic/note.html", context, status=status)


def _sections(note: Note) -> list[tuple[str, str]]:
    return [
        (str(SECTIONS.get(each.key, each.title)), each.text) for each in note.sections if each.text
    ]


def _birth(person: Person) -> date | None:
    """The day of birth; None when only a year or a month is known."""
    born = person.born
    return born.at.date() if born is not None and born.precision is Precision.DAY else None


def _not_possible(
    request: HttpRequest, session: Session, person: Person, error: FhirError
) -> HttpResponse:
    status = 404 if is_unseen(error) else error.status
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"why": "refused"}, status=status)
    context = {
        **with_banner(session, person),
        "is_forbidden": status == _FORBIDDEN,
    }
    return render(request, "clinic/note_not_possible.html", context, status=status)
