"""The cells of the schedule dashboard, and which of them would tell of a few who did not come or were
called off late: in a month, in the year so far, in a part of a month, in a kind of contact. A cell moves only
when it has moved by enough since it was shown (``Memory``): parts and years of a unit are compared with what was
shown of the same month and year, whatever day they ended on then.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from fellesjournal.leadership.figures.periods import Period, month_of, year
from fellesjournal.leadership.figures.ratios import Ratio, Why
from fellesjournal.leadership.figures.suppression import Cell, Rule, hidden, is_alone
from fellesjournal.leadership.indicators.memory import Memory
from fellesjournal.leadership.indicators.parts import Part
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
    """One cell: a number, or why there is none; ``is_hidden``: few. ``of`` is what it was made of.
    ``is_carried``: it is what was shown before, for few are new.
    """

    ratio: Ratio
    of: tuple[int, int] | None = None
    is_hidden: bool = False
    flags: tuple[Flag, ...] = ()
    is_carried: bool = False


HIDDEN = Value(Ratio(None, Why.NO_OBSERVATIONS), is_hidden=True)


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a cell stands: of which period it is, and which column. What it is of may end on another day
    next time, and is the same slot.
    """

    period: Period
    column: str = ""


class Told:
    """What of the cells of a unit (its number) is shown, beside what was shown before."""

    def __init__(self, memory: Memory, unit: int, rule: Rule) -> None:
        self._memory, self._unit, self._rule = memory, unit, rule

    def is_close_to_held(self, slot: Slot, count: Key, tally: Tally) -> bool:
        """Whether it is nearly what it was when it was held back beside a sum, and was not told since."""
        name = self._name(slot, count)
        held = self._memory.held(slot.period, self._unit, name)
        if held is None or self.is_known(slot, count, tally):
            return False
        return _part(tally, count).stands_close_to(held, self._rule)

    def moved_by_little(self, slot: Slot, count: Key, tally: Tally) -> bool:
        """Whether who saw both would learn of a few."""
        was = self._memory.was(slot.period, self._unit, self._name(slot, count))
        return was is not None and _part(tally, count).steps_by_little(was, self._rule)

    def is_known(self, slot: Slot, count: Key, tally: Tally) -> bool:
        """Whether it stands as it was shown: to hold it back hides nothing."""
        was = self._memory.was(slot.period, self._unit, self._name(slot, count))
        return was is not None and was.cell == _cell(tally, count)

    def hold(self, slot: Slot, count: Key, tally: Tally) -> None:
        """From now on it was held back as it stands."""
        part = _part(tally, count)
        if part.denominator:
            self._memory.hold(slot.period, self._unit, self._name(slot, count), part)

    def value(self, slot: Slot, key: Key, tally: Tally, *, is_back: bool) -> Value:
        """The cell of a key: as it is now, as it was shown, or held back."""
        if key not in _ABOUT:
            return Value(value(tally, key), counts(tally, key))
        count = _ABOUT[key]
        part = _part(tally, count)
        is_few = part.denominator > 0 and self._rule.is_small(part.cell)
        if is_few or is_back or self.moved_by_little(slot, count, tally):
            self.hold(slot, count, tally)
            return self._before(slot, key)
        self._memory.show(slot.period, self._unit, self._name(slot, count), part)
        found, of = value(tally, key), counts(tally, key)
        top, below = of or (None, 1)
        shown = Part(top, below, found.value)
        self._memory.show(slot.period, self._unit, self._name(slot, key, "="), shown)
        return Value(found, of)

    def _before(self, slot: Slot, key: Key) -> Value:
        was = self._memory.was(slot.period, self._unit, self._name(slot, key, "="))
        if was is None:
            return HIDDEN
        of = None if was.numerator is None else (was.numerator, was.denominator)
        return Value(
            Ratio(was.value, None if was.value is not None else Why.NO_OBSERVATIONS),
            of,
            is_carried=True,
        )

    @staticmethod
    def _name(slot: Slot, key: Key, what: str = "") -> str:
        return f"{what}{key}{' ' if slot.column else ''}{slot.column}"


