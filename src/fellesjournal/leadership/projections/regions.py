"""Where one can ask for a projection: everybody, counties, cooperation regions, municipalities;
with who lives there, and the alternatives of who will.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from fellesjournal.leadership.projections.generated import LAST_AGE, generated
from fellesjournal.leadership.projections.people import (
    OBSERVED,
    Ages,
    People,
    Population,
    Sex,
    Successor,
    as_of,
    bands,
    regrouped,
    together,
)
from fellesjournal.registry.municipalities import municipalities
from fellesjournal.registry.population import DIVIDED, YEAR, population_2021

EVERYBODY = "all"
BANDS = bands(0, 67, 80)
ALTERNATIVES = ("MMMM", "LLML", "HHMH", "LHML", "HLMH")
"""The main alternative, low and high growth of the population, strong and weak ageing."""
LAST_YEAR = 2050
_CHANGED = 2024


@dataclass(frozen=True, slots=True)
class Region:
    """A region by its key: what it is called and its municipalities' numbers."""

    key: str
    name: str
    kind: str
    numbers: tuple[str, ...]


@cache
def regions() -> Mapping[str, Region]:
    """Every region by key, counties first, then cooperation regions, then municipalities."""
    places = municipalities().values()
    found = [Region(EVERYBODY, "", "all", tuple(each.number for each in places))]
    for county in dict.fromkeys(each.county for each in places):
        inside = tuple(each.number for each in places if each.county == county)
        if len(inside) > 1:
            found.append(Region(f"county-{inside[0][:2]}", county, "county", inside))
    for name in sorted({each.region for each in places} - {""}):
        inside = tuple(each.number for each in places if each.region == name)
        found.append(Region(f"region-{inside[0]}", name, "region", inside))
    found += [
        Region(each.number, each.name, "municipality", (each.number,))
        for each in sorted(places, key=lambda each: each.norwegian)
    ]
    return {each.key: each for each in found}


@cache
def counted(key: str) -> Population:
    """Who lived in a region when people were counted, in one-year ages. Raises KeyError."""
    return together(key, [_by_number()[number] for number in regions()[key].numbers])


@cache
def coming(key: str, wanted: tuple[Ages, ...] = BANDS) -> Mapping[str, Mapping[int, Population]]:
    """Who will live there, by alternative and year, in the bands of the rates. Generated."""
    base = counted(key)
    return {
        name: {
            year: regrouped(population, wanted)
            for year, population in generated(base, name, LAST_YEAR).items()
        }
        for name in ALTERNATIVES
    }


@cache
def _by_number() -> dict[str, Population]:
    rows: dict[str, list[People]] = {}
    for number, sex, by_age in population_2021():
        rows.setdefault(number, []).extend(
            People(Sex(sex), Ages(age, None if age == LAST_AGE else age), Decimal(count))
            for age, count in enumerate(by_age)
        )
    as_counted = {
        number: Population(number, YEAR, OBSERVED, tuple(people)) for number, people in rows.items()
    }
    changes = [
        Successor(number, successor, share, _CHANGED)
        for number, parts in DIVIDED.items()
        for successor, share in parts
    ]
    return as_of(as_counted, changes, _CHANGED)


__all__ = [
    "ALTERNATIVES", "BANDS", "EVERYBODY", "LAST_YEAR", "Region", "coming", "counted", "regions",
]  # fmt: skip
