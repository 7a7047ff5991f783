"""What somebody can work out who sees all that is shown: unknown counts from sums of them, exactly."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True)
class Sum:
    """So many of each count make a number that is shown."""

    of: Mapping[Hashable, Fraction]
    value: Fraction


def worked_out(
    unknown: Iterable[Name], known: Mapping[Name, Fraction], sums: Iterable[Sum]
) -> dict[Name, Fraction]:
    """The unknown counts that follow from the sums by themselves (Gaussian elimination)."""
    names = sorted(set(unknown), key=repr)
    place = {name: n for n, name in enumerate(names)}
    rows: list[list[Fraction]] = []
    for each in sums:
        row, value = [Fraction(0)] * len(names), each.value
        for name, times in each.of.items():
            if name in place:
                row[place[name]] += times
            else:
                value -= times * known[name]  # type: ignore[index]  # as above
        rows.append([*row, value])
    reduced = _reduced(rows, len(names))
    found = {}
    for row in reduced:
        places = [n for n in range(len(names)) if row[n]]
        if len(places) == 1:
            found[names[places[0]]] = row[-1] / row[places[0]]
    return found


def _reduced(rows: list[list[Fraction]], width: int) -> list[list[Fraction]]:
    done = 0
    for column in range(width):
        pivot = next((n for n in range(done, len(rows)) if rows[n][column]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        rows[done] = [each / rows[done][column] for each in rows[done]]
        for n, row in enumerate(rows):
            if n != done and row[column]:
                times = row[column]
                rows[n] = [a - times * b for a, b in zip(row, rows[done], strict=True)]
        done += 1
    return rows[:done]


__all__ = ["Sum", "worked_out"]
