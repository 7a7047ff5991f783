"""What was booked, missed and called off in a schedule, as minutes; and what of it may be shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.access.booked import BY_CITIZEN, BY_SERVICE
from fellesjournal.foundation import clock
from fellesjournal.foundation.clock import NORWAY
from fellesjournal.leadership.figures.durations import written
from fellesjournal.leadership.figures.suppression import Rule
from fellesjournal.leadership.indicators.schedule.comparing import parts
from fellesjournal.leadership.indicators.schedule.dashboard import Dashboard, dashboard, span
from fellesjournal.leadership.indicators.schedule.diaries import Booked, Diary, by_day, waits
from fellesjournal.leadership.indicators.schedule.flags import Flag
from fellesjournal.leadership.indicators.schedule.stretches import (
    Stretch,
    common,
    merged,
    minutes,
    without,
)
from fellesjournal.leadership.indicators.schedule.tallies import Key, Tally
from fellesjournal.leadership.indicators.schedule.waiting import Wait
from fellesjournal.registry.opening_rules import Days, OpeningRules
from fellesjournal.registry.opening_rules import Rule as Opens

DAY = date(2022, 5, 10)  # a Tuesday
NOW = datetime(2022, 5, 20, 10, tzinfo=UTC)
WHOLE = Rule(denominator=0, count=0)


def at(clock_time: str, day: date = DAY) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock_time), NORWAY).astimezone(UTC)


def open_from(opens: str = "08:00", closes: str = "18:00", length: int = 60) -> OpeningRules:
    rule = Opens(
        frozenset(range(7)), time.fromisoformat(opens), time.fromisoformat(closes), length, {},
        on_holidays=True,
    )  # fmt: skip
    return OpeningRules((rule,))


def booked(
    opens: str, length: int = 60, status: str = "fulfilled", day: date = DAY, **more: object
) -> Booked:
    start = at(opens, day)
    found = Booked(start, start + timedelta(minutes=length), status, "")
    return replace(found, **more)  # type: ignore[arg-type]  # what a test says of it


def tally(
    *bookings: Booked, held: tuple[Stretch, ...] = (), rules: OpeningRules | None = None
) -> Tally:
    diary = Diary(1, "d", rules or open_from(), bookings, held)
    return by_day(diary, [DAY], NOW)[DAY]


def test_v_sch_from_openings_held_time_and_appointments() -> None:
    held = ((at("16:00"), at("18:00")),)
    kept = [booked(f"{hour:02}:00") for hour in range(8, 14)]
    found = tally(*kept, held=held)
    assert (found.open, found.work, found.in_template, found.in_work) == (480, 600, 360, 360)
    assert (found.completed, found.unused, found.unused_minutes) == (6, 2, 120)


def test_closed_days_are_work_and_not_open() -> None:
    closed = replace(open_from(), closed=(Days(DAY, DAY),))
    found = tally(rules=closed)
    assert (found.open, found.work, found.unused) == (0, 600, 0)


def test_what_is_booked_twice_counts_twice_for_the_schedule_and_once_for_the_clinician() -> None:
    twice = [booked("08:00"), booked("08:00")]
    found = tally(*twice, rules=open_from(closes="09:00"))
    assert (found.in_template, found.open, found.in_work) == (120, 60, 60)


def test_time_of_who_did_not_come_is_lost_unless_somebody_else_got_it() -> None:
    missed = booked("08:00", status="noshow")
    assert tally(missed).no_show == 60
    assert tally(missed, booked("08:30", 30)).no_show == 30
    assert tally(missed).no_shows == 1


def test_what_the_clinic_called_off_late_stands_apart_and_early_is_no_loss() -> None:
    late = booked("08:00", status="cancelled", is_late=True, code=BY_CITIZEN)
    clinic = booked("09:00", status="cancelled", is_late=True, code=BY_SERVICE)
    early = booked("10:00", status="cancelled", is_late=False, code=BY_CITIZEN)
    found = tally(late, clinic, early)
    assert (found.late_cancel, found.clinic_cancel) == (60, 60)
    assert (found.late_cancels, found.clinic_cancels) == (1, 1)


def test_a_requested_date_is_met_on_the_day_itself() -> None:
    found = tally(
        booked("08:00", requested=at("07:00")),
        booked("09:00", requested=at("23:00", DAY - timedelta(days=1))),
        booked("10:00"),
    )
    assert (found.requested_met, found.requested) == (1, 2)


def test_an_opening_that_is_not_over_is_not_unused_yet() -> None:
    diary = Diary(1, "d", open_from())
    half = by_day(diary, [DAY], at("13:00"))[DAY]
    assert (half.open, half.unused) == (600, 5)


def test_the_hour_that_comes_twice_is_open_twice() -> None:
    day = date(2022, 10, 30)
    diary = Diary(1, "d", open_from("00:00", "04:00"))
    assert by_day(diary, [day], NOW)[day].open == 5 * 60


# --- waits ------------------------------------------------------------------------------------


def test_the_third_open_time_is_looked_for_from_the_moment_on() -> None:
    day_of_three = open_from(closes="11:00")
    morning = at("07:00")
    assert waits(Diary(1, "d", day_of_three), morning, 90)[""] == Wait(0)
    one_taken = Diary(1, "d", day_of_three, (booked("08:00", status="booked"),))
    assert waits(one_taken, morning, 90)[""] == Wait(1)
    held = Diary(1, "d", day_of_three, (), ((at("08:00"), at("09:00")),))
    assert waits(held, morning, 90)[""] == Wait(1)


def test_what_was_booked_later_or_called_off_before_takes_no_time_then() -> None:
    rules, morning = open_from(closes="11:00"), at("07:00")
    later = booked("08:00", status="booked", created=at("07:30"))
    assert waits(Diary(1, "d", rules, (later,)), morning, 90)[""] == Wait(0)
    off = booked("08:00", status="cancelled", ended=at("06:30"))
    assert waits(Diary(1, "d", rules, (off,)), morning, 90)[""] == Wait(0)
    still = replace(off, ended=at("07:30"))
    assert waits(Diary(1, "d", rules, (still,)), morning, 90)[""] == Wait(1)


def test_a_schedule_without_openings_ahead_is_censored() -> None:
    ended = OpeningRules((replace(open_from().rules[0], valid=Days(None, DAY)),))
    found = waits(Diary(1, "d", ended), at("12:00", DAY + timedelta(days=1)), 30)
    assert found[""] == Wait(30, is_censored=True)


# --- the dashboard ----------------------------------------------------------------------------


def shown(*bookings: Booked, rule: Rule | None = None, now: datetime = NOW) -> Dashboard:
    diary = Diary(1, "d", open_from(), bookings)
    with clock.at(now):
        return dashboard(
            [diary], DAY, now, shown=3, horizon=30, rule=Rule() if rule is None else rule
        )


def many(status: str, count: int, day: date = DAY) -> list[Booked]:
    return [booked("08:00", 20, status, day) for _ in range(count)]


def test_a_few_who_did_not_come_are_held_back() -> None:
    found = shown(*many("fulfilled", 40), *many("noshow", 3)).months[-1].values
    assert found[Key.NO_SHOW_RATE].is_hidden
    assert found[Key.NO_SHOW_TIME].is_hidden
    assert found[Key.COMPLETED].ratio.value == 40
    enough = shown(*many("fulfilled", 40), *many("noshow", 6)).months[-1].values
    assert enough[Key.NO_SHOW_RATE].of == (6, 46)


def test_none_who_called_off_is_shown_as_none_beside_months_with_few_appointments() -> None:
    found = shown(*many("fulfilled", 40), *many("fulfilled", 3, date(2022, 4, 12)))
    assert found.months[-1].values[Key.LATE_CANCEL_TIME].ratio.value == 0
    assert found.months[-2].values[Key.LATE_CANCEL_TIME].is_hidden  # of three


def test_a_month_is_not_told_by_the_year_so_far() -> None:
    april, march = date(2022, 4, 12), date(2022, 3, 15)
    lost = [*many("noshow", 3), *many("noshow", 8, april), *many("noshow", 9, march)]
    kept = [each for day in (DAY, april, march) for each in many("fulfilled", 50, day)]
    found = shown(*lost, *kept)
    hidden = [each.values[Key.NO_SHOW_RATE].is_hidden for each in found.months]
    assert hidden.count(True) >= 2  # one alone would be the year less the others


def test_the_like_part_is_held_back_when_the_rest_of_its_month_is_a_few() -> None:
    early, late = date(2022, 4, 5), date(2022, 4, 28)
    lost = [*many("noshow", 8, early), *many("noshow", 2, late), *many("noshow", 7)]
    found = {each.key: each for each in shown(*lost, *many("fulfilled", 50)).compared}
    assert found[Key.NO_SHOW_RATE].before.of is not None
    assert found[Key.NO_SHOW_RATE].like.is_hidden


def test_the_year_before_tells_no_few_of_the_month_it_ends_in() -> None:
    lost = [*many("noshow", 2, date(2021, 5, 5)), *many("noshow", 9, date(2021, 5, 28))]
    lost += many("noshow", 12, date(2021, 2, 2))
    found = {each.key: each for each in shown(*lost, *many("noshow", 7)).compared}
    assert found[Key.NO_SHOW_TIME].year_before.is_hidden
    assert found[Key.NO_SHOW_TIME].year.ratio.value == 7 * 20
    assert not found[Key.COMPLETED].year_before.is_hidden


def test_a_kind_of_contact_is_not_told_by_the_others() -> None:
    calls = [replace(each, kind="7") for each in [*many("noshow", 9), *many("fulfilled", 30)]]
    found = shown(*many("noshow", 3), *many("fulfilled", 40), *calls)
    assert {each.kind: each.values[Key.NO_SHOW_RATE].is_hidden for each in found.kinds} == {
        "": True, "7": True,
    }  # fmt: skip
    assert found.months[-1].values[Key.NO_SHOW_RATE].of == (12, 82)


def test_a_part_month_stands_beside_the_same_part_of_the_one_before() -> None:
    early, late = date(2022, 4, 5), date(2022, 4, 28)
    kept = [*many("fulfilled", 10), *many("fulfilled", 8, early), *many("fulfilled", 30, late)]
    found = shown(*kept, rule=WHOLE)
    row = {each.key: each for each in found.compared}[Key.COMPLETED]
    cells = (row.now, row.like, row.before, row.year, row.year_before)
    assert [each.ratio.value for each in cells] == [10, 8, 38, 48, 0]
    assert row.from_like.value == pytest.approx(0.25)
    assert not found.months[-1].is_over


def test_what_has_passed_of_a_month_ends_with_the_day_here_and_not_in_greenwich() -> None:
    half_past_midnight = datetime(2022, 4, 11, 0, 30, tzinfo=NORWAY).astimezone(UTC)
    found = parts(date(2022, 4, 1), half_past_midnight)
    assert (found.so_far.end, found.year.end) == (date(2022, 4, 11), date(2022, 4, 11))


def test_heaps_of_unused_openings_beside_next_to_no_use_are_flagged() -> None:
    found = shown(booked("08:00"), rule=WHOLE).months[-1].values[Key.SCHEDULE_UTILISATION]
    assert Flag.NOT_CURATED in found.flags


def test_a_control_chart_is_of_whole_months_only() -> None:
    at_end = datetime(2022, 8, 20, tzinfo=UTC)
    months = [date(2022, n, 10) for n in range(3, 9)]
    kept = [each for n, day in enumerate(months) for each in many("fulfilled", 10 + n % 2, day)]
    diary = Diary(1, "d", open_from(), tuple(kept))
    with clock.at(at_end):
        found = dashboard([diary], date(2022, 8, 10), at_end, shown=6, horizon=30).signal
    assert found is not None
    assert list(found.values) == [10, 11, 10, 11, 10]  # August is not over
    assert not found.outside
    assert shown().signal is None  # of two whole months


def test_all_days_that_are_needed_are_asked_for() -> None:
    days = span(DAY, NOW, 6)
    assert days.start == date(2021, 1, 1)
    assert days.end > DAY + timedelta(days=90)
    assert span(date(2022, 1, 10), NOW, 24).start == date(2020, 2, 1)


def test_what_is_to_come_of_a_month_is_no_part_of_it_so_far() -> None:
    booked_ahead = many("booked", 3, date(2022, 5, 28))
    found = shown(*many("fulfilled", 10), *booked_ahead, rule=WHOLE)
    share = found.months[-1].values[Key.SCHEDULE_UTILISATION]
    assert share.of == (200, 19 * 600)  # nineteen days are over on the twentieth
    assert found.compared[0].now.of == found.months[-1].values[found.compared[0].key].of


# --- stretches of time ------------------------------------------------------------------------

_STRETCHES = st.lists(
    st.tuples(st.integers(0, 200), st.integers(0, 60)).map(
        lambda each: (
            NOW + timedelta(minutes=each[0]), NOW + timedelta(minutes=each[0] + each[1]),
        )
    ),
    max_size=8,
)  # fmt: skip


@given(_STRETCHES, _STRETCHES)
def test_what_is_common_and_what_is_left_are_the_whole(
    one: list[Stretch], other: list[Stretch]
) -> None:
    first, second = merged(one), merged(other)
    assert minutes(first) == minutes(common(first, second)) + minutes(without(first, second))
    assert minutes(common(first, second)) == minutes(common(second, first))
    assert written(minutes(first))
