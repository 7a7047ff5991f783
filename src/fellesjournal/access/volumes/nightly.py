"""Each night what was sent, had arrived and had come the day before is counted and judged (INV-7).

A day is counted once, as it stands in the night after it, so that like is held against like: what
had arrived of a Monday by the Tuesday's night. A night on which the platform stood still is made up
for when it runs again. Days that alerted are no measure of later ones, until somebody has said that
the number was right: a route that stays silent goes on alerting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import psycopg
from django.conf import settings

from fellesjournal.access.reconciliation import sent_between
from fellesjournal.access.sessions import Session
from fellesjournal.access.volumes.judging import Limits, expected, has_fallen, kind_of_day
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.foundation.outbox import ledger

COUNTED_AT = time(2)
"""Assumption (configurable): by two in the night the day before has ended for everybody."""
MADE_UP_FOR = 14
"""Assumption (configurable): so many days are counted after the platform has stood still."""
DEALT_WITH_WITHIN = timedelta(days=1)
"""Assumption (configurable): how soon somebody has looked at an alert."""
SENT, ARRIVED, RECEIVED = "sent", "arrived", "received"
AS_EXPECTED = "as-expected"
"""The outcome that says that the number was right: a day with it is a measure of later ones."""
_LOOKED_BACK = timedelta(weeks=3)
"""Beyond the weeks that are compared: for holidays and nights that are missing."""
_FROM_OUTSIDE = "national"

Database = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Line:
    """What is counted: ``measure`` is sent, arrived or received."""

    measure: str
    route: str
    kind: str


def count_nights(session: Session) -> None:
    """Count and judge each day that has ended and is not counted yet, the oldest first."""
    now = clock.now().astimezone(clock.NORWAY)
    last = now.date() - timedelta(days=1 if now.time() >= COUNTED_AT else 2)
    (known,) = session.connection().execute(
        "select max(day) from access.counted_day"
    ).fetchone() or (None,)
    first = last if known is None else max(known + timedelta(days=1), last - MOST)
    while first <= last:
        _count(session, first)
        first += timedelta(days=1)


MOST = timedelta(days=MADE_UP_FOR - 1)


def limits() -> Limits:
    """By the settings FELLESJOURNAL_VOLUME_FALL and FELLESJOURNAL_VOLUME_WEEKS."""
    environment = settings.ENVIRONMENT
    return Limits(fall=environment.volume_fall, weeks=environment.volume_weeks)


def _count(session: Session, day: date) -> None:
    with transaction():
        database = session.connection()
        is_first = database.execute(
            "insert into access.counted_day values (%s, %s) on conflict do nothing returning true",
            [day, clock.now()],
        ).fetchone()
        if is_first is None:
            return  # another worker was first
        numbers = _numbers(database, day)
        for line, number in numbers.items():
            database.execute(
                "insert into access.volume values (%s, %s, %s, %s, %s)",
                [day, line.measure, line.route, line.kind, number],
            )
        _judge(database, day, numbers)


def _numbers(database: Database, day: date) -> dict[Line, int]:
    begins, ends = (_midnight(each) for each in (day, day + timedelta(days=1)))
    found: dict[Line, int] = {}
    for line in sent_between(database, begins, ends):
        found[Line(SENT, line.route, line.kind)] = line.sent
        found[Line(ARRIVED, line.route, line.kind)] = line.arrived
    for kind, number in ledger.came_between(begins, ends):
        found[Line(RECEIVED, _FROM_OUTSIDE, kind)] = number
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.NORWAY)


def _judge(database: Database, day: date, numbers: Mapping[Line, int]) -> None:
    rule = limits()
    days = _days_like(database, day, rule)
    earlier = _earlier(database, days)
    known = {*earlier, *numbers}
    no_measure = _alerted(database, days)
    for line in sorted(known, key=lambda each: (each.measure, each.route, each.kind)):
        counts = [
            earlier.get(line, {}).get(each, 0) for each in days if (line, each) not in no_measure
        ][: rule.weeks]
        awaited = expected(counts, rule)
        number = numbers.get(line, 0)
        if awaited is not None and has_fallen(number, awaited, rule):
            _raise(database, day, line, number, awaited)


def _days_like(database: Database, day: date, rule: Limits) -> list[date]:
    """Days of the same kind that were counted before, newest first."""
    since = day - timedelta(weeks=2 * rule.weeks) - _LOOKED_BACK
    rows = database.execute(
        "select day from access.counted_day where day >= %s and day < %s order by day desc",
        [since, day],
    )
    return [each for (each,) in rows if kind_of_day(each) == kind_of_day(day)]


def _earlier(database: Database, days: Iterable[date]) -> dict[Line, dict[date, int]]:
    rows = database.execute(
        "select day, measure, route, kind, number from access.volume where day = any(%s)",
        [list(days)],
    )
    found: dict[Line, dict[date, int]] = {}
    for day, measure, route, kind, number in rows:
        found.setdefault(Line(measure, route, kind), {})[day] = number
    return found


def _alerted(database: Database, days: Iterable[date]) -> set[tuple[Line, date]]:
    rows = database.execute(
        "select measure, route, kind, day from access.volume_alert"
        " where day = any(%s) and outcome <> %s",
        [list(days), AS_EXPECTED],
    )
    return {(Line(measure, route, kind), day) for measure, route, kind, day in rows}


def _raise(database: Database, day: date, line: Line, number: int, awaited: float) -> None:
    now = clock.now()
    database.execute(
        "insert into access.volume_alert (day, measure, route, kind, number, expected, raised, deadline)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing",
        [day, line.measure, line.route, line.kind, number, awaited, now, now + DEALT_WITH_WITHIN],
    )


__all__ = ["ARRIVED", "AS_EXPECTED", "RECEIVED", "SENT", "count_nights", "limits"]
