"""One indicator of several places, as it was published: what each design of ``evaluation`` says of it, or
why it says nothing.

What is held back is no number here, and nothing is put in its place: a period without a value is left out.
So is a period that is not over, and the one in which a place began, which is neither before nor after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from statistics import fmean

from fellesjournal.leadership.figures.periods import month_of
from fellesjournal.leadership.figures.result import Figure
from fellesjournal.leadership.figures.signals import XmR, xmr
from fellesjournal.leadership.pathways.claims import Confounders, Design, Evidence
from fellesjournal.leadership.pathways.evaluation import (
    FEW_CLUSTERS,
    Series,
    Staggered,
    difference_in_differences,
    interrupted,
    staggered,
)

SEASONS_FROM = 24
"""With fewer months than two years the season can't be told from the change."""


class WhyNot(StrEnum):
    """Why a design says nothing."""

    NOT_BEGUN = "not-begun"
    FEW_BEFORE = "few-before"
    FEW_AFTER = "few-after"
    NOBODY = "nobody-to-compare"
    NOT_APART = "not-apart"


@dataclass(frozen=True, slots=True)
class Course:
    """An indicator of one place, oldest period first. ``begins``: the day the measures began there; None
    where they have not. All courses that are looked at together have the same periods.
    """

    name: str
    begins: date | None
    figures: tuple[Figure, ...]

    def is_after(self, figure: Figure) -> bool:
        """Whether the whole period lies after the beginning."""
        return self.begins is not None and figure.period.start >= self.begins

    def is_before(self, figure: Figure) -> bool:
        """Whether the whole period lies before it."""
        return self.begins is None or figure.period.end <= self.begins

    @property
    def values(self) -> list[float | None]:
        """The value of each period; None where nothing is shown or the period is neither."""
        return [
            float(each.value) if each.value is not None and _counts(self, each) else None
            for each in self.figures
        ]

    @property
    def start(self) -> int:
        """The place of the first period after the beginning; as many as there are where there is none."""
        return sum(not self.is_after(each) for each in self.figures)


@dataclass(frozen=True, slots=True)
class Found:
    """What a design found. ``effect``: how much the value moved that much further than it would have, in
    the unit of the indicator; None with ``why_not``. ``before`` and ``after`` are the two values compared,
    ``others`` the same of those it was compared with. ``periods_before``: how many there were.
    """

    design: Design
    why_not: WhyNot | None = None
    effect: Fraction | float | None = None
    before: Fraction | None = None
    after: Fraction | None = None
    others: tuple[Fraction, Fraction] | None = None
    places: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    periods_before: int = 0
    periods_after: int = 0
    series: Series | None = None
    staggered: Staggered | None = None

    @property
    def is_few(self) -> bool:
        """Whether there are so few places that chance can hardly be ruled out."""
        is_across = self.design in {Design.WITH_CONTROLS, Design.STAGGERED}
        return is_across and len({*self.places, *self.against}) < FEW_CLUSTERS

    def evidence(
        self, indicator: str, confounders: Confounders | None, *, better_up: bool, worst: bool
    ) -> Evidence:
        """What it is for a claim. Raises ValueError where nothing was found."""
        if self.effect is None:
            raise ValueError("nothing was found")
        improved = self.effect > 0 if better_up else self.effect < 0
        chance = None if self.staggered is None else Decimal(str(self.staggered.probability))
        return Evidence(
            indicator, self.design, improved, confounders, self.periods_before, chance, worst
        )


def of_place(course: Course) -> tuple[Found, Found]:
    """A place by itself: before and after, and its series that was interrupted."""
    return _before_after(course), _series(course)


def across(courses: Sequence[Course]) -> tuple[Found, Found]:
    """Places against others: those that began first against those that have not, and all of them as they
    began one after the other.
    """
    return _with_controls(courses), _staggered(courses)


def chart(course: Course) -> XmR | None:
    """The control chart: limits of what was before the beginning; None for fewer than two values."""
    before = [v for v in course.values[: course.start] if v is not None]
    return xmr(before) if len(before) > 1 else None


def was_worst(courses: Sequence[Course], *, better_up: bool) -> str:
    """The place that began and was the worst of all before; "" when none of them was, or there is nobody to
    compare with.
    """
    levels = {
        each.name: found
        for each in courses
        if (found := _level(each, before=True, until=_first(courses))) is not None
    }
    if len(levels) < 2 or len(set(levels.values())) < 2:
        return ""
    worst = min(levels, key=lambda name: levels[name] if better_up else -levels[name])
    begun = {each.name for each in courses if each.begins is not None}
    return worst if worst in begun else ""


def _counts(course: Course, each: Figure) -> bool:
    is_whole = each.value is not None and each.is_complete
    return is_whole and (course.is_before(each) or course.is_after(each))


def _level(
    course: Course, *, before: bool, since: date | None = None, until: date | None = None
) -> Fraction | None:
    """The value of several periods as one: sums are divided, shares are never averaged."""
    chosen = [
        each
        for each in course.figures
        if _counts(course, each)
        and (course.is_before(each) if before else course.is_after(each) or course.begins is None)
        and (since is None or each.period.start >= since)
        and (until is None or each.period.end <= until)
    ]
    return _together(chosen)


