"""What it costs that a go-live moves, line by line, and in which years the money falls. What nobody has
stated is named and left out of the sum.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from fellesjournal.leadership.costs.lines import CostModel, Kind, total
from fellesjournal.leadership.figures.periods import month_of
from fellesjournal.leadership.figures.times import add_months


@dataclass(frozen=True, slots=True)
class Rates:
    """NOK a year that a moved go-live makes longer or shorter: the local project, the replaced systems,
    the new operation. None: not stated.
    """

    project: Decimal | None = None
    legacy: Decimal | None = None
    operation: Decimal | None = None


@dataclass(frozen=True, slots=True)
class DelayLine:
    """One kind of cost over the months that are moved; ``amount`` is None when it isn't stated."""

    id: str
    months: Fraction
    amount: Fraction | None


@dataclass(frozen=True, slots=True)
class Delay:
    """What a moved go-live costs; negative when it saves."""

    before: date
    after: date
    lines: tuple[DelayLine, ...]

    @property
    def known(self) -> Fraction:
        """The sum of what is stated."""
        return sum((line.amount for line in self.lines if line.amount is not None), Fraction(0))

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not stated, and not in the sum."""
        return tuple(line.id for line in self.lines if line.amount is None)


def delay(rates: Rates, before: date, after: date) -> Delay:
    """What it costs that go-live moves: the project and the replaced systems go on, the new operation
    starts later.
    """
    months = months_between(before, after)
    return Delay(
        before,
        after,
        (
            DelayLine("project", months, _over(rates.project, months)),
            DelayLine("legacy", months, _over(rates.legacy, months)),
            DelayLine("operation", -months, _over(rates.operation, -months)),
        ),
    )


def rates(model: CostModel | None) -> Rates:
    """What a moved go-live changes a year, as far as the model states it; the local project is stated
    by no model as an amount a year.
    """
    if model is None:
        return Rates()
    annual = model.of(Kind.ANNUAL)
    return Rates(
        None,
        model.legacy_annual if model.legacy else None,
        total(annual) if annual else None,
    )


@dataclass(frozen=True, slots=True)
class Priced:
    """What a moved go-live costs, and what falls in each year before and after, where a model tells."""

    delay: Delay
    years: tuple[tuple[int, Fraction, Fraction], ...]


def priced(model: CostModel | None, before: date, after: date) -> Priced:
    """The money of a moved go-live, from the year of the earlier one to the year after the later one."""
    found = delay(rates(model), before, after)
    if model is None:
        return Priced(found, ())
    span = range(min(before, after).year, max(before, after).year + 2)
    old, new = by_year(model, before, span), by_year(model, after, span)
    return Priced(found, tuple((year, old[year], new[year]) for year in span))


def months_between(before: date, after: date) -> Fraction:
    """Calendar months from one day to another: whole months, and days as part of the month they are in;
    negative backwards.
    """
    if after < before:
        return -months_between(after, before)
    whole = (after.year - before.year) * 12 + after.month - before.month
    while whole > 0 and add_months(before, whole) > after:
        whole -= 1
    start, end = add_months(before, whole), add_months(before, whole + 1)
    return whole + Fraction((after - start).days, max(1, (end - start).days))


def by_year(model: CostModel, go_live: date, years: Iterable[int]) -> dict[int, Fraction]:
    """What falls in each of these years: what was paid in the year of its prices, what else is paid once
    in the year of go-live, the replaced systems until go-live (after it they are the line of double
    operation), the new operation from go-live on.
    """
    once = model.of(Kind.INVESTMENT, Kind.ONE_OFF)
    paid = [line for line in once if line.settled]
    ahead = Fraction(total(line for line in once if not line.settled))
    annual = Fraction(total(model.of(Kind.ANNUAL)))
    legacy = Fraction(model.legacy_annual)
    return {
        year: Fraction(total(line for line in paid if line.price_year == year))
        + (ahead if year == go_live.year else 0)
        + annual * (1 - share_before(year, go_live))
        + legacy * share_before(year, go_live)
        for year in years
    }


def share_before(year: int, day: date) -> Fraction:
    """How much of a year lies before a day, in months; days are parts of their month."""
    if day.year != year:
        return Fraction(1 if day.year > year else 0)
    days = month_of(day).days
    return (day.month - 1 + Fraction(day.day - 1, days)) / 12


def _over(annual: Decimal | None, months: Fraction) -> Fraction | None:
    return None if annual is None else Fraction(annual) * months / 12


__all__ = [
    "Delay",
    "DelayLine",
    "Priced",
    "Rates",
    "by_year",
    "delay",
    "months_between",
    "priced",
    "rates",
    "share_before",
]
