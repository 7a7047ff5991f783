"""The queue of what makes work slow or unsafe: what an improvement is worth, what comes first, who
may change it, and what has to be measured before it counts as solved.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from fellesjournal.leadership.decisions.assumptions import SAFETY_FIRST
from fellesjournal.leadership.decisions.refusals import Refused, Why


class Source(StrEnum):
    """Where an issue comes from."""

    TICKET = "ticket"
    SURVEY = "survey"
    GAP_ANALYSIS = "gap_analysis"
    AUDIT = "audit"
    PATHWAY = "pathway"


class Fix(StrEnum):
    """How it is put right."""

    CONFIG = "config"
    BUILD = "build"
    TRAINING = "training"
    STANDARDISE = "standardise"


class Reach(StrEnum):
    """Whose content it touches."""

    LOCAL = "local"
    SHARED = "shared"


class Means(StrEnum):
    """How it is known that it is solved."""

    TIMING = "timing"
    """Seconds a time; less is better."""
    SCORE = "score"
    """A score of usability; more is better."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The same thing measured before and after."""

    means: Means
    before: Decimal
    after: Decimal

    @property
    def is_better(self) -> bool:
        """Whether it is less time, or a higher score, than before."""
        return self.after < self.before if self.means is Means.TIMING else self.after > self.before


@dataclass(frozen=True, slots=True)
class UsabilityIssue:
    """Something in a workflow that costs time or safety. ``safety`` is 0 to 4; ``duplicate_group``
    is the same for what is said several times of one thing.
    """

    key: str
    workflow: str
    users: int
    uses_per_day: Decimal
    days: int
    seconds_lost: Decimal
    safety: int
    source: Source
    fix: Fix
    effort_days: Decimal
    reach: Reach
    duplicate_group: str = ""
    measured: Measured | None = None
    closed: bool = False

    def __post_init__(self) -> None:
        if any(n < 0 for n in (self.users, self.uses_per_day, self.days, self.seconds_lost)):
            raise ValueError("users, uses, days and seconds are never negative")
        if not 0 <= self.safety <= 4:
            raise ValueError(f"{self.safety} is no safety class from 0 to 4")
        if self.effort_days <= 0:
            raise ValueError("an effort is more than nothing")

    @property
    def hours_a_year(self) -> Fraction:
        """Users x uses a day x days x seconds / 3600."""
        seconds = Fraction(self.uses_per_day) * Fraction(self.seconds_lost)
        return self.users * self.days * seconds / 3600

    @property
    def hours_a_day_of_effort(self) -> Fraction:
        """What a day of work on it gives back in a year."""
        return self.hours_a_year / Fraction(self.effort_days)


def ranked(
    issues: Iterable[UsabilityIssue], *, safety_first: int = int(SAFETY_FIRST.value)
) -> list[tuple[UsabilityIssue, tuple[UsabilityIssue, ...]]]:
    """What is not closed, first what is to be done first, each with its duplicates.

    Safety from ``safety_first`` on comes before all else, the worst first; then what gives back
    most for a day of work. Of duplicates the one that is worth most stands for all: hours that
    are told twice are not lost twice. A group is as unsafe as its worst.
    """
    groups: dict[str, list[UsabilityIssue]] = defaultdict(list)
    for issue in issues:
        if not issue.closed:
            groups[issue.duplicate_group or f"\0{issue.key}"].append(issue)
    rows = []
    for group in groups.values():
        first, *rest = sorted(group, key=lambda each: (-each.hours_a_day_of_effort, each.key))
        unsafe = max(each.safety for each in group)
        before_all = -unsafe if unsafe >= safety_first else 0
        rows.append((before_all, -first.hours_a_day_of_effort, first.key, first, tuple(rest)))
    return [(first, rest) for *_, first, rest in sorted(rows, key=lambda row: row[:3])]


class Route(StrEnum):
    """What changing something asks for."""

    CHANGE = "change"
    CASE = "case"
    """A case of the joint decision structure: it touches what others use too."""


def route_of(issue: UsabilityIssue, *, is_certified_builder: bool) -> Route:
    """Whether a local builder may change it herself. Raises Refused for one who is not certified."""
    if issue.reach is Reach.SHARED:
        return Route.CASE
    if not is_certified_builder:
        raise Refused(Why.NO_MANDATE, "only certified builders change local content")
    return Route.CHANGE


def closed(issue: UsabilityIssue, measured: Measured | None) -> UsabilityIssue:
    """Solved, as measured before and after. Raises Refused without a measurement, when it is closed, and when nothing
    has become better: it stays in the queue.
    """
    if issue.closed:
        raise Refused(Why.STATE, "it is closed")
    if measured is None:
        raise Refused(Why.MEASURE_MISSING, "measure time or usability before and after")
    if not measured.is_better:
        raise Refused(Why.EVIDENCE_MISSING, "it is no better than before")
    return replace(issue, measured=measured, closed=True)


def hours_won(issue: UsabilityIssue) -> Fraction | None:
    """Hours a year that a fix has given back, as measured; None when no time was measured."""
    if issue.measured is None or issue.measured.means is not Means.TIMING:
        return None
    less = Fraction(issue.measured.before) - Fraction(issue.measured.after)
    return issue.users * issue.days * Fraction(issue.uses_per_day) * less / 3600


__all__ = [
    "Fix", "Means", "Measured", "Reach", "Route", "Source", "UsabilityIssue", "closed",
    "hours_won", "ranked", "route_of",
]  # fmt: skip
