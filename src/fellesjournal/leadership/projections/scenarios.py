"""Scenarios: steps in an order, each with its source, and what one step does to a load.

A step reaches its full strength in the last year of the scenario and grows evenly until then
(Assumption, configurable: the specification says nothing of the years between).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from fellesjournal.leadership.projections import ageing
from fellesjournal.leadership.projections.ageing import (
    AgeMultiplier,
    AgeShift,
    LastYear,
    NeedOfHelp,
    between,
    not_negative,
    share,
)
from fellesjournal.leadership.projections.beds import USUAL, CapacityRule
from fellesjournal.leadership.projections.load import NONE, Load, with_people
from fellesjournal.leadership.projections.people import Population
from fellesjournal.leadership.projections.rates import Use


class Kind(StrEnum):
    """What a step is about."""

    DEMOGRAPHY = "demography"
    HEALTHY_AGEING = "healthy_ageing"
    PRACTICE_SHIFT = "practice_shift"
    EFFICIENCY = "efficiency"
    REALLOCATION = "reallocation"


@dataclass(frozen=True, slots=True)
class Demography:
    """The population of the year instead of today's; which alternative is said when it is run."""


@dataclass(frozen=True, slots=True)
class PracticeShift:
    """Stays are kept, a share of their nights is not; each night less is so many day contacts.

    ``group`` empty: all groups.
    """

    share_of_nights: Decimal
    day_contacts_a_night: Decimal
    group: str = ""

    def __post_init__(self) -> None:
        share(self.share_of_nights)
        not_negative(self.day_contacts_a_night)


@dataclass(frozen=True, slots=True)
class Efficiency:
    """So many times as much of one use for the same need."""

    multiplier: Decimal
    use: Use = Use.BED_DAYS

    def __post_init__(self) -> None:
        not_negative(self.multiplier)


@dataclass(frozen=True, slots=True)
class Takeover:
    """Municipalities take over a share of the bed-days, as so much of their own for each of them.

    ``to`` is municipal bed-days, days in a nursing home or hours of home care. ``for_each`` is
    never 0: load that moves does not vanish.
    """

    share_of_bed_days: Decimal
    to: Use
    for_each: Decimal
    group: str = ""

    def __post_init__(self) -> None:
        share(self.share_of_bed_days)
        if self.to not in MUNICIPAL:
            raise ValueError(f"{self.to} is nothing a municipality gives")
        if self.for_each <= 0:
            raise ValueError("load that a municipality takes over does not vanish")


MUNICIPAL = frozenset({Use.MUNICIPAL_BED_DAYS, Use.NURSING_HOME_DAYS, Use.HOME_CARE_HOURS})


@dataclass(frozen=True, slots=True)
class ScenarioStep:
    """One step, of exactly one kind, with the source of its numbers."""

    order: int
    title: str
    source: str
    demography: Demography | None = None
    age_multipliers: tuple[AgeMultiplier, ...] = ()
    age_shift: AgeShift | None = None
    time_to_death: tuple[LastYear, ...] = ()
    need_of_help: tuple[NeedOfHelp, ...] = ()
    practice_shift: PracticeShift | None = None
    efficiency: Efficiency | None = None
    takeover: Takeover | None = None

    def __post_init__(self) -> None:
        if len(self._said()) != 1:
            raise ValueError(f"«{self.title}» says {len(self._said())} things; a step says one")

    @property
    def kind(self) -> Kind:
        """What it is about."""
        return _KINDS[self._said()[0]]

    def applied(self, load: Load, later: Population, arrived: Fraction) -> Load:
        """The load after this step, when so much of the way to the last year has been gone."""
        said = self._said()[0]
        return _STEPS[said](load, getattr(self, said), later, arrived)

    def _said(self) -> list[str]:
        return [name for name in _KINDS if getattr(self, name) not in {None, ()}]


@dataclass(frozen=True, slots=True)
class Scenario:
    """Steps from a base year to the last year, for a region."""

    title: str
    region: str
    base_year: int
    last_year: int
    steps: tuple[ScenarioStep, ...]
    capacity: CapacityRule = USUAL

    def __post_init__(self) -> None:
        if self.last_year <= self.base_year:
            raise ValueError(f"{self.base_year} to {self.last_year} is no way forward")

    @property
    def in_order(self) -> tuple[ScenarioStep, ...]:
        """Its steps, first to last."""
        return tuple(sorted(self.steps, key=lambda step: step.order))

    def arrived(self, year: int) -> Fraction:
        """How much of the way has been gone in a year. Raises ValueError for one outside."""
        if not self.base_year <= year <= self.last_year:
            raise ValueError(f"{year} is not between {self.base_year} and {self.last_year}")
        return Fraction(year - self.base_year, self.last_year - self.base_year)


