"""Quarters of a year: the windows in which waves go live."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fellesjournal.leadership.figures.periods import Period

MONTHS = 3


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """One quarter. Raises ValueError for a number that no year has."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 4:
            raise ValueError(f"a year has no quarter {self.number}")

    def __str__(self) -> str:
        return f"Q{self.number} {self.year}"

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, MONTHS * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        """Its last day: when a wave goes live for which no date is set."""
        return self.plus(1).first_day - timedelta(days=1)

    @property
    def period(self) -> Period:
        """Its days."""
        return Period(self.first_day, self.plus(1).first_day)

    def plus(self, quarters: int) -> Quarter:
        """The quarter so many later, or earlier."""
        year, rest = divmod(self.year * 4 + self.number - 1 + quarters, 4)
        return Quarter(year, rest + 1)

    def minus(self, other: Quarter) -> int:
        """How many quarters it is after the other."""
        return (self.year - other.year) * 4 + self.number - other.number


def quarter_of(day: date) -> Quarter:
    """The quarter that a day is in."""
    return Quarter(day.year, (day.month + MONTHS - 1) // MONTHS)


def whole_quarters(months: int) -> int:
    """Months as quarters: a window that slips in part has slipped; one that is early in part has not
    come earlier.
    """
    return -(-months // MONTHS)


__all__ = ["MONTHS", "Quarter", "quarter_of", "whole_quarters"]
