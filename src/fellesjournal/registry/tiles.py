"""Where each municipality of the region stands on a map of equal squares.

The layout is our own: north is up, neighbours stand by each other where there is room, and a square says
nothing of how large a municipality is. It is of the municipalities of 2024.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

YEAR = 2024
"""The year whose municipalities these are."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A square: its column from the west, its row from the north, and a name that fits in it."""

    number: str
    column: int
    row: int
    short: str


@cache
def tiles() -> dict[str, Tile]:
    """The square of each municipality by its number."""
    text = (files(__package__) / "data" / "municipality_tiles.csv").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return {
        row["number"]: Tile(row["number"], int(row["column"]), int(row["row"]), row["short"])
        for row in csv.DictReader(lines)
    }


__all__ = ["YEAR", "Tile", "tiles"]
