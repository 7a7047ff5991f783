"""The formula table of schedules: its vectors, and what a comparison may not do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.leadership.figures.periods import Period
from fellesjournal.leadership.figures.ratios import Why
from fellesjournal.leadership.indicators.schedule.comparing import like_for_like, parts
from fellesjournal.leadership.indicators.schedule.flags import (
    Flag,
    Thresholds,
    by_rules,
    of_months,
    of_utilisation,
)
from fellesjournal.leadership.indicators.schedule.tallies import (
    Key,
    Tally,
    together,
    unused_overbooking,
    value,
)
from fellesjournal.leadership.indicators.schedule.waiting import Wait, middle, third_next


def test_v_sch_utilisation_of_schedule_and_clinician() -> None:
    tally = Tally(open=480, work=600, in_template=360, in_work=360)
    assert value(tally, Key.SCHEDULE_UTILISATION).value == Fraction(75, 100)
    assert value(tally, Key.CLINICIAN_UTILISATION).value == Fraction(60, 100)


def test_v_sch_no_show_rate() -> None:
    assert value(Tally(completed=120, no_shows=8), Key.NO_SHOW_RATE).value == Fraction(625, 10_000)


def test_v_sch_third_next_available() -> None:
    assert third_next([2, 2, 5, 9], 90) == Wait(5)
    assert third_next([0, 0, 1], 90) == Wait(1)
    assert third_next([3, 4], 90) == Wait(90, is_censored=True)


def test_a_wait_that_is_longer_than_anybody_looked_is_never_left_out() -> None:
    assert middle([Wait(90, is_censored=True), Wait(1), Wait(90, is_censored=True)]) == Wait(
        90, is_censored=True
    )
    assert middle([Wait(90, is_censored=True), Wait(1), Wait(4)]) == Wait(4)
    assert middle([]) is None
    assert third_next([1, 2, 91], 90).is_censored


def test_shares_of_a_unit_are_of_the_sums() -> None:
    both = together([Tally(open=100, in_template=100), Tally(open=900)])
    assert value(both, Key.SCHEDULE_UTILISATION).value == Fraction(1, 10)


@given(st.lists(st.tuples(st.integers(0, 10**4), st.integers(1, 10**4)), min_size=1))
def test_no_tally_is_lost_in_a_sum(rows: list[tuple[int, int]]) -> None:
    found = together(Tally(completed=a, open=b) for a, b in rows)
    assert (found.completed, found.open) == (sum(a for a, _ in rows), sum(b for _, b in rows))


def test_what_was_not_observed_has_a_reason_and_no_number() -> None:
    assert value(Tally(), Key.SCHEDULE_UTILISATION).reason is Why.NO_OBSERVATIONS
    with pytest.raises(ValueError, match="tally"):
        value(Tally(), Key.APPOINTMENT_WAIT)


def test_an_opening_that_holds_too_many_takes_no_overbooking_from_another() -> None:
    assert unused_overbooking([(2, 0), (1, 3)]) == 2


def test_a_month_that_is_not_over_is_compared_with_as_many_days_of_the_one_before() -> None:
    found = parts(date(2022, 5, 14), datetime(2022, 5, 14, 12, tzinfo=UTC))
    assert not found.is_over
    assert found.so_far == Period(date(2022, 5, 1), date(2022, 5, 14))
    assert found.like == Period(date(2022, 4, 1), date(2022, 4, 14))
    assert found.year == Period(date(2022, 1, 1), date(2022, 5, 14))
    assert found.year_before == Period(date(2021, 1, 1), date(2021, 5, 14))


def test_a_whole_month_is_compared_with_a_whole_month() -> None:
    found = parts(date(2022, 3, 31), datetime(2022, 5, 14, tzinfo=UTC))
    assert found.is_over
    assert found.like == found.before == Period(date(2022, 2, 1), date(2022, 3, 1))
    short = parts(date(2022, 3, 30), datetime(2022, 3, 31, 12, tzinfo=UTC))
    assert short.like == Period(date(2022, 2, 1), date(2022, 3, 1))


def test_a_day_is_over_at_midnight_in_norway() -> None:
    late = datetime(2022, 5, 13, 22, 30, tzinfo=UTC)  # half past midnight, the 14th
    assert parts(date(2022, 5, 14), late).so_far.end == date(2022, 5, 14)
    assert parts(date(2022, 5, 13), late - timedelta(hours=1)).so_far.end == date(2022, 5, 13)


def test_like_for_like_of_a_share() -> None:
    assert like_for_like(120, 300, Fraction(2, 5)).value == 0


def test_flags_of_utilisation() -> None:
    assert of_utilisation(Fraction(11, 10), 5, 0) == (Flag.OVER_100,)
    assert of_utilisation(Fraction(1, 100), 120, 52_710) == (Flag.NOT_CURATED,)
    assert of_utilisation(Fraction(1, 100), 120, 100) == ()
    assert of_utilisation(Fraction(7, 10), 120, 52_710) == ()
    assert of_utilisation(None, 0, 10) == ()


def test_a_specialty_is_flagged_by_its_own_rules_and_by_none_where_the_fields_are_empty() -> None:
    values = {"utilisation": Fraction(0), "no_show": Fraction(1, 5)}
    assert by_rules(Thresholds(), **values) == ()
    strict = Thresholds(utilisation=Fraction(1, 2), no_show=Fraction(1, 10))
    assert by_rules(strict, **values) == (Flag.LOW_UTILISATION, Flag.HIGH_NO_SHOW)
    assert by_rules(strict, no_show=Fraction(1, 10)) == ()
    late = Thresholds(late_cancel=Fraction(1, 20), requested_met=Fraction(9, 10))
    assert by_rules(late, late_cancel=Fraction(1, 10), requested_met=Fraction(1, 2)) == (
        Flag.HIGH_LATE_CANCEL, Flag.LOW_REQUESTED_MET,
    )  # fmt: skip


def test_v_rz_a_month_far_from_the_others_is_flagged() -> None:
    months = [Fraction(each) for each in (40, 42, 45, 43, 41, 90)]
    assert of_months(months) == {5}
    assert of_months([None, *months]) == {6}
    assert of_months(months[:3]) == frozenset()
