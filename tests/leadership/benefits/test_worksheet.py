"""The worksheet of a workshop: the vectors of the management specification."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.leadership.benefits.worksheet import (
    RATES,
    Per,
    Row,
    ThreePoint,
    faults,
    simulated,
    total,
)


def _row(
    now: int, after: int, times: int | str, weeks: int, name: str = "a", **more: object
) -> Row:
    exact = ThreePoint(Fraction(after), Fraction(after), Fraction(after))
    return Row(
        name, "task", "home care", "nurse", Fraction(now), exact, Fraction(times),
        weeks=Fraction(weeks), **more,  # type: ignore[arg-type]  # fields by name
    )  # fmt: skip


def test_v_ws_hours_positions_and_money() -> None:
    saved, lost = _row(15, 5, 30, 52), _row(5, 8, 200, 46, "b")
    worth = RATES.worth(saved.hours)
    assert [worth.hours, worth.money] == [260, 169_000]
    assert round(float(worth.fte), 4) == 0.1486
    worth = RATES.worth(lost.hours)
    assert [worth.hours, worth.money] == [-460, -299_000]
    assert round(float(worth.fte), 4) == -0.2629
    assert total([saved, lost]) == -200
    assert ThreePoint(Fraction(2), Fraction(5), Fraction(14)).mean == 6


def test_v_ws_a_week_is_not_rounded() -> None:
    small = _row(39, 0, 1, 46)  # 0.65 hours a week
    assert small.hours == Fraction("29.9")


def test_how_often_counts_weeks_days_and_all_who_do_it() -> None:
    assert _row(1, 0, 2, 50).occurrences_per_year == 100
    assert _row(1, 0, 2, 50, per=Per.DAY).occurrences_per_year == 700
    assert _row(1, 0, 2, 50, per=Per.YEAR).occurrences_per_year == 2
    assert _row(1, 0, 2, 50, staff=Fraction(3)).occurrences_per_year == 300


def test_hours_are_claimed_once_and_not_more_than_there_are() -> None:
    one, other = _row(15, 5, 30, 52), _row(15, 5, 30, 52, "b", claimed_by="the ward's plan")
    assert total([one, other]) == 260
    assert list(faults([one, other], {"home care": Fraction(260)})) == []
    (found,) = faults([one], {"home care": Fraction(259)})
    assert "260.0 hours freed of 259.0" in found.text
    assert [each.text for each in faults([one, one], {})] == ["stands twice"]


def test_minutes_here_and_there_are_capacity_and_no_budget() -> None:
    assert _row(15, 5, 30, 52).is_capacity()
    assert not _row(60, 15, 3, 52).is_capacity()
    assert not _row(5, 8, 3, 52).is_capacity()  # a loss is a loss


@pytest.mark.parametrize("wrong", [(3, 2, 5), (-1, 2, 5), (1, 6, 5)])
def test_three_points_stand_in_order(wrong: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="most likely"):
        ThreePoint(*map(Fraction, wrong))


def test_a_simulation_is_repeatable_and_lies_around_the_mean() -> None:
    row = Row("a", "t", "s", "r", Fraction(20), ThreePoint(Fraction(2), Fraction(8), Fraction(14)),
              Fraction(10))  # fmt: skip
    drawn = simulated([row], seed=1, rounds=4000)
    assert drawn == simulated([row], seed=1, rounds=4000)
    assert drawn == sorted(drawn)
    mean = sum(drawn) / len(drawn)
    assert abs(mean - float(row.hours)) < 0.02 * float(row.hours)
    assert simulated([row], seed=2, rounds=50) != drawn[:50]


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(0, 50)), max_size=6))
def test_a_sum_is_the_sum_of_its_rows(found: list[tuple[int, int, int]]) -> None:
    rows = [_row(now, after, times, 52, str(n)) for n, (now, after, times) in enumerate(found)]
    assert total(rows) == sum(Fraction(now - after, 60) * times * 52 for now, after, times in found)
