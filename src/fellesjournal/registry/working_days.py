"""Working days in Norway: Monday to Friday less public holidays.

Deadlines of the statutes are counted in these. That they are Monday to Friday less public
holidays, and that Christmas Eve and New Year's Eve count as working days, is an assumption
(norway.md section 9 L10, configurable: this module is the place).
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache

import holidays

from fellesjournal.foundation.clock import NORWAY

_SATURDAY = 5


@cache
def public_holidays(year: int) -> frozenset[date]:
    """The public holidays of a year by date; ordinary Sundays are not among them."""
    return frozenset(holidays.country_holidays("NO", years=[year]))


def is_working_day(day: date) -> bool:
    """Whether a day is neither a Saturday, a Sunday nor a public holiday."""
    return day.weekday() < _SATURDAY and day not in public_holidays(day.year)


def add_working_days(day: date, count: int) -> date:
    """The day on which ``count`` working days after ``day`` have passed; ``day`` never counts.

    ``count`` 0 is the day itself, or the next working day when it is none. Raises ValueError
    for a negative count.
    """
    if count < 0:
        raise ValueError("working days are counted forwards")
    while count > 0 or not is_working_day(day):
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def end_of_day(day: date) -> datetime:
    """The moment at which a day in Norway is over: midnight, aware. A deadline is until then."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=NORWAY)


__all__ = ["add_working_days", "end_of_day", "is_working_day", "public_holidays"]
