"""The course of a plan line as plain SVG attributes: the baseline, the way that is planned, and what was
registered with its uncertainty.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from fellesjournal.leadership.benefits.plan import PlanLine
from fellesjournal.surfaces.leaders.axis import marks_around

WIDTH, HEIGHT = 640, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 16, 16, 30
_AIR = 0.12


@dataclass(frozen=True, slots=True)
class Point:
    """A value and, when it is known, the ends of its interval."""

    x: str
    y: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Course:
    """The picture: ``planned`` the points of a line, ``marks`` heights with their values."""

    width: int
    height: int
    left: int
    right: int
    bottom: int
    planned: str
    baseline: Point
    target: Point | None
    measured: tuple[Point, ...]
    marks: tuple[tuple[str, str], ...]
    first: date
    last: date


def drawn_course(line: PlanLine, in_words: Callable[[Fraction], str]) -> Course | None:
    """The course of a line; None before it has a baseline and something to set beside it."""
    base, ambition = line.baseline, line.ambition
    if base is None or (ambition is None and not line.followed):
        return None
    way = [(base.end, base.value)]
    if ambition is not None:
        way += [(each.day, each.value) for each in ambition.trajectory]
        way.append((ambition.day, ambition.target))
    values = [float(value) for _, value in way]
    for value, interval in [(base.value, base.interval)] + [
        (each.value, each.interval) for each in line.followed
    ]:
        values += [float(value), *(interval or ())]
    low, high = min(values), max(values)
    air = (high - low) * _AIR or abs(high) * _AIR or 1.0
    marks = marks_around(
        Fraction(max(low - air, 0.0) if low >= 0 else low - air), Fraction(high + air)
    )
    low, high = float(marks[0]), float(marks[-1])
    days = [day for day, _ in way] + [each.end for each in line.followed]
    first, last = min(days), max(days)

    def x(day: date) -> float:
        whole = (last - first).days or 1
        return _LEFT + (day - first).days / whole * (WIDTH - _LEFT - _RIGHT)

    def y(value: Fraction | float) -> str:
        height = HEIGHT - _TOP - _BOTTOM
        return f"{_TOP + (high - float(value)) / (high - low) * height:.1f}"

    def point(day: date, value: Fraction, ends: tuple[float, float] | None) -> Point:
        lowest, highest = ends or (float(value), float(value))
        return Point(f"{x(day):.1f}", y(value), y(lowest), y(highest))

    return Course(
        WIDTH, HEIGHT, _LEFT, WIDTH - _RIGHT, HEIGHT - _BOTTOM,
        " ".join(f"{x(day):.1f},{y(value)}" for day, value in way),
        point(base.end, base.value, base.interval),
        None if ambition is None else point(ambition.day, ambition.target, None),
        tuple(point(each.end, each.value, each.interval) for each in line.followed),
        tuple((y(each), in_words(each)) for each in marks),
        min(first, base.end - timedelta(days=1)), last,
    )  # fmt: skip


__all__ = ["Course", "Point", "drawn_course"]
