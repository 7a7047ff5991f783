"""Booked time at its edges: past midnight, in two kinds of contact, and of who was not there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from fellesjournal.leadership.indicators.schedule.diaries import Diary, by_day, waits
from fellesjournal.leadership.indicators.schedule.waiting import Wait
from fellesjournal.registry.opening_rules import OpeningRules
from tests.leadership.indicators.test_schedule_diaries import DAY, NOW, at, booked, open_from

NEXT = DAY + timedelta(days=1)
ALWAYS = open_from("00:00", "00:00")


def test_what_goes_on_past_midnight_is_kept_on_both_days_and_counted_on_the_first() -> None:
    long = booked("23:30", 60)
    found = by_day(Diary(1, "d", ALWAYS, (long,)), [DAY, NEXT], NOW)
    assert [(each.in_template, each.in_work, each.completed) for each in found.values()] == [
        (30, 30, 1), (30, 30, 0),
    ]  # fmt: skip
    assert [each.unused for each in found.values()] == [23, 23]


def test_time_past_midnight_that_somebody_else_was_given_is_not_lost() -> None:
    missed = booked("23:30", 60, "noshow")
    given = booked("00:00", 30, day=NEXT)
    found = by_day(Diary(1, "d", ALWAYS, (missed, given)), [DAY, NEXT], NOW)
    assert [each.no_show for each in found.values()] == [30, 0]


def test_time_that_another_kind_of_contact_was_given_is_not_lost_in_a_kind() -> None:
    missed, call = booked("08:00", status="noshow"), booked("08:00", 20, kind="7")
    diary = Diary(1, "d", open_from(), (missed, call))
    assert by_day(diary, [DAY], NOW)[DAY].no_show == 40
    assert by_day(diary, [DAY], NOW, "")[DAY].no_show == 40
    assert by_day(diary, [DAY], NOW, "7")[DAY].no_show == 0


def test_a_kind_has_its_own_openings() -> None:
    rule = open_from().rules[0]
    calls = {"coding": [{"system": "urn:oid:2.16.578.1.12.4.1.1.8432", "code": "7"}]}
    both = OpeningRules((rule, replace(rule, kind=calls, closes=rule.opens.replace(hour=10))))
    diary = Diary(1, "d", both)
    assert [by_day(diary, [DAY], NOW, kind)[DAY].open for kind in (None, "", "7")] == [
        600,
        600,
        120,
    ]


def test_who_stayed_away_at_a_time_nobody_wrote_down_took_it_until_it_began() -> None:
    away = booked("08:00", status="noshow")
    rules = open_from(closes="11:00")
    assert waits(Diary(1, "d", rules, (away,)), at("07:00"), 90)[""] == Wait(1)
    assert waits(Diary(1, "d", open_from("08:00", "12:00"), (away,)), at("08:00"), 90)[""] == Wait(
        0
    )
