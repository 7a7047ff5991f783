"""The geometry of a small trend curve, drawn by the server as plain SVG attributes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_MARKED = 60
_CALM = 0.03
_MARK = 5.0  # side of the square that marks a value outside the reference
Point = tuple[float, float]  # (time in any unit, value)


@dataclass(frozen=True, slots=True)
class Dot:
    """A drawn value: its centre and the corner of its mark, written for SVG."""

    x: str
    y: str
    left: str
    top: str
    outside: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One series: the points of a polyline, and its dots (the newest last)."""

    points: str
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class Sparkline:
    """What the template draws, in a picture of ``width`` x ``height``.

    ``bottom`` and ``top`` are the values at its edges; ``band_top`` and ``band_height`` are
    the reference range cut to the picture, None without one.
    """

    width: int
    height: int
    lines: tuple[Line, ...]
    band_top: str | None
    band_height: str | None
    bottom: float
    top: float

    @property
    def dense(self) -> bool:
        """Whether a mark for each value would hide the line."""
        return max(len(line.dots) for line in self.lines) > _MARKED


def sparkline(
    series: Sequence[Sequence[Point]],
    *,
    low: float | None = None,
    high: float | None = None,
    width: int = 96,
    height: int = 28,
    margin: int = 4,
) -> Sparkline | None:
    """A picture of one or more series on a common scale; None with fewer than two times.

    The scale spans values and reference limits, so that a normal course looks calm; without
    limits at least 3 % of the value, so that a centimetre of height is no mountain.
    """
    times = [x for points in series for x, _ in points]
    values = [y for points in series for _, y in points]
    if len(set(times)) < 2:
        return None
    limits = [limit for limit in (low, high) if limit is not None]
    bottom, top = min(values + limits), max(values + limits)
    slack = max(abs(bottom), abs(top)) * _CALM - (top - bottom)
    if not limits and slack > 0:
        bottom, top = bottom - slack / 2, top + slack / 2
    if bottom == top:
        bottom, top = bottom - 1, top + 1
    start, end = min(times), max(times)

    def x_of(time: float) -> float:
        return round(margin + (time - start) / (end - start) * (width - 2 * margin), 1)

    def y_of(value: float) -> float:
        return round(margin + (top - value) / (top - bottom) * (height - 2 * margin), 1)

    lines = tuple(
        Line(
            points=" ".join(f"{x_of(x)},{y_of(y)}" for x, y in points),
            dots=tuple(_dot(x_of(x), y_of(y), _outside(y, low, high)) for x, y in points),
        )
        for points in series
    )
    if not limits:
        return Sparkline(width, height, lines, None, None, bottom, top)
    ceiling = y_of(high) if high is not None else 0.0
    floor = y_of(low) if low is not None else float(height)
    band = f"{max(floor - ceiling, 3.0):.1f}"
    return Sparkline(width, height, lines, str(ceiling), band, bottom, top)


def _dot(x: float, y: float, outside: bool) -> Dot:  # noqa: FBT001 - a row of a drawing
    return Dot(str(x), str(y), f"{x - _MARK / 2:.1f}", f"{y - _MARK / 2:.1f}", outside)


def _outside(value: float, low: float | None, high: float | None) -> bool:
    return (low is not None and value < low) or (high is not None and value > high)
