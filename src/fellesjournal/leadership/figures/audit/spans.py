"""Sets of numbers from one end to another, with each end in or out: interval arithmetic, exactly.

``None`` as an end is without bound. What comes of two spans holds every number that may come of a
number of each; ends of what is divided or multiplied are exact.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor


@dataclass(frozen=True, slots=True)
class Span:
    """From ``low`` to ``high``; ``has_low`` and ``has_high`` say whether the ends belong to it.

    Raises ValueError for one without a number.
    """

    low: Fraction | None
    high: Fraction | None
    has_low: bool = True
    has_high: bool = True

    def __post_init__(self) -> None:
        if self.low is None or self.high is None:
            return
        if self.low > self.high or (self.low == self.high and not (self.has_low and self.has_high)):
            raise ValueError("a span holds a number")

    @property
    def is_exact(self) -> bool:
        """Whether it is one number."""
        return self.low is not None and self.low == self.high

    def __add__(self, other: Span) -> Span:
        return Span(
            None if self.low is None or other.low is None else self.low + other.low,
            None if self.high is None or other.high is None else self.high + other.high,
            self.has_low and other.has_low,
            self.has_high and other.has_high,
        )

    def __neg__(self) -> Span:
        return Span(
            None if self.high is None else -self.high,
            None if self.low is None else -self.low,
            self.has_high,
            self.has_low,
        )

    def __sub__(self, other: Span) -> Span:
        return self + -other

    def __mul__(self, other: Span) -> Span:
        if None in {self.low, self.high, other.low, other.high}:
            return ANY
        return _around(
            (one * two, (has_one and has_two) or (one == 0 and has_one) or (two == 0 and has_two))
            for one, has_one in self._ends()
            for two, has_two in other._ends()
        )

    def __truediv__(self, other: Span) -> Span:
        """By a span that holds nought, anything may come out. One that begins just above nought, or
        at it, gives no bound above.
        """
        if other.low is not None and other.low > 0 and other.high is not None:
            return self * Span(1 / other.high, 1 / other.low, other.has_high, other.has_low)
        if other.high is not None and other.high < 0:
            return -self / -other
        is_above = other.low == 0 and other.high is not None and other.high > 0
        if is_above and self.low is not None and self.low >= 0:
            # what is divided is not negative, and a division by nought gives no number at all
            assert other.high is not None  # as is_above says
            return Span(
                self.low / other.high, None, self.has_low and (other.has_high or self.low == 0)
            )
        return ANY

    def times(self, scale: Fraction | int) -> Span:
        """In another unit, so many times as small; ``scale`` is above nought."""
        return Span(
            None if self.low is None else self.low * scale,
            None if self.high is None else self.high * scale,
            self.has_low,
            self.has_high,
        )

    def whole(self) -> Span | None:
        """From the lowest to the highest whole number in it that is not negative; None when there is none."""
        low = 0 if self.low is None else max(0, ceil(self.low))
        if self.low is not None and low == self.low and not self.has_low:
            low += 1
        high = None if self.high is None else floor(self.high)
        if high is not None and high == self.high and not self.has_high:
            high -= 1
        if high is not None and high < low:
            return None
        return Span(Fraction(low), None if high is None else Fraction(high))

    def meets(self, other: Span) -> bool:
        """Whether some number is in both."""
        return not (_ends_before(self, other) or _ends_before(other, self))

    def is_within(self, other: Span) -> bool:
        """Whether each of its numbers is in the other."""
        above = other.low is None or (
            self.low is not None
            and (
                self.low > other.low
                or (self.low == other.low and (other.has_low or not self.has_low))
            )
        )
        below = other.high is None or (
            self.high is not None
            and (
                self.high < other.high
                or (self.high == other.high and (other.has_high or not self.has_high))
            )
        )
        return above and below

    def _ends(self) -> tuple[tuple[Fraction, bool], tuple[Fraction, bool]]:
        assert self.low is not None  # asked by the caller
        assert self.high is not None
        return (self.low, self.has_low), (self.high, self.has_high)


ANY = Span(None, None)


def exactly(value: Fraction | int) -> Span:
    """One number."""
    return Span(Fraction(value), Fraction(value))


def _around(ends: Iterable[tuple[Fraction, bool]]) -> Span:
    """From the lowest to the highest; an end is in when one of those that are there is."""
    every = list(ends)
    low, high = min(value for value, _ in every), max(value for value, _ in every)
    return Span(
        low,
        high,
        any(has for value, has in every if value == low),
        any(has for value, has in every if value == high),
    )


def _ends_before(one: Span, other: Span) -> bool:
    if one.high is None or other.low is None:
        return False
    return one.high < other.low or (one.high == other.low and not (one.has_high and other.has_low))


__all__ = ["ANY", "Span", "exactly"]
