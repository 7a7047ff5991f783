"""Report a problem, and see what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import FhirError, NotFound, PreconditionFailed
from fellesjournal.foundation.ui.forms import form_key
from fellesjournal.leadership.rollout.support import actions, queries
from fellesjournal.leadership.rollout.support.queries import Filed
from fellesjournal.leadership.rollout.support.rules import Refused
from fellesjournal.leadership.rollout.support.ticket import State
from fellesjournal.surfaces import support_words as words
from fellesjournal.surfaces.duties import not_there, session_of
from fellesjournal.surfaces.signing_in.signed_in import anybody_signed_in, signed_in, staff_only
from fellesjournal.surfaces.support.forms import AgainForm, ReportForm
from fellesjournal.surfaces.support.places import page_before
from fellesjournal.surfaces.unseen import is_unseen

Parameters = ParamSpec("Parameters")
View = Callable[Concatenate[HttpRequest, Parameters], HttpResponse]


def _for_all(view: View[Parameters]) -> View[Parameters]:
    """For staff in a role that stands, and for citizens; what is not hers is not there."""

    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except FhirError as error:
            if is_unseen(error):
                return not_there(request)
            raise

    for_staff = staff_only(guarded)

    @anybody_signed_in
    @wraps(view)
    def chosen(
        request: HttpRequest, /, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> HttpResponse:
        return (for_staff if _is_staff(request) else guarded)(request, *args, **kwargs)

    return chosen


@require_http_methods(["GET", "POST"])
@_for_all
def report(request: HttpRequest) -> HttpResponse:
    """The form; sent, it is a report with a number."""
    first = {
        "page": page_before(request), "reference": request.GET.get("reference", ""),
        "severity": "2", "category": "defect",
    }  # fmt: skip
    form = ReportForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            number = actions.report(_session(request), form.report(), key=form_key(request))
        except PreconditionFailed:
            messages.info(request, gettext("This was sent before."))
            return redirect("my-reports")
        return redirect("my-report", number)
    status = 422 if request.method == "POST" else 200
    return _page(request, "support/report.html", {"form": form}, status)


@require_GET
@_for_all
def mine(request: HttpRequest) -> HttpResponse:
    """What one has reported, newest first."""
    found = queries.own_tickets(_session(request))
    rows = [_shown(each) for each in found.rows]
    return _page(request, "support/mine.html", {"rows": rows, "total": found.total})


@require_http_methods(["GET", "POST"])
@_for_all
def one(request: HttpRequest, report_number: int) -> HttpResponse:
    """One's own report: who answers and by when, what was answered; closed, it can be opened again."""
    session = _session(request)
    filed = queries.own_ticket(session, report_number)
    form = AgainForm(request.POST or None, initial={"version": filed.version})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.open_again(session, report_number, text=said["text"], seen=said["version"])
        except Refused as refused:
            messages.warning(request, str(words.REFUSALS[refused.why]))
        except PreconditionFailed:
            messages.warning(
                request, gettext("Something has happened to it meanwhile: look again.")
            )
        else:
            messages.success(request, gettext("It is open again."))
        return redirect("my-report", report_number)
    answered_by = queries.names_of(session, {each.by for each in filed.ticket.answers})
    context = {
        **_shown(filed),
        "elsewhere": queries.done_elsewhere(session, report_number)
        if filed.ticket.duplicate_of
        else None,
        "form": form if filed.ticket.closed else None,
        "answers": [(each, answered_by.get(each.by, "")) for each in filed.ticket.answers],
    }  # fmt: skip
    return _page(request, "support/one.html", context, 422 if request.method == "POST" else 200)


def _shown(filed: Filed) -> dict[str, Any]:
    ticket = filed.ticket
    return {
        "number": filed.number,
        "ticket": ticket,
        "first_line": ticket.said.splitlines()[0],
        "category": words.CATEGORIES[ticket.category],
        "severity": words.SEVERITIES[ticket.severity],
        "state": words.STATES[ticket.state],
        "is_open": ticket.state is not State.CLOSED,
    }


def _session(request: HttpRequest) -> Session:
    session = session_of(request, "HOPERAT")
    if session.app:
        raise NotFound("there is no such page")
    return session


def _is_staff(request: HttpRequest) -> bool:
    person = signed_in(request)
    return person is not None and person.is_staff


def _page(
    request: HttpRequest, template: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    base = "signing_in/base.html" if _is_staff(request) else "portal/base.html"
    return render(request, template, {"base": base, **context}, status=status)


__all__ = ["mine", "one", "report"]
