"""Days are Norwegian days; periods end after the last thing they name."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.access.moments import days_after, days_before, end_of, start_of
from fellesjournal.foundation.clock import NORWAY


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]  # as many parts as are given


@pytest.mark.parametrize(
    ("text", "starts", "ends"),
    [
        ("2026-01-15", utc(2026, 1, 14, 23), utc(2026, 1, 15, 23)),
        ("2026-07-15", utc(2026, 7, 14, 22), utc(2026, 7, 15, 22)),
        # clocks go forward: the day has 23 hours; and back: 25
        ("2026-03-29", utc(2026, 3, 28, 23), utc(2026, 3, 29, 22)),
        ("2026-10-25", utc(2026, 10, 24, 22), utc(2026, 10, 25, 23)),
        ("2024-02-29", utc(2024, 2, 28, 23), utc(2024, 2, 29, 23)),
        ("2024-02", utc(2024, 1, 31, 23), utc(2024, 2, 29, 23)),
        ("2024-12", utc(2024, 11, 30, 23), utc(2024, 12, 31, 23)),
        ("2024", utc(2023, 12, 31, 23), utc(2024, 12, 31, 23)),
        ("2024-05-01T10:00:00+02:00", utc(2024, 5, 1, 8), utc(2024, 5, 1, 8)),
        ("2024-05-01T10:00:00Z", utc(2024, 5, 1, 10), utc(2024, 5, 1, 10)),
        ("2024-05-01T10:00:00.5Z", utc(2024, 5, 1, 10, 0, 0, 500_000),
         utc(2024, 5, 1, 10, 0, 0, 500_000)),
        # without an offset, which FHIR does not allow: Norwegian time
        ("2024-05-01T10:00:00", utc(2024, 5, 1, 8), utc(2024, 5, 1, 8)),
        ("2016-12-31T23:59:60Z", utc(2017, 1, 1), utc(2017, 1, 1)),
    ],
)  # fmt: skip
def test_what_a_text_covers(text: str, starts: datetime, ends: datetime) -> None:
    assert (start_of(text), end_of(text)) == (starts, ends)


@pytest.mark.parametrize(
    "text",
    ["", "2024-13", "2024-02-30", "2023-02-29", "24-01-01", "2024-1-1", "tomorrow", "0000",
     "2024-01-01T25:00:00Z", "2024-01-01T10Z", "2024-01-01T10:00:00+25:00", "２０２４"],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the kind of error is the promise
        start_of(text)
    with pytest.raises(ValueError):  # noqa: PT011 - as above
        end_of(text)


@pytest.mark.parametrize("text", ["0001", "0001-01-01", "9999", "9999-12", "9999-12-31",
                                  "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00",
                                  "9999-12-31T23:59:60Z"])  # fmt: skip
def test_the_ends_of_the_calendar_are_moments_too(text: str) -> None:
    assert start_of(text) <= end_of(text)
    assert days_before(start_of(text), 400) <= start_of(text)
    assert days_after(end_of(text), 400) >= end_of(text)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1)))
def test_one_day_ends_when_the_next_begins_at_midnight_in_norway(day: date) -> None:
    end = end_of(day.isoformat())

    assert end == start_of((day + timedelta(days=1)).isoformat())
    local = end.astimezone(NORWAY)
    assert (local.hour, local.minute, local.second) == (0, 0, 0)


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_exact_time_is_its_own_start_and_end(moment: datetime) -> None:
    assert start_of(moment.isoformat()) == end_of(moment.isoformat()) == moment
