"""The dashboard of one unit: months side by side, one month against others, kinds of contact, waits.

What may be shown of them: ``cells``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from fellesjournal.care.scheduling.resources import contact_of
from fellesjournal.leadership.figures.periods import Period, month_of, previous
from fellesjournal.leadership.figures.ratios import Ratio, Why, change
from fellesjournal.leadership.figures.signals import XmR, xmr
from fellesjournal.leadership.figures.suppression import RULE, Rule
from fellesjournal.leadership.indicators.memory import Memory
from fellesjournal.leadership.indicators.schedule import flags
from fellesjournal.leadership.indicators.schedule.cells import (
    TALLIED,
    Tallies,
    Told,
    Value,
    kinds_back,
    of_kind,
)
from fellesjournal.leadership.indicators.schedule.comparing import Parts, parts
from fellesjournal.leadership.indicators.schedule.diaries import Diary, by_day, waits
from fellesjournal.leadership.indicators.schedule.reading import end_of
from fellesjournal.leadership.indicators.schedule.tallies import (
    Key,
    Tally,
    together,
)
from fellesjournal.leadership.indicators.schedule.waiting import Wait, middle

_ENOUGH = 4
"""Assumption (configurable): of fewer months no chart is drawn."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month: whether it is over, its cells by key, its wait at its end (or now), and the openings
    that passed unused.
    """

    period: Period
    is_over: bool
    values: Mapping[Key, Value]
    wait: Wait | None
    unused: int
    unused_minutes: int


@dataclass(frozen=True, slots=True)
class Compared:
    """One key of a month against others. ``like`` is the part of the month before that has as many
    days; the year so far stands apart.
    """

    key: Key
    now: Value
    before: Value
    like: Value
    year: Value
    year_before: Value

    @property
    def from_before(self) -> Ratio:
        """The change from the whole month before."""
        return _change(self.now, self.before)

    @property
    def from_like(self) -> Ratio:
        """The change from the same part of the month before."""
        return _change(self.now, self.like)

    @property
    def from_year_before(self) -> Ratio:
        """The change of the year so far from the same days a year before."""
        return _change(self.year, self.year_before)


@dataclass(frozen=True, slots=True)
class OfKind:
    """A kind of contact in the month (a code of 8432, or another of ``contact_of``)."""

    kind: str
    values: Mapping[Key, Value]
    wait: Wait | None


@dataclass(frozen=True, slots=True)
class Signal:
    """A series of whole months with its limits, and the months that lie outside them."""

    chart: XmR
    values: tuple[float, ...]
    months: tuple[Period, ...]
    outside: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """All of it, for one month. ``waits`` are by schedule and kind."""

    parts: Parts
    months: tuple[Month, ...]
    compared: tuple[Compared, ...]
    kinds: tuple[OfKind, ...]
    waits: tuple[tuple[str, str, Wait], ...]
    clinicians: int

    @property
    def signal(self) -> Signal | None:
        """The control chart of completed appointments in the whole months; None of too few."""
        whole = [each for each in self.months if each.is_over]
        values = [float(each.values[Key.COMPLETED].ratio.value or 0) for each in whole]
        if len(values) < _ENOUGH:
            return None
        chart = xmr(values)
        outside = tuple(whole[at].period for at in chart.signals(values))
        return Signal(chart, tuple(values), tuple(each.period for each in whole), outside)


def span(day: date, now: datetime, shown: int) -> Period:
    """The days whose appointments are needed: from a year before the year's first, or the first month
    that is shown, to as far ahead as anything is booked.
    """
    found = parts(day, now)
    first = month_of(day)
    for _ in range(shown - 1):
        first = previous(first)
    return Period(min(found.year_before.start, first.start), date(day.year + 2, 1, 1))


def dashboard(
    diaries: Sequence[Diary],
    day: date,
    now: datetime,
    *,
    shown: int,
    horizon: int,
    rule: Rule = RULE,
    memory: Memory | None = None,
    unit: int = 0,
) -> Dashboard:
    """The dashboard of the month that a day is in, with so many months up to it. ``memory``: what was shown of
    the unit (its number); what is shown now is written into it.
    """
    told = Told(Memory() if memory is None else memory, unit, rule)
    compared = parts(day, now)
    periods = [month_of(day)]
    while len(periods) < shown:
        periods.insert(0, previous(periods[0]))
    first = min(compared.year_before.start, periods[0].start)
    whole = Period(first, compared.month.end)
    by_date = _added(by_day(each, whole.each_day(), now) for each in diaries)
    tallies = Tallies(by_date, compared, rule, told)
    return Dashboard(
        compared,
        _flagged([_month(tallies, each, diaries, now, horizon) for each in periods]),
        tuple(_compared(tallies, key) for key in TALLIED),
        _kinds(diaries, tallies, now, horizon, rule, told),
        tuple(
            (each.name, kind, wait)
            for each in diaries
            for kind, wait in sorted(waits(each, end_of(compared.month.end), horizon).items())
        ),
        len(diaries),
    )  # fmt: skip


def _month(
    tallies: Tallies, period: Period, diaries: Sequence[Diary], now: datetime, horizon: int
) -> Month:
    tally = tallies.of(period)
    at = end_of(period.end)
    found = [wait for each in diaries for wait in waits(each, at, horizon).values()]
    return Month(
        period, period.instants[1] <= now, {key: tallies.month(key, period) for key in TALLIED},
        middle(found), tally.unused, tally.unused_minutes,
    )  # fmt: skip


def _flagged(months: Sequence[Month]) -> tuple[Month, ...]:
    """The months with the flags of their cells: of utilisation, and of months far from the others."""
    found = [dict(each.values) for each in months]
    for key in TALLIED:
        over = [each.values[key].ratio.value if each.is_over else None for each in months]
        for at in flags.of_months(over):
            found[at][key] = _with(found[at][key], (flags.Flag.OUTLIER,))
    for at, each in enumerate(months):
        completed = each.values[Key.COMPLETED].ratio.value or 0
        for key in (Key.SCHEDULE_UTILISATION, Key.CLINICIAN_UTILISATION):
            share = each.values[key].ratio.value
            told = flags.of_utilisation(share, int(completed), each.unused)
            found[at][key] = _with(found[at][key], told)
    return tuple(replace(each, values=values) for each, values in zip(months, found, strict=True))


def _with(cell: Value, more: tuple[flags.Flag, ...]) -> Value:
    return replace(cell, flags=(*cell.flags, *more))


def _compared(tallies: Tallies, key: Key) -> Compared:
    of = tallies.parts
    before = tallies.month(key, of.before)
    like = before if of.like == of.before else tallies.part(key, of.like, of.before)
    return Compared(
        key, tallies.month(key, of.month), before, like,
        tallies.year(key, of.year), tallies.year(key, of.year_before),
    )  # fmt: skip


def _kinds(
    diaries: Sequence[Diary], of_unit: Tallies, now: datetime, horizon: int, rule: Rule, told: Told
) -> tuple[OfKind, ...]:
    """The kinds of contact there are openings or appointments of, with small ones held back."""
    period, month = of_unit.parts.so_far, of_unit.parts.month
    kinds = sorted(
        {contact_of(each.kind) for diary in diaries for each in diary.rules.rules}
        | {each.kind for diary in diaries for each in diary.booked if each.day in period}
    )
    tallies = {
        kind: together(
            tally
            for diary in diaries
            for tally in by_day(diary, period.each_day(), now, kind).values()
        )
        for kind in kinds
    }
    back = {
        # all kinds together would tell a month that is held back
        key: frozenset(kinds) if of_unit.is_back(key, month) else kinds_
        for key, kinds_ in kinds_back(tallies, rule, told, month).items()
    }
    at = end_of(period.end)
    found = []
    for kind in kinds:
        every = [waits(diary, at, horizon).get(kind) for diary in diaries]
        values = {
            key: told.value(
                of_kind(month, kind), key, tallies[kind], is_back=kind in back.get(key, ())
            )
            for key in TALLIED
        }
        found.append(OfKind(kind, values, middle([each for each in every if each is not None])))
    return tuple(found)


def _added(several: Iterable[Mapping[date, Tally]]) -> dict[date, Tally]:
    found: dict[date, Tally] = {}
    for each in several:
        for day, tally in each.items():
            found[day] = found[day] + tally if day in found else tally
    return found


def _change(now: Value, base: Value) -> Ratio:
    if now.ratio.value is None or base.ratio.value is None:
        return Ratio(None, Why.NO_OBSERVATIONS)
    return change(now.ratio.value, base.ratio.value)


__all__ = [
    "TALLIED", "Compared", "Dashboard", "Month", "OfKind", "Signal", "Value", "dashboard", "span",
]  # fmt: skip
