"""The cells of the schedule dashboard, and which of them would tell of a few who did not come or were
called off late: in a month, in the year so far, in a part of a month, in a kind of contact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from fellesjournal.leadership.figures.periods import Period, month_of
from fellesjournal.leadership.figures.ratios import Ratio, Why
from fellesjournal.leadership.figures.suppression import Cell, Rule, hidden
from fellesjournal.leadership.indicators.schedule.comparing import Parts
from fellesjournal.leadership.indicators.schedule.flags import Flag
from fellesjournal.leadership.indicators.schedule.tallies import (
    Key,
    Tally,
    counts,
    together,
    value,
)

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
    flags: tuple[Flag, ...] = ()


HIDDEN = Value(Ratio(None, Why.NO_OBSERVATIONS), is_hidden=True)


class Tallies:
    """Tallies of periods, and which of them are about a few."""

    def __init__(self, by_date: Mapping[date, Tally], compared: Parts, rule: Rule) -> None:
        self._by_date = by_date
        self.parts = compared
        self._rule = rule
        months = {month_of(day) for day in by_date}
        self._back = {key: self._months_back(key, months) for key in _COUNTED}

    def of(self, period: Period) -> Tally:
        """The tally of some days; of the month that is looked at, those that are over."""
        days = self.parts.so_far if period == self.parts.month else period
        return together(tally for day, tally in self._by_date.items() if day in days)

    def month(self, key: Key, period: Period) -> Value:
        """A cell of a month; small ones, and those that would tell one, are held back."""
        if key in _ABOUT and period in self._back[_ABOUT[key]]:
            return HIDDEN
        return value_of(self.of(period), key, self._rule)

    def part(self, key: Key, period: Period, of: Period) -> Value:
        """A cell of a part of a month, unless the rest of it would be a few."""
        tally = self.of(period)
        if key in _ABOUT:
            rest = _minus(_cell(self.of(of), key), _cell(tally, key))
            if _is_few(rest, self._rule) or self.month(key, of).is_hidden:
                return HIDDEN
        return value_of(tally, key, self._rule)

    def year(self, key: Key, period: Period) -> Value:
        """A cell of a year so far. Beside whole months it is safe (``_held_back``); what it has of a
        month that goes on must not be a few, nor leave a few.
        """
        month = month_of(period.end - timedelta(days=1))
        part = Period(month.start, period.end)
        if month not in {part, self.parts.month} and self.part(key, part, month).is_hidden:
            return HIDDEN
        return value_of(self.of(period), key, self._rule)

    def _months_back(self, key: Key, months: Iterable[Period]) -> frozenset[Period]:
        """Months of each year that are small, and one more where one alone would be told by the sum."""
        found: set[Period] = set()
        by_year: dict[int, dict[str, Period]] = {}
        for month in months:
            by_year.setdefault(month.start.year, {})[str(month.start)] = month
        for of_year in by_year.values():
            cells = {name: _cell(self.of(month), key) for name, month in of_year.items()}
            found |= {of_year[name] for name in held_back(cells, self._rule)}
        return frozenset(found)


def kinds_back(tallies: Mapping[str, Tally], rule: Rule) -> dict[Key, frozenset[str]]:
    """By key, the kinds of contact whose cell is held back beside the others."""
    by_count = {
        key: held_back({kind: _cell(tally, key) for kind, tally in tallies.items()}, rule)
        for key in _COUNTED
    }
    return {key: by_count[of] for key, of in _ABOUT.items()}


def held_back(cells: Mapping[str, Cell], rule: Rule) -> frozenset[str]:
    """Which of some cells are held back beside their total. A total of none tells nobody anything
    of anybody.
    """
    some = {name: cell for name, cell in cells.items() if cell.denominator}
    if not any(cell.numerator for cell in some.values()):
        return frozenset()
    return hidden(some, total_is_shown=True, rule=rule)


def value_of(tally: Tally, key: Key, rule: Rule) -> Value:
    """The cell of a key, held back when it is about a few."""
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


__all__ = ["HIDDEN", "TALLIED", "Tallies", "Value", "held_back", "kinds_back", "value_of"]
