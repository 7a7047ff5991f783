"""What is kept of the training of an organisation: its courses and what comes of a missing one, who has
passed, and who works when. People are references to the record (Practitioner/x), never names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from fellesjournal.access.policy.rules import Duty
from fellesjournal.leadership.documents.resources import Kind
from fellesjournal.leadership.figures.times import add_months
from fellesjournal.leadership.rollout.training import (
    Coverage,
    RoleCourse,
    Shift,
    SuperUsers,
    Training,
    coverage,
    super_users,
)

SUPER_USER = frozenset({"super-user", "superbruker", "superbrukar"})
"""Ids of the course that makes a super-user, by its title in each language."""


class Enforcement(StrEnum):
    """What comes of it when somebody who lacks a course chooses the role after go-live."""

    OFF = "off"
    WARN = "warn"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Course:
    """A course: where to take it, whom to ask, and for how many months it holds (None: for good)."""

    id: str
    title: str
    place: str
    contact: str
    months: int | None = None

    def __post_init__(self) -> None:
        if not (self.id and self.title.strip() and self.place.strip() and self.contact.strip()):
            raise ValueError("a course has a title, a place and somebody to ask")
        if self.months is not None and self.months <= 0:
            raise ValueError("a course holds for a month at least")

    def expires(self, passed: date) -> date | None:
        """The first day it no longer holds."""
        return None if self.months is None else add_months(passed, self.months)


@dataclass(frozen=True, slots=True)
class Courses:
    """The courses of an organisation and the roles that need them. ``unit`` is what the organisation is
    in the record (Organization/x); ``super_users`` are pairs of person and unit.
    """

    unit: str = ""
    enforcement: Enforcement = Enforcement.OFF
    courses: tuple[Course, ...] = ()
    needed: tuple[RoleCourse, ...] = ()
    super_users: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        ids = [each.id for each in self.courses]
        if len(set(ids)) < len(ids):
            raise ValueError("a course stands twice")
        if unknown := {each.course for each in self.needed} - set(ids):
            raise ValueError(f"no course is called {', '.join(sorted(unknown))}")

    def course(self, course_id: str) -> Course | None:
        """The course of this id."""
        return next((each for each in self.courses if each.id == course_id), None)


@dataclass(frozen=True, slots=True)
class Passes:
    """Who has passed what."""

    passed: tuple[Training, ...] = ()

    def with_passes(self, more: Iterable[Training]) -> Passes:
        """The same with these; a course passed again by somebody for a role stands once, as it was
        passed last.
        """
        kept = {(each.person, each.role, each.course): each for each in self.passed}
        for each in more:
            key = (each.person, each.role, each.course)
            before = kept.get(key)
            if before is None or before.passed_at <= each.passed_at:
                kept[key] = each
        return Passes(tuple(kept.values()))


@dataclass(frozen=True, slots=True)
class Roster:
    """Who works when."""

    shifts: tuple[Shift, ...] = ()

    def with_shifts(self, more: Iterable[Shift]) -> Roster:
        """The same with these: the days that they tell of replace what stood of those days."""
        told = tuple(dict.fromkeys(more))
        days = {(each.unit, each.day) for each in told}
        kept = (each for each in self.shifts if (each.unit, each.day) not in days)
        return Roster((*kept, *told))


@dataclass(frozen=True, slots=True)
class Book:
    """All that is kept of an organisation's training."""

    courses: Courses = Courses()
    passes: Passes = Passes()
    roster: Roster = Roster()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to count."""
        return not (self.roster.shifts and self.courses.needed)

    def coverage(self, go_live: date, staff: Iterable[str], today: date | None = None) -> Coverage:
        """How far those who work from go-live on are trained."""
        return coverage(
            go_live, staff, self.roster.shifts, self.courses.needed, self.passes.passed, today
        )

    def super_users(self, go_live: date, days: int, today: date) -> dict[str, SuperUsers]:
        """How far the super-users of each unit have come, for the first days after go-live."""
        able = {
            each.person
            for each in self.passes.passed
            if each.course in SUPER_USER and each.passed_at <= today and each.holds_on(go_live)
        }
        return super_users(
            go_live, self.roster.shifts, self.courses.super_users, able,
            until=go_live + timedelta(days=days),
        )  # fmt: skip

    def within(self, units: Iterable[str]) -> Book:
        """What a leader of some units sees of people: those who work at them."""
        mine = set(units)
        shifts = tuple(each for each in self.roster.shifts if each.unit in mine)
        people = {each.person for each in shifts}
        return replace(
            self,
            passes=Passes(tuple(e for e in self.passes.passed if e.person in people)),
            roster=Roster(shifts),
        )


COURSES: Kind[Courses] = Kind("rollout-courses", Courses, frozenset({Duty.ROLL_OUT}))
PASSES: Kind[Passes] = Kind("rollout-passes", Passes, frozenset({Duty.ROLL_OUT}))
ROSTER: Kind[Roster] = Kind("rollout-roster", Roster, frozenset({Duty.ROLL_OUT}))

__all__ = [
    "COURSES",
    "PASSES",
    "ROSTER",
    "SUPER_USER",
    "Book",
    "Course",
    "Courses",
    "Enforcement",
    "Passes",
    "Roster",
]
