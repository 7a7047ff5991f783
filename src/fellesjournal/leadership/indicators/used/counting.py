"""The counts themselves, in full: for ``reading`` alone, which decides what of them may be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

import psycopg

from fellesjournal.leadership.figures.periods import Period
from fellesjournal.leadership.indicators.used.services import (
    ACTS,
    AGES_FROM,
    PEOPLE,
    RESIDENTS,
    LeftOut,
    Service,
    parameters,
)

Database = psycopg.Connection[Any]


class Spot(NamedTuple):
    """One sex (``female``, ``male``) and one group of ages, by its place in ``AGES_FROM``."""

    sex: str
    ages: int


SPOTS = tuple(Spot(sex, ages) for sex in ("female", "male") for ages in range(len(AGES_FROM)))


@dataclass(frozen=True, slots=True)
class Count:
    """``users`` of ``residents``; the ``days`` these have lived in the period; the contacts (``acts``) and
    what they add up to.
    """

    residents: int = 0
    days: int = 0
    users: int = 0
    acts: int = 0
    amount: Fraction = Fraction()

    def __add__(self, other: Count) -> Count:
        return Count(
            self.residents + other.residents, self.days + other.days, self.users + other.users,
            self.acts + other.acts, self.amount + other.amount,
        )  # fmt: skip


Counts = Mapping[str, Mapping[Spot, Count]]
"""By municipality. Nobody is counted at two spots or in two places."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted of a service from a day on, and how many contacts were left out, by why."""

    since: date
    counts: Counts
    left_out: Mapping[LeftOut, int]


def begins(database: Database, service: Service, period: Period) -> date | None:
    """The first day that is counted: that of the period, or the first of the month after the first contact of
    the kind in the record. None when there is no such contact: nothing says that there was no care.
    """
    rows = database.execute(
        f"with {service.acts} select min(day) from acts".encode(),
        {"start": date(1900, 1, 1), "last": period.end, **parameters(service)},
    ).fetchone()
    first = rows[0] if rows else None
    if first is None or first < period.start:
        return None if first is None else period.start
    return (date(first.year, first.month, 1) + timedelta(days=32)).replace(day=1)


def counted(database: Database, service: Service, period: Period, places: Sequence[str]) -> Counted:
    """What people of these municipalities have used of a service in a period."""
    asked = {
        "start": period.start, "last": period.end - timedelta(days=1), "places": list(places),
        "ages_from": list(AGES_FROM), **parameters(service),
    }  # fmt: skip
    found: dict[str, dict[Spot, Count]] = {place: {} for place in places}
    for place, sex, ages, residents, days in database.execute(
        f"with {PEOPLE} {RESIDENTS}".encode(), asked
    ):
        found[place][Spot(sex, ages - 1)] = Count(residents, days)
    left_out: dict[LeftOut, int] = {}
    for why, place, sex, ages, users, acts, amount in database.execute(
        f"with {PEOPLE}, {service.acts} {ACTS}".encode(), asked
    ):
        if why:
            left_out[LeftOut(why)] = acts
            continue
        spot = Spot(sex, ages - 1)
        found[place][spot] = replace(
            found[place][spot], users=users, acts=acts, amount=service.amount(int(amount))
        )
    return Counted(period.start, found, left_out)


__all__ = ["SPOTS", "Count", "Counted", "Counts", "Database", "Spot", "begins", "counted"]
