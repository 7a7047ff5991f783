"""Units made at random, with schedules open over both nights on which clocks change: each row of the schedule
dashboard is what minutes counted one by one give.
"""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime
from itertools import pairwise
from statistics import mean, median
from typing import Any

import pytest

from fellesjournal.foundation import clock
from fellesjournal.leadership.figures.suppression import Rule
from fellesjournal.leadership.indicators.flattening import keep_up
from fellesjournal.leadership.indicators.schedule.dashboard import Dashboard, dashboard, span
from fellesjournal.leadership.indicators.schedule.flags import Flag
from fellesjournal.leadership.indicators.schedule.reading import diaries
from fellesjournal.leadership.indicators.schedule.tallies import Key, unused_overbooking
from fellesjournal.leadership.indicators.schedule.views import TABLES
from fellesjournal.leadership.indicators.schedule.waiting import Wait
from tests.leadership.indicators import brute_schedule
from tests.leadership.indicators.brute import grouped
from tests.leadership.indicators.brute_schedule import Desk, books, days_until, rows
from tests.leadership.indicators.clinics import Clinic
from tests.leadership.indicators.records import DAY, load
from tests.leadership.indicators.regions import given_out
from tests.leadership.indicators.views import FLATTENER
from tests.staff import SYSTEM

EVERYTHING = Rule(denominator=0, count=0)
HORIZON, SHOWN = 40, 6
LOOKS = (
    (date(2023, 3, 1), datetime(2023, 3, 28, 9, 17, tzinfo=UTC)),
    (date(2023, 3, 1), datetime(2023, 4, 1, 0, 0, tzinfo=UTC)),
    (
        date(2022, 10, 1),
        datetime(2022, 10, 30, 23, 30, tzinfo=UTC),
    ),  # the last of October in Norway
)
"""The month that is looked at, and when."""


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_record")
@pytest.mark.parametrize("seed", [20221030, 20230326, pytest.param(7, marks=pytest.mark.thorough)])
def test_every_row_is_what_minutes_one_by_one_give(seed: int) -> None:
    made = list(Clinic(seed).resources())
    load(made)
    resources = grouped(given_out({each["resourceType"] for each in made}))
    keep_up(FLATTENER, TABLES, seconds=60)
    for place in ("here", "there"):
        kept = books(resources, f"Organization/{place}")
        for day, now in LOOKS:
            with clock.at(now):
                found = dashboard(
                    diaries(SYSTEM, f"Organization/{place}", span(day, now, SHOWN)), day, now, shown=SHOWN,
                    horizon=HORIZON, rule=EVERYTHING,
                )  # fmt: skip
            _same(found, Desk(kept, now), day, place)


def _same(found: Dashboard, desk: Desk, day: date, place: str) -> None:
    today = desk.now.astimezone(clock.NORWAY).date()
    end = min(_after(day), max(today, day + DAY))
    before, is_over = _before(day), end == _after(day)
    like = day if is_over else min(before + (end - day), day)
    periods = {
        "now": (day, end), "before": (before, day), "like": (before, like),
        "year": (day.replace(month=1), end), "year_before": (_year_before(day.replace(month=1)), _year_before(end)),
    }  # fmt: skip
    for one in found.compared:
        for column, (first, last) in periods.items():
            told = rows(desk.over(days_until(first, last)))
            _cell(
                getattr(one, column), told[one.key], f"{place} {day} {desk.now} {column} {one.key}"
            )
    assert {each.key for each in found.compared} == set(rows(Counter()))
    months = [day]
    while len(months) < SHOWN:
        months.insert(0, _before(months[0]))
    for month, each in zip(months, found.months, strict=True):
        counted = desk.over(
            days_until(month, min(_after(month), end) if month == day else _after(month))
        )
        where = f"{place} {day} {desk.now} {month}"
        for key, value in rows(counted).items():
            _cell(each.values[Key(key)], value, f"{where} {key}")
        assert (each.unused, each.unused_minutes) == (
            counted["unused"],
            counted["unused_minutes"],
        ), where
        at = min(desk.now, brute_schedule.wall(_after(month), "00:00"))
        _waits(each.wait, desk.middle_wait(at, HORIZON), where)
        assert each.is_over == (_after(month) <= today), where
    _signal(found, [rows(desk.over(days_until(each, _after(each))))["completed"] for each in months
                    if _after(each) <= today])  # fmt: skip
    _kinds(found, desk, day, end, place)


def _kinds(found: Dashboard, desk: Desk, day: date, end: date, place: str) -> None:
    at = min(desk.now, brute_schedule.wall(end, "00:00"))
    assert len(found.kinds) == 3
    for each in found.kinds:
        where = f"{place} {day} {desk.now} kind {each.kind!r}"
        for key, value in rows(desk.over(days_until(day, end), each.kind)).items():
            _cell(each.values[Key(key)], value, f"{where} {key}")
        if any(each.kind in book.kinds for book in desk.books):
            _waits(each.wait, desk.middle_wait(at, HORIZON, each.kind), where)
    every = {(name, kind): wait for name, kind, wait in found.waits}
    at = min(desk.now, brute_schedule.wall(_after(day), "00:00"))
    for book in desk.books:
        for kind in book.kinds:
            _waits(every.pop((book.schedule["id"], kind)), book.wait(kind, at, HORIZON), place)
    assert not every


def _cell(found: Any, told: Any, where: str) -> None:
    assert not found.is_hidden, where
    if isinstance(told, tuple):
        assert found.of == told, where
        value = told[0] / told[1] if told[1] else None
        assert found.ratio.value == (None if value is None else pytest.approx(value)), where
    else:
        assert found.ratio.value == told, where


def _waits(found: Wait | None, told: int | None, where: str) -> None:
    assert found == (Wait(HORIZON, is_censored=True) if told is None else Wait(told)), where


def _signal(found: Dashboard, completed: list[int]) -> None:
    """Mean, limits and outliers of the whole months."""
    if len(completed) < 4:
        assert found.signal is None
        return
    assert found.signal is not None
    ranges = [abs(b - a) for a, b in pairwise(completed)]
    middle, reach = mean(completed), 2.66 * mean(ranges)
    assert list(found.signal.values) == completed
    assert [found.signal.chart.low, found.signal.chart.high] == pytest.approx(
        [middle - reach, middle + reach]
    )
    outside = [n for n, each in enumerate(completed) if abs(each - middle) > reach]
    assert [found.signal.months.index(each) for each in found.signal.outside] == outside
    typical = median(completed)
    spread = median(abs(each - typical) for each in completed)
    for n, each in enumerate(completed):
        far = 0.6745 * abs(each - typical) / spread > 3.5 if spread else each != typical
        assert (Flag.OUTLIER in found.months[n].values[Key.COMPLETED].flags) == far


def _after(month: date) -> date:
    return (month + 31 * DAY).replace(day=1)


def _before(month: date) -> date:
    return (month - DAY).replace(day=1)


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_allowed_overbookings_are_counted_one_by_one(seed: int) -> None:
    chance = random.Random(seed)
    pairs = [(chance.randint(0, 4), chance.randint(0, 4)) for _ in range(30)]
    assert unused_overbooking(pairs) == brute_schedule.unused_overbooking(pairs)
