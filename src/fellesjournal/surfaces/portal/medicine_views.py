"""Medicines in HelsaMi: what she takes now, what has been changed, and asking for a renewal."""

from __future__ import annotations

from collections.abc import Collection

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_http_methods

from fellesjournal.access.citizens import opens
from fellesjournal.access.once import DoneBefore, refuse_form
from fellesjournal.access.policy.areas import Area
from fellesjournal.access.sessions import Session
from fellesjournal.care.medication.queries import changes_of, list_of
from fellesjournal.care.medication.refusals import Refused
from fellesjournal.care.medication.rendering import line_of, render, told
from fellesjournal.care.medication.renewals.actions import ask, note_opened
from fellesjournal.care.medication.renewals.queries import askable, requests_of
from fellesjournal.fhir.dosage import LANGUAGES
from fellesjournal.foundation.ui.forms import form_key
from fellesjournal.surfaces.portal.entering import (
    citizen,
    in_helsami,
    open_session,
    page,
    part,
)
from fellesjournal.surfaces.portal.renewal_words import (
    REFUSED,
    choices,
    news,
    states,
)


@require_GET
@in_helsami
@part(Area.MEDICATION)
def medicines(request: HttpRequest) -> HttpResponse:
    """The same list as those who treat her see, with its number; how far each renewal has come."""
    session = open_session(request)
    language = _language()
    found = list_of(session, session.subject.removeprefix("Patient/"))
    changes = told(changes_of(session, found), language) if found.number else []
    may_ask = opens(session, Area.MESSAGES)
    requests = requests_of(session, session.subject) if may_ask else []
    note_opened(session, requests)
    shown = render(found, language)
    said = states(found, requests, language)
    return page(
        request,
        "portal/medicines.html",
        {
            "list": shown,
            "rows": [(line, said.get(line.reference)) for line in shown.lines],
            "news": news(found, requests, language),
            "may_ask": may_ask and bool(found.medicines),
            "changes": [each for each in changes if not _is_first(each.change.number)],
            "reported": [line_of(each, language) for each in found.reported],
        },
    )


def _is_first(number: int) -> bool:
    """The first number of a list has all as new: that is no change to tell of."""
    return number == 1


@require_http_methods(["GET", "POST"])
@in_helsami
@part(Area.MEDICATION)
@part(Area.MESSAGES)
def renew(request: HttpRequest) -> HttpResponse:
    """Ask the GP's office to renew what is ticked; several at once."""
    session = open_session(request)
    chosen = [f"MedicationRequest/{each}" for each in request.POST.getlist("line")]
    key, problem = form_key(request), ""
    if request.method == "POST":
        try:
            ask(session, lines=chosen, form=key, by_name=citizen(request).name)
        except Refused as error:
            refuse_form(session, key)  # what was refused may be possible when a copy comes
            problem = str(REFUSED.get(error.code, REFUSED["not-renewable"]))
        except DoneBefore:
            return redirect("portal-medicines")
        else:
            messages.success(request, _sent(session, chosen))
            return redirect("portal-medicines")
    found = list_of(session, session.subject.removeprefix("Patient/"))
    requests = requests_of(session, session.subject)
    may = askable(session, found, requests)
    lines = choices(render(found, _language()), may, chosen)
    return page(
        request,
        "portal/medicine_renew.html",
        {
            "office": bool(may.unit),
            "choices": [each for each in lines if not each.why_not],
            "others": [each for each in lines if each.why_not],
            "first": next((each.id for each in lines if not each.why_not), ""),
            "problem": problem,
        },
        status=422 if problem else 200,
    )


def _sent(session: Session, lines: Collection[str]) -> str:
    """The receipt, by the names of what was asked for."""
    found = list_of(session, session.subject.removeprefix("Patient/"))
    named = ", ".join(each.name for each in found.medicines if each.reference in lines)
    return gettext("Your request is sent to the GP's office: %(medicines)s.") % {"medicines": named}


def _language() -> str:
    return next((each for each in LANGUAGES if (get_language() or "").startswith(each)), "nb")


__all__ = ["medicines", "renew"]
