"""An indicator's course on the page, as plain SVG attributes: the drawing that the paper has too.

Every value that is drawn stands in the table below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.dateformat import format as formatted

from fellesjournal.leadership.figures.result import Status
from fellesjournal.leadership.indicators.definition import Indicator
from fellesjournal.surfaces.leaders.indicator_drawing import Slot, drawn
from fellesjournal.surfaces.leaders.indicator_words import Shown, value_of

HEIGHT = 240
_WIDEST, _EACH = 640, 90
_FEW = 4
"""So many periods are drawn narrow enough for a telephone; more scroll there, the newest in view."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 16, 16, 30


@dataclass(frozen=True, slots=True)
class Place:
    """A period: its name below, and its value with the ends of its interval; ``y`` "" where none is shown."""

    x: str
    name: str
    y: str
    low: str
    high: str
    is_held_back: bool
    is_over: bool


@dataclass(frozen=True, slots=True)
class Line:
    """From one value to the next; ``is_over`` when the later period is."""

    x1: str
    y1: str
    x2: str
    y2: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class Plot:
    """The picture: ``marks`` are heights with their values, ``is_from_zero`` whether the lowest is 0.
    ``is_narrow``: it fits a telephone.
    """

    width: int
    height: int
    left: int
    right: int
    bottom: int
    marks: tuple[tuple[str, str], ...]
    is_from_zero: bool
    places: tuple[Place, ...]
    lines: tuple[Line, ...]
    is_narrow: bool


def plot(indicator: Indicator, over_time: Sequence[Shown]) -> Plot | None:
    """The course of figures, oldest first, from the first period with something to count; None before two
    of them have a value.
    """
    over_time = _begun(over_time)
    found = drawn([each.figure for each in over_time], indicator.unit)
    if found is None or sum(each.y is not None for each in found.slots) < 2:
        return None
    is_over = {each.x: each.is_over for each in found.slots}
    is_narrow = len(over_time) <= _FEW
    width = _LEFT + _RIGHT + _EACH * len(over_time) if is_narrow else _WIDEST
    return Plot(
        width, HEIGHT, _LEFT, width - _RIGHT, HEIGHT - _BOTTOM,
        tuple((_y(height), value_of(indicator, value)) for height, value in found.marks),
        any(value == 0 for _, value in found.marks),
        tuple(
            _place(slot, _name(indicator, shown), width)
            for slot, shown in zip(found.slots, over_time, strict=True)
        ),
        tuple(
            Line(_x(x1, width), _y(y1), _x(x2, width), _y(y2), is_over[x2])
            for x1, y1, x2, y2 in found.lines
        ),
        is_narrow,
    )  # fmt: skip


def _begun(over_time: Sequence[Shown]) -> list[Shown]:
    empty = [each.figure.status is Status.NO_OBSERVATIONS for each in over_time]
    return list(over_time[empty.index(False) :]) if False in empty else []


def _place(slot: Slot, name: str, width: int) -> Place:
    y, low, high = ("" if each is None else _y(each) for each in (slot.y, slot.low, slot.high))
    return Place(_x(slot.x, width), name, y, low, high, slot.is_held_back, slot.is_over)


def _name(indicator: Indicator, shown: Shown) -> str:
    return formatted(shown.figure.period.start, "j. M" if indicator.window_days else "M Y")


def _x(share: float, width: int) -> str:
    return f"{_LEFT + share * (width - _LEFT - _RIGHT):.1f}"


def _y(share: float) -> str:
    return f"{_TOP + (1 - share) * (HEIGHT - _TOP - _BOTTOM):.1f}"


__all__ = ["Line", "Place", "Plot", "plot"]
