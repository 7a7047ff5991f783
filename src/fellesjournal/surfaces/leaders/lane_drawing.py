"""A pathway as swim-lanes: plain SVG attributes, worked out by the server. Lanes stand side by side
and time runs down, so that two drawings stand beside each other and one fits a phone.

Everything that is drawn stands in the table beside the drawing.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fellesjournal.leadership.pathways.gaps import Gap, GapKind
from fellesjournal.leadership.pathways.pathway import Lane, Level, Pathway, PathwayStep

_LANE, _ROW, _HEAD = 144, 96, 44
_BOX_WIDTH, _BOX_HEIGHT = 130, 62
_LETTERS, _LINES, _LINE = 18, 3, 15
_HEAD_LETTERS = 18
MARKS: Mapping[GapKind, str] = {
    GapKind.MISSING: "+", GapKind.EXTRA: "\N{MINUS SIGN}", GapKind.DIFFERENT: "\N{NOT EQUAL TO}",
    GapKind.TIMING: "\N{NOT EQUAL TO}", GapKind.CHANNEL: "\N{NOT EQUAL TO}",
}  # fmt: skip
"""What stands in the corner of a step that differs: shape says it, colour repeats it."""


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text: where it stands, and what it says."""

    x: int
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class DrawnLane:
    """A lane: where it begins, whether it is shaded, and its name in lines."""

    x: int
    is_odd: bool
    name: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class DrawnStep:
    """A step: its corner, its text in lines, the class of its look and the mark of a difference."""

    x: int
    y: int
    lines: tuple[Text, ...]
    look: str
    mark: str
    mark_x: int
    mark_y: int


@dataclass(frozen=True, slots=True)
class Arrow:
    """A handover: the points of its line and of its head."""

    line: str
    head: str


@dataclass(frozen=True, slots=True)
class Lanes:
    """A whole drawing."""

    width: int
    height: int
    lane_width: int
    lanes: tuple[DrawnLane, ...]
    steps: tuple[DrawnStep, ...]
    arrows: tuple[Arrow, ...]
    box_width: int = _BOX_WIDTH
    box_height: int = _BOX_HEIGHT


def lanes_of(pathways: Iterable[Pathway]) -> tuple[Lane, ...]:
    """The lanes of several drawings, each once in the order they come: the same lane stands at the
    same place in all of them.
    """
    found: dict[str, Lane] = {}
    for pathway in pathways:
        for lane in pathway.lanes:
            found.setdefault(lane.name, lane)
        for step in pathway.steps:
            found.setdefault(step.lane, Lane(step.lane, Level.UNKNOWN))
    return tuple(found.values())


def drawn(pathway: Pathway, lanes: Sequence[Lane], gaps: Iterable[Gap] = ()) -> Lanes:
    """A pathway on lanes that hold all of its own; ``gaps`` mark its steps."""
    place = _places(pathway, lanes)
    kinds = {gap.step: gap.kind for gap in gaps}
    left = {lane.name: _LANE * number for number, lane in enumerate(lanes)}
    rows = 1 + max((row for row in place.values()), default=0)
    inset = (_LANE - _BOX_WIDTH) // 2
    corner = {
        step.key: (left[step.lane] + inset, _HEAD + 14 + _ROW * place[step.key])
        for step in pathway.steps
    }
    return Lanes(
        _LANE * len(lanes), _HEAD + _ROW * rows, _LANE,
        tuple(
            DrawnLane(left[lane.name], bool(number % 2), _wrapped(
                lane.name, left[lane.name] + _LANE // 2, 18, _HEAD_LETTERS, 2))
            for number, lane in enumerate(lanes)
        ),
        tuple(_step(step, *corner[step.key], kinds.get(step.key)) for step in pathway.steps),
        tuple(
            _arrow(corner[each.start], corner[each.end])
            for each in pathway.handovers
            if each.start in corner and each.end in corner
        ),
    )  # fmt: skip


def _places(pathway: Pathway, lanes: Sequence[Lane]) -> dict[str, int]:
    """In which row each step stands: below all before it, and never on another of its lane. Steps
    that lead back to themselves stand in the order they were written.
    """
    before: dict[str, list[str]] = {}
    order = {step.key: number for number, step in enumerate(pathway.steps)}
    for each in pathway.handovers:
        if each.start in order and each.end in order and order[each.start] < order[each.end]:
            before.setdefault(each.end, []).append(each.start)
    taken: dict[str, set[int]] = {lane.name: set() for lane in lanes}
    found: dict[str, int] = {}
    for step in pathway.steps:
        row = 1 + max((found[key] for key in before.get(step.key, ())), default=-1)
        while row in taken[step.lane]:
            row += 1
        taken[step.lane].add(row)
        found[step.key] = row
    return found


def _step(step: PathwayStep, x: int, y: int, kind: GapKind | None) -> DrawnStep:
    look = "same" if kind is None else kind.value
    lines = _wrapped(step.purpose, x + _BOX_WIDTH // 2, y + 18, _LETTERS, _LINES)
    if len(lines) < _LINES:  # a short text stands in the middle of its box
        down = (_LINES - len(lines)) * _LINE // 2
        lines = tuple(Text(each.x, each.y + down, each.text) for each in lines)
    return DrawnStep(
        x, y, lines, look, "" if kind is None else MARKS[kind], x + _BOX_WIDTH - 2, y + 2
    )


def _wrapped(text: str, x: int, y: int, letters: int, most: int) -> tuple[Text, ...]:
    lines = textwrap.wrap(text, letters, max_lines=most, placeholder="\N{HORIZONTAL ELLIPSIS}")
    return tuple(Text(x, y + _LINE * number, line) for number, line in enumerate(lines))


def _arrow(start: tuple[int, int], end: tuple[int, int]) -> Arrow:
    """From below one box to above the other; past other rows it goes along the edge of the lane."""
    (x1, top1), (x2, top2) = start, end
    from_x, from_y = x1 + _BOX_WIDTH // 2, top1 + _BOX_HEIGHT
    to_x, to_y = x2 + _BOX_WIDTH // 2, top2
    points = [(from_x, from_y)]
    if to_y - from_y != _ROW - _BOX_HEIGHT:  # not the next row: around the boxes between
        edge = x2 - (_LANE - _BOX_WIDTH) // 4
        points += [(from_x, from_y + 10), (edge, from_y + 10), (edge, to_y - 14), (to_x, to_y - 14)]
    elif from_x != to_x:
        points += [(from_x, from_y + 14), (to_x, from_y + 14)]
    points.append((to_x, to_y - 5))
    head = [(to_x - 4, to_y - 7), (to_x + 4, to_y - 7), (to_x, to_y)]
    return Arrow(_said(points), _said(head))


def _said(points: Iterable[tuple[int, int]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


__all__ = ["MARKS", "Lanes", "drawn", "lanes_of"]
