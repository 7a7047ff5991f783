"""Which of the figures of units, each part of another, are held back together.

Who looks is taken to know how units lie below each other, the rule, and all denominators. What a unit
has beside those below it is a part as well, though it has no figure of its own: it can be worked out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fellesjournal.leadership.figures.suppression import Cell, Rule, hidden, is_alone
from fellesjournal.leadership.indicators.asking import Group

_REST = ""
_EVERYBODY = 10**9
"""Of a count that is no share: out of so many that the rest of it is never small."""


def out_of_everybody(count: int) -> Cell:
    """A count as a cell: small when it is small."""
    return Cell(count, count + _EVERYBODY) if count else Cell(0, 0)


def held_back(
    groups: Sequence[Group],
    cells: Mapping[str, Cell],
    rule: Rule,
    must: frozenset[str] = frozenset(),
    known: frozenset[str] = frozenset(),
) -> frozenset[str]:
    """The units whose cell must not be shown: small ones, ``must``, and so many more that none of these
    can be worked out. ``groups``: each after its parent. ``known``: units whose cell stands as it was
    shown; to hold it back hides nothing.
    """
    own = {unit: cell for unit, cell in cells.items() if cell.denominator}
    below: dict[str, dict[str, Cell]] = {}
    for group in groups:
        if group.parent and group.unit in own:
            below.setdefault(group.parent, {})[group.unit] = own[group.unit]
    back = frozenset(unit for unit, cell in own.items() if unit in must or rule.is_small(cell))
    while True:
        found, telling = _from_the_top(groups, cells, below, back, rule, known)
        if not telling:
            return found
        back |= {telling}  # nothing below it can be hidden well enough: it is itself


def _from_the_top(
    groups: Sequence[Group],
    cells: Mapping[str, Cell],
    below: Mapping[str, Mapping[str, Cell]],
    back: frozenset[str],
    rule: Rule,
    known: frozenset[str],
) -> tuple[frozenset[str], str]:
    """What is held back besides, and the first unit that would tell a part of it all the same, or ""."""
    for parent in groups:
        if parent.unit not in below:
            continue
        parts = _with_rest(cells[parent.unit], below[parent.unit])
        found = _below(parent.unit, parts, back, rule, known)
        back |= found - {_REST}
        # what stands as it was tells what it told before
        is_told = parent.unit not in back and parent.unit not in known
        if is_told and is_alone(found, known):
            return back, parent.unit
    return back, ""


def _with_rest(whole: Cell, parts: Mapping[str, Cell]) -> dict[str, Cell]:
    rest = Cell(
        whole.numerator - sum(cell.numerator for cell in parts.values()),
        whole.denominator - sum(cell.denominator for cell in parts.values()),
    )
    # somebody may be counted at two units and once in both: then nothing is left to tell
    if rest.denominator > 0 and 0 <= rest.numerator <= rest.denominator:
        return {**parts, _REST: rest}
    return dict(parts)


def _below(
    parent: str,
    parts: Mapping[str, Cell],
    back: frozenset[str],
    rule: Rule,
    known: frozenset[str],
) -> frozenset[str]:
    already = back & frozenset(parts)
    if parent not in back:
        return hidden(parts, total_is_shown=True, rule=rule, also=already, known=known)
    if already - known or _REST in parts:
        return already
    # all its parts together would tell it
    open_ = sorted(frozenset(parts) - known, key=lambda unit: (parts[unit].denominator, unit))
    return already | frozenset(open_[:1])


__all__ = ["held_back", "out_of_everybody"]
