"""Keeping the counts of HelsaMi up: new users, who was there in a week, who was represented; and which functions
they used (``counting_functions``).

Each run takes the sign-ins since the one before, in one transaction with the moment up to which it
counted. Counted twice is counted once, so that a killed run is made good by the next.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

from fellesjournal.access import portal_use
from fellesjournal.access.identity.web_sessions import KEPT
from fellesjournal.access.portal_use import Use
from fellesjournal.access.sessions import Session
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.leadership.figures.periods import week_of
from fellesjournal.leadership.indicators.he1.counting_functions import (
    OVERLAP,
    count_functions,
)
from fellesjournal.leadership.indicators.he1.views import RESIDENT
from fellesjournal.leadership.indicators.queries import seen_until

_BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
_USERS = (
    "insert into figures.portal_user (patient, began_week, municipality)"
    " select u.patient, u.week, coalesce("
    "  (select r.municipality from figures.resident r where r.person = u.patient limit 1), '')"
    " from unnest(%s::bigint[], %s::date[]) u(patient, week) on conflict do nothing"
)
_ACTIVE = (
    "insert into figures.portal_active (patient, week)"
    " select * from unnest(%s::bigint[], %s::date[]) on conflict do nothing"
)
_REPRESENTED = _ACTIVE.replace("portal_active", "portal_represented")


def count(session: Session) -> bool:
    """Take in who has signed in since the last time; whether it was possible.

    It is not as long as the table of residents is being made: a user counts where she lived when
    she began. Raises NotAllowed unless the platform itself asks.
    """
    if seen_until(session, RESIDENT) is None:
        return False
    with transaction():
        database = session.connection()
        database.execute(
            "insert into figures.portal_counted (until_at) values (%s) on conflict do nothing",
            [_BEGINNING],
        )
        row = database.execute("select until_at from figures.portal_counted for update").fetchone()
        assert row is not None  # inserted above
        since, until = row[0] - OVERLAP, clock.now()
        first = portal_use.first_uses(session, since, until)
        active = [*first, *portal_use.sign_ins(session, since, until)]
        database.execute(_USERS, _columns(first))
        database.execute(_ACTIVE, _columns(active))
        database.execute(_REPRESENTED, _columns(portal_use.represented(session, since, until)))
        oldest = monday(until - KEPT)
        database.execute("delete from figures.portal_active where week < %s", [oldest])
        database.execute("delete from figures.portal_represented where week < %s", [oldest])
        database.execute("update figures.portal_counted set until_at = %s", [until])
    count_functions(session, until)
    return True


def monday(at: datetime) -> date:
    """The first day, in Norway, of the ISO week of a moment."""
    return week_of(at.astimezone(clock.NORWAY).date()).start


def _columns(uses: Iterable[Use]) -> list[list[int] | list[date]]:
    every = sorted({(each.person, monday(each.at)) for each in uses})
    return [[person for person, _ in every], [week for _, week in every]]


__all__ = ["count", "monday"]
