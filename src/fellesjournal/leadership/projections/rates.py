"""How much care a person of one sex and age uses in a year: what was done, pooled over years,
by person-years.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from fellesjournal.leadership.projections.assumptions import (
    LEAST_PERSON_YEARS,
    YEARS_LEFT_OUT,
    YEARS_POOLED,
)
from fellesjournal.leadership.projections.people import Ages, Population, Sex


class Use(StrEnum):
    """What is used, each in its own unit: numbers, days or hours a year."""

    STAYS = "stays"
    BED_DAYS = "bed-days"
    DAY_CONTACTS = "day-contacts"
    OUTPATIENT = "outpatient"
    MUNICIPAL_BED_DAYS = "municipal-bed-days"
    HOME_CARE_HOURS = "home-care-hours"
    NURSING_HOME_DAYS = "nursing-home-days"
    GP_CONSULTATIONS = "gp-consultations"


class Flag(StrEnum):
    """What is to be known of a rate."""

    OWN = "own"
    BORROWED = "borrowed"
    EMPTY = "empty"
    """Nobody lived here, and there is no region to borrow from: the rate is 0, not known to be."""


class Cell(NamedTuple):
    """Whose use: one sex, ages, group of diagnoses or services."""

    sex: Sex
    ages: Ages
    group: str


@dataclass(frozen=True, slots=True)
class Activity:
    """What was done for the people of a region in a year. Healthy newborns are left out."""

    region: str
    year: int
    sex: Sex
    ages: Ages
    group: str
    use: Use
    amount: Decimal

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError("there is never less than no activity")


@dataclass(frozen=True, slots=True)
class Rate:
    """What a person of a cell uses in a year, exactly; from so many person-years and so much."""

    value: Fraction
    flag: Flag
    person_years: Fraction
    amount: Fraction


Rates = Mapping[Cell, Mapping[Use, Fraction]]
"""The numbers alone, as steps of a scenario work on them."""


def bed_days(admitted: date, discharged: date) -> int:
    """The nights of a stay: day of discharge less day of admission, 0 for one that ends the same
    day. Raises ValueError when it ends before it begins.
    """
    if discharged < admitted:
        raise ValueError(f"discharged {discharged}, admitted {admitted}")
    return (discharged - admitted).days


def years_to_pool(
    years: Iterable[int],
    *,
    least: int = int(YEARS_POOLED.value),
    left_out: Collection[int] = YEARS_LEFT_OUT,
) -> tuple[int, ...]:
    """The years a rate is taken from. Raises ValueError when too few are left."""
    kept = tuple(sorted(set(years) - set(left_out)))
    if len(kept) < least:
        raise ValueError(f"{len(kept)} years are left, a rate needs {least}")
    return kept


def pooled(
    activity: Iterable[Activity], populations: Sequence[Population], years: Collection[int]
) -> dict[Cell, dict[Use, Rate]]:
    """The rate of each cell and use over the years: all that was done by all person-years.

    Every cell of the population has every use that was seen at all, so that what is empty shows.
    Raises ValueError for a year without population, and for activity of ages it does not have.
    """
    person_years = _person_years(populations, years)
    sums: dict[tuple[Cell, Use], Fraction] = defaultdict(Fraction)
    kinds: set[tuple[str, Use]] = set()
    for row in activity:
        if row.year not in years:
            continue
        if (row.sex, row.ages) not in person_years:
            raise ValueError(f"{row.sex} {row.ages} has activity and no population")
        sums[Cell(row.sex, row.ages, row.group), row.use] += Fraction(row.amount)
        kinds.add((row.group, row.use))
    found: dict[Cell, dict[Use, Rate]] = defaultdict(dict)
    for (sex, ages), lived in person_years.items():
        for group, use in sorted(kinds):
            cell = Cell(sex, ages, group)
            found[cell][use] = _rate(sums[cell, use], lived)
    return dict(found)


def borrowing(
    own: Mapping[Cell, Mapping[Use, Rate]],
    region: Mapping[Cell, Mapping[Use, Rate]],
    *,
    least: int = int(LEAST_PERSON_YEARS.value),
) -> dict[Cell, dict[Use, Rate]]:
    """The rates of a small area, with the region's wherever it has too few person-years."""
    return {
        cell: {use: _own_or(rate, region.get(cell, {}).get(use), least) for use, rate in of.items()}
        for cell, of in own.items()
    }


def values(rates: Mapping[Cell, Mapping[Use, Rate]]) -> Rates:
    """The numbers of rates alone."""
    return {cell: {use: rate.value for use, rate in of.items()} for cell, of in rates.items()}


def _person_years(
    populations: Sequence[Population], years: Collection[int]
) -> dict[tuple[Sex, Ages], Fraction]:
    by_year = {each.year: each for each in populations if each.year in years}
    if missing := sorted(set(years) - set(by_year)):
        raise ValueError(f"no population for {', '.join(map(str, missing))}")
    lived: dict[tuple[Sex, Ages], Fraction] = defaultdict(Fraction)
    for population in by_year.values():
        for key, count in population.counts().items():
            lived[key] += count
    return dict(lived)


def _rate(amount: Fraction, lived: Fraction) -> Rate:
    if lived == 0:
        return Rate(Fraction(), Flag.EMPTY, lived, amount)
    return Rate(amount / lived, Flag.OWN, lived, amount)


def _own_or(own: Rate, of_region: Rate | None, least: int) -> Rate:
    if own.person_years >= least or of_region is None or of_region.flag is Flag.EMPTY:
        return own
    return Rate(of_region.value, Flag.BORROWED, own.person_years, own.amount)


__all__ = [
    "Activity", "Cell", "Flag", "Rate", "Rates", "Use", "bed_days", "borrowing", "pooled",
    "values", "years_to_pool",
]  # fmt: skip
