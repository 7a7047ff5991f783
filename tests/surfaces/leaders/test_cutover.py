"""The page of the cut-over."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.demo.cast import STAFF
from fellesjournal.leadership.rollout.cutover import TaskState, Verdict
from fellesjournal.leadership.rollout.fixtures import cutover_data
from fellesjournal.surfaces.leaders import cutover_words as words
from tests.signing_in import GP, staff_client
from tests.surfaces.statements import counted

BY_ROLE = {member.role: member for member in STAFF}
ROROS = "5025"
PLAN = reverse("leaders-cutover", args=[ROROS])
FIRST = {"task": "gates-looked-at", "owner": "Rollout lead", "state": "done", "note": ""}
GO = {"task": "first-decision", "verdict": "go", "why": ""}


@pytest.fixture
def lead(db: None) -> Client:
    del db
    client = staff_client(BY_ROLE["rollout-lead"])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def planned(lead: Client) -> Client:
    assert do(lead, "begin", {}, 0) == 302
    return lead


def do(client: Client, act: str, said: dict[str, str], version: int) -> int:
    name = "back-version" if act == "turn-back" else "version"
    address = reverse("leaders-cutover-act", args=[ROROS, act])
    return client.post(address, {**said, name: str(version)}).status_code


def read(client: Client, address: str = PLAN) -> str:
    with counted() as asked:
        answer = client.get(address)
    assert answer.status_code == 200, address
    assert len(asked) <= 20, address  # ui.md section 11
    return answer.content.decode()


def test_the_plan_is_made_once_from_the_template_and_followed_hour_by_hour(planned: Client) -> None:
    page = read(planned)
    assert "12 Nov 2022 07:00" in page  # go-live
    assert "9 Nov 2022 07:00" in page  # 72 hours before
    assert "16 tasks are late." in page
    assert do(planned, "task", FIRST, 1) == 302
    page = read(planned)
    assert "15 tasks are late." in page
    assert "Rollout lead" in page
    assert do(planned, "begin", {}, 2) == 302  # it is made already, and stays as it stands
    assert "15 tasks are late." in read(planned)


def test_a_decision_names_who_decided_and_what_was_open(planned: Client) -> None:
    assert do(planned, "decide", GO, 1) == 302
    assert "What was decided" not in read(planned)  # something is open, and nothing was said
    assert do(planned, "decide", {**GO, "why": "seen at the last meeting"}, 1) == 302
    page = read(planned).split("What was decided")[1]
    assert BY_ROLE["rollout-lead"].name in page
    assert "seen at the last meeting" in page
    assert "Look at the gates once more" in page


def test_a_no_go_is_told_at_the_top_and_holds_everything(planned: Client) -> None:
    assert do(planned, "decide", {**GO, "verdict": "no-go", "why": "No balance"}, 1) == 302
    assert "Nothing of the plan goes on" in read(planned)
    assert do(planned, "task", FIRST, 2) == 302
    assert "16 tasks are late." in read(planned)


def test_after_the_point_of_no_return_nothing_is_decided_and_nobody_turns_back(
    planned: Client,
) -> None:
    assert do(planned, "decide", {**GO, "why": "seen"}, 1) == 302
    last = {"task": "last-decision", "verdict": "go", "why": "seen"}
    assert do(planned, "decide", last, 2) == 302
    assert do(planned, "task", {**FIRST, "task": "point-of-no-return"}, 3) == 302
    assert do(planned, "decide", {**last, "verdict": "no-go"}, 4) == 302
    assert do(planned, "turn-back", {"back-why": "Printers"}, 4) == 302
    planned.get(PLAN)  # tells that it can't be
    page = read(planned)
    assert "the routine for when the platform is away holds" in page
    assert "No-go" not in page
    assert "Turned back" not in page
    assert "Decide" not in page


def test_one_turns_back_with_a_reason(planned: Client) -> None:
    assert do(planned, "turn-back", {"back-why": " "}, 1) == 422
    assert do(planned, "turn-back", {"back-why": "Printers"}, 1) == 302
    assert "Turned back to the old systems" in read(planned)


@pytest.mark.parametrize(
    ("act", "said", "status"),
    [
        ("task", {**FIRST, "task": "nothing"}, 404),
        ("task", {**FIRST, "state": "gone"}, 422),
        ("task", {**FIRST, "task": "../x"}, 422),
        ("decide", {**GO, "verdict": "turned-back"}, 422),
        ("dance", {}, 404),
    ],
)
def test_what_can_not_be_is_refused(
    planned: Client, act: str, said: dict[str, str], status: int
) -> None:
    assert do(planned, act, said, 1) == status
    assert "16 tasks are late." in read(planned)


def test_of_two_who_write_at_once_the_second_is_told(planned: Client) -> None:
    assert do(planned, "task", FIRST, 1) == 302
    assert do(planned, "task", {**FIRST, "owner": "Somebody else"}, 1) == 302
    assert "Somebody else has changed this" in read(planned)
    assert ">Somebody else<" not in read(planned)


def test_a_unit_leader_reads_it_and_changes_nothing(planned: Client) -> None:
    leader = staff_client(BY_ROLE["unit-leader"])
    assert "<form" not in read(leader).split("<main")[1].split("</main>")[0]
    assert do(leader, "task", FIRST, 1) in {403, 404}
    assert staff_client(GP).get(PLAN).status_code == 404
    assert planned.get(reverse("leaders-cutover", args=["9999"])).status_code == 404


def test_every_task_and_state_has_words() -> None:
    assert {each.id for each in cutover_data().tasks} == set(words.TASKS)
    assert set(words.STATES) == set(TaskState)
    assert set(words.VERDICTS) == set(Verdict)
