"""Time between moments, calendar months, durations: the vectors of the management specification."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.foundation.clock import NORWAY
from fellesjournal.leadership.figures.durations import minutes_in, written
from fellesjournal.leadership.figures.periods import Period, month, previous, week, year
from fellesjournal.leadership.figures.times import add_months, between, instant_of

DURATIONS = """
9 d 07 t 40 min; 4 d 07 t 35 min; 5 d 14 t 45 min; 4 d 19 t 55 min; 7 d 01 t 15 min; 1 d 02 t 50 min;
1 d 02 t 50 min; 1 d 05 t 55 min; 13 t 05 min; 17 t 50 min; 20 t 05 min; 4 t 00 min; 0 min; 0 min;
7 d 01 t 15 min; 1 d 02 t 50 min; 47 d 05 t 15 min; 4 t 00 min; 0 min; 5 d 13 t 50 min;
1210 d 07 t 30 min; 823 d 08 t 15 min; 861 d 01 t 35 min; 1420 d 01 t 50 min; 1150 d 01 t 05 min;
465 d 06 t 50 min; 94 d 03 t 15 min; 60 d 18 t 40 min; 74 d 07 t 45 min; 106 d 13 t 30 min;
88 d 02 t 00 min; 34 d 01 t 15 min; 7 d 02 t 45 min; 5 d 12 t 30 min; 4 d 19 t 00 min;
4 d 15 t 00 min; 176 d 03 t 25 min; 1 d 21 t 10 min
""".strip()


def test_v_dst_1_a_quarter_past_the_hour_that_comes_twice_is_75_minutes() -> None:
    start = datetime.fromisoformat("2022-10-30T02:30+02:00")
    end = datetime.fromisoformat("2022-10-30T02:45+01:00")
    assert between(start, end) == timedelta(minutes=75)


def test_v_dst_2_the_hour_that_is_skipped_does_not_count() -> None:
    start = datetime(2023, 3, 26, 1, 45, tzinfo=NORWAY)
    end = datetime(2023, 3, 26, 3, 15, tzinfo=NORWAY)
    assert between(start, end) == timedelta(minutes=30)
    assert end - start == timedelta(minutes=90)  # why wall clocks are never subtracted


def test_v_dst_3_a_time_that_does_not_exist_is_later_by_the_gap() -> None:
    found = instant_of(datetime(2024, 3, 31, 2, 10))  # noqa: DTZ001 - a clock on the wall
    assert found.at == datetime(2024, 3, 31, 1, 10, tzinfo=UTC)
    assert found.at.astimezone(NORWAY).hour == 3
    assert found.moved


def test_a_time_that_comes_twice_means_its_first_coming() -> None:
    found = instant_of(datetime(2022, 10, 30, 2, 30))  # noqa: DTZ001 - a clock on the wall
    assert found.at == datetime(2022, 10, 30, 0, 30, tzinfo=UTC)
    assert not found.moved


def test_a_clock_time_is_no_moment() -> None:
    with pytest.raises(ValueError, match="clock"):
        between(datetime(2022, 1, 1), datetime(2022, 1, 2))  # noqa: DTZ001 - what is refused
    with pytest.raises(ValueError, match="zone"):
        instant_of(datetime(2022, 1, 1, tzinfo=UTC))


def test_v_mon_months_are_clipped_and_not_reversible() -> None:
    assert add_months(date(2022, 8, 31), -18) == date(2021, 2, 28)
    assert add_months(date(2021, 2, 28), 18) == date(2022, 8, 28)


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(-600, 600))
def test_months_keep_the_day_or_end_the_month(day: date, months: int) -> None:
    found = add_months(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found + timedelta(days=1)).day == 1


def test_v_dur_all_durations_of_the_published_tables_are_read_and_written_back() -> None:
    found = [text.strip() for text in DURATIONS.split(";")]
    assert len(found) == 38
    for text in found:
        assert minutes_in(text) % 5 == 0
        assert written(minutes_in(text)) == text
    assert minutes_in("9 d 07 t 40 min") == 13_420


@given(st.integers(0, 10**7))
def test_a_duration_is_read_as_it_was_written(minutes: int) -> None:
    assert minutes_in(written(minutes)) == minutes


@pytest.mark.parametrize(
    "text", ["", "5", "1 d 40 min", "1 d 7 t 40 min", "24 t 60 min", "1 d 24 t 00 min", "-5 min"]
)
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"duration|hour"):
        minutes_in(text)


def test_a_period_ends_before_its_last_day_and_a_day_of_change_is_23_or_25_hours() -> None:
    assert date(2022, 3, 31) in month(2022, 3)
    assert date(2022, 4, 1) not in month(2022, 3)
    start, end = Period(date(2023, 3, 26), date(2023, 3, 27)).instants
    assert end - start == timedelta(hours=23)
    start, end = Period(date(2022, 10, 30), date(2022, 10, 31)).instants
    assert end - start == timedelta(hours=25)
    with pytest.raises(ValueError, match="no day"):
        Period(date(2022, 1, 1), date(2022, 1, 1))


def test_weeks_are_iso_weeks_and_a_year_may_have_53() -> None:
    assert week(2022, 45) == Period(date(2022, 11, 7), date(2022, 11, 14))  # the 13th is its Sunday
    assert week(2020, 53).start == date(2020, 12, 28)
    with pytest.raises(ValueError, match="53"):
        week(2021, 53)
    assert previous(month(2022, 3)) == month(2022, 2)
    assert previous(week(2021, 1)) == week(2020, 53)
    assert year(2024).days == 366


def test_how_much_of_a_period_has_passed_counts_hours_not_days() -> None:
    noon = datetime(2022, 10, 30, 12, tzinfo=NORWAY)
    assert Period(date(2022, 10, 30), date(2022, 10, 31)).elapsed_share(noon) == 13 / 25
    assert month(2022, 10).elapsed_share(datetime(2022, 12, 1, tzinfo=UTC)) == 1
    assert month(2022, 10).elapsed_share(datetime(2022, 9, 1, tzinfo=UTC)) == 0
