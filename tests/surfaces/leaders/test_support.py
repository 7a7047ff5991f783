"""The pages of who helps: the open reports, and what is done about each."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.access.sessions import Session
from fellesjournal.demo.cast import STAFF
from fellesjournal.foundation import clock
from fellesjournal.leadership.decisions.structure import ISSUES
from fellesjournal.leadership.documents.queries import find
from fellesjournal.leadership.rollout.support import actions, queries
from fellesjournal.leadership.rollout.support.actions import Report
from fellesjournal.leadership.rollout.support.ticket import SupportTicket
from fellesjournal.leadership.rollout.tickets import Category
from fellesjournal.registry.units import UNIT_KIND_SYSTEM
from tests.signing_in import staff_client
from tests.staff import SYSTEM, employ, put
from tests.surfaces.statements import counted

pytestmark = pytest.mark.django_db
LIST = reverse("leaders-reports")
LEAD = next(member for member in STAFF if member.role == "rollout-lead")
SAID = Report(said="The list is empty", category=Category.DEFECT, severity=2, safety=False)


@pytest.fixture
def lead() -> Client:
    client = staff_client(LEAD)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def nurse() -> Session:
    return employ("n", "nurse")


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def one(number: int) -> str:
    return reverse("leaders-report", args=[number])


def act(client: Client, number: int, name: str, **said: str) -> int:
    prefix = "step" if name in {"take", "give-back"} else name
    values = {f"{prefix}-{key}": value for key, value in said.items()}
    return client.post(reverse("leaders-report-act", args=[number, name]), values).status_code


def stands(number: int) -> SupportTicket:
    return queries.ticket(SYSTEM, number).ticket


def test_the_list_leads_to_each_report_and_counts_what_it_shows(
    lead: Client, nurse: Session
) -> None:
    first = actions.report(nurse, SAID, key="a")
    second = actions.report(nurse, replace(SAID, said="Two doses", safety=True), key="b")
    shown = read(lead, LIST)
    assert "Open reports (2)" in shown
    assert shown.index(one(second)) < shown.index(one(first))
    assert "Those who help Unit u" in shown
    assert act(lead, first, "take", version="1") == 302
    assert "Open reports (1)" in read(lead, f"{LIST}?whose=mine")
    assert "Open reports (1)" in read(lead, f"{LIST}?whose=nobody&organisation=u")
    for bad in ("?whose=her", "?organisation=none"):
        assert lead.get(LIST + bad).status_code == 404


def test_a_report_is_taken_answered_weighed_and_closed_on_its_page(
    lead: Client, nurse: Session
) -> None:
    number = actions.report(nurse, SAID, key="a")
    assert act(lead, number, "take", version="1") == 302
    assert stands(number).owner == f"Practitioner/{LEAD.id}"
    assert LEAD.family in read(lead, one(number))
    assert act(lead, number, "answer", version="2", text="We look at it") == 302
    weighed = {"category": "access", "severity": "1", "safety": "on", "reason": "A role"}
    assert act(lead, number, "weigh", version="3", **weighed) == 302
    assert act(lead, number, "close", version="4", text="Mended") == 302
    shown = read(lead, one(number))
    for said in ("We look at it", "Mended", "can harm a patient", "get to what I need"):
        assert said in shown, said
    assert "Take it" not in shown
    assert "Nothing is open" in read(lead, LIST)


def test_of_two_who_take_the_same_the_second_is_told(lead: Client, nurse: Session) -> None:
    number = actions.report(nurse, SAID, key="a")
    actions.take(employ("r2", "rollout-lead", unit="office"), number, seen=1)
    assert act(lead, number, "take", version="1") == 302
    assert "Somebody else has taken it" in read(lead, one(number))
    for version in ("1", "2147483647", "9" * 30):
        assert act(lead, number, "answer", version=version, text="x") == 302
    assert "Somebody else has changed this" in read(lead, one(number))
    assert stands(number).owner == "Practitioner/r2"
    assert not stands(number).answers


@pytest.mark.parametrize(("name", "said"), [
    ("take", {}), ("take", {"version": "x"}), ("answer", {"version": "1", "text": ""}),
    ("close", {"version": "1", "text": "x" * 2001}), ("duplicate", {"version": "1", "of": "0"}),
    ("duplicate", {"version": "1", "of": "99999999"}), ("duplicate", {"version": "1", "of": "9" * 30}),
    ("answer", {"version": "1", "text": "Patient 05057912345"}),
    ("weigh", {"version": "1", "category": "x", "severity": "9", "reason": "x"}),
    ("weigh", {"version": "1", "category": "access", "severity": "1", "reason": ""}),
])  # fmt: skip
def test_bad_input_is_told_and_changes_nothing(
    lead: Client, nurse: Session, name: str, said: dict[str, str]
) -> None:
    number = actions.report(nurse, SAID, key="a")
    before = stands(number)
    assert act(lead, number, name, **said) == 422
    assert stands(number) == before


def test_what_is_not_there_is_not_there(lead: Client, nurse: Session) -> None:
    number = actions.report(nurse, SAID, key="a")
    assert lead.get(one(99_999_999)).status_code == 404
    assert lead.get(f"{LIST}{'9' * 30}/").status_code == 404
    assert act(lead, 99_999_999, "take", version="1") == 404
    assert act(lead, number, "delete", version="1") == 404


def test_the_pages_ask_the_database_little_however_many_there_are(
    lead: Client, nurse: Session
) -> None:
    numbers = [actions.report(nurse, SAID, key=str(n)) for n in range(12)]
    for address in (LIST, one(numbers[0])):
        with counted() as found:
            read(lead, address)
        assert len(found) <= 12, address


def test_reports_stand_in_the_curve_day_by_day_with_how_they_are_answered(lead: Client) -> None:
    nurse = employ("s", "nurse", unit="org-roros")
    put(
        "Organization", "org-roros", name="Røros kommune",
        type=[{"coding": [{"system": UNIT_KIND_SYSTEM, "code": "municipality"}]}],
        address=[{"_district": {"extension": [{
            "url": "http://hl7.no/fhir/StructureDefinition/no-basis-municipalitycode",
            "valueCoding": {"system": "urn:oid:2.16.578.1.12.4.1.1.3402", "code": "5025"},
        }]}}],
    )  # fmt: skip
    page = reverse("leaders-tickets", args=["5025"])
    assert "No day is counted yet" in read(lead, page)
    now = clock.now()
    for n, days in enumerate((3, 3, 1)):
        with clock.at(now - timedelta(days=days)):
            actions.report(nurse, replace(SAID, safety=True), key=str(n))
    shown = read(lead, page)
    assert "Say how many use it here" in shown
    users = reverse("leaders-tickets-users", args=["5025"])
    for bad in ("0", "", "many", "9" * 30):
        lead.post(users, {"all-users": bad, "all-version": "0"})
    assert "Say how many use it here" in read(lead, page)
    lead.post(users, {"all-users": "100", "all-version": "0"})
    shown = read(lead, page)
    rows = re.findall(
        r'<th scope="row">(\d+) \([^)]+\)</th><td data-label="Tickets">(\d+)</td>', shown
    )
    assert [count for _, count in rows] == ["2", "0", "1"]
    assert "0 of 3 are answered" in shown
    assert "open for more than 24 hours</dt><dd>3</dd>" in shown
    assert f'href="{LIST}?organisation=5025"' in shown
    leader = staff_client(next(member for member in STAFF if member.role == "unit-leader"))
    assert LIST not in read(leader, page)


def test_what_can_harm_and_is_late_awaits_all_who_help_on_their_front_page(
    lead: Client, nurse: Session
) -> None:
    now = clock.now()
    with clock.at(now - timedelta(hours=25)):
        late = actions.report(nurse, replace(SAID, safety=True), key="a")
        harmless = actions.report(nurse, replace(SAID, severity=1), key="b")  # late too
    fresh = actions.report(nurse, replace(SAID, safety=True), key="c")
    shown = read(lead, reverse("leaders"))
    assert f'href="{one(late)}"' in shown
    assert one(harmless) not in shown
    assert one(fresh) not in shown
    other = staff_client(next(member for member in STAFF if member.role == "unit-leader"))
    assert one(late) not in read(other, reverse("leaders"))


ISSUE = {
    "workflow": "The list is empty", "users": "40", "uses_per_day": "6", "days": "220",
    "seconds_lost": "15", "safety": "0", "fix": "build", "effort_days": "2", "reach": "shared",
    "version": "1",
}  # fmt: skip


def test_a_report_goes_into_the_usability_queue_once_and_stays_open(
    lead: Client, nurse: Session
) -> None:
    number = actions.report(nurse, SAID, key="a")
    page = reverse("leaders-report-queue", args=[number])
    assert f'href="{page}"' in read(lead, one(number))
    assert 'value="The list is empty"' in read(lead, page)
    assert lead.post(page, {**ISSUE, "effort_days": "0"}).status_code == 422
    assert lead.post(page, {**ISSUE, "version": "9"}).status_code == 422
    assert stands(number).issue == ""
    answer = lead.post(page, ISSUE)
    issue = reverse("leaders-usability-issue", args=[f"report-{number}"])
    assert (answer.status_code, answer["Location"]) == (302, issue)
    assert "Ticket" in read(lead, issue) or "report" in read(lead, issue).casefold()
    assert f'href="{issue}"' in read(lead, one(number))
    assert stands(number).closed is None
    assert lead.get(page).status_code == 404
    assert lead.post(page, {**ISSUE, "version": "2"}).status_code == 422


def test_what_needs_no_change_of_the_platform_stays_out_of_the_queue(
    lead: Client, nurse: Session
) -> None:
    number = actions.report(nurse, replace(SAID, category=Category.TRAINING), key="a")
    page = reverse("leaders-report-queue", args=[number])
    assert page not in read(lead, one(number))
    assert lead.get(page).status_code == 404
    assert lead.post(page, ISSUE).status_code == 422
    assert find(SYSTEM, ISSUES, f"report-{number}") is None
