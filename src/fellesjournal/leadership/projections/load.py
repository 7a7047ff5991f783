"""What people use together in a year: people times rates, by sex, age and group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from fellesjournal.leadership.projections.people import Ages, Population, Sex
from fellesjournal.leadership.projections.rates import Cell, Rates, Use

NONE = Fraction()


@dataclass(frozen=True, slots=True)
class Load:
    """People by sex and ages, and what each of them uses. Steps of a scenario make a new one."""

    people: Mapping[tuple[Sex, Ages], Fraction]
    rates: Rates

    def of(self, cell: Cell, use: Use) -> Fraction:
        """What a cell uses in a year."""
        return self.people.get((cell.sex, cell.ages), NONE) * self.rates[cell].get(use, NONE)

    def total(self, use: Use) -> Fraction:
        """What everybody uses in a year."""
        return sum((self.of(cell, use) for cell in self.rates), NONE)

    def by_ages(self, use: Use) -> dict[Ages, Fraction]:
        """What each age uses in a year, youngest first."""
        sums = dict.fromkeys(sorted({cell.ages for cell in self.rates}), NONE)
        for cell in self.rates:
            sums[cell.ages] += self.of(cell, use)
        return sums

    @property
    def everybody(self) -> Fraction:
        """The number of people."""
        return sum(self.people.values(), NONE)


def load_of(population: Population, rates: Rates) -> Load:
    """A population with the rates. Raises ValueError when a rate is for people it does not tell."""
    people = population.counts()
    if unknown := {(cell.sex, cell.ages) for cell in rates} - set(people):
        sex, ages = min(unknown, key=str)
        raise ValueError(f"there is a rate for {sex} {ages}, who are not in the population")
    return Load(people, rates)


def with_people(load: Load, population: Population) -> Load:
    """The same rates for other people; whoever lives there no more is nobody."""
    people = population.counts()
    if unknown := set(people) - set(load.people):
        sex, ages = min(unknown, key=str)
        raise ValueError(f"{sex} {ages} has no rates; the ages of both populations must agree")
    return replace(load, people={key: people.get(key, NONE) for key in load.people})


@dataclass(frozen=True, slots=True)
class Split:
    """How much of a change comes from there being more people, and from their being older."""

    size: Fraction
    structure: Fraction


def split(before: Load, after: Load, use: Use) -> Split:
    """Size is the base by the growth of the whole population, structure the rest of the change.

    Raises ValueError when nobody lived there before.
    """
    if before.everybody == 0:
        raise ValueError("nobody lived there: growth has no size")
    base = before.total(use)
    size = base * (after.everybody / before.everybody - 1)
    return Split(size, after.total(use) - base - size)


__all__ = ["Load", "Split", "load_of", "split", "with_people"]
