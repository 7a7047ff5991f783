"""What of the counts may be shown: series that step by so many that nobody can be counted out of one,
and rates with their small cells held back.

Three series, never mixed: users by now (which never falls), those of them who live there today, and who
signed in during the week. What all together are is told only where it does not tell a few of one place.
What was shown before is in a ``Memory``: a number moves only when it has moved by enough since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction

from fellesjournal.leadership.figures.series import Point, stepped
from fellesjournal.leadership.figures.suppression import RULE, Rule
from fellesjournal.leadership.indicators.he1.shares import (
    ALL,
    NO_RATE,
    RATE,
    Cells,
    Rate,
    by_age,
    number_of,
    of_others,
    rate_of,
    shares,
    week_from,
)
from fellesjournal.leadership.indicators.memory import Memory
from fellesjournal.leadership.indicators.parts import Part

GROWN_UP = 16
"""Assumption (configurable): the age at which one decides about one's own health care."""
GROWN = "grown"
_WEEK = timedelta(days=7)

# by municipality, and by week (its Monday)
Steps = Mapping[str, Mapping[date, int]]
# by municipality, what there is by the end of each week
Running = Mapping[str, Sequence[int]]


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


def places(
    counts: Counts, weeks: Sequence[date], memory: Memory | None = None, rule: Rule = RULE
) -> tuple[Place, ...]:
    """All of them first, then each by its number. ``weeks`` are Mondays without a gap. What is shown is
    written into the memory.
    """
    memory = Memory() if memory is None else memory
    every = mondays(counts, weeks)
    at = len(every) - len(weeks)
    users = {place: _running(counts.users.get(place, {}), every) for place in counts.places}
    lives = {place: _running(_living_steps(counts, place), every) for place in counts.places}
    gross = _told("gross", users, every, at, memory, rule)
    grown = _grown(counts, every)
    living = _each("living", lives, every, at, memory, rule)
    kept = {
        place: [
            _kept(*each, rule)
            for each in zip(gross[place], living[place], grown[place], strict=True)
        ]
        for place in counts.places
    }
    alive = _all_of("living", lives, kept, every, at, memory, rule)
    kept[ALL] = [
        # of a place more may live there than began there, of all of them not
        _kept(one, min(one, other, key=lambda point: point.value), from_16, rule)
        for one, other, from_16 in zip(gross[ALL], alive, _sums(grown.values(), every), strict=True)
    ]
    active, acted = [], []
    for n, week in enumerate(weeks):
        signed_in = _active(counts, living, at + n, week)
        active.append(shares("active", week, counts.places, signed_in, memory, rule))
        represented = _represented(counts, week)
        acted.append(shares("represented", week, counts.places, represented, memory, rule))
    rates = _rates(counts, weeks[-1], _each(GROWN, grown, every, at, memory, rule), memory, rule)
    return tuple(
        Place(
            place,
            tuple(
                Week(
                    week, gross[place][at + n], kept[place][at + n],
                    _count(active[n][place]), _count(acted[n][place]),
                )
                for n, week in enumerate(weeks)
            ),
            rates[place],
        )
        for place in (ALL, *counts.places)
    )  # fmt: skip


def ages(
    counts: Counts,
    place: str,
    last: date,
    first_ages: Sequence[int],
    memory: Memory | None = None,
    rule: Rule = RULE,
) -> tuple[AgeRate, ...]:
    """The age groups of a place (or all) by the end of a week, and the gap between them. They are decided
    of all places together, with what all of them are.
    """
    memory = Memory() if memory is None else memory
    cells: Cells = {
        (age, number): _among(
            sum(n for week, n in counts.living.get((number, age), {}).items() if week <= last),
            counts.residents.get((number, age), 0),
        )
        for age in first_ages
        for number in counts.places
    }
    every = mondays(counts, [last])
    grown = _each(GROWN, _grown(counts, every), every, len(every) - 1, memory, rule)
    fresh = {number for number, series in grown.items() if not series[-1].is_carried}
    shown = by_age(cells, fresh, last, memory, rule)
    whole = _rates(counts, last, grown, memory, rule)[place]
    found = []
    for age in first_ages:
        rate = rate_of(shown[age, place]) if (age, place) in shown else Rate(0, 0)
        gap = None if rate.share is None or whole.share is None else rate.share - whole.share
        found.append(AgeRate(age, rate, gap))
    return tuple(found)


def _each(
    name: str, values: Running, every: Sequence[date], at: int, memory: Memory, rule: Rule
) -> dict[str, list[Point]]:
    """A series of each place as it may be shown, from the ``at``-th week on remembered."""
    found: dict[str, list[Point]] = {}
    for place, own in values.items():
        before = [memory.was(week_from(week), number_of(place), name) for week in every]
        told = list(stepped(own, [_value(part) for part in before], rule))
        found[place] = told
        for n in range(at, len(every)):
            if not told[n].is_carried:
                _remember(memory, every[n], place, name, told[n])
    return found


