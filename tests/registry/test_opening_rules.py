"""Rules of a Schedule and the openings they give, day by day, in Norway's time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.foundation.clock import NORWAY
from fellesjournal.registry.opening_rules import (
    CLOSED_DAYS,
    WEEKDAYS,
    Opening,
    is_repeated,
    openings_on,
    read_rules,
    rule_extension,
    schedule_problems,
)
from fellesjournal.registry.working_days import public_holidays

VISIT = {"coding": [{"system": "urn:oid:2.16.578.1.12.4.1.1.7617", "code": "Ordinær"}]}
EVERY_DAY = list(WEEKDAYS)
BACK, FORWARD = date(2026, 10, 25), date(2026, 3, 29)  # the clock goes


def schedule(*extensions: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Schedule", "id": "s", "extension": list(extensions)}


def rule(opens: str, closes: str, minutes: int = 30, **more: Any) -> dict[str, Any]:
    told = {"weekdays": EVERY_DAY, "kind": VISIT, "for_citizens": True, "on_holidays": True}
    return rule_extension(opens=opens, closes=closes, minutes=minutes, **{**told, **more})


def openings(day: date, *extensions: dict[str, Any]) -> list[Opening]:
    return openings_on(read_rules(schedule(*extensions)), day)


def wall(found: list[Opening]) -> list[str]:
    return [f"{each.start.astimezone(NORWAY):%H:%M}" for each in found]


def closed(first: str, last: str) -> dict[str, Any]:
    return {"url": CLOSED_DAYS, "valuePeriod": {"start": first, "end": last}}


times = st.integers(0, 287).map(lambda n: f"{n // 12:02d}:{n % 12 * 5:02d}")
days = st.dates(date(2024, 1, 1), date(2030, 12, 31)) | st.sampled_from([BACK, FORWARD])


@given(day=days, opens=times, closes=times, minutes=st.sampled_from([5, 10, 15, 20, 25, 45, 60]))
def test_openings_lie_within_the_hours_follow_each_other_and_are_each_as_long_as_they_say(
    day: date, opens: str, closes: str, minutes: int
) -> None:
    written = rule(opens, closes, minutes)
    if closes <= opens and closes != "00:00":
        assert schedule_problems(schedule(written))
        assert openings(day, written) == []
        return
    assert schedule_problems(schedule(written)) == []
    found = openings(day, written)
    for each, following in pairwise(found):
        assert each.end == following.start
    for each in found:
        assert each.end - each.start == timedelta(minutes=minutes)
        begins = each.start.astimezone(NORWAY)
        assert begins.date() == day
        assert opens <= f"{begins:%H:%M}" or (day == BACK and is_repeated(each.start))
        assert closes == "00:00" or f"{begins:%H:%M}" < closes
    if day not in {BACK, FORWARD} and opens != closes:
        midnight = 24 * 60 if closes == "00:00" else 0
        length = (
            int(closes[:2]) * 60 + int(closes[3:]) + midnight - int(opens[:2]) * 60 - int(opens[3:])
        )
        assert len(found) == length // minutes


@given(day=days, weekdays=st.sets(st.sampled_from(WEEKDAYS), min_size=1))
def test_a_rule_holds_on_its_weekdays_and_never_on_a_closed_day_or_a_red_one(
    day: date, weekdays: set[str]
) -> None:
    written = rule("08:00", "09:00", weekdays=sorted(weekdays), on_holidays=False)
    holds = WEEKDAYS[day.weekday()] in weekdays and day not in public_holidays(day.year)
    assert bool(openings(day, written)) == holds
    around = closed(str(day - timedelta(days=1)), str(day + timedelta(days=1)))
    assert openings(day, written, around) == []
    before = closed(str(day - timedelta(days=9)), str(day - timedelta(days=1)))
    assert bool(openings(day, written, before)) == holds


def test_the_repeated_hour_in_october_gives_each_moment_once_and_can_be_told_apart() -> None:
    found = openings(BACK, rule("01:00", "04:00"))
    assert wall(found) == ["01:00", "01:30", "02:00", "02:30", "02:00", "02:30", "03:00", "03:30"]
    assert len({each.start for each in found}) == len(found)
    assert [is_repeated(each.start) for each in found] == [False] * 2 + [True] * 4 + [False] * 2


def test_the_missing_hour_in_march_gives_no_opening_and_no_moment_twice() -> None:
    assert wall(openings(FORWARD, rule("01:00", "04:00"))) == ["01:00", "01:30", "03:00", "03:30"]
    assert wall(openings(FORWARD, rule("02:30", "04:00"))) == ["03:00", "03:30"]
    assert wall(openings(FORWARD, rule("01:00", "02:30"))) == ["01:00", "01:30"]


def test_a_rule_until_midnight_ends_with_the_day() -> None:
    found = openings(date(2026, 11, 23), rule("23:00", "00:00"))
    assert wall(found) == ["23:00", "23:30"]
    assert found[-1].end == datetime(2026, 11, 23, 23, tzinfo=UTC)


def test_a_rule_holds_from_its_first_day_to_its_last() -> None:
    written = rule("08:00", "08:30", valid={"start": "2026-11-23", "end": "2026-11-24"})
    held = [day for day in range(20, 30) if openings(date(2026, 11, day), written)]
    assert held == [23, 24]


def test_two_rules_of_different_kinds_are_both_offered() -> None:
    phone = {"coding": [{"system": "urn:oid:2.16.578.1.12.4.1.1.8432", "code": "7"}]}
    found = openings(
        date(2026, 11, 23), rule("08:00", "09:00"), rule("08:30", "09:00", 10, kind=phone)
    )
    assert wall(found) == ["08:00", "08:30", "08:30", "08:40", "08:50"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"opens": "09:00", "closes": "08:00"},
        {"opens": "09:03", "closes": "10:00"},
        {"minutes": 7},
        {"minutes": 725},
        {"weekdays": []},
        {"weekdays": ["funday"]},
        {"kind": {}, "weekdays": ["mon", "x"]},
        {"valid": {"start": "soon"}},
    ],
)
def test_what_is_no_rule_is_told_and_opens_nothing(wrong: dict[str, Any]) -> None:
    written = rule(**{"opens": "08:00", "closes": "09:00", **wrong})
    assert schedule_problems(schedule(written)) != []
    assert openings(date(2026, 11, 23), written) == []


def test_closed_days_that_can_not_be_read_close_every_day() -> None:
    odd = {"url": CLOSED_DAYS, "valuePeriod": {"start": "soon"}}
    assert schedule_problems(schedule(odd)) != []
    assert openings(date(2026, 11, 23), rule("08:00", "09:00"), odd) == []
