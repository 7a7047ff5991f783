"""Marks of an axis are round, lie where they should, and are neither one nor many."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.surfaces.leaders.axis import marks_around, marks_within

NUMBERS = st.floats(min_value=-1e6, max_value=1e6, allow_nan=False)
UNITS = st.sampled_from(["", "min"])


@given(one=NUMBERS, other=NUMBERS, unit=UNITS)
def test_marks_around_hold_all_values_between_them(one: float, other: float, unit: str) -> None:
    low, high = sorted((Fraction(one), Fraction(other)))
    found = marks_around(low, high, unit)
    assert found[0] <= low
    assert found[-1] >= high
    assert 2 <= len(found) <= 7
    assert len({after - before for before, after in pairwise(found)}) == 1


@given(low=NUMBERS, span=st.floats(min_value=1e-3, max_value=1e6), unit=UNITS)
def test_marks_within_lie_inside_the_axis(low: float, span: float, unit: str) -> None:
    high = low + span
    found = marks_within(low, high, unit)
    assert 2 <= len(found) <= 6
    assert low <= found[0] < found[-1] <= high


@pytest.mark.parametrize(
    ("low", "high", "unit", "expected"),
    [
        ("0.553", "0.871", "", ["1/2", "3/5", "7/10", "4/5", "9/10"]),
        ("3", "97", "min", ["0", "30", "60", "90", "120"]),
        ("100", "700", "min", ["0", "180", "360", "540", "720"]),
        ("2000", "17000", "min", ["0", "7200", "14400", "21600"]),
    ],
)
def test_marks_are_what_one_would_write(
    low: str, high: str, unit: str, expected: list[str]
) -> None:
    assert marks_around(Fraction(low), Fraction(high), unit) == [Fraction(x) for x in expected]
