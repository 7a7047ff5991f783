"""Who hands over to whom: each indicator that has two sides, for each pair of organisations.

Each organisation sees its own pairs, as a whole, and its own sums. A pair is the same number at both of its
ends, and adds up, at either end, to the figure of that end: what is held back is decided of all pairs together.
The one pair that an organisation has at a side is its own figure there, and is told it as that is told.
What is handed over to several counts at each of them, so that the sum of who sends may be less than its pairs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

import psycopg

from fellesjournal.foundation import clock
from fellesjournal.leadership.figures.suppression import RULE, Cell, Rule, hidden
from fellesjournal.leadership.indicators.asking import (
    BEFORE_PAIRS,
    Asked,
    Group,
    Side,
    parameters,
)
from fellesjournal.leadership.indicators.definition import Indicator
from fellesjournal.leadership.indicators.parts import (
    BETWEEN,
    FIGURE,
    HELD,
    Hidden,
    Part,
    Parts,
    Shown,
    parts_of,
)
from fellesjournal.leadership.indicators.publishing import Key, remember

Pair = tuple[int, int]
"""Numbers of the organisations that send and receive."""
NONE: Final = 0
"""Instead of one of them: what is of no pair, as a discharge nobody was told of. It is never shown, and can be
worked out when all else is."""
COVERAGE: Final = "coverage"
SILENT: Final = "silent"
_BESIDE: Final = (COVERAGE, SILENT)
"""Companions that are told of pairs, where an indicator has them."""
_FROM: Final = "from #"
_REMEMBERED_AS: Final = {FIGURE: "closed"}
"""The name of the figure in what is remembered, from when documents were the only pairs."""
_GROUP: Final = "a.grp as grp"
_AT_END: Final = re.compile(r"a\.grp as grp(.*?left join home (\w+) on )", re.DOTALL)
"""Where a statement says whom it counts for, and by which name it knows who sends."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is shown of a pair: the figure, and those of its companions that are told of pairs. ``whole``:
    what the figure of an end tells of it, where it is all that this end has.
    """

    sender: int
    receiver: int
    parts: Mapping[str, Shown]
    whole: Mapping[Side, Mapping[str, Part]] = field(default_factory=dict)

    def at(self, organisation: int) -> Told:
        """As it is told one of its ends: what its own figure tells is not held back from it."""
        ends = {Side.FROM: self.sender, Side.TO: self.receiver}
        parts = dict(self.parts)
        for side, end in ends.items():
            for name, part in self.whole.get(side, {}).items():
                if end == organisation and not _is_new(parts[name]):
                    parts[name] = part
        return replace(self, parts=parts)


@dataclass(frozen=True, slots=True)
class Sums:
    """What an organisation has at one side: as it was counted, and what of it is shown."""

    counted: Parts
    shown: Mapping[str, Shown]


def query_of(indicator: Indicator) -> str:
    """The statement of an indicator with a row for each pair: ``grp`` is "sender receiver". It is the same
    statement, asked for the side that receives. Raises ValueError for one that has no sides.
    """
    query, changed = _AT_END.subn(r"\2.top || ' ' || a.grp as grp\1", indicator.query)
    if not indicator.has_sides or not changed or changed != indicator.query.count(_GROUP):
        raise ValueError(f"{indicator.id} is not of pairs")
    return query


def pairs(
    database: psycopg.Connection[Any],
    asked: Asked,
    organisations: Sequence[Group],
    sums: Mapping[Side, Mapping[int, Sums]],
    remembered: Mapping[int, Mapping[str, Part]],
    *,
    cut: datetime,
    rule: Rule = RULE,
) -> list[Told]:
    """All pairs of organisations with something in the period of ``asked``, those that send first. For
    ``publishing.locked`` alone.

    ``organisations``: with all their units. ``sums``: what the indicator says of each, at each side, by its
    number. ``remembered``: what was shown of the question ``asked``, by numbers of organisations and NONE.
    """
    names = [FIGURE, *(each.key for each in asked.indicator.companions if each.key in _BESIDE)]
    now = _counted(database, asked, organisations, names, cut)
    now |= of_no_pair(now, sums, names)
    before = _before(remembered)
    told: dict[Pair, dict[str, Shown]] = {pair: {} for pair in now if NONE not in pair}
    kept: list[tuple[Pair, str, Part]] = []
    for name in names:
        as_ = _REMEMBERED_AS.get(name, name)
        whole = {
            side: {unit for unit, each in units.items() if _is_new(each.shown[name])}
            for side, units in sums.items()
        }
        found = decided(
            {pair: parts[name] for pair, parts in now.items()},
            {pair: parts[as_] for pair, parts in before.items() if as_ in parts},
            {pair: parts[HELD + as_] for pair, parts in before.items() if HELD + as_ in parts},
            whole, rule, close_together(now, name, rule),
        )  # fmt: skip
        for pair, part in found.items():
            if pair in told:
                told[pair][name] = part
            new = isinstance(part, Part) and not part.is_carried
            if new or pair[0] in whole[Side.FROM] or pair[1] in whole[Side.TO]:
                kept.append((pair, as_ if new else HELD + as_, now[pair][name]))
    remember(database, Key.of(asked), _rows(kept, before))
    return [Told(*pair, told[pair], whole_of(pair, now, sums, names)) for pair in sorted(told)]


def whole_of(
    pair: Pair,
    now: Mapping[Pair, Mapping[str, Part]],
    sums: Mapping[Side, Mapping[int, Sums]],
    names: Sequence[str],
) -> dict[Side, dict[str, Part]]:
    """What the figure of each end tells of a pair, where that end has no other pair at this side."""
    found: dict[Side, dict[str, Part]] = {}
    for end, side in enumerate((Side.FROM, Side.TO)):
        own = sums.get(side, {}).get(pair[end])
        if own is None or not _counts_at(pair, end, pair[end]):
            continue
        others = [each for each in now if each != pair and _counts_at(each, end, pair[end])]
        for name in names:
            here, part = now[pair][name], own.shown[name]
            is_all = (own.counted[name].cell, own.counted[name].value) == (here.cell, here.value)
            if any(now[each][name].denominator for each in others):
                continue
            if is_all and isinstance(part, Part):
                found.setdefault(side, {})[name] = part
    return found


def _counts_at(pair: Pair, end: int, unit: int) -> bool:
    """What stays within an organisation was sent, and did not come from others."""
    return pair[end] == unit and (end == 0 or pair[0] != pair[1])


def close_together(
    now: Mapping[Pair, Mapping[str, Part]], name: str, rule: Rule
) -> frozenset[Pair]:
    """The pairs of which figure and companion, side by side, would tell what lies between them."""
    between = {pair: parts.get(BETWEEN + name) for pair, parts in now.items()}
    return frozenset(
        pair
        for pair, part in between.items()
        if part is not None and part.denominator and rule.is_small(part.cell)
    )


def _counted(
    database: psycopg.Connection[Any],
    asked: Asked,
    organisations: Sequence[Group],
    names: Sequence[str],
    cut: datetime,
) -> dict[Pair, dict[str, Part]]:
    given = parameters(asked, organisations, cut) | {"side": str(Side.TO)}
    cursor = database.execute(BEFORE_PAIRS + query_of(asked.indicator), given)
    columns = [column.name for column in cursor.description or ()]
    at = clock.microseconds(cut)
    found: dict[Pair, dict[str, Part]] = {}
    for values in cursor:
        row = dict(zip(columns, values, strict=True))
        if row["grp"] is None:
            continue  # nobody knows who sent it
        sender, receiver = (int(each) for each in row["grp"].split())
        parts = parts_of(asked.indicator, row, at)
        beside = [BETWEEN + name for name in names if BETWEEN + name in parts]
        found[sender, receiver] = {name: parts[name] for name in (*names, *beside)}
    return found


def of_no_pair(
    now: Mapping[Pair, Mapping[str, Part]],
    sums: Mapping[Side, Mapping[int, Sums]],
    names: Sequence[str],
) -> dict[Pair, dict[str, Part]]:
    """What an organisation has at a side beside its pairs."""
    found: dict[Pair, dict[str, Part]] = {}
    for side, units in sums.items():
        end = list(Side).index(side)
        for unit, each in units.items():
            own = [parts for pair, parts in now.items() if _counts_at(pair, end, unit)]
            rest = {
                name: _less(each.counted[name], [parts[name] for parts in own]) for name in names
            }
            if any(part.denominator for part in rest.values()):
                found[(unit, NONE) if side is Side.FROM else (NONE, unit)] = rest
    return found


def _less(whole: Part, parts: Sequence[Part]) -> Part:
    """What is left of a whole; nothing where more is in its parts than in it."""
    of = whole.denominator - sum(part.denominator for part in parts)
    if whole.numerator is None:
        return Part(None, max(0, of), None, whole.at)
    count = whole.numerator - sum(part.numerator or 0 for part in parts)
    return Part(count, of, None, whole.at) if 0 <= count <= of else Part(0, 0, None, whole.at)


def decided(
    now: Mapping[Pair, Part],
    before: Mapping[Pair, Part],
    held: Mapping[Pair, Part],
    whole: Mapping[Side, set[int]],
    rule: Rule,
    must: frozenset[Pair] = frozenset(),
) -> dict[Pair, Shown]:
    """What is shown of each pair. ``before`` and ``held``: how it stood when it was shown, and when it was
    held back. ``whole``: the organisations whose sum is shown as it is now, at each side. ``must``: held
    back for what stands beside it. As ``parts.decided``: what has moved by little is carried, and no sum
    tells a hidden one.
    """
    cells = {pair: part.cell for pair, part in now.items() if part.denominator}
    back = {
        pair
        for pair, cell in cells.items()
        if pair in must
        or rule.is_small(cell)
        or (pair in before and now[pair].steps_by_little(before[pair], rule))
    }
    known = {pair for pair, was in before.items() if pair in cells and cells[pair] == was.cell}
    back |= {
        pair
        for pair, part in held.items()
        if pair in cells and pair not in known and now[pair].stands_close_to(part, rule)
    }
    more = set(back)
    while more:
        more = {
            pair for line in _lines(cells, whole) for pair in _hidden_in(line, back, known, rule)
        } - back
        back |= more
    return {
        pair: _shown(part, before.get(pair), rule) if pair in back else part
        for pair, part in now.items()
    }


@dataclass(frozen=True, slots=True)
class _Line:
    """The pairs of one organisation at one side, and whether their sum is shown."""

    cells: Mapping[Pair, Cell]
    is_whole_shown: bool


def _lines(cells: Mapping[Pair, Cell], whole: Mapping[Side, set[int]]) -> Iterator[_Line]:
    for end, side in enumerate((Side.FROM, Side.TO)):
        for unit in sorted({pair[end] for pair in cells} - {NONE}):
            own = {pair: cell for pair, cell in cells.items() if _counts_at(pair, end, unit)}
            yield _Line(own, unit in whole.get(side, set()))


def _hidden_in(line: _Line, back: set[Pair], known: set[Pair], rule: Rule) -> set[Pair]:
    names = {f"{a} {b}": (a, b) for a, b in line.cells}
    cells = {name: line.cells[pair] for name, pair in names.items()}
    also = frozenset(name for name, pair in names.items() if pair in back)
    told = frozenset(name for name, pair in names.items() if pair in known)
    if line.is_whole_shown:
        found = hidden(cells, total_is_shown=True, rule=rule, also=also, known=told)
        return {names[name] for name in found}
    if also - told:
        return {names[name] for name in also}
    # a sum that is not told must not be the sum of what is
    open_ = sorted(set(line.cells) - known, key=lambda pair: (line.cells[pair].denominator, pair))
    return {names[name] for name in also} | set(open_[:1])


def _shown(part: Part, was: Part | None, rule: Rule) -> Shown:
    if was is None:
        return Hidden(rule.is_small(part.cell))
    return Part(was.numerator, was.denominator, was.value, was.at, is_carried=True)


def _is_new(part: Shown) -> bool:
    return isinstance(part, Part) and not part.is_carried


def _before(remembered: Mapping[int, Mapping[str, Part]]) -> dict[Pair, dict[str, Part]]:
    """What was shown before: kept with the receiver, under the number of who sends."""
    found: dict[Pair, dict[str, Part]] = {}
    for receiver, parts in remembered.items():
        for name, part in parts.items():
            sender, _, part_name = name.removeprefix(_FROM).partition(" ")
            if name.startswith(_FROM):
                found.setdefault((int(sender), receiver), {})[part_name] = part
    return found


def _rows(
    kept: Sequence[tuple[Pair, str, Part]], before: Mapping[Pair, Mapping[str, Part]]
) -> Iterator[tuple[int, str, Part, Part | None]]:
    for pair, name, part in kept:
        yield pair[1], f"{_FROM}{pair[0]} {name}", part, before.get(pair, {}).get(name)


__all__ = [
    "COVERAGE", "NONE", "SILENT", "Pair", "Sums", "Told", "close_together", "decided", "of_no_pair", "pairs",
    "query_of", "whole_of",
]  # fmt: skip
