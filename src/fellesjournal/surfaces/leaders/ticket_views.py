"""Tickets after go-live against the expected curve, with what tells silence from peace."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound, PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.leadership.figures.intervals import Interval
from fellesjournal.leadership.rollout import actions, queries
from fellesjournal.leadership.rollout.assumptions import Assumptions
from fellesjournal.leadership.rollout.fitting import fitted
from fellesjournal.leadership.rollout.resources import TicketDay, TicketLog
from fellesjournal.leadership.rollout.support import figures
from fellesjournal.leadership.rollout.support.curve import days_since, sites
from fellesjournal.leadership.rollout.tickets import Curve, against, assumed_curve
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders import rollout_words as words
from fellesjournal.surfaces.leaders.amounts import percent, plain
from fellesjournal.surfaces.leaders.follow_up_forms import TicketsForm, UsersForm
from fellesjournal.surfaces.leaders.pages import leading, may, page
from fellesjournal.surfaces.leaders.rollout_views import OVERTAKEN
from fellesjournal.surfaces.leaders.ticket_drawing import chart, is_signal
from fellesjournal.surfaces.leaders.ticket_service import service

SHOWN_DAYS = 60
"""So far back days are shown; assumption (configurable)."""


@require_http_methods(["GET", "POST"])
@for_duty(Duty.SEE_FIGURES)
def tickets(request: HttpRequest, actor: str) -> HttpResponse:
    """The days of an organisation against what was expected of each."""
    session = leading(request)
    programme, stands = queries.programme(session).body, queries.tickets(session, actor)
    plan = programme.plan(actor)
    if plan is None:
        raise NotFound("there is no such page")
    form = TicketsForm(
        request.POST or None,
        initial={
            "version": stands.version,
            "users": stands.body.users if stands.body else None,
            "day": stands.body.days[-1].day + 1 if stands.body and stands.body.days else 0,
            "reason": gettext("Daily count"),
        },
    )
    if request.method == "POST" and form.is_valid():
        return _saved(request, actor, form)
    go_live = plan.go_live(programme.wave(plan.wave))
    assumed = queries.assumptions(session, clock.today())
    answered = figures.counted(session, actor, clock.now(), assumed)
    log = _with_reports(session, actor, stands.body, go_live, answered.first)
    others = tuple(each for each in sites(session, programme, clock.today()) if each.name != actor)
    try:
        curve, is_fitted = fitted(others), True
    except ValueError:  # too few days elsewhere
        curve, is_fitted = assumed_curve(assumed), False
    context = {
        "organisation": programme.actor(actor),
        "go_live": go_live,
        "log": log,
        "rows": [_row(each, log, curve, go_live, assumed) for each in log.days] if log else [],
        "chart": chart(log, curve, go_live) if log else None,
        "answered": service(answered, assumed),
        "reports": answered,
        "helps": may(request, Duty.ROLL_OUT),
        "is_fitted": is_fitted,
        "sites": len(others),
        "curve": [plain(curve.a, 3), plain(curve.tau, 1), plain(curve.b, 3)],
        "form": form,
        "users_form": UsersForm(initial={"version": stands.version}, prefix="all")
        if stands.body is None and answered.reports
        else None,
        "may_save": may(request, Duty.ROLL_OUT),
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "leaders/tickets.html", context, status=status)


@require_POST
@for_duty(Duty.ROLL_OUT)
def users(request: HttpRequest, actor: str) -> HttpResponse:
    """Say how many use the platform there: what makes reports comparable with what was expected."""
    form = UsersForm(request.POST, prefix="all")
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.count_users(leading(request), actor, said["users"], seen=said["version"])
        except PreconditionFailed:
            messages.warning(request, str(OVERTAKEN))
        else:
            messages.success(request, gettext("Saved."))
    else:
        messages.warning(request, gettext("Give a number of users, one at least."))
    return redirect("leaders-tickets", actor)


def _with_reports(
    session: Session, actor: str, log: TicketLog | None, go_live: date, first: date | None
) -> TicketLog | None:
    """The days as they are shown; None while there are none, or nobody has said how many users."""
    if log is None:
        return None
    today = clock.today()
    since = max(go_live, today - timedelta(days=SHOWN_DAYS))
    found = figures.by_day(session, actor, since) if first else []
    days = days_since(go_live, log, found, first=first, since=since, until=today)
    return TicketLog(log.users, days) if days else None


def _saved(request: HttpRequest, actor: str, form: TicketsForm) -> HttpResponse:
    said = form.cleaned_data
    try:
        actions.count_tickets(
            leading(request), actor, form.counted(), users=said["users"], seen=said["version"],
            reason=said["reason"],
        )  # fmt: skip
    except PreconditionFailed:
        messages.warning(request, str(OVERTAKEN))
    else:
        messages.success(request, gettext("Saved."))
    return redirect("leaders-tickets", actor)


def _row(
    day: TicketDay, log: TicketLog, curve: Curve, go_live: date, assumed: Assumptions
) -> dict[str, Any]:
    found = against(day.tickets, curve.expected(log.users, day.day, go_live))
    beside = [
        (gettext("tickets per active user"), _share(day.tickets, day.active_users)),
        (gettext("notes of floor-walkers"), _shown(day.floor_notes)),
        (gettext("opened again"), _part(day.reopened, day.tickets)),
        (gettext("failures that nobody reported"), _shown(day.silent_failures)),
    ]
    return {
        "day": day.day,
        "date": go_live + timedelta(days=day.day),
        "tickets": plain(day.tickets),
        "expected": plain(found.expected, 1),
        "ratio": plain(found.ratio, 2),
        "interval": _interval(found.interval),
        "signal": words.SIGNALS[found.signal],
        "is_signal": is_signal(found),
        "may_be_silent": found.may_be_silent(assumed),
        "beside": [(name, text) for name, text in beside if text],
    }


def _interval(found: Interval) -> str:
    return gettext("%(low)s to %(high)s") % {
        "low": plain(found.low, 2),
        "high": plain(found.high, 2),
    }


def _share(count: int, of: int | None) -> str:
    return plain(Fraction(count, of), 3) if of else ""


def _part(count: int | None, of: int) -> str:
    return percent(Fraction(count, of)) if count is not None and of else ""


def _shown(count: int | None) -> str:
    return "" if count is None else plain(count)
