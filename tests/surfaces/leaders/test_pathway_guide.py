"""The guide on its page, on paper, and begun from; what users said is answered, what was learnt is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.config.cli.demo_pathways import fill_pathways
from fellesjournal.demo import pathways as told
from fellesjournal.demo.cast import STAFF
from fellesjournal.foundation import clock
from fellesjournal.leadership.pathways import actions, queries
from fellesjournal.leadership.pathways.claims import Claim, Design, Evidence
from fellesjournal.leadership.pathways.phases import Guard
from tests.papers import Paper
from tests.signing_in import GP, staff_client
from tests.staff import SYSTEM
from tests.surfaces.statements import counted

BY_ROLE = {member.role: member for member in STAFF}
GUIDE = reverse("leaders-pathway-guide", args=[told.KEY])
START = reverse("leaders-pathway-guide-start", args=[told.KEY])
INTRODUCTION = reverse("leaders-pathway-introduction", args=[told.KEY])
FROM = {
    "title": "Alvorlig psykisk lidelse", "group": "severe_mental_illness", "places": "Molde; Molde; Molde",
    "once": "5b6b6e2e-2a8f-4f0e-9a7e-0d8a4c3f1b23",
}  # fmt: skip
NEEDS_PLATFORM = "Se sykehusets plan dag for dag"


@pytest.fixture
def lead(db: None) -> Client:
    del db
    client = staff_client(BY_ROLE["rollout-lead"])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    fill_pathways()
    return client


def found() -> queries.Standing:
    return queries.improvement(SYSTEM.again(), told.KEY)


def read(client: Client, address: str = GUIDE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def introduce(client: Client, do: str, **said: str) -> int:
    form = {"version": str(found().version), "do": do, **said}
    return client.post(INTRODUCTION, form).status_code


def carry_out() -> None:
    """The first measure is done, and something is claimed of it."""
    version = actions.finish_measure(SYSTEM.again(), told.KEY, 1, seen=found().version).version
    evidence = Evidence("LE1", Design.BEFORE_AFTER, improved=True, confounders=None)
    actions.claim(
        SYSTEM.again(), told.KEY, text="Flere på tid", strength=Claim.OBSERVED, evidence=evidence,
        seen=version, found="+25",
    )  # fmt: skip


def test_the_guide_has_what_others_can_take_over_and_says_what_they_can_not(lead: Client) -> None:
    page = read(lead)
    assert "No measure is carried out yet." in page
    assert page.count("lanes__step ") == 8
    table = page.split("<tbody>")[1].split("</tbody>")[0]
    assert NEEDS_PLATFORM not in table
    assert NEEDS_PLATFORM in page
    carry_out()
    page = read(lead)
    assert told.MEASURES[0].title in page
    assert told.MEASURES[1].title not in page  # it is not carried out
    assert "Flere på tid" in page
    assert told.LEARNT[0][2] in page
    with counted() as statements:
        read(lead)
    assert len(statements) <= 20
    assert list(statements.asked_again()) == []


def test_the_paper_says_what_the_page_says(lead: Client) -> None:
    carry_out()
    answer = lead.get(GUIDE, {"as": "pdf"})
    assert answer["Content-Type"] == "application/pdf"
    paper = Paper(answer.content)
    assert paper.is_for_all
    assert paper.tags["Table"] == 5
    for words in ("Guide: " + told.TITLE, "Sende det vi vet hjemmefra", told.MEASURES[0].title,
                  "Flere på tid", told.LEARNT[0][3], NEEDS_PLATFORM):  # fmt: skip
        assert paper.says(words), words


def test_another_group_begins_with_the_guide_once_however_often_it_is_sent(lead: Client) -> None:
    before = found()
    read(lead, START)
    first, again = (lead.post(START, FROM) for _ in range(2))
    assert first["Location"] == again["Location"]
    key = first["Location"].rstrip("/").rpartition("/")[2]
    made = queries.improvement(SYSTEM.again(), key)
    own, theirs = made.pathways["to-be"], before.pathways["to-be"]
    assert NEEDS_PLATFORM not in {step.purpose for step in own.steps}
    assert own.keys < theirs.keys
    assert (own.group, own.title, own.version) == ("severe_mental_illness", FROM["title"], "1")
    assert made.body.published == ""  # clinicians follow nothing that nobody has published
    assert made.body.begun_from == told.KEY
    assert found().pathways == before.pathways
    assert FROM["title"] in read(lead)
    read(lead, first["Location"])
    for wrong in ({"title": ""}, {"group": "x"}, {"places": "Molde"}):
        assert lead.post(START, {**FROM, **wrong}).status_code == 422


def test_without_a_drawing_there_is_no_guide_and_others_do_not_begin(lead: Client) -> None:
    said = {"title": "Ny", "group": "several_chronic", "places": "A; A; B"}
    key = lead.post(reverse("leaders-pathway-new"), said)["Location"].rstrip("/").rpartition("/")[2]
    assert "no guide before" in read(lead, reverse("leaders-pathway-guide", args=[key]))
    start = reverse("leaders-pathway-guide-start", args=[key])
    assert lead.get(start).status_code == 404
    leader = staff_client(BY_ROLE["unit-leader"])
    page = read(leader).split("<main")[1].split("</main>")[0]
    assert START not in page
    assert leader.post(START, FROM).status_code == 404
    assert staff_client(GP).get(GUIDE).status_code == 404
    assert lead.get(reverse("leaders-pathway-guide", args=["none"])).status_code == 404


def test_what_was_learnt_is_kept_with_its_day_and_place(lead: Client) -> None:
    said = {"day": "2026-01-05", "where": "Røros", "what": "Kort vei", "advice": "Gå bort"}
    assert introduce(lead, "learn", **said) == 302
    assert found().body.project.learnt[-1].where == "Røros"
    assert "Gå bort" in read(lead, INTRODUCTION)
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    for wrong in ({"day": tomorrow}, {"day": "soon"}, {"where": "Bergen"}, {"what": ""}):
        assert introduce(lead, "learn", **{**said, **wrong}) == 422


def test_what_users_said_is_answered_once_and_a_phase_without_them_is_named(lead: Client) -> None:
    assert "not answered yet" in read(lead, INTRODUCTION)
    assert introduce(lead, "answer", place="1", answer="x") == 422  # it has an answer
    assert introduce(lead, "answer", place="2", answer="") == 422
    assert introduce(lead, "answer", place="2", answer="De blir spurt.") == 302
    assert found().body.project.heard[1].answer == "De blir spurt."
    assert introduce(lead, "answer", place="2", answer="Igjen") == 404  # nothing awaits an answer
    for guard, of in found().lacking:
        assert introduce(lead, "there", what=f"{guard}|{of}", document="Plan 1") == 302
    assert introduce(lead, "move") == 302
    page = read(lead, INTRODUCTION)
    assert "Users are not heard in: Stepwise introduction" in page
    assert Guard.USERS_HEARD in {guard for guard, _ in found().lacking}
    assert introduce(lead, "move") == 422
