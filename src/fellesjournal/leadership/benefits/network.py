"""What others have reached, and how: organisations compared at the same age, and practices to copy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from fellesjournal.leadership.benefits.attainment import Measured
from fellesjournal.leadership.benefits.plan import Plan, PlanLine
from fellesjournal.leadership.figures.intervals import Interval
from fellesjournal.leadership.figures.ratios import together
from fellesjournal.leadership.figures.signals import funnel

FEWEST = 2
"""So many are compared at least: nobody is held against herself."""


class Place(StrEnum):
    """Where a value lies, when all are alike but for chance. Of one there is no all."""

    INSIDE = "inside"
    ABOVE = "above"
    BELOW = "below"
    ALONE = "alone"


@dataclass(frozen=True, slots=True)
class Told:
    """A value of an organisation: ``months`` are those from its go-live to the end of the period, None
    when nobody knows when it went live.
    """

    unit: str
    measured: Measured
    months: int | None


@dataclass(frozen=True, slots=True)
class Compared:
    """A value against the funnel: between which shares it lies by chance, and where it does lie."""

    told: Told
    limits: Interval
    place: Place


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that can be compared: ``share`` is that of all together. ``others`` are organisations whose
    values follow another definition, or are no shares.
    """

    share: Fraction | None
    compared: tuple[Compared, ...]
    others: tuple[str, ...]


def months_between(first: date, last: date) -> int:
    """Whole months from one day to another; below 0 before it."""
    return (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day)


def told(plan: Plan, indicator: str, go_live: date | None, at_month: int | None) -> Told | None:
    """The latest value of a plan, or the latest that is no older than so many months after go-live. The
    baseline counts as a value. None when there is none.
    """
    line = plan.line(indicator)
    found = [] if line is None else _values(line)
    aged = [
        Told(plan.unit, each, None if go_live is None else months_between(go_live, each.end))
        for each in found
    ]
    if at_month is not None:
        aged = [each for each in aged if each.months is not None and each.months <= at_month]
    return aged[-1] if aged else None


def compare(values: Iterable[Told], definition_hash: str) -> Comparison:
    """Values of one definition against the funnel of all of them together, youngest first."""
    kept, others = [], []
    for each in values:
        is_alike = each.measured.definition_hash == definition_hash
        if is_alike and each.measured.numerator is not None:
            kept.append(each)
        else:
            others.append(each.unit)
    share = together(_counts(each.measured) for each in kept).value
    compared = () if share is None else tuple(
        _placed(each, share, are_enough=len(kept) >= FEWEST) for each in kept
    )  # fmt: skip
    return Comparison(
        share,
        tuple(sorted(compared, key=lambda each: (each.told.months is None, each.told.months or 0))),
        tuple(others),
    )


def _counts(one: Measured) -> tuple[int, int]:
    return int(one.numerator or 0), int(one.denominator)


def _placed(one: Told, share: Fraction, *, are_enough: bool) -> Compared:
    limits = funnel(float(share), int(one.measured.denominator))
    value = float(one.measured.value)
    place = (
        Place.ABOVE if value > limits.high else Place.BELOW if value < limits.low else Place.INSIDE
    )
    return Compared(one, limits, place if are_enough else Place.ALONE)


def _values(line: PlanLine) -> list[Measured]:
    """The baseline and what was registered since, oldest first."""
    base = line.baseline
    if base is None:
        return []
    first = Measured(
        base.definition_hash, base.start, base.end, base.numerator, base.denominator, base.value,
        base.data_cut or base.frozen_at, base.frozen_at, base.frozen_by, base.interval,
    )  # fmt: skip
    return [first, *line.followed]


@dataclass(frozen=True, slots=True)
class Adoption:
    """Somebody who took a practice over, and when."""

    unit: str
    day: date


@dataclass(frozen=True, slots=True)
class Practice:
    """What a unit does that others may copy, for an indicator. ``unit`` is a reference."""

    indicator: str
    unit: str
    title: str
    what: str
    adopters: tuple[Adoption, ...] = ()

    def adopted_by(self, one: Adoption) -> Practice:
        """The same with one more who took it over. Raises ValueError for one who has already."""
        if one.unit == self.unit or any(each.unit == one.unit for each in self.adopters):
            raise ValueError("a practice is taken over once, and not from oneself")
        return replace(self, adopters=(*self.adopters, one))


@dataclass(frozen=True, slots=True)
class Effect:
    """The last value that ended before a practice was taken over, and the latest that began after it;
    each None until there is one.
    """

    before: Measured | None
    after: Measured | None

    @property
    def difference(self) -> Fraction | None:
        """How much the value has moved; None without both. A line holds values of one definition only."""
        if self.before is None or self.after is None:
            return None
        return self.after.value - self.before.value

    @property
    def is_more_than_chance(self) -> bool:
        """Whether the two intervals do not meet: a careful test, and no proof of a cause."""
        ends = [each.interval for each in (self.before, self.after) if each is not None]
        if self.difference is None or len(ends) < 2 or ends[0] is None or ends[1] is None:
            return False
        return ends[0].high < ends[1].low or ends[1].high < ends[0].low


def effect(line: PlanLine | None, day: date) -> Effect:
    """What became of an indicator with one who took a practice over on a day."""
    values: Sequence[Measured] = [] if line is None else _values(line)
    before = [each for each in values if each.end <= day]
    after = [each for each in values if each.start >= day]
    return Effect(before[-1] if before else None, after[-1] if after else None)


__all__ = [
    "Adoption", "Compared", "Comparison", "Effect", "Place", "Practice", "Told", "compare", "effect",
    "months_between", "told",
]  # fmt: skip
