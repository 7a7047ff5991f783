"""Municipal services in HelsaMi: what I have, what I have applied for, and a new application."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from fellesjournal.access.citizens import opens
from fellesjournal.access.policy.areas import Area
from fellesjournal.access.sessions import Session
from fellesjournal.care.homecare.applications import (
    DECIDED_WITHIN,
    Application,
    Status,
    apply,
    office_for,
    own_applications,
)
from fellesjournal.care.homecare.coming import Coming, coming_between
from fellesjournal.care.homecare.reading_days import Service, services
from fellesjournal.care.messages.queries import letters_about
from fellesjournal.foundation import clock
from fellesjournal.foundation.clock import NORWAY
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
    is_any_decided = any(each.status is Status.DECIDED for each in found)
    letters = letters_about(session) if is_any_decided and opens(session, Area.DOCUMENTS) else {}
    return page(
        request,
        "portal/services.html",
        {
            "services": [
                (each, SERVICES.get(each.kind, each.name), each.status == "onhold")
                for each in granted
            ],
            "sees_services": sees,
            "visits": _ahead(session) if sees else [],
            "applications": [
                (
                    each,
                    status_word(each.status, each.decisions),
                    [SERVICES.get(*pair) for pair in each.services],
                    (each.sent + DECIDED_WITHIN).date() if each.is_open else None,
                    _outcome(each, granted, letters),
                )
                for each in found
            ],
            "names": SERVICES,
            "session_person": session.person,
            "write_to": _write_to(session, granted),
        },
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an application that is decided: ``since`` a day, ``letter`` the id of the letter
    with the decision ("" without). Where the decision itself is not in the record ``services`` are
    those granted since then, each with its day; ``is_unknown`` when there are none either.
    """

    since: date | None
    letter: str
    services: tuple[tuple[str | Promise, date], ...] = ()
    is_unknown: bool = False


def _outcome(
    asked: Application, granted: Sequence[Service], letters: Mapping[str, str]
) -> Outcome | None:
    if asked.status is not Status.DECIDED:
        return None
    told_of = [f"ServiceRequest/{each.id}" for each in asked.decisions]
    told_of.append(f"ServiceRequest/{asked.id}")
    letter = next((letters[each] for each in told_of if each in letters), "")
    if asked.decisions:
        days = [each.starts for each in asked.decisions if each.granted and each.starts]
        return Outcome(min(days, default=None), letter)
    wanted = {code for code, _ in asked.services}
    since = [
        (SERVICES.get(each.kind, each.name), each.since)
        for each in granted
        if each.since is not None
        and each.since >= asked.sent.astimezone(NORWAY).date()
        and (not wanted or each.kind in wanted)
    ]
    return Outcome(None, letter, tuple(since), is_unknown=not since)


def _write_to(session: Session, granted: Sequence[Service]) -> str:
    """The unit (Organization/1) that gives her health care at home, if she may write; else ""."""
    if not opens(session, Area.MESSAGES):
        return ""
    return next((each.unit for each in granted if each.kind == _AT_HOME), "")


def _ahead(session: Session) -> list[tuple[Coming, str]]:
    today = clock.today()
    found = coming_between(session, today, today + timedelta(days=_VISITS_AHEAD))
    return [(each, str(visit_word(each.visit.status, paused=each.is_paused))) for each in found]


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