def _together(figures: Sequence[Figure]) -> Fraction | None:
    weights = [each.denominator or Fraction() for each in figures]
    if not sum(weights):
        return None
    parts = zip(figures, weights, strict=True)
    return sum(((each.value or 0) * weight for each, weight in parts), Fraction()) / sum(weights)


def _first(courses: Sequence[Course]) -> date | None:
    return min((each.begins for each in courses if each.begins is not None), default=None)


def _lacks(course: Course) -> WhyNot | None:
    if course.begins is None:
        return WhyNot.NOT_BEGUN
    values = course.values
    if all(each is None for each in values[: course.start]):
        return WhyNot.FEW_BEFORE
    if all(each is None for each in values[course.start :]):
        return WhyNot.FEW_AFTER
    return None


def _numbers(course: Course) -> tuple[int, int]:
    values = course.values
    before = sum(each is not None for each in values[: course.start])
    return before, sum(each is not None for each in values) - before


def _before_after(course: Course) -> Found:
    if why_not := _lacks(course):
        return Found(Design.BEFORE_AFTER, why_not)
    before, after = _level(course, before=True), _level(course, before=False)
    assert before is not None  # _lacks asked
    assert after is not None
    return Found(
        Design.BEFORE_AFTER, None, after - before, before, after, None, (course.name,), (),
        *_numbers(course),
    )  # fmt: skip


def _series(course: Course) -> Found:
    design = Design.INTERRUPTED_SERIES
    if why_not := _lacks(course):
        return Found(design, why_not)
    before, after = _numbers(course)
    if before < 3 or after < 3:
        return Found(design, WhyNot.FEW_BEFORE if before < 3 else WhyNot.FEW_AFTER)
    found = _fitted(course)
    if found is None:
        return Found(design, WhyNot.NOT_APART)
    later = [t for t in range(course.start, len(course.figures)) if course.values[t] is not None]
    moved = found.step + found.bend * fmean(t - course.start for t in later)
    return Found(
        design, None, moved, _level(course, before=True), _level(course, before=False), None,
        (course.name,), (), before, after, found,
    )  # fmt: skip


def _fitted(course: Course) -> Series | None:
    """With the season taken out when there are months enough; else without."""
    values, first = course.values, course.figures[0].period
    is_monthly = first == month_of(first.start)
    known = sum(each is not None for each in values)
    months = [first.start.month] if is_monthly and known >= SEASONS_FROM else []
    for first_month in (*months, None):
        try:
            return interrupted(values, course.start, first_month=first_month)
        except ValueError:
            continue
    return None


def _with_controls(courses: Sequence[Course]) -> Found:
    """Those that began first against those that have not begun, before and after that day. Those that began
    in between are neither and are left out.
    """
    design, first = Design.WITH_CONTROLS, _first(courses)
    if first is None:
        return Found(design, WhyNot.NOT_BEGUN)
    treated = [each for each in courses if each.begins == first]
    others = [each for each in courses if each.begins is None]
    if not others:
        return Found(design, WhyNot.NOBODY)
    before, after = (_of_all(treated, before=is_before, first=first) for is_before in (True, False))
    other_before, other_after = (
        _of_all(others, before=is_before, first=first) for is_before in (True, False)
    )
    if before is None or other_before is None:
        return Found(design, WhyNot.FEW_BEFORE)
    if after is None or other_after is None:
        return Found(design, WhyNot.FEW_AFTER)
    effect = difference_in_differences(before, after, other_before, other_after)
    numbers = [_numbers(each) for each in treated]
    return Found(
        design, None, effect, before, after, (other_before, other_after),
        tuple(each.name for each in treated), tuple(each.name for each in others),
        min(each[0] for each in numbers), min(each[1] for each in numbers),
    )  # fmt: skip


def _of_all(courses: Sequence[Course], *, before: bool, first: date) -> Fraction | None:
    """Of several places as one, in whole periods at one side of the day the first began."""
    return _together([
        figure
        for each in courses
        for figure in each.figures
        if _counts(each, figure)
        and (figure.period.end <= first if before else figure.period.start >= first)
    ])  # fmt: skip


def _staggered(courses: Sequence[Course]) -> Found:
    """All that have begun, each against those that had not begun yet, in the periods that all of them have.
    A place that never begins is compared with and takes no part in the order.
    """
    design = Design.STAGGERED
    if _first(courses) is None:
        return Found(design, WhyNot.NOT_BEGUN)
    columns = list(zip(*(each.values for each in courses), strict=True))
    kept = [t for t, column in enumerate(columns) if None not in column]
    series = {each.name: [v for t in kept if (v := each.values[t]) is not None] for each in courses}
    starts = {each.name: sum(t < each.start for t in kept) for each in courses}
    begun = [each for each in courses if each.begins is not None]
    if any(starts[each.name] < 1 for each in courses):
        return Found(design, WhyNot.FEW_BEFORE)
    if any(starts[each.name] >= len(kept) for each in begun):
        return Found(design, WhyNot.FEW_AFTER)
    try:
        found = staggered(series, starts)
    except ValueError:
        return Found(design, WhyNot.NOBODY)
    first = min(starts.values())
    return Found(
        design, None, found.effect, None, None, None, tuple(each.name for each in begun),
        tuple(each.name for each in courses if each.begins is None), first, len(kept) - first,
        None, found,
    )  # fmt: skip


__all__ = [
    "SEASONS_FROM", "Course", "Found", "WhyNot", "across", "chart", "of_place", "was_worst",
]  # fmt: skip
