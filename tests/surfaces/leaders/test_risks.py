"""The page of risks and stakeholders."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.demo.cast import STAFF
from tests.signing_in import staff_client
from tests.surfaces.statements import counted

BY_ROLE = {member.role: member for member in STAFF}
RISKS = reverse("leaders-risks", args=["5025"])
RISK = {
    "do": "risk", "title": "Too few super-users", "probability": "4", "consequence": "4",
    "mitigation": "Two more on each shift", "owner": "Head of home care", "left_probability": "2",
    "left_consequence": "4", "review_on": "2026-12-01", "reason": "First look", "version": "0",
}  # fmt: skip
UNION = {
    "do": "stakeholder", "name": "The unions", "interest": "5", "influence": "4", "stance": "doubts",
    "contact": "Local leader", "measure": "", "reason": "First look", "version": "0",
}  # fmt: skip


@pytest.fixture
def lead(db: None) -> Client:
    del db
    client = staff_client(BY_ROLE["rollout-lead"])
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def read(client: Client) -> str:
    with counted() as asked:
        answer = client.get(RISKS)
    assert answer.status_code == 200
    assert len(asked) <= 20  # ui.md section 11
    return answer.content.decode()


def test_a_risk_stands_with_what_is_left_of_it_and_is_weighed_anew_by_its_words(
    lead: Client,
) -> None:
    assert lead.post(RISKS, RISK).status_code == 302
    page = read(lead)
    assert "4 × 4 = 16" in page
    assert page.count("<strong>1</strong>") == 1
    again = {**RISK, "title": "too few super-users", "left_probability": "1", "version": "1"}
    assert lead.post(RISKS, again).status_code == 302
    page = read(lead)
    assert page.count("<strong>1</strong>") == 1
    assert "R2" not in page
    assert lead.post(RISKS, {**again, "closed": "on", "version": "2"}).status_code == 302
    assert "1 risk is over" in read(lead)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"probability": "6"}, ""),
        ({"left_consequence": ""}, "Give both, or none."),
        ({"mitigation": ""}, "Say what makes the risk smaller."),
        (
            {"left_probability": "5", "left_consequence": "5"},
            "What is left is no more than it was.",
        ),
        ({"owner": ""}, ""),
    ],
)
def test_what_can_not_be_is_refused_at_its_field_and_nothing_is_saved(
    lead: Client, said: dict[str, str], told: str
) -> None:
    answer = lead.post(RISKS, {**RISK, **said})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert "No open risk is written down." in read(lead)


def test_who_decides_much_and_has_nothing_planned_is_pointed_out(lead: Client) -> None:
    assert lead.post(RISKS, UNION).status_code == 302
    assert "The unions: much influence, and nothing planned" in read(lead)
    planned = {**UNION, "measure": "Monthly meeting", "version": "1"}
    assert lead.post(RISKS, planned).status_code == 302
    page = read(lead)
    assert "much influence" not in page
    assert "Monthly meeting" in page


def test_of_two_who_write_at_once_the_second_is_told_and_nothing_is_lost(lead: Client) -> None:
    assert lead.post(RISKS, RISK).status_code == 302
    late = lead.post(RISKS, UNION, follow=True)
    assert "The unions" not in read(lead)
    assert "Too few super-users" in late.content.decode()


def test_a_unit_leader_reads_it_and_changes_nothing(db: None) -> None:
    del db
    client = staff_client(BY_ROLE["unit-leader"])
    assert "<form" not in read(client).split("<main")[1].split("</main>")[0]
    assert client.post(RISKS, RISK).status_code in {403, 404}
