"""When planned actions and doses fall due; what can't be read is never taken for nothing."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.care.homecare.plans import Rule, activity
from fellesjournal.care.homecare.timing import (
    WEEKDAYS,
    Unreadable,
    action_window,
    dose_times,
    window,
)
from fellesjournal.fhir.dosage.elements import elements_of
from fellesjournal.fhir.dosage.structure import Dosage, Part, Period, Rhythm, Step, Weekday, When
from fellesjournal.foundation.clock import NORWAY

SINCE = date(2026, 1, 5)  # a Monday
DAYS = st.dates(SINCE, date(2027, 12, 31))


def _doses(day: date, **repeat: Any) -> list[str]:
    found = dose_times({"timing": {"repeat": repeat}}, day, SINCE)
    return [f"{at:%H:%M}" for at in found]


def test_parts_of_the_day_have_their_clock() -> None:
    repeat = {"frequency": 2, "period": 1, "periodUnit": "d", "when": ["MORN", "NIGHT"]}
    assert _doses(SINCE, **repeat) == ["08:00", "22:00"]


def test_so_many_times_a_day_are_spread() -> None:
    assert _doses(SINCE, frequency=3, period=1, periodUnit="d") == ["08:00", "14:00", "20:00"]


def test_exact_times_stand_as_they_are() -> None:
    assert _doses(SINCE, timeOfDay=["21:30:00", "07:15:00"]) == ["07:15", "21:30"]


def test_every_eight_hours_are_three_doses() -> None:
    assert _doses(SINCE, frequency=1, period=8, periodUnit="h") == ["00:00", "08:00", "16:00"]


def test_as_needed_is_never_planned() -> None:
    assert dose_times({"asNeededBoolean": True, "timing": {}}, SINCE, SINCE) == []


@given(first=DAYS)
def test_a_weekly_dose_falls_due_once_in_any_week(first: date) -> None:
    """INV-19 where it meets the day list: weekly never becomes daily."""
    week = [first + timedelta(days=step) for step in range(7)]
    counted = [len(_doses(day, frequency=1, period=1, periodUnit="wk")) for day in week]
    assert sum(counted) == 1
    named = [len(_doses(d, period=1, periodUnit="wk", dayOfWeek=["thu"])) for d in week]
    assert [d.weekday() for d, many in zip(week, named, strict=True) if many] == [3]


@given(first=DAYS, period=st.integers(2, 10))
def test_every_so_many_days_are_that_far_apart(first: date, period: int) -> None:
    due = [
        day for step in range(40)
        if _doses(day := first + timedelta(days=step), frequency=1, period=period, periodUnit="d")
    ]  # fmt: skip
    assert {(b - a).days for a, b in pairwise(due)} == {period}


@given(day=DAYS)
def test_a_monthly_dose_falls_on_the_day_of_the_month_it_began(day: date) -> None:
    due = _doses(day, frequency=1, period=1, periodUnit="mo")
    assert bool(due) == (day.day == SINCE.day)


def test_a_course_ends_when_its_days_are_over() -> None:
    course = {
        "frequency": 1, "period": 1, "periodUnit": "d",
        "boundsDuration": {"value": 7, "unit": "d", "code": "d"},
    }  # fmt: skip
    assert _doses(SINCE + timedelta(days=6), **course) == ["08:00"]
    assert _doses(SINCE + timedelta(days=7), **course) == []


@pytest.mark.parametrize(
    "dosage",
    [
        {"text": "as told"},
        {"timing": {"code": {"text": "BID"}}},
        {"timing": {"repeat": {"when": ["C"]}}},
        {"timing": {"repeat": {"frequency": 7, "period": 1, "periodUnit": "d"}}},
        {"timing": {"repeat": {"frequency": 3, "period": 1, "periodUnit": "wk"}}},
        {"timing": {"repeat": {"frequency": 1, "period": 0.5, "periodUnit": "d"}}},
        {"timing": {"repeat": {"frequency": 1, "period": 7, "periodUnit": "h"}}},
        {"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d", "count": 3}}},
        {"timing": {"repeat": {"frequency": 1, "frequencyMax": 3, "period": 1, "periodUnit": "d"}}},
        {"timing": {"repeat": {"frequency": 3, "period": 1, "periodUnit": "d", "when": ["MORN"]}}},
        {
            "timing": {
                "repeat": {
                    "frequency": 4,
                    "period": 1,
                    "periodUnit": "wk",
                    "dayOfWeek": ["mon", "thu"],
                }
            }
        },
    ],
)
def test_what_is_not_understood_is_said_and_never_left_out(dosage: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        dose_times(dosage, SINCE, SINCE)


@given(
    day=DAYS,
    weekdays=st.sets(st.sampled_from(WEEKDAYS), min_size=1),
    weeks=st.integers(1, 4),
)
def test_an_action_falls_on_its_weekdays_in_its_weeks(
    day: date, weekdays: set[str], weeks: int
) -> None:
    rule = Rule(
        text="Dusj", weekdays=tuple(weekdays), begins=time(9), ends=time(11), minutes=30,
        weeks=weeks,
    )  # fmt: skip
    timing = activity("a1", rule, unit="Organization/u", since=SINCE)["detail"]["scheduledTiming"]
    found = action_window(timing, day)
    in_week = ((day - SINCE).days // 7) % weeks == 0
    assert (found is not None) == (WEEKDAYS[day.weekday()] in weekdays and in_week)
    if found is not None:
        assert (found.day, found.starts.hour, found.ends.hour) == (day, 9, 11)


def test_a_window_past_midnight_ends_the_day_after() -> None:
    found = window(SINCE, time(23), time(7))
    assert found.ends == datetime(2026, 1, 6, 7, tzinfo=NORWAY)
    assert found.day == SINCE


def test_what_our_own_prescriptions_say_is_understood() -> None:
    """Each pattern the platform itself writes can be counted, and weekly ones by the week."""
    for rhythm, each_week in (
        (Rhythm(), 7),
        (Rhythm(Period.WEEK), 1),
        (Rhythm(Period.WEEK, 1, (Weekday.MONDAY, Weekday.THURSDAY)), 2),
    ):
        for at in ((), (When.MORNING,), (When.MORNING, When.NIGHT)):
            dosage = Dosage("tablet", (Step((Part(Decimal(1), rhythm, at),)),))
            (element,) = elements_of(dosage, starts=SINCE)
            week = [SINCE + timedelta(days=step) for step in range(7)]
            counted = sum(len(dose_times(element, day, SINCE)) for day in week)
            assert counted == each_week * (len(at) or 1), element
