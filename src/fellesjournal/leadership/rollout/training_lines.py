"""Lists of training that are pasted in: a line for each, semicolons or tabs between cells.

What can't be read is told with its line and column, all faults at once; then nothing is kept, and
nothing is guessed: a name that two people share names nobody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Generic, TypeVar

from fellesjournal.leadership.rollout.training import RoleCourse, Shift, Training
from fellesjournal.leadership.rollout.training_book import Course

T = TypeVar("T")
MOST_LINES = 2_000
PARTS = ("day", "evening", "night")
_PARTS = {
    "": "day", "d": "day", "dag": "day", "day": "day", "a": "evening", "kveld": "evening",
    "evening": "evening", "n": "night", "natt": "night", "night": "night",
}  # fmt: skip
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})|(\d{1,2})\.(\d{1,2})\.(\d{4})")


class Column(StrEnum):
    """The columns of the lists."""

    PERSON = "person"
    ROLE = "role"
    COURSE = "course"
    PASSED = "passed"
    EXPIRES = "expires"
    UNIT = "unit"
    DAY = "day"
    PART = "part"
    PLACE = "place"
    CONTACT = "contact"
    MONTHS = "months"
    ROLES = "roles"


class Fault(StrEnum):
    """What is wrong in a cell."""

    MISSING = "missing"
    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"
    NO_DAY = "no-day"
    NOT_YET = "not-yet"
    ORDER = "order"
    TWICE = "twice"
    NO_NUMBER = "no-number"
    TOO_MANY = "too-many"


@dataclass(frozen=True, slots=True)
class Unread:
    """A cell that could not be read: line, column, what is wrong, and what it says."""

    line: int
    column: Column
    fault: Fault
    text: str = ""


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody of the organisation in one role, as lines name her."""

    person: str
    name: str
    role: str
    title: str
    unit: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """What was read, in order, and what could not be."""

    found: tuple[T, ...]
    unread: tuple[Unread, ...]


class _Cell(Exception):
    def __init__(self, column: Column, fault: Fault, text: str = "") -> None:
        super().__init__(fault)
        self.column, self.fault, self.text = column, fault, text


def read_passes(
    text: str, workers: Sequence[Worker], courses: Sequence[Course], today: date
) -> Read[Training]:
    """``person; course; passed; expires; role``. The last two may be left out: a course says for how
    long it holds, and a role is needed only of somebody with several.
    """

    def one(cells: list[str]) -> Training:
        person, said, passed_text, expires_text, role = cells
        worker = _worker(workers, person, role)
        course = _course(courses, said)
        passed = _day(Column.PASSED, passed_text)
        if passed > today:
            raise _Cell(Column.PASSED, Fault.NOT_YET, passed_text)
        expires = _day(Column.EXPIRES, expires_text) if expires_text else course.expires(passed)
        if expires is not None and expires <= passed:
            raise _Cell(Column.EXPIRES, Fault.ORDER, expires_text)
        return Training(worker.person, worker.role, course.id, passed, expires)

    return _read(text, 5, one)


def read_shifts(text: str, workers: Sequence[Worker]) -> Read[Shift]:
    """``person; day; part; unit; role``. Only person and day are needed of somebody with one role."""

    def one(cells: list[str]) -> Shift:
        person, day, part, unit, role = cells
        worker = _worker(workers, person, role, unit)
        of_day = _PARTS.get(part.casefold())
        if of_day is None:
            raise _Cell(Column.PART, Fault.UNKNOWN, part)
        return Shift(worker.person, worker.role, worker.unit, _day(Column.DAY, day), of_day)

    return _read(text, 5, one)


