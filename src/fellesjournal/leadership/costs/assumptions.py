"""What is taken for granted about money without a public source, with unit and reason. A stored settings
document of the same shape replaces it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Assumption (configurable), every one.

    - ``discount_rate``, ``horizon_years``: of the break-even; a share per year, and years.
    - ``hourly_rate``: NOK that an hour set free is worth.
    - ``hours_per_fte``: hours of a full-time year.
    - ``low``, ``high``: the range of a line that has none of its own, as shares of its amount; costs
      run over more often than under.
    - ``draws``: how many times the simulation draws every line.
    - ``seed``: its name, so that the same model gives the same bands.
    """

    discount_rate: Decimal = Decimal("0.04")
    horizon_years: int = 10
    hourly_rate: Decimal = Decimal(650)
    hours_per_fte: Decimal = Decimal(1750)
    low: Decimal = Decimal("0.9")
    high: Decimal = Decimal("1.3")
    draws: int = 20_000
    seed: str = "fellesjournal cost bands 1"

    def __post_init__(self) -> None:
        if self.discount_rate < 0 or self.horizon_years < 1 or self.draws < 100:
            raise ValueError("a rate is not negative, a horizon has a year, and draws are many")
        if not 0 <= self.low <= 1 <= self.high:
            raise ValueError("a range goes from below the amount to above it")


ASSUMED = Assumptions()

__all__ = ["ASSUMED", "Assumptions"]
