"""The geometry of the leaders' drawings: plain SVG attributes, worked out by the server.

Every number that is drawn stands in a table beside the drawing.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from fellesjournal.leadership.projections.fans import FanYear
from fellesjournal.surfaces.leaders.axis import marks_around

_BAR = 100.0
"""Width of a row of bars; the row is stretched to its cell."""
_WIDTH, _HEIGHT = 360, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 54, 12, 10, 24


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a waterfall: from where to where, in hundredths of the row, and which way."""

    x: str
    width: str
    way: str


def waterfall(start: Fraction, changes: Sequence[Fraction]) -> list[Bar]:
    """A bar for the start, one for each change where it begins and ends, and one for the end.

    The baseline is zero: the lengths may be compared.
    """
    ends = [start]
    for change in changes:
        ends.append(ends[-1] + change)
    longest = max(*ends, Fraction(1)) if len(ends) > 1 else max(start, Fraction(1))
    rows = [_bar(Fraction(), start, longest, "whole")]
    rows += [
        _bar(before, after, longest, "more" if after >= before else "less")
        for before, after in itertools.pairwise(ends)
    ]
    return [*rows, _bar(Fraction(), ends[-1], longest, "whole")]


def _bar(one: Fraction, other: Fraction, longest: Fraction, way: str) -> Bar:
    left, right = sorted((float(one / longest), float(other / longest)))
    return Bar(f"{left * _BAR:.2f}", f"{max((right - left) * _BAR, 0.4):.2f}", way)


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: where, and its value."""

    at: str
    value: float


@dataclass(frozen=True, slots=True)
class Fan:
    """A fan as it is drawn, in a picture of ``width`` by ``height``: the outer and the inner band,
    the main line, and marks of both axes.
    """

    width: int
    height: int
    left: int
    right: int
    bottom: int
    outer: str
    inner: str
    main: str
    years: tuple[Tick, ...]
    values: tuple[Tick, ...]


def fan(rows: Sequence[FanYear]) -> Fan:
    """The drawing of a fan. The axis begins at zero. Raises ValueError for fewer than two years."""
    if len(rows) < 2:
        raise ValueError("a fan has two years at least")
    marks = [float(each) for each in marks_around(Fraction(), _highest(rows))]
    top = marks[-1]
    first, last = rows[0].year, rows[-1].year

    def x(year: int) -> float:
        return _LEFT + (year - first) / (last - first) * (_WIDTH - _LEFT - _RIGHT)

    def y(value: float) -> float:
        return _TOP + (1 - value / top) * (_HEIGHT - _TOP - _BOTTOM)

    def band(low: Sequence[float], high: Sequence[float]) -> str:
        years = [row.year for row in rows]
        there = list(zip(years, high, strict=True))
        back = list(zip(years, low, strict=True))[::-1]
        return " ".join(f"{x(year):.1f},{y(value):.1f}" for year, value in [*there, *back])

    return Fan(
        _WIDTH, _HEIGHT, _LEFT, _WIDTH - _RIGHT, _HEIGHT - _BOTTOM,
        band([row.lowest for row in rows], [row.highest for row in rows]),
        band([row.low for row in rows], [row.high for row in rows]),
        " ".join(f"{x(row.year):.1f},{y(float(row.main)):.1f}" for row in rows),
        tuple(Tick(f"{x(row.year):.1f}", row.year) for row in rows),
        tuple(Tick(f"{y(each):.1f}", each) for each in marks),
    )  # fmt: skip


def _highest(rows: Sequence[FanYear]) -> Fraction:
    """One at least: what is drawn are people and hours, and less than one is none."""
    return Fraction(max(1.0, *(row.highest for row in rows)))


__all__ = ["Bar", "Fan", "Tick", "fan", "waterfall"]
