"""Which of the figures of units, each part of another, are held back together.

Who looks is taken to know how units lie below each other, the rule, and all denominators. What a unit
has beside those below it is a part as well, though it has no figure of its own: it can be worked out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fellesjournal.leadership.figures.suppression import Cell, Rule, hidden
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
) -> frozenset[str]:
    """The units whose cell must not be shown, from the top down: small ones, ``must``, and so many
    more that none of these can be worked out. ``groups``: each after its parent.
    """
    known = {unit: cell for unit, cell in cells.items() if cell.denominator}
    back = frozenset(
        unit for unit, cell in known.items() if unit in must or rule.is_small(cell)
    )  # fmt: skip
    for parent in groups:
        parts = {
            g.unit: known[g.unit] for g in groups if g.parent == parent.unit and g.unit in known
        }
        if parts:
            back |= _below(parent.unit, _with_rest(cells[parent.unit], parts), back, rule)
    return back


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
    parent: str, parts: Mapping[str, Cell], back: frozenset[str], rule: Rule
) -> frozenset[str]:
    already = back & frozenset(parts)
    if parent not in back:
        found = hidden(parts, total_is_shown=True, rule=rule, also=already)
    elif already or _REST in parts:
        found = already
    else:  # all its parts together would tell it
        found = frozenset([min(parts, key=lambda unit: (parts[unit].denominator, unit))])
    return found - {_REST}


__all__ = ["held_back", "out_of_everybody"]
