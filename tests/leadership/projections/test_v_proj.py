"""The worked projection of the management specification, number for number."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import msgspec
import pytest

from fellesjournal.leadership.figures.rounding import rounded
from fellesjournal.leadership.projections.ageing import AgeMultiplier
from fellesjournal.leadership.projections.beds import CapacityRule, Gap, beds, full_time
from fellesjournal.leadership.projections.contributions import contributions, order_free
from fellesjournal.leadership.projections.healthy_years import AgeInTable, remaining_years
from fellesjournal.leadership.projections.load import Load, load_of, split, with_people
from fellesjournal.leadership.projections.people import (
    OBSERVED,
    People,
    Population,
    Sex,
    bands,
)
from fellesjournal.leadership.projections.rates import Cell, Use
from fellesjournal.leadership.projections.scenarios import (
    Demography,
    Efficiency,
    Fault,
    Kind,
    Scenario,
    ScenarioStep,
    faults,
    way,
)

AGES = bands(0, 67, 80)
NOW = (50_000, 8_000, 2_000)
LATER = (52_000, 10_000, 4_000)


def population(year: int, counts: tuple[int, ...], alternative: str = OBSERVED) -> Population:
    rows = zip(AGES, counts, strict=True)
    people = tuple(People(Sex.ALL, ages, Decimal(count)) for ages, count in rows)
    return Population("region", year, alternative, people)


def base() -> Load:
    rates = {
        Cell(Sex.ALL, ages, "all"): {Use.BED_DAYS: Fraction(rate)}
        for ages, rate in zip(AGES, ("0.2", "1.5", "5.0"), strict=True)
    }
    return load_of(population(2022, NOW), rates)


DEMOGRAPHY = ScenarioStep(1, "Demography", "synthetic", demography=Demography())
AGEING = ScenarioStep(
    2, "Healthier ageing", "synthetic",
    age_multipliers=(
        AgeMultiplier(AGES[1], Decimal("0.92")),
        AgeMultiplier(AGES[2], Decimal("0.9")),
    ),
)  # fmt: skip
EFFICIENCY = ScenarioStep(3, "Efficiency", "synthetic", efficiency=Efficiency(Decimal("0.95")))
STEPS = (DEMOGRAPHY, AGEING, EFFICIENCY)
FUTURE = population(2040, LATER, "MMMM")


def test_v_proj_bed_days_and_beds_after_each_step() -> None:
    assert base().total(Use.BED_DAYS) == 32_000
    assert beds(Fraction(32_000)) == 104
    rows = contributions(base(), STEPS, FUTURE)
    assert [row.after for row in rows] == [45_400, 42_200, 40_090]
    assert [row.change for row in rows] == [13_400, -3_200, -2_110]
    assert [row.beds for row in rows] == [147, 137, 130]


def test_v_proj_demography_is_size_and_structure() -> None:
    after = with_people(base(), FUTURE)
    found = split(base(), after, Use.BED_DAYS)
    assert found.size == 3_200
    assert found.structure == 10_200
    of_before = contributions(base(), STEPS, FUTURE)[0].of_before.value
    assert of_before is not None
    assert of_before * 100 == Fraction("41.875")


def test_v_proj_net_change() -> None:
    rows = contributions(base(), STEPS, FUTURE)
    net = sum(row.change for row in rows)
    assert net == 8_090
    assert rounded(Fraction(net, 32_000) * 100, 2) == Decimal("25.28")


def test_v_proj_contributions_free_of_order() -> None:
    rows = contributions(base(), STEPS, FUTURE)
    shown = [rounded(row.order_free, 2) for row in rows]
    assert shown == [Decimal("12465.67"), Decimal("-2510.33"), Decimal("-1865.33")]
    assert sum(row.order_free for row in rows) == 8_090


def test_the_order_of_steps_moves_stepwise_contributions_and_not_the_others() -> None:
    forward = {row.title: row for row in contributions(base(), STEPS, FUTURE)}
    backward = {row.title: row for row in contributions(base(), STEPS[::-1], FUTURE)}
    for title, row in forward.items():
        assert row.order_free == backward[title].order_free
    assert forward["Demography"].change != backward["Demography"].change


def test_half_the_way_has_half_the_strength() -> None:
    half = contributions(base(), (AGEING,), FUTURE, arrived=Fraction(1, 2))
    whole = contributions(base(), (AGEING,), FUTURE)
    assert half[0].change == whole[0].change / 2


def test_v_sul_years_left_at_seventy_by_need_of_help() -> None:
    shares = (("0.8", "0.15", "0.05"), ("0.6", "0.25", "0.15"), ("0.3", "0.35", "0.35"))
    rows = [
        AgeInTable(
            Decimal(lived),
            tuple(zip(("none", "moderate", "substantial"), map(Decimal, of), strict=True)),
        )
        for lived, of in zip((450, 350, 250), shares, strict=True)
    ]
    found = remaining_years(Decimal(100), rows)
    assert found == {
        "none": Fraction("6.45"), "moderate": Fraction("2.425"), "substantial": Fraction("1.625"),
    }  # fmt: skip
    assert sum(found.values()) == Fraction("10.5")


def test_states_of_an_age_that_are_not_everybody_are_refused() -> None:
    with pytest.raises(ValueError, match="sum to 1"):
        AgeInTable(Decimal(450), (("none", Decimal("0.8")), ("moderate", Decimal("0.15"))))
    with pytest.raises(ValueError, match="never negative"):
        AgeInTable(Decimal(450), (("none", Decimal("1.1")), ("moderate", Decimal("-0.1"))))
    with pytest.raises(ValueError, match="nobody"):
        remaining_years(Decimal(0), [])


def test_beds_are_rounded_up_and_never_half() -> None:
    exactly = Fraction(365 * 85, 100)
    assert beds(exactly) == 1
    assert beds(exactly + Fraction(1, 1000)) == 2
    assert beds(Fraction(0)) == 0
    assert beds(Fraction(32_000), CapacityRule(Decimal("0.9"), 250)) == 143
    with pytest.raises(ValueError, match="share of beds"):
        CapacityRule(Decimal(0))
    with pytest.raises(ValueError, match="days of a year"):
        CapacityRule(days_open=400)


def test_hours_become_people_and_the_gap_has_a_sign() -> None:
    assert full_time(Fraction(3_500)) == 2
    assert Gap(Fraction(130), Fraction(104)).lacking == 26
    assert Gap(Fraction(90), Fraction(104)).lacking == -14


def test_a_scenario_is_stored_and_read_as_it_was() -> None:
    scenario = Scenario("To 2040", "region", 2022, 2040, STEPS)
    stored = msgspec.json.encode(scenario)
    assert msgspec.json.decode(stored, type=Scenario) == scenario
    assert [step.kind for step in scenario.in_order] == [
        Kind.DEMOGRAPHY, Kind.HEALTHY_AGEING, Kind.EFFICIENCY,
    ]  # fmt: skip
    assert msgspec.json.decode(msgspec.json.encode(FUTURE), type=Population) == FUTURE


def test_a_scenario_is_walked_in_its_order_however_it_was_written() -> None:
    scenario = Scenario("To 2040", "region", 2022, 2040, STEPS[::-1])
    loads = way(base(), scenario.in_order, FUTURE, scenario.arrived(2040))
    assert [load.total(Use.BED_DAYS) for load in loads] == [32_000, 45_400, 42_200, 40_090]
    assert scenario.arrived(2031) == Fraction(1, 2)
    with pytest.raises(ValueError, match="not between"):
        scenario.arrived(2041)
    with pytest.raises(ValueError, match="no way forward"):
        Scenario("Back", "region", 2040, 2022, STEPS)


def test_all_faults_of_a_scenario_are_told_at_once() -> None:
    again = replace(DEMOGRAPHY, order=2, title="Again", source=" ")
    found = faults(Scenario("To 2040", "region", 2022, 2040, (*STEPS, again)))
    assert set(found) == {
        (Fault.SAME_ORDER, "Again"), (Fault.SAME_ORDER, "Healthier ageing"),
        (Fault.NO_SOURCE, "Again"), (Fault.TWO_DEMOGRAPHIES, "Again"),
    }  # fmt: skip
    assert faults(Scenario("To 2040", "region", 2022, 2040, STEPS)) == ()
    assert faults(Scenario("Empty", "region", 2022, 2040, ())) == ((Fault.NO_STEPS, "Empty"),)


def test_a_step_says_one_thing() -> None:
    with pytest.raises(ValueError, match="says 0 things"):
        ScenarioStep(1, "Nothing", "")
    with pytest.raises(ValueError, match="says 2 things"):
        replace(DEMOGRAPHY, efficiency=Efficiency(Decimal("0.9")))


def test_more_steps_than_can_be_told_apart_are_refused() -> None:
    with pytest.raises(ValueError, match="too many"):
        order_free(11, lambda _: Fraction())