def _told(
    name: str, values: Running, every: Sequence[date], at: int, memory: Memory, rule: Rule
) -> dict[str, list[Point]]:
    """The same, with all places together."""
    found = _each(name, values, every, at, memory, rule)
    return {**found, ALL: _all_of(name, values, found, every, at, memory, rule)}


def _all_of(
    name: str,
    values: Running,
    shown: Mapping[str, Sequence[Point]],
    every: Sequence[date],
    at: int,
    memory: Memory,
    rule: Rule,
) -> list[Point]:
    """A series of all places beside what is shown of each, remembered."""
    whole = _sums(values.values(), every)
    before = [_value(memory.was(week_from(week), number_of(ALL), name)) for week in every]
    found = _together(whole, list(shown.values()), before, rule)
    for n in range(at, len(every)):
        _remember(memory, every[n], ALL, name, found[n])
    return found


def _value(part: Part | None) -> int | None:
    return None if part is None else part.denominator


def _remember(memory: Memory, week: date, place: str, name: str, point: Point) -> None:
    memory.show(week_from(week), number_of(place), name, Part(None, point.value, None))


def _together(
    whole: Sequence[int], parts: Sequence[Sequence[Point]], before: Sequence[int | None], rule: Rule
) -> list[Point]:
    """A series of all places, beside those of each: it never falls, and is the sum of what is shown
    of each wherever the true one would tell how many one of them is from what is shown of it.
    """
    found: list[Point] = []
    for n, own in enumerate(stepped(whole, before, rule)):
        told = [series[n] for series in parts]
        shown = sum(point.value for point in told)
        few = sum(point.is_carried for point in told)
        is_open = _is_open(own, shown, few, rule)
        value = max(own.value if is_open else shown, found[-1].value if found else 0)
        was = before[n]
        if was is not None and 0 < abs(value - was) < rule.count:
            value = was
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


def _kept(gross: Point, living: Point, grown: int, rule: Rule) -> Point:
    """The living beside all; a difference of a few, who died or moved, is not told, nor the few of them
    below the age that rates begin at. Of a place more may live there than began there.
    """
    is_few = any(0 < abs(living.value - other) < rule.count for other in (gross.value, grown))
    return Point(gross.value, is_carried=True) if is_few else living


def _living_steps(counts: Counts, place: str, *, grown_up: bool = False) -> dict[date, int]:
    return _added(
        steps
        for (number, age), steps in counts.living.items()
        if number == place and (age >= GROWN_UP or not grown_up)
    )


def _active(
    counts: Counts, living: Mapping[str, Sequence[Point]], n: int, week: date
) -> dict[str, Part]:
    """Of the users of each place those of a week."""
    found = {}
    for place in counts.places:
        active = counts.active.get((place, week), 0)
        found[place] = of_others(active, living[place][n].value)
    return found


def _represented(counts: Counts, week: date) -> dict[str, Part]:
    residents: dict[str, int] = {}
    for (place, _), count in counts.residents.items():
        residents[place] = residents.get(place, 0) + count
    found = {}
    for place in counts.places:
        acted = counts.represented.get((place, week), 0)
        found[place] = of_others(acted, residents.get(place, 0))
    return found


def _count(part: Part | None) -> int | None:
    return None if part is None else part.numerator


def _grown(counts: Counts, every: Sequence[date]) -> dict[str, list[int]]:
    """Those of the living from the age on that rates begin at."""
    return {
        place: _running(_living_steps(counts, place, grown_up=True), every)
        for place in counts.places
    }


def _rates(
    counts: Counts, last: date, grown: Mapping[str, Sequence[Point]], memory: Memory, rule: Rule
) -> dict[str, Rate]:
    """Of each place and of all, by the last week."""
    cells = {}
    for place in counts.places:
        residents = sum(
            count
            for (number, age), count in counts.residents.items()
            if number == place and age >= GROWN_UP
        )
        cells[place] = _among(grown[place][-1].value, residents)
    found = shares(RATE, last, counts.places, cells, memory, rule)
    # nought that is no longer so is no rate
    past = {
        place for place, series in grown.items() if series[-1].is_carried and not series[-1].value
    }
    return {
        place: NO_RATE if part is None or place in past else rate_of(part)
        for place, part in found.items()
    }


def _among(users: int, residents: int) -> Part:
    return Part(min(users, residents), residents, None)


def mondays(counts: Counts, weeks: Sequence[date]) -> list[date]:
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


__all__ = ["ALL", "GROWN_UP", "AgeRate", "Counts", "Place", "Week", "ages", "mondays", "places"]
