"""Ratios, rounding, intervals and signals: the vectors of the management specification."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fellesjournal.leadership.figures.intervals import against_expected, poisson, wilson
from fellesjournal.leadership.figures.periods import month
from fellesjournal.leadership.figures.ratios import Why, change, ratio, together
from fellesjournal.leadership.figures.result import Definition, Figure, Status
from fellesjournal.leadership.figures.rounding import Mode, in_words, rounded
from fellesjournal.leadership.figures.signals import funnel, outliers, robust_z, shrunk, xmr


def _percent(value: float) -> float:
    return float(rounded(value * 100, 1))


def test_percentages_are_never_averaged() -> None:
    assert together([(1, 1), (0, 9)]).value == Fraction(1, 10)
    assert together([]).reason is Why.NO_OBSERVATIONS


def test_nothing_by_nothing_has_a_reason_and_no_number() -> None:
    assert ratio(0, 0).reason is Why.NO_OBSERVATIONS
    assert change(3, 0).reason is Why.BASE_ZERO
    assert change(0, 240).value == -1
    with pytest.raises(ValueError, match="base-zero"):
        float(change(3, 0))


def test_both_ways_of_rounding_have_a_name() -> None:
    fall = change(1610, 10_155).value
    assert fall is not None
    assert rounded(fall * 100, 2, Mode.TRUNC) == Decimal("-84.14")
    assert rounded(fall * 100, 2, Mode.HALF_UP) == Decimal("-84.15")
    assert rounded(Fraction(-5, 2)) == -3
    assert rounded(Fraction(-5, 2), mode=Mode.TRUNC) == -2


def test_numbers_stand_as_the_language_writes_them() -> None:
    assert in_words(Fraction(1673, 10_000), 1, "nb", percent=True) == "16,7\N{NO-BREAK SPACE}%"
    assert in_words(Fraction(1673, 10_000), 1, "en", percent=True) == "16.7%"
    assert in_words(129_462, 0, "nn") == "129\N{NO-BREAK SPACE}462"
    assert in_words(Decimal("1234.50"), 2, "en") == "1,234.50"


def test_v_wil_intervals_of_shares() -> None:
    assert [_percent(end) for end in wilson(268, 389)] == [64.1, 73.3]
    assert [_percent(end) for end in wilson(58_099, 69_405)] == [83.4, 84.0]
    with pytest.raises(ValueError, match="no share"):
        wilson(0, 0)


def test_v_fun_a_unit_outside_the_funnel() -> None:
    low, high = funnel(0.837, 389)
    assert (round(low, 3), round(high, 3)) == (0.800, 0.874)
    assert not low <= 268 / 389 <= high
    assert round(float(shrunk(3, 5, yes=8, no=2)), 4) == 0.7333


def test_v_tic_observed_against_expected_is_exact() -> None:
    low, high = against_expected(120, 140)
    assert (round(low, 3), round(high, 3)) == (0.711, 1.025)


def test_the_exact_interval_of_a_count_agrees_with_published_tables() -> None:
    """F. Garwood, Biometrika 28 (1936): limits for 0, 1, 10 and 50."""
    assert [round(end, 3) for end in poisson(0)] == [0.0, 3.689]
    assert [round(end, 3) for end in poisson(1)] == [0.025, 5.572]
    assert [round(end, 3) for end in poisson(10)] == [4.795, 18.390]
    assert [round(end, 2) for end in poisson(50)] == [37.11, 65.92]


@settings(deadline=None, max_examples=50)  # a busy machine is no fault
@given(st.integers(0, 10**5))
def test_a_count_lies_in_its_interval_whatever_its_size(count: int) -> None:
    low, high = poisson(count)
    assert low <= count < high


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_share_lies_in_its_interval(numerator: int, denominator: int) -> None:
    top = min(numerator, denominator)
    low, high = wilson(top, denominator)
    assert 0 <= low <= top / denominator + 1e-12
    assert top / denominator - 1e-12 <= high <= 1


def test_v_xmr_five_months_without_a_signal() -> None:
    completed = [376, 449, 505, 579, 300]
    chart = xmr(completed)
    assert round(chart.mean, 1) == 441.8
    assert round(chart.moving_range, 1) == 120.5
    assert [round(end, 1) for end in (chart.low, chart.high)] == [121.3, 762.3]
    assert chart.signals(completed) == []
    assert chart.signals([*completed, 120]) == [5]


def test_v_rz_a_value_far_from_the_others() -> None:
    values = [40, 42, 45, 43, 41, 90]
    assert round(robust_z(values)[5], 2) == 16.02
    assert outliers(values) == [5]
    assert robust_z([7, 7, 7, 9]) == [0, 0, 0, math.inf]
    assert outliers([7, 7, 7, 9]) == [3]


def test_a_figure_that_is_held_back_carries_no_count() -> None:
    with pytest.raises(ValueError, match="held back"):
        Figure(
            Definition("LE1", "1", "x"), "Organization/u", month(2022, 1),
            datetime(2022, 2, 1, tzinfo=UTC), Status.SUPPRESSED, numerator=Fraction(3),
        )  # fmt: skip
