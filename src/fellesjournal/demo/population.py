"""How many citizens of which age and sex live where, drawn from Statistics Norway's table
(``registry/population.py``), with the municipalities of today.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from random import Random

from fellesjournal.registry.municipalities import municipalities
from fellesjournal.registry.population import DIVIDED, population_2021


@dataclass(frozen=True, slots=True)
class Cell:
    """The residents of one municipality, age and sex."""

    municipality: str
    age: int
    sex: str
    residents: float


@cache
def cells() -> tuple[Cell, ...]:
    """Every cell of the table, by municipality, then age, then sex."""
    found = []
    for number, sex, by_age in population_2021():
        for municipality, share in DIVIDED.get(number, ((number, Decimal(1)),)):
            for age, count in enumerate(by_age):
                found.append(Cell(municipality, age, sex, count * float(share)))
    return tuple(sorted(found, key=lambda cell: (cell.municipality, cell.age, cell.sex)))


def residents() -> dict[str, int]:
    """The number of residents of each municipality in the table."""
    totals = dict.fromkeys(municipalities(), 0.0)
    for cell in cells():
        totals[cell.municipality] += cell.residents
    return {number: round(total) for number, total in totals.items()}


def draw(citizens: int, rng: Random) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    """Yield (municipality number, [(age, sex), ...]) for exactly `citizens` people.

    Systematic sampling along the table: every cell gets its share rounded up or down, so that
    also a small region has the pyramid and the settlement of the real one.
    """
    if citizens <= 0:
        return
    step = sum(cell.residents for cell in cells()) / citizens
    threshold = rng.random() * step
    drawn: list[tuple[int, str]] = []
    passed, left = 0.0, citizens
    current = cells()[0].municipality
    for cell in cells():
        if cell.municipality != current:
            if drawn:
                yield current, drawn
            current, drawn = cell.municipality, []
        passed += cell.residents
        while left and threshold < passed:
            drawn.append((cell.age, cell.sex))
            threshold += step
            left -= 1
    if drawn:
        yield current, drawn
