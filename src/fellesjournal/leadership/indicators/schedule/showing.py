"""The dashboard of a unit as it may be shown: beside what was shown of it before, which is remembered."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime

from fellesjournal.access.directory.units import Unit
from fellesjournal.access.sessions import Session
from fellesjournal.leadership.figures.periods import Period, month_of, year
from fellesjournal.leadership.indicators.memory import keep, opened
from fellesjournal.leadership.indicators.publishing import locked
from fellesjournal.leadership.indicators.schedule.dashboard import Dashboard, dashboard, span
from fellesjournal.leadership.indicators.schedule.diaries import Diary
from fellesjournal.leadership.indicators.schedule.reading import definition


def shown(
    session: Session,
    unit: Unit,
    diaries: Sequence[Diary],
    day: date,
    now: datetime,
    *,
    months: int,
    horizon: int,
) -> Dashboard:
    """The dashboard of the month that a day is in, with so many months up to it; on every page and in every
    file the same, until enough is new.
    """
    database, hash_ = session.connection(), definition().hash
    number = _number(unit)
    with locked(database):
        memory = opened(database, hash_, _periods(day, now, months), [number])
        made = dashboard(
            diaries, day, now, shown=months, horizon=horizon, memory=memory, unit=number
        )
        keep(database, hash_, memory)
    return made


def _number(unit: Unit) -> int:
    """A unit in what is remembered: by its id, which saves asking for its number."""
    return int.from_bytes(hashlib.sha256(unit.id.encode()).digest()[:7])


def _periods(day: date, now: datetime, months: int) -> list[Period]:
    """All months that are compared, and their years."""
    found = []
    month = month_of(span(day, now, months).start)
    while month.start <= day:
        found.append(month)
        month = month_of(month.end)
    return [*found, *(year(number) for number in sorted({each.start.year for each in found}))]


__all__ = ["shown"]
