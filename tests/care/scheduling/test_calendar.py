"""The calendar of a day: rectangular, each moment once, and nobody's name that is not to be seen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fellesjournal.access.sessions import Session
from fellesjournal.care.scheduling import actions
from fellesjournal.care.scheduling.calendar import Calendar, What, calendar_of
from fellesjournal.care.scheduling.queries import schedules_at, schedules_of
from fellesjournal.foundation import clock
from tests.care.scheduling.booking import NOW, gp, keep, office, times
from tests.staff import employ, register


@pytest.fixture(autouse=True)
def at_seven(db: None) -> Iterator[None]:
    del db
    with clock.at(NOW):
        office()
        yield


def shown(session: Session | None = None, day: date | None = None) -> Calendar:
    who = session or gp()
    return calendar_of(who, schedules_at(who, "Organization/u"), day or clock.today())


def is_rectangular(found: Calendar) -> bool:
    """Whether the cells of each column, with the rows they span, fill the table exactly."""
    for column in found.columns:
        spans = {
            n: cell.rows
            for n, row in enumerate(found.rows)
            for cell in row.cells
            if cell.schedule == column
        }
        at = 0
        while at < len(found.rows):
            if at not in spans:
                return False
            at += spans[at]
        if at != len(found.rows) or sum(spans.values()) != len(found.rows):
            return False
    return True


@settings(
    max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    hours=st.tuples(st.integers(8, 10), st.integers(1, 3)),
    chosen=st.lists(st.integers(0, 8), max_size=5, unique=True),
)
def test_the_table_is_rectangular_whatever_is_open_and_booked(
    hours: tuple[int, int], chosen: list[int]
) -> None:
    employ("e")
    first = hours[0]
    keep("t", "e", opens=f"{first:02d}:10", closes=f"{first:02d}:50")
    free = times(gp())
    for n, each in enumerate(chosen):
        if each < len(free):
            register(f"p{n}", "Practitioner/d")
            try:
                actions.book(gp(), patient=f"Patient/p{n}", time=free[each])
            except actions.JustTaken:  # an earlier example of this test has it
                continue
    assert is_rectangular(shown())


def test_what_is_booked_stands_with_its_name_and_what_is_hidden_as_taken() -> None:
    actions.book(gp(), patient="Patient/a", time=times(gp())[0])
    (mine,) = [cell for row in shown().rows for cell in row.cells if cell.what is What.BOOKED]
    assert mine.line is not None
    assert mine.line.name == "A"
    colleague = employ("n", "nurse", "elsewhere")
    schedules = schedules_of(colleague, ["Practitioner/d"])
    theirs = calendar_of(colleague, schedules, clock.today())
    taken = [cell for row in theirs.rows for cell in row.cells if cell.what is What.TAKEN]
    assert [(cell.starts, cell.ends) for cell in taken] == [(mine.starts, mine.ends)]
    assert not [cell for row in theirs.rows for cell in row.cells if cell.line is not None]


def test_the_hour_that_comes_twice_has_rows_for_both_and_says_which() -> None:
    keep("s", opens="01:00", closes="04:00")
    with clock.at(datetime(2026, 10, 24, 12, tzinfo=UTC)), override("en"):
        rows = [row.clock_time for row in shown(day=date(2026, 10, 25)).rows]
    repeated = [row for row in rows if row.startswith("02:20")]
    assert repeated == [
        "02:20 (before the clock is set back)",
        "02:20 (after the clock is set back)",
    ]
    assert len(rows) == len(set(rows))


def test_a_day_on_which_nobody_is_there_has_no_rows() -> None:
    assert calendar_of(gp(), [], clock.today()).rows == ()
