"""What is a signal and what is chance: control charts, funnels, outliers, small numbers."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import NormalDist, fmean, median

from fellesjournal.leadership.figures.assumptions import OUTLIER_LIMIT
from fellesjournal.leadership.figures.intervals import Interval

_MOVING_RANGE = 2.66
"""3 / d2 for ranges of two (W. A. Shewhart): limits of an XmR chart in mean moving ranges."""
_LIKE_A_DEVIATION = 0.6745
"""The median absolute deviation of a normal distribution, in standard deviations."""


@dataclass(frozen=True, slots=True)
class XmR:
    """A chart of single values: their mean, the mean moving range, and the limits."""

    mean: float
    moving_range: float
    low: float
    high: float

    def signals(self, values: Sequence[float]) -> list[int]:
        """The places of the values outside the limits."""
        return [at for at, value in enumerate(values) if not self.low <= value <= self.high]


def xmr(values: Sequence[float]) -> XmR:
    """The chart of values in their order. Raises ValueError for fewer than two."""
    if len(values) < 2:
        raise ValueError("a moving range needs two values")
    mean = fmean(values)
    moving = fmean(abs(b - a) for a, b in itertools.pairwise(values))
    return XmR(mean, moving, mean - _MOVING_RANGE * moving, mean + _MOVING_RANGE * moving)


def robust_z(values: Sequence[float]) -> list[float]:
    """How far each value lies from the median, in robust standard deviations; infinitely far for
    whatever differs when more than half are alike.
    """
    middle = median(values)
    spread = median(abs(value - middle) for value in values)
    if spread == 0:
        return [
            0.0 if value == middle else math.copysign(math.inf, value - middle) for value in values
        ]
    return [_LIKE_A_DEVIATION * (value - middle) / spread for value in values]


def outliers(values: Sequence[float], limit: float = float(OUTLIER_LIMIT.value)) -> list[int]:
    """The places of values whose robust z is above the limit: each needs a stated cause."""
    return [at for at, z in enumerate(robust_z(values)) if abs(z) > limit]


def funnel(expected: float, denominator: int, level: float = 0.95) -> Interval:
    """Between which shares a unit of this size lies by chance, when all are alike."""
    if denominator <= 0 or not 0 <= expected <= 1:
        raise ValueError("a funnel needs a share and a size")
    z = NormalDist().inv_cdf((1 + level) / 2)
    half = z * math.sqrt(expected * (1 - expected) / denominator)
    return Interval(expected - half, expected + half)


def shrunk(
    numerator: int, denominator: int, *, yes: Fraction | int, no: Fraction | int
) -> Fraction:
    """A share of few, drawn towards what is known of all: ``yes`` and ``no`` weigh as so many."""
    return Fraction(yes + numerator, 1) / Fraction(yes + no + denominator)


__all__ = ["XmR", "funnel", "outliers", "robust_z", "shrunk", "xmr"]
