"""The review of the log by days: the rows that ``review`` and ``ties`` look at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby

from fellesjournal.access.readlog.queries import Database, Line, lines
from fellesjournal.access.readlog.review import DEFAULTS, Remark, Thresholds, review
from fellesjournal.access.readlog.ties import ties_of
from fellesjournal.foundation.clock import NORWAY

_BATCH = 5000
_DAY = timedelta(days=1)


def remarks(
    database: Database,
    *,
    first: date,
    last: date,
    unit: str | None = None,
    thresholds: Thresholds = DEFAULTS,
) -> Iterator[Remark]:
    """What is unusual from ``first`` to ``last`` (days in Norway, both included), newest day first.

    With ``unit`` (a reference) only remarks on those who worked there, for its leader; all
    are still measured against everybody in their role. What is held in memory at a time is one
    day, or all days when they are few lines.
    The connection must see all persons read about; whom it is shown to is the caller's matter.
    """
    for days in _portions(database, first, last):
        ties = ties_of(database, [line for found in days for line in found])
        for found in days:
            for remark in review(found, ties, thresholds=thresholds):
                if unit is None or remark.unit == unit:
                    yield remark


def _portions(database: Database, first: date, last: date) -> Iterator[list[list[Line]]]:
    """The lines of each day, newest day first: of all days at once, or of one at a time."""
    few = lines(database, since=_begins(first), until=_begins(last + _DAY), limit=_BATCH)
    if len(few) < _BATCH:
        by_day = groupby(few, lambda line: line.at.astimezone(NORWAY).date())
        yield [list(found) for _, found in by_day]
        return
    day = last
    while day >= first:
        yield [list(lines_of_day(database, day))]
        day -= _DAY


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=NORWAY)


def lines_of_day(database: Database, day: date) -> Iterator[Line]:
    """All lines of a day in Norway, newest first."""
    before: str | None = None
    while True:
        some = lines(
            database, since=_begins(day), until=_begins(day + _DAY), before=before, limit=_BATCH
        )
        yield from some
        if len(some) < _BATCH:
            return
        before = some[-1].key
