"""The days of an organisation from its reports and from what was typed: what the curve is held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from fellesjournal.leadership.rollout.resources import TicketDay, TicketLog
from fellesjournal.leadership.rollout.support.figures import Day


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


__all__ = ["days_since"]
