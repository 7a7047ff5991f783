"""How far a benefit has come: from the frozen baseline towards the ambition, and whether that can
be told from chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from fellesjournal.leadership.figures.intervals import Interval


class Verdict(StrEnum):
    """What a plan line says of its benefit."""

    REACHED = "on-trajectory"
    UNCERTAIN = "not-distinguishable-from-chance"
    BEHIND = "behind"
    WORSE = "worse"
    MAINTAINED = "maintained"
    NOT_MAINTAINED = "not-maintained"


class NotComparable(ValueError):
    """Baseline and follow-up follow different definitions: they are not compared."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """What an indicator was before, frozen: never changed, only followed by another. ``numerator`` is
    None for an indicator that is no share.
    """

    indicator: str
    definition_hash: str
    unit: str
    start: date
    end: date
    numerator: Fraction | None
    denominator: Fraction
    value: Fraction
    method: str
    frozen_at: datetime
    frozen_by: str
    interval: Interval | None = None
    data_cut: datetime | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """What an indicator was in a later period, as it was registered: never changed either."""

    definition_hash: str
    start: date
    end: date
    numerator: Fraction | None
    denominator: Fraction
    value: Fraction
    data_cut: datetime
    registered_at: datetime
    registered_by: str
    interval: Interval | None = None

    @property
    def now(self) -> Now:
        """The part that is compared with a baseline."""
        return Now(self.definition_hash, self.value, self.interval)


@dataclass(frozen=True, slots=True)
class Milestone:
    """The value that is planned for a day."""

    day: date
    value: Fraction


@dataclass(frozen=True, slots=True)
class Ambition:
    """What is wanted, by when, with planned steps on the way. ``tolerance`` is for what shall stay
    as it is: how much worse still counts as kept.
    """

    indicator: str
    unit: str
    target: Fraction
    day: date
    trajectory: tuple[Milestone, ...] = ()
    approved_by: str = ""
    tolerance: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class Now:
    """A follow-up value with its interval, and the definition it follows."""

    definition_hash: str
    value: Fraction
    interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class Attainment:
    """``share`` of the way; None when the benefit is to keep what is. The interval is that of the
    value, in shares of the way.
    """

    share: Fraction | None
    interval: Interval | None
    planned: Fraction | None
    verdict: Verdict


def comparable(now: Now, baseline: Baseline) -> None:
    """Raises NotComparable when the two follow different definitions."""
    if now.definition_hash != baseline.definition_hash:
        raise NotComparable("the definition has changed since the baseline was frozen")


def attained(now: Fraction, baseline: Fraction, target: Fraction) -> Fraction:
    """(now - baseline) / (ambition - baseline), neither clipped nor rounded."""
    if target == baseline:
        raise ValueError("what is to be kept is not on its way anywhere")
    return (now - baseline) / (target - baseline)


def attainment(
    now: Now, baseline: Baseline, ambition: Ambition, day: date, *, up_is_better: bool = True
) -> Attainment:
    """Where a benefit stands on a day. ``up_is_better`` matters only for what is to be kept.

    Raises NotComparable.
    """
    comparable(now, baseline)
    if ambition.target == baseline.value:
        return _kept(now, baseline, ambition, up_is_better=up_is_better)
    share = attained(now.value, baseline.value, ambition.target)
    ends = [
        float((Fraction(end) - baseline.value) / (ambition.target - baseline.value))
        for end in now.interval or ()
    ]
    interval = Interval(min(ends), max(ends)) if ends else None
    planned = planned_share(baseline, ambition, day)
    return Attainment(share, interval, planned, _verdict(share, interval, planned))


def planned_share(baseline: Baseline, ambition: Ambition, day: date) -> Fraction:
    """The share of the way that is planned for a day: straight between the planned steps, from the
    end of the baseline's period to the day of the ambition.
    """
    steps: Sequence[Milestone] = sorted(
        [
            Milestone(baseline.end, baseline.value),
            *ambition.trajectory,
            Milestone(ambition.day, ambition.target),
        ],
        key=lambda each: each.day,
    )
    value = steps[0].value if day <= steps[0].day else steps[-1].value
    for before, after in pairwise(steps):
        if before.day <= day < after.day:
            passed = Fraction((day - before.day).days, (after.day - before.day).days)
            value = before.value + passed * (after.value - before.value)
    return attained(value, baseline.value, ambition.target)


def _verdict(share: Fraction, interval: Interval | None, planned: Fraction) -> Verdict:
    """Green only when the low end of what it may be reaches what was planned."""
    if interval is not None and interval.low >= planned:
        return Verdict.REACHED
    if share < 0:
        return Verdict.WORSE
    if share >= planned or (interval is not None and interval.high >= planned):
        return Verdict.UNCERTAIN
    return Verdict.BEHIND


def _kept(now: Now, baseline: Baseline, ambition: Ambition, *, up_is_better: bool) -> Attainment:
    worse = baseline.value - now.value if up_is_better else now.value - baseline.value
    is_kept = worse <= ambition.tolerance
    return Attainment(None, None, None, Verdict.MAINTAINED if is_kept else Verdict.NOT_MAINTAINED)


__all__ = [
    "Ambition", "Attainment", "Baseline", "Measured", "Milestone", "NotComparable", "Now", "Verdict",
    "attained", "attainment", "comparable", "planned_share",
]  # fmt: skip
