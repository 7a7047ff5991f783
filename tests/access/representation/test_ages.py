"""Ages change at midnight in Norway, whatever the clock in UTC says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.access.representation import ages
from fellesjournal.foundation.clock import NORWAY

MOMENT = timedelta(microseconds=1)
BIRTHS = st.dates(date(1900, 1, 1), date(2090, 12, 31))
MOMENTS = st.datetimes(
    datetime(1990, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2120, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    timezones=st.just(UTC),
)


@given(BIRTHS, st.sampled_from([12, 16, 18]))
def test_a_birthday_begins_at_local_midnight_and_not_a_moment_earlier(
    birth: date, years: int
) -> None:
    at = ages.turns(birth, years)

    assert ages.age(birth, at) == years
    assert ages.age(birth, at - MOMENT) == years - 1
    local = at.astimezone(NORWAY)
    assert (local.hour, local.minute, local.second) == (0, 0, 0)


@given(BIRTHS, MOMENTS)
def test_an_age_is_what_was_turned_last(birth: date, moment: datetime) -> None:
    age = ages.age(birth, moment)

    if age is None:
        assert moment < ages.midnight(birth)
    else:
        assert ages.turns(birth, age) <= moment < ages.turns(birth, age + 1)


@given(BIRTHS, MOMENTS)
def test_the_next_boundary_lies_ahead_and_none_lies_between(birth: date, moment: datetime) -> None:
    found = ages.next_boundary(birth, moment, (12, 16, 18))
    ahead = [at for at in (ages.turns(birth, n) for n in (12, 16, 18)) if at > moment]

    assert found == (min(ahead) if ahead else None)


@pytest.mark.parametrize(
    ("birthday", "utc"),
    [
        # the clocks change at 02:00 and 03:00: midnight is still, or again, in the old offset
        (date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC)),
        (date(2026, 3, 30), datetime(2026, 3, 29, 22, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 24, 22, tzinfo=UTC)),
        (date(2026, 10, 26), datetime(2026, 10, 25, 23, tzinfo=UTC)),
        (date(2026, 1, 1), datetime(2025, 12, 31, 23, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize("years", [12, 16, 18])
def test_daylight_saving_days_begin_at_their_own_midnight(
    birthday: date, utc: datetime, years: int
) -> None:
    birth = birthday.replace(year=birthday.year - years)

    assert ages.turns(birth, years) == utc


@pytest.mark.parametrize(
    ("birth", "years", "day"),
    [
        (date(2012, 2, 29), 12, date(2024, 2, 29)),
        (date(2012, 2, 29), 16, date(2028, 2, 29)),
        (date(2008, 2, 29), 18, date(2026, 3, 1)),
        (date(2088, 2, 29), 12, date(2100, 3, 1)),
    ],
)
def test_who_is_born_on_a_leap_day_is_older_on_the_first_of_march_in_other_years(
    birth: date, years: int, day: date
) -> None:
    assert ages.birthday(birth, years) == day
    assert ages.age(birth, ages.midnight(day) - MOMENT) == years - 1


def test_the_unborn_have_no_age() -> None:
    assert ages.age(date(2026, 5, 1), datetime(2026, 4, 30, 21, 59, tzinfo=UTC)) is None
    assert ages.age(date(2026, 5, 1), datetime(2026, 4, 30, 22, 0, tzinfo=UTC)) == 0
