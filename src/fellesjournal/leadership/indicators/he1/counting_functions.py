"""Keeping the counts of functions up: who used which in a week, as far as the log tells.

The log is taken in stretches that end with a week or now, each in one transaction with the moment up to which
it counted. Counted twice is counted once, so that a killed run is made good by the next; a run that would take
long stops in between, and the next goes on.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import Final

from fellesjournal.access.identity.web_sessions import KEPT
from fellesjournal.access.portal_functions import functions_used
from fellesjournal.access.sessions import Session
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.leadership.figures.periods import week_of

OVERLAP: Final = timedelta(minutes=10)
"""What is written in a long transaction is seen later than its time says."""
_SECONDS = 10
"""Assumption: how long a run may go on; the clock starts one each minute."""
_USED = (
    "insert into figures.portal_function (week, function, patient)"
    " select %s, * from unnest(%s::text[], %s::bigint[]) on conflict do nothing"
)


def count_functions(session: Session, until: datetime, *, seconds: float = _SECONDS) -> bool:
    """Take in what the log tells until a moment; whether all of it is counted.

    Raises NotAllowed unless the platform itself asks.
    """
    session.connection().execute(
        "insert into figures.portal_function_counted (until_at) values (%s) on conflict do nothing",
        [_begins(until - KEPT)],
    )
    enough = time.monotonic() + seconds
    while not _stretch(session, until):
        if time.monotonic() >= enough:
            return False
    return True


def _stretch(session: Session, until: datetime) -> bool:
    """Count on to the end of a week, or until the end; whether that was it."""
    with transaction():
        database = session.connection()
        row = database.execute(
            "select until_at from figures.portal_function_counted for update"
        ).fetchone()
        assert row is not None  # inserted above
        end = min(until, _begins(row[0], weeks=1))
        since = row[0] - OVERLAP
        while since < end:
            stop = min(end, _begins(since, weeks=1))
            found = functions_used(session, since, stop)
            week = _begins(since).date()
            database.execute(
                _USED, [week, [use.function for use in found], [use.person for use in found]]
            )
            since = stop
        database.execute(
            "delete from figures.portal_function where week < %s", [_begins(until - KEPT).date()]
        )
        if end > row[0]:
            database.execute("update figures.portal_function_counted set until_at = %s", [end])
        return end >= until


def _begins(at: datetime, *, weeks: int = 0) -> datetime:
    """When the ISO week of a moment begins in Norway, or one so many weeks later."""
    monday = week_of(at.astimezone(clock.NORWAY).date()).start + timedelta(weeks=weeks)
    return datetime(monday.year, monday.month, monday.day, tzinfo=clock.NORWAY)


__all__ = ["OVERLAP", "count_functions"]
