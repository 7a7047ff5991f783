"""From bed-days to beds, from hours to people, and what is lacking of either."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from fellesjournal.leadership.figures.assumptions import HOURS_PER_FTE
from fellesjournal.leadership.projections.assumptions import DAYS_OPEN, OCCUPANCY


@dataclass(frozen=True, slots=True)
class CapacityRule:
    """How much of a bed is used, and on how many days a year it is open."""

    occupancy: Decimal = OCCUPANCY.value
    days_open: int = int(DAYS_OPEN.value)

    def __post_init__(self) -> None:
        if not 0 < self.occupancy <= 1:
            raise ValueError(f"{self.occupancy} is no share of beds in use")
        if not 0 < self.days_open <= 366:
            raise ValueError(f"{self.days_open} are no days of a year")


USUAL = CapacityRule()


def beds(bed_days: Fraction, rule: CapacityRule = USUAL) -> int:
    """How many beds (or places) the days need, rounded up: there is no half bed."""
    return math.ceil(bed_days / (rule.days_open * Fraction(rule.occupancy)))


def full_time(hours: Fraction, hours_a_year: int = int(HOURS_PER_FTE.value)) -> Fraction:
    """How many full-time employees give these hours."""
    return hours / hours_a_year


@dataclass(frozen=True, slots=True)
class Gap:
    """What is needed and what there is, in one unit. ``lacking`` is negative where there is more
    than is needed.
    """

    needed: Fraction
    there: Fraction

    @property
    def lacking(self) -> Fraction:
        """How much more is needed than there is."""
        return self.needed - self.there


__all__ = ["USUAL", "CapacityRule", "Gap", "beds", "full_time"]
