"""People by sex and age: bands with an open top, several alternatives, municipalities that are
divided and merged.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

OBSERVED = "observed"
"""The alternative of a population that was counted, not projected."""
_LETTERS = frozenset("LMHK0")


class Sex(StrEnum):
    """Whose rates; ``all`` where a table does not tell them apart."""

    FEMALE = "female"
    MALE = "male"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Ages:
    """Whole years of age from ``low`` to ``high``, both included; without ``high`` it is open."""

    low: int
    high: int | None = None

    def __post_init__(self) -> None:
        if self.low < 0 or (self.high is not None and self.high < self.low):
            raise ValueError(f"from {self.low} to {self.high} holds no age")

    def __lt__(self, other: Ages) -> bool:
        return self._ends < other._ends

    @property
    def _ends(self) -> tuple[int, float]:
        return self.low, math.inf if self.high is None else self.high

    def __contains__(self, age: int) -> bool:
        return self.low <= age and (self.high is None or age <= self.high)

    def __str__(self) -> str:
        return f"{self.low}+" if self.high is None else f"{self.low}\N{EN DASH}{self.high}"

    def holds(self, other: Ages) -> bool:
        """Whether every age of the other is one of these."""
        if self.high is None:
            return other.low >= self.low
        return other.high is not None and self.low <= other.low and other.high <= self.high


def bands(*starts: int) -> tuple[Ages, ...]:
    """Bands from each start to before the next; the last is open. Raises ValueError out of order."""
    return (*(Ages(a, b - 1) for a, b in itertools.pairwise(starts)), Ages(starts[-1]))


@dataclass(frozen=True, slots=True)
class People:
    """So many of one sex and these ages. A projected number need not be whole."""

    sex: Sex
    ages: Ages
    count: Decimal

    def __post_init__(self) -> None:
        if self.count < 0:
            raise ValueError("there are never fewer than no people")


@dataclass(frozen=True, slots=True)
class Population:
    """Who lives in a region in a year, counted or by one alternative of a projection.

    ``alternative`` is ``observed`` or four letters: fertility, life expectancy, moves within the
    country, immigration; each low, medium, high, constant (K) or none (0).
    """

    region: str
    year: int
    alternative: str
    people: tuple[People, ...]

    def __post_init__(self) -> None:
        if self.alternative != OBSERVED and not is_alternative(self.alternative):
            raise ValueError(f"{self.alternative!r} is no alternative such as MMMM")
        _once(self.people)

    @property
    def total(self) -> Fraction:
        """Everybody."""
        return sum((Fraction(row.count) for row in self.people), Fraction())

    def counts(self) -> dict[tuple[Sex, Ages], Fraction]:
        """How many, by sex and ages."""
        return {(row.sex, row.ages): Fraction(row.count) for row in self.people}


@dataclass(frozen=True, slots=True)
class Successor:
    """Since a year a share of a municipality's people belongs to another number."""

    number: str
    successor: str
    share: Decimal
    since: int


def is_alternative(text: str) -> bool:
    """Whether it is four letters of an official alternative."""
    return len(text) == 4 and set(text) <= _LETTERS


def _once(people: Iterable[People]) -> None:
    by_sex: dict[Sex, list[Ages]] = defaultdict(list)
    for row in people:
        by_sex[row.sex].append(row.ages)
    if Sex.ALL in by_sex and len(by_sex) > 1:
        raise ValueError("a table tells the sexes apart or it does not")
    for ages in by_sex.values():
        for before, after in itertools.pairwise(sorted(ages)):
            if before.high is None or before.high >= after.low:
                raise ValueError(f"ages {before} and {after} overlap")


def regrouped(population: Population, wanted: Sequence[Ages]) -> Population:
    """The same people in wider bands. Raises ValueError when a band would have to be cut, or when
    somebody is in none.
    """
    sums: dict[tuple[Sex, Ages], Decimal] = defaultdict(Decimal)
    for row in population.people:
        into = next((band for band in wanted if band.holds(row.ages)), None)
        if into is None:
            raise ValueError(f"ages {row.ages} fit into none of {', '.join(map(str, wanted))}")
        sums[row.sex, into] += row.count
    rows = tuple(People(sex, ages, count) for (sex, ages), count in sorted(sums.items()))
    return replace(population, people=rows)


def together(region: str, populations: Iterable[Population]) -> Population:
    """Several municipalities as one region. Raises ValueError when year or alternative differ."""
    found = list(populations)
    kinds = {(each.year, each.alternative) for each in found}
    if len(kinds) != 1:
        raise ValueError("only populations of one year and one alternative are added")
    sums: dict[tuple[Sex, Ages], Decimal] = defaultdict(Decimal)
    for row in itertools.chain.from_iterable(each.people for each in found):
        sums[row.sex, row.ages] += row.count
    ((year, alternative),) = kinds
    rows = tuple(People(sex, ages, count) for (sex, ages), count in sorted(sums.items()))
    return Population(region, year, alternative, rows)


def as_of(
    populations: Mapping[str, Population], changes: Iterable[Successor], year: int
) -> dict[str, Population]:
    """Populations by the municipality numbers of a year: what was divided is divided by the shares
    that are known, what was merged is added. Nobody is lost: raises ValueError when the shares of
    a municipality are not one whole. A change of an earlier year comes first.
    """
    found = dict(populations)
    due = sorted((each for each in changes if each.since <= year), key=lambda each: each.since)
    for since, of_year in itertools.groupby(due, key=lambda each: each.since):
        found = _changed(found, list(of_year), since)
    return found


def _changed(
    populations: Mapping[str, Population], changes: Sequence[Successor], since: int
) -> dict[str, Population]:
    gone = {each.number for each in changes}
    parts: dict[str, list[Population]] = defaultdict(list)
    for number, population in populations.items():
        if number not in gone:
            parts[number].append(population)
            continue
        shares = [each for each in changes if each.number == number]
        if sum(each.share for each in shares) != 1:
            raise ValueError(f"the parts of {number} from {since} are not the whole")
        for each in shares:
            parts[each.successor].append(_share(population, each))
    return {number: together(number, found) for number, found in parts.items()}


def _share(population: Population, change: Successor) -> Population:
    rows = tuple(replace(row, count=row.count * change.share) for row in population.people)
    return replace(population, region=change.successor, people=rows)


__all__ = [
    "OBSERVED", "Ages", "People", "Population", "Sex", "Successor", "as_of", "bands",
    "is_alternative", "regrouped",
    "together",
]  # fmt: skip
