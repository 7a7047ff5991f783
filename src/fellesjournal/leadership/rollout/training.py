"""Training: who has passed the courses of a role, counted for those who work after go-live only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fellesjournal.leadership.figures.ratios import Ratio, ratio


@dataclass(frozen=True, slots=True)
class Training:
    """A course that a person passed, valid to before ``expires`` (None: for good)."""

    person: str
    role: str
    course: str
    passed_at: date
    expires: date | None = None
    actor: str = ""

    def __post_init__(self) -> None:
        if self.expires is not None and self.expires <= self.passed_at:
            raise ValueError("a course expires after it was passed")

    def holds_on(self, day: date) -> bool:
        """Whether it was passed by this day and has not expired on it."""
        return self.passed_at <= day and (self.expires is None or day < self.expires)


@dataclass(frozen=True, slots=True)
class Shift:
    """A person who is to work in a role at a unit, on a day and a part of it (day, evening, night)."""

    person: str
    role: str
    unit: str
    day: date
    part: str = ""


@dataclass(frozen=True, slots=True)
class RoleCourse:
    """A course that a role needs."""

    role: str
    course: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A person who works after go-live without a course the role needs."""

    person: str
    role: str
    courses: tuple[str, ...]
    first_shift: date


@dataclass(frozen=True, slots=True)
class Coverage:
    """``share`` of those with shifts from go-live on whose courses hold on the first of them; the
    ``gaps``; and ``absent`` staff, who have no such shift and are not counted.
    """

    share: Ratio
    trained: int
    rostered: int
    gaps: tuple[Gap, ...]
    absent: tuple[str, ...]


def coverage(
    go_live: date,
    staff: Iterable[str],
    shifts: Iterable[Shift],
    courses: Iterable[RoleCourse],
    passed: Iterable[Training],
    today: date | None = None,
) -> Coverage:
    """How many of those who work after go-live are trained for every role they work in. With ``today``,
    what was passed after it does not count.
    """
    needed = _needed(courses)
    firsts = _first_shifts(go_live, shifts)
    held: dict[str, list[Training]] = {}
    for training in passed:
        if today is None or training.passed_at <= today:
            held.setdefault(training.person, []).append(training)
    gaps = tuple(
        Gap(person, role, missing, day)
        for (person, role), day in sorted(firsts.items(), key=lambda row: (row[1], row[0]))
        if (missing := _missing(needed.get(role, ()), held.get(person, []), role, day))
    )
    people = {person for person, _ in firsts}
    trained = len(people - {gap.person for gap in gaps})
    return Coverage(
        ratio(trained, len(people)),
        trained,
        len(people),
        gaps,
        tuple(sorted(set(staff) - people)),
    )


class SuperUsers(StrEnum):
    """How far the super-users of a unit have come, worst first."""

    NONE = "none"
    NAMED = "named"
    TRAINED = "trained"
    ROSTERED = "rostered"


def super_users(
    go_live: date,
    shifts: Iterable[Shift],
    named: Iterable[tuple[str, str]],
    trained: Iterable[str],
    *,
    until: date,
) -> dict[str, SuperUsers]:
    """Of every unit that works between go-live and before ``until``: whether a super-user is named
    (``named``: person and unit), one is trained, and a trained one is on every shift.
    """
    able = set(trained)
    of_unit: dict[str, set[str]] = {}
    for person, unit in named:
        of_unit.setdefault(unit, set()).add(person)
    worked: dict[str, dict[tuple[date, str], set[str]]] = {}
    for shift in shifts:
        if go_live <= shift.day < until:
            on = worked.setdefault(shift.unit, {})
            on.setdefault((shift.day, shift.part), set()).add(shift.person)
    return {
        unit: _stage(of_unit.get(unit, set()), able, list(on.values()))
        for unit, on in sorted(worked.items())
    }


def expiring(
    passed: Iterable[Training], old_go_live: date, new_go_live: date
) -> tuple[Training, ...]:
    """What held at the old go-live and no longer holds at the new one."""
    return tuple(
        each for each in passed if each.holds_on(old_go_live) and not each.holds_on(new_go_live)
    )


def _needed(courses: Iterable[RoleCourse]) -> dict[str, tuple[str, ...]]:
    needed: dict[str, tuple[str, ...]] = {}
    for each in courses:
        needed[each.role] = (*needed.get(each.role, ()), each.course)
    return needed


def _first_shifts(go_live: date, shifts: Iterable[Shift]) -> dict[tuple[str, str], date]:
    firsts: dict[tuple[str, str], date] = {}
    for shift in shifts:
        if shift.day >= go_live:
            key = (shift.person, shift.role)
            firsts[key] = min(shift.day, firsts.get(key, shift.day))
    return firsts


def _missing(
    needed: tuple[str, ...], held: list[Training], role: str, day: date
) -> tuple[str, ...]:
    holding = {each.course for each in held if each.role == role and each.holds_on(day)}
    return tuple(course for course in needed if course not in holding)


def _stage(named: set[str], able: set[str], shifts: list[set[str]]) -> SuperUsers:
    if not named:
        return SuperUsers.NONE
    ready = named & able
    if not ready:
        return SuperUsers.NAMED
    return SuperUsers.ROSTERED if all(ready & on for on in shifts) else SuperUsers.TRAINED


__all__ = [
    "Coverage",
    "Gap",
    "RoleCourse",
    "Shift",
    "SuperUsers",
    "Training",
    "coverage",
    "expiring",
    "super_users",
]
