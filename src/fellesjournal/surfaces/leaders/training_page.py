"""What the pages of training show: who is trained, who is not and works soon, who is absent.

Names are for the rollout lead, and of her own units for a leader; everybody else sees the number of
a whole organisation, and none of a few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fellesjournal.access.courses.waivers import Waiver, since
from fellesjournal.access.directory.staff import Placed, own_units
from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.foundation import clock
from fellesjournal.leadership.figures.assumptions import SMALLEST_DENOMINATOR
from fellesjournal.leadership.rollout.programme import Programme
from fellesjournal.leadership.rollout.training import Coverage, SuperUsers
from fellesjournal.leadership.rollout.training_book import SUPER_USER, Book
from fellesjournal.surfaces.leaders import training_words as words
from fellesjournal.surfaces.leaders.amounts import percent

SOON = timedelta(days=90)
"""Courses that expire within this time are listed."""
_FEWEST = int(SMALLEST_DENOMINATOR.value)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks: all names, or those of her own units (Organization/x)."""

    sees_all: bool
    own: frozenset[str]

    def of(self, book: Book) -> Book:
        """What she sees of people."""
        return book if self.sees_all else book.within(self.own)

    def of_staff(self, staff: Sequence[Placed]) -> list[Placed]:
        """Those who are named to her."""
        return [each for each in staff if self.sees(each)]

    def sees(self, placed: Placed) -> bool:
        """Whether somebody is named to her."""
        return self.sees_all or placed.unit in self.own


def held(staff: Sequence[Placed]) -> list[Placed]:
    """Those whose roles are held to courses: leaders and administrators are not."""
    return [each for each in staff if (role := role_of(each.code)) is not None and not role.duties]


def reader_of(session: Session) -> Reader:
    """Whose names she sees."""
    role = role_of(session.role)
    duties = frozenset() if role is None else role.duties
    if Duty.ROLL_OUT in duties:
        return Reader(sees_all=True, own=frozenset())
    if Duty.REVIEW_UNIT not in duties:
        return Reader(sees_all=False, own=frozenset())
    return Reader(sees_all=False, own=own_units(session))


def starts(programme: Programme, actor: str, today: date) -> tuple[date, date] | None:
    """The day of go-live, and the day from which shifts are looked at: the later of it and today."""
    plan = programme.plan(actor)
    if plan is None:
        return None
    go_live = plan.go_live(programme.wave(plan.wave))
    return go_live, max(go_live, today)


def counted(found: Coverage, *, sees_all: bool) -> dict[str, Any]:
    """The number of an organisation; of a few people only for who sees their names anyhow."""
    if not found.rostered:
        return {"share": "", "trained": 0, "rostered": 0, "is_few": False}
    is_few = found.rostered < _FEWEST and not sees_all
    share = "" if is_few or found.share.value is None else percent(found.share.value)
    return {
        "share": share, "trained": found.trained, "rostered": found.rostered, "is_few": is_few,
    }  # fmt: skip


def gaps(
    book: Book, found: Coverage, staff: Sequence[Placed], leave: Sequence[Waiver]
) -> list[dict[str, Any]]:
    """Who works without a course, the first shift first, and the leave she has."""
    now = clock.now()
    placed = {(each.practitioner, each.code): each for each in staff}
    held = {each.role_id: each for each in reversed(leave) if each.holds(now)}
    rows = []
    for gap in found.gaps:
        who = placed.get((gap.person, gap.role))
        rows.append(
            {
                "name": who.name if who else gap.person,
                "title": who.title if who else gap.role,
                "unit": who.unit_name if who else "",
                "role_id": who.role_id if who else "",
                "courses": [title_of(book, each) for each in gap.courses],
                "first_shift": gap.first_shift,
                "leave": held.get(who.role_id) if who else None,
            }
        )
    return rows


def by_role(book: Book, start: date, staff: Sequence[Placed], today: date) -> list[dict[str, Any]]:
    """Of each role that needs a course: how many who work in it are trained."""
    titles = {each.code: each.title for each in staff}
    rows = []
    for code in dict.fromkeys(each.role for each in book.courses.needed):
        shifts = tuple(each for each in book.roster.shifts if each.role == code)
        of_role = Book(book.courses, book.passes, type(book.roster)(shifts))
        rows.append(
            {
                "title": titles.get(code, code),
                "courses": [
                    title_of(book, e.course) for e in book.courses.needed if e.role == code
                ],
                **counted(of_role.coverage(start, (), today), sees_all=True),
            }
        )
    return rows


def expiring(book: Book, staff: Sequence[Placed], today: date) -> list[dict[str, Any]]:
    """What holds today and not for long, the first end first."""
    names = {each.practitioner: each.name for each in staff}
    found = [
        each
        for each in book.passes.passed
        if each.expires is not None and each.holds_on(today) and each.expires <= today + SOON
    ]
    return [
        {
            "name": names.get(each.person, each.person),
            "course": title_of(book, each.course),
            "expires": each.expires,
        }
        for each in sorted(found, key=lambda each: (each.expires or today, each.person))
    ]


def super_users(
    book: Book, start: date, staff: Sequence[Placed], days: int, today: date
) -> list[dict[str, Any]]:
    """How far the super-users of each unit have come, and who is named to be one."""
    names = {each.practitioner: each.name for each in staff}
    unit_names = {each.unit: each.unit_name for each in staff}
    return [
        {
            "unit": unit_names.get(unit, unit),
            "text": words.SUPER_USERS[stage],
            "is_done": stage is SuperUsers.ROSTERED,
            "is_none": stage is SuperUsers.NONE,
            "names": [
                names.get(person, person) for person, at in book.courses.super_users if at == unit
            ],
        }
        for unit, stage in book.super_users(start, days, today).items()
    ]


def leave_of(session: Session, reader: Reader, staff: Sequence[Placed]) -> list[Waiver]:
    """Leave at the units of those she sees, of the last month and what holds now."""
    seen = {each.unit for each in staff if reader.sees(each)}
    return since(session, seen, clock.now() - timedelta(days=30)) if seen else []


def told(leave: Sequence[Waiver], staff: Sequence[Placed]) -> list[dict[str, Any]]:
    """Leave as the page lists it."""
    now = clock.now()
    names = {each.practitioner: each.name for each in staff}
    roles = {each.role_id: each for each in staff}
    return [
        {
            "name": names.get(each.practitioner, each.practitioner),
            "title": roles[each.role_id].title if each.role_id in roles else "",
            "kind": words.WAIVERS[each.kind],
            "is_emergency": each.kind == "emergency",
            "by": each.given_by,
            "waiver": each,
            "holds": each.holds(now),
        }
        for each in leave
    ]


def title_of(book: Book, course: str) -> str:
    """What a course is called."""
    found = book.courses.course(course)
    return found.title if found else course


def courses_of(book: Book, staff: Sequence[Placed]) -> list[dict[str, Any]]:
    """The courses with the roles that need them."""
    titles = {each.code: each.title for each in staff}
    return [
        {
            "course": each,
            "roles": [
                titles.get(one.role, one.role)
                for one in book.courses.needed
                if one.course == each.id
            ],
            "is_for_super_users": each.id in SUPER_USER,
        }
        for each in book.courses.courses
    ]


__all__ = [
    "Reader",
    "by_role",
    "counted",
    "courses_of",
    "expiring",
    "gaps",
    "held",
    "leave_of",
    "reader_of",
    "starts",
    "super_users",
    "title_of",
    "told",
]
