"""Bands of a total: every line is drawn many times from its range, with a named seed, so that the same
model always gives the same bands.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from fellesjournal.leadership.costs.assumptions import ASSUMED, Assumptions
from fellesjournal.leadership.costs.lines import CostLine, Range

P50, P85 = 0.50, 0.85


@dataclass(frozen=True, slots=True)
class Bands:
    """The total that is not exceeded in half, and in 85 %, of the draws when every line comes as it may
    by itself; ``all_alike_p85`` when all lines run over together. ``assumed_lines`` have no range of
    their own. ``stated`` is the sum of the amounts.
    """

    stated: Decimal
    low: Decimal
    p50: float
    p85: float
    all_alike_p85: float
    high: Decimal
    draws: int
    seed: str
    assumed_lines: tuple[str, ...]


def bands(lines: Iterable[CostLine], assumed: Assumptions = ASSUMED) -> Bands:
    """The bands of a total. The order of the lines does not matter; without a line all is 0."""
    return _bands(tuple(sorted(lines, key=lambda line: line.id)), assumed)


@lru_cache(maxsize=256)  # a page is drawn far more often than a model is changed
def _bands(every: tuple[CostLine, ...], assumed: Assumptions) -> Bands:
    ranges = [line.range(assumed) for line in every]
    chance = random.Random(assumed.seed)  # noqa: S311 - a simulation that must repeat, no secret
    totals = sorted(
        math.fsum(drawn(each, chance.random()) for each in ranges) for _ in range(assumed.draws)
    )
    return Bands(
        sum((line.amount for line in every), Decimal(0)),
        sum((each.low for each in ranges), Decimal(0)),
        quantile(totals, P50),
        quantile(totals, P85),
        math.fsum(drawn(each, P85) for each in ranges),
        sum((each.high for each in ranges), Decimal(0)),
        assumed.draws,
        assumed.seed,
        tuple(line.id for line in every if not line.has_own_range),
    )


def drawn(span: Range, chance: float) -> float:
    """The amount that a triangular distribution does not exceed with this probability."""
    low, mode, high = float(span.low), float(span.mode), float(span.high)
    if high == low:
        return low
    turn = (mode - low) / (high - low)
    if chance <= turn:
        return low + math.sqrt(chance * (high - low) * (mode - low))
    return high - math.sqrt((1 - chance) * (high - low) * (high - mode))


def quantile(ordered: list[float], share: float) -> float:
    """The smallest of the ordered values that at least this share does not exceed."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


__all__ = ["P50", "P85", "Bands", "bands", "drawn", "quantile"]
