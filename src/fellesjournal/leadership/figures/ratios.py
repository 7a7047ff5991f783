"""Shares and changes: sums before division, and a reason where there is no number."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Why(StrEnum):
    """Why there is no number."""

    NO_OBSERVATIONS = "no-observations"
    BASE_ZERO = "base-zero"


@dataclass(frozen=True, slots=True)
class Ratio:
    """A number worked out exactly, or the reason why there is none."""

    value: Fraction | None
    reason: Why | None = None

    def __float__(self) -> float:
        if self.value is None:
            raise ValueError(f"there is no number: {self.reason}")
        return float(self.value)


def ratio(numerator: Fraction | int, denominator: Fraction | int) -> Ratio:
    """Numerator by denominator; without a denominator nothing was observed."""
    if denominator == 0:
        return Ratio(None, Why.NO_OBSERVATIONS)
    return Ratio(Fraction(numerator) / Fraction(denominator))


def together(parts: Iterable[tuple[int, int]]) -> Ratio:
    """The ratio of several (numerator, denominator) as one: the sums are divided, percentages are
    never averaged.
    """
    pairs = list(parts)
    return ratio(sum(top for top, _ in pairs), sum(below for _, below in pairs))


def change(current: Fraction | int, base: Fraction | int) -> Ratio:
    """How much more the current is than the base, as a share of the base."""
    if base == 0:
        return Ratio(None, Why.BASE_ZERO)
    return Ratio(Fraction(current) / Fraction(base) - 1)


__all__ = ["Ratio", "Why", "change", "ratio", "together"]
