"""From a report of a problem into the queue of usability: the one place that knows both, as one act."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from fellesjournal.access.policy.rules import Duty
from fellesjournal.fhir.issues import NotFound, PreconditionFailed
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.leadership.decisions import keeping
from fellesjournal.leadership.rollout.support import actions, queries
from fellesjournal.leadership.rollout.support.rules import Refused, may_be_queued
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders.pages import leading, page
from fellesjournal.surfaces.leaders.usability_forms import ReportedForm
from fellesjournal.surfaces.support_words import REFUSALS

_LONGEST_TITLE = 150


@require_http_methods(["GET", "POST"])
@for_duty(Duty.ROLL_OUT)
def queue_report(request: HttpRequest, report_number: int) -> HttpResponse:
    """Put what was reported into the queue; the report stays open until it is put right."""
    session = leading(request)
    filed = queries.ticket(session, report_number)
    if request.method == "GET" and not may_be_queued(filed.ticket):
        raise NotFound("there is no such page")
    first = {
        "version": filed.version, "days": 220, "reach": "shared",
        "workflow": filed.ticket.said.splitlines()[0][:_LONGEST_TITLE],
        "safety": "3" if filed.ticket.safety else "0",
        "fix": "build",
    }  # fmt: skip
    form = ReportedForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        key = f"report-{report_number}"
        try:
            with transaction():
                actions.queue(session, report_number, issue=key, seen=form.cleaned_data["version"])
                keeping.report_issue(session, form.issue(key))
        except Refused as refused:
            form.add_error(None, str(REFUSALS[refused.why]))
        except PreconditionFailed:
            form.add_error(None, gettext(
                "Somebody else has changed this meanwhile. Look at it, then save again."
            ))  # fmt: skip
        else:
            messages.success(request, gettext("It is in the queue."))
            return redirect("leaders-usability-issue", key=key)
    context = {"form": form, "number": report_number}
    status = 422 if request.method == "POST" else 200
    return page(request, "leaders/support_queue.html", context, status=status)


__all__ = ["queue_report"]
