"""The units of an organisation as groups: each with all below it, and what it has beside those below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from fellesjournal.leadership.indicators.asking import Group

Above = Mapping[int, int | None]
"""The unit that each unit is part of, by their numbers."""


def organisation_of(number: int, above: Above) -> int:
    """The unit at the top of what a unit is part of; a circle of parents ends where it began."""
    seen = {number}
    while (parent := above.get(number)) is not None and parent in above and parent not in seen:
        seen.add(parent)
        number = parent
    return number


def groups_of(top: int, above: Above, names: Mapping[int, str]) -> Iterator[Group]:
    """A group for each unit of a tree, parents first. A unit without a name is called by its number.

    What a unit with others below it has by itself is a group too, which no page shows: it can be worked
    out when all others are shown, and is then told, as theirs is.
    """
    children: dict[int, list[int]] = {}
    for unit, parent in above.items():
        if parent is not None and unit != top:
            children.setdefault(parent, []).append(unit)

    def named(unit: int) -> str:
        return names.get(unit, f"#{unit}")

    waiting: list[tuple[int, str]] = [(top, "")]
    while waiting:
        unit, over = waiting.pop(0)
        yield Group(unit, named(unit), tuple(_below(unit, children)), over, top)
        if unit in children:
            yield Group(-unit, f"{named(unit)}, by itself", (unit,), named(unit), top)
        waiting += [(child, named(unit)) for child in sorted(children.get(unit, ()))]


def _below(unit: int, children: Mapping[int, Sequence[int]]) -> list[int]:
    found, at = [unit], 0
    while at < len(found):
        found += children.get(found[at], ())
        at += 1
    return found


__all__ = ["Above", "groups_of", "organisation_of"]
