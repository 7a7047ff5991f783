"""Users among others, place by place and age by age: which of the shares may be shown beside each other,
beside their sums, and beside what was shown before.
"""

from __future__ import annotations

import zlib
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Final

from fellesjournal.leadership.figures.intervals import Interval, wilson
from fellesjournal.leadership.figures.periods import Period, week_of
from fellesjournal.leadership.figures.suppression import RULE, Rule, hidden, total_is_safe
from fellesjournal.leadership.indicators.asking import Group
from fellesjournal.leadership.indicators.memory import Memory
from fellesjournal.leadership.indicators.parts import HELD, Hidden, Part, Shown, each_decided

ALL: Final = "all"
RATE: Final = "rate"
"""The share that grows from one week to the next; the others are of a week."""
_OTHER: Final = -2
_MANY: Final = 10**9
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


def of_others(count: int, every: int) -> Part:
    """A count that is shown without what it is of, which matters only when all but a few are counted."""
    rest = max(0, every - count)
    return Part(count, count + (rest if 0 < rest < RULE.count else _MANY), None)


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
        place: part if part.numerator or name == RATE else _NOUGHT for place, part in cells.items()
    }
    some[ALL] = _sum(some.values())
    numbers = {place: number_of(place) for place in (ALL, *places)}
    groups = [Group(0, ALL, ())] + [Group(numbers[place], place, (), ALL) for place in places]
    now = {place: {name: some[place]} for place in numbers}
    period = week_from(week)
    remembered = memory.nearest if name == RATE else memory.of
    before = {place: remembered(period, number, [name]) for place, number in numbers.items()}
    decision = each_decided(groups, now, before, rule)
    for place, parts in decision.held.items():
        memory.hold(period, numbers[place], name, parts[name])
    shown = {place: parts[name] for place, parts in decision.shown.items()}
    if _is_new(shown[ALL]) and not _is_safe(some, shown, rule):
        was = before[ALL].get(name)
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
    cells: Cells, fresh: Container[str], week: date, memory: Memory, rule: Rule
) -> dict[tuple[int, str], Part | None]:
    """What is shown of each age at each place; None is held back. ``fresh``: places whose sum is shown as it is
    now, from which their ages must not tell a step of a few.

    The ages of a place move together or not at all: beside a sum that has moved, one that has not would tell
    another. All places together are the sum of what is shown of each, and no more: what all have of an age would
    tell, beside what each place has, more than rows and columns can hide.
    """
    period = week_from(week)
    found: dict[tuple[int, str], Part | None] = {}
    for place in sorted({place for _, place in cells}):
        own = {age: part for (age, at), part in cells.items() if at == place}
        told = _ages(own, place, period, memory, rule) if place in fresh else None
        for age, part in own.items():
            number, name = number_of(place), _name(age)
            if told is None:
                found[age, place] = memory.nearest(period, number, [name]).get(name)
                continue
            shown = told[age]
            if not _is_new(shown) and part.denominator:
                memory.hold(period, number, name, part)
            found[age, place] = _shown(shown, period, number, name, memory)
    for age in sorted({age for age, _ in cells}):
        parts = [part for (of, _), part in found.items() if of == age and part is not None]
        is_of_any = any(part.denominator for (of, _), part in cells.items() if of == age)
        told_of_all = _sum(parts)
        found[age, ALL] = told_of_all if told_of_all.denominator or not is_of_any else None
    return found


def _ages(
    own: Mapping[int, Part], place: str, period: Period, memory: Memory, rule: Rule
) -> dict[int, Shown] | None:
    """What may be shown of the ages of a place as they are now, beside their sum; None where all must stay as
    they were.
    """
    number = number_of(place)
    near = {age: memory.nearest(period, number, [_name(age)]) for age in own}
    before = {age: parts[_name(age)] for age, parts in near.items() if _name(age) in parts}
    held = {
        age: parts[HELD + _name(age)] for age, parts in near.items() if HELD + _name(age) in parts
    }
    known = {age for age, was in before.items() if own[age].cell == was.cell}
    if any(own[age].steps_by_little(was, rule) for age, was in before.items()):
        return None
    close = {
        age for age, was in held.items() if age not in known and own[age].stands_close_to(was, rule)
    }
    back = hidden(
        {str(age): part.cell for age, part in own.items() if part.denominator},
        total_is_shown=True, rule=rule,
        also=frozenset(str(age) for age in close if own[age].denominator),
        known=frozenset(map(str, known)),
    )  # fmt: skip
    if len(back - {str(age) for age in known}) == 1 or back & {str(age) for age in before}:
        return None
    return {
        age: Hidden(rule.is_small(part.cell)) if str(age) in back else part
        for age, part in own.items()
    }


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


def _name(age: int) -> str:
    return f"age-{age}"


def _is_new(part: Shown) -> bool:
    return isinstance(part, Part) and not part.is_carried


__all__ = [
    "ALL", "NO_RATE", "RATE", "Cells", "Rate", "by_age", "number_of", "of_others", "rate_of", "shares", "week_from",
]  # fmt: skip
