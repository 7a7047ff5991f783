"""What the sources on money leave open, each value with its unit and reason, and all of them together
as the arithmetic takes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_noop

from fellesjournal.leadership.figures.assumptions import COST_OF_HOUR, HOURS_PER_FTE, Assumption

DISCOUNT_RATE = Assumption(
    key="discount-rate",
    value=Decimal("0.04"),
    unit="",
    title=gettext_noop("Discount rate of a year, as a share"),
    reason=gettext_noop("Common for public projects; no source names one."),
    least=Decimal(0),
    most=Decimal(1),
)
HORIZON_YEARS = Assumption(
    key="horizon-years",
    value=Decimal(10),
    unit="",
    title=gettext_noop("Years in which what is paid once is to be gained back"),
    reason=gettext_noop("No source names a horizon; agreements run about as long."),
    least=Decimal(1),
    most=Decimal(100),
    is_whole=True,
)
RANGE_LOW = Assumption(
    key="cost-range-low",
    value=Decimal("0.9"),
    unit="",
    title=gettext_noop("Lowest amount of a cost line without a range, as a share of its amount"),
    reason=gettext_noop("Sources give single amounts; a total without a band would look certain."),
    least=Decimal(0),
    most=Decimal(1),
)
RANGE_HIGH = Assumption(
    key="cost-range-high",
    value=Decimal("1.3"),
    unit="",
    title=gettext_noop("Highest amount of a cost line without a range, as a share of its amount"),
    reason=gettext_noop("Costs run over more often than under; no source says by how much."),
    least=Decimal(1),
    most=Decimal(100),
)

ASSUMPTIONS = (DISCOUNT_RATE, HORIZON_YEARS, RANGE_LOW, RANGE_HIGH)


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Assumption (configurable), every one: as shipped, or as ``assumed`` makes it of what was set.
    ``low`` and ``high`` are the range of a line that has none of its own, as shares of its amount.
    ``draws`` and ``seed`` belong to the simulation: the same model gives the same bands.
    """

    discount_rate: Decimal = DISCOUNT_RATE.value
    horizon_years: int = int(HORIZON_YEARS.value)
    hourly_rate: Decimal = COST_OF_HOUR.value
    hours_per_fte: Decimal = HOURS_PER_FTE.value
    low: Decimal = RANGE_LOW.value
    high: Decimal = RANGE_HIGH.value
    draws: int = 20_000
    seed: str = "fellesjournal cost bands 1"

    def __post_init__(self) -> None:
        if self.discount_rate < 0 or self.horizon_years < 1 or self.draws < 100:
            raise ValueError("a rate is not negative, a horizon has a year, and draws are many")
        if not 0 <= self.low <= 1 <= self.high:
            raise ValueError("a range goes from below the amount to above it")


ASSUMED = Assumptions()


def assumed(values: Mapping[str, Decimal]) -> Assumptions:
    """The assumptions of a day (``documents.settings.values_on`` of ``ASSUMPTIONS`` and those of
    ``figures``).
    """
    return Assumptions(
        discount_rate=values[DISCOUNT_RATE.key],
        horizon_years=int(values[HORIZON_YEARS.key]),
        hourly_rate=values[COST_OF_HOUR.key],
        hours_per_fte=values[HOURS_PER_FTE.key],
        low=values[RANGE_LOW.key],
        high=values[RANGE_HIGH.key],
    )


__all__ = ["ASSUMED", "ASSUMPTIONS", "Assumptions", "assumed"]