class Fault(StrEnum):
    """What is wrong with a scenario that can be written down all the same."""

    NO_STEPS = "no-steps"
    SAME_ORDER = "same-order"
    NO_SOURCE = "no-source"
    TWO_DEMOGRAPHIES = "two-demographies"


def faults(scenario: Scenario) -> tuple[tuple[Fault, str], ...]:
    """Everything that keeps a scenario from being shown to others, with the title of the step."""
    orders = [step.order for step in scenario.steps]
    demographies = [step for step in scenario.steps if step.kind is Kind.DEMOGRAPHY]
    return (
        *(((Fault.NO_STEPS, scenario.title),) if not scenario.steps else ()),
        *((Fault.SAME_ORDER, s.title) for s in scenario.steps if orders.count(s.order) > 1),
        *((Fault.NO_SOURCE, s.title) for s in scenario.steps if not s.source.strip()),
        *((Fault.TWO_DEMOGRAPHIES, step.title) for step in demographies[1:]),
    )


def after(load: Load, steps: Iterable[ScenarioStep], later: Population, arrived: Fraction) -> Load:
    """The load after these steps, in the order they are given."""
    for step in steps:
        load = step.applied(load, later, arrived)
    return load


def way(
    load: Load, steps: Sequence[ScenarioStep], later: Population, arrived: Fraction
) -> list[Load]:
    """The load before the first step and after each of them."""
    found = [load]
    for step in steps:
        found.append(step.applied(found[-1], later, arrived))
    return found


def _moved(load: Load, group: str, change: Callable[[dict[Use, Fraction]], None]) -> Load:
    rates = {}
    for cell, of in load.rates.items():
        changed = dict(of)
        if group in {"", cell.group}:
            change(changed)
        rates[cell] = changed
    return Load(load.people, rates)


def _practice(load: Load, step: PracticeShift, _: Population, arrived: Fraction) -> Load:
    less, contacts = Fraction(step.share_of_nights) * arrived, Fraction(step.day_contacts_a_night)

    def change(of: dict[Use, Fraction]) -> None:
        nights = of.get(Use.BED_DAYS, NONE) * less
        of[Use.BED_DAYS] = of.get(Use.BED_DAYS, NONE) - nights
        of[Use.DAY_CONTACTS] = of.get(Use.DAY_CONTACTS, NONE) + nights * contacts

    return _moved(load, step.group, change)


def _efficient(load: Load, step: Efficiency, _: Population, arrived: Fraction) -> Load:
    factor = between(Fraction(1), Fraction(step.multiplier), arrived)

    def change(of: dict[Use, Fraction]) -> None:
        of[step.use] = of.get(step.use, NONE) * factor

    return _moved(load, "", change)


def _taken_over(load: Load, step: Takeover, _: Population, arrived: Fraction) -> Load:
    part, for_each = Fraction(step.share_of_bed_days) * arrived, Fraction(step.for_each)

    def change(of: dict[Use, Fraction]) -> None:
        moved = of.get(Use.BED_DAYS, NONE) * part
        of[Use.BED_DAYS] = of.get(Use.BED_DAYS, NONE) - moved
        of[step.to] = of.get(step.to, NONE) + moved * for_each

    return _moved(load, step.group, change)


_KINDS = {
    "demography": Kind.DEMOGRAPHY,
    "age_multipliers": Kind.HEALTHY_AGEING,
    "age_shift": Kind.HEALTHY_AGEING,
    "time_to_death": Kind.HEALTHY_AGEING,
    "need_of_help": Kind.HEALTHY_AGEING,
    "practice_shift": Kind.PRACTICE_SHIFT,
    "efficiency": Kind.EFFICIENCY,
    "takeover": Kind.REALLOCATION,
}

# Any: what a step says has a type of its own for each kind
_STEPS: dict[str, Callable[[Load, Any, Population, Fraction], Load]] = {
    "demography": lambda load, _said, later, _arrived: with_people(load, later),
    "age_multipliers": lambda load, said, _, arrived: ageing.multiplied(load, said, arrived),
    "age_shift": lambda load, said, _, arrived: ageing.shifted(load, said, arrived),
    "time_to_death": lambda load, said, _, arrived: ageing.nearer_death(load, said, arrived),
    "need_of_help": lambda load, said, _, arrived: ageing.needing_help(load, said, arrived),
    "practice_shift": _practice,
    "efficiency": _efficient,
    "takeover": _taken_over,
}

__all__ = [
    "MUNICIPAL", "Demography", "Efficiency", "Fault", "Kind", "PracticeShift", "Scenario",
    "ScenarioStep", "Takeover", "after", "faults", "way",
]  # fmt: skip
