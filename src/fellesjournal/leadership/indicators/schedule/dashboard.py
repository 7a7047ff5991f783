"""The dashboard of one unit: months side by side, one month against others, kinds of contact, waits.

What would be about a few who did not come, or called off late, is held back, in a month and in what
would tell it: the year so far, the part of a month, another kind of contact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from fellesjournal.care.scheduling.resources import contact_of
from fellesjournal.leadership.figures.periods import Period, month_of, previous
from fellesjournal.leadership.figures.ratios import Ratio, Why, change
from fellesjournal.leadership.figures.suppression import RULE, Cell, Rule, hidden
from fellesjournal.leadership.indicators.schedule import flags
from fellesjournal.leadership.indicators.schedule.comparing import Parts, parts
from fellesjournal.leadership.indicators.schedule.diaries import Diary, by_day, waits
from fellesjournal.leadership.indicators.schedule.reading import end_of
from fellesjournal.leadership.indicators.schedule.tallies import (
    Key,
    Tally,
    counts,
    together,
    value,
)
from fellesjournal.leadership.indicators.schedule.waiting import Wait, middle
from fellesjournal.registry.opening_rules import OpeningRules

TALLIED = (
    Key.CLINICIAN_UTILISATION, Key.SCHEDULE_UTILISATION, Key.NO_SHOW_TIME, Key.NO_SHOW_RATE,
    Key.LATE_CANCEL_TIME, Key.CLINIC_CANCEL_TIME, Key.REQUESTED_DATE_MET, Key.COMPLETED,
)  # fmt: skip
_ABOUT: Mapping[Key, Key] = {
    Key.NO_SHOW_TIME: Key.NO_SHOW_TIME,
    Key.NO_SHOW_RATE: Key.NO_SHOW_TIME,
    Key.LATE_CANCEL_TIME: Key.LATE_CANCEL_TIME,
    Key.CLINIC_CANCEL_TIME: Key.CLINIC_CANCEL_TIME,
    Key.REQUESTED_DATE_MET: Key.REQUESTED_DATE_MET,
}
"""The keys that may be about a few people, and by whose count."""
_COUNTED = tuple(dict.fromkeys(_ABOUT.values()))


@dataclass(frozen=True, slots=True)
class Value:
    """One cell: a number, or why there is none; ``is_hidden``: few. ``of`` is what it was made of."""

    ratio: Ratio
    of: tuple[int, int] | None = None
    is_hidden: bool = False
    flags: tuple[flags.Flag, ...] = ()


HIDDEN = Value(Ratio(None, Why.NO_OBSERVATIONS), is_hidden=True)


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
class Dashboard:
    """All of it, for one month. ``waits`` are by schedule and kind."""

    parts: Parts
    months: tuple[Month, ...]
    compared: tuple[Compared, ...]
    kinds: tuple[OfKind, ...]
    waits: tuple[tuple[str, str, Wait], ...]
    clinicians: int


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
) -> Dashboard:
    """The dashboard of the month that a day is in, with so many months up to it."""
    compared = parts(day, now)
    periods = [month_of(day)]
    while len(periods) < shown:
        periods.insert(0, previous(periods[0]))
    first = min(compared.year_before.start, periods[0].start)
    whole = Period(first, compared.month.end)
    by_date = _added(by_day(each, whole.each_day(), now) for each in diaries)
    tallies = _Tallies(by_date, compared, rule)
    return Dashboard(
        compared,
        _flagged([_month(tallies, each, diaries, now, horizon) for each in periods]),
        tuple(_compared(tallies, key) for key in TALLIED),
        _kinds(diaries, compared.so_far, now, horizon, rule),
        tuple(
            (each.name, kind, wait)
            for each in diaries
            for kind, wait in sorted(waits(each, end_of(compared.month.end), horizon).items())
        ),
        len(diaries),
    )  # fmt: skip


class _Tallies:
    """Tallies of periods, and which of them are about a few."""

    def __init__(self, by_date: Mapping[date, Tally], compared: Parts, rule: Rule) -> None:
        self._by_date = by_date
        self.parts = compared
        self._rule = rule
        months = {month_of(day) for day in by_date}
        self._back = {key: self._held_back(key, months) for key in _COUNTED}

    def of(self, period: Period) -> Tally:
        """The tally of some days; of the month that is looked at, those that are over."""
        days = self.parts.so_far if period == self.parts.month else period
        return together(tally for day, tally in self._by_date.items() if day in days)

    def month(self, key: Key, period: Period) -> Value:
        """A cell of a month; small ones, and those that would tell one, are held back."""
        if key in _ABOUT and period in self._back[_ABOUT[key]]:
            return HIDDEN
        return _value(self.of(period), key, self._rule)

    def part(self, key: Key, period: Period, of: Period) -> Value:
        """A cell of a part of a month, unless the rest of it would be a few."""
        tally = self.of(period)
        if key in _ABOUT:
            rest = _minus(_cell(self.of(of), key), _cell(tally, key))
            if _is_few(rest, self._rule) or self.month(key, of).is_hidden:
                return HIDDEN
        return _value(tally, key, self._rule)

    def year(self, key: Key, period: Period) -> Value:
        """A cell of a year so far. Beside whole months it is safe (``_held_back``); what it has of a
        month that goes on must not be a few, nor leave a few.
        """
        month = month_of(period.end - timedelta(days=1))
        part = Period(month.start, period.end)
        if month not in {part, self.parts.month} and self.part(key, part, month).is_hidden:
            return HIDDEN
        return _value(self.of(period), key, self._rule)

    def _held_back(self, key: Key, months: Iterable[Period]) -> frozenset[Period]:
        """Months of each year that are small, and one more where one alone would be told by the sum."""
        found: set[Period] = set()
        by_year: dict[int, dict[str, Period]] = {}
        for month in months:
            by_year.setdefault(month.start.year, {})[str(month.start)] = month
        for of_year in by_year.values():
            cells = {name: _cell(self.of(month), key) for name, month in of_year.items()}
            found |= {of_year[name] for name in _held_back(cells, self._rule)}
        return frozenset(found)


def _month(
    tallies: _Tallies, period: Period, diaries: Sequence[Diary], now: datetime, horizon: int
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


def _compared(tallies: _Tallies, key: Key) -> Compared:
    of = tallies.parts
    before = tallies.month(key, of.before)
    like = before if of.like == of.before else tallies.part(key, of.like, of.before)
    return Compared(
        key, tallies.month(key, of.month), before, like,
        tallies.year(key, of.year), tallies.year(key, of.year_before),
    )  # fmt: skip


def _kinds(
    diaries: Sequence[Diary], period: Period, now: datetime, horizon: int, rule: Rule
) -> tuple[OfKind, ...]:
    """The kinds of contact there are openings or appointments of, with small ones held back."""
    kinds = sorted(
        {contact_of(each.kind) for diary in diaries for each in diary.rules.rules}
        | {each.kind for diary in diaries for each in diary.booked if each.day in period}
    )
    tallies = {
        kind: together(
            tally
            for diary in diaries
            for tally in by_day(_only(diary, kind), period.each_day(), now).values()
        )
        for kind in kinds
    }
    back = {
        key: _held_back({kind: _cell(tally, key) for kind, tally in tallies.items()}, rule)
        for key in _COUNTED
    }
    at = end_of(period.end)
    found = []
    for kind in kinds:
        every = [waits(diary, at, horizon).get(kind) for diary in diaries]
        values = {
            key: HIDDEN
            if key in _ABOUT and kind in back[_ABOUT[key]]
            else _value(tallies[kind], key, rule)
            for key in TALLIED
        }
        found.append(OfKind(kind, values, middle([each for each in every if each is not None])))
    return tuple(found)


def _held_back(cells: Mapping[str, Cell], rule: Rule) -> frozenset[str]:
    """Which of some cells are held back beside their total. A total of none tells nobody anything
    of anybody.
    """
    some = {name: cell for name, cell in cells.items() if cell.denominator}
    if not any(cell.numerator for cell in some.values()):
        return frozenset()
    return hidden(some, total_is_shown=True, rule=rule)


def _only(diary: Diary, kind: str) -> Diary:
    rules = OpeningRules(
        tuple(each for each in diary.rules.rules if contact_of(each.kind) == kind),
        diary.rules.closed,
    )
    return replace(
        diary, rules=rules, booked=tuple(each for each in diary.booked if each.kind == kind)
    )


def _value(tally: Tally, key: Key, rule: Rule) -> Value:
    if key in _ABOUT and _is_few(_cell(tally, key), rule):
        return HIDDEN
    return Value(value(tally, key), counts(tally, key))


def _cell(tally: Tally, key: Key) -> Cell:
    """What a key is about, as people: who did not come or were called off late, of all who were to."""
    match _ABOUT[key]:
        case Key.REQUESTED_DATE_MET:
            return Cell(tally.requested_met, tally.requested)
        case Key.LATE_CANCEL_TIME:
            few = tally.late_cancels
        case Key.CLINIC_CANCEL_TIME:
            few = tally.clinic_cancels
        case _:
            few = tally.no_shows
    every = tally.completed + tally.no_shows + tally.late_cancels + tally.clinic_cancels
    return Cell(few, every)


def _minus(whole: Cell, part: Cell) -> Cell:
    return Cell(whole.numerator - part.numerator, whole.denominator - part.denominator)


def _is_few(cell: Cell, rule: Rule) -> bool:
    return cell.denominator > 0 and rule.is_small(cell)


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
    "HIDDEN", "TALLIED", "Compared", "Dashboard", "Month", "OfKind", "Value", "dashboard", "span",
]  # fmt: skip
