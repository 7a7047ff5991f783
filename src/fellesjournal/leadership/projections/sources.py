"""What a projection goes by: who lives in a region, who will, and what a person uses; of files that were
read in where they reach, else of the example.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from fellesjournal.leadership.projections.assumptions import MAIN_ALTERNATIVE
from fellesjournal.leadership.projections.examples import example_rates
from fellesjournal.leadership.projections.load import load_of, with_people
from fellesjournal.leadership.projections.people import (
    OBSERVED,
    Population,
    regrouped,
    together,
)
from fellesjournal.leadership.projections.rates import (
    Activity,
    Cell,
    Flag,
    Rate,
    Use,
    borrowing,
    pooled,
    values,
    years_to_pool,
)
from fellesjournal.leadership.projections.regions import (
    BANDS,
    coming,
    counted,
    regions,
)

Table = Mapping[Cell, Mapping[Use, Rate]]


@dataclass(frozen=True, eq=False)
class Sources:
    """All that a projection of a region goes by. ``has_people`` and ``has_rates``: whether they are of
    files that were read in; ``years`` those that rates are pooled over.
    """

    now: Population
    later: Mapping[str, Mapping[int, Population]]
    rates: Table
    has_people: bool = False
    has_rates: bool = False
    years: tuple[int, ...] = ()

    def flagged(self, flag: Flag) -> int:
        """How many rates are so."""
        return sum(rate.flag is flag for of in self.rates.values() for rate in of.values())

    @property
    def all_rates(self) -> int:
        """How many rates there are."""
        return sum(len(of) for of in self.rates.values())

    @property
    def last_year(self) -> int:
        """The last year that all alternatives have."""
        return max(set.intersection(*(set(of) for of in self.later.values())))


@cache
def example(region: str) -> Sources:
    """The population that was counted in 2021, alternatives that are generated, the rates of the example."""
    now = regrouped(counted(region), BANDS)
    return Sources(now, coming(region), example_rates(now))


class Read:
    """What was read in, by region."""

    def __init__(
        self, populations: Sequence[Population] = (), activity: Sequence[Activity] = ()
    ) -> None:
        self._populations: dict[str, list[Population]] = defaultdict(list)
        self._activity: dict[str, list[Activity]] = defaultdict(list)
        for each in populations:
            self._populations[each.region].append(each)
        for row in activity:
            self._activity[row.region].append(row)

    def people(self, region: str) -> list[Population]:
        """The rows of a region itself, else of all its municipalities together; none when one is missing."""
        if region in self._populations:
            return self._populations[region]
        numbers = regions()[region].numbers
        parts: dict[tuple[int, str], list[Population]] = defaultdict(list)
        for number in numbers:
            for each in self._populations.get(number, ()):
                parts[each.year, each.alternative].append(each)
        return [together(region, of) for of in parts.values() if len(of) == len(numbers)]

    def activity(self, region: str) -> list[Activity]:
        """As :meth:`people`, of what was done."""
        if region in self._activity:
            return self._activity[region]
        numbers = regions()[region].numbers
        if not all(number in self._activity for number in numbers):
            return []
        return [row for number in numbers for row in self._activity[number]]

    def sources(self, region: str) -> Sources:
        """What a region goes by. Where a file does not reach it, the example's; activity without people is
        never taken. Raises ValueError when the tables do not fit each other.
        """
        people = self.people(region)
        if not _reach(people):
            return example(region)
        observed = {each.year: each for each in people if each.alternative == OBSERVED}
        rates, years = self.rates(region)
        wanted = sorted({cell.ages for cell in rates}) or list(BANDS)
        base = max(observed)
        later: dict[str, dict[int, Population]] = defaultdict(dict)
        for each in people:
            if each.alternative != OBSERVED and each.year > base:
                later[each.alternative][each.year] = regrouped(each, wanted)
        now = regrouped(observed[base], wanted)
        found = rates or example_rates(now)
        _must_fit(now, later, found)
        return Sources(now, later, found, has_people=True, has_rates=bool(rates), years=years)

    def reaches(self, region: str) -> bool:
        """Whether it tells who lives in a region, and who will."""
        return _reach(self.people(region))

    def rates(self, region: str) -> tuple[dict[Cell, dict[Use, Rate]], tuple[int, ...]]:
        """The rates of a region, small ages with those of the widest region around it that has any, and the
        years they are pooled over; none where there is no activity. Raises ValueError as :meth:`sources`.
        """
        wide = self._widest(region)
        if wide is None:
            return {}, ()
        whole, years = self._pooled(wide)
        if region == wide:
            return whole, years
        if not self.activity(region):
            return _all_borrowed(whole), years
        own, years = self._pooled(region)
        return borrowing(own, whole), years

    def _pooled(self, region: str) -> tuple[dict[Cell, dict[Use, Rate]], tuple[int, ...]]:
        rows = self.activity(region)
        years = years_to_pool(row.year for row in rows)
        wanted = sorted({row.ages for row in rows})
        people = [
            regrouped(each, wanted)
            for each in self.people(region)
            if each.alternative == OBSERVED and each.year in years
        ]
        return pooled(rows, people, years), years

    def _widest(self, region: str) -> str | None:
        inside = set(regions()[region].numbers)
        around = [each for each in regions().values() if inside <= set(each.numbers)]
        widest_first = sorted(around, key=lambda each: -len(each.numbers))
        return next((each.key for each in widest_first if self.activity(each.key)), None)


def _reach(people: Sequence[Population]) -> bool:
    return {OBSERVED, MAIN_ALTERNATIVE} <= {each.alternative for each in people}


def _must_fit(now: Population, later: Mapping[str, Mapping[int, Population]], rates: Table) -> None:
    load = load_of(now, values(rates))
    if load.everybody == 0:
        raise ValueError("nobody lived there")
    for by_year in later.values():
        for each in by_year.values():
            with_people(load, each)


def _all_borrowed(rates: Mapping[Cell, Mapping[Use, Rate]]) -> dict[Cell, dict[Use, Rate]]:
    return {
        cell: {
            use: Rate(each.value, Flag.BORROWED, each.person_years, each.amount)
            for use, each in of.items()
        }
        for cell, of in rates.items()
    }


__all__ = ["Read", "Sources", "example"]
