"""The one clock: what time it is, and which day in Norway.

Rules that turn on time (ages at midnight, grounds that end, deadlines) ask here, so that a
test can put the clock where it wants.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

NORWAY = ZoneInfo("Europe/Oslo")

_set_to: ContextVar[datetime | None] = ContextVar("clock", default=None)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _set_to.get() or datetime.now(UTC)


def today() -> date:
    """The calendar day it is in Norway."""
    return now().astimezone(NORWAY).date()


def now_text() -> str:
    """The present moment to the second as a dateTime of FHIR, with Norway's offset: it begins with the day
    it is here. An hour after midnight the same moment in UTC begins with the day before, and would end a
    period before a day on which it starts.
    """
    return now().astimezone(NORWAY).isoformat(timespec="seconds")


def midnight_text(day: date) -> str:
    """When a day begins here, as a dateTime of FHIR: what searches are held to, for a bare day in one begins
    in Greenwich.
    """
    return datetime.combine(day, time(), NORWAY).isoformat(timespec="seconds")


def microseconds(moment: datetime) -> int:
    """Whole microseconds since 1970 of an aware moment: the time of all tables."""
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """For tests: the clock stands at this aware moment inside the block, in this thread."""
    reset = _set_to.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _set_to.reset(reset)
