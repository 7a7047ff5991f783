"""When a number has fallen: by hand-worked numbers."""

from __future__ import annotations

from datetime import date

import pytest

from fellesjournal.access.volumes.judging import Limits, expected, has_fallen, kind_of_day

LIMITS = Limits()


@pytest.mark.parametrize(
    ("number", "awaited", "fallen"),
    [
        (0, 0, False), (0, 1, False), (0, 4, False),  # next to nothing is expected
        (0, 5, True), (1, 5, False),  # 5 - 1 is within twice the square root (4.5)
        (3, 10, True), (4, 10, False),
        (49, 100, True), (50, 100, False), (200, 100, False),
    ],
)  # fmt: skip
def test_less_than_half_and_less_than_chance_makes_it(
    number: int,
    awaited: float,
    fallen: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    assert has_fallen(number, awaited, LIMITS) is fallen


def test_the_limit_can_be_set() -> None:
    assert has_fallen(70, 100, Limits(fall=20))
    assert not has_fallen(70, 100, Limits(fall=50))


def test_what_is_expected_is_the_middle_one_and_needs_three_days() -> None:
    assert expected([10, 10], LIMITS) is None
    assert expected([10, 0, 12], LIMITS) == 10  # one silent day moves it little
    assert expected([10, 12, 11, 90], LIMITS) == 11.5


def test_a_public_holiday_is_compared_with_sundays() -> None:
    assert kind_of_day(date(2026, 11, 23)) == 0
    assert kind_of_day(date(2026, 5, 17)) == 6
    assert kind_of_day(date(2027, 5, 17)) == 6  # a Monday
