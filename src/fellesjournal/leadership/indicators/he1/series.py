"""What of the counts may be shown: series that step by so many that nobody can be counted out of one,
and rates with their small cells held back.

Three series, never mixed: users by now (which never falls), those of them who live there today, and who
signed in during the week. What all together are is told only where it does not tell a few of one place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from fellesjournal.leadership.figures.intervals import Interval, wilson
from fellesjournal.leadership.figures.series import Point, cumulative
from fellesjournal.leadership.figures.suppression import RULE, Cell, Rule, hidden, total_is_safe

GROWN_UP = 16
"""Assumption (configurable): the age at which one decides about one's own health care."""
_WEEK = timedelta(days=7)

# by municipality, and by week (its Monday)
Steps = Mapping[str, Mapping[date, int]]


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted. ``users``: new ones, where they lived when they began. ``living``: those who
    live today, by municipality and age (where its group begins, -1 not known), by the week they began.
    ``residents`` by municipality and age. ``active`` and ``represented`` by municipality and week.
    """

    users: Steps
    living: Mapping[tuple[str, int], Mapping[date, int]]
    residents: Mapping[tuple[str, int], int]
    active: Mapping[tuple[str, date], int] = field(default_factory=dict)
    represented: Mapping[tuple[str, date], int] = field(default_factory=dict)

    @property
    def places(self) -> tuple[str, ...]:
        """The numbers of all municipalities there is something of; "" for what is not known."""
        of_people = {place for place, _ in [*self.living, *self.residents]}
        return tuple(sorted({*self.users, *of_people}))


@dataclass(frozen=True, slots=True)
class Week:
    """One week of a place, as it may be shown; None is held back."""

    start: date
    gross: Point
    living: Point
    active: int | None
    represented: int | None


@dataclass(frozen=True, slots=True)
class Rate:
    """Users among residents, as they may be shown; all None when held back."""

    users: int | None
    residents: int | None
    share: Fraction | None = None
    interval: Interval | None = None

    @property
    def is_hidden(self) -> bool:
        """Whether it is held back."""
        return self.users is None


@dataclass(frozen=True, slots=True)
class AgeRate:
    """An age group of a place: its rate, and how far it lies from that of all from 16 on."""

    age: int
    rate: Rate
    gap: Fraction | None


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality, or all ("all"): its weeks, oldest first, and its rate by the last of them."""

    number: str
    weeks: tuple[Week, ...]
    rate: Rate

    @property
    def last(self) -> Week:
        """The last of its weeks."""
        return self.weeks[-1]


ALL = "all"
NO_RATE = Rate(None, None)


def places(counts: Counts, weeks: Sequence[date], rule: Rule = RULE) -> tuple[Place, ...]:
    """All of them first, then each by its number. ``weeks`` are Mondays without a gap."""
    every = _mondays(counts, weeks)
    at = slice(len(every) - len(weeks), None)
    users = {place: _running(counts.users.get(place, {}), every) for place in counts.places}
    lives = {place: _running(_living_steps(counts, place), every) for place in counts.places}
    gross = {place: list(cumulative(values, rule)) for place, values in users.items()}
    living = {place: list(cumulative(values, rule)) for place, values in lives.items()}
    kept = {
        place: [
            _kept(one, other, rule) for one, other in zip(gross[place], living[place], strict=True)
        ]
        for place in counts.places
    }
    gross[ALL] = _together(_sums(users.values(), every), list(gross.values()), rule)
    alive = _together(_sums(lives.values(), every), list(kept.values()), rule)
    kept[ALL] = [
        # of a place more may live there than began there, of all of them not
        _kept(one, min(one, other, key=lambda point: point.value), rule)
        for one, other in zip(gross[ALL], alive, strict=True)
    ]
    active = [_active(counts, living, at.start + n, week, rule) for n, week in enumerate(weeks)]
    acted = [_represented(counts, week, rule) for week in weeks]
    rates = _rates(counts, every, rule)
    return tuple(
        Place(
            place,
            tuple(
                Week(
                    week, gross[place][at][n], kept[place][at][n], active[n][place], acted[n][place]
                )
                for n, week in enumerate(weeks)
            ),
            rates[place],
        )
        for place in (ALL, *counts.places)
    )


def ages(
    counts: Counts, place: str, last: date, first_ages: Sequence[int], rule: Rule = RULE
) -> tuple[AgeRate, ...]:
    """The age groups of a place (or all) by the end of a week, and the gap between them."""
    every = _mondays(counts, [last])
    numbers = counts.places if place == ALL else (place,)
    cells: dict[str, Cell] = {}
    for age in first_ages:
        residents = sum(counts.residents.get((number, age), 0) for number in numbers)
        steps = _added(counts.living.get((number, age), {}) for number in numbers)
        shown = list(cumulative(_running(steps, every), rule))[-1].value
        cells[str(age)] = Cell(min(shown, residents), residents)
    known = {key: cell for key, cell in cells.items() if cell.denominator}
    back = hidden(known, total_is_shown=True, rule=rule)
    grown = [cells[str(age)] for age in first_ages if age >= GROWN_UP]
    whole = _rate(Cell(sum(c.numerator for c in grown), sum(c.denominator for c in grown)), rule)
    found = []
    for age in first_ages:
        rate = NO_RATE if str(age) in back else _rate(cells[str(age)], rule)
        gap = None if rate.share is None or whole.share is None else rate.share - whole.share
        found.append(AgeRate(age, rate, gap))
    return tuple(found)


