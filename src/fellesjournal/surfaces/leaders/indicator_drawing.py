"""The geometry of an indicator's course on paper: everything from 0 to 1, from the left and from below.

Only what is shown is drawn, and nothing else sets the scale. What is held back has a place and no height.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from fellesjournal.leadership.figures.result import Figure, Status
from fellesjournal.surfaces.leaders.axis import marks_around


@dataclass(frozen=True, slots=True)
class Slot:
    """A period: where, and how high its value and the ends of its interval are; None: none is shown."""

    x: float
    y: float | None
    low: float | None
    high: float | None
    is_held_back: bool
    is_over: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """The drawing. ``marks``: heights with their values; ``lines`` join values that follow each other:
    over a period without one there is no line. ``half``: half the width of a period.
    """

    slots: tuple[Slot, ...]
    marks: tuple[tuple[float, Fraction], ...]
    lines: tuple[tuple[float, float, float, float], ...]
    half: float


def drawn(figures: Sequence[Figure], unit: str = "") -> Drawn | None:
    """The course of figures in ``unit``, oldest first; None when not one of them has a value."""
    heights = [
        Fraction(value)
        for each in figures
        if each.value is not None
        for value in (each.value, *(each.interval or ()))
    ]
    if not heights:
        return None
    marks = marks_around(min(heights), max(heights), unit)
    bottom, top = marks[0], marks[-1]

    def y(value: Fraction | float) -> float:
        return round(float((Fraction(value) - bottom) / (top - bottom)), 4)

    half = 0.5 / len(figures)
    slots = tuple(
        Slot(
            round((2 * n + 1) * half, 4),
            None if each.value is None else y(each.value),
            None if each.interval is None else y(each.interval.low),
            None if each.interval is None else y(each.interval.high),
            each.status is Status.SUPPRESSED,
            each.is_complete,
        )
        for n, each in enumerate(figures)
    )
    lines = tuple(
        (one.x, one.y, other.x, other.y)
        for one, other in pairwise(slots)
        if one.y is not None and other.y is not None
    )
    return Drawn(slots, tuple((y(each), each) for each in marks), lines, round(half, 4))


__all__ = ["Drawn", "Slot", "drawn"]
