"""When a FHIR date or dateTime begins and ends, as an aware moment in UTC.

Rules of access turn on the calendar of Norway: a day that a resource names without a time
begins and ends at midnight there, daylight saving included (search, which follows FHIR, reads
such days as UTC; see fhir/temporal.py). Periods are half-open: `2024-05-01` as an end means
midnight after that day.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

from fellesjournal.foundation.clock import NORWAY

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?", re.ASCII
)
_EARLIEST = datetime.min.replace(tzinfo=UTC)
_LATEST = datetime.max.replace(tzinfo=UTC)


def start_of(text: str) -> datetime:
    """The first moment that the text covers. Raises ValueError for no FHIR date or dateTime."""
    parts = _parts(text)
    if parts is None:
        return _instant(text)
    year, month, day = parts
    return _midnight(year, month or 1, day or 1)


def end_of(text: str) -> datetime:
    """The first moment after what the text covers; an exact time is its own end.

    Raises ValueError for no FHIR date or dateTime.
    """
    parts = _parts(text)
    if parts is None:
        return _instant(text)
    year, month, day = parts
    start_of(text)  # refuses a month or day that the calendar does not have
    if month is None:
        return _midnight(year + 1, 1, 1)
    if day is None:
        return _midnight(year + month // 12, month % 12 + 1, 1)
    try:
        following = datetime(year, month, day) + timedelta(days=1)  # noqa: DTZ001 - a calendar day
    except OverflowError:
        return _LATEST
    return _midnight(following.year, following.month, following.day)


def days_before(moment: datetime, days: int) -> datetime:
    """Some days of 24 hours earlier, or the beginning of time."""
    try:
        return moment - timedelta(days=days)
    except OverflowError:
        return _EARLIEST


def days_after(moment: datetime, days: int) -> datetime:
    """Some days of 24 hours later, or the end of time."""
    try:
        return moment + timedelta(days=days)
    except OverflowError:
        return _LATEST


def _parts(text: str) -> tuple[int, int | None, int | None] | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = match.groups()
    return int(year), int(month) if month else None, int(day) if day else None


def _midnight(year: int, month: int, day: int) -> datetime:
    if year > 9999:
        return _LATEST
    return _utc(datetime(year, month, day, tzinfo=NORWAY))


def _instant(text: str) -> datetime:
    match = _TIME.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no date")
    day, clock, second, fraction, zone = match.groups()
    # A leap second (:60) is the first of the next minute.
    moment = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=_zone(zone))
    try:
        moment += timedelta(seconds=int(second or 0), microseconds=_microseconds(fraction))
    except OverflowError:
        return _LATEST
    return _utc(moment)


def _zone(text: str | None) -> tzinfo:
    # FHIR requires an offset with a time; without one it is read as Norwegian time.
    if text is None:
        return NORWAY
    return datetime.fromisoformat(f"2000-01-01T00:00{text}").tzinfo or NORWAY


def _microseconds(fraction: str | None) -> int:
    return int((fraction or "0")[:6].ljust(6, "0"))


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return _EARLIEST if moment.year == 1 else _LATEST
