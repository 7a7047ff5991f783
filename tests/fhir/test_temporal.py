"""What partial dates cover."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.fhir.temporal import interval

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "24", "2024-13", "2024-02-30", "2024-01-01T24:00:00Z", "2024-01-01T10:00:61Z", "2024-01-01T10",
     "2024-1-1", "2024-01-01T10:00:00+25:00", "٢٠٢٤", "2024-01-01Z", "0000", "2024-01-01T10:00:00z"],
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        interval(text)


# hypothesis makes naive moments; the offset is what is tested
FIRST, LAST = datetime(1, 1, 2), datetime(9999, 12, 30)  # noqa: DTZ001 - hypothesis adds the zone


@given(st.datetimes(FIRST, LAST), st.integers(-14 * 60, 14 * 60))
def test_an_offset_moves_the_instant_not_the_length(moment: datetime, minutes: int) -> None:
    sign = "-" if minutes < 0 else "+"
    text = (
        moment.strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0")
        + f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    )
    lo, hi = interval(text)
    exact = moment.replace(microsecond=0, tzinfo=UTC) - timedelta(minutes=minutes)
    assert lo == (exact - EPOCH) // timedelta(microseconds=1)
    assert hi - lo == 1_000_000


@given(st.dates(max_value=LAST.date()))
def test_a_year_contains_its_months_and_a_month_its_days(day: object) -> None:
    text = str(day)
    year, month, whole = interval(text[:4]), interval(text[:7]), interval(text)
    assert year[0] <= month[0] <= whole[0] < whole[1] <= month[1] <= year[1]


def test_the_last_year_that_can_be_written_has_an_end() -> None:
    assert interval("9999")[1] - interval("9999-12-31")[0] == 86_400_000_000
    assert interval("9999-12-31")[1] == interval("9999-12")[1] == interval("9999")[1]


def test_fractions_say_how_exact_they_are() -> None:
    for digits, length in (
        ("1", 100_000),
        ("12", 10_000),
        ("123", 1000),
        ("123456", 1),
        ("1234567", 1),
    ):
        lo, hi = interval(f"2024-01-01T00:00:00.{digits}Z")
        assert hi - lo == length
