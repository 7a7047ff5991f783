"""Whether a change helped, and what may be claimed of it."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.leadership.pathways.claims import (
    Caution,
    Claim,
    Confounder,
    Confounders,
    Design,
    Direction,
    Evidence,
    carried,
    claimed,
)
from fellesjournal.leadership.pathways.evaluation import (
    difference_in_differences,
    interrupted,
    staggered,
)
from fellesjournal.leadership.pathways.refusals import Refused, Why


def refused(why: Why) -> pytest.RaisesExc[Refused]:
    return pytest.raises(Refused, check=lambda error: error.why is why)


def test_v_did_what_changed_more_than_elsewhere() -> None:
    found = difference_in_differences(Fraction(20), Fraction(14), Fraction(18), Fraction(17))
    assert found == -5


def test_a_series_without_noise_gives_back_what_it_was_made_of() -> None:
    values = [10 + 0.5 * t + (3 + 2 * (t - 20) if t >= 20 else 0) for t in range(40)]
    found = interrupted(values, 20)
    assert [round(each, 6) for each in (found.level, found.trend, found.step, found.bend)] == [
        10, 0.5, 3, 2,
    ]  # fmt: skip
    assert found.step_error < 1e-6
    assert not found.months


def test_the_season_is_not_taken_for_the_change() -> None:
    season = [5, 4, 2, 0, -2, -4, -5, -4, -2, 0, 2, 4]
    values = [20 + season[(t + 2) % 12] - (6 if t >= 24 else 0) for t in range(48)]
    with_months = interrupted(values, 24, first_month=3)
    assert round(with_months.step, 6) == -6
    assert round(with_months.bend, 6) == 0
    assert with_months.months
    # an uneven stretch of the year, without its months, finds a change that is none
    part = [20 + season[t % 12] for t in range(9)]
    assert abs(interrupted(part, 5).step) > 1


def test_standard_errors_agree_with_a_worked_example() -> None:
    """Three values each side, solved by hand: two lines of their own, four residuals of 1/6 and two
    of 1/3, so the variance is (4/36 + 2/9) / 2 = 1/6.
    """
    found = interrupted([0, 1.5, 2, 10, 11.5, 12], 3)
    assert round(found.trend, 9) == 1
    assert round(found.bend, 9) == 0
    # step: the right line at 3 less the left line at 3: variances 5/6 and 7/3 of 1/6
    assert round(found.step_error, 9) == round((1 / 6 * (5 / 6 + 7 / 3)) ** 0.5, 9)
    assert round(found.bend_error, 9) == round((1 / 6 * (1 / 2 + 1 / 2)) ** 0.5, 9)


def test_errors_that_hang_together_are_seen() -> None:
    by_chance = random.Random(1)
    walk, at = [], 0.0
    for _ in range(60):
        at = 0.95 * at + by_chance.gauss(0, 1)
        walk.append(at)
    noise = [by_chance.gauss(0, 1) for _ in range(60)]
    assert interrupted(walk, 30).durbin_watson < 1.2 < interrupted(noise, 30).durbin_watson


def test_too_few_values_are_refused() -> None:
    for values, start in (([1.0] * 5, 3), ([1.0] * 5, 2), ([1.0] * 8, 0)):
        with pytest.raises(ValueError, match="three values"):
            interrupted(values, start)
    with pytest.raises(ValueError, match="too few"):
        interrupted([1.0, 2, 3, 4, 5, 6, 7], 3, first_month=1)


SERIES = {
    "Ålesund": [20.0, 20, 14, 14, 14, 14],
    "Molde": [18.0, 18, 18, 12, 12, 12],
    "Kristiansund": [19.0, 19, 19, 19, 13, 13],
}
STARTS = {"Ålesund": 2, "Molde": 3, "Kristiansund": 4}


def test_places_that_begin_later_are_compared_with_those_that_have_begun() -> None:
    found = staggered(SERIES, STARTS)
    assert found.effect == pytest.approx(-6)
    assert found.orders == 6
    assert found.probability == pytest.approx(1 / 6)


def test_three_places_say_that_they_are_too_few() -> None:
    found = staggered(SERIES, STARTS)
    assert found.low_power
    assert found.smallest_probability > 0.05  # no result of three places can be unlikely


def test_what_all_places_share_is_no_effect() -> None:
    drifting = {place: [10.0 + t * t for t in range(6)] for place in STARTS}
    found = staggered(drifting, STARTS)
    assert found.effect == pytest.approx(0)
    assert found.probability == 1


def test_nobody_to_compare_with_is_no_comparison() -> None:
    with pytest.raises(ValueError, match="nobody to compare"):
        staggered(SERIES, dict.fromkeys(SERIES, 3))
    with pytest.raises(ValueError, match="before its start"):
        staggered(SERIES, {**STARTS, "Molde": 0})
    with pytest.raises(ValueError, match="as many values"):
        staggered({**SERIES, "Molde": [1.0]}, STARTS)


@given(
    st.lists(st.lists(st.integers(-20, 20), min_size=6, max_size=6), min_size=3, max_size=4),
    st.lists(st.integers(-50, 50), min_size=6, max_size=6),
)
def test_a_drift_that_all_share_changes_no_effect(rows: list[list[int]], drift: list[int]) -> None:
    starts = {str(place): 2 + place for place in range(len(rows))}
    series = {str(place): [float(v) for v in row] for place, row in enumerate(rows)}
    moved = {k: [a + b for a, b in zip(v, drift, strict=True)] for k, v in series.items()}
    one, other = staggered(series, starts), staggered(moved, starts)
    assert one.effect == pytest.approx(other.effect, abs=1e-9)
    assert 1 / one.orders <= one.probability <= 1


NONE_KNOWN = Confounders(asked="Project group, 3 March 2026")
EVIDENCE = Evidence("LE1", Design.STAGGERED, improved=True, confounders=NONE_KNOWN,
                    points_before=24, probability=Decimal("0.01"))  # fmt: skip


def test_nothing_is_claimed_before_somebody_was_asked_what_else_happened() -> None:
    for missing in (None, Confounders(asked=" ")):
        with refused(Why.NO_CONFOUNDERS):
            carried(replace(EVIDENCE, confounders=missing))


def test_each_design_carries_its_claim_and_no_stronger_one() -> None:
    expected = {
        Design.BEFORE_AFTER: Claim.OBSERVED,
        Design.INTERRUPTED_SERIES: Claim.PLAUSIBLE,
        Design.WITH_CONTROLS: Claim.PLAUSIBLE,
        Design.STAGGERED: Claim.ATTRIBUTABLE,
    }
    for design, claim in expected.items():
        evidence = replace(EVIDENCE, design=design)
        assert carried(evidence).claim is claim
        assert claimed(evidence, Claim.OBSERVED).claim is Claim.OBSERVED
        if claim is not Claim.ATTRIBUTABLE:
            with refused(Why.CLAIM):
                claimed(evidence, Claim.ATTRIBUTABLE)
    assert claimed(EVIDENCE, Claim.ATTRIBUTABLE).claim is Claim.ATTRIBUTABLE


def test_what_chance_does_as_often_is_not_attributable() -> None:
    for probability in (Decimal("0.17"), None):
        found = carried(replace(EVIDENCE, probability=probability))
        assert (found.claim, found.warnings) == (Claim.PLAUSIBLE, (Caution.CHANCE,))


def test_what_something_else_may_have_done_is_only_observed() -> None:
    def with_other(direction: Direction, indicator: str = "LE1") -> Evidence:
        other = Confounder(date(2026, 1, 1), "A new ward", direction, (indicator,))
        return replace(EVIDENCE, confounders=Confounders("all wards", (other,)))

    for direction in (Direction.BETTER, Direction.UNKNOWN):
        found = carried(with_other(direction))
        assert (found.claim, found.warnings) == (Claim.OBSERVED, (Caution.CONFOUNDED,))
    assert carried(with_other(Direction.WORSE)).claim is Claim.ATTRIBUTABLE
    assert carried(with_other(Direction.BETTER, "H4")).claim is Claim.ATTRIBUTABLE


def test_the_worst_of_many_comes_nearer_to_the_others_by_itself() -> None:
    found = carried(replace(EVIDENCE, chosen_for_being_worst=True))
    assert found.warnings == (Caution.REGRESSION_TO_THE_MEAN,)
    for design in (Design.BEFORE_AFTER, Design.INTERRUPTED_SERIES):
        alone = carried(replace(EVIDENCE, design=design, chosen_for_being_worst=True))
        assert alone.claim is Claim.OBSERVED
        assert Caution.REGRESSION_TO_THE_MEAN in alone.warnings


def test_a_trend_of_a_few_months_is_not_known() -> None:
    short = replace(EVIDENCE, design=Design.INTERRUPTED_SERIES, points_before=11)
    assert carried(short).warnings == (Caution.FEW_POINTS,)
    assert carried(short).claim is Claim.OBSERVED
    assert carried(short, points_before=11).claim is Claim.PLAUSIBLE


def test_what_has_not_become_better_is_only_observed() -> None:
    assert carried(replace(EVIDENCE, improved=False)).claim is Claim.OBSERVED
