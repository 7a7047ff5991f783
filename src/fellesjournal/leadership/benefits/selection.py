"""Choosing indicators: the three criteria of the list, scores by several, what none other beats,
and one order that is offered.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from statistics import median

from fellesjournal.leadership.benefits.assumptions import (
    DISCUSS_FROM,
    LEAST_FIT,
    LOW_HANGING_DIFFICULTY,
    LOW_HANGING_SIZE,
)


@dataclass(frozen=True, slots=True)
class Criterion:
    """One of the three, met or not, and why."""

    is_met: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """What puts an indicator on the list: it can carry a baseline and an ambition, others can use
    it too, and one's own measures can influence it.
    """

    can_be_measured: Criterion
    can_be_reused: Criterion
    can_be_influenced: Criterion

    @property
    def is_listed(self) -> bool:
        """Whether all three are met."""
        return all(
            each.is_met
            for each in (self.can_be_measured, self.can_be_reused, self.can_be_influenced)
        )


@dataclass(frozen=True, slots=True)
class Score:
    """How big the benefit is, how difficult, how well it fits the strategy: 1 to 5 each."""

    size: int
    difficulty: int
    fit: int

    def __post_init__(self) -> None:
        if not all(1 <= each <= 5 for each in (self.size, self.difficulty, self.fit)):
            raise ValueError("a score is from 1 to 5")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An indicator that was scored, by one or several."""

    id: str
    scores: tuple[Score, ...]
    is_listed: bool = True

    def __post_init__(self) -> None:
        if not self.scores:
            raise ValueError(f"{self.id} has no score")

    @property
    def size(self) -> Fraction:
        """The median of all who scored."""
        return _median(each.size for each in self.scores)

    @property
    def difficulty(self) -> Fraction:
        """The median of all who scored."""
        return _median(each.difficulty for each in self.scores)

    @property
    def fit(self) -> Fraction:
        """The median of all who scored."""
        return _median(each.fit for each in self.scores)

    @property
    def priority(self) -> Fraction:
        """Size · fit / difficulty: one order among many possible ones."""
        return self.size * self.fit / self.difficulty

    @property
    def spread(self) -> int:
        """The widest distance between two scorers on one question."""
        answers: list[list[int]] = [
            [each.size for each in self.scores],
            [each.difficulty for each in self.scores],
            [each.fit for each in self.scores],
        ]
        return max(max(each) - min(each) for each in answers)


@dataclass(frozen=True, slots=True)
class Scored:
    """What one person has scored, and when; ``by`` is a reference."""

    by: str
    score: Score
    at: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """An indicator on the selection list. What is retired stays, with its reason in the version."""

    indicator: str
    title: str
    service_group: str
    criteria: Listed
    scored: tuple[Scored, ...] = ()
    is_retired: bool = False

    @property
    def is_listed(self) -> bool:
        """Whether it can be chosen: all three criteria are met, and it is not retired."""
        return self.criteria.is_listed and not self.is_retired

    @property
    def candidate(self) -> Candidate | None:
        """What is weighed against the others; None until somebody has scored it."""
        if not self.scored:
            return None
        return Candidate(self.indicator, tuple(each.score for each in self.scored), self.is_listed)

    def scored_by(self, one: Scored) -> Item:
        """The same with this person's score in place of her earlier one; the others' stay."""
        others = tuple(each for each in self.scored if each.by != one.by)
        return replace(self, scored=(*others, one))


@dataclass(frozen=True, slots=True)
class Limits:
    """What is considered, and what is called low-hanging (assumptions.py)."""

    least_fit: Fraction = Fraction(LEAST_FIT.value)
    low_hanging_size: Fraction = Fraction(LOW_HANGING_SIZE.value)
    low_hanging_difficulty: Fraction = Fraction(LOW_HANGING_DIFFICULTY.value)
    discuss_from: Fraction = Fraction(DISCUSS_FROM.value)

    def lets_through(self, one: Candidate) -> bool:
        """Whether it is considered at all."""
        return one.is_listed and one.fit >= self.least_fit

    def is_low_hanging(self, one: Candidate) -> bool:
        """Whether it is big and easy."""
        return (
            self.lets_through(one)
            and one.size >= self.low_hanging_size
            and one.difficulty <= self.low_hanging_difficulty
        )

    def is_to_be_discussed(self, one: Candidate) -> bool:
        """Whether those who scored disagree so much that the median says little."""
        return one.spread >= self.discuss_from


LIMITS = Limits()


def considered(candidates: Iterable[Candidate], limits: Limits = LIMITS) -> list[Candidate]:
    """Those that are let through, in the order that is offered: highest priority first, the
    easier first of two alike, then by id.
    """
    through = [each for each in candidates if limits.lets_through(each)]
    return sorted(through, key=lambda each: (-each.priority, each.difficulty, each.id))


def front(candidates: Sequence[Candidate], limits: Limits = LIMITS) -> list[Candidate]:
    """Those that no other beats: none is at least as big, as fitting and as easy, and better in one."""
    through = considered(candidates, limits)
    return [one for one in through if not any(_beats(other, one) for other in through)]


def _beats(one: Candidate, other: Candidate) -> bool:
    worth, others = _worth(one), _worth(other)
    return worth != others and all(a >= b for a, b in zip(worth, others, strict=True))


def _worth(one: Candidate) -> tuple[Fraction, Fraction, Fraction]:
    return one.size, one.fit, -one.difficulty


def _median(values: Iterable[int]) -> Fraction:
    return Fraction(median(Fraction(each) for each in values))


__all__ = [
    "LIMITS", "Candidate", "Criterion", "Item", "Limits", "Listed", "Score", "Scored", "considered",
    "front",
]  # fmt: skip