class Tallies:
    """Tallies of periods, and which of them are about a few."""

    def __init__(
        self, by_date: Mapping[date, Tally], compared: Parts, rule: Rule, told: Told
    ) -> None:
        self._by_date = by_date
        self.parts = compared
        self._rule = rule
        self._told = told
        months = {month_of(day) for day in by_date}
        self._alone: set[tuple[Key, int]] = set()
        self._back = {key: self._months_back(key, months) for key in _COUNTED}

    def of(self, period: Period) -> Tally:
        """The tally of some days; of the month that is looked at, those that are over."""
        days = self.parts.so_far if period == self.parts.month else period
        return together(tally for day, tally in self._by_date.items() if day in days)

    def month(self, key: Key, period: Period) -> Value:
        """A cell of a month; small ones, and those that would tell one, are held back."""
        is_back = key in _ABOUT and period in self._back[_ABOUT[key]]
        return self._told.value(Slot(period), key, self.of(period), is_back=is_back)

    def is_back(self, key: Key, period: Period) -> bool:
        """Whether a month is not told as it is now."""
        found = self.month(key, period)
        return found.is_hidden or found.is_carried

    def part(self, key: Key, period: Period, of: Period) -> Value:
        """A cell of a part of a month, unless the rest of it would be a few."""
        tally = self.of(period)
        return self._told.value(Slot(of, "like"), key, tally, is_back=self._is_back(key, tally, of))

    def _is_back(self, key: Key, tally: Tally, of: Period) -> bool:
        if key not in _ABOUT:
            return False
        rest = _minus(_cell(self.of(of), key), _cell(tally, key))
        return _is_few(rest, self._rule) or self.is_back(key, of)

    def year(self, key: Key, period: Period) -> Value:
        """A cell of a year so far. One such sum of a year stands beside its months, of as much as there is of
        it: several, each longer by a month, would tell the months between. The others are told where all their
        months are.
        """
        tally = self.of(period)
        if key not in _ABOUT:
            return self._told.value(Slot(period), key, tally, is_back=False)
        whole = year(period.start.year)
        if period == whole or (period == self.parts.year and not self.parts.is_over):
            is_back = (_ABOUT[key], period.start.year) in self._alone
            return self._told.value(Slot(whole, "year"), key, tally, is_back=is_back)
        last = month_of(period.end - timedelta(days=1))
        part = Period(last.start, period.end)
        if part != last and not self._is_told_new(key, part, last):
            return HIDDEN
        if any(month.overlaps(period) for month in self._back[_ABOUT[key]]):
            return HIDDEN
        return Value(value(tally, key), counts(tally, key))

    def _is_told_new(self, key: Key, part: Period, of: Period) -> bool:
        """Whether a part of a month may be told as it is now, by what it adds to the months before it."""
        tally = self.of(part)
        slot, is_back = Slot(of, "of a year"), self._is_back(key, tally, of)
        told = self._told.value(slot, key, tally, is_back=is_back)
        return not told.is_hidden and not told.is_carried

    def _months_back(self, key: Key, months: Iterable[Period]) -> frozenset[Period]:
        """Months of each year that are small, or have moved by little, and one more where one alone would be
        told by the sum.
        """
        found: set[Period] = set()
        by_year: dict[int, dict[str, Period]] = {}
        for month in months:
            by_year.setdefault(month.start.year, {})[str(month.start)] = month
        for number, of_year in by_year.items():
            tallies = {name: self.of(month) for name, month in of_year.items()}
            slots = {name: Slot(month) for name, month in of_year.items()}
            back, is_told = beside_each_other(tallies, slots, key, self._rule, self._told)
            found |= {of_year[name] for name in back}
            if is_told:
                self._alone.add((key, number))
        return frozenset(found)


def kinds_back(
    tallies: Mapping[str, Tally], rule: Rule, told: Told, period: Period
) -> dict[Key, frozenset[str]]:
    """By key, the kinds of contact whose cell is held back beside the others."""
    by_count = {}
    slots = {kind: of_kind(period, kind) for kind in tallies}
    for key in _COUNTED:
        back, is_told = beside_each_other(tallies, slots, key, rule, told)
        # the month is told: all its kinds stay as they were, so that nobody knows which of them moved
        by_count[key] = frozenset(tallies) if is_told else back
    return {key: by_count[of] for key, of in _ABOUT.items()}


def of_kind(period: Period, kind: str) -> Slot:
    """Where the cells of a kind of contact stand in a month."""
    return Slot(period, f"kind {kind}")


def beside_each_other(
    tallies: Mapping[str, Tally], slots: Mapping[str, Slot], key: Key, rule: Rule, told: Told
) -> tuple[frozenset[str], bool]:
    """Which cells are held back beside their total: small ones, those that have moved by little, and more that
    would tell them; and whether the total tells one of them all the same. A total of none tells nobody anything
    of anybody.
    """
    cells = {
        name: cell for name, tally in tallies.items() if (cell := _cell(tally, key)).denominator
    }
    must = frozenset(
        name
        for name in cells
        if told.moved_by_little(slots[name], key, tallies[name])
        or told.is_close_to_held(slots[name], key, tallies[name])
    )
    if not must and not any(cell.numerator for cell in cells.values()):
        return frozenset(), False
    known = frozenset(name for name in cells if told.is_known(slots[name], key, tallies[name]))
    back = hidden(cells, total_is_shown=True, rule=rule, also=must, known=known)
    for name in back:
        told.hold(slots[name], key, tallies[name])
    return back, is_alone(back, known)


def _part(tally: Tally, key: Key) -> Part:
    return Part(*_cell(tally, key), None)


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


__all__ = [
    "HIDDEN",
    "TALLIED",
    "Slot",
    "Tallies",
    "Told",
    "Value",
    "beside_each_other",
    "kinds_back",
    "of_kind",
]
