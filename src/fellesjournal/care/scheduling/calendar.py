"""The calendar of a day: people and rooms as columns, moments as rows.

Rows follow instants, so that the repeated hour in October is there twice. What is taken is shown
as taken also where whose it is may not be seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from fellesjournal.access.claims import taken
from fellesjournal.access.sessions import Session
from fellesjournal.care.scheduling.queries import (
    FreeTime,
    Listed,
    free_times,
    listed_on,
)
from fellesjournal.care.scheduling.resources import Schedule
from fellesjournal.care.scheduling.wording import clock_time
from fellesjournal.foundation.clock import NORWAY
from fellesjournal.registry.opening_rules import FIVE_MINUTES


class What(StrEnum):
    """What a cell of the calendar is."""

    FREE = "free"
    BOOKED = "booked"
    TAKEN = "taken"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Cell:
    """A stretch of one schedule: so many ``rows`` high. ``free`` or ``line`` by what it is."""

    what: What
    starts: datetime
    ends: datetime
    schedule: Schedule
    rows: int = 1
    free: FreeTime | None = None
    line: Listed | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A moment at which something begins or ends; the cells that begin here, by column."""

    at: datetime
    cells: tuple[Cell, ...]

    @property
    def clock_time(self) -> str:
        """The moment in words; in the hour that comes twice, which of the two."""
        return clock_time(self.at)


@dataclass(frozen=True, slots=True)
class Calendar:
    """A day. Without rows nobody is there, and nothing is booked."""

    day: date
    columns: tuple[Schedule, ...]
    rows: tuple[Row, ...]

    def of(self, schedule: Schedule) -> list[Cell]:
        """One column as a list, for narrow screens: what is booked, taken or free."""
        return [
            cell
            for row in self.rows
            for cell in row.cells
            if cell.schedule == schedule and cell.what is not What.CLOSED
        ]


def calendar_of(
    session: Session,
    schedules: Sequence[Schedule],
    day: date,
    known: Mapping[str, frozenset[datetime]] | None = None,
) -> Calendar:
    """The calendar of some schedules on a day in Norway, for staff. ``known`` is what is taken of
    them on this day and perhaps on others, if it is known already.
    """
    starts = datetime.combine(day, time(), NORWAY)
    ends = datetime.combine(day + timedelta(days=1), time(), NORWAY)
    if known is None:
        known = taken(session, [schedule.id for schedule in schedules], starts, ends)
    claimed = {
        key: frozenset(step for step in steps if starts - FIVE_MINUTES <= step < ends)
        for key, steps in known.items()
    }
    free = free_times(session, schedules, day, 1, claimed)
    lines = listed_on(session, sorted({a for s in schedules for a in s.actors}), day)
    columns = [
        _column(
            schedule,
            [each for each in free if each.schedule.id == schedule.id],
            [each for each in lines if each.appointment.schedule == f"Schedule/{schedule.id}"],
            claimed[schedule.id],
        )
        for schedule in schedules
    ]
    moments = sorted(
        {at for column in columns for cell in column for at in (cell.starts, cell.ends)}
    )
    filled = [
        _filled(each, column, moments) for each, column in zip(schedules, columns, strict=True)
    ]
    rows = tuple(
        Row(
            at.astimezone(NORWAY),
            tuple(cell for cells in filled for cell in cells if cell.starts == at),
        )
        for at in moments[:-1]
    )
    return Calendar(day, tuple(schedules), rows)


def _column(
    schedule: Schedule,
    free: Sequence[FreeTime],
    lines: Sequence[Listed],
    claimed: frozenset[datetime],
) -> list[Cell]:
    """What is in one schedule, by time, without overlap: booked first, then taken, then free."""
    found: list[Cell] = []
    for line in lines:
        each = line.appointment
        if each.is_living and each.starts and each.ends:
            found.append(Cell(What.BOOKED, each.starts, each.ends, schedule, line=line))
    for step in sorted(claimed):
        if not any(cell.starts <= step < cell.ends for cell in found):
            last = found[-1] if found else None
            if last is not None and last.what is What.TAKEN and last.ends == step:
                found[-1] = Cell(What.TAKEN, last.starts, step + FIVE_MINUTES, schedule)
            else:
                found.append(Cell(What.TAKEN, step, step + FIVE_MINUTES, schedule))
    for time_ in free:
        opening = time_.opening
        if not any(cell.starts < opening.end and opening.start < cell.ends for cell in found):
            found.append(Cell(What.FREE, opening.start, opening.end, schedule, free=time_))
    return sorted(found, key=lambda cell: cell.starts)


def _filled(schedule: Schedule, cells: Sequence[Cell], moments: Sequence[datetime]) -> list[Cell]:
    """The column from the first moment to the last, each cell as many rows high as it spans."""
    found: list[Cell] = []
    at = moments[0] if moments else None
    for cell in cells:
        if at is not None and at < cell.starts:
            found.append(Cell(What.CLOSED, at, cell.starts, schedule))
        found.append(cell)
        at = cell.ends
    if at is not None and at < moments[-1]:
        found.append(Cell(What.CLOSED, at, moments[-1], schedule))
    return [
        Cell(
            cell.what, cell.starts, cell.ends, schedule,
            sum(cell.starts <= moment < cell.ends for moment in moments), cell.free, cell.line,
        )
        for cell in found
    ]  # fmt: skip


__all__ = ["Calendar", "Cell", "Row", "What", "calendar_of"]
