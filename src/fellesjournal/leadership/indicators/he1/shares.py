"""Users among others, place by place and age by age: which of the shares may be shown beside each other,
beside their sums, and beside what was shown before.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final

from fellesjournal.leadership.figures.intervals import Interval, wilson
from fellesjournal.leadership.figures.periods import Period, week_of
from fellesjournal.leadership.figures.suppression import Cell, Rule, hidden, total_is_safe
from fellesjournal.leadership.indicators.asking import Group, Side
from fellesjournal.leadership.indicators.memory import Memory
from fellesjournal.leadership.indicators.pairs import Pair
from fellesjournal.leadership.indicators.pairs import decided as decided_both_ways
from fellesjournal.leadership.indicators.parts import Hidden, Part, Shown, each_decided

ALL: Final = "all"
_OTHER: Final = -2
Cells = dict[tuple[int, str], Part]
"""By age (where its group begins) and place."""


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


NO_RATE = Rate(None, None)


def rate_of(part: Part | None) -> Rate:
    """A share in full; held back when there is none to show."""
    if part is None or part.numerator is None:
        return NO_RATE
    if not part.denominator:
        return Rate(0, 0)
    of, out_of = part.numerator, part.denominator
    return Rate(of, out_of, Fraction(of, out_of), wilson(of, out_of))


def number_of(place: str) -> int:
    """A place as a number in what is remembered: 0 all, -1 not known, below that what is no number."""
    if place == ALL:
        return 0
    if not place:
        return -1
    is_number = place.isascii() and place.isdigit() and len(place) < 18
    return int(place) if is_number else _OTHER - zlib.crc32(place.encode())


def week_from(monday: date) -> Period:
    """The week that begins on a day."""
    return week_of(monday)


def shares(
    name: str,
    week: date,
    places: Sequence[str],
    cells: Mapping[str, Part],
    memory: Memory,
    rule: Rule,
) -> dict[str, Part | None]:
    """What is shown of a share of each place and of all together; None is held back. Where there is none,
    there is nothing to hold back.
    """
    some = {
        place: part if part.numerator or name == "rate" else _NOUGHT
        for place, part in cells.items()
    }
    some[ALL] = _sum(some.values())
    numbers = {place: number_of(place) for place in (ALL, *places)}
    groups = [Group(0, ALL, ())] + [Group(numbers[place], place, (), ALL) for place in places]
    now = {place: {name: some[place]} for place in numbers}
    period = week_from(week)
    before = {place: memory.of(period, number, [name]) for place, number in numbers.items()}
    decision = each_decided(groups, now, before, rule)
    for place, parts in decision.held.items():
        memory.hold(period, numbers[place], name, parts[name])
    shown = {place: parts[name] for place, parts in decision.shown.items()}
    if _is_new(shown[ALL]) and not _is_safe(some, shown, rule):
        was = memory.was(period, numbers[ALL], name)
        shown[ALL] = replace(was, is_carried=True) if was else Hidden(is_small=False)
    return {
        place: _shown(part, period, numbers[place], name, memory) for place, part in shown.items()
    }


def _is_safe(cells: Mapping[str, Part], shown: Mapping[str, Shown], rule: Rule) -> bool:
    """Whether the sum of all tells no place that is held back, as nought of all does."""
    some = {place: part.cell for place, part in cells.items() if place != ALL and part.denominator}
    back = frozenset(place for place in some if not _is_new(shown[place]))
    return not some or total_is_safe(some, back, rule)


def by_age(
    cells: Cells, week: date, memory: Memory, rule: Rule
) -> dict[tuple[int, str], Part | None]:
    """What is shown of each age at each place, and of all places together: no row of ages and no column of
    places tells a hidden cell, whether their sums are shown or not.
    """
    period = week_from(week)
    ages_ = sorted({age for age, _ in cells})
    whole = {age: _sum(part for (own, _), part in cells.items() if own == age) for age in ages_}
    pairs = {(_line(age), number_of(place)): part for (age, place), part in cells.items()}
    before = {pair: memory.was(period, pair[1], _name(pair[0])) for pair in pairs}
    held = {pair: memory.held(period, pair[1], _name(pair[0])) for pair in pairs}
    told = _sums_told(whole, period, memory, rule)
    while True:
        shown = decided_both_ways(
            pairs, _known(before), _known(held),
            {Side.FROM: {_line(age) for age in told}, Side.TO: {place for _, place in pairs}}, rule,
        )  # fmt: skip
        alone = {age for age in told if _is_alone(age, pairs, shown, _known(before))}
        if not alone:
            break
        told = _beside_each_other(whole, told - alone, rule)
    for pair, part in shown.items():
        if not _is_new(part) and pairs[pair].denominator:
            memory.hold(period, pair[1], _name(pair[0]), pairs[pair])
    found: dict[tuple[int, str], Part | None] = {
        (age, place): _shown(
            shown[_line(age), number_of(place)], period, number_of(place), _name(_line(age)), memory
        )
        for age, place in cells
    }
    for age in ages_:
        name = _name(_line(age))
        was = memory.was(period, 0, name)
        if age in told:
            memory.show(period, 0, name, whole[age])
        found[age, ALL] = whole[age] if age in told else was
    return found


_NOUGHT: Final = Part(0, 0, None)


def _sum(parts: Iterable[Part]) -> Part:
    every = list(parts)
    return Part(
        sum(each.numerator or 0 for each in every), sum(each.denominator for each in every), None
    )


def _shown(part: Shown, period: Period, number: int, name: str, memory: Memory) -> Part | None:
    """A part as it is shown, remembered when it is new; None is held back."""
    if not isinstance(part, Part):
        return None
    if not part.is_carried:
        memory.show(period, number, name, part)
    return part


def _line(age: int) -> int:
    """An age as the number of a line; no place has such a number."""
    return -(10**12) - age


def _name(line: int) -> str:
    return f"age-{-line - 10**12}"


def _sums_told(whole: Mapping[int, Part], period: Period, memory: Memory, rule: Rule) -> set[int]:
    """The ages whose sum of all places may be shown as it is now."""
    found = set()
    for age, part in whole.items():
        was = memory.was(period, 0, _name(_line(age)))
        moved = was is not None and part.steps_by_little(was, rule)
        if not moved and part.denominator and not rule.is_small(part.cell):
            found.add(age)
    return _beside_each_other(whole, found, rule)


def _beside_each_other(whole: Mapping[int, Part], told: set[int], rule: Rule) -> set[int]:
    """Those of them that may be shown while all of them together are."""
    cells: dict[str, Cell] = {
        str(age): part.cell for age, part in whole.items() if part.denominator
    }
    also = frozenset(cells) - {str(age) for age in told}
    back = hidden(cells, total_is_shown=True, rule=rule, also=also)
    return {age for age in told if str(age) not in back}


def _is_alone(
    age: int, pairs: Mapping[Pair, Part], shown: Mapping[Pair, Shown], before: Mapping[Pair, Part]
) -> bool:
    """Whether all places but one are known: their sum would tell it."""
    own = [pair for pair in pairs if pair[0] == _line(age) and pairs[pair].denominator]
    open_ = [
        pair
        for pair in own
        if not _is_new(shown[pair])
        and not (pair in before and before[pair].cell == pairs[pair].cell)
    ]
    return len(open_) == 1


def _is_new(part: Shown) -> bool:
    return isinstance(part, Part) and not part.is_carried


def _known(parts: Mapping[Pair, Part | None]) -> dict[Pair, Part]:
    return {pair: part for pair, part in parts.items() if part is not None}


__all__ = [
    "ALL", "NO_RATE", "Cells", "Rate", "by_age", "number_of", "rate_of", "shares", "week_from",
]  # fmt: skip
