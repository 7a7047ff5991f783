"""Municipal services in HelsaMi: what I have, what I have applied for, and a new application."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from fellesjournal.access.citizens import opens
from fellesjournal.access.policy.areas import Area
from fellesjournal.access.sessions import Session
from fellesjournal.care.homecare.applications import (
    DECIDED_WITHIN,
    apply,
    office_for,
    own_applications,
)
from fellesjournal.care.homecare.reading_days import Service, services, visits
from fellesjournal.foundation import clock
from fellesjournal.foundation.ui.templatetags.ui import on_day
from fellesjournal.surfaces.portal.entering import in_helsami, open_session, page, part
from fellesjournal.surfaces.portal.service_words import SERVICES, status_word, visit_word

_VISITS_AHEAD = 7
_MOST_WORDS = 4000
_AT_HOME = "15"
"""Health care at home, in 9151."""


@require_GET
@in_helsami
@part(Area.REQUESTS)
def own(request: HttpRequest) -> HttpResponse:
    """Services, visits ahead, and applications with their status."""
    session = open_session(request)
    sees = opens(session, Area.CONTACTS)
    granted = services(session, session.subject) if sees else []
    found = own_applications(session)
    return page(
        request,
        "portal/services.html",
        {
            "services": [
                (each, SERVICES.get(each.kind, each.name), each.status == "onhold")
                for each in granted
            ],
            "sees_services": sees,
            "visits": _ahead(session, paused=any(e.status == "onhold" for e in granted))
            if sees
            else [],
            "applications": [
                (
                    each,
                    status_word(each.status, each.decisions),
                    [SERVICES.get(*pair) for pair in each.services],
                    (each.sent + DECIDED_WITHIN).date() if each.is_open else None,
                )
                for each in found
            ],
            "names": SERVICES,
            "session_person": session.person,
            "write_to": _write_to(session, granted),
        },
    )


def _write_to(session: Session, granted: Sequence[Service]) -> str:
    """The unit (Organization/1) that gives her health care at home, if she may write; else ""."""
    if not opens(session, Area.MESSAGES):
        return ""
    return next((each.unit for each in granted if each.kind == _AT_HOME), "")


def _ahead(session: Session, *, paused: bool) -> list[tuple[object, str]]:
    today = clock.today()
    found = visits(session, today, today + timedelta(days=_VISITS_AHEAD), patient=session.subject)
    return [
        (each, str(visit_word(each.status, paused=paused)))
        for each in found
        if each.status != "cancelled"
    ]


@require_http_methods(["GET", "POST"])
@in_helsami
@part(Area.REQUESTS)
def new(request: HttpRequest) -> HttpResponse:
    """Apply: what help is wanted, in own words; for herself, or for whom she acts."""
    session = open_session(request)
    sees_where = opens(session, Area.PERSON)
    patient = session.subject.removeprefix("Patient/")
    office = office_for(session, patient) if sees_where else None
    chosen, words = request.POST.getlist("service"), request.POST.get("words", "")
    problem = ""
    if request.method == "POST" and office is not None:
        wanted = [code for code in chosen if code in SERVICES]
        if not wanted:
            problem = gettext("Choose what you need help with.")
        elif not words.strip():
            problem = gettext("Write a few words about what you need help with.")
        else:
            key = request.POST.get("key", "")[:64] or str(uuid.uuid4())
            apply(session, office=office.reference, services=wanted, words=words, key=key)
            by = on_day(clock.today() + DECIDED_WITHIN)
            told = gettext("Sent to %(office)s today. Answer by %(day)s.")
            messages.success(request, told % {"office": office.name, "day": by})
            return redirect("portal-services")
    today = clock.today()
    held = {each.kind for each in services(session, session.subject) if each.holds_on(today)}
    return page(
        request,
        "portal/service_apply.html",
        {
            "office": office,
            "sees_where": sees_where,
            "choices": [
                (code, name, code in chosen, code in held) for code, name in SERVICES.items()
            ],
            "words": words,
            "most": _MOST_WORDS,
            "key": request.POST.get("key") or str(uuid.uuid4()),
            "problem": problem,
        },
        status=422 if problem else 200,
    )


__all__ = ["new", "own"]
