"""My information: what is registered about me, what I may change of it, and asking for a correction."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fellesjournal.access.blocks.actions import may_block
from fellesjournal.access.policy.areas import Area
from fellesjournal.access.sessions import Session
from fellesjournal.care.citizens.elsewhere import Elsewhere, with_another_number
from fellesjournal.care.citizens.own import (
    Own,
    OwnRefused,
    change_own,
    contact_of,
    name_contact,
    own,
    remove_contact,
)
from fellesjournal.care.conversations.actions import MessageRefused, ask_for_correction
from fellesjournal.care.conversations.promises import CORRECTION
from fellesjournal.care.conversations.resources import MOST_WORDS
from fellesjournal.care.notes.queries import signed_note
from fellesjournal.care.privacy.directory import choices
from fellesjournal.care.privacy.queries import whom_i_act_for
from fellesjournal.fhir.issues import FhirError, NotAllowed, PreconditionFailed
from fellesjournal.surfaces.portal import message_words
from fellesjournal.surfaces.portal.entering import (
    citizen,
    in_helsami,
    open_session,
    own_id,
    page,
    part,
    refused,
)
from fellesjournal.surfaces.registered_words import (
    LANGUAGE_NAMES,
    REFUSED,
    RELATION_NAMES,
    relation,
)

_SAVED = "saved"
"""In the address of the overview: she has just changed how she is reached."""


@require_GET
@in_helsami
@part(Area.PERSON)
def overview(request: HttpRequest) -> HttpResponse:
    """Everything that is registered, where it comes from, and the way to change it."""
    session = open_session(request)
    try:
        found = own(session)
    except FhirError as error:
        return refused(request, error)
    return page(
        request,
        "portal/own.html",
        {
            "own": found,
            "language_name": LANGUAGE_NAMES.get(found.language, found.person.language),
            "contacts": [(each, relation(each)) for each in found.contacts],
            "gps": [each.name for each in choices(session, found.gps)],
            "may_block": may_block(session),
            "elsewhere": _elsewhere(request, session, found) if _SAVED in request.GET else [],
        },
    )


def _elsewhere(request: HttpRequest, session: Session, found: Own) -> list[tuple[str, Elsewhere]]:
    """After she has changed her own telephone: whose records have another, by their names."""
    if session.person != session.subject:
        return []
    noted = with_another_number(own_id(request), found)
    names = {each.person: each.name for each in whom_i_act_for(own_id(request))} if noted else {}
    return [(names.get(each.patient, ""), each) for each in noted]


def _saved(session: Session) -> str:
    if session.person != session.subject:
        return gettext("It is saved, and holds for all who give treatment.")
    return gettext(
        "It is saved, and holds for all who treat you. Where others have named you as next of kin,"
        " what they wrote stands: tell them of a new number."
    )


@require_http_methods(["GET", "POST"])
@in_helsami
@part(Area.PERSON)
def change(request: HttpRequest) -> HttpResponse:
    """Telephone, e-mail, language, interpreter and how letters come."""
    session = open_session(request)
    given, wrong = request.POST, ""
    try:
        if request.method == "POST":
            try:
                change_own(
                    session,
                    seen=_version(request),
                    telephone=given.get("telephone", ""),
                    email=given.get("email", ""),
                    language=given.get("language", ""),
                    interpreter="interpreter" in given,
                    on_paper=given.get("letters") == "paper",
                )
            except OwnRefused as error:
                wrong = error.code
            except PreconditionFailed:
                wrong = "changed"
            except NotAllowed:
                return page(request, "portal/own_closed.html", {}, status=403)
            else:
                notes.success(request, _saved(session))
                return redirect(f"{reverse('portal-own')}?{_SAVED}=")
        found = own(session)
    except FhirError as error:
        return refused(request, error)
    if found.person.protected:
        return page(request, "portal/own_closed.html", {}, status=403)
    is_sent = request.method == "POST"
    names = dict(LANGUAGE_NAMES)
    if found.language and found.language not in names:
        names[found.language] = found.person.language or found.language
    context: dict[str, Any] = {
        "telephone": given.get("telephone", "") if is_sent else found.telephone,
        "email": given.get("email", "") if is_sent else found.email,
        "language": given.get("language", "") if is_sent else found.language,
        "interpreter": "interpreter" in given if is_sent else found.interpreter,
        "on_paper": given.get("letters") == "paper" if is_sent else found.on_paper,
        "languages": names,
        "version": found.version,
        "wrong": wrong,
        "problem": REFUSED.get(wrong, ""),
    }
    return page(request, "portal/own_change.html", context, status=_status(wrong))


@require_http_methods(["GET", "POST"])
@in_helsami
@part(Area.PERSON)
def contact(request: HttpRequest, contact_id: str = "") -> HttpResponse:
    """Name somebody to turn to, or change one she has named."""
    session = open_session(request)
    given, wrong = request.POST, ""
    try:
        if request.method == "POST":
            try:
                name_contact(
                    session,
                    name=given.get("name", ""),
                    relation=given.get("relation", ""),
                    telephone=given.get("telephone", ""),
                    is_next_of_kin="next_of_kin" in given,
                    contact=contact_id,
                    seen=_version(request),
                )
            except OwnRefused as error:
                wrong = error.code
            except PreconditionFailed:
                wrong = "changed"
            except NotAllowed:
                return page(request, "portal/own_closed.html", {}, status=403)
            else:
                notes.success(request, gettext("It is saved."))
                return redirect("portal-own")
        stood = contact_of(session, contact_id) if contact_id else None
    except FhirError as error:
        return refused(request, error)
    is_sent = request.method == "POST"
    context: dict[str, Any] = {
        "stood": stood,
        "name": given.get("name", "") if is_sent else (stood.name if stood else ""),
        "telephone": given.get("telephone", "") if is_sent else (stood.telephone if stood else ""),
        "relation": given.get("relation", "") if is_sent else (stood.relation if stood else ""),
        "next_of_kin": "next_of_kin" in given if is_sent else bool(stood and stood.is_next_of_kin),
        "relations": RELATION_NAMES,
        "wrong": wrong,
        "problem": REFUSED.get(wrong, ""),
    }
    return page(request, "portal/own_contact.html", context, status=_status(wrong))


@require_POST
@in_helsami
@part(Area.PERSON)
def contact_away(request: HttpRequest, contact_id: str) -> HttpResponse:
    """Somebody she has named is not to be turned to any more."""
    try:
        remove_contact(open_session(request), contact=contact_id, seen=_version(request))
    except PreconditionFailed:
        notes.warning(request, str(REFUSED["changed"]))
    except FhirError as error:
        return refused(request, error)
    else:
        notes.success(request, gettext("It is taken away."))
    return redirect("portal-own")


@require_http_methods(["GET", "POST"])
@in_helsami
@part(Area.DOCUMENTS)
@part(Area.MESSAGES)
def correct(request: HttpRequest, note_id: str) -> HttpResponse:
    """Ask those who wrote something to correct it; it becomes a conversation with a deadline."""
    session = open_session(request)
    try:
        note = signed_note(session, note_id)
    except FhirError as error:
        return refused(request, error)
    kind = "DocumentReference" if note.is_document else "Composition"
    wrong = ""
    if request.method == "POST":
        title = gettext("Correction: %(title)s") % {"title": note.title or gettext("Record note")}
        try:
            begun = ask_for_correction(
                session,
                about=f"{kind}/{note.id}",
                title=title[:120],
                words=request.POST.get("words", ""),
                key=_key(request),
                by_name=citizen(request).name,
            )
        except MessageRefused as error:
            wrong = error.code
        else:
            notes.success(request, gettext("Your request is sent to those who wrote it."))
            return redirect("portal-message", conversation_id=begun)
    context: dict[str, Any] = {
        "note": note,
        "words": request.POST.get("words", ""),
        "most": MOST_WORDS,
        "days": CORRECTION.working_days,
        "key": _key(request),
        "problem": message_words.REFUSED.get(wrong, ""),
    }
    return page(request, "portal/correct.html", context, status=_status(wrong))


def _status(wrong: str) -> int:
    if not wrong:
        return 200
    return 409 if wrong == "changed" else 422


def _version(request: HttpRequest) -> int:
    given = request.POST.get("version", "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0


def _key(request: HttpRequest) -> str:
    try:
        return str(uuid.UUID(request.POST.get("key", "")))
    except ValueError:
        return str(uuid.uuid4())


__all__ = ["change", "contact", "contact_away", "correct", "overview"]
