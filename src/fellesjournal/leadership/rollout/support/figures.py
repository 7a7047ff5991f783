"""How reports of an organisation are answered, and how many came each day: one statement each over
typed columns. The arithmetic is that of ``rollout/tickets.py``, to which tests hold it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound
from fellesjournal.leadership.documents.policies import has_duty
from fellesjournal.leadership.rollout.assumptions import ASSUMED, Assumptions

_SERVICE = """
with known as (
    select opened, safety, reopened,
        case when first_response <= %(at)s then first_response end as answered,
        case when closed <= %(at)s then closed end as closed
    from leadership.ticket
    where organisation = %(organisation)s and duplicate_of is null and opened <= %(at)s)
select count(*), count(*) filter (where reopened > 0),
    percentile_disc(0.5) within group (order by answered - opened) filter (where answered is not null),
    count(*) filter (where answered is null),
    percentile_disc(0.9) within group (order by closed - opened) filter (where closed is not null),
    count(*) filter (where closed is null),
    percentile_disc(0.5) within group (order by %(at)s - opened) filter (where closed is null),
    max(%(at)s - opened) filter (where closed is null),
    count(*) filter (where closed is null and safety and %(at)s - opened > %(limit)s),
    (min(opened) at time zone 'Europe/Oslo')::date
from known"""
_BY_DAY = """
select (opened at time zone 'Europe/Oslo')::date as day, count(*), count(*) filter (where reopened > 0)
from leadership.ticket
where organisation = %s and duplicate_of is null and (opened at time zone 'Europe/Oslo')::date >= %s
group by day order by day"""


_ALL_DAYS = """
select organisation, (opened at time zone 'Europe/Oslo')::date as day, count(*),
    count(*) filter (where reopened > 0)
from leadership.ticket
where organisation = any(%s) and duplicate_of is null group by organisation, day
order by organisation, day"""


@dataclass(frozen=True, slots=True)
class Counted:
    """Reports of an organisation at a moment, without duplicates. ``p90_to_close`` is of the closed
    ones; ``median_age`` and ``oldest`` of the open ones; ``unsafe`` about safety and open too long;
    ``first`` the day of the first, None without any.
    """

    reports: int
    reopened: int
    median_first_response: timedelta | None
    unanswered: int
    p90_to_close: timedelta | None
    open: int
    median_age: timedelta | None
    oldest: timedelta | None
    unsafe: int
    first: date | None


@dataclass(frozen=True, slots=True)
class Day:
    """Reports of a day, and how many of them were opened again."""

    day: date
    reports: int
    reopened: int


def counted(
    session: Session, organisation: str, at: datetime, assumed: Assumptions = ASSUMED
) -> Counted:
    """How an organisation's reports are answered. Raises NotFound for who sees no figures."""
    _must_count(session)
    limit = timedelta(hours=float(assumed.safety_hours))
    asked = {"organisation": organisation, "at": at, "limit": limit}
    row = session.connection().execute(_SERVICE, asked).fetchone()
    assert row is not None  # an aggregate has a row
    return Counted(*row)


def by_day(session: Session, organisation: str, since: date) -> list[Day]:
    """The days from one on that have reports. Raises NotFound for who sees no figures."""
    _must_count(session)
    rows = session.connection().execute(_BY_DAY, [organisation, since])
    return [Day(*row) for row in rows]


def all_days(session: Session, organisations: Iterable[str]) -> Mapping[str, list[Day]]:
    """The days of several organisations that have reports, by organisation. Raises NotFound for who sees
    no figures.
    """
    _must_count(session)
    found: dict[str, list[Day]] = {}
    for organisation, *day in session.connection().execute(_ALL_DAYS, [list(organisations)]):
        found.setdefault(organisation, []).append(Day(*day))
    return found


def _must_count(session: Session) -> None:
    if not has_duty(session, {Duty.SEE_FIGURES}):
        raise NotFound("there is no such page")


__all__ = ["Counted", "Day", "all_days", "by_day", "counted"]
