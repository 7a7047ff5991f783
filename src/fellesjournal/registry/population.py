"""How many people of each age and sex live in the municipalities of the region.

Source: Statistics Norway (SSB), table 07459, population 2021 by municipality, sex and one-year
age, open data with attribution. The table still has 1507 Ålesund, which was divided in 2024.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import NamedTuple

SOURCE = "Statistics Norway (SSB), table 07459, 2021"
YEAR = 2021
DIVIDED = {"1507": (("1508", Decimal("0.86")), ("1580", Decimal("0.14")))}
"""Assumption (configurable): how 1507's people are divided between its two successors of 2024."""


class Row(NamedTuple):
    """The residents of one municipality and sex ("female", "male"), by age from 0."""

    municipality: str
    sex: str
    by_age: tuple[int, ...]


@cache
def population_2021() -> tuple[Row, ...]:
    """Every row of the table, as it was published: by municipality and sex."""
    text = (files(__package__) / "data" / "population_2021.csv").read_text(encoding="utf-8")
    return tuple(
        Row(number, sex, tuple(int(count) for count in counts.split()))
        for number, sex, counts in (
            line.split(";") for line in text.splitlines() if not line.startswith("#")
        )
    )


__all__ = ["DIVIDED", "SOURCE", "YEAR", "Row", "population_2021"]
