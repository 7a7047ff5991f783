"""Rates to try a projection with, until those of the region are read in: the worked example of
the management specification, which is synthetic, the same for women and men.
"""

from __future__ import annotations

from fractions import Fraction

from fellesjournal.leadership.projections.people import Population
from fellesjournal.leadership.projections.rates import Cell, Flag, Rate, Use
from fellesjournal.leadership.projections.regions import BANDS

BED_DAYS = dict(zip(BANDS, map(Fraction, ("0.2", "1.5", "5")), strict=True))
"""Bed-days of a person in a year, by age."""
NIGHTS_OF_A_STAY = 4
"""Assumption (configurable), of the example: it only says how much chance there is in the rates."""
SOURCE = "example"


def example_rates(population: Population) -> dict[Cell, dict[Use, Rate]]:
    """The rates of the example for a population in the bands of the example."""
    return {
        Cell(row.sex, row.ages, SOURCE): _rates(BED_DAYS[row.ages], Fraction(row.count))
        for row in population.people
    }


def _rates(bed_days: Fraction, lived: Fraction) -> dict[Use, Rate]:
    stays = bed_days / NIGHTS_OF_A_STAY
    return {
        Use.BED_DAYS: Rate(bed_days, Flag.OWN, lived, bed_days * lived),
        Use.STAYS: Rate(stays, Flag.OWN, lived, stays * lived),
    }


__all__ = ["BED_DAYS", "NIGHTS_OF_A_STAY", "SOURCE", "example_rates"]
