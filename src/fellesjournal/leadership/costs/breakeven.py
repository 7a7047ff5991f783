"""What has to be gained a year for the cost to be worth it, in kroner, hours and full-time years, and how
far the benefits plan is from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from fellesjournal.leadership.costs.assumptions import ASSUMED, Assumptions

Amount = Decimal | Fraction | int


@dataclass(frozen=True, slots=True)
class BreakEven:
    """The yearly gain at which nothing is lost: ``spread`` is what was paid once, spread over the years;
    ``yearly`` that and the change of the yearly cost.
    """

    once: Fraction
    factor: Fraction
    spread: Fraction
    yearly: Fraction
    hours: Fraction
    full_time: Fraction


def annuity_factor(rate: Amount, years: int) -> Fraction:
    """What one krone a year, paid at the end of each year, is worth today. Raises ValueError without a
    year or with a negative rate.
    """
    if years < 1 or rate < 0:
        raise ValueError("an annuity has years and no negative rate")
    if rate == 0:
        return Fraction(years)
    return (1 - (1 + Fraction(rate)) ** -years) / Fraction(rate)


def break_even(
    *, once: Amount, annual_change: Amount, assumed: Assumptions = ASSUMED, discounted: bool = True
) -> BreakEven:
    """The gain a year that carries what is paid once and what is paid more every year."""
    rate = assumed.discount_rate if discounted else Decimal(0)
    factor = annuity_factor(rate, assumed.horizon_years)
    spread = Fraction(once) / factor
    yearly = spread + Fraction(annual_change)
    hours = yearly / Fraction(assumed.hourly_rate)
    return BreakEven(
        Fraction(once), factor, spread, yearly, hours, hours / Fraction(assumed.hours_per_fte)
    )


def net_undiscounted(*, once: Amount, annual_change: Amount, years: int) -> Fraction:
    """What it costs more than today over the years, without discounting."""
    return Fraction(once) + years * Fraction(annual_change)


@dataclass(frozen=True, slots=True)
class Gap:
    """Hours a year: what is needed, planned and attained. A figure that nobody has is None."""

    needed: Fraction
    planned: Fraction | None
    attained: Fraction | None

    @property
    def plan_short_by(self) -> Fraction | None:
        """How many hours the plan lacks; negative when it has more than enough."""
        return None if self.planned is None else self.needed - self.planned

    @property
    def short_by(self) -> Fraction | None:
        """How many hours are lacking so far."""
        return None if self.attained is None else self.needed - self.attained


def gap(target: BreakEven, *, planned: Amount | None, attained: Amount | None) -> Gap:
    """The hours of the benefits plan against the target."""
    return Gap(
        target.hours,
        None if planned is None else Fraction(planned),
        None if attained is None else Fraction(attained),
    )


__all__ = [
    "Amount",
    "BreakEven",
    "Gap",
    "annuity_factor",
    "break_even",
    "gap",
    "net_undiscounted",
]
