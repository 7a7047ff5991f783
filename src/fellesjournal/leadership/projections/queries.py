"""What a page of a projection shows: the way from today to the last year, what each step does to
it, the beds, what municipalities take over, and how uncertain it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from fellesjournal.leadership.figures.ratios import Ratio, change
from fellesjournal.leadership.projections.assumptions import MAIN_ALTERNATIVE
from fellesjournal.leadership.projections.beds import beds
from fellesjournal.leadership.projections.contributions import Contribution, contributions
from fellesjournal.leadership.projections.fans import FanYear, fan
from fellesjournal.leadership.projections.load import Load, Split, load_of, split, with_people
from fellesjournal.leadership.projections.people import Population
from fellesjournal.leadership.projections.rates import Use, values
from fellesjournal.leadership.projections.regions import BANDS
from fellesjournal.leadership.projections.scenarios import Scenario, after
from fellesjournal.leadership.projections.sources import Sources, example

_FAN_YEARS = 5
"""A fan is drawn for every so many years, and the last."""
_SEED = 2021
"""The same fan for everybody who asks the same."""


@dataclass(frozen=True, slots=True)
class Projection:
    """The answer for a scenario. ``municipal`` is what municipalities take over, by use;
    ``others`` what is used now, and then, of what is no bed-days.
    """

    scenario: Scenario
    people_now: Fraction
    people_then: Fraction
    oldest_now: Fraction
    oldest_then: Fraction
    base: Fraction
    base_beds: int
    steps: tuple[Contribution, ...]
    growth: Split
    net: Ratio
    municipal: tuple[tuple[Use, Fraction], ...]
    others: tuple[tuple[Use, Fraction, Fraction], ...]
    fan: tuple[FanYear, ...]

    @property
    def result(self) -> Fraction:
        """Bed-days in the last year."""
        return self.steps[-1].after if self.steps else self.base

    @property
    def beds(self) -> int:
        """Beds in the last year."""
        return self.steps[-1].beds if self.steps else self.base_beds


@lru_cache(maxsize=64)
def projection(scenario: Scenario, sources: Sources | None = None) -> Projection:
    """The projection of a scenario by what was read in, or else by the example rates and the generated
    alternatives.

    Raises KeyError for a region or a last year that is not known, ValueError for a scenario that can't be.
    """
    by = sources or example(scenario.region)
    now, later, rates = by.now, by.later, by.rates
    then = later[MAIN_ALTERNATIVE][scenario.last_year]
    base = load_of(now, values(rates))
    steps = contributions(base, scenario.in_order, then, rule=scenario.capacity)
    years = _years(scenario)
    drawn = {name: {year: of[year] for year in years} for name, of in later.items()}
    whole = after(base, scenario.in_order, then, Fraction(1))
    return Projection(
        scenario, now.total, then.total, _oldest(now), _oldest(then),
        base.total(Use.BED_DAYS), beds(base.total(Use.BED_DAYS), scenario.capacity), steps,
        split(base, with_people(base, then), Use.BED_DAYS),
        change(whole.total(Use.BED_DAYS), base.total(Use.BED_DAYS)),
        _municipal(whole), _others(base, whole), fan(scenario, rates, now, drawn, seed=_SEED),
    )  # fmt: skip


def _years(scenario: Scenario) -> list[int]:
    between = range(scenario.base_year + 1, scenario.last_year)
    return [*(year for year in between if year % _FAN_YEARS == 0), scenario.last_year]


def _oldest(population: Population) -> Fraction:
    return sum(
        (Fraction(row.count) for row in population.people if BANDS[-1].holds(row.ages)), Fraction()
    )


def _municipal(load: Load) -> tuple[tuple[Use, Fraction], ...]:
    uses = (Use.MUNICIPAL_BED_DAYS, Use.NURSING_HOME_DAYS, Use.HOME_CARE_HOURS)
    return tuple((use, total) for use in uses if (total := load.total(use)))


def _others(base: Load, whole: Load) -> tuple[tuple[Use, Fraction, Fraction], ...]:
    uses = (Use.HOME_CARE_HOURS, Use.GP_CONSULTATIONS, Use.OUTPATIENT, Use.DAY_CONTACTS)
    return tuple((use, now, whole.total(use)) for use in uses if (now := base.total(use)))


__all__ = ["Projection", "projection"]