def _together(whole: Sequence[int], parts: Sequence[Sequence[Point]], rule: Rule) -> list[Point]:
    """A series of all places, beside those of each: it never falls, and is the sum of what is shown
    of each wherever the true one would tell how many one of them is from what is shown of it.
    """
    found: list[Point] = []
    for n, own in enumerate(cumulative(whole, rule)):
        told = [series[n] for series in parts]
        shown = sum(point.value for point in told)
        few = sum(point.is_carried for point in told)
        is_open = _is_open(own, shown, few, rule)
        value = max(own.value if is_open else shown, found[-1].value if found else 0)
        found.append(Point(value, is_carried=value != whole[n]))
    return found


def _is_open(own: Point, shown: int, few: int, rule: Rule) -> bool:
    """Whether what is left between a whole and what is shown of its parts could be shared out among
    the few that are carried in more than one way. Each has at least one more than is shown.
    """
    most = rule.count - 1
    least, highest = (1, most) if own.is_carried else (0, 0)
    low = max(few, own.value + least - shown)
    high = min(few * most, own.value + highest - shown)
    return few > 1 and low <= high and (low, high) not in {(few, few), (few * most, few * most)}


def _sums(several: Iterable[Sequence[int]], every: Sequence[date]) -> list[int]:
    rows = list(several)
    return [sum(values[n] for values in rows) for n in range(len(every))]


def _kept(gross: Point, living: Point, rule: Rule) -> Point:
    """The living beside all; a difference of a few, who died or moved, is not told."""
    is_few = 0 < abs(gross.value - living.value) < rule.count
    return Point(gross.value, is_carried=True) if is_few else living


def _living_steps(counts: Counts, place: str, *, grown_up: bool = False) -> dict[date, int]:
    return _added(
        steps
        for (number, age), steps in counts.living.items()
        if number == place and (age >= GROWN_UP or not grown_up)
    )


def _active(
    counts: Counts, living: Mapping[str, Sequence[Point]], n: int, week: date, rule: Rule
) -> dict[str, int | None]:
    """Of the users of each place those of a week; none is told that would be a few, or all but a few."""
    cells = {}
    for place in counts.places:
        active = counts.active.get((place, week), 0)
        cells[place] = Cell(active, max(active, living[place][n].value))
    return _shown(cells, rule)


def _represented(counts: Counts, week: date, rule: Rule) -> dict[str, int | None]:
    residents: dict[str, int] = {}
    for (place, _), count in counts.residents.items():
        residents[place] = residents.get(place, 0) + count
    cells = {}
    for place in counts.places:
        acted = counts.represented.get((place, week), 0)
        cells[place] = Cell(acted, max(acted, residents.get(place, 0)))
    return _shown(cells, rule)


def _shown(cells: Mapping[str, Cell], rule: Rule) -> dict[str, int | None]:
    """The numerators that may be shown, and that of all together."""
    some = {place: cell for place, cell in cells.items() if cell.numerator}
    back = hidden(some, total_is_shown=True, rule=rule)
    found = {place: None if place in back else cell.numerator for place, cell in cells.items()}
    whole = sum(cell.numerator for cell in some.values())
    return {**found, ALL: whole if not some or total_is_safe(some, back, rule) else None}


def _rates(counts: Counts, every: Sequence[date], rule: Rule) -> dict[str, Rate]:
    """Of each place and of all, by the last week."""
    users = {
        place: _running(_living_steps(counts, place, grown_up=True), every)
        for place in counts.places
    }
    shown = {place: list(cumulative(values, rule)) for place, values in users.items()}
    residents = {
        place: sum(
            count
            for (number, age), count in counts.residents.items()
            if number == place and age >= GROWN_UP
        )
        for place in counts.places
    }
    cells = {
        place: Cell(min(shown[place][-1].value, residents[place]), residents[place])
        for place in counts.places
    }
    known = {place: cell for place, cell in cells.items() if cell.denominator}
    back = hidden(known, total_is_shown=True, rule=rule)
    found = {
        place: NO_RATE if place in back else _rate(cell, rule) for place, cell in cells.items()
    }
    everybody = sum(residents.values())
    together = _together(_sums(users.values(), every), list(shown.values()), rule)[-1].value
    is_safe = not known or total_is_safe(known, back, rule)
    whole = Cell(min(together, everybody), everybody)
    return {**found, ALL: _rate(whole, rule) if is_safe else NO_RATE}


def _rate(cell: Cell, rule: Rule) -> Rate:
    if not cell.denominator:
        return Rate(0, 0)
    if rule.is_small(cell):
        return NO_RATE
    share = Fraction(cell.numerator, cell.denominator)
    return Rate(cell.numerator, cell.denominator, share, wilson(cell.numerator, cell.denominator))


def _mondays(counts: Counts, weeks: Sequence[date]) -> list[date]:
    """Each Monday from the first that anything is of to the last of these."""
    begun = [week for steps in [*counts.users.values(), *counts.living.values()] for week in steps]
    first, last = min([*begun, weeks[0]]), weeks[-1]
    return [first + n * _WEEK for n in range((last - first) // _WEEK + 1)]


def _added(several: Iterable[Mapping[date, int]]) -> dict[date, int]:
    found: dict[date, int] = {}
    for steps in several:
        for week, count in steps.items():
            found[week] = found.get(week, 0) + count
    return found


def _running(steps: Mapping[date, int], every: Sequence[date]) -> list[int]:
    total, found = 0, []
    for week in every:
        total += steps.get(week, 0)
        found.append(total)
    return found


__all__ = ["ALL", "GROWN_UP", "AgeRate", "Counts", "Place", "Rate", "Week", "ages", "places"]
