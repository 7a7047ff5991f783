"""What each step of a scenario contributes: one after the other, and free of their order.

Stepwise, a step is worth what it changes when it comes; the same step is worth more or less at
another place. The order-free contribution is the mean over all orders (L. S. Shapley, 1953).
Both add up to the whole change.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from fellesjournal.leadership.figures.ratios import Ratio, change
from fellesjournal.leadership.projections.beds import USUAL, CapacityRule, beds
from fellesjournal.leadership.projections.load import Load
from fellesjournal.leadership.projections.people import Population
from fellesjournal.leadership.projections.rates import Use
from fellesjournal.leadership.projections.scenarios import ScenarioStep, after, way

MOST_STEPS = 10
"""2 to the power of this many runs; more steps than a page can tell apart."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """One step: what is used after it, what it changed, and its worth whatever the order."""

    title: str
    after: Fraction
    change: Fraction
    of_before: Ratio
    order_free: Fraction
    beds: int


def order_free(players: int, worth: Callable[[frozenset[int]], Fraction]) -> tuple[Fraction, ...]:
    """The mean over all orders of what each adds to those before it.

    ``worth`` is asked once for each set of places. Raises ValueError for more than ``MOST_STEPS``.
    """
    if players > MOST_STEPS:
        raise ValueError(f"{players} steps are too many; put some together")
    everybody = range(players)
    sets = [frozenset(i for i in everybody if bits >> i & 1) for bits in range(2**players)]
    found = {each: worth(each) for each in sets}
    every_order = math.factorial(players)

    def orders(before: int) -> Fraction:
        ways = math.factorial(before) * math.factorial(players - before - 1)
        return Fraction(ways, every_order)

    return tuple(
        sum(
            (orders(len(s)) * (found[s | {i}] - found[s]) for s in sets if i not in s),
            Fraction(),
        )
        for i in everybody
    )


def contributions(
    base: Load,
    steps: Sequence[ScenarioStep],
    later: Population,
    *,
    use: Use = Use.BED_DAYS,
    arrived: Fraction = Fraction(1),
    rule: CapacityRule = USUAL,
) -> tuple[Contribution, ...]:
    """One row for each step, in the order they are given. Beds are counted of what is used after
    the step, and mean something for uses in days only.
    """

    def worth(chosen: frozenset[int]) -> Fraction:
        return after(base, [steps[at] for at in sorted(chosen)], later, arrived).total(use)

    totals = [load.total(use) for load in way(base, steps, later, arrived)]
    free = order_free(len(steps), worth)
    return tuple(
        Contribution(
            step.title, totals[at + 1], totals[at + 1] - totals[at],
            change(totals[at + 1], totals[at]), free[at], beds(totals[at + 1], rule),
        )
        for at, step in enumerate(steps)
    )  # fmt: skip


__all__ = ["MOST_STEPS", "Contribution", "contributions", "order_free"]
