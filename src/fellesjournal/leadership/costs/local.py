"""The local rollout cost L: 5 % of it is investment and 95 % one-off operation. Where a source doesn't say
which lines lie inside L, only bounds are known.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from fellesjournal.leadership.costs.lines import Reading

INVESTMENT_SHARE = Fraction(5, 100)
"""Røros municipality, November 2022: 5 % of local rollout cost is investment."""
DOUBLE_OPERATION_MONTHS = 9
"""Røros municipality, November 2022: both systems run for nine months."""


@dataclass(frozen=True, slots=True)
class Split:
    """A local rollout cost in its two parts, exactly."""

    investment: Fraction
    one_off: Fraction

    @property
    def whole(self) -> Fraction:
        """Both parts."""
        return self.investment + self.one_off


def split(local: Decimal | Fraction | int) -> Split:
    """The parts of a local rollout cost."""
    whole = Fraction(local)
    return Split(whole * INVESTMENT_SHARE, whole * (1 - INVESTMENT_SHARE))


def from_one_off(one_off: Decimal | Fraction | int) -> Split:
    """The local rollout cost of which this is the one-off part."""
    return split(Fraction(one_off) / (1 - INVESTMENT_SHARE))


def double_operation(
    annual_legacy: Decimal | Fraction | int, months: int = DOUBLE_OPERATION_MONTHS
) -> Fraction:
    """What the replaced systems cost while both run."""
    if months < 0:
        raise ValueError("months of double operation are not negative")
    return Fraction(annual_legacy) * months / 12


def annual_operation(
    agreement: Decimal | Fraction | int, platform: Decimal | Fraction | int
) -> Fraction:
    """Operation and maintenance by agreement, and the technical platform."""
    return Fraction(agreement) + Fraction(platform)


@dataclass(frozen=True, slots=True)
class Part:
    """A known part of the one-off cost, and whether it lies inside L."""

    id: str
    amount: Decimal
    inside_local: Reading = Reading.UNCLEAR


@dataclass(frozen=True, slots=True)
class Bound:
    """One reading of what is unclear: the parts taken to lie ``outside``, L at most, and the investment
    that then stays unexplained at least.
    """

    outside: tuple[str, ...]
    local_at_most: Split
    unexplained_at_least: Fraction


def bounds(
    *,
    one_off: Decimal,
    parts: Iterable[Part],
    investment: Decimal,
    explained: Decimal,
) -> tuple[Bound, ...]:
    """Every reading of the unclear parts, the one with the largest L first. L is at most what it would be
    if all the rest of the one-off cost lay inside; ``explained`` is the investment whose origin is known
    (licence). Raises ValueError when the parts are more than the whole.
    """
    every = tuple(parts)
    if sum(part.amount for part in every) > one_off:
        raise ValueError("the parts are more than the one-off cost")
    fixed = [part for part in every if part.inside_local is Reading.OUTSIDE]
    unclear = [part for part in every if part.inside_local is Reading.UNCLEAR]
    choices = (
        [*fixed, *some]
        for size in range(len(unclear) + 1)
        for some in itertools.combinations(unclear, size)
    )
    found = (
        _bound(one_off, outside, Fraction(investment) - Fraction(explained)) for outside in choices
    )
    return tuple(sorted(found, key=lambda bound: -bound.local_at_most.whole))


def _bound(one_off: Decimal, outside: list[Part], left: Fraction) -> Bound:
    inside = Fraction(one_off) - sum(Fraction(part.amount) for part in outside)
    local = from_one_off(inside)
    return Bound(tuple(part.id for part in outside), local, left - local.investment)


__all__ = [
    "DOUBLE_OPERATION_MONTHS",
    "INVESTMENT_SHARE",
    "Bound",
    "Part",
    "Split",
    "annual_operation",
    "bounds",
    "double_operation",
    "from_one_off",
    "split",
]
