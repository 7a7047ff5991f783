"""Lines of a cost model: what is paid once and what every year, shared and local, with a range each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from fellesjournal.leadership.costs.assumptions import ASSUMED, Assumptions


class Kind(StrEnum):
    """How a cost falls."""

    INVESTMENT = "investment"
    ONE_OFF = "one_off"
    ANNUAL = "annual"


class Scope(StrEnum):
    """Whether the organisations pay it together."""

    SHARED = "shared"
    LOCAL = "local"


class Reading(StrEnum):
    """Whether a line lies inside the local rollout cost, of which 5 % is investment. A source may not
    say.
    """

    INSIDE = "inside"
    OUTSIDE = "outside"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Range:
    """The lowest, most likely and highest amount."""

    low: Decimal
    mode: Decimal
    high: Decimal

    def __post_init__(self) -> None:
        if not self.low <= self.mode <= self.high:
            raise ValueError("a range goes from low over most likely to high")

    @property
    def is_certain(self) -> bool:
        """Whether it is one amount."""
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class CostLine:
    """One line, in NOK of its price year. An amount may be negative: a saving. ``settled`` is an amount
    that was paid, and has no range.
    """

    id: str
    kind: Kind
    scope: Scope
    amount: Decimal
    price_year: int
    category: str = ""
    phase: str = ""
    actor: str = ""
    low: Decimal | None = None
    mode: Decimal | None = None
    high: Decimal | None = None
    inside_local: Reading = Reading.UNCLEAR
    settled: bool = False

    def __post_init__(self) -> None:
        if (self.low is None) != (self.high is None):
            raise ValueError(f"{self.id}: a range has both ends")
        if self.settled and self.low is not None and self.low != self.high:
            raise ValueError(f"{self.id}: what was paid has no range")
        if self.low is not None and self.high is not None:
            Range(self.low, self.amount if self.mode is None else self.mode, self.high)

    @property
    def has_own_range(self) -> bool:
        """Whether somebody has stated how sure it is."""
        return self.settled or self.low is not None

    def range(self, assumed: Assumptions = ASSUMED) -> Range:
        """Its own range; nothing either side when it was paid; the assumed one when it has none."""
        mode = self.amount if self.mode is None else self.mode
        if self.settled:
            return Range(self.amount, self.amount, self.amount)
        if self.low is not None and self.high is not None:
            return Range(self.low, mode, self.high)
        low, high = sorted((mode * assumed.low, mode * assumed.high))
        return Range(low, mode, high)


@dataclass(frozen=True, slots=True)
class LegacySystem:
    """A system that is replaced, what it costs a year, and when it is turned off."""

    name: str
    annual_cost: Decimal
    end_date: date | None = None


CLARIFICATIONS = ("shared costs", "first-mover costs")
"""What every new model is open about until somebody closes it."""


@dataclass(frozen=True, slots=True)
class CostModel:
    """A version of what it costs. It is never changed: a new version replaces it."""

    version: str
    day: date
    lines: tuple[CostLine, ...]
    legacy: tuple[LegacySystem, ...] = ()
    open_clarifications: tuple[str, ...] = CLARIFICATIONS
    source: str = ""

    def __post_init__(self) -> None:
        ids = [line.id for line in self.lines]
        if twice := {each for each in ids if ids.count(each) > 1}:
            raise ValueError(f"more than one line {', '.join(sorted(twice))}")

    def of(self, *kinds: Kind) -> tuple[CostLine, ...]:
        """The lines of some kinds."""
        return tuple(line for line in self.lines if line.kind in kinds)

    @property
    def legacy_annual(self) -> Decimal:
        """What the replaced systems cost a year."""
        return sum((each.annual_cost for each in self.legacy), Decimal(0))


class MixedPrices(ValueError):
    """Amounts of different price years are not added."""


def total(lines: Iterable[CostLine]) -> Decimal:
    """The sum of the amounts. Raises MixedPrices."""
    every = tuple(lines)
    years = sorted({line.price_year for line in every})
    if len(years) > 1:
        raise MixedPrices(f"prices of {years[0]} and {years[-1]} are not added")
    return sum((line.amount for line in every), Decimal(0))


def by_phase(lines: Iterable[CostLine]) -> dict[str, tuple[CostLine, ...]]:
    """The lines by phase, in the order in which phases first come."""
    found: dict[str, tuple[CostLine, ...]] = {}
    for line in lines:
        found[line.phase] = (*found.get(line.phase, ()), line)
    return found


__all__ = [
    "CLARIFICATIONS",
    "CostLine",
    "CostModel",
    "Kind",
    "LegacySystem",
    "MixedPrices",
    "Range",
    "Reading",
    "Scope",
    "by_phase",
    "total",
]
