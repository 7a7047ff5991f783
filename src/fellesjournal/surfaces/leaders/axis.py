"""Round values for the marks of an axis: what somebody would write who draws it by hand."""

from __future__ import annotations

import math
from fractions import Fraction

_MARKS = 4
_INSIDE = 5
_CLOCK = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440)
"""Steps of minutes, hours and days, in minutes: an axis of time is not cut in tens."""
_DAY = _CLOCK[-1]


def marks_around(low: Fraction, high: Fraction, unit: str = "") -> list[Fraction]:
    """From at or below the lowest value to at or above the highest, some four apart: two at least. Of
    shares between 0 and 1 none lies outside that. ``unit``: ``min`` is told as time.
    """
    span = high - low or abs(high) / 2 or Fraction(1)
    step = _step(span / _MARKS, unit)
    first, last = math.floor(low / step), math.ceil(high / step)
    if first == last:
        first, last = (first - 1, last) if low > 0 else (first, last + 1)
    return [step * n for n in range(first, last + 1)]


def marks_within(low: float, high: float, unit: str = "") -> list[Fraction]:
    """Between the ends of an axis that are set by something else: two at least. ``low`` is less than
    ``high``.
    """
    ends = Fraction(low), Fraction(high)
    step = _step((ends[1] - ends[0]) / _INSIDE, unit)
    return [step * n for n in range(math.ceil(ends[0] / step), math.floor(ends[1] / step) + 1)]


def _step(rough: Fraction, unit: str) -> Fraction:
    """The next step that is as large as ``rough``: 1, 2 or 5 of a power of ten, or of days; of shorter
    times what a clock shows.
    """
    if unit == "min" and 1 <= rough <= _DAY:
        return Fraction(next(each for each in _CLOCK if each >= rough))
    if unit == "min" and rough > _DAY:
        return _DAY * _step(rough / _DAY, "")
    power = Fraction(10) ** math.floor(math.log10(rough))
    return next(power * n for n in (1, 2, 5, 10, 20) if power * n >= rough)


__all__ = ["marks_around", "marks_within"]
