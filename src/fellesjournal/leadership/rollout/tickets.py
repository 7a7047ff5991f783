"""Tickets after go-live: what is expected of a day, what was observed against it, and how fast they
are answered and closed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import NormalDist

from fellesjournal.leadership.figures.intervals import Interval, against_expected
from fellesjournal.leadership.figures.ratios import Ratio, ratio
from fellesjournal.leadership.figures.times import between
from fellesjournal.leadership.rollout.assumptions import ASSUMED, Assumptions

WEEK = 7


class Category(StrEnum):
    """What a ticket is about."""

    DEFECT = "defect"
    TRAINING = "training"
    ENHANCEMENT = "enhancement"
    ACCESS = "access"


@dataclass(frozen=True, slots=True)
class Ticket:
    """A call for help. Raises ValueError for naive moments or an end before the beginning."""

    id: str
    opened: datetime
    severity: int
    unit: str
    module: str
    category: Category
    safety: bool = False
    first_response: datetime | None = None
    closed: datetime | None = None
    duplicate_of: str = ""
    reopened: int = 0

    def __post_init__(self) -> None:
        for moment in (self.first_response, self.closed):
            if moment is not None and between(self.opened, moment) < timedelta():
                raise ValueError(f"{self.id}: nothing happens to a ticket before it is opened")


@dataclass(frozen=True, slots=True)
class Curve:
    """Expected tickets per user: ``a`` above the level on the first day, fading with ``tau`` days, and
    the level ``b``; ``weekdays`` is a factor for Monday to Sunday.
    """

    a: float
    tau: float
    b: float
    weekdays: tuple[float, ...] = (1.0,) * WEEK

    def __post_init__(self) -> None:
        if min(self.a, self.b) < 0 or self.tau <= 0:
            raise ValueError("a curve has no negative tickets and fades in some days")
        if len(self.weekdays) != WEEK or min(self.weekdays) < 0:
            raise ValueError("a week has seven factors, none negative")

    def per_user(self, day: int) -> float:
        """Tickets of a user so many days after go-live, before the weekday counts."""
        return self.a * math.exp(-day / self.tau) + self.b

    def expected(self, users: int, day: int, go_live: date | None = None) -> float:
        """Tickets of so many users; with a go-live date, of the weekday that the day is."""
        if day < 0:
            raise ValueError("nothing is expected before go-live")
        factor = 1.0 if go_live is None else self.weekdays[(go_live.weekday() + day) % WEEK]
        return users * self.per_user(day) * factor


def assumed_curve(assumed: Assumptions = ASSUMED) -> Curve:
    """The curve until one is fitted."""
    return Curve(
        float(assumed.curve_a),
        float(assumed.curve_tau_days),
        float(assumed.curve_b),
        tuple(float(each) for each in assumed.weekday_factors),
    )


class Signal(StrEnum):
    """Whether observed tickets differ from the expected ones by more than chance."""

    NONE = "none"
    MORE = "more"
    FEWER = "fewer"


@dataclass(frozen=True, slots=True)
class Against:
    """Observed by expected, with its exact interval."""

    observed: int
    expected: float
    interval: Interval

    @property
    def ratio(self) -> float:
        """Observed by expected."""
        return self.observed / self.expected

    @property
    def signal(self) -> Signal:
        """More or fewer when the interval leaves out 1."""
        if self.interval.low > 1:
            return Signal.MORE
        return Signal.FEWER if self.interval.high < 1 else Signal.NONE

    def may_be_silent(self, assumed: Assumptions = ASSUMED) -> bool:
        """Whether there are so few that people may not be reporting: look at what stands beside."""
        return self.signal is Signal.FEWER and self.ratio <= float(assumed.silent_share)


def against(observed: int, expected: float) -> Against:
    """What was observed against what was expected."""
    return Against(observed, expected, against_expected(observed, expected))


def by_chance(expected: float, level: float = 0.95) -> Interval:
    """Between which counts a day lies by chance when so many are expected (normal, cut at 0): the band
    of a drawing. Whether a day is a signal is said by ``against``, exactly.
    """
    half = NormalDist().inv_cdf((1 + level) / 2) * math.sqrt(expected)
    return Interval(max(0.0, expected - half), expected + half)


def counted(tickets: Iterable[Ticket]) -> tuple[Ticket, ...]:
    """Tickets without duplicates of another."""
    return tuple(ticket for ticket in tickets if not ticket.duplicate_of)


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside a small number of tickets: tickets per active user and notes of the
    floor-walkers per ticket; the share opened again; failures that no ticket tells of.
    """

    per_active_user: Ratio
    floor_notes_per_ticket: Ratio
    reopened: Ratio
    silent_failures: int


def beside(
    tickets: Iterable[Ticket], *, active_users: int, floor_notes: int, silent_failures: int
) -> Beside:
    """The figures that tell silence from peace."""
    every = counted(tickets)
    return Beside(
        ratio(len(every), active_users),
        ratio(floor_notes, len(every)),
        ratio(sum(1 for each in every if each.reopened), len(every)),
        silent_failures,
    )


@dataclass(frozen=True, slots=True)
class Service:
    """How tickets are answered at a moment. ``p90_to_close`` is the nearest rank of the closed ones;
    ``backlog`` the age of the open ones, oldest first; ``unsafe`` safety tickets open too long.
    """

    median_first_response: timedelta | None
    unanswered: int
    p90_to_close: timedelta | None
    backlog: tuple[timedelta, ...]
    unsafe: tuple[Ticket, ...]


def service(tickets: Iterable[Ticket], at: datetime, assumed: Assumptions = ASSUMED) -> Service:
    """What is known at a moment: what happened later counts as not yet happened."""
    known = [each for each in counted(tickets) if between(each.opened, at) >= timedelta()]
    answered = [
        between(each.opened, each.first_response)
        for each in known
        if each.first_response and between(each.first_response, at) >= timedelta()
    ]
    still_open = [
        each for each in known if each.closed is None or between(each.closed, at) < timedelta()
    ]
    closed = [
        between(each.opened, each.closed)
        for each in known
        if each.closed and each not in still_open
    ]
    ages = sorted((between(each.opened, at) for each in still_open), reverse=True)
    limit = timedelta(hours=float(assumed.safety_hours))
    return Service(
        nearest_rank(answered, 50),
        len(known) - len(answered),
        nearest_rank(closed, 90),
        tuple(ages),
        tuple(each for each in still_open if each.safety and between(each.opened, at) > limit),
    )


def nearest_rank(durations: Sequence[timedelta], percent: int) -> timedelta | None:
    """The smallest duration that so many percent are not above, None of none."""
    if not durations:
        return None
    rank = -(-len(durations) * percent // 100)
    return sorted(durations)[max(rank, 1) - 1]


__all__ = [
    "Against",
    "Beside",
    "Category",
    "Curve",
    "Service",
    "Signal",
    "Ticket",
    "against",
    "assumed_curve",
    "beside",
    "by_chance",
    "counted",
    "nearest_rank",
    "service",
]
