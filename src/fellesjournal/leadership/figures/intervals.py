"""Confidence intervals of shares and of counts against what was expected."""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import NamedTuple

_LEVEL = 0.95
_STEPS = 200


class Interval(NamedTuple):
    """From the lower to the upper end."""

    low: float
    high: float


def wilson(numerator: int, denominator: int, level: float = _LEVEL) -> Interval:
    """The score interval of a share (E. B. Wilson, 1927). Raises ValueError for no share."""
    if not 0 <= numerator <= denominator or denominator == 0:
        raise ValueError(f"{numerator} of {denominator} is no share")
    z = NormalDist().inv_cdf((1 + level) / 2)
    n, p = denominator, numerator / denominator
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def poisson(count: int, level: float = _LEVEL) -> Interval:
    """The exact interval of the mean of a count (F. Garwood, 1936)."""
    if count < 0:
        raise ValueError("a count is not negative")
    tail = (1 - level) / 2
    low = (
        0.0 if count == 0 else _mean_where(lambda mean: 1 - _at_most(count - 1, mean), tail, count)
    )
    high = _mean_where(lambda mean: 1 - _at_most(count, mean), 1 - tail, count)
    return Interval(low, high)


def against_expected(observed: int, expected: float, level: float = _LEVEL) -> Interval:
    """The exact interval of observed by expected. Raises ValueError when nothing is expected."""
    if expected <= 0:
        raise ValueError("nothing was expected")
    low, high = poisson(observed, level)
    return Interval(low / expected, high / expected)


def _mean_where(rising: Callable[[float], float], target: float, count: int) -> float:
    """The mean at which a rising probability is as wanted, by halving."""
    low, high = 0.0, count + 20 * math.sqrt(count + 1) + 20
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if rising(middle) < target:
            low = middle
        else:
            high = middle
        if high - low <= 1e-12 * high:
            break
    return (low + high) / 2


def _at_most(count: int, mean: float) -> float:
    """The probability of at most so many when this mean is expected."""
    if mean == 0:
        return 1.0
    if count > mean:  # the other tail is the short one
        return 1 - _sum_from(count + 1, mean, up=True)
    return _sum_from(count, mean, up=False)


def _sum_from(start: int, mean: float, *, up: bool) -> float:
    """Probabilities from one count on, away from the mean, until they matter no more."""
    term = math.exp(start * math.log(mean) - mean - math.lgamma(start + 1))
    total, at = 0.0, start
    while at >= 0 and term > total * 1e-17:
        total += term
        term = term * mean / (at + 1) if up else term * at / mean
        at += 1 if up else -1
    return total


__all__ = ["Interval", "against_expected", "poisson", "wilson"]
