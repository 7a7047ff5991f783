"""Which cells of a table are held back, so that nobody can be counted out of it.

A cell is a numerator and a denominator. Small cells are hidden; where the total is shown, so many
more that what is hidden can't be worked out from the rest. Whoever looks is taken to know the
rule, the total and all denominators: what she must not learn is the numerator.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from fellesjournal.leadership.figures.assumptions import SMALLEST_COUNT, SMALLEST_DENOMINATOR

_STEPS = (1, -1, 2, -2, 3, -3)


class Cell(NamedTuple):
    """So many of so many."""

    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class Rule:
    """What is small: a denominator below ``denominator``, or a numerator, or its rest, from 1 to
    below ``count``.
    """

    denominator: int = int(SMALLEST_DENOMINATOR.value)
    count: int = int(SMALLEST_COUNT.value)

    def is_small(self, cell: Cell) -> bool:
        """Whether the cell by itself must not be shown."""
        rest = cell.denominator - cell.numerator
        return (
            cell.denominator < self.denominator
            or 0 < cell.numerator < self.count
            or 0 < rest < self.count
        )


RULE = Rule()


def hidden(
    cells: Mapping[str, Cell],
    *,
    total_is_shown: bool,
    rule: Rule = RULE,
    also: frozenset[str] = frozenset(),
    known: frozenset[str] = frozenset(),
) -> frozenset[str]:
    """The keys of the cells to hold back, ``also`` among them. All of them: then the total tells
    what they are together, and nothing of any one. ``known`` ones were told before and stand as they
    were: nobody is safer when they are held back. Whether it was enough: :func:`is_alone`.

    Raises ValueError for a cell that is none.
    """
    for key, cell in cells.items():
        if not 0 <= cell.numerator <= cell.denominator:
            raise ValueError(f"{key}: {cell.numerator} of {cell.denominator} is no cell")
    found = _by_rule(cells, total_is_shown=total_is_shown, rule=rule, also=also, known=known)
    if not total_is_shown:
        return found
    left = [key for key in _by_size(cells) if key not in found | known]
    while found and left and not _all_open(cells, found - known, rule):
        found |= {left.pop(0)}
    return found


def is_alone(held_back: frozenset[str], known: frozenset[str] = frozenset()) -> bool:
    """Whether of what :func:`hidden` leaves out all but one is known: the total tells it."""
    return len(held_back - known) == 1


def total_is_safe(cells: Mapping[str, Cell], held_back: frozenset[str], rule: Rule = RULE) -> bool:
    """Whether the total may stand beside what is left: it is not small itself, and tells no
    hidden cell.
    """
    total = Cell(
        sum(cell.numerator for cell in cells.values()),
        sum(cell.denominator for cell in cells.values()),
    )
    return not rule.is_small(total) and (not held_back or _all_open(cells, held_back, rule))


def _by_rule(
    cells: Mapping[str, Cell],
    *,
    total_is_shown: bool,
    rule: Rule,
    also: frozenset[str] = frozenset(),
    known: frozenset[str] = frozenset(),
) -> frozenset[str]:
    """Those that are small; with a total, the next smallest beside one that would stand alone."""
    small = also | frozenset(key for key, cell in cells.items() if rule.is_small(cell))
    if not total_is_shown or len(small - known) != 1:
        return small
    return small | frozenset([key for key in _by_size(cells) if key not in small | known][:1])


def _by_size(cells: Mapping[str, Cell]) -> list[str]:
    return sorted(cells, key=lambda key: (cells[key].denominator, cells[key].numerator, key))


def _all_open(cells: Mapping[str, Cell], found: Iterable[str], rule: Rule) -> bool:
    """Whether each hidden cell could be another number, with all that is shown as it is."""
    keys = frozenset(found)
    return all(_could_differ(cells, key, keys, rule) for key in keys)


def _could_differ(cells: Mapping[str, Cell], key: str, keys: frozenset[str], rule: Rule) -> bool:
    for other in sorted(keys - {key}):
        for step in _STEPS:
            changed = {
                **cells,
                key: _moved(cells[key], step),
                other: _moved(cells[other], -step),
            }
            if (
                _is_cell(changed[key])
                and _is_cell(changed[other])
                and _by_rule(changed, total_is_shown=True, rule=rule) <= keys
            ):
                return True
    return False


def _moved(cell: Cell, step: int) -> Cell:
    return Cell(cell.numerator + step, cell.denominator)


def _is_cell(cell: Cell) -> bool:
    return 0 <= cell.numerator <= cell.denominator


__all__ = ["RULE", "Cell", "Rule", "hidden", "is_alone", "total_is_safe"]
