"""Whether a change helped: before and after against others, a series that is interrupted, places
that begin one after the other.

Effects are floats: they are estimates. None of them is a claim; what may be claimed is in
``claims``.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import fmean

FEW_CLUSTERS = 6
"""With fewer places than this a permutation can hardly be unlikely: 3 places begin in 6 orders."""


def difference_in_differences(
    treated_before: Fraction,
    treated_after: Fraction,
    control_before: Fraction,
    control_after: Fraction,
) -> Fraction:
    """What changed where something was done, less what changed where nothing was."""
    return (treated_after - treated_before) - (control_after - control_before)


@dataclass(frozen=True, slots=True)
class Series:
    """An interrupted series: level and trend before, and by how much both changed, with standard
    errors of the two changes. ``months`` is whether the season was taken out. ``durbin_watson``
    near 2: errors do not hang together; far below, the standard errors are too small.
    """

    level: float
    trend: float
    step: float
    step_error: float
    bend: float
    bend_error: float
    months: bool
    durbin_watson: float


def interrupted(
    values: Sequence[float | None], start: int, *, first_month: int | None = None
) -> Series:
    """The series y = b0 + b1·t + b2·D + b3·(t−T0)·D, and the month where ``first_month``
    (1 to 12) is given.

    ``start`` is T0, the place of the first value after the change. A period without a value (None) is
    left out, and the time it took is not. Raises ValueError for fewer than three values before or after,
    and where the values do not tell the parts apart.
    """
    there = [(t, value) for t, value in enumerate(values) if value is not None]
    before = sum(t < start for t, _ in there)
    if before < 3 or len(there) - before < 3:
        raise ValueError("a trend needs three values before the change and three after it")
    rows = [_row(t, start, first_month) for t, _ in there]
    found, errors, rest = _least_squares(rows, [value for _, value in there])
    steps = sum((b - a) ** 2 for a, b in itertools.pairwise(rest))
    squares = sum(each * each for each in rest)
    return Series(
        found[0], found[1], found[2], errors[2], found[3], errors[3], first_month is not None,
        steps / squares if squares > 1e-18 * sum(v * v for _, v in there) else 2.0,
    )  # fmt: skip


def _row(t: int, start: int, first_month: int | None) -> list[float]:
    after = t >= start
    row = [1.0, float(t), float(after), float(t - start) if after else 0.0]
    if first_month is not None:
        month = (first_month - 1 + t) % 12
        row += [float(month == other) for other in range(1, 12)]
    return row


@dataclass(frozen=True, slots=True)
class Staggered:
    """The effect of a change that places begin with one after the other: its mean over places and
    periods, how many orders of beginning there are, the share of them with an effect as large,
    and whether there are too few places for that share to be small.
    """

    effect: float
    orders: int
    probability: float
    low_power: bool

    @property
    def smallest_probability(self) -> float:
        """As unlikely as it could have come out at all."""
        return 1 / self.orders


def staggered(series: Mapping[str, Sequence[float]], starts: Mapping[str, int]) -> Staggered:
    """Places against those that have not begun yet; and how often chance alone does as much, when
    the same beginnings are given to the places in every other order.

    ``starts``: the place in the series of the first value after the change. Raises ValueError for
    series of different lengths, a place without a value before its start, or no place to compare.
    """
    places = sorted(series)
    if set(places) != set(starts) or len({len(each) for each in series.values()}) != 1:
        raise ValueError("each place has a start and as many values as the others")
    if any(start < 1 for start in starts.values()):
        raise ValueError("a place without a value before its start has nothing to compare with")
    effect = _effect(series, starts)
    orders = sorted(set(itertools.permutations(starts[place] for place in places)))
    others = [_effect(series, dict(zip(places, order, strict=True))) for order in orders]
    as_large = sum(abs(each) >= abs(effect) - 1e-12 for each in others)
    return Staggered(effect, len(orders), as_large / len(orders), len(places) < FEW_CLUSTERS)


def _effect(series: Mapping[str, Sequence[float]], starts: Mapping[str, int]) -> float:
    found = []
    for place, start in starts.items():
        own_before = fmean(series[place][:start])
        for at in range(start, len(series[place])):
            others = [other for other, begins in starts.items() if begins > at]
            if others:
                moved = fmean(series[o][at] - fmean(series[o][:start]) for o in others)
                found.append(series[place][at] - own_before - moved)
    if not found:
        raise ValueError("all begin at once: there is nobody to compare with")
    return fmean(found)


def _least_squares(
    rows: Sequence[Sequence[float]], values: Sequence[float]
) -> tuple[list[float], list[float], list[float]]:
    """Coefficients, their standard errors, and what is left of each value."""
    width = len(rows[0])
    squares = [[math.fsum(r[i] * r[j] for r in rows) for j in range(width)] for i in range(width)]
    inverse = _inverse(squares)
    right = [math.fsum(r[i] * y for r, y in zip(rows, values, strict=True)) for i in range(width)]
    found = [math.fsum(a * b for a, b in zip(row, right, strict=True)) for row in inverse]
    rest = [
        y - math.fsum(a * b for a, b in zip(row, found, strict=True))
        for row, y in zip(rows, values, strict=True)
    ]
    free = len(rows) - width
    variance = math.fsum(each * each for each in rest) / free if free > 0 else math.inf
    return found, [math.sqrt(variance * max(0.0, inverse[i][i])) for i in range(width)], rest


def _inverse(matrix: Sequence[Sequence[float]]) -> list[list[float]]:
    """By elimination with pivots. Raises ValueError for values that do not tell the parts apart."""
    size = len(matrix)
    work = [[*row, *(float(i == j) for j in range(size))] for i, row in enumerate(matrix)]
    for column in range(size):
        pivot = max(range(column, size), key=lambda row: abs(work[row][column]))
        if abs(work[pivot][column]) < 1e-9:
            raise ValueError("there are too few values to tell the parts of the series apart")
        work[column], work[pivot] = work[pivot], work[column]
        scale = work[column][column]
        work[column] = [each / scale for each in work[column]]
        for row in range(size):
            if row != column and work[row][column]:
                times = work[row][column]
                work[row] = [a - times * b for a, b in zip(work[row], work[column], strict=True)]
    return [row[size:] for row in work]


__all__ = [
    "FEW_CLUSTERS", "Series", "Staggered", "difference_in_differences", "interrupted", "staggered",
]  # fmt: skip
