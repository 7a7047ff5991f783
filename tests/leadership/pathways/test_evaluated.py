"""One indicator of several places: what each design says of published figures, and why it says nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from fellesjournal.leadership.figures.periods import Period, month
from fellesjournal.leadership.figures.result import Definition, Figure, Status
from fellesjournal.leadership.pathways.claims import (
    Caution,
    Claim,
    Confounders,
    Design,
    carried,
)
from fellesjournal.leadership.pathways.evaluated import (
    Course,
    WhyNot,
    across,
    chart,
    of_place,
    was_worst,
)

CUT = datetime(2026, 11, 1, tzinfo=UTC)
ASKED = Confounders("Brukerrådet")


def month_at(n: int) -> Period:
    return month(2025 + n // 12, n % 12 + 1)


def figure(n: int, yes: int | None, of: int = 100) -> Figure:
    """The figure of the month ``n`` after January 2025; None is held back."""
    none = Figure(Definition("LE1", "1", "x"), "u", month_at(n), CUT, Status.SUPPRESSED)
    if yes is None:
        return none
    return replace(
        none, status=Status.FINAL, numerator=Fraction(yes), denominator=Fraction(of),
        value=Fraction(yes, of),
    )  # fmt: skip


def course(name: str, values: Sequence[int | None], begins: date | None = None) -> Course:
    return Course(name, begins, tuple(figure(n, yes) for n, yes in enumerate(values)))


def test_v_did_of_published_figures() -> None:
    treated = course("A", [20, 20, 14, 14], date(2025, 3, 1))
    other = course("B", [18, 18, 17, 17])
    found, _ = across([treated, other])
    assert found.effect == Fraction(-5, 100)
    assert (found.places, found.against) == (("A",), ("B",))
    assert found.is_few


def test_the_month_in_which_it_began_counts_for_neither() -> None:
    one = course("A", [20, 20, 99, 14, 14], date(2025, 3, 10))
    before_after, _ = of_place(one)
    assert before_after.effect == Fraction(-6, 100)
    assert one.values[2] is None
    assert (before_after.periods_before, before_after.periods_after) == (2, 2)


def test_a_month_that_is_held_back_is_left_out_and_no_number_stands_for_it() -> None:
    one = course("A", [20, None, 20, 20, 14, None, 14, 14], date(2025, 5, 1))
    before_after, series = of_place(one)
    assert before_after.effect == Fraction(-6, 100)
    assert series.series is not None
    assert round(series.series.step, 6) == -0.06  # the time that it took is not left out
    assert course("A", [None, None, 14], date(2025, 3, 1)).values == [None, None, 0.14]
    none, _ = of_place(course("A", [None, None, 14], date(2025, 3, 1)))
    assert none.why_not is WhyNot.FEW_BEFORE
    _, all_places = across([one, course("B", [18, 18, None, 18, 18, 18, 18, 18])])
    assert all_places.periods_before + all_places.periods_after == 5


def test_a_period_that_is_not_over_is_no_value() -> None:
    figures = tuple(figure(n, 20) for n in range(4))
    open_ = replace(figures[-1], status=Status.PROVISIONAL, elapsed_share=0.4)
    assert Course("A", None, (*figures[:-1], open_)).values[-1] is None


def test_several_months_are_one_value_by_their_sums() -> None:
    figures = (figure(0, 1, 10), figure(1, 90, 100), figure(2, 50))
    found, _ = of_place(Course("A", date(2025, 3, 1), figures))
    assert found.before == Fraction(91, 110)


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (course("A", [20, 20, 14]), WhyNot.NOT_BEGUN),
        (course("A", [None, None, 14], date(2025, 3, 1)), WhyNot.FEW_BEFORE),
        (course("A", [20, 20, None], date(2025, 3, 1)), WhyNot.FEW_AFTER),
    ],
)
def test_a_design_says_why_it_says_nothing(one: Course, why: WhyNot) -> None:
    assert [each.why_not for each in of_place(one)] == [why, why]
    with pytest.raises(ValueError, match="nothing was found"):
        of_place(one)[0].evidence("LE1", ASKED, better_up=True, worst=False)


def test_without_anybody_to_compare_with_nothing_is_compared() -> None:
    together = [course(name, [20, 20, 14, 14], date(2025, 3, 1)) for name in "AB"]
    assert [each.why_not for each in across(together)] == [WhyNot.NOBODY, WhyNot.NOBODY]


def test_places_that_begin_one_after_the_other_are_compared_with_those_that_have_not() -> None:
    places = [
        course("A", [20, 20, 30, 30, 30, 30], date(2025, 3, 1)),
        course("B", [10, 10, 10, 10, 20, 20], date(2025, 5, 1)),
        course("C", [15] * 6),
    ]
    _, found = across(places)
    assert found.staggered is not None
    assert round(found.staggered.effect, 6) == 0.1
    assert found.staggered.orders == 6
    evidence = found.evidence("LE1", ASKED, better_up=True, worst=False)
    most = carried(evidence)  # three places: chance can't be ruled out, however large the change
    assert most.claim is Claim.PLAUSIBLE
    assert Caution.CHANCE in most.warnings
    assert not found.evidence("LE1", ASKED, better_up=False, worst=False).improved


def test_the_season_is_taken_out_of_two_years_of_months_and_not_of_less() -> None:
    season = [5, 4, 2, 0, -2, -4, -5, -4, -2, 0, 2, 4]
    values = [50 + season[n % 12] - (6 if n >= 24 else 0) for n in range(36)]
    _, found = of_place(course("A", values, date(2027, 1, 1)))
    assert found.series is not None
    assert found.series.months
    assert round(float(found.effect or 0), 6) == -0.06
    _, short = of_place(course("A", values[:12], date(2025, 7, 1)))
    assert short.series is not None
    assert not short.series.months
    assert found.design is Design.INTERRUPTED_SERIES


def test_the_limits_are_of_what_was_before() -> None:
    one = course("A", [20, 22, 20, 22, 60, 60], date(2025, 5, 1))
    limits = chart(one)
    assert limits is not None
    assert limits.mean == pytest.approx(0.21)
    assert limits.signals([each for each in one.values if each is not None]) == [4, 5]
    assert chart(course("A", [20, 60], date(2025, 2, 1))) is None


def test_the_place_that_was_worst_is_named_when_it_has_begun() -> None:
    worst = course("A", [20, 20, 30], date(2025, 3, 1))
    other = course("B", [25, 25, 25])
    assert was_worst([worst, other], better_up=True) == "A"
    assert was_worst([worst, other], better_up=False) == ""
    assert was_worst([worst], better_up=True) == ""
