"""The drawings of benefits as plain SVG attributes: the map, the plot of the selection list, the course
of a plan line and the funnel. All that is drawn stands in a table beside it.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

from fellesjournal.leadership.benefits.benefit_map import BenefitMap, Node, NodeKind
from fellesjournal.leadership.benefits.selection import Candidate

_COLUMN, _GAP, _ROW = 190, 50, 74
_BOX_HEIGHT, _LINE, _LETTERS, _LINES = 58, 15, 25, 3


@dataclass(frozen=True, slots=True)
class Box:
    """A node: its corner, the class of its kind, and its text in lines with their heights."""

    x: int
    y: int
    width: int
    height: int
    kind: NodeKind
    lines: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class DrawnMap:
    """The whole map in a picture of ``width`` by ``height``."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    ways: tuple[str, ...]


def drawn_map(found: BenefitMap, goal: Callable[[str], str]) -> DrawnMap | None:
    """The map in columns from left to right; None when nothing is on it. ``goal`` says a goal in the
    reader's language.
    """
    if not found.nodes:
        return None
    rows: dict[int, int] = defaultdict(int)
    place: dict[str, tuple[int, int]] = {}
    columns = {each: n for n, each in enumerate(sorted({one.column for one in found.nodes}))}
    for each in found.nodes:
        at = columns[each.column]
        place[each.id] = (at * (_COLUMN + _GAP) + 1, rows[at] * _ROW + 1)
        rows[at] += 1
    boxes = tuple(_box(each, *place[each.id], goal) for each in found.nodes)
    ways = tuple(_way(place[before], place[after]) for before, after in found.edges)
    return DrawnMap(
        len(columns) * (_COLUMN + _GAP) - _GAP + 2, max(rows.values()) * _ROW - 14, boxes, ways
    )


def _box(node: Node, x: int, y: int, goal: Callable[[str], str]) -> Box:
    text = goal(node.text) if node.kind is NodeKind.GOAL else node.text
    lines = textwrap.wrap(text, _LETTERS, max_lines=_LINES, placeholder=" …")
    first = y + _BOX_HEIGHT // 2 - (len(lines) - 1) * _LINE // 2 + 4
    told = tuple((first + n * _LINE, line) for n, line in enumerate(lines))
    return Box(x, y, _COLUMN, _BOX_HEIGHT, node.kind, told)


def _way(before: tuple[int, int], after: tuple[int, int]) -> str:
    """A curve from the right side of one box to the left side of the other."""
    x1, y1 = before[0] + _COLUMN, before[1] + _BOX_HEIGHT // 2
    x2, y2 = after[0], after[1] + _BOX_HEIGHT // 2
    middle = (x1 + x2) // 2
    return f"M{x1},{y1} C{middle},{y1} {middle},{y2} {x2},{y2}"


_PLOT_WIDTH, _PLOT_HEIGHT, _PLOT_LEFT, _PLOT_BOTTOM, _PLOT_EDGE = 420, 300, 40, 40, 24


@dataclass(frozen=True, slots=True)
class PlotPoint:
    """Candidates with the same median size and difficulty: where, what they are called, whether one of
    them is on the front, and where its words begin.
    """

    x: str
    y: str
    text: str
    is_front: bool
    anchor: str
    dx: int


@dataclass(frozen=True, slots=True)
class Plot:
    """Size upwards against difficulty to the right, both from 1 to 5."""

    width: int
    height: int
    left: int
    bottom: int
    right: int
    top: int
    points: tuple[PlotPoint, ...]
    across: tuple[tuple[str, int], ...]
    up: tuple[tuple[str, int], ...]


def drawn_plot(order: Sequence[Candidate], front: Collection[str]) -> Plot | None:
    """The plot of all candidates that are let through; None when there is none."""
    if not order:
        return None
    right, top = _PLOT_WIDTH - _PLOT_EDGE, _PLOT_EDGE
    bottom = _PLOT_HEIGHT - _PLOT_BOTTOM

    def x(value: float) -> str:
        return f"{_PLOT_LEFT + 14 + (value - 1) / 4 * (right - _PLOT_LEFT - 28):.1f}"

    def y(value: float) -> str:
        return f"{bottom - 14 - (value - 1) / 4 * (bottom - top - 28):.1f}"

    places: dict[tuple[Fraction, Fraction], list[Candidate]] = defaultdict(list)
    for each in order:
        places[each.difficulty, each.size].append(each)
    points = tuple(
        PlotPoint(
            x(float(difficulty)), y(float(size)), ", ".join(each.id for each in found),
            any(each.id in front for each in found),
            *(("end", -10) if difficulty > 3 else ("start", 10)),
        )
        for (difficulty, size), found in places.items()
    )  # fmt: skip
    return Plot(
        _PLOT_WIDTH, _PLOT_HEIGHT, _PLOT_LEFT, bottom, right, top, points,
        tuple((x(n), n) for n in range(1, 6)), tuple((y(n), n) for n in range(1, 6)),
    )  # fmt: skip


__all__ = ["Box", "DrawnMap", "Plot", "PlotPoint", "drawn_map", "drawn_plot"]
