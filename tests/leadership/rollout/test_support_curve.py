"""The days of an organisation: as they were reported, and as they were typed before that."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from fellesjournal.foundation import clock
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.rollout.fixtures import published_programme
from fellesjournal.leadership.rollout.resources import TICKETS, TicketDay, TicketLog
from fellesjournal.leadership.rollout.support import actions
from fellesjournal.leadership.rollout.support.actions import Report
from fellesjournal.leadership.rollout.support.curve import days_since, sites
from fellesjournal.leadership.rollout.support.figures import Day
from fellesjournal.leadership.rollout.tickets import Category
from tests.staff import SYSTEM, employ

LIVE = date(2026, 6, 1)
SAID = Report(said="The list is empty", category=Category.DEFECT, severity=2, safety=False)
TYPED = TicketLog(10, (TicketDay(0, 9), TicketDay(1, 8), TicketDay(4, 7, active_users=5)))


def day(number: int) -> date:
    return LIVE + timedelta(days=number)


def shown(
    log: TicketLog | None, *found: tuple[int, int], first: int | None, since: int = 0, until: int
) -> list[tuple[int, int]]:
    days = days_since(
        LIVE, log, [Day(day(number), count, 0) for number, count in found],
        first=None if first is None else day(first), since=day(since), until=day(until),
    )  # fmt: skip
    return [(each.day, each.tickets) for each in days]


def test_without_a_report_what_was_typed_stands() -> None:
    assert shown(TYPED, first=None, since=50, until=90) == [(0, 9), (1, 8), (4, 7)]
    assert shown(None, first=None, until=9) == []


def test_from_the_first_report_on_a_day_without_one_has_none() -> None:
    assert shown(TYPED, (3, 2), (5, 1), first=3, until=7) == [
        (0, 9), (1, 8), (3, 2), (4, 0), (5, 1), (6, 0),
    ]  # fmt: skip


def test_the_day_that_is_not_over_is_left_out() -> None:
    assert shown(None, (3, 2), first=3, until=3) == []
    assert shown(None, (3, 2), first=3, until=4) == [(3, 2)]


def test_long_after_go_live_only_the_last_days_are_shown() -> None:
    assert shown(TYPED, (100, 2), first=3, since=99, until=102) == [(99, 0), (100, 2), (101, 0)]


def test_reports_before_go_live_are_of_no_day_after_it() -> None:
    assert shown(None, (0, 1), first=-5, until=2) == [(0, 1), (1, 0)]
    assert shown(None, first=-5, until=-1) == []


def test_what_was_typed_besides_stands_beside_a_reported_day() -> None:
    (found,) = days_since(
        LIVE, TYPED, [Day(day(4), 3, 1)], first=day(4), since=day(4), until=day(5)
    )
    assert (found.tickets, found.active_users, found.reopened) == (3, 5, 1)


@pytest.mark.django_db
def test_the_curve_is_fitted_on_reported_days_and_typed_ones_without_a_gap() -> None:
    programme = published_programme()
    plans = {plan.actor: plan.go_live(programme.wave(plan.wave)) for plan in programme.plans}
    whole, gap, later = "5025", "5031", "5001"
    for actor, typed in ((whole, (0, 1)), (gap, (0, 2)), (later, ())):
        log = TicketLog(50, tuple(TicketDay(number, 9) for number in typed))
        save(SYSTEM, TICKETS, key=actor, body=log, seen=0, reason="x")
    nurse = employ("n", "nurse", unit=whole)  # an Organization that is called as the place is
    late = employ("l", "nurse", unit=later)
    for session, days in ((nurse, (2, 2, 4)), (late, (30,))):
        for n, number in enumerate(days):
            opened = plans[session.unit.partition("/")[2]] + timedelta(days=number)
            with clock.at(datetime.combine(opened, time(12), UTC)):
                actions.report(session, SAID, key=str(n))
    (site,) = sites(SYSTEM, programme, plans[whole] + timedelta(days=6))
    assert (site.name, site.users, site.tickets) == (whole, 50, (9, 9, 2, 0, 1, 0))
