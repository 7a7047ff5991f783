"""The queue of usability: what is to be done first, and what closing it has given back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound, PreconditionFailed
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.foundation.ui.forms import form_key
from fellesjournal.leadership.decisions import keeping
from fellesjournal.leadership.decisions.queries import usability_queue
from fellesjournal.leadership.decisions.refusals import Refused
from fellesjournal.leadership.decisions.structure import ISSUES, LEADING
from fellesjournal.leadership.decisions.usability import UsabilityIssue, hours_won
from fellesjournal.leadership.documents.queries import standing
from fellesjournal.leadership.pathways import actions as pathways
from fellesjournal.leadership.pathways import queries as pathway_queries
from fellesjournal.leadership.pathways.measures import FOLLOWS as MEASURE_FOLLOWS
from fellesjournal.leadership.pathways.measures import Act
from fellesjournal.leadership.pathways.refusals import Refused as PathwayRefused
from fellesjournal.surfaces.duties import duties_of, for_duty
from fellesjournal.surfaces.leaders import decision_words as words
from fellesjournal.surfaces.leaders.amounts import plain
from fellesjournal.surfaces.leaders.pages import leading, page
from fellesjournal.surfaces.leaders.usability_forms import CloseForm, ExportForm, IssueForm


@require_GET
@for_duty(Duty.SEE_FIGURES)
def queue(request: HttpRequest) -> HttpResponse:
    """What comes first, with what it is worth; what was closed, with what it gave back."""
    found = usability_queue(leading(request))
    context = {
        "open": [
            {
                "place": place,
                "issue": each.issue,
                "hours": plain(each.issue.hours_a_year),
                "by_day": plain(each.issue.hours_a_day_of_effort),
                "fix": words.FIXES[each.issue.fix],
                "is_shared": each.issue.reach.value == "shared",
                "duplicates": len(each.duplicates),
            }
            for place, each in enumerate(found.open, 1)
        ],
        "closed": [(each, _won(each)) for each in found.closed],
        "leads": _leads(request),
    }
    return page(request, "leaders/usability.html", context)


@require_http_methods(["GET", "POST"])
@for_duty(*sorted(LEADING))
def new_issue(request: HttpRequest) -> HttpResponse:
    """Put something into the queue."""
    form = IssueForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        status = 200 if request.method == "GET" else 422
        return page(request, "leaders/usability_new.html", {"form": form}, status=status)
    key = form_key(request)
    try:
        keeping.report_issue(leading(request), form.issue(key))
    except PreconditionFailed:
        messages.info(request, gettext("This was sent before."))
    else:
        messages.success(request, gettext("It is in the queue."))
    return redirect("leaders-usability-issue", key=key)


@require_http_methods(["GET", "POST"])
@for_duty(Duty.SEE_FIGURES)
def issue(request: HttpRequest, key: str) -> HttpResponse:
    """One thing in the queue: what it costs, and closing it by a measurement."""
    session = leading(request)
    stands = standing(session, ISSUES, key)
    form = CloseForm(request.POST or None, initial={"version": stands.version})
    if request.method == "POST":
        if not _leads(request) or stands.body.closed:
            raise NotFound("there is no such page")
        if form.is_valid() and _closed(request, session, key, form):
            return redirect("leaders-usability-issue", key=key)
    context = {
        "issue": stands.body,
        "hours": plain(stands.body.hours_a_year),
        "by_day": plain(stands.body.hours_a_day_of_effort),
        "source": words.SOURCES[stands.body.source],
        "fix": words.FIXES[stands.body.fix],
        "reach": words.REACHES[stands.body.reach],
        "means": words.MEANS[stands.body.measured.means] if stands.body.measured else "",
        "won": _won(stands.body),
        "form": form if _leads(request) and not stands.body.closed else None,
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "leaders/usability_issue.html", context, status=status)


@require_http_methods(["GET", "POST"])
@for_duty(*sorted(LEADING))
def export(request: HttpRequest, key: str, place: int) -> HttpResponse:
    """Hand a measure of a pathway to the queue: out of the one and into the other as one act."""
    session = leading(request)
    found = pathway_queries.improvement(session, key)
    if not 1 <= place <= len(found.body.measures):
        raise NotFound("there is no such page")
    measure = found.body.measures[place - 1]
    if measure.within_platform or Act.EXPORT not in MEASURE_FOLLOWS[measure.status]:
        raise NotFound("there is no such page")
    first = {"version": found.version, "workflow": measure.title, "days": 220, "reach": "shared"}
    form = ExportForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        issue_key = f"{key}-{place}"
        try:
            with transaction():
                pathways.export_measure(session, key, place, seen=form.cleaned_data["version"])
                keeping.report_issue(session, form.issue(issue_key))
        except PathwayRefused:
            form.add_error(
                None, gettext("This measure has been handed over, or needs no development.")
            )
        except PreconditionFailed:
            form.add_error(None, gettext(
                "Somebody else has changed this meanwhile. Look at it, then save again."
            ))  # fmt: skip
        else:
            messages.success(request, gettext("It is in the queue."))
            return redirect("leaders-usability-issue", key=issue_key)
    context = {"form": form, "measure": measure, "key": key, "project": found.body.project}
    status = 422 if request.method == "POST" else 200
    return page(request, "leaders/pathway_export.html", context, status=status)


def _closed(request: HttpRequest, session: Session, key: str, form: CloseForm) -> bool:
    try:
        keeping.close_issue(
            session, key, measured=form.measured(), seen=form.cleaned_data["version"]
        )
    except Refused as refused:
        form.add_error("after", str(words.REFUSALS[refused.why]))
    except PreconditionFailed:
        messages.warning(request, gettext(
            "Somebody else has changed this meanwhile. Look at it, then save again."
        ))  # fmt: skip
        return True
    else:
        messages.success(request, gettext("It is closed."))
        return True
    return False


def _won(issue: UsabilityIssue) -> str:
    won = hours_won(issue)
    return "" if won is None else plain(won)


def _leads(request: HttpRequest) -> bool:
    return not duties_of(request).isdisjoint(LEADING)


__all__ = ["export", "issue", "new_issue", "queue"]
