"""Periods of whole days in Norway, from the first day to before the last: months, weeks, years."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from fellesjournal.leadership.figures.times import add_months, between, instant_of


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days from ``start`` to before ``end``. Raises ValueError for one without a day."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(f"{self.start} to before {self.end} holds no day")

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days

    @property
    def instants(self) -> tuple[datetime, datetime]:
        """Its first moment and the first moment after it, in UTC."""
        return _midnight(self.start), _midnight(self.end)

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def overlaps(self, other: Period) -> bool:
        """Whether some day is in both."""
        return self.start < other.end and other.start < self.end

    def elapsed_share(self, at: datetime) -> float:
        """How much of it has passed at an aware moment: 0 before it, 1 when it is over."""
        first, after = self.instants
        return min(1.0, max(0.0, between(first, at) / between(first, after)))

    def each_day(self) -> Iterator[date]:
        """Its days in order."""
        return (self.start + timedelta(days=n) for n in range(self.days))


def month(year: int, number: int) -> Period:
    """A calendar month."""
    start = date(year, number, 1)
    return Period(start, add_months(start, 1))


def month_of(day: date) -> Period:
    """The calendar month that a day is in."""
    return month(day.year, day.month)


def week(year: int, number: int) -> Period:
    """An ISO week, Monday to Sunday. Raises ValueError for a week the year does not have."""
    start = date.fromisocalendar(year, number, 1)
    return Period(start, start + timedelta(days=7))


def week_of(day: date) -> Period:
    """The ISO week that a day is in."""
    year, number, _ = day.isocalendar()
    return week(year, number)


def year(number: int) -> Period:
    """A calendar year."""
    return Period(date(number, 1, 1), date(number + 1, 1, 1))


def previous(period: Period) -> Period:
    """The period before, of the same kind: a month after a month, else as many days."""
    if period == month_of(period.start):
        return Period(add_months(period.start, -1), period.start)
    return Period(period.start - timedelta(days=period.days), period.start)


def _midnight(day: date) -> datetime:
    return instant_of(datetime.combine(day, time())).at


__all__ = ["Period", "month", "month_of", "previous", "week", "week_of", "year"]