def read_courses(
    text: str, roles: Iterable[tuple[str, str]]
) -> Read[tuple[Course, tuple[RoleCourse, ...]]]:
    """``course; place; contact; months; roles``: months may be left out, roles are parted by ``/``.
    ``roles`` are codes and titles of those that the organisation has.
    """
    known = {name.casefold(): code for code, title in roles for name in (code, title)}
    seen: set[str] = set()

    def one(cells: list[str]) -> tuple[Course, tuple[RoleCourse, ...]]:
        title, place, contact, months, said = cells
        for column, cell in (
            (Column.COURSE, title), (Column.PLACE, place), (Column.CONTACT, contact),
        ):  # fmt: skip
            if not cell:
                raise _Cell(column, Fault.MISSING)
        key = course_id(title)
        if key in seen:
            raise _Cell(Column.COURSE, Fault.TWICE, title)
        seen.add(key)
        if months and not (months.isascii() and months.isdigit() and 0 < int(months) <= 120):
            raise _Cell(Column.MONTHS, Fault.NO_NUMBER, months)
        codes = []
        for each in filter(None, (part.strip() for part in said.split("/"))):
            if each.casefold() not in known:
                raise _Cell(Column.ROLES, Fault.UNKNOWN, each)
            codes.append(known[each.casefold()])
        made = Course(key, title, place, contact, int(months) if months else None)
        return made, tuple(RoleCourse(code, key) for code in dict.fromkeys(codes))

    return _read(text, 5, one)


def course_id(title: str) -> str:
    """The id of a course by its title: the same title is the same course."""
    plain = title.casefold().replace("æ", "ae").replace("ø", "o").replace("å", "a")
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "course"


def _read(text: str, width: int, one: Callable[[list[str]], T]) -> Read[T]:
    found: list[T] = []
    unread: list[Unread] = []
    lines = text.lstrip("\ufeff").splitlines()
    if len(lines) > MOST_LINES:
        return Read((), (Unread(MOST_LINES + 1, Column.PERSON, Fault.TOO_MANY, str(len(lines))),))
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.split("\t" if "\t" in line else ";")]
        if len(cells) > width and any(cells[width:]):
            unread.append(Unread(number, Column.PERSON, Fault.TOO_MANY, line.strip()[:80]))
            continue
        try:
            found.append(one([*cells, *[""] * width][:width]))
        except _Cell as wrong:
            unread.append(Unread(number, wrong.column, wrong.fault, wrong.text))
    return Read(tuple(found), tuple(unread))


def _worker(workers: Sequence[Worker], person: str, role: str, unit: str = "") -> Worker:
    if not person:
        raise _Cell(Column.PERSON, Fault.MISSING)
    said = person.casefold()
    found = [each for each in workers if said in {each.name.casefold(), each.person.casefold()}]
    if not found:
        raise _Cell(Column.PERSON, Fault.UNKNOWN, person)
    if len({each.person for each in found}) > 1:
        raise _Cell(Column.PERSON, Fault.AMBIGUOUS, person)
    if role:
        found = [e for e in found if role.casefold() in {e.role.casefold(), e.title.casefold()}]
        if not found:
            raise _Cell(Column.ROLE, Fault.UNKNOWN, role)
    if unit:
        found = [e for e in found if unit.casefold() in {e.unit.casefold(), e.unit_name.casefold()}]
        if not found:
            raise _Cell(Column.UNIT, Fault.UNKNOWN, unit)
    if len({each.role for each in found}) > 1:
        raise _Cell(Column.ROLE, Fault.AMBIGUOUS, role)
    return found[0]


def _course(courses: Sequence[Course], said: str) -> Course:
    if not said:
        raise _Cell(Column.COURSE, Fault.MISSING)
    wanted = said.casefold()
    for each in courses:
        if wanted in {each.id, each.title.casefold()}:
            return each
    raise _Cell(Column.COURSE, Fault.UNKNOWN, said)


def _day(column: Column, text: str) -> date:
    if not text:
        raise _Cell(column, Fault.MISSING)
    found = _DAY.fullmatch(text)
    if found is None:
        raise _Cell(column, Fault.NO_DAY, text)
    year, month, day, other_day, other_month, other_year = found.groups()
    try:
        if year:
            return date(int(year), int(month), int(day))
        return date(int(other_year), int(other_month), int(other_day))
    except ValueError:
        raise _Cell(column, Fault.NO_DAY, text) from None


__all__ = [
    "MOST_LINES",
    "PARTS",
    "Column",
    "Fault",
    "Read",
    "Unread",
    "Worker",
    "course_id",
    "read_courses",
    "read_passes",
    "read_shifts",
]
