"""How uncertain a projection is: every alternative of the population, and rates drawn anew.

A fan is no forecast of what will happen: it holds neither new treatments nor new epidemics. The
alternatives carry no probability; they widen the fan to the lowest and highest of them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from random import Random

from fellesjournal.leadership.projections.assumptions import (
    DRAWS,
    FAN_HIGH,
    FAN_LOW,
    MAIN_ALTERNATIVE,
)
from fellesjournal.leadership.projections.load import NONE, Load, load_of
from fellesjournal.leadership.projections.people import Population
from fellesjournal.leadership.projections.rates import Cell, Rate, Use, values
from fellesjournal.leadership.projections.scenarios import Scenario, ScenarioStep, after

Quantiles = tuple[Decimal, Decimal, Decimal]
MIDDLE_FOUR_FIFTHS: Quantiles = (FAN_LOW.value, Decimal("0.5"), FAN_HIGH.value)
Factors = Mapping[Cell, float]


@dataclass(frozen=True, slots=True)
class FanYear:
    """What is used in a year: by the main alternative with the rates as they are; between which
    ends with rates drawn anew; and between which of those ends for any alternative.
    """

    year: int
    main: Fraction
    low: float
    middle: float
    high: float
    lowest: float
    highest: float


def fan(
    scenario: Scenario,
    rates: Mapping[Cell, Mapping[Use, Rate]],
    base: Population,
    later: Mapping[str, Mapping[int, Population]],
    *,
    use: Use = Use.BED_DAYS,
    seed: int,
    draws: int = int(DRAWS.value),
    quantiles: Quantiles = MIDDLE_FOUR_FIFTHS,
) -> tuple[FanYear, ...]:
    """The base year and every year that all alternatives have, up to the last of the scenario.

    ``later`` is by alternative and year. The same seed gives the same fan. Raises ValueError
    without the main alternative or without a year that all of them have.
    """
    by_chance = Random(seed)  # noqa: S311 - a simulation that must come out the same again
    load = load_of(base, values(rates))
    factors = [drawn(rates, by_chance) for _ in range(draws)]
    today = _spread({MAIN_ALTERNATIVE: parts(load, (), base, NONE, use)}, factors, quantiles)
    found = [FanYear(scenario.base_year, *today)]
    for year in _years(scenario, later):
        arrived = scenario.arrived(year)
        by_alternative = {
            name: parts(load, scenario.in_order, of[year], arrived, use)
            for name, of in later.items()
        }
        found.append(FanYear(year, *_spread(by_alternative, factors, quantiles)))
    return tuple(found)


def drawn(rates: Mapping[Cell, Mapping[Use, Rate]], by_chance: Random) -> dict[Cell, float]:
    """By how much each cell's rates might have come out otherwise: as a count of its stays varies.

    All uses of a cell vary together, for nights follow from stays. A cell without stays varies as
    its largest number does.
    """
    return {cell: _factor(_events(of), by_chance) for cell, of in rates.items()}


def parts(
    load: Load,
    steps: Sequence[ScenarioStep],
    later: Population,
    arrived: Fraction,
    use: Use,
) -> dict[Cell, Fraction]:
    """How much of what is used after the steps comes from the rates of each cell.

    Every step is linear in the rates, so the parts add up to the whole, and a rate drawn anew only
    weighs its part: the steps need not be gone through for each draw.
    """
    found = {}
    for cell in load.rates:
        alone = {
            other: of if other == cell else dict.fromkeys(of, NONE)
            for other, of in load.rates.items()
            if (other.sex, other.group) == (cell.sex, cell.group)
        }
        found[cell] = after(Load(load.people, alone), steps, later, arrived).total(use)
    return found


def _spread(
    by_alternative: Mapping[str, Mapping[Cell, Fraction]],
    factors: Sequence[Factors],
    quantiles: Quantiles,
) -> tuple[Fraction, float, float, float, float, float]:
    ends = {}
    for name, of in by_alternative.items():
        weights = [(cell, float(part)) for cell, part in of.items()]
        totals = sorted(
            math.fsum(part * factor[cell] for cell, part in weights) for factor in factors
        )
        ends[name] = [quantile(totals, share) for share in quantiles]
    low, middle, high = ends[MAIN_ALTERNATIVE]
    main = sum(by_alternative[MAIN_ALTERNATIVE].values(), NONE)
    lowest, highest = min(each[0] for each in ends.values()), max(each[2] for each in ends.values())
    return main, low, middle, high, lowest, highest


def quantile(ordered: Sequence[float], share: Decimal) -> float:
    """The value below which this share of them lies, on the line between two of them."""
    at = float(share) * (len(ordered) - 1)
    below = math.floor(at)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (at - below)


def _events(of: Mapping[Use, Rate]) -> float:
    stays = of.get(Use.STAYS)
    if stays is not None and stays.amount > 0:
        return float(stays.amount)
    return float(max((rate.amount for rate in of.values()), default=NONE))


def _factor(events: float, by_chance: Random) -> float:
    """One, more or less: a gamma of this shape and mean 1 is what a count says of its rate."""
    return by_chance.gammavariate(events, 1 / events) if events > 0 else 1.0


def _years(scenario: Scenario, later: Mapping[str, Mapping[int, Population]]) -> list[int]:
    if MAIN_ALTERNATIVE not in later:
        raise ValueError(f"a fan needs the main alternative {MAIN_ALTERNATIVE}")
    common = set.intersection(*(set(of) for of in later.values()))
    years = sorted(y for y in common if scenario.base_year < y <= scenario.last_year)
    if not years:
        raise ValueError("the alternatives have no year in common")
    return years


__all__ = ["FanYear", "drawn", "fan", "parts", "quantile"]
