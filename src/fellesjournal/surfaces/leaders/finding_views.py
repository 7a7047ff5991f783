"""Reviews from outside and what they found: answered, closed by a second person on evidence, open
again when it comes back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound, PreconditionFailed, Unprocessable
from fellesjournal.foundation.ui.forms import form_key
from fellesjournal.leadership.decisions import keeping
from fellesjournal.leadership.decisions.actors import actors, speaks_for
from fellesjournal.leadership.decisions.findings import (
    FOLLOWS,
    Act,
    Finding,
    Review,
    ReviewStatus,
    State,
    to_answer,
)
from fellesjournal.leadership.decisions.refusals import Refused
from fellesjournal.leadership.decisions.structure import LEADING, REVIEWS
from fellesjournal.leadership.documents.queries import all_standing, standing
from fellesjournal.leadership.documents.resources import Document
from fellesjournal.surfaces.duties import duties_of, for_duty
from fellesjournal.surfaces.leaders import decision_words as words
from fellesjournal.surfaces.leaders.finding_forms import (
    AnswerForm,
    CloseForm,
    FindingForm,
    RecurForm,
    ReviewForm,
    VersionForm,
)
from fellesjournal.surfaces.leaders.indicator_words import Shown
from fellesjournal.surfaces.leaders.pages import leading, page
from fellesjournal.surfaces.leaders.watch_words import figure_of, newest, rule_of


@require_GET
@for_duty(Duty.SEE_FIGURES)
def reviews(request: HttpRequest) -> HttpResponse:
    """What her organisation has to answer first, then all reviews."""
    session = leading(request)
    names = _names(session)
    actor = speaks_for(session, names)
    found = all_standing(session, REVIEWS)
    by_review = {id(each.body): each.key for each in found}
    context = {
        "actor": names.get(actor, ""),
        "waiting": [
            (by_review[id(review)], review, finding, words.SEVERITIES[finding.severity])
            for review, finding in to_answer([each.body for each in found], actor)
        ],
        "reviews": [_review_row(each) for each in sorted(found, key=lambda each: each.body.body)],
        "leads": _leads(request),
    }
    return page(request, "leaders/reviews.html", context)


@require_http_methods(["GET", "POST"])
@for_duty(*sorted(LEADING))
def new_review(request: HttpRequest) -> HttpResponse:
    """Write down a review."""
    form = ReviewForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        status = 200 if request.method == "GET" else 422
        return page(request, "leaders/review_new.html", {"form": form}, status=status)
    said, key = form.cleaned_data, form_key(request)
    review = Review(said["body"], said["title"], said["day"], ReviewStatus(said["status"]))
    try:
        keeping.add_review(leading(request), key=key, review=review)
    except PreconditionFailed:
        messages.info(request, gettext("This was sent before."))
    else:
        messages.success(request, gettext("Saved."))
    return redirect("leaders-review", key=key)


@require_http_methods(["GET", "POST"])
@for_duty(Duty.SEE_FIGURES)
def review(request: HttpRequest, key: str) -> HttpResponse:
    """One review with its findings; a new finding is written down here."""
    session = leading(request)
    stands = standing(session, REVIEWS, key)
    names = _names(session)
    form = None
    if _leads(request) and stands.body.status is not ReviewStatus.ANNOUNCED:
        form = FindingForm(
            request.POST or None, initial={"version": stands.version}, actors=list(names.items())
        )
    if request.method == "POST":
        if form is None:
            raise NotFound("there is no such page")
        if form.is_valid():
            finding, seen = form.finding(), form.cleaned_data["version"]
            try:
                keeping.add_finding(session, key, finding, seen=seen)
            except PreconditionFailed:
                _meanwhile(request)
            else:
                messages.success(request, gettext("Saved."))
            return redirect("leaders-review", key=key)
    return _page(request, session, stands, names, form)


@require_POST
@for_duty(Duty.SEE_FIGURES)
def finding_act(request: HttpRequest, key: str, place: int, act: str) -> HttpResponse:
    """Answer a finding, close it on evidence, or say that it came back."""
    session = leading(request)
    stands = standing(session, REVIEWS, key)
    if not 1 <= place <= len(stands.body.findings) or act not in set(Act):
        raise NotFound("there is no such page")
    form = _act_form(Act(act), stands.body.findings[place - 1], request.POST)
    if not form.is_valid():
        return _page(request, session, stands, _names(session), None, (place, act, form))
    try:
        _do(session, key, place, form)
    except Refused as refused:
        form.add_error(None, str(words.REFUSALS[refused.why]))
        return _page(request, session, stands, _names(session), None, (place, act, form))
    except Unprocessable:
        messages.error(request, gettext("A closed finding opens by a figure that is linked to it."))
    except PreconditionFailed:
        _meanwhile(request)
    else:
        messages.success(request, gettext("Saved."))
    return redirect("leaders-review", key=key)


def _act_form(act: Act, finding: Finding, said: Any = None, first: Any = None) -> VersionForm:
    if act is Act.RECUR:
        return RecurForm(said, initial=first, indicators=finding.indicators)
    if act is Act.CLOSE:
        return CloseForm(said, initial=first, indicators=finding.indicators)
    return AnswerForm(said, initial=first)


def _do(session: Session, key: str, place: int, form: VersionForm) -> None:
    said = form.cleaned_data
    seen = said["version"]
    if isinstance(form, AnswerForm):
        keeping.answer_finding(session, key, place, text=said["text"], seen=seen)
    elif isinstance(form, CloseForm):
        keeping.close_finding(
            session, key, place, evidence=form.listed(), text=said["text"], seen=seen,
            watch=form.rule(session),
        )  # fmt: skip
    else:
        keeping.recur(session, key, place, indicator=said["indicator"], seen=seen)


def _page(
    request: HttpRequest,
    session: Session,
    stands: Document[Review],
    names: dict[str, str],
    form: FindingForm | None,
    typed: tuple[int, str, VersionForm] | None = None,
) -> HttpResponse:
    leads, actor = _leads(request), speaks_for(session, names)
    mine = set(names) if leads else {actor}
    rows = []
    now = newest(session, stands.body.findings, actor)
    for place, finding in enumerate(stands.body.findings, 1):
        forms_of: dict[str, VersionForm] = {}
        for act in _open_acts(finding, leads=leads, is_ours=actor in finding.addressed_to):
            made = _act_form(act, finding, first={"version": stands.version})
            made.auto_id = f"f{place}-{act}-%s"
            forms_of[act.value] = made
        if typed is not None and typed[0] == place:
            typed[2].auto_id = f"f{place}-{typed[1]}-%s"
            forms_of[typed[1]] = typed[2]
        rows.append({
            "place": place, "finding": finding, "state": words.STATES[finding.state],
            "severity": words.SEVERITIES[finding.severity],
            "to": [names.get(each, each) for each in finding.addressed_to],
            "trail": [
                (words.HAPPENED[each.act], each, figure_of(each.figure, names, mine))
                for each in finding.trail
            ],
            "forms": forms_of, "rule": rule_of(session, finding),
            "newest": _newest(finding, now, actor),
        })  # fmt: skip
    found = stands.body.status
    context = {
        "own": names.get(actor, ""), "key": stands.key, "review": stands.body, "rows": rows, "form": form,
        "status": "" if found is None else words.REVIEW_STATUSES[found],
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return page(request, "leaders/review.html", context, status=status)


def _newest(finding: Finding, now: Mapping[str, Shown], actor: str) -> Shown | None:
    """The figure that a closed finding waits for, to whom it was addressed."""
    if finding.watch is None or finding.state is not State.CLOSED:
        return None
    return now.get(finding.watch.indicator) if actor in finding.addressed_to else None


def _open_acts(finding: Finding, *, leads: bool, is_ours: bool) -> list[Act]:
    """What she may try; the action asks again, also whether she is the second person."""
    may = {Act.ANSWER: is_ours, Act.CLOSE: leads or is_ours,
           Act.RECUR: leads and bool(finding.indicators)}  # fmt: skip
    return [act for act in FOLLOWS[finding.state] if may[act]]


def _review_row(each: Document[Review]) -> dict[str, Any]:
    open_ones = sum(one.state is not State.CLOSED for one in each.body.findings)
    status = each.body.status
    return {
        "key": each.key, "review": each.body, "open": open_ones, "all": len(each.body.findings),
        "status": "" if status is None else words.REVIEW_STATUSES[status],
    }  # fmt: skip


def _names(session: Session) -> dict[str, str]:
    return {each.reference: each.name for each in actors(session)}


def _meanwhile(request: HttpRequest) -> None:
    messages.warning(request, gettext(
        "Somebody else has changed this meanwhile. Look at it, then save again."
    ))  # fmt: skip


def _leads(request: HttpRequest) -> bool:
    return not duties_of(request).isdisjoint(LEADING)


__all__ = ["finding_act", "new_review", "review", "reviews"]
