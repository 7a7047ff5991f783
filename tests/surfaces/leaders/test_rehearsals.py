"""The pages of dress rehearsals: planned, played, found, tried again; and the figure of the gate."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.demo.cast import STAFF
from fellesjournal.foundation import clock
from fellesjournal.leadership.rollout.fixtures import rehearsal_data
from fellesjournal.surfaces.leaders import rehearsal_words as words
from tests.signing_in import GP, staff_client
from tests.surfaces.statements import counted

BY_ROLE = {member.role: member for member in STAFF}
ROROS = "5025"
LIST = reverse("leaders-rehearsals", args=[ROROS])
ONE = reverse("leaders-rehearsal", args=[ROROS, "d1"])
GATE = reverse("leaders-check", args=[ROROS, 30, "rehearsal-blockers"])
PLAN = {
    "script": "", "service": "Health station", "day": "2022-10-06", "version": "0",
    "lines": "08:00; Everybody signs in; nurse; 10\n09.30; A vaccine is given; nurse; 20",
}  # fmt: skip
FINDING = {
    "finding-text": "The label does not print", "finding-severity": "blocker",
    "finding-owner": "Head of ICT",
}  # fmt: skip
RETEST = {"retest-place": "0", "retest-by": "Nurse", "retest-day": "2022-10-08"}


@pytest.fixture
def lead(db: None) -> Client:
    del db
    client = staff_client(BY_ROLE["rollout-lead"])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def planned(lead: Client) -> Client:
    assert lead.post(LIST, PLAN)["Location"] == ONE
    return lead


def read(client: Client, address: str) -> str:
    with counted() as asked:
        answer = client.get(address)
    assert answer.status_code == 200, address
    assert len(asked) <= 20, address  # ui.md section 11
    return answer.content.decode()


def do(client: Client, act: str, said: dict[str, str]) -> int:
    return client.post(reverse("leaders-rehearsal-act", args=[ROROS, "d1", act]), said).status_code


def play(client: Client, place: int, minutes: int, version: int) -> int:
    said = {"place": str(place), "minutes": str(minutes), "version": str(version)}
    return do(client, "step", said)


def test_a_day_is_played_step_by_step_with_its_time(planned: Client) -> None:
    assert "0 of 2 steps played" in read(planned, ONE)
    assert play(planned, 0, 8, 1) == 302
    page = read(planned, ONE)
    assert "1 of 2 steps played, 8 of 30 minutes" in page
    assert "not played to the end" in page
    assert play(planned, 1, 35, 2) == 302
    page = read(planned, ONE)
    assert "longer than planned" in page
    assert "passed" in read(planned, LIST)


def test_a_blocker_is_open_until_a_retest_passed(planned: Client) -> None:
    for place in (0, 1):
        assert play(planned, place, 5, place + 1) == 302
    assert do(planned, "finding", {**FINDING, "finding-version": "3"}) == 302
    assert "a blocker is open" in read(planned, LIST)
    failed = {**RETEST, "retest-passed": "no", "retest-version": "4"}
    assert do(planned, "retest", failed) == 302
    assert "a blocker is open" in read(planned, LIST)
    passed = {**RETEST, "retest-passed": "yes", "retest-version": "5"}
    assert do(planned, "retest", passed) == 302
    assert "a blocker is open" not in read(planned, LIST)
    page = read(planned, ONE)
    assert page.count("Nurse:") == 2  # both tries are told


def test_the_gate_counts_open_blockers_and_a_day_nobody_played_proves_nothing(
    planned: Client,
) -> None:
    page = read(planned, GATE)
    assert "Not shown" in page
    assert "0 of 1 played to the end" in page
    for place in (0, 1):
        assert play(planned, place, 5, place + 1) == 302
    assert "Met" in read(planned, GATE)
    assert do(planned, "finding", {**FINDING, "finding-version": "3"}) == 302
    page = read(planned, GATE)
    assert "Not met" in page
    assert "This figure is counted, not typed" in page
    assert LIST in page


def test_the_front_page_judges_the_gate_by_what_is_counted(planned: Client) -> None:
    """Before go-live, with a gate that has come: an open blocker awaits, whatever else is shown."""
    assert do(planned, "finding", {**FINDING, "finding-version": "1"}) == 302
    with clock.at(datetime(2022, 11, 1, 12, tzinfo=UTC)):
        # who is signed in then: sessions know the time as well
        then = staff_client(BY_ROLE["rollout-lead"])
        then.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        front = then.get(reverse("leaders")).content.decode()
    assert "The gate 30 days before go-live does not pass" in front


def test_a_script_that_is_given_is_played_as_it_stands(lead: Client) -> None:
    given = {**PLAN, "script": "home-care", "service": "", "lines": ""}
    assert lead.post(LIST, given).status_code == 302
    page = read(lead, ONE)
    assert "Home care" in page
    assert "0 of 8 steps played" in page
    assert "Nurse in home care" in page


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"lines": "08:00; In; nurse; 10\n25:00; Out; nurse; 10"}, "Line 2, column “time”"),
        ({"lines": "08:00; ; nurse; 10"}, "Line 1, column “step”"),
        ({"lines": "08:00; In; ; 10"}, "Line 1, column “role”"),
        ({"lines": "08:00; In; nurse; long"}, "Line 1, column “minutes”"),
        ({"lines": "08:00; In; nurse; 1441"}, "Line 1, column “minutes”"),
        ({"lines": ""}, "Write a step a line"),
        ({"service": " "}, "Say which service it is."),
        ({"day": "2022-02-30"}, ""),
        ({"script": "circus"}, ""),
    ],
)
def test_a_script_that_can_not_be_is_told_and_not_saved(
    lead: Client, said: dict[str, str], told: str
) -> None:
    answer = lead.post(LIST, {**PLAN, **said})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert "No dress rehearsal is planned yet." in read(lead, LIST)


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("step", {"place": "0", "minutes": "-1", "version": "1"}),
        ("step", {"place": "0", "minutes": "", "version": "1"}),
        ("step", {"place": "9", "minutes": "5", "version": "1"}),
        ("finding", {**FINDING, "finding-owner": " ", "finding-version": "1"}),
        ("finding", {**FINDING, "finding-severity": "bad", "finding-version": "1"}),
        ("retest", {**RETEST, "retest-passed": "yes", "retest-version": "1"}),
        ("retest", {**RETEST, "retest-day": "2999-01-01", "retest-version": "1"}),
    ],
)
def test_what_can_not_be_is_refused_and_nothing_is_saved(
    planned: Client, act: str, said: dict[str, str]
) -> None:
    assert do(planned, act, said) in {404, 422}
    page = read(planned, ONE)
    assert "0 of 2 steps played" in page
    assert "No finding is written down." in page


def test_of_two_who_tick_at_once_the_second_is_told(planned: Client) -> None:
    assert play(planned, 0, 8, 1) == 302
    said = {"place": "0", "minutes": "30", "version": "1"}
    late = planned.post(reverse("leaders-rehearsal-act", args=[ROROS, "d1", "step"]), said)
    assert late.status_code == 302
    assert "8 of 30 minutes" in read(planned, ONE)


def test_a_unit_leader_reads_it_and_changes_nothing(planned: Client) -> None:
    leader = staff_client(BY_ROLE["unit-leader"])
    for address in (LIST, ONE):
        assert "<form" not in read(leader, address).split("<main")[1].split("</main>")[0]
    assert play(leader, 0, 8, 1) in {403, 404}
    assert leader.post(LIST, {**PLAN, "version": "1"}).status_code in {403, 404}
    assert staff_client(GP).get(ONE).status_code == 404


def test_what_is_not_there_is_no_page(planned: Client) -> None:
    assert planned.get(reverse("leaders-rehearsal", args=[ROROS, "d9"])).status_code == 404
    assert planned.get(reverse("leaders-rehearsals", args=["9999"])).status_code == 404
    assert do(planned, "dance", {}) == 404


def test_every_script_has_words() -> None:
    for script in rehearsal_data().scripts:
        assert script.service in words.SERVICES
        assert {each.title for each in script.steps} <= set(words.STEPS)
        assert {each.role for each in script.steps} <= set(words.ROLES)
