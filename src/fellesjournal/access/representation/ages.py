"""Ages in Norway: they change at local midnight, and a rule needs to know when next.

Assumption (configurable nowhere yet): who is born on 29 February turns a year older on
1 March in years without that day. The later of the two possible days is chosen because the
only age rule that can meet such a year is "18 or older", which opens access: the boundaries
12 and 16 of a leap-day child fall in leap years themselves (but for those of 2088).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

from fellesjournal.foundation.clock import NORWAY


def midnight(day: date) -> datetime:
    """The moment, in UTC, at which a day begins in Norway."""
    return datetime(day.year, day.month, day.day, tzinfo=NORWAY).astimezone(UTC)


def birthday(birth: date, years: int) -> date:
    """The day on which somebody becomes so many years old."""
    year = birth.year + years
    if (birth.month, birth.day) == (2, 29) and not _is_leap(year):
        return date(year, 3, 1)
    return birth.replace(year=year)


def turns(birth: date, years: int) -> datetime:
    """The moment, in UTC, from which somebody is so many years old."""
    return midnight(birthday(birth, years))


def age(birth: date, moment: datetime) -> int | None:
    """Whole years at an aware moment, by the calendar in Norway; None before the birth."""
    day = moment.astimezone(NORWAY).date()
    if day < birth:
        return None
    years = day.year - birth.year
    return years if day >= birthday(birth, years) else years - 1


def next_boundary(birth: date, moment: datetime, boundaries: Iterable[int]) -> datetime | None:
    """The first moment after an aware moment at which one of the ages is reached, in UTC."""
    ahead = (turns(birth, years) for years in boundaries)
    return min((at for at in ahead if at > moment), default=None)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
