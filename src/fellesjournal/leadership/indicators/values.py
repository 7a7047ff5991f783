"""How a value of FHIR is written in a flat table, alike for PostgreSQL and DuckDB.

Only what both compare and add up in the same way: whole numbers, decimals of six places, days, codes.
A moment is microseconds since 1970 (UTC), so that moments subtract exactly, and the local day of it
stands beside. What is said less exactly than a day has no value here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, Final

from fellesjournal.fhir.temporal import interval
from fellesjournal.foundation.clock import NORWAY
from fellesjournal.leadership.figures.times import instant_of

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_PLACES: Final = Decimal("0.000001")
_LARGEST: Final = Decimal(10) ** 12
_LARGEST_INTEGER: Final = 2**63 - 1
LONGEST_TEXT: Final = 500


class NotWritable(ValueError):
    """A value that no column of its kind can hold. Says nothing of the value."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of column: its type in SQL, and how a JSON value becomes one of its values."""

    sql: str
    write: Callable[[Any], Any]


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise NotWritable("no boolean")
    return value


def _integer(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _LARGEST_INTEGER:
        raise NotWritable("no whole number")
    return value


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NotWritable("no number")
    number = Decimal(str(value))
    if not number.is_finite() or abs(number) >= _LARGEST:
        raise NotWritable("a number out of range")
    return number.quantize(_PLACES, ROUND_HALF_UP)


def _code(value: Any) -> str:
    if not isinstance(value, str) or "\0" in value or len(value) > LONGEST_TEXT:
        raise NotWritable("no code")
    return value


def _day(value: Any) -> date | None:
    if not isinstance(value, str):
        raise NotWritable("no date")
    if not _DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise NotWritable("no date") from None


@lru_cache(maxsize=16384)
def _moment_of(text: str) -> int | None:
    try:
        if _DAY.fullmatch(text):
            midnight = datetime.combine(date.fromisoformat(text), time())
            return (instant_of(midnight).at - _EPOCH) // timedelta(microseconds=1)
        return interval(text)[0] if "T" in text else None
    except (ValueError, OverflowError):
        raise NotWritable("no moment") from None


def moment(value: Any) -> int | None:
    """Microseconds since 1970 of a dateTime or instant; a day alone begins at midnight in Norway."""
    if not isinstance(value, str):
        raise NotWritable("no moment")
    return _moment_of(value)


@lru_cache(maxsize=16384)
def local_day(microseconds: int) -> date:
    """The day in Norway of a moment."""
    try:
        return (_EPOCH + timedelta(microseconds=microseconds)).astimezone(NORWAY).date()
    except OverflowError:
        raise NotWritable("no moment") from None


_INTEGER: Final = Kind("bigint", _integer)
_TEXT: Final = Kind("text", _code)
MOMENT: Final = Kind("bigint", moment)
KINDS: Final[Mapping[str, Kind]] = {
    "boolean": Kind("boolean", _boolean),
    "integer": _INTEGER,
    "positiveInt": _INTEGER,
    "unsignedInt": _INTEGER,
    "decimal": Kind("numeric(18,6)", _decimal),
    "date": Kind("date", _day),
    "dateTime": MOMENT,
    "instant": MOMENT,
    "code": _TEXT,
    "uri": _TEXT,
    "canonical": _TEXT,
}
"""By FHIR type. No string, markdown or id: they may hold names, free text or numbers of persons."""

WITHOUT_TEXT: Final = frozenset(name for name, kind in KINDS.items() if kind.sql != "text")
"""Types whose values can't hold text, whatever stands in the record."""

__all__ = ["KINDS", "MOMENT", "WITHOUT_TEXT", "Kind", "NotWritable", "local_day", "moment"]
