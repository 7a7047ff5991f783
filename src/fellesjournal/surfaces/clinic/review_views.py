"""The leader's page of emergency access to review, and what staff are asked about their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET, require_POST

from fellesjournal.access.follow_ups import FollowUp, close, follow_ups
from fellesjournal.access.officers import NobodyToTell
from fellesjournal.access.openings import may_break_glass
from fellesjournal.access.readlog.leave import reviews_all
from fellesjournal.access.readlog.words import Language
from fellesjournal.access.reported import Reported, decide_report, reported
from fellesjournal.access.review_decisions import answer, decide
from fellesjournal.access.reviews import Outcome, Review, may_review, own, reviews
from fellesjournal.access.sessions import Session
from fellesjournal.access.unusual import unusual
from fellesjournal.fhir.issues import FhirError
from fellesjournal.foundation import clock
from fellesjournal.surfaces.clinic.access_words import ReviewRow, review_row, role_title
from fellesjournal.surfaces.clinic.forms import (
    Answer,
    Days,
    Decision,
    FollowedUp,
    ReportDecision,
)
from fellesjournal.surfaces.clinic.signed_in import access_session, staff_only

_GONE = frozenset({400, 404, 409, 412})


@staff_only
@require_GET
def to_review(request: HttpRequest) -> HttpResponse:
    """Emergency access at her unit that awaits a decision, and what was decided."""
    return _reviews(request)


@staff_only
@require_POST
def decision(request: HttpRequest, task_id: str) -> HttpResponse:
    """Justified, not justified, or a question to her who opened the record."""
    session = _reviewer(request)
    form = Decision(request.POST, auto_id=f"{task_id}-%s")
    if not form.is_valid():
        return _reviews(request, task_id, form)
    said = form.cleaned_data
    _carry_out(
        request,
        lambda: decide(session, task_id, said["version"], Outcome(said["outcome"]), said["text"]),
        gettext("Your decision is noted."),
    )
    return redirect("reviews")


@staff_only
@require_POST
def report_decision(request: HttpRequest, task_id: str) -> HttpResponse:
    """Whether a reading that a citizen reported was justified; she is told."""
    session = access_session(request)
    if not reviews_all(session):
        raise Http404
    form = ReportDecision(request.POST, auto_id=f"{task_id}-%s")
    if not form.is_valid():
        return _reviews(request, task_id, form)
    said = form.cleaned_data
    _carry_out(
        request,
        lambda: decide_report(
            session, task_id, said["version"], Outcome(said["outcome"]), said["text"]
        ),
        gettext("Your decision is noted, and the citizen is told."),
    )
    return redirect("reviews")


@staff_only
@require_POST
def followed_up(request: HttpRequest, task_id: str) -> HttpResponse:
    """What came of taking a reading up with the organisation whose employee it was."""
    session = access_session(request)
    if not reviews_all(session):
        raise Http404
    form = FollowedUp(request.POST, auto_id=f"{task_id}-%s")
    if not form.is_valid():
        return _reviews(request, task_id, form)
    said = form.cleaned_data
    _carry_out(
        request,
        lambda: close(session, task_id, said["version"], said["text"]),
        gettext("The follow-up is ended."),
    )
    return redirect("reviews")


@staff_only
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Her own emergency access: what was asked and decided."""
    return _mine(request)


@staff_only
@require_POST
def reply(request: HttpRequest, task_id: str) -> HttpResponse:
    """Her answer to the leader's question."""
    session = access_session(request)
    form = Answer(request.POST, auto_id=f"{task_id}-%s")
    if not form.is_valid():
        return _mine(request, task_id, form)
    said = form.cleaned_data
    _carry_out(
        request,
        lambda: answer(session, task_id, said["version"], said["text"]),
        gettext("Your answer is sent to your leader."),
    )
    return redirect("own-openings")


