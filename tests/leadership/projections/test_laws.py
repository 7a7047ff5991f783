"""What holds for every projection: contributions add up, load never vanishes, order is free."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fellesjournal.leadership.projections.ageing import (
    AgeMultiplier,
    AgeShift,
    LastYear,
    NeedOfHelp,
    nearer_death,
    needing_help,
    shifted,
)
from fellesjournal.leadership.projections.contributions import contributions, order_free
from fellesjournal.leadership.projections.fans import drawn, fan, parts, quantile
from fellesjournal.leadership.projections.load import Load, load_of, split, with_people
from fellesjournal.leadership.projections.people import (
    OBSERVED,
    Ages,
    People,
    Population,
    Sex,
    bands,
)
from fellesjournal.leadership.projections.rates import Cell, Flag, Rate, Use, values
from fellesjournal.leadership.projections.scenarios import (
    Demography,
    Efficiency,
    PracticeShift,
    Scenario,
    ScenarioStep,
    Takeover,
    after,
    way,
)

AGES = bands(0, 67, 80)
WHOLE = Fraction(1)
few = settings(max_examples=25, deadline=None)

shares = st.decimals(0, 1, places=3)
multipliers = st.decimals(0, 2, places=3)
counts = st.decimals(1, 10_000, places=1)
_rates = st.fractions(0, 10, max_denominator=100)


@st.composite
def loads(draw: st.DrawFn) -> Load:
    """A region of two sexes, four ages and two groups."""
    people = _population(draw, OBSERVED)
    rates = {
        Cell(sex, ages, group): {Use.BED_DAYS: draw(_rates), Use.STAYS: draw(_rates)}
        for sex, group in ((Sex.FEMALE, "surgery"), (Sex.MALE, "medicine"))
        for ages in AGES
    }
    return load_of(people, rates)


def _population(draw: st.DrawFn, alternative: str) -> Population:
    rows = tuple(People(sex, ages, draw(counts)) for sex in (Sex.FEMALE, Sex.MALE) for ages in AGES)
    return Population("region", 2040, alternative, rows)


populations = st.composite(lambda draw: _population(draw, "MMMM"))()

practice_shifts = st.builds(PracticeShift, shares, multipliers, st.sampled_from(["", "surgery"]))
takeovers = st.builds(
    Takeover, shares, st.sampled_from([Use.MUNICIPAL_BED_DAYS, Use.HOME_CARE_HOURS]),
    st.decimals("0.1", 5, places=1), st.sampled_from(["", "medicine"]),
)  # fmt: skip


@st.composite
def steps(draw: st.DrawFn) -> list[ScenarioStep]:
    """Some of the kinds of steps, in any order."""
    found = [
        ScenarioStep(1, "demography", "s", demography=Demography()),
        ScenarioStep(2, "ages", "s", age_multipliers=(AgeMultiplier(AGES[2], draw(multipliers)),)),
        ScenarioStep(3, "shift", "s", age_shift=AgeShift(draw(multipliers), draw(shares), 67)),
        ScenarioStep(4, "practice", "s", practice_shift=draw(practice_shifts)),
        ScenarioStep(5, "efficiency", "s", efficiency=Efficiency(draw(multipliers))),
        ScenarioStep(6, "takeover", "s", takeover=draw(takeovers)),
    ]
    chosen = draw(st.permutations(found))
    return chosen[: draw(st.integers(1, 4))]


@few
@given(loads(), steps(), populations, shares)
def test_contributions_add_up_to_the_whole_change(
    base: Load, chosen: list[ScenarioStep], later: Population, so_far: Decimal
) -> None:
    arrived = Fraction(so_far)
    rows = contributions(base, chosen, later, arrived=arrived)
    whole = after(base, chosen, later, arrived).total(Use.BED_DAYS) - base.total(Use.BED_DAYS)
    assert sum(row.change for row in rows) == whole
    assert sum(row.order_free for row in rows) == whole


@given(st.lists(st.fractions(-5, 5, max_denominator=20), min_size=8, max_size=8))
def test_the_order_free_contribution_is_the_mean_over_all_orders(worths: list[Fraction]) -> None:
    def worth(chosen: frozenset[int]) -> Fraction:
        return worths[sum(1 << each for each in chosen)]

    orders = list(permutations(range(3)))
    means = []
    for player in range(3):
        added = []
        for order in orders:
            before = frozenset(order[: order.index(player)])
            added.append(worth(before | {player}) - worth(before))
        means.append(sum(added, Fraction()) / len(orders))
    assert list(order_free(3, worth)) == means


def test_a_step_that_changes_nothing_contributes_nothing() -> None:
    assert list(order_free(2, lambda chosen: Fraction(5 if 0 in chosen else 0))) == [5, 0]


@few
@given(loads(), takeovers, shares)
def test_load_that_municipalities_take_over_never_vanishes(
    base: Load, takeover: Takeover, so_far: Decimal
) -> None:
    step = ScenarioStep(1, "takeover", "s", takeover=takeover)
    later = after(base, [step], Population("r", 2040, OBSERVED, ()), Fraction(so_far))
    left = base.total(Use.BED_DAYS) - later.total(Use.BED_DAYS)
    come = later.total(takeover.to) - base.total(takeover.to)
    assert come == left * Fraction(takeover.for_each)
    assert left >= 0
    assert later.total(Use.STAYS) == base.total(Use.STAYS)


@few
@given(loads(), practice_shifts)
def test_a_practice_shift_keeps_stays_and_turns_nights_into_contacts(
    base: Load, shift: PracticeShift
) -> None:
    step = ScenarioStep(1, "practice", "s", practice_shift=shift)
    later = after(base, [step], Population("r", 2040, OBSERVED, ()), WHOLE)
    nights = base.total(Use.BED_DAYS) - later.total(Use.BED_DAYS)
    assert later.total(Use.STAYS) == base.total(Use.STAYS)
    assert later.total(Use.DAY_CONTACTS) == nights * Fraction(shift.day_contacts_a_night)
    for cell in base.rates:
        if shift.group not in {"", cell.group}:
            assert later.of(cell, Use.BED_DAYS) == base.of(cell, Use.BED_DAYS)


@few
@given(loads(), populations)
def test_size_and_structure_are_the_whole_change(base: Load, later: Population) -> None:
    after_it = with_people(base, later)
    found = split(base, after_it, Use.BED_DAYS)
    change = after_it.total(Use.BED_DAYS) - base.total(Use.BED_DAYS)
    assert found.size + found.structure == change


@few
@given(loads(), multipliers)
def test_growth_of_all_ages_alike_has_no_structure(base: Load, times: Decimal) -> None:
    rows = tuple(
        People(sex, ages, Decimal(count.numerator) / Decimal(count.denominator) * times)
        for (sex, ages), count in base.people.items()
    )
    found = split(base, with_people(base, Population("r", 2040, "MMMM", rows)), Use.BED_DAYS)
    assert found.structure == 0


@few
@given(loads(), multipliers)
def test_an_age_shift_of_nothing_changes_nothing(base: Load, gained: Decimal) -> None:
    assert shifted(base, AgeShift(gained, Decimal(0)), WHOLE).rates == base.rates
    assert shifted(base, AgeShift(Decimal(0), Decimal(1)), WHOLE).rates == base.rates


def test_an_age_shift_of_a_whole_band_gives_the_rates_of_the_band_below() -> None:
    ages = bands(0, 10, 20)
    rates = {Cell(Sex.ALL, each, "g"): {Use.BED_DAYS: Fraction(n)} for n, each in enumerate(ages)}
    people = Population("r", 2022, OBSERVED, tuple(People(Sex.ALL, a, Decimal(1)) for a in ages))
    found = shifted(load_of(people, rates), AgeShift(Decimal(10), Decimal(1), 10), WHOLE)
    got = [found.rates[Cell(Sex.ALL, each, "g")][Use.BED_DAYS] for each in ages]
    # the open band stands at 20: ten years younger is the line from 4.5 to 14.5, at 10
    assert got == [0, 0, Fraction(55, 100)]


def test_fewer_deaths_at_an_age_mean_less_care_at_it() -> None:
    base = load_of(
        Population("r", 2022, OBSERVED, (People(Sex.ALL, Ages(80), Decimal(100)),)),
        {Cell(Sex.ALL, Ages(80), "g"): {Use.BED_DAYS: Fraction(5)}},
    )
    rule = LastYear(Ages(80), Decimal("0.10"), Decimal("0.05"), Decimal(11))
    found = nearer_death(base, (rule,), WHOLE).total(Use.BED_DAYS)
    assert found == 500 * Fraction(3, 4)  # (1 + 10 x 0.05) / (1 + 10 x 0.10)
    same = LastYear(Ages(80), Decimal("0.10"), Decimal("0.05"), Decimal(1))
    assert nearer_death(base, (same,), WHOLE).total(Use.BED_DAYS) == 500


def test_less_need_of_help_means_less_care() -> None:
    base = load_of(
        Population("r", 2022, OBSERVED, (People(Sex.ALL, Ages(80), Decimal(100)),)),
        {Cell(Sex.ALL, Ages(80), "g"): {Use.BED_DAYS: Fraction(5)}},
    )
    rules = (
        NeedOfHelp(Ages(80), "none", Decimal("0.5"), Decimal("0.6"), Decimal(1)),
        NeedOfHelp(Ages(80), "substantial", Decimal("0.5"), Decimal("0.4"), Decimal(3)),
    )
    assert needing_help(base, rules, WHOLE).total(Use.BED_DAYS) == 500 * Fraction(9, 10)
    assert needing_help(base, rules, Fraction()).total(Use.BED_DAYS) == 500
    with pytest.raises(ValueError, match="not everybody"):
        needing_help(base, rules[:1], WHOLE)


def test_negative_multipliers_and_what_is_no_share_are_refused() -> None:
    with pytest.raises(ValueError, match="never negative"):
        AgeMultiplier(Ages(0), Decimal("-0.1"))
    with pytest.raises(ValueError, match="never negative"):
        Efficiency(Decimal(-1))
    with pytest.raises(ValueError, match="never negative"):
        PracticeShift(Decimal("0.1"), Decimal(-1))
    with pytest.raises(ValueError, match="never negative"):
        LastYear(Ages(80), Decimal("0.1"), Decimal("0.1"), Decimal(-1))
    with pytest.raises(ValueError, match="no share"):
        PracticeShift(Decimal("1.1"), Decimal(1))
    with pytest.raises(ValueError, match="no healthier"):
        AgeShift(Decimal(-1), Decimal(1))
    with pytest.raises(ValueError, match="does not vanish"):
        Takeover(Decimal("0.1"), Use.HOME_CARE_HOURS, Decimal(0))
    with pytest.raises(ValueError, match="nothing a municipality gives"):
        Takeover(Decimal("0.1"), Use.STAYS, Decimal(1))


def test_a_rule_that_cuts_through_a_band_is_refused_and_not_left_out() -> None:
    base = load_of(
        Population("r", 2022, OBSERVED, (People(Sex.ALL, Ages(67, 79), Decimal(1)),)),
        {Cell(Sex.ALL, Ages(67, 79), "g"): {Use.BED_DAYS: WHOLE}},
    )
    step = ScenarioStep(1, "ages", "s", age_multipliers=(AgeMultiplier(Ages(70), Decimal("0.9")),))
    with pytest.raises(ValueError, match="cuts through"):
        after(base, [step], Population("r", 2040, OBSERVED, ()), WHOLE)
    twice = ScenarioStep(
        1, "ages", "s",
        age_multipliers=(
            AgeMultiplier(Ages(60), Decimal("0.9")), AgeMultiplier(Ages(67), Decimal("0.9")),
        ),
    )  # fmt: skip
    with pytest.raises(ValueError, match="overlap"):
        after(base, [twice], Population("r", 2040, OBSERVED, ()), WHOLE)


@few
@given(loads(), steps(), populations, shares)
def test_the_parts_of_each_cell_add_up(
    base: Load, chosen: list[ScenarioStep], later: Population, so_far: Decimal
) -> None:
    arrived = Fraction(so_far)
    found = parts(base, chosen, later, arrived, Use.BED_DAYS)
    assert sum(found.values()) == after(base, chosen, later, arrived).total(Use.BED_DAYS)


def _with_amounts(rate: str, amount: int) -> dict[Cell, dict[Use, Rate]]:
    value = Fraction(rate)
    rates = {
        Use.BED_DAYS: Rate(value, Flag.OWN, Fraction(1000), value * 1000),
        Use.STAYS: Rate(Fraction(amount, 1000), Flag.OWN, Fraction(1000), Fraction(amount)),
    }
    return {Cell(Sex.ALL, Ages(0), "g"): rates}


def _everybody(year: int, count: int, alternative: str) -> Population:
    people = (People(Sex.ALL, Ages(0), Decimal(count)),)
    return Population("r", year, alternative, people)


DEMOGRAPHY = (ScenarioStep(1, "demography", "s", demography=Demography()),)


def test_a_fan_holds_its_middle_and_widens_with_the_alternatives() -> None:
    scenario = Scenario("t", "r", 2022, 2040, DEMOGRAPHY)
    rates = _with_amounts("0.5", 400)
    later = {
        name: {2030: _everybody(2030, grown, name), 2040: _everybody(2040, grown + 100, name)}
        for name, grown in (("MMMM", 1100), ("HHMH", 1300), ("LLML", 900))
    }
    found = fan(scenario, rates, _everybody(2022, 1000, OBSERVED), later, seed=1)
    assert [each.year for each in found] == [2022, 2030, 2040]
    assert [each.main for each in found] == [500, 550, 600]
    for each in found:
        assert each.lowest <= each.low < each.middle < each.high <= each.highest
    assert found[0].lowest == found[0].low
    assert found[2].highest > found[2].high
    assert found == fan(scenario, rates, _everybody(2022, 1000, OBSERVED), later, seed=1)


def test_few_stays_make_a_wider_fan_than_many() -> None:
    few, many = (
        fan(
            Scenario("t", "r", 2022, 2023, DEMOGRAPHY), _with_amounts("0.5", stays),
            _everybody(2022, 1000, OBSERVED),
            {"MMMM": {2023: _everybody(2023, 1000, "MMMM")}}, seed=1,
        )[1]
        for stays in (20, 2000)
    )  # fmt: skip
    assert few.high - few.low > 5 * (many.high - many.low)


def test_a_fan_without_its_main_alternative_or_without_a_common_year_is_refused() -> None:
    scenario = Scenario("t", "r", 2022, 2040, DEMOGRAPHY)
    base, rates = _everybody(2022, 1000, OBSERVED), _with_amounts("0.5", 400)
    with pytest.raises(ValueError, match="MMMM"):
        fan(scenario, rates, base, {"HHMH": {2040: _everybody(2040, 1, "HHMH")}}, seed=1)
    apart = {"MMMM": {2030: base}, "HHMH": {2040: base}}
    with pytest.raises(ValueError, match="no year in common"):
        fan(scenario, rates, base, apart, seed=1)


def test_what_never_happened_is_not_drawn_into_being() -> None:
    rates = {
        Cell(Sex.ALL, Ages(0), "g"): {
            Use.BED_DAYS: Rate(Fraction(), Flag.EMPTY, Fraction(), Fraction())
        }
    }
    assert list(drawn(rates, Random(1)).values()) == [1.0]
    assert values(rates)[Cell(Sex.ALL, Ages(0), "g")][Use.BED_DAYS] == 0


def test_quantiles_lie_on_the_line_between_two_draws() -> None:
    assert quantile([0.0, 10.0], Decimal("0.1")) == 1.0
    assert quantile([3.0], Decimal("0.9")) == 3.0


@few
@given(loads(), steps(), populations)
def test_a_way_begins_at_the_base_and_nobody_uses_less_than_nothing(
    base: Load, chosen: list[ScenarioStep], later: Population
) -> None:
    found = way(base, chosen, later, WHOLE)
    assert found[0] == base
    assert all(load.total(use) >= 0 for load in found for use in Use)
