"""Messages in HelsaMi: those she has, one of them, and writing to those who follow her."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from fellesjournal.access.citizens import opens
from fellesjournal.access.policy.areas import Area
from fellesjournal.access.policy.kinds import GroundKind
from fellesjournal.access.sessions import Session
from fellesjournal.care.citizens.queries import person_of
from fellesjournal.care.conversations.actions import (
    MessageRefused,
    begin,
    note_opened,
    write_more,
)
from fellesjournal.care.conversations.queries import (
    addressees,
    conversation,
    own_conversations,
    telephone_of,
)
from fellesjournal.care.conversations.resources import MOST_TITLE, MOST_WORDS, Conversation
from fellesjournal.care.results.queries import orderer_of, result_of
from fellesjournal.fhir.issues import FhirError
from fellesjournal.foundation.ui.templatetags.ui import day
from fellesjournal.surfaces.portal.entering import (
    citizen,
    in_helsami,
    open_session,
    page,
    part,
    refused,
)
from fellesjournal.surfaces.portal.message_words import (
    REFUSED,
    choice,
    last_day,
    outcome,
    rows,
    said,
    state,
)

_TO_GP = "gp"
"""In the address of a new message: it is to the office of her list GP, who is chosen then."""


@require_GET
@in_helsami
@part(Area.MESSAGES)
def conversations(request: HttpRequest) -> HttpResponse:
    """All conversations, unread answers first."""
    session = open_session(request)
    found = rows(own_conversations(session), session.person)
    listed = sorted(found, key=lambda row: not row.is_new)  # in their order otherwise
    return page(request, "portal/messages.html", {"rows": listed})


@require_http_methods(["GET", "POST"])
@in_helsami
@part(Area.MESSAGES)
def new(request: HttpRequest) -> HttpResponse:
    """Write to somebody: whom, what it is about, and the words. All stays when it is refused."""
    session = open_session(request)
    given = request.POST
    problem = ""
    if request.method == "POST":
        try:
            begun = begin(
                session,
                unit=given.get("unit", ""),
                title=given.get("title", ""),
                words=given.get("words", ""),
                key=_key(request),
                by_name=citizen(request).name,
            )
        except MessageRefused as error:
            problem = error.code
        else:
            notes.success(
                request,
                gettext("Your message is sent."),
            )
            return redirect("portal-message", conversation_id=begun)
    found = addressees(session)
    choices = [choice(each) for each in found]
    asked_title, asked_unit = _about_result(session, request)
    only = choices[0].unit if len(choices) == 1 else ""
    if asked_title and asked_unit not in {each.unit for each in choices}:
        asked_unit = ""  # who ordered it can't be written to: the GP, who follows her
    if request.GET.get("to") == _TO_GP or asked_title:
        only = next((e.unit for e in found if GroundKind.LIST_GP in e.grounds), only)
    context = {
        "choices": choices,
        "chosen": given.get("unit") or request.GET.get("unit", "") or asked_unit or only,
        "title": given.get("title", asked_title),
        "words": given.get("words", ""),
        "most_title": MOST_TITLE,
        **_form(request, problem),
    }
    return page(request, "portal/message_new.html", context, status=422 if problem else 200)


def _about_result(session: Session, request: HttpRequest) -> tuple[str, str]:
    """What a message about a test result (its id in the address) begins with: the title, and the
    unit that ordered it. Both "" without one that she may see.
    """
    report = request.GET.get("result", "")
    if not report or request.method == "POST" or not opens(session, Area.HEALTH):
        return "", ""
    try:
        found = result_of(session, session.subject.removeprefix("Patient/"), report)
    except FhirError:
        return "", ""
    said = {"title": found.title, "day": day(found.taken or found.issued)}
    title = gettext("About the test result %(title)s, %(day)s") % said
    return title[:MOST_TITLE], orderer_of(session, found).unit


@require_http_methods(["GET", "POST"])
@in_helsami
@part(Area.MESSAGES)
def one(request: HttpRequest, conversation_id: str) -> HttpResponse:
    """A conversation; opening it is told, and she may write more."""
    session = open_session(request)
    problem = ""
    try:
        if request.method == "POST":
            try:
                write_more(
                    session,
                    conversation_id=conversation_id,
                    words=request.POST.get("words", ""),
                    key=_key(request),
                    by_name=citizen(request).name,
                )
            except MessageRefused as error:
                problem = error.code
            else:
                notes.success(request, gettext("Your message is sent."))
                return redirect("portal-message", conversation_id=conversation_id)
        found = conversation(session, session.subject, conversation_id)
        name = person_name(request)
    except FhirError as error:
        return refused(request, error)
    note_opened(session, found)
    return page(
        request,
        "portal/message.html",
        {
            **_shown(found, session.person, name),
            **_form(request, problem),
            "telephone": telephone_of(session, found.unit) if found.awaits_answer else "",
        },
        status=422 if problem else 200,
    )


def person_name(request: HttpRequest) -> str:
    """What she whose record is open is called; "" where who she is is not open."""
    session = open_session(request)
    try:
        return person_of(session, session.subject.removeprefix("Patient/")).name
    except FhirError:
        return ""


def _shown(found: Conversation, person: str, name: str) -> dict[str, Any]:
    return {
        "conversation": found,
        "said": said(found, person, name),
        "state": state(found, person),
        "last_day": last_day(found),
        "outcome": outcome(found, person),
        "words": "",
    }


def _form(request: HttpRequest, problem: str) -> dict[str, Any]:
    return {
        "problem": REFUSED.get(problem, ""),
        "wrong": problem,
        "words": request.POST.get("words", ""),
        "most": MOST_WORDS,
        "key": _key(request),
    }


def _key(request: HttpRequest) -> str:
    """What identifies the form, so that it is sent once."""
    try:
        return str(uuid.UUID(request.POST.get("key", "")))
    except ValueError:
        return str(uuid.uuid4())


__all__ = ["conversations", "new", "one", "person_name"]
