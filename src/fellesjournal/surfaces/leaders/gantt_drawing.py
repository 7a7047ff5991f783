"""The Gantt chart as plain SVG attributes: one strip for each row, all on one time scale."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fellesjournal.leadership.rollout.gantt import MarkKind, Row, span

WIDTH, HEIGHT = 640, 26
_MIDDLE = HEIGHT / 2


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """A bar: its corner and size, and the class of its look."""

    x: str
    width: str
    look: str


@dataclass(frozen=True, slots=True)
class DrawnMark:
    """A mark: the points of its shape (a gate is a circle around ``x``), and the class of its look."""

    x: str
    points: str
    look: str


@dataclass(frozen=True, slots=True)
class Year:
    """Where a year begins, and its number."""

    x: str
    text: str


@dataclass(frozen=True, slots=True)
class Strip:
    """A row as it is drawn."""

    bars: tuple[DrawnBar, ...]
    marks: tuple[DrawnMark, ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """Days to places of the picture."""

    first: date
    after: date

    def x(self, day: date) -> float:
        """Where a day begins."""
        return round((day - self.first).days / (self.after - self.first).days * WIDTH, 1)

    @property
    def years(self) -> tuple[Year, ...]:
        """The years that begin in it."""
        return tuple(
            Year(str(self.x(date(year, 1, 1))), str(year))
            for year in range(self.first.year + 1, self.after.year + 1)
            if date(year, 1, 1) < self.after
        )


def scale_of(rows: tuple[Row, ...]) -> Scale:
    """The scale on which all rows are drawn. Raises ValueError without rows."""
    return Scale(*span(rows))


def strip(row: Row, scale: Scale) -> Strip:
    """A row on the scale."""
    return Strip(
        tuple(
            DrawnBar(
                str(scale.x(bar.start)),
                str(round(max(2.0, scale.x(bar.end) - scale.x(bar.start)), 1)),
                bar.what or "window",
            )
            for bar in row.bars
        ),
        tuple(_mark(scale.x(mark.day), mark.kind, missed=mark.missed) for mark in row.marks),
    )


def _mark(x: float, kind: MarkKind, *, missed: bool) -> DrawnMark:
    size = 6 if kind is MarkKind.GO_LIVE else 5
    corners = (
        [(x, -size), (x + size, 0), (x, size), (x - size, 0)]
        if kind is MarkKind.GO_LIVE
        else [(x - size, -size), (x + size, -size), (x, size - 1)]
    )
    points = (
        ""
        if kind is MarkKind.GATE
        else " ".join(f"{round(left, 1)},{round(_MIDDLE + top, 1)}" for left, top in corners)
    )
    return DrawnMark(str(x), points, "missed" if missed else kind.value)


__all__ = ["HEIGHT", "WIDTH", "Scale", "Strip", "scale_of", "strip"]