@staff_only
@require_GET
def reading(request: HttpRequest) -> HttpResponse:
    """Reading that is unusual, each flag in words: of the last week unless days are chosen."""
    session = _reviewer(request)
    today = clock.today()
    form = Days(request.GET or None)
    first, last = today - timedelta(days=6), today
    if form.is_valid():
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
    found = unusual(session, first, last)
    language = get_language() or "nb"
    return render(
        request,
        "clinic/reading.html",
        {
            "form": form,
            "first": first,
            "last": last,
            "rows": [
                (row, role_title(row.remark.role), row.remark.explanation(_language(language)))
                for row in found
            ],
        },
    )


def _carry_out(request: HttpRequest, act: Callable[[], object], done: str) -> None:
    """Do it and say so, or say what stands in the way."""
    try:
        act()
    except FhirError as error:
        _tell_changed(request, error)
    except NobodyToTell:
        _tell_nobody(request)
    else:
        messages.success(request, done)


def _reviewer(request: HttpRequest) -> Session:
    """The session of somebody who may review; for everybody else there is no such page."""
    session = access_session(request)
    if not may_review(session):
        raise Http404
    return session


def _language(code: str) -> Language:
    return "en" if code == "en" else "nn" if code == "nn" else "nb"


def _reviews(
    request: HttpRequest,
    task_id: str = "",
    bound: Decision | ReportDecision | FollowedUp | None = None,
) -> HttpResponse:
    session = _reviewer(request)
    found = reviews(session)
    waiting = [review for review in found if review.is_open]
    forms = {review.task: _decision_form(review) for review in waiting}
    if isinstance(bound, Decision) and task_id in forms:
        forms[task_id] = bound
    return render(
        request,
        "clinic/reviews.html",
        {
            "waiting": [(review_row(review), forms[review.task]) for review in waiting],
            "decided": [review_row(review) for review in found if not review.is_open],
            "bound": bound,
            **(_of_officer(session, task_id, bound) if reviews_all(session) else {}),
        },
    )


def _of_officer(session: Session, task_id: str, bound: Form | None) -> dict[str, object]:
    """What is for those who review all reading: reports by citizens, and what is followed up."""
    reports = reported(session, _language(get_language() or "nb"))
    open_reports = [
        (each, _form(ReportDecision, each, task_id, bound)) for each in reports if each.is_open
    ]
    found = follow_ups(session)
    open_follow_ups = [
        (each, _form(FollowedUp, each, task_id, bound)) for each in found if each.is_open
    ]
    return {
        "is_officer": True,
        "reports": open_reports,
        "follow_ups": open_follow_ups,
        "ended_reports": [each for each in reports if not each.is_open],
        "ended_follow_ups": [each for each in found if not each.is_open],
    }


def _form(
    kind: type[ReportDecision | FollowedUp],
    about: Reported | FollowUp,
    task_id: str,
    bound: Form | None,
) -> Form:
    if isinstance(bound, kind) and about.task == task_id:
        return bound
    return kind(initial={"version": about.version}, auto_id=f"{about.task}-%s")


def _mine(request: HttpRequest, task_id: str = "", bound: Answer | None = None) -> HttpResponse:
    session = access_session(request)
    found = own(session)
    if not found and not may_break_glass(session):
        raise Http404
    rows: list[tuple[ReviewRow, Answer | None]] = []
    for review in found:
        form = None
        if review.outcome is Outcome.ASKED:
            is_bound = bound is not None and review.task == task_id
            form = bound if is_bound else _answer_form(review)
        rows.append((review_row(review), form))
    return render(request, "clinic/own_openings.html", {"rows": rows, "bound": bound})


def _decision_form(review: Review) -> Decision:
    return Decision(initial={"version": review.version}, auto_id=f"{review.task}-%s")


def _answer_form(review: Review) -> Answer:
    return Answer(initial={"version": review.version}, auto_id=f"{review.task}-%s")


def _tell_nobody(request: HttpRequest) -> None:
    messages.warning(
        request,
        gettext(
            "No data protection officer is registered who could follow this up."
            " Nothing was saved: tell the administrator."
        ),
    )


def _tell_changed(request: HttpRequest, error: FhirError) -> None:
    if error.status not in _GONE:
        raise error
    messages.warning(request, gettext("This was changed meanwhile. Nothing was saved: look again."))
