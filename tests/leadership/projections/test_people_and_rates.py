"""Who lives where, and what each uses: the edges that a projection must not stumble over."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fellesjournal.leadership.projections import assumptions
from fellesjournal.leadership.projections.generated import generated, life_expectancy
from fellesjournal.leadership.projections.load import load_of, split, with_people
from fellesjournal.leadership.projections.people import (
    OBSERVED,
    Ages,
    People,
    Population,
    Sex,
    Successor,
    as_of,
    bands,
    regrouped,
    together,
)
from fellesjournal.leadership.projections.rates import (
    Activity,
    Cell,
    Flag,
    Use,
    bed_days,
    borrowing,
    pooled,
    values,
    years_to_pool,
)
from fellesjournal.registry.population import SOURCE, YEAR, population_2021

AGES = bands(0, 67, 80)


def _population(region: str, year: int, *counts: int, alternative: str = OBSERVED) -> Population:
    rows = tuple(People(Sex.ALL, a, Decimal(n)) for a, n in zip(AGES, counts, strict=True))
    return Population(region, year, alternative, rows)


def test_the_top_age_is_open() -> None:
    assert 104 in Ages(80)
    assert 104 not in Ages(67, 79)
    assert [str(ages) for ages in AGES] == ["0–66", "67–79", "80+"]
    assert Ages(80).holds(Ages(105))
    assert not Ages(67, 79).holds(Ages(70))
    with pytest.raises(ValueError, match="holds no age"):
        Ages(10, 9)


def test_one_year_ages_become_bands_and_nobody_is_lost() -> None:
    rows = tuple(People(Sex.ALL, Ages(n, n), Decimal(1)) for n in range(105))
    one_year = Population("r", 2021, OBSERVED, (*rows, People(Sex.ALL, Ages(105), Decimal(2))))
    found = regrouped(one_year, AGES)
    assert [row.count for row in found.people] == [67, 13, 27]
    assert found.total == one_year.total
    with pytest.raises(ValueError, match="fit into none"):
        regrouped(found, bands(0, 70))
    with pytest.raises(ValueError, match="fit into none"):
        regrouped(one_year, bands(10))


def test_ages_that_overlap_and_sexes_half_told_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        Population("r", 2021, OBSERVED, tuple(People(Sex.ALL, Ages(n), Decimal(1)) for n in (0, 5)))
    with pytest.raises(ValueError, match="tells the sexes apart"):
        Population(
            "r", 2021, OBSERVED,
            (People(Sex.ALL, Ages(0), Decimal(1)), People(Sex.MALE, Ages(0), Decimal(1))),
        )  # fmt: skip
    with pytest.raises(ValueError, match="fewer than no people"):
        People(Sex.ALL, Ages(0), Decimal(-1))


def test_an_alternative_has_four_letters() -> None:
    assert _population("r", 2040, 1, 1, 1, alternative="MMM0").alternative == "MMM0"
    for wrong in ("MMM", "main", "MMMX", ""):
        with pytest.raises(ValueError, match="no alternative"):
            _population("r", 2040, 1, 1, 1, alternative=wrong)


def test_municipalities_that_were_divided_and_merged_keep_all_their_people() -> None:
    before = {
        "1507": _population("1507", 2021, 60_000, 5_000, 2_000),
        "1546": _population("1546", 2021, 1_000, 150, 50),
    }
    changes = [
        Successor("1507", "1508", Decimal("0.86"), 2024),
        Successor("1507", "1580", Decimal("0.14"), 2024),
        Successor("1546", "1508", Decimal(1), 2020),
    ]
    assert set(as_of(before, changes[:2], 2023)) == {"1507", "1546"}
    found = as_of(before, changes, 2024)
    assert set(found) == {"1508", "1580"}
    assert sum(each.total for each in found.values()) == 68_200
    assert found["1508"].people[0].count == Decimal(52600)
    assert found["1508"].region == "1508"
    with pytest.raises(ValueError, match="not the whole"):
        as_of(before, changes[:1], 2024)


def test_a_municipality_that_changes_twice_is_followed_all_the_way() -> None:
    before = {"a": _population("a", 2019, 100, 20, 10)}
    changes = [Successor("b", "c", Decimal(1), 2024), Successor("a", "b", Decimal(1), 2020)]
    assert set(as_of(before, changes, 2024)) == {"c"}


def test_different_years_are_never_added() -> None:
    with pytest.raises(ValueError, match="one year"):
        together("r", [_population("a", 2020, 1, 1, 1), _population("b", 2021, 1, 1, 1)])


def test_nights_are_counted_and_hours_are_not() -> None:
    assert bed_days(date(2022, 1, 1), date(2022, 1, 3)) == 2
    assert bed_days(date(2022, 1, 1), date(2022, 1, 1)) == 0
    with pytest.raises(ValueError, match="admitted"):
        bed_days(date(2022, 1, 2), date(2022, 1, 1))


def test_the_years_of_the_pandemic_are_left_out_and_three_others_are_needed() -> None:
    assert years_to_pool(range(2017, 2023)) == (2017, 2018, 2019, 2022)
    with pytest.raises(ValueError, match="2 years are left"):
        years_to_pool([2019, 2020, 2021, 2022])


def _activity(year: int, ages: Ages, amount: int, region: str = "r") -> Activity:
    return Activity(region, year, Sex.ALL, ages, "all", Use.BED_DAYS, Decimal(amount))


def test_rates_are_all_that_was_done_by_all_person_years() -> None:
    populations = [_population("r", year, 100, 50, n) for year, n in ((2018, 10), (2019, 30))]
    done = [_activity(2018, AGES[2], 50), _activity(2019, AGES[2], 90), _activity(2020, AGES[2], 9)]
    found = pooled(done, populations, [2018, 2019])
    rate = found[Cell(Sex.ALL, AGES[2], "all")][Use.BED_DAYS]
    assert rate.value == Fraction(140, 40)  # not the mean of 5 and 3
    assert rate.flag is Flag.OWN
    assert found[Cell(Sex.ALL, AGES[0], "all")][Use.BED_DAYS].value == 0
    with pytest.raises(ValueError, match="no population for 2017"):
        pooled(done, populations, [2017, 2018])
    with pytest.raises(ValueError, match="no population"):
        pooled([_activity(2018, Ages(90), 1)], populations, [2018])


def test_a_cell_without_people_gives_nothing_and_says_so() -> None:
    found = pooled([_activity(2018, AGES[0], 5)], [_population("r", 2018, 10, 0, 0)], [2018])
    assert found[Cell(Sex.ALL, AGES[1], "all")][Use.BED_DAYS].flag is Flag.EMPTY
    assert found[Cell(Sex.ALL, AGES[1], "all")][Use.BED_DAYS].value == 0


def test_a_small_place_borrows_the_rate_of_its_region() -> None:
    own = pooled([_activity(2018, AGES[2], 9)], [_population("r", 2018, 900, 80, 3)], [2018])
    region = pooled([_activity(2018, AGES[2], 900)], [_population("R", 2018, 9, 0, 300)], [2018])
    found = borrowing(own, region, least=50)
    old = found[Cell(Sex.ALL, AGES[2], "all")][Use.BED_DAYS]
    assert old.value == old.person_years == 3
    assert old.flag is Flag.BORROWED
    assert found[Cell(Sex.ALL, AGES[1], "all")][Use.BED_DAYS].flag is Flag.OWN
    # the region has nobody of these ages to borrow from
    nobody = borrowing(own, region, least=100)
    assert nobody[Cell(Sex.ALL, AGES[1], "all")][Use.BED_DAYS].flag is Flag.OWN
    assert values(found)[Cell(Sex.ALL, AGES[2], "all")] == {Use.BED_DAYS: 3}


def test_rates_of_people_who_are_not_told_are_refused() -> None:
    base = load_of(
        _population("r", 2022, 1, 1, 1), {Cell(Sex.ALL, AGES[0], "g"): {Use.STAYS: Fraction(1)}}
    )
    with pytest.raises(ValueError, match="not in the population"):
        load_of(_population("r", 2022, 1, 1, 1), {Cell(Sex.MALE, AGES[0], "g"): {}})
    other = Population("r", 2040, "MMMM", (People(Sex.ALL, Ages(0, 50), Decimal(1)),))
    with pytest.raises(ValueError, match="must agree"):
        with_people(base, other)
    empty = _population("r", 2022, 0, 0, 0)
    with pytest.raises(ValueError, match="nobody lived there"):
        split(load_of(empty, base.rates), base, Use.STAYS)
    with pytest.raises(ValueError, match="no activity"):
        _activity(2018, AGES[0], -1)


def test_load_is_told_by_age() -> None:
    rates = {Cell(Sex.ALL, ages, "g"): {Use.STAYS: Fraction(1)} for ages in AGES}
    found = load_of(_population("r", 2022, 50, 8, 2), rates).by_ages(Use.STAYS)
    assert list(found) == list(AGES)
    assert list(found.values()) == [50, 8, 2]


def test_the_published_table_is_read_whole() -> None:
    rows = population_2021()
    assert (YEAR, len(rows), len({row.municipality for row in rows})) == (2021, 130, 65)
    assert {len(row.by_age) for row in rows} == {106}
    assert sum(sum(row.by_age) for row in rows) == 738_065
    assert "Statistics Norway" in SOURCE


def _one_year_ages(number: str) -> Population:
    return Population(
        number, YEAR, OBSERVED,
        tuple(
            People(Sex(row.sex), Ages(age, None if age == 105 else age), Decimal(count))
            for row in population_2021() if row.municipality == number
            for age, count in enumerate(row.by_age)
        ),
    )  # fmt: skip


def test_generated_alternatives_grow_old_and_fan_out() -> None:
    base = _one_year_ages("5001")
    found = {name: generated(base, name, 2040) for name in ("LLML", "MMMM", "HHMH")}
    assert sorted(found["MMMM"]) == list(range(2022, 2041))
    totals = [found[name][2040].total for name in ("LLML", "MMMM", "HHMH")]
    assert totals == sorted(totals)
    old = [regrouped(p, AGES).people[2].count for p in (base, found["MMMM"][2040])]
    assert old[1] > Decimal("1.3") * old[0]
    with pytest.raises(ValueError, match="no alternative that can be made"):
        generated(base, "XXXX", 2040)
    with pytest.raises(ValueError, match="one-year ages"):
        generated(regrouped(base, AGES), "MMMM", 2040)


def test_lives_are_as_long_as_they_are_said_to_be() -> None:
    assert round(life_expectancy(Sex.FEMALE)) == 85
    assert round(life_expectancy(Sex.MALE)) == 82


@settings(max_examples=10, deadline=None)
@given(st.integers(2022, 2050))
def test_without_children_and_moves_a_place_only_loses_people(last: int) -> None:
    base = Population(
        "r", 2021, OBSERVED,
        tuple(
            People(sex, Ages(age, age), Decimal(10 if age > 60 else 0))
            for sex in (Sex.FEMALE, Sex.MALE) for age in range(105)
        ),
    )  # fmt: skip
    totals = [each.total for each in generated(base, "MMM0", last).values()]
    assert totals == sorted(totals, reverse=True)
    assert totals[0] < base.total


def test_every_assumption_has_a_reason_and_a_key_of_its_own() -> None:
    found = assumptions.ASSUMPTIONS
    assert len({each.key for each in found}) == len(found)
    assert all(each.reason and each.title for each in found)
