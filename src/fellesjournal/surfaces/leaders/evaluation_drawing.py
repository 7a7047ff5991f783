"""The control chart of one place as plain SVG attributes: values, the limits of what was before, when the
measures began, what else happened, and the trend with and without the change.

Everything that is drawn stands in the table below it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from fellesjournal.leadership.figures.result import Status
from fellesjournal.leadership.figures.signals import XmR
from fellesjournal.leadership.pathways.evaluated import Course
from fellesjournal.leadership.pathways.evaluation import Series
from fellesjournal.surfaces.leaders.axis import marks_within

WIDTH, HEIGHT = 640, 280
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 16, 28, 34
_AIR = 0.1
_MOST_NAMES = 8


@dataclass(frozen=True, slots=True)
class Dot:
    """A value: where, and whether it lies outside the limits, or is of a period that does not count."""

    x: str
    y: str
    is_outside: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across: its height and its look."""

    y: str
    look: str


@dataclass(frozen=True, slots=True)
class ControlChart:
    """The picture. ``lines`` join values of periods that follow each other; ``held`` are the places of
    periods that are held back; ``others`` when something else happened, by number.
    """

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    dots: tuple[Dot, ...]
    lines: tuple[tuple[str, str, str, str], ...]
    rules: tuple[Rule, ...]
    marks: tuple[tuple[str, str], ...]
    names: tuple[tuple[str, date], ...]
    held: tuple[str, ...]
    begins: str
    others: tuple[tuple[str, int], ...]
    fitted: tuple[str, ...]
    without: str


def drawn_chart(
    course: Course,
    limits: XmR | None,
    series: Series | None,
    others: Sequence[date],
    in_words: Callable[[float], str],
    *,
    most: float | None = None,
) -> ControlChart | None:
    """The chart; None without a value. ``others``: the days something else happened; ``most``: what no
    value can be more than.
    """
    figures = course.figures
    shown = [None if each.value is None else float(each.value) for each in figures]
    known = [each for each in shown if each is not None]
    if not known:
        return None
    way = _ways(course, series)
    ends = [] if limits is None else [limits.low, limits.high]
    low, high = _span([*known, *ends, *(value for _, value in way.all)], most)

    def x(at: float) -> float:
        return _LEFT + (at + 0.5) / len(figures) * (WIDTH - _LEFT - _RIGHT)

    def y(value: float) -> str:
        inside = min(high, max(low, value))
        return f"{_TOP + (high - inside) / (high - low) * (HEIGHT - _TOP - _BOTTOM):.1f}"

    def on(day: date) -> str:
        """Where a day lies; "" for one outside the picture."""
        first, last = figures[0].period.start, figures[-1].period.end
        if not first <= day < last:
            return ""
        at = next(n for n, each in enumerate(figures) if day < each.period.end)
        period = figures[at].period
        return f"{x(at - 0.5 + (day - period.start).days / period.days):.1f}"

    def points(of: Sequence[tuple[int, float]]) -> str:
        return " ".join(f"{x(at):.1f},{y(value)}" for at, value in of)

    values = course.values
    dots = tuple(
        Dot(
            f"{x(n):.1f}", y(value),
            limits is not None and values[n] is not None and not limits.low <= value <= limits.high,
            values[n] is None,
        )
        for n, value in enumerate(shown)
        if value is not None
    )  # fmt: skip
    lines = tuple(
        (f"{x(n):.1f}", y(one), f"{x(n + 1):.1f}", y(other))
        for n, (one, other) in enumerate(pairwise(shown))
        if one is not None and other is not None
    )
    every = -(-len(figures) // _MOST_NAMES)
    return ControlChart(
        WIDTH, HEIGHT, _LEFT, WIDTH - _RIGHT, _TOP, HEIGHT - _BOTTOM, dots, lines,
        _rules(limits, low, high, y), tuple(_marks(low, high, y, in_words)),
        tuple((f"{x(n):.1f}", figures[n].period.start) for n in range(0, len(figures), every)),
        tuple(f"{x(n):.1f}" for n, each in enumerate(figures) if each.status is Status.SUPPRESSED),
        "" if course.begins is None else on(course.begins),
        tuple((where, n) for n, day in enumerate(others, 1) if (where := on(day))),
        tuple(points(each) for each in way.fitted), points(way.without),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Ways:
    """The trend before and after as it was fitted, and as it would have gone on."""

    fitted: tuple[tuple[tuple[int, float], ...], ...] = ()
    without: tuple[tuple[int, float], ...] = ()

    @property
    def all(self) -> list[tuple[int, float]]:
        return [point for line in (*self.fitted, self.without) for point in line]


def _ways(course: Course, series: Series | None) -> _Ways:
    """Two straight lines; none where the season was taken out, for then the trend is not straight."""
    if series is None or series.months:
        return _Ways()
    known = [t for t, value in enumerate(course.values) if value is not None]
    start, end = course.start, known[-1]

    def trend(t: int) -> float:
        return series.level + series.trend * t

    def moved(t: int) -> float:
        return trend(t) + series.step + series.bend * (t - start)

    return _Ways(
        (
            ((known[0], trend(known[0])), (start - 1, trend(start - 1))),
            ((start, moved(start)), (end, moved(end))),
        ),
        ((start, trend(start)), (end, trend(end))),
    )


def _span(values: Sequence[float], most: float | None) -> tuple[float, float]:
    low, high = min(values), max(values)
    air = (high - low) * _AIR or abs(high) * _AIR or 1.0
    low = max(low - air, 0.0) if min(values) >= 0 else low - air
    high = high + air
    if most is not None:  # a share is not less than nothing nor more than all
        low, high = max(low, 0.0), min(high, most)
    return (low, high) if high > low else (low - 1, high + 1)


def _rules(
    limits: XmR | None, low: float, high: float, y: Callable[[float], str]
) -> tuple[Rule, ...]:
    if limits is None:
        return ()
    ends = [("limit", limits.high), ("limit", limits.low)]
    return (
        Rule(y(limits.mean), "mean"),
        *(Rule(y(value), look) for look, value in ends if low <= value <= high),
    )


def _marks(
    low: float, high: float, y: Callable[[float], str], in_words: Callable[[float], str]
) -> list[tuple[str, str]]:
    return [(y(float(each)), in_words(float(each))) for each in marks_within(low, high)]


__all__ = ["ControlChart", "drawn_chart"]
