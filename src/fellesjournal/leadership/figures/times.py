"""Moments and days: clock times of Norway as instants, time between instants, calendar months.

Wall clocks are never subtracted: two aware datetimes of one zone subtract as wall clocks in
Python, and a night with a changed clock would be an hour wrong.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from fellesjournal.foundation.clock import NORWAY


@dataclass(frozen=True, slots=True)
class Instant:
    """A clock time as a moment. ``moved``: the clock skipped it, and it stands for the moment as
    long after the change as it says it is after the hour that was skipped.
    """

    at: datetime
    moved: bool


def instant_of(wall: datetime, zone: ZoneInfo = NORWAY) -> Instant:
    """The moment (UTC) at which a clock on the wall shows a naive time.

    A time that comes twice means its first coming; one that never comes is later by the length
    of the gap.
    """
    if wall.tzinfo is not None:
        raise ValueError("a clock on the wall shows no zone")
    at = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return Instant(at, at.astimezone(zone).replace(tzinfo=None) != wall)


def between(start: datetime, end: datetime) -> timedelta:
    """The time that passes between two aware moments. Raises ValueError for a naive one."""
    if start.tzinfo is None or end.tzinfo is None:
        raise ValueError("only moments can be subtracted, not clock times")
    return end.astimezone(UTC) - start.astimezone(UTC)


def add_months(day: date, months: int) -> date:
    """The same day of the month so many calendar months later (or earlier), or the last of that
    month. Not reversible: a deadline is worked out from the side its rule names.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


__all__ = ["Instant", "add_months", "between", "instant_of"]
