"""The worksheet of a workshop: what time a task takes now and after, in hours, positions and money.

Nothing is rounded on the way: a week's fraction of an hour is worth hours in a year.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from fellesjournal.leadership.benefits.assumptions import SMALLEST_BLOCK
from fellesjournal.leadership.figures.assumptions import COST_OF_HOUR, HOURS_PER_FTE


class Per(StrEnum):
    """How often: so many times a week, a day, a year."""

    WEEK = "week"
    DAY = "day"
    YEAR = "year"


_DAYS_PER_WEEK = 7
MOST_WEEKS = 53
PLAN_PREFIX = "plan:"
"""How what a plan of the platform has counted is told from what is said in a workshop."""


@dataclass(frozen=True, slots=True)
class ThreePoint:
    """A number that is not known: at least, most likely, at most. Raises ValueError out of order."""

    low: Fraction
    mode: Fraction
    high: Fraction

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.mode <= self.high:
            raise ValueError("at least ≤ most likely ≤ at most, and none below 0")

    @property
    def mean(self) -> Fraction:
        """(low + 4 · mode + high) / 6 (the PERT approximation)."""
        return (self.low + 4 * self.mode + self.high) / 6

    def drawn(self, chance: random.Random) -> float:
        """One value by chance, of the triangle that the three span."""
        return chance.triangular(float(self.low), float(self.high), float(self.mode))


@dataclass(frozen=True, slots=True)
class Row:
    """One task of one service. Minutes are per occurrence; ``staff`` are those who do it, and each
    does it so often. ``claimed_by`` names the plan that has counted these hours already.
    """

    id: str
    task: str
    service_area: str
    role: str
    minutes_now: Fraction
    minutes_after: ThreePoint
    occurrences: Fraction
    per: Per = Per.WEEK
    weeks: Fraction = Fraction(52)
    staff: Fraction = Fraction(1)
    is_time_thief: bool = False
    depends_on: str = ""
    certainty: str = ""
    comment: str = ""
    claimed_by: str = ""

    def __post_init__(self) -> None:
        numbers = (self.minutes_now, self.occurrences, self.weeks, self.staff)
        if any(each < 0 for each in numbers):
            raise ValueError("minutes, occurrences, weeks and staff are not below 0")
        if self.weeks > MOST_WEEKS:
            raise ValueError("a year has at most 53 weeks")

    @property
    def occurrences_per_year(self) -> Fraction:
        """How often in a year, by all who do it."""
        times = {
            Per.WEEK: self.occurrences * self.weeks,
            Per.DAY: self.occurrences * self.weeks * _DAYS_PER_WEEK,
            Per.YEAR: self.occurrences,
        }[self.per]
        return times * self.staff

    @property
    def hours(self) -> Fraction:
        """Hours freed in a year; below 0 when it takes longer than before."""
        return self.hours_after(self.minutes_after.mean)

    def hours_after(self, minutes: Fraction) -> Fraction:
        """Hours freed in a year, were it these minutes afterwards."""
        return (self.minutes_now - minutes) / 60 * self.occurrences_per_year

    @property
    def is_in_plan(self) -> bool:
        """Whether a plan of the platform has counted it."""
        return self.claimed_by.startswith(PLAN_PREFIX)

    @property
    def is_counted_elsewhere(self) -> bool:
        """Whether somebody else counted it before, and it must not be counted here again."""
        return bool(self.claimed_by) and not self.is_in_plan

    def is_capacity(self, smallest_block: Fraction = Fraction(SMALLEST_BLOCK.value)) -> bool:
        """Whether what is freed comes in pieces too small for a budget: capacity only."""
        return 0 < self.minutes_now - self.minutes_after.mean < smallest_block


@dataclass(frozen=True, slots=True)
class Worth:
    """What hours come to: ``fte`` are full positions, ``money`` is NOK a year."""

    hours: Fraction
    fte: Fraction
    money: Fraction


@dataclass(frozen=True, slots=True)
class Rates:
    """What an hour costs, and how many make a position (assumptions.py)."""

    hours_per_fte: Fraction = Fraction(HOURS_PER_FTE.value)
    cost_of_hour: Fraction = Fraction(COST_OF_HOUR.value)

    def worth(self, hours: Fraction) -> Worth:
        """Hours as positions and money."""
        return Worth(hours, hours / self.hours_per_fte, hours * self.cost_of_hour)


RATES = Rates()


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a worksheet does not stand as it is; ``row`` is an id, "" for the whole."""

    row: str
    text: str


def total(rows: Iterable[Row]) -> Fraction:
    """Hours freed in a year by all rows that nobody else has counted."""
    return sum((each.hours for each in rows if not each.claimed_by), Fraction(0))


def workshop_total(rows: Iterable[Row]) -> Fraction:
    """Hours freed in a year by all rows that nobody elsewhere has counted before; what a plan of the
    platform has taken over is still the workshop's finding.
    """
    return sum((each.hours for each in rows if not each.is_counted_elsewhere), Fraction(0))


def faults(rows: Sequence[Row], staffed_hours: Mapping[str, Fraction]) -> Iterator[Fault]:
    """A row that stands twice, and services that would free more hours than they have.

    ``staffed_hours`` are those of a year, by service area; one that is missing is not checked.
    """
    seen: set[str] = set()
    for row in rows:
        if row.id in seen:
            yield Fault(row.id, "stands twice")
        seen.add(row.id)
    for area, staffed in staffed_hours.items():
        freed = workshop_total(row for row in rows if row.service_area == area)
        if freed > staffed:
            yield Fault("", f"{area}: {float(freed):.1f} hours freed of {float(staffed):.1f}")


def simulated(rows: Sequence[Row], *, seed: int, rounds: int = 10_000) -> list[float]:
    """The sum of freed hours, drawn so often, in rising order. The same seed gives the same."""
    chance = random.Random(seed)  # noqa: S311 - a simulation, no secret
    counted = [(float(each.minutes_now), each.minutes_after, float(each.occurrences_per_year))
               for each in rows if not each.is_counted_elsewhere]  # fmt: skip
    return sorted(
        sum((now - after.drawn(chance)) / 60 * times for now, after, times in counted)
        for _ in range(rounds)
    )


__all__ = [
    "MOST_WEEKS", "PLAN_PREFIX", "RATES", "Fault", "Per", "Rates", "Row", "ThreePoint", "Worth",
    "faults", "simulated", "total", "workshop_total",
]  # fmt: skip
