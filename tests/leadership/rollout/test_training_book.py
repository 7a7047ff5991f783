"""What is kept of training, lists that are pasted in, and the figures that follow from both."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.leadership.rollout.derived import BLOCKERS, END_USERS, SUPER_USERS, derived
from fellesjournal.leadership.rollout.training import RoleCourse, Shift, Training
from fellesjournal.leadership.rollout.training_book import (
    Book,
    Course,
    Courses,
    Enforcement,
    Passes,
    Roster,
)
from fellesjournal.leadership.rollout.training_lines import (
    Column,
    Fault,
    Worker,
    course_id,
    read_courses,
    read_passes,
    read_shifts,
)
from fellesjournal.leadership.rollout.trials import Rehearsal, RehearsalFinding, Severity, Step

GO_LIVE, TODAY = date(2022, 11, 12), date(2022, 10, 1)
BASIC = Course("basic", "Basic", "Room 2", "Kari", months=12)
COURSES = Courses("Organization/1", Enforcement.WARN, (BASIC,), (RoleCourse("nurse", "basic"),))
ANNE = Worker("Practitioner/1", "Anne Berg", "nurse", "Nurse", "Organization/2", "Home care")
ALSO_ANNE = replace(ANNE, person="Practitioner/2")
PER = Worker("Practitioner/3", "Per Dahl", "nurse", "Nurse", "Organization/2", "Home care")
PER_CARER = replace(PER, role="carer", title="Carer")
STAFF = (ANNE, PER, PER_CARER)


def _shift(person: str, day: date = GO_LIVE) -> Shift:
    return Shift(person, "nurse", "Organization/2", day, "day")


def _pass(person: str, day: date) -> Training:
    return Training(person, "nurse", "basic", day)


def _faults(text: str, staff: tuple[Worker, ...] = STAFF) -> list[tuple[int, Column, Fault]]:
    read = read_passes(text, staff, (BASIC,), TODAY)
    assert not (read.found and read.unread)
    return [(each.line, each.column, each.fault) for each in read.unread]


def test_a_line_says_who_what_and_when_and_the_course_for_how_long() -> None:
    read = read_passes("Anne Berg; basic; 1.9.2022", STAFF, (BASIC,), TODAY)
    assert read.found == (
        Training("Practitioner/1", "nurse", "basic", date(2022, 9, 1), date(2023, 9, 1)),
    )


@pytest.mark.parametrize(
    ("line", "column", "fault"),
    [
        ("; basic; 2022-09-01", Column.PERSON, Fault.MISSING),
        ("Per Dahl; basic; 2022-09-01", Column.ROLE, Fault.AMBIGUOUS),
        ("Anne Berg; ; 2022-09-01", Column.COURSE, Fault.MISSING),
        ("Anne Berg; basic;", Column.PASSED, Fault.MISSING),
        ("Anne Berg; basic; 31.2.2022", Column.PASSED, Fault.NO_DAY),
        ("Anne Berg; basic; 2022-10-02", Column.PASSED, Fault.NOT_YET),
        ("Anne Berg; basic; 2022-09-01; 2022-09-01", Column.EXPIRES, Fault.ORDER),
        ("Anne Berg; basic; 2022-09-01; ; nurse; more", Column.PERSON, Fault.TOO_MANY),
    ],
)
def test_a_cell_that_can_not_be_read_is_told_by_line_and_column(
    line: str, column: Column, fault: Fault
) -> None:
    assert _faults(f"\n{line}") == [(2, column, fault)]


def test_a_name_that_two_people_share_names_nobody_and_their_reference_does() -> None:
    both = (ANNE, ALSO_ANNE)
    assert _faults("Anne Berg; basic; 2022-09-01", both) == [(1, Column.PERSON, Fault.AMBIGUOUS)]
    assert _faults("Practitioner/2; basic; 2022-09-01", both) == []


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading(text: str) -> None:
    read_passes(text, STAFF, (BASIC,), TODAY)
    read_shifts(text, STAFF)
    read_courses(text, [("nurse", "Nurse")])


def test_shifts_are_read_with_the_role_of_who_has_two() -> None:
    read = read_shifts("Per Dahl; 2022-11-12; natt; ; Carer\nAnne Berg; 12.11.2022", STAFF)
    assert [(each.person, each.role, each.part) for each in read.found] == [
        ("Practitioner/3", "carer", "night"), ("Practitioner/1", "nurse", "day"),
    ]  # fmt: skip
    wrong = read_shifts("Anne Berg; 2022-11-12; noon", STAFF)
    assert [(e.column, e.fault) for e in wrong.unread] == [(Column.PART, Fault.UNKNOWN)]


def test_the_same_title_is_the_same_course() -> None:
    assert course_id("Grunnkurs – Ærlig  økt") == course_id("grunnkurs ærlig økt") == (
        "grunnkurs-aerlig-okt"
    )  # fmt: skip


def test_a_course_that_is_passed_again_stands_once_as_it_was_passed_last() -> None:
    first, later = _pass("Practitioner/1", date(2021, 1, 1)), _pass("Practitioner/1", TODAY)
    assert Passes((first,)).with_passes([later]).passed == (later,)
    assert Passes((later,)).with_passes([first]).passed == (later,)


def test_a_roster_told_anew_replaces_the_day_at_its_unit_and_nothing_else() -> None:
    other_unit = replace(_shift("Practitioner/3"), unit="Organization/9")
    other_day = _shift("Practitioner/3", date(2022, 11, 13))
    before = Roster((_shift("Practitioner/1"), other_unit, other_day))
    after = before.with_shifts([_shift("Practitioner/2")])
    assert set(after.shifts) == {_shift("Practitioner/2"), other_unit, other_day}


def test_a_need_without_its_course_can_not_be() -> None:
    with pytest.raises(ValueError, match="no course is called"):
        Courses(needed=(RoleCourse("nurse", "sewing"),))
    with pytest.raises(ValueError, match="twice"):
        Courses(courses=(BASIC, BASIC))


def _book(*passed: Training) -> Book:
    people = [f"Practitioner/{n}" for n in range(1, 4)]
    return Book(COURSES, Passes(passed), Roster(tuple(_shift(each) for each in people)))


def test_a_gate_that_has_come_counts_what_was_known_on_its_day() -> None:
    book = _book(
        _pass("Practitioner/1", date(2022, 8, 14)), _pass("Practitioner/2", date(2022, 8, 15))
    )
    found = {e.gate: e for e in derived(GO_LIVE, book, (), TODAY, 14) if e.criterion == END_USERS}
    # the gates were on 14 August and 13 September; the last, on 13 October, is still to come
    assert [(found[gate].part, found[gate].day) for gate in (90, 60, 30)] == [
        (1, date(2022, 8, 14)), (2, date(2022, 9, 13)), (2, TODAY),
    ]  # fmt: skip
    assert found[60].value == Decimal("66.66")  # cut: two of three never reach 66.67


def test_nothing_follows_from_nothing() -> None:
    assert derived(GO_LIVE, Book(), (), TODAY, 14) == ()
    assert derived(GO_LIVE, replace(_book(), courses=Courses()), (), TODAY, 14) == ()


def test_super_users_stand_as_the_unit_that_is_least_far() -> None:
    named = replace(COURSES, super_users=(("Practitioner/1", "Organization/2"),))
    book = replace(_book(), courses=named)
    stages = {e.stage for e in derived(GO_LIVE, book, (), TODAY, 14) if e.criterion == SUPER_USERS}
    assert stages == {"named"}
    lone = replace(_shift("Practitioner/3"), unit="Organization/9")
    more = replace(book, roster=Roster((*book.roster.shifts, lone)))
    stages = {e.stage for e in derived(GO_LIVE, more, (), TODAY, 14) if e.criterion == SUPER_USERS}
    assert stages == {""}


def test_no_open_blocker_is_shown_only_when_all_was_played() -> None:
    done = Rehearsal("home-care", TODAY, (Step("in", "nurse", 5, 5),), id="d1")
    ahead = Rehearsal("nursing-home", TODAY, (Step("in", "nurse", 5),), id="d2")
    blocker = RehearsalFinding("no labels", Severity.BLOCKER, "ICT")

    def value(*rehearsals: Rehearsal) -> Decimal | None:
        found = derived(GO_LIVE, Book(), rehearsals, TODAY, 14)
        return next(each.value for each in found if (each.criterion, each.gate) == (BLOCKERS, 30))

    assert value(done) == 0
    assert value(done, ahead) is None
    assert value(done, replace(ahead, findings=(blocker,))) == 1


def test_a_leader_s_part_holds_those_who_work_at_her_units_alone() -> None:
    book = _book(_pass("Practitioner/1", TODAY))
    assert book.within(["Organization/2"]) == book
    cut = book.within(["Organization/9"])
    assert not cut.roster.shifts
    assert not cut.passes.passed
