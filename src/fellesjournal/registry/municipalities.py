"""The municipalities of the region: numbers, names in Norwegian and Sami, county and region.

Numbers and names are facts as of 2024 (Ålesund 1508 and Haram 1580 replaced 1507). The region is
the cooperation region used in the rollout. Post code and town are the main ones of each place;
UNVERIFIED: taken from general knowledge, good enough for invented addresses.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

MUNICIPALITY_SYSTEM = "urn:oid:2.16.578.1.12.4.1.1.3402"


@dataclass(frozen=True, slots=True)
class Municipality:
    """One municipality. `sami` is empty where there is no Sami name."""

    number: str
    norwegian: str
    sami: str
    sami_first: bool
    county_number: str
    county: str
    region: str
    post_code: str
    post_town: str

    @property
    def name(self) -> str:
        """The official name, with both languages in the official order."""
        if not self.sami:
            return self.norwegian
        names = (self.sami, self.norwegian) if self.sami_first else (self.norwegian, self.sami)
        return " – ".join(names)


@cache
def municipalities() -> dict[str, Municipality]:
    """All 66 municipalities by number, in number order."""
    text = (files(__package__) / "data" / "municipalities.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return {row["number"]: _municipality(row) for row in rows}


def _municipality(row: dict[str, str]) -> Municipality:
    values = {key: value for key, value in row.items() if key != "sami_first"}
    return Municipality(**values, sami_first=bool(row["sami_first"]))
