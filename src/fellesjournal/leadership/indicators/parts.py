"""What is shown of one group of units: the figure, its companions, and what was left out, each a part
that may be held back by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from fellesjournal.leadership.figures.suppression import Cell, Rule
from fellesjournal.leadership.indicators.asking import Group
from fellesjournal.leadership.indicators.definition import Indicator, Scoring
from fellesjournal.leadership.indicators.holding_back import held_back, out_of_everybody

FIGURE: Final = ""
LEFT_OUT: Final = "x_"
BETWEEN: Final = "b_"
"""Before the key of a companion: how many lie between whom it is of and whom the figure or another companion
is of, where they are nearly the same. Never shown: two denominators side by side tell it.
"""
HELD: Final = "~"
"""Before the name of a part in what is remembered: as it stood when it was held back beside a sum that was
told. Told later as it was then, it would give away what it was held back for.
"""


@dataclass(frozen=True, slots=True)
class Part:
    """So many of so many; ``value`` for what is no share (``numerator`` is then None). ``at`` is the cut
    it was counted at, in microseconds since 1970; ``is_carried``: it is what was shown before.
    """

    numerator: int | None
    denominator: int
    value: Fraction | None
    at: int = 0
    is_carried: bool = False

    @property
    def cell(self) -> Cell:
        """What there is to hold back of it."""
        if self.numerator is None:
            return out_of_everybody(self.denominator)
        return Cell(self.numerator, self.denominator)

    def stands_close_to(self, before: Part, rule: Rule) -> bool:
        """Whether it is what it was then, or nearly."""
        return self.cell == before.cell or self.steps_by_little(before, rule)

    def steps_by_little(self, before: Part, rule: Rule) -> bool:
        """Whether who saw both would learn of somebody."""
        own, old = self.cell, before.cell
        counts = (own.numerator - old.numerator, own.denominator - own.numerator
                  - old.denominator + old.numerator)  # fmt: skip
        return (
            0 < abs(own.denominator - old.denominator) < rule.denominator
            or any(0 < abs(each) < rule.count for each in counts)
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hidden:
    """A part that is held back. ``is_small``: by itself, not for what it would tell of another."""

    is_small: bool


Shown = Part | Hidden
Parts = Mapping[str, Part]
"""By name: "" the figure, the key of a companion, ``x_<reason>``."""


def parts_of(indicator: Indicator, row: Mapping[str, Any], at: int) -> dict[str, Part]:
    """The parts of a row of the query; without a row, nothing was counted."""
    denominator = int(row.get("denominator") or 0)
    is_share = indicator.scoring is Scoring.PROPORTION
    found = {
        FIGURE: Part(*_share(row.get("numerator"), denominator), None, at)
        if is_share
        else Part(None, denominator, exact(row.get("value")), at)
    }
    for each in indicator.companions:
        if each.is_share:
            counts = _share(row.get(f"{each.key}_n"), row.get(f"{each.key}_d"))
            found[each.key] = Part(*counts, None, at)
        else:  # it is of whom the figure is of, unless it says of how many
            of = int(row.get(f"{each.key}_d") or 0) if each.is_of_own else denominator
            found[each.key] = Part(None, of, exact(row.get(each.key)), at)
    found |= _between(indicator, found, at)
    for name in indicator.exclusions:
        found[LEFT_OUT + name] = Part(None, int(row.get(LEFT_OUT + name) or 0), None, at)
    return found


def _between(indicator: Indicator, parts: Parts, at: int) -> dict[str, Part]:
    """LE1 of 186 doses given, and 84.1 % of those that were due: then three were not given."""
    others = {parts[FIGURE].denominator}
    found = {}
    for each in indicator.companions:
        own = parts[each.key].denominator
        if each.is_share and own:
            gaps = (abs(own - other) for other in others if other)
            found[BETWEEN + each.key] = Part(None, min(filter(None, gaps), default=0), None, at)
            others.add(own)
        elif each.is_share:
            found[BETWEEN + each.key] = Part(None, 0, None, at)
    return found


def _share(numerator: int | None, denominator: int | None) -> tuple[int, int]:
    """So many of so many; of counts that contradict each other, as when doses were given that nobody had
    planned here, nothing is told.
    """
    of, out_of = int(numerator or 0), int(denominator or 0)
    return (of, out_of) if 0 <= of <= out_of else (0, 0)


@dataclass(frozen=True, slots=True)
class Decision:
    """What is ``shown`` of each unit, part by part; ``held``: how what is not stands now, to be remembered
    where a sum of it is told.
    """

    shown: dict[str, dict[str, Shown]]
    held: dict[str, dict[str, Part]]


def decided(
    indicator: Indicator,
    groups: Sequence[Group],
    now: Mapping[str, Parts],
    before: Mapping[str, Parts],
    rule: Rule,
) -> Decision:
    """What is shown of each unit. ``before`` is what is remembered of them.

    A part that has moved by little since it was shown is carried: it stays as it was; and so do others
    that would tell how it stands now. What was never shown and must not be is Hidden.
    """
    return each_decided(groups, now, before, rule, together=_together(indicator))


def each_decided(
    groups: Sequence[Group],
    now: Mapping[str, Parts],
    before: Mapping[str, Parts],
    rule: Rule,
    *,
    together: Sequence[Sequence[str]] = (),
) -> Decision:
    """The same of parts of no indicator: each by itself, but for those that stand or fall ``together``."""
    names = list(next(iter(now.values()))) if now else []
    back = {name: _back(groups, now, before, name, rule) for name in names}
    for several in together:
        all_of = frozenset().union(*(back[name] for name in several))
        for name in several:
            back[name] = _back(groups, now, before, name, rule, must=all_of)
    shown = {
        unit: {
            name: _shown(part, before.get(unit, {}).get(name), rule) if unit in back[name] else part
            for name, part in parts.items()
        }
        for unit, parts in now.items()
    }
    return Decision(shown, _held(groups, now, back))


def _back(
    groups: Sequence[Group],
    now: Mapping[str, Parts],
    before: Mapping[str, Parts],
    name: str,
    rule: Rule,
    must: frozenset[str] = frozenset(),
) -> frozenset[str]:
    cells = {unit: parts[name].cell for unit, parts in now.items()}
    was = {unit: parts[name] for unit, parts in before.items() if name in parts}
    held = {unit: parts[HELD + name] for unit, parts in before.items() if HELD + name in parts}
    known = frozenset(unit for unit, part in was.items() if cells[unit] == part.cell)
    moved = {unit for unit, part in was.items() if now[unit][name].steps_by_little(part, rule)}
    close = {unit for unit, part in held.items() if now[unit][name].stands_close_to(part, rule)}
    return held_back(groups, cells, rule, must=must | moved | (close - known), known=known)


def _held(
    groups: Sequence[Group], now: Mapping[str, Parts], back: Mapping[str, frozenset[str]]
) -> dict[str, dict[str, Part]]:
    """What is held back below a unit that is told."""
    above = {group.unit: group.parent for group in groups}
    found: dict[str, dict[str, Part]] = {}
    for name, units in back.items():
        for unit in units:
            over = above[unit]
            while over and over in units:
                over = above[over]
            if over and now[unit][name].denominator:
                found.setdefault(unit, {})[name] = now[unit][name]
    return found


def _together(indicator: Indicator) -> list[list[str]]:
    """Names of parts that stand or fall together: those that add up, values of the same people, and a
    companion with what lies between it and another.
    """
    numbers = [
        FIGURE,
        *(each.key for each in indicator.companions if not each.is_share and not each.is_of_own),
    ]
    several: dict[str, list[str]] = {}
    for each in indicator.companions:
        names = several.setdefault(each.adds_up or each.key, [])
        names += [each.key, BETWEEN + each.key] if each.is_share else [each.key]
    return [numbers, *(names for names in several.values() if len(names) > 1)]


def _shown(part: Part, was: Part | None, rule: Rule) -> Shown:
    if was is None:
        return Hidden(rule.is_small(part.cell))
    return Part(was.numerator, was.denominator, was.value, was.at, is_carried=True)


def exact(value: Decimal | float | None) -> Fraction | None:
    """What a database says, as it is."""
    return None if value is None else Fraction(value)


__all__ = [
    "BETWEEN", "FIGURE", "HELD", "LEFT_OUT", "Decision", "Hidden", "Part", "Parts", "Shown", "decided",
    "each_decided", "exact", "parts_of",
]  # fmt: skip
