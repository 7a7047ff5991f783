"""Working days against a Norwegian calendar, and what must hold for any day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.foundation.clock import NORWAY
from fellesjournal.registry.working_days import (
    add_working_days,
    end_of_day,
    is_working_day,
    public_holidays,
)

DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2045, 12, 31))

# From the calendar of the year: Easter Sunday is 5 April 2026, Whit Sunday 24 May.
HOLIDAYS_2026 = {
    date(2026, 1, 1): "New Year",
    date(2026, 4, 2): "Maundy Thursday",
    date(2026, 4, 3): "Good Friday",
    date(2026, 4, 5): "Easter Sunday",
    date(2026, 4, 6): "Easter Monday",
    date(2026, 5, 1): "Labour Day",
    date(2026, 5, 14): "Ascension Day",
    date(2026, 5, 17): "Constitution Day",
    date(2026, 5, 24): "Whit Sunday",
    date(2026, 5, 25): "Whit Monday",
    date(2026, 12, 25): "Christmas Day",
    date(2026, 12, 26): "Boxing Day",
}


def test_the_public_holidays_of_2026_are_those_of_the_calendar() -> None:
    assert public_holidays(2026) == set(HOLIDAYS_2026)


@pytest.mark.parametrize(
    ("start", "count", "ends"),
    [
        # Friday before Palm Sunday: the next week has three working days, then comes Tuesday.
        (date(2026, 3, 27), 3, date(2026, 4, 1)),
        (date(2026, 3, 27), 4, date(2026, 4, 7)),
        (date(2026, 3, 27), 10, date(2026, 4, 15)),
        # 1 May 2026 is a Friday, 17 May a Sunday; Ascension Day is Thursday the 14th.
        (date(2026, 4, 30), 1, date(2026, 5, 4)),
        (date(2026, 5, 13), 1, date(2026, 5, 15)),
        (date(2026, 4, 30), 10, date(2026, 5, 18)),
        # 17 May 2027 is a Monday, and Whit Monday at once.
        (date(2027, 5, 14), 1, date(2027, 5, 18)),
        # Christmas Eve counts (assumption), Christmas Day is a Friday, Boxing Day a Saturday.
        (date(2026, 12, 23), 1, date(2026, 12, 24)),
        (date(2026, 12, 24), 1, date(2026, 12, 28)),
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
        # none at all: a day off gives the next working day
        (date(2026, 11, 21), 0, date(2026, 11, 23)),
        (date(2026, 11, 23), 0, date(2026, 11, 23)),
        (date(2026, 11, 22), 10, date(2026, 12, 4)),
    ],
)
def test_deadlines_over_easter_may_and_christmas(start: date, count: int, ends: date) -> None:
    assert add_working_days(start, count) == ends


@given(DAYS, st.integers(min_value=0, max_value=40))
def test_a_deadline_is_a_working_day_with_exactly_that_many_after_the_start(
    start: date, count: int
) -> None:
    ends = add_working_days(start, count)
    assert is_working_day(ends)
    between = [start + timedelta(days=n) for n in range(1, (ends - start).days + 1)]
    passed = sum(map(is_working_day, between))
    assert passed == count or (count == 0 and passed == 1)


def test_working_days_are_not_counted_backwards() -> None:
    with pytest.raises(ValueError, match="forwards"):
        add_working_days(date(2026, 1, 5), -1)


def test_a_day_ends_at_midnight_in_norway_in_summer_and_winter() -> None:
    assert end_of_day(date(2026, 7, 1)) == datetime(2026, 7, 2, tzinfo=NORWAY)
    assert end_of_day(date(2026, 7, 1)).utcoffset() == timedelta(hours=2)
    assert end_of_day(date(2026, 12, 1)).utcoffset() == timedelta(hours=1)
