"""The days of an organisation from its reports and from what was typed: what the curve is held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from fellesjournal.access.sessions import Session
from fellesjournal.leadership.documents.queries import all_standing
from fellesjournal.leadership.rollout.fitting import Site
from fellesjournal.leadership.rollout.programme import Programme
from fellesjournal.leadership.rollout.resources import TICKETS, TicketDay, TicketLog
from fellesjournal.leadership.rollout.support.figures import Day, all_days

FITTED_DAYS = 365
"""A year of a place tells how its tickets fade and level out; assumption (configurable)."""


def days_since(
    go_live: date,
    log: TicketLog | None,
    found: Sequence[Day],
    *,
    first: date | None,
    since: date,
    until: date,
) -> tuple[TicketDay, ...]:
    """The days after go-live from ``since`` on and before ``until``: from the ``first`` report on with as
    many tickets as were reported, none included; before that with as many as were typed. Without
    any report all that were typed. What was typed of a day besides its tickets stands beside it.
    """
    typed = {each.day: each for each in (log.days if log else ())}
    if first is None:
        return tuple(typed[day] for day in sorted(typed))
    reported = {(each.day - go_live).days: each for each in found}
    begins, ends = (max(since, go_live) - go_live).days, (until - go_live).days
    counts_from = max((first - go_live).days, begins)
    days = [typed[day] for day in sorted(typed) if begins <= day < counts_from]
    for day in range(counts_from, ends):
        here = reported.get(day)
        beside = replace(typed.get(day, TicketDay(day, 0)), reopened=None)
        counted = replace(beside, tickets=here.reports if here else 0)
        days.append(replace(counted, reopened=here.reopened if here else None))
    return tuple(days)


def sites(session: Session, programme: Programme, until: date) -> tuple[Site, ...]:
    """The organisations whose days from go-live on are known without a gap, reported or typed, as the
    curve is fitted on them: the first ``FITTED_DAYS`` of each.
    """
    logs = {each.key: each.body for each in all_standing(session, TICKETS)}
    reported = all_days(session, logs)
    found = []
    for actor, log in logs.items():
        plan = programme.plan(actor)
        if plan is None:
            continue
        go_live = plan.go_live(programme.wave(plan.wave))
        days = reported.get(actor, [])
        first = days[0].day if days else None
        known = days_since(go_live, log, days, first=first, since=go_live, until=until)[
            :FITTED_DAYS
        ]
        if known and [each.day for each in known] == list(range(len(known))):
            found.append(Site(actor, log.users, go_live, tuple(each.tickets for each in known)))
    return tuple(found)


__all__ = ["FITTED_DAYS", "days_since", "sites"]
