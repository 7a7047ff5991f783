"""The numbers of the log as times: microseconds since 2020 UTC above twelve bits of order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)  # as store.seq_of
_BITS = 12
AT_ONCE = 10_000_000 << _BITS
"""A first version this near (ten seconds) to a line of the log is what that line wrote."""


def moment_of(number: int) -> datetime:
    """When a line was written, aware, in UTC."""
    return _EPOCH + timedelta(microseconds=number >> _BITS)


def number_at(moment: datetime) -> int:
    """The smallest number at or after an aware moment."""
    return ((moment - _EPOCH) // timedelta(microseconds=1)) << _BITS


def month_of(number: int) -> str:
    """The month of a line, in UTC, as the tables are named: ``2026-11``."""
    return f"{moment_of(number):%Y-%m}"


def start_of_month(month: str) -> int:
    """The first number of a month such as ``2026-11``."""
    year, number = month.split("-")
    return number_at(datetime(int(year), int(number), 1, tzinfo=UTC))
