"""What every statement of an indicator is asked with: its parameters, and the tables before it.

``asked(unit, grp, top)`` says which units are counted together, and of which organisation they are;
``home(unit, top)`` has each of them once; ``calendar(day, turn, opens, closes)`` has a
row for each day: the how-manieth working day it is (one that is none has the number of the last), and
when the agreed hours begin and end on it, as moments (none where they do not). ``periods(day, period)``
has the days of each period that is asked about: one that a query looks through the rows for but once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from fellesjournal.foundation import clock
from fellesjournal.leadership.figures.assumptions import Assumption
from fellesjournal.leadership.figures.periods import Period
from fellesjournal.leadership.figures.result import Definition
from fellesjournal.leadership.figures.times import instant_of
from fellesjournal.leadership.indicators.assumptions import AGREED_FROM, AGREED_TO, ASSUMPTIONS
from fellesjournal.leadership.indicators.definition import Indicator
from fellesjournal.leadership.indicators.values import local_day
from fellesjournal.registry.working_days import is_working_day

_TIMES: Final = (
    "calendar(day, turn, opens, closes) as (select unnest(%(days)s::date[]), unnest(%(turns)s::bigint[]),"
    " unnest(%(opens)s::bigint[]), unnest(%(closes)s::bigint[])),\n"
    "periods(day, period) as (select unnest(%(period_days)s::date[]), unnest(%(periods)s::bigint[])),\n"
)
BEFORE: Final = (
    "with asked(unit, grp, top) as (select unnest(%(units)s::bigint[]), unnest(%(groups)s::bigint[]),"
    " unnest(%(tops)s::bigint[])),\n"
    "home(unit, top) as (select distinct unit, top from asked),\n"
) + _TIMES
BEFORE_PAIRS: Final = (
    "with asked(unit, grp, top) as (select unnest(%(units)s::bigint[]), unnest(%(groups)s::bigint[]),"
    " 0::bigint),\n"
    "home(unit, top) as (select unit, grp from asked),\n"
) + _TIMES
"""The same for pairs of organisations: what goes within one is a pair too, and is left out of none."""
_ANSWERED_UNTIL: Final = timedelta(days=62)
"""So long after a period something of it may still be opened or answered, and be timed."""


class Side(StrEnum):
    """At which end a handover counts."""

    FROM = "from"
    TO = "to"


@dataclass(frozen=True, slots=True)
class Group:
    """What a figure is of: ``unit`` as ``Organization/x``, and the numbers of it and all below.
    ``parent`` is the unit that its figure is part of, "" for one that stands alone; ``top`` the number of
    the organisation it is of: what goes within one does not come to it from others.
    """

    number: int
    unit: str
    units: tuple[int, ...]
    parent: str = ""
    top: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """Which indicator, of which period, at which side, with which values of its assumptions."""

    indicator: Indicator
    period: Period
    side: Side = Side.FROM
    values: Mapping[str, Decimal] | None = None

    @property
    def definition(self) -> Definition:
        """What the figures carry: another value of an assumption is another definition."""
        own = self.indicator.definition
        of = {each.key: each.value for each in assumptions_of(self.indicator)}
        set_ = {key: self.value(key) for key in of if self.value(key) != of[key]}
        if not set_:
            return own
        said = "\n".join([own.hash, *(f"{key} {set_[key]}" for key in sorted(set_))])
        return Definition(
            own.indicator, own.version, hashlib.sha256(said.encode()).hexdigest()[:16]
        )

    def value(self, key: str) -> Decimal:
        """What an assumption is taken to be."""
        shipped = next(each.value for each in ASSUMPTIONS if each.key == key)
        return shipped if self.values is None else self.values.get(key, shipped)


def bundled(asked: Sequence[Asked]) -> list[list[int]]:
    """The places of questions that one statement answers: those of one indicator that differ in the period
    alone, where its query can tell them apart.
    """
    found: dict[object, list[int]] = {}
    for place, each in enumerate(asked):
        said = frozenset((each.values or {}).items())
        key = (each.indicator.id, each.side, said) if each.indicator.is_by_period else place
        found.setdefault(key, []).append(place)
    return list(found.values())


def parameters(
    asked: Asked, groups: Iterable[Group], cut: datetime, periods: Sequence[Period] = ()
) -> dict[str, Any]:
    """All parameters of a statement; moments as microseconds since 1970. ``periods``: those that are asked
    about at once, where it is not the one of the question alone.
    """
    several = periods or (asked.period,)
    of_days = [(day, number) for number, each in enumerate(several) for day in _days(each)]
    pairs = [(unit, group.number, group.top) for group in groups for unit in group.units]
    at = clock.microseconds(cut)
    days = _calendar(asked) if asked.indicator.has_sides else []
    return {
        "units": [unit for unit, *_ in pairs],
        "groups": [number for _, number, _ in pairs],
        "tops": [top for *_, top in pairs],
        "days": [day for day, *_ in days],
        "turns": [turn for _, turn, *_ in days],
        "opens": [opens for *_, opens, _ in days],
        "closes": [closes for *_, closes in days],
        "period_days": [day for day, _ in of_days],
        "periods": [number for _, number in of_days],
        "start": min(each.start for each in several),
        "end": max(each.end for each in several),
        "cut": at,
        "today": local_day(at),
        "side": str(asked.side),
        **{each.key.replace("-", "_"): asked.value(each.key) for each in asked.indicator.reads},
    }


def _days(period: Period) -> list[date]:
    return [period.start + timedelta(days=n) for n in range((period.end - period.start).days)]


def assumptions_of(indicator: Indicator) -> Sequence[Assumption]:
    """The assumptions that its values follow from, besides what its texts say."""
    return [*indicator.reads, *((AGREED_FROM, AGREED_TO) if indicator.is_clocked else ())]


def _calendar(asked: Asked) -> list[tuple[date, int, int | None, int | None]]:
    opens_at, closes_at = asked.value(AGREED_FROM.key), asked.value(AGREED_TO.key)
    rows: list[tuple[date, int, int | None, int | None]] = []
    day, turn = asked.period.start, 0
    while day < asked.period.end + _ANSWERED_UNTIL:
        opens = closes = None
        if is_working_day(day):
            turn += 1
            opens, closes = _moment(day, opens_at), _moment(day, closes_at)
        rows.append((day, turn, opens, closes))
        day += timedelta(days=1)
    return rows


def _moment(day: date, hours: Decimal) -> int:
    """When a clock in Norway shows so many hours of a day; 24 is the midnight after it."""
    minutes = int(min(max(hours, Decimal(0)), Decimal(24)) * 60)
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    return clock.microseconds(instant_of(wall).at)


__all__ = [
    "BEFORE", "BEFORE_PAIRS", "Asked", "Group", "Side", "assumptions_of", "bundled", "parameters",
]  # fmt: skip
