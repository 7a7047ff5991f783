"""HE1 for a page: counts by municipality, week and age, as the tables of figures give them.

Counts alone leave here, of all municipalities, for whoever has the duty to see figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock
from fellesjournal.leadership.documents.policies import has_duty
from fellesjournal.leadership.figures.periods import week_of
from fellesjournal.leadership.figures.times import add_months
from fellesjournal.leadership.indicators.he1.assumptions import AGES
from fellesjournal.leadership.indicators.he1.definition import (
    LIVING,
    RESIDENTS,
    USERS,
    WEEKLY,
    definition,
)
from fellesjournal.leadership.indicators.he1.series import (
    AgeRate,
    Counts,
    Place,
    ages,
    mondays,
    places,
)
from fellesjournal.leadership.indicators.he1.shares import ALL, number_of
from fellesjournal.leadership.indicators.he1.views import RESIDENT
from fellesjournal.leadership.indicators.memory import keep, opened
from fellesjournal.leadership.indicators.publishing import locked
from fellesjournal.leadership.indicators.queries import seen_until

_WEEK = timedelta(days=7)


def counted_until(session: Session) -> datetime | None:
    """Up to when sign-ins are counted; None as long as they never were."""
    row = session.connection().execute("select until_at from figures.portal_counted").fetchone()
    return None if row is None else row[0]


def weeks_until(last: date, count: int) -> list[date]:
    """So many Mondays, the last of them ``last``."""
    return [last - n * _WEEK for n in range(count - 1, -1, -1)]


def counts(session: Session, weeks: list[date], today: date | None = None) -> Counts:
    """All that is counted by the last of these weeks; nothing as long as the table of residents is
    being made. Raises NotFound for who has no such duty.
    """
    if not has_duty(session, {Duty.SEE_FIGURES}):
        raise NotFound("there is no such page")
    if seen_until(session, RESIDENT) is None:
        return Counts({}, {}, {})
    day = clock.today() if today is None else today
    asked: dict[str, Any] = {"first": weeks[0], "last": weeks[-1]} | {
        f"from_{age}": add_months(day, -12 * age) for age in AGES if age
    }
    database = session.connection()
    users: dict[str, dict[date, int]] = {}
    for place, week, count in database.execute(USERS, asked):
        users.setdefault(place, {})[week] = count
    living: dict[tuple[str, int], dict[date, int]] = {}
    for place, age, week, count in database.execute(LIVING, asked):
        living.setdefault((place, age), {})[week] = count
    residents = {(place, age): count for place, age, count in database.execute(RESIDENTS, asked)}
    weekly = database.execute(WEEKLY, asked).fetchall()
    return Counts(
        users, living, residents,
        {(place, week): count for place, week, count, _ in weekly},
        {(place, week): count for place, week, _, count in weekly},
    )  # fmt: skip


def looked_at(
    session: Session, counted: Counts, weeks: Sequence[date], ages_of: str | None = None
) -> tuple[tuple[Place, ...], tuple[AgeRate, ...]]:
    """What is shown of all municipalities in some weeks, and of the ages of one of them (or all) by the
    last; remembered from now on, on every page and in every file.
    """
    database, hash_ = session.connection(), definition().hash
    numbers = [number_of(place) for place in (ALL, *counted.places)]
    with locked(database):
        upto = max(
            weeks[-1], week_of(clock.today()).start
        )  # what was shown of a later week counts too
        known = mondays(counted, [*weeks, upto])
        memory = opened(database, hash_, map(week_of, known), numbers)
        found = places(counted, weeks, memory)
        by_age = () if ages_of is None else ages(counted, ages_of, weeks[-1], AGES, memory)
        keep(database, hash_, memory)
    return found, by_age


__all__ = ["counted_until", "counts", "looked_at", "weeks_until"]
