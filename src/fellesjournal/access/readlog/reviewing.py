"""The review of the log, a day at a time: the rows that ``review`` and ``ties`` look at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from fellesjournal.access.readlog.queries import Database, Line, lines
from fellesjournal.access.readlog.review import DEFAULTS, Remark, Thresholds, review
from fellesjournal.access.readlog.ties import ties_of
from fellesjournal.foundation.clock import NORWAY

_BATCH = 5000


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
    are still measured against everybody in their role. One day is held in memory at a time.
    The connection must see all persons read about; whom it is shown to is the caller's matter.
    """
    day = last
    while day >= first:
        found = list(lines_of_day(database, day))
        for remark in review(found, ties_of(database, found), thresholds=thresholds):
            if unit is None or remark.unit == unit:
                yield remark
        day -= timedelta(days=1)


def lines_of_day(database: Database, day: date) -> Iterator[Line]:
    """All lines of a day in Norway, newest first."""
    since = datetime.combine(day, time(), tzinfo=NORWAY)
    until = datetime.combine(day + timedelta(days=1), time(), tzinfo=NORWAY)
    before: str | None = None
    while True:
        some = lines(database, since=since, until=until, before=before, limit=_BATCH)
        yield from some
        if len(some) < _BATCH:
            return
        before = some[-1].key
