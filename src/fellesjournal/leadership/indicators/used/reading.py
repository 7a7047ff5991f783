"""What people have used in twelve months, as it may be told: counted in the flat tables, pooled, and remembered.

Who lives where is what stands in the record today: a move within the period is not told apart. A count and
what becomes of it are one transaction: call it inside the one that keeps it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock
from fellesjournal.leadership.documents.policies import has_duty
from fellesjournal.leadership.figures.periods import Period
from fellesjournal.leadership.figures.result import Definition
from fellesjournal.leadership.figures.suppression import RULE, Rule
from fellesjournal.leadership.figures.times import add_months
from fellesjournal.leadership.indicators.asking import Group
from fellesjournal.leadership.indicators.memory import Memory, keep, opened
from fellesjournal.leadership.indicators.parts import HELD, Part
from fellesjournal.leadership.indicators.publishing import locked
from fellesjournal.leadership.indicators.queries import seen_until
from fellesjournal.leadership.indicators.used.counting import (
    SPOTS,
    Counted,
    Spot,
    begins,
    counted,
)
from fellesjournal.leadership.indicators.used.pooling import (
    Block,
    Earlier,
    Told,
    part_of,
    places,
    pooled,
)
from fellesjournal.leadership.indicators.used.services import (
    AGES_FROM,
    SERVICES,
    TABLES,
    LeftOut,
    Service,
    definition,
)

MONTHS = 12
SHORTEST = 90
"""Assumption (configurable): days that a rate of a year is made from at least; fewer tell more of the season."""
_ROUNDED = 5


class Why(StrEnum):
    """Why nothing is told of a period, or of a service."""

    NOT_READY = "not-ready"
    NOT_OVER = "not-over"
    NONE_KNOWN = "none-known"
    TOO_SHORT = "too-short"
    TOO_FEW = "too-few"


@dataclass(frozen=True, slots=True)
class Used:
    """What people of a place, sexes (``female``, ``male``, ``all``) and ages have used together. ``days``:
    those that they lived in what was counted.
    """

    place: str
    sex: str
    low: int
    high: int | None
    acts: int
    amount: Fraction
    days: int


@dataclass(frozen=True, slots=True)
class OfService:
    """A service from the first day that was counted: what is told of it, or ``why`` nothing is. ``left_out`` is
    to the nearest five, and without those that are fewer.
    """

    name: str
    since: date | None
    used: tuple[Used, ...] = ()
    left_out: tuple[tuple[LeftOut, int], ...] = ()
    why: Why | None = None


@dataclass(frozen=True, slots=True)
class Year:
    """Twelve months, as the record stood at ``cut``."""

    period: Period
    cut: datetime
    definition: Definition
    services: tuple[OfService, ...]


def last_year(session: Session) -> Period | None:
    """The last twelve whole months that the tables have seen; None as long as they are being made."""
    cut = data_cut(session)
    return None if cut is None else twelve_months_to(cut.astimezone(clock.NORWAY).date())


def twelve_months_to(day: date) -> Period:
    """The twelve whole months before the month of a day."""
    end = day.replace(day=1)
    return Period(add_months(end, -MONTHS), end)


def data_cut(session: Session) -> datetime | None:
    """Up to when all tables have seen the record; None as long as one is being made."""
    seen = [seen_until(session, table) for table in TABLES]
    known = [each for each in seen if each is not None]
    return min(*known, clock.now()) if len(known) == len(TABLES) else None


def used_in(session: Session, period: Period, rule: Rule = RULE) -> Year | Why:
    """What may be told of twelve months, remembered from now on.

    Raises NotFound for who has no duty to see figures, ValueError for a period of anything but whole months.
    """
    if not has_duty(session, {Duty.SEE_FIGURES}):
        raise NotFound("there is no such page")
    if period != twelve_months_to(period.end) or period.end.day != 1:
        raise ValueError(f"{period} are not twelve whole months")
    database, hash_ = session.connection(), definition().hash
    groups = places()
    with locked(database):
        cut = data_cut(session)
        if cut is None:
            return Why.NOT_READY
        if cut < period.instants[1]:
            return Why.NOT_OVER
        around = [_later(period, months) for months in range(1 - MONTHS, MONTHS)]
        memory = opened(database, hash_, around, [group.number for group in groups])
        found = tuple(_of(session, each, period, groups, memory, rule) for each in SERVICES)
        keep(database, hash_, memory)
    return Year(period, cut, definition(), found)


def _of(
    session: Session, service: Service, period: Period, groups: Sequence[Group], memory: Memory,
    rule: Rule,
) -> OfService:  # fmt: skip
    since = begins(session.connection(), service, period)
    if since is None:
        return OfService(service.name, None, why=Why.NONE_KNOWN)
    if (period.end - since).days < SHORTEST:
        return OfService(service.name, since, why=Why.TOO_SHORT)
    municipal = [group.unit for group in groups if group.unit.isdigit()]
    found = counted(session.connection(), service, Period(since, period.end), municipal)
    told = pooled(found.counts, groups, _earlier(memory, service.name), rule)
    if told is None:
        return OfService(service.name, since, why=Why.TOO_FEW)
    _remember(memory, period, service.name, groups, told)
    return OfService(service.name, since, tuple(_rows(told)), _left_out(found))


def _rows(told: Told) -> Iterator[Used]:
    for block, by_place in told.shown.items():
        ages = {spot.ages for spot in block}
        after = max(ages) + 1
        high = AGES_FROM[after] - 1 if after < len(AGES_FROM) else None
        for place, count in by_place.items():
            yield Used(
                place, _sex(block), AGES_FROM[min(ages)], high, count.acts, count.amount, count.days
            )


def _left_out(found: Counted) -> tuple[tuple[LeftOut, int], ...]:
    rounded = {
        why: (count + _ROUNDED // 2) // _ROUNDED * _ROUNDED for why, count in found.left_out.items()
    }
    enough = {why for why, count in found.left_out.items() if count >= RULE.count}
    return tuple((why, rounded[why]) for why in LeftOut if why in enough)


def _later(period: Period, months: int) -> Period:
    return Period(add_months(period.start, months), add_months(period.end, months))


def _earlier(memory: Memory, service: str) -> list[Earlier]:
    """What is remembered of a service, of each period that overlaps."""
    by_period: dict[Period, tuple[dict[Block, dict[int, Part]], ...]] = {}
    for (period, number, name), part in memory.before.items():
        said = name.removeprefix(HELD).split(" ")
        if said[0] == service:
            into = by_period.setdefault(period, ({}, {}))[name.startswith(HELD)]
            into.setdefault(_block(*said[1:]), {})[number] = part
    return [Earlier(*of) for of in by_period.values()]


def _remember(
    memory: Memory, period: Period, service: str, groups: Sequence[Group], told: Told
) -> None:
    numbers: Mapping[str, int] = {group.unit: group.number for group in groups}
    for block, by_place in told.shown.items():
        for place, count in by_place.items():
            memory.show(period, numbers[place], f"{service} {_name(block)}", part_of(count))
    for block, by_place in told.held.items():
        for place, count in by_place.items():
            memory.hold(period, numbers[place], f"{service} {_name(block)}", part_of(count))


def _sex(block: Block) -> str:
    sexes = {spot.sex for spot in block}
    return sexes.pop() if len(sexes) == 1 else "all"


def _name(block: Block) -> str:
    ages = [spot.ages for spot in block]
    return f"{_sex(block)} {min(ages)} {max(ages)}"


def _block(sex: str, first: str, last: str) -> Block:
    return frozenset(
        Spot(*spot)
        for spot in SPOTS
        if sex in {spot.sex, "all"} and int(first) <= spot.ages <= int(last)
    )


__all__ = [
    "MONTHS", "SHORTEST", "OfService", "Used", "Why", "Year", "data_cut", "last_year",
    "twelve_months_to", "used_in",
]  # fmt: skip
