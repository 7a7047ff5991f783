"""Instants and intervals: what a partial FHIR date covers.

Everything is an integer of microseconds since 1970-01-01 UTC, and every interval is
half-open ``[lo, hi)``: `2024` covers all of the year, `10:05:03Z` one second. A date or
time without an offset is read as UTC: the standard leaves the zone to the server
(http://hl7.org/fhir/R4/search.html#date), and one fixed zone makes an index row mean the
same wherever the server stands. Open ends of periods are NEVER and FOREVER.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

NEVER = -(2**63)
FOREVER = 2**63 - 1

SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 86_400 * SECOND
_EPOCH = date(1970, 1, 1).toordinal()

_PATTERN = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?)?)?)?",
    re.ASCII,
)

Interval = tuple[int, int]


@lru_cache(maxsize=16384)
def interval(text: str) -> Interval:
    """What a date, dateTime or instant of any precision covers.

    Raises ValueError for text that is none, or no day of the calendar.
    """
    match = _PATTERN.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no date")
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    if month is None:
        return _days(int(year), 1, 1), _days(int(year) + 1, 1, 1)
    if day is None:
        y, m = int(year), int(month)
        return _days(y, m, 1), _days(y + m // 12, m % 12 + 1, 1)
    start = _days(int(year), int(month), int(day))
    if hour is None:
        return start, start + DAY
    start += _clock(int(hour), int(minute), int(second or 0)) - _offset(zone)
    if second is None:
        return start, start + MINUTE
    if fraction is None:
        return start, start + SECOND
    digits = fraction[:6]
    step: int = 10 ** (6 - len(digits))
    start += int(digits) * step
    return start, start + step


def _days(year: int, month: int, day: int) -> int:
    if year == 10000:  # the end of the last year that dates can write
        return (date.max.toordinal() + 1 - _EPOCH) * DAY
    return (date(year, month, day).toordinal() - _EPOCH) * DAY


def _clock(hour: int, minute: int, second: int) -> int:
    # 60 is a leap second, which instants may carry; 24:00 is not FHIR
    if hour > 23 or minute > 59 or second > 60:
        raise ValueError("no time of day")
    return (hour * 3600 + minute * 60 + second) * SECOND


def _offset(zone: str | None) -> int:
    if zone is None or zone == "Z":
        return 0
    hours, minutes = int(zone[1:3]), int(zone[4:6])
    if hours > 14 or minutes > 59:
        raise ValueError("no offset from UTC")
    size = (hours * 60 + minutes) * MINUTE
    return -size if zone[0] == "-" else size


def period(value: Mapping[str, Any]) -> Interval | None:
    """What a Period covers; a missing end is open. None when it says neither."""
    start, end = value.get("start"), value.get("end")
    if start is None and end is None:
        return None
    return (
        NEVER if start is None else interval(start)[0],
        FOREVER if end is None else interval(end)[1],
    )


def timing(value: Mapping[str, Any]) -> Interval | None:
    """The outer limits of a Timing: its events, or the bounds of its repetition."""
    covered = [interval(event) for event in value.get("event", ()) if event is not None]
    bounds = value.get("repeat", {}).get("boundsPeriod")
    if bounds is not None and (limits := period(bounds)) is not None:
        covered.append(limits)
    return hull(covered)


def hull(intervals: Iterable[Interval]) -> Interval | None:
    """The smallest interval around all given; None for none."""
    listed = list(intervals)
    if not listed:
        return None
    return min(lo for lo, _ in listed), max(hi for _, hi in listed)
