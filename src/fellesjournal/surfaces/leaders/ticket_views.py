"""Tickets after go-live against the expected curve, with what tells silence from peace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from fellesjournal.access.policy.rules import Duty
from fellesjournal.fhir.issues import NotFound, PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.leadership.figures.intervals import Interval
from fellesjournal.leadership.rollout import actions, queries
from fellesjournal.leadership.rollout.assumptions import Assumptions
from fellesjournal.leadership.rollout.fitting import fitted
from fellesjournal.leadership.rollout.resources import TicketDay, TicketLog
from fellesjournal.leadership.rollout.tickets import (
    Against,
    Curve,
    against,
    assumed_curve,
    by_chance,
)
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders import rollout_words as words
from fellesjournal.surfaces.leaders.amounts import percent, plain
from fellesjournal.surfaces.leaders.follow_up_forms import TicketsForm
from fellesjournal.surfaces.leaders.pages import leading, may, page
from fellesjournal.surfaces.leaders.rollout_views import OVERTAKEN

WIDTH, HEIGHT, MARGIN = 640, 200, 24
LEAST_DAYS = 30
"""The curve is drawn for a month at least."""


@require_http_methods(["GET", "POST"])
@for_duty(Duty.SEE_FIGURES)
def tickets(request: HttpRequest, actor: str) -> HttpResponse:
    """The days of an organisation against what was expected of each."""
    session = leading(request)
    programme, stands = queries.programme(session).body, queries.tickets(session, actor)
    plan, log = programme.plan(actor), stands.body
    if plan is None:
        raise NotFound("there is no such page")
    form = TicketsForm(
        request.POST or None,
        initial={
            "version": stands.version,
            "users": log.users if log else None,
            "day": log.days[-1].day + 1 if log else 0,
            "reason": gettext("Daily count"),
        },
    )
    if request.method == "POST" and form.is_valid():
        return _saved(request, actor, form)
    go_live = plan.go_live(programme.wave(plan.wave))
    assumed = queries.assumptions(session, clock.today())
    others = tuple(each for each in queries.sites(session, programme) if each.name != actor)
    try:
        curve, is_fitted = fitted(others), True
    except ValueError:  # too few days elsewhere
        curve, is_fitted = assumed_curve(assumed), False
    context = {
        "organisation": programme.actor(actor),
        "go_live": go_live,
        "log": log,
        "rows": [_row(each, log, curve, go_live, assumed) for each in log.days] if log else [],
        "chart": _chart(log, curve, go_live) if log else None,
        "is_fitted": is_fitted,
        "sites": len(others),
        "curve": [plain(curve.a, 3), plain(curve.tau, 1), plain(curve.b, 3)],
        "form": form,
        "may_save": may(request, Duty.ROLL_OUT),
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "leaders/tickets.html", context, status=status)


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
        "is_signal": _is_signal(found),
        "may_be_silent": found.may_be_silent(assumed),
        "beside": [(name, text) for name, text in beside if text],
    }


def _is_signal(found: Against) -> bool:
    return not found.interval.low <= 1 <= found.interval.high


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


@dataclass(frozen=True, slots=True)
class Chart:
    """The band of chance, the expected curve and the counted days, as SVG attributes."""

    width: int
    height: int
    axes: str
    band: str
    line: str
    dots: tuple[tuple[str, str, bool], ...]
    top: str
    last: int
    label: str


def _chart(log: TicketLog, curve: Curve, go_live: date) -> Chart:
    last = max(LEAST_DAYS, *(each.day for each in log.days))
    expected = [curve.expected(log.users, day, go_live) for day in range(last + 1)]
    bands = [by_chance(each) for each in expected]
    top = max(*(each.high for each in bands), *(each.tickets for each in log.days), 1.0)

    def at(day: int, tickets: float) -> str:
        return f"{_x(day, last)},{_y(tickets, top)}"

    upper = [at(day, each.high) for day, each in enumerate(bands)]
    lower = [at(day, each.low) for day, each in enumerate(bands)]
    outside = {
        each.day for each in log.days if _is_signal(against(each.tickets, expected[each.day]))
    }
    label = gettext("%(days)s days counted, %(signals)s of them outside what chance explains") % {
        "days": len(log.days),
        "signals": len(outside),
    }
    return Chart(
        WIDTH,
        HEIGHT,
        f"M{MARGIN},{MARGIN} V{HEIGHT - MARGIN} H{WIDTH - MARGIN}",
        " ".join([*upper, *reversed(lower)]),
        " ".join(at(day, each) for day, each in enumerate(expected)),
        tuple(
            (str(_x(each.day, last)), str(_y(each.tickets, top)), each.day in outside)
            for each in log.days
        ),
        plain(top),
        last,
        label,
    )


def _x(day: int, last: int) -> float:
    return round(MARGIN + day / last * (WIDTH - 2 * MARGIN), 1)


def _y(tickets: float, top: float) -> float:
    return round(HEIGHT - MARGIN - tickets / top * (HEIGHT - 2 * MARGIN), 1)
