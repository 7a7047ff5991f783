"""Days and moments of the demo: a day is a proleptic ordinal (int), a moment is local time.

Everything is written with the offset of Europe/Oslo, computed here so that 100,000 citizens do
not need a time zone lookup per resource. The rule (last Sunday of March and October) has held
since 1996; older moments are not written.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

YEAR = 365.2425


@lru_cache(maxsize=65536)
def iso_day(day: int) -> str:
    """The day as YYYY-MM-DD."""
    return date.fromordinal(day).isoformat()


_CLOCK = tuple(f"{minutes // 60:02d}:{minutes % 60:02d}:00" for minutes in range(1440))


@lru_cache(maxsize=65536)
def _around(day: int) -> tuple[str, str]:
    """What stands before and after the clock time of a day."""
    when = date.fromordinal(day)
    summer = _last_sunday(when.year, 3) <= day < _last_sunday(when.year, 10)
    return f"{when.isoformat()}T", "+02:00" if summer else "+01:00"


@lru_cache(maxsize=512)
def _last_sunday(year: int, month: int) -> int:
    last = date(year, month, 31).toordinal()
    return last - last % 7  # ordinal 7 was a Sunday


def iso_moment(day: int, minutes: int) -> str:
    """The instant as local time with offset; `minutes` after midnight, may pass into other days."""
    if not 0 <= minutes < 1440:
        day, minutes = day + minutes // 1440, minutes % 1440
    front, offset = _around(day)
    return front + _CLOCK[minutes] + offset


def age_on(birth: int, day: int) -> int:
    """Whole years from birth to a day."""
    born, now = date.fromordinal(birth), date.fromordinal(day)
    return now.year - born.year - ((now.month, now.day) < (born.month, born.day))


def years_between(earlier: int, later: int) -> float:
    """Years, with fractions."""
    return (later - earlier) / YEAR


def working_day(day: int) -> int:
    """The same day, or the Monday after when it is a weekend."""
    weekday = day % 7  # 0 Sunday, 6 Saturday
    return day + (1 if weekday == 0 else 2 if weekday == 6 else 0)


def norwegian_date(day: int) -> str:
    """The day as a Norwegian reader expects it: 03.02.2026."""
    when = date.fromordinal(day)
    return f"{when.day:02d}.{when.month:02d}.{when.year}"
