"""The pages of training: courses, passes and shifts, gaps, leave, and the figure of the gate."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.access.identity.people import KnownPerson, roles_of
from fellesjournal.access.jobs import call
from fellesjournal.demo.cast import STAFF, StaffMember
from fellesjournal.foundation import clock
from fellesjournal.foundation.outbox.worker import handle_all
from fellesjournal.leadership.rollout.training import SuperUsers
from fellesjournal.leadership.rollout.training_book import Enforcement
from fellesjournal.leadership.rollout.training_lines import Column, Fault
from fellesjournal.surfaces.leaders import training_words as words
from tests.signing_in import GP, employ, put, staff_client
from tests.surfaces.statements import counted

BY_ROLE = {member.role: member for member in STAFF}
NURSE, CARER, THERAPIST = (
    BY_ROLE["home-care-nurse"], BY_ROLE["carer"], BY_ROLE["physiotherapist"],
)  # fmt: skip
TOWN = "5001"
OVERVIEW, ONE = reverse("leaders-training"), reverse("leaders-training-one", args=[TOWN])
RECORD = reverse("leaders-training-record", args=[TOWN])
COURSES = reverse("leaders-training-courses", args=[TOWN])
LEAVE = reverse("leaders-training-waive", args=[TOWN, NURSE.role_id])
LINES = (
    "Basic; Room 2; Kari; ; home-care-nurse / carer / physiotherapist\n"
    "Medicines; Room 3; Per; 24; Sykepleier, hjemmetjenesten\n"
    "Super-user; Room 1; Ola; ;"
)
PLAN = {
    "do": "courses", "courses-unit": f"Organization/org-{TOWN}", "courses-enforcement": "stop",
    "courses-lines": LINES, "courses-reason": "Plan of training", "courses-version": "0",
}  # fmt: skip


def hire(*members: StaffMember) -> None:
    for member in members:
        employ(member)
        put("Organization", member.unit_id, name=member.unit_name,
            partOf={"reference": f"Organization/org-{TOWN}"})  # fmt: skip


@pytest.fixture
def lead(db: None) -> Client:
    del db
    client = staff_client(BY_ROLE["rollout-lead"])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    hire(NURSE, CARER, THERAPIST)
    return client


@pytest.fixture
def planned(lead: Client) -> Client:
    assert lead.post(COURSES, PLAN).status_code == 302
    shifts = "\n".join(f"{who.name}; {_day(3)}" for who in (NURSE, CARER))
    sent = {"do": "shifts", "shifts-lines": shifts, "shifts-version": "0"}
    assert lead.post(RECORD, sent).status_code == 302
    return lead


def _day(ahead: int) -> str:
    return (clock.today() + timedelta(days=ahead)).isoformat()


def read(client: Client, address: str) -> str:
    with counted() as asked:
        answer = client.get(address)
    assert answer.status_code == 200, address
    assert len(asked) <= 20, address  # ui.md section 11
    assert asked.asked_again() == [], address
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def _pass(who: StaffMember, course: str, version: int = 0) -> dict[str, str]:
    return {
        "do": "one", "one-who": who.role_id, "one-course": course, "one-passed": _day(-5),
        "one-expires": "", "one-version": str(version),
    }  # fmt: skip


def test_only_people_with_shifts_count_and_who_is_away_is_listed(planned: Client) -> None:
    page = read(planned, ONE)
    assert "0 of 2 who work" in page
    assert f"1 has no shift from {clock.today():%-d %b %Y} on, and is not counted" in page
    assert THERAPIST.name in page
    assert planned.post(RECORD, _pass(NURSE, "basic")).status_code == 302
    assert "0 of 2 who work" in read(planned, ONE)  # a nurse needs both
    assert planned.post(RECORD, _pass(NURSE, "medicines", 1)).status_code == 302
    page = read(planned, ONE)
    assert "50.0%" in page
    assert "1 of 2 who work" in page


def test_gaps_of_all_organisations_are_one_list_for_the_rollout_lead(planned: Client) -> None:
    page = read(planned, OVERVIEW)
    assert "2 work in a role without a course" in page
    assert NURSE.name in page
    assert "Basic, Medicines" in page


def test_several_passes_are_read_from_lines_and_a_course_says_for_how_long(planned: Client) -> None:
    lines = f"{NURSE.name}\tBasic\t{_day(-9)}\n\n{NURSE.name}\tmedicines\t{_day(-3)}\t{_day(30)}\n"
    sent = {"do": "many", "many-lines": lines, "many-version": "0"}
    assert planned.post(RECORD, sent).status_code == 302
    page = read(planned, ONE)
    assert "1 of 2 who work" in page
    expiring = page.split("What expires within three months")[1]
    assert NURSE.name in expiring
    assert "Medicines" in expiring


def test_each_line_that_can_not_be_read_is_told_with_its_column_and_nothing_is_kept(
    planned: Client,
) -> None:
    lines = "\n".join(
        (
            f"{NURSE.name}; Basic; {_day(-1)}",
            f"Nobody Known; Basic; {_day(-1)}",
            f"{NURSE.name}; Sewing; {_day(-1)}",
            f"{NURSE.name}; Basic; yesterday",
            f"{NURSE.name}; Basic; {_day(1)}",
            f"{NURSE.name}; Basic; {_day(-1)}; {_day(-2)}",
            f"{NURSE.name}; Basic; {_day(-1)}; ; doctor",
        )
    )
    answer = planned.post(RECORD, {"do": "many", "many-lines": lines, "many-version": "0"})
    assert answer.status_code == 422
    page = answer.content.decode()
    for told in (
        "Line 2, column “person”", "Line 3, column “course”", "Line 4, column “passed on”",
        "Line 5, column “passed on”", "Line 6, column “holds to before”", "Line 7, column “role”",
        "Nothing was kept.",
    ):  # fmt: skip
        assert told in page, told
    assert "Line 1," not in page
    assert "0 of 2 who work" in read(planned, ONE)


@pytest.mark.parametrize(
    "said",
    [
        {"one-passed": "2999-01-01"},
        {"one-expires": "2001-01-01"},
        {"one-who": "nobody"},
        {"one-course": "sewing"},
        {"one-passed": ""},
    ],
)
def test_a_pass_that_can_not_be_is_told_and_not_saved(
    planned: Client, said: dict[str, str]
) -> None:
    assert planned.post(RECORD, {**_pass(CARER, "basic"), **said}).status_code == 422
    assert "0 of 2 who work" in read(planned, ONE)


@pytest.mark.parametrize(
    "said",
    [
        {"courses-lines": "Basic; Room 2"},
        {"courses-lines": "Basic; Room 2; Kari; soon; carer"},
        {"courses-lines": "Basic; Room 2; Kari; ; astronaut"},
        {"courses-lines": "Basic; Room 2; Kari\nBASIC; Room 3; Kari"},
        {"courses-unit": "Organization/none"},
        {"courses-enforcement": "shout"},
        {"courses-reason": " "},
    ],
)
def test_courses_that_can_not_be_are_told_and_not_saved(lead: Client, said: dict[str, str]) -> None:
    assert lead.post(COURSES, {**PLAN, **said}).status_code == 422
    assert "No courses with a roster are written down yet." in read(lead, ONE)


def test_the_door_follows_what_was_written_and_leave_opens_it_at_once(planned: Client) -> None:
    nurse = KnownPerson(f"Practitioner/{NURSE.id}", NURSE.name, NURSE.hpr)
    handle_all(call)
    assert not roles_of(nurse)[0].allowed
    assert planned.post(LEAVE, {"reason": "New here", "until": _day(2)}).status_code == 302
    assert roles_of(nurse)[0].allowed  # without waiting for anything
    page = read(planned, ONE)
    assert "New here" in page
    assert "Leave by a leader" in page
    for number, course in enumerate(("basic", "medicines")):
        assert planned.post(RECORD, _pass(NURSE, course, number)).status_code == 302
    handle_all(call)
    assert roles_of(nurse)[0].lack is None


@pytest.mark.parametrize(
    "said", [{"reason": " "}, {"until": "2001-01-01"}, {"until": "2999-01-01"}]
)
def test_leave_without_a_reason_or_an_end_that_may_be_is_refused(
    planned: Client, said: dict[str, str]
) -> None:
    sent = {"reason": "New here", "until": _day(2), **said}
    assert planned.post(LEAVE, sent).status_code == 422
    assert "Leave by a leader" not in read(planned, ONE)


def test_a_unit_leader_sees_and_lets_in_her_own_staff_and_nobody_else_s(planned: Client) -> None:
    leader = staff_client(BY_ROLE["unit-leader"])
    hire(BY_ROLE["unit-leader"])
    leader.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = read(leader, ONE)
    assert NURSE.name in page
    assert THERAPIST.name not in page  # at another unit
    assert "too few people to show" in page  # of the whole organisation
    assert RECORD not in page
    assert leader.post(RECORD, _pass(NURSE, "basic")).status_code in {403, 404}
    assert leader.post(LEAVE, {"reason": "New here", "until": _day(2)}).status_code == 302
    other = reverse("leaders-training-waive", args=[TOWN, THERAPIST.role_id])
    assert leader.post(other, {"reason": "New", "until": _day(2)}).status_code == 404


def test_who_neither_leads_the_rollout_nor_the_unit_reads_no_name(planned: Client) -> None:
    coordinator = staff_client(BY_ROLE["benefits-coordinator"])
    coordinator.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    for address in (OVERVIEW, ONE):
        page = read(coordinator, address)
        assert "too few people to show" in page
        assert NURSE.name not in page
    assert coordinator.get(LEAVE).status_code == 404
    assert staff_client(GP).get(ONE).status_code == 404


def test_super_users_are_named_trained_and_on_every_shift(planned: Client) -> None:
    assert "nobody is named" in read(planned, ONE)
    name = {"do": "super", "super-who": NURSE.role_id, "super-named": "yes", "super-version": "1"}
    assert planned.post(COURSES, name).status_code == 302
    assert "named, not trained" in read(planned, ONE)
    assert planned.post(RECORD, _pass(NURSE, "super-user")).status_code == 302
    assert "on every shift" in read(planned, ONE)
    lone = f"{CARER.name}; {_day(4)}; night"
    sent = {"do": "shifts", "shifts-lines": lone, "shifts-version": "1"}
    assert planned.post(RECORD, sent).status_code == 302
    assert "trained, not on every shift" in read(planned, ONE)


def test_the_gate_s_figure_is_counted_from_training_and_says_so(lead: Client) -> None:
    """Trondheim went live on 31 December 2021: its gate 30 days before was on 1 December."""
    assert lead.post(COURSES, PLAN).status_code == 302
    shifts = f"{NURSE.name}; 2022-01-03\n{CARER.name}; 2022-01-04"
    sent = {"do": "shifts", "shifts-lines": shifts, "shifts-version": "0"}
    assert lead.post(RECORD, sent).status_code == 302
    for version, (who, course, day) in enumerate(
        (
            (CARER, "basic", "2021-11-30"),
            (NURSE, "basic", "2021-11-30"),
            (NURSE, "medicines", "2021-12-02"),
        )
    ):
        form = {**_pass(who, course, version), "one-passed": day}
        assert lead.post(RECORD, form).status_code == 302
    address = reverse("leaders-check", args=[TOWN, 30, "end-users-trained"])
    page = read(lead, address)
    assert "50 %" in page
    assert "1 of 2 who work from go-live on, as known on 1 Dec 2021" in page
    assert "This figure is counted, not typed" in page
    typed = {
        "value": "100",
        "stage": "",
        "evidence": "x",
        "owner": "x",
        "reason": "x",
        "version": "0",
    }
    assert lead.post(address, typed).status_code == 422
    assert "50 %" in read(lead, reverse("leaders-heat-map", args=[TOWN]))
    read(lead, reverse("leaders-readiness"))


def test_a_slip_tells_whose_courses_expire_before_the_new_day(lead: Client) -> None:
    assert lead.post(COURSES, PLAN).status_code == 302
    form = {**_pass(NURSE, "basic"), "one-passed": "2021-06-01", "one-expires": "2022-02-01"}
    assert lead.post(RECORD, form).status_code == 302
    slip = reverse("leaders-rollout") + "?wave=PD1&months=6&day=2021-10-01"
    assert "the courses of 1 people expire before the new go-live" in read(lead, slip)


def test_of_two_who_write_at_once_the_second_is_told(planned: Client) -> None:
    assert planned.post(RECORD, _pass(NURSE, "basic")).status_code == 302
    late = planned.post(RECORD, _pass(CARER, "basic"), follow=True)
    assert "Somebody else has changed this" in late.content.decode()


@pytest.mark.parametrize("address", [RECORD, COURSES, LEAVE, OVERVIEW])
def test_the_pages_ask_the_database_little(planned: Client, address: str) -> None:
    read(planned, address)


def test_without_a_plan_there_is_no_page(lead: Client) -> None:
    for route in ("one", "record", "courses"):
        for actor in ("5061", "9999"):
            address = reverse(f"leaders-training-{route}", args=[actor])
            assert lead.get(address).status_code == 404


def test_every_word_is_there() -> None:
    assert set(words.ENFORCEMENTS) == set(Enforcement)
    assert set(words.SUPER_USERS) == set(SuperUsers)
    assert set(words.COLUMNS) == set(Column)
    assert set(words.FAULTS) == set(Fault)
