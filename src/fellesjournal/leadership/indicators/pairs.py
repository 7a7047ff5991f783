"""Documents between two organisations: from whom to whom, how many came, and how many nobody heard of.

Each organisation sees its own pairs, as a whole, and its own sums. A pair is the same number at both of its
ends, and adds up, at either end, to the figure SA6: what is held back is decided of all pairs together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import psycopg

from fellesjournal.foundation import clock
from fellesjournal.leadership.figures.suppression import RULE, Cell, Rule, hidden
from fellesjournal.leadership.indicators.asking import BEFORE, Asked, Group, Side, parameters
from fellesjournal.leadership.indicators.interaction import MESSAGES
from fellesjournal.leadership.indicators.parts import FIGURE, HELD, Hidden, Part, Shown
from fellesjournal.leadership.indicators.publishing import Key, remember, remembered

Pair = tuple[int, int]
"""Numbers of the organisations that send and receive."""
QUERY: Final = MESSAGES + (Path(__file__).parent / "pairs.sql").read_text(encoding="utf-8")
TOTALS: Final[Mapping[str, str]] = {"closed": FIGURE, "silent": "silent", "coverage": "coverage"}
"""What is told of each pair, and the part of SA6 that it adds up to."""
_FROM: Final = "from #"


@dataclass(frozen=True, slots=True)
class Told:
    """What is shown of a pair, by the names of TOTALS."""

    sender: int
    receiver: int
    parts: Mapping[str, Shown]


def pairs(
    database: psycopg.Connection[Any],
    asked: Asked,
    organisations: Sequence[Group],
    shown: Mapping[Side, Mapping[int, Mapping[str, Shown]]],
    *,
    cut: datetime,
    rule: Rule = RULE,
) -> list[Told]:
    """All pairs of organisations with documents in the period of ``asked`` (SA6), those that send first.
    For ``publishing.locked`` alone.

    ``organisations``: with all their units. ``shown``: what SA6 shows of each, at each side, by its number.
    """
    at = clock.microseconds(cut)
    rows = database.execute(BEFORE + QUERY, parameters(asked, organisations, cut)).fetchall()
    now = {
        (sender, receiver): {
            name: Part(counts[2 * n], counts[2 * n + 1], None, at) for n, name in enumerate(TOTALS)
        }
        for sender, receiver, *counts in rows
    }
    key = Key.of(asked)
    before = _before(database, key, now)
    told: dict[Pair, dict[str, Shown]] = {pair: {} for pair in now}
    kept: list[tuple[Pair, str, Part]] = []
    for name, total in TOTALS.items():
        whole = {
            side: {unit for unit, parts in units.items() if _is_new(parts[total])}
            for side, units in shown.items()
        }
        found = decided(
            {pair: parts[name] for pair, parts in now.items()},
            {pair: parts[name] for pair, parts in before.items() if name in parts},
            {pair: parts[HELD + name] for pair, parts in before.items() if HELD + name in parts},
            whole, rule,
        )  # fmt: skip
        for pair, part in found.items():
            told[pair][name] = part
            new = isinstance(part, Part) and not part.is_carried
            if new or pair[0] in whole[Side.FROM] or pair[1] in whole[Side.TO]:
                kept.append((pair, name if new else HELD + name, now[pair][name]))
    remember(database, key, _rows(kept, before))
    return [Told(*pair, told[pair]) for pair in sorted(told)]


def decided(
    now: Mapping[Pair, Part],
    before: Mapping[Pair, Part],
    held: Mapping[Pair, Part],
    whole: Mapping[Side, set[int]],
    rule: Rule,
) -> dict[Pair, Shown]:
    """What is shown of each pair. ``before`` and ``held``: how it stood when it was shown, and when it was
    held back. ``whole``: the organisations whose sum is shown as it is now, at each side. As
    ``parts.decided``: what has moved by little is carried, and no sum tells a hidden one.
    """
    cells = {pair: part.cell for pair, part in now.items() if part.denominator}
    back = {
        pair
        for pair, cell in cells.items()
        if rule.is_small(cell) or (pair in before and now[pair].steps_by_little(before[pair], rule))
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
        # what stays within an organisation was sent, and did not come from others
        listed = {p: c for p, c in cells.items() if side is Side.FROM or p[0] != p[1]}
        for unit in sorted({pair[end] for pair in listed}):
            own = {pair: cell for pair, cell in listed.items() if pair[end] == unit}
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


def _before(
    database: psycopg.Connection[Any], key: Key, now: Mapping[Pair, Any]
) -> dict[Pair, dict[str, Part]]:
    """What was shown before: kept with the receiver, under the number of who sends."""
    found: dict[Pair, dict[str, Part]] = {}
    for receiver, parts in remembered(database, key, {pair[1] for pair in now}).items():
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


__all__ = ["TOTALS", "Pair", "Told", "decided", "pairs"]
