"""Report a problem from any page, and what became of it."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.demo.cast import STAFF
from fellesjournal.leadership.rollout.support import actions, queries
from fellesjournal.leadership.rollout.support.ticket import Place, SupportTicket
from fellesjournal.surfaces.support.places import place
from tests.signing_in import ASLAUG, CASE_OFFICER, GP, let_in, register, staff_client
from tests.staff import SYSTEM
from tests.surfaces.statements import counted

pytestmark = pytest.mark.django_db
FORM, MINE = reverse("report-problem"), reverse("my-reports")
BY_ROLE = {member.role: member for member in STAFF}
SAID = {"said": "The list is empty\nI clicked it", "category": "defect", "severity": "2"}


def in_english(client: Client) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def doctor() -> Client:
    return in_english(staff_client(GP))


@pytest.fixture
def citizen() -> Client:
    register()
    browser = in_english(Client())
    let_in(browser, ASLAUG.id, "citizen")
    browser.post(reverse("portal-terms"), {"accept": "1"})
    return browser


def read(client: Client, address: str, **headers: str) -> str:
    answer = client.get(address, headers=headers or None)
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", answer.content.decode())


def newest() -> SupportTicket:
    rows = queries.open_tickets(SYSTEM).rows
    return max(rows, key=lambda each: each.number).ticket


def sent(client: Client, **said: str) -> str:
    answer = client.post(FORM, {**SAID, **said})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


@pytest.mark.parametrize(
    ("role", "page"), [
        ("doctor", "/patients/"), ("unit-leader", "/leaders/"), ("administrator", "/admin/"),
        ("doctor", "/sessions/"), ("unit-leader", "/reviews/"),
    ],
)  # fmt: skip
def test_every_page_of_staff_leads_there(role: str, page: str) -> None:
    member = GP if role == "doctor" else BY_ROLE[role]
    shown = read(staff_client(member), page)
    footer = shown[shown.index("site-footer") :]
    assert f'href="{FORM}"' in footer


def test_the_bar_of_a_phone_leads_there_too(doctor: Client) -> None:
    shown = read(doctor, "/patients/")
    sheet = shown[
        shown.index("phone-bar__sheet") : shown.index("</details>", shown.index("phone-bar__sheet"))
    ]
    assert f'href="{FORM}"' in sheet


def test_whoever_is_not_signed_in_finds_no_such_link() -> None:
    assert FORM not in Client().get(reverse("sign-in")).content.decode()


def test_the_page_is_known_by_the_name_of_its_route_and_nothing_else(doctor: Client) -> None:
    came = "http://testserver/patients/cast-aslaug/medicines/?q=05057912345"
    shown = read(doctor, FORM, referer=came)
    assert 'name="page" value="medicines"' in shown
    assert "aslaug" not in shown
    assert "05057912345" not in shown
    sent(doctor, page="medicines")
    found = newest().place
    assert (found.page, found.module) == ("medicines", "clinic/medicine")
    assert found.version == "0.1.0"


@pytest.mark.parametrize("came", [
    "https://elsewhere.example/patients/", "http://testserver/none/at/all", "not an address",
    f"http://testserver{FORM}", "http://[/",
])  # fmt: skip
def test_a_page_that_is_not_known_is_left_out(doctor: Client, came: str) -> None:
    assert 'name="page" value=' not in read(doctor, FORM, referer=came)


@pytest.mark.parametrize("page", ["/patients/cast-aslaug/", "Aslaug 05057912345", "x" * 5000])
def test_a_made_up_page_is_not_kept(doctor: Client, page: str) -> None:
    sent(doctor, page=page, reference="'; drop")
    assert newest().place == Place(version="0.1.0")
    assert place("chart", "0A1B2C3D").reference == "0A1B2C3D"


def test_the_receipt_says_who_answers_and_by_when_and_the_list_its_state(doctor: Client) -> None:
    where = sent(doctor, safety="on")
    shown = read(doctor, where)
    number = where.rstrip("/").rpartition("/")[2]
    for said in (f"Report {number}", GP.unit_name, "close it by", "can harm a patient"):
        assert said in shown, said
    shown = read(doctor, MINE)
    for said in ("My reports (1)", "The list is empty", "Waits for somebody"):
        assert said in shown, said


@pytest.mark.parametrize("said", [
    {"said": ""}, {"said": " "}, {"said": "Patient 050579 12345"}, {"said": "x" * 2001},
    {"category": "praise"}, {"severity": "0"}, {"severity": "many"}, {"said": "a\0b"},
])  # fmt: skip
def test_bad_input_is_told_and_not_kept(doctor: Client, said: dict[str, str]) -> None:
    answer = doctor.post(FORM, {**SAID, **said})
    assert answer.status_code == 422
    assert "ds-validation-message" in answer.content.decode()
    assert "My reports (0)" in read(doctor, MINE)


def test_a_form_sent_twice_is_one_report(doctor: Client) -> None:
    once = {"once": "7c8f4f0e-3f1a-4c4f-9f5e-1f1f1f1f1f1f"}
    sent(doctor, **once)
    assert sent(doctor, **once) == MINE
    assert "My reports (1)" in read(doctor, MINE)


def test_what_another_has_reported_is_not_there(doctor: Client) -> None:
    where = sent(doctor)
    other = in_english(staff_client(CASE_OFFICER))
    for address in (where, reverse("my-report", args=[99_999_999])):
        assert other.get(address).status_code == 404
        assert other.post(address, {"text": "x", "version": "1"}).status_code == 404
    assert "My reports (0)" in read(other, MINE)
    refused = [
        re.sub(
            r'\d+|value="\w+"|nonce="[^"]+"|X-CSRFToken[^}]+',
            "_",
            other.get(address).content.decode(),
        )
        for address in (where, reverse("my-report", args=[99_999_999]))
    ]
    assert refused[0] == refused[1]


def test_a_closed_report_is_opened_again_by_who_made_it(doctor: Client) -> None:
    where = sent(doctor)
    number = int(where.rstrip("/").rpartition("/")[2])
    assert "Open it again" not in read(doctor, where)
    actions.close(SYSTEM, number, done="Mended", seen=1)
    shown = read(doctor, where)
    assert "Mended" in shown
    assert "Open it again" in shown
    assert doctor.post(where, {"text": "", "version": "2"}).status_code == 422
    assert doctor.post(where, {"text": "Still so", "version": "1"}).status_code == 302
    assert "meanwhile" in read(doctor, where)
    assert doctor.post(where, {"text": "Still so", "version": "2"}).status_code == 302
    assert "It is open again" in read(doctor, where)
    assert doctor.post(where, {"text": "Again", "version": "3"}).status_code == 302
    assert "It is open already" in read(doctor, where)


def test_who_reported_a_duplicate_is_told_how_the_other_was_closed(doctor: Client) -> None:
    where = sent(doctor)
    other = sent(in_english(staff_client(CASE_OFFICER)), said="Secret words of another")
    mine, theirs = (int(each.rstrip("/").rpartition("/")[2]) for each in (where, other))
    actions.close_as_duplicate(SYSTEM, mine, of=theirs, seen=1)
    assert f"worked on as number {theirs}" in read(doctor, where)
    actions.close(SYSTEM, theirs, done="Mended for all", seen=1)
    shown = read(doctor, where)
    assert "Mended for all" in shown
    assert "Secret words" not in shown
    assert doctor.get(other).status_code == 404


def test_a_citizen_reports_and_is_marked_as_one(citizen: Client) -> None:
    assert f'href="{FORM}"' in read(citizen, reverse("portal"))
    assert "nothing of an illness" not in read(citizen, FORM)
    where = sent(citizen)
    assert "It is received" in read(citizen, where)
    found = newest()
    assert (found.is_citizen, found.organisation, found.unit) == (True, "", "")
    lead = in_english(staff_client(BY_ROLE["rollout-lead"]))
    shown = read(lead, reverse("leaders-report", args=[where.rstrip("/").rpartition("/")[2]]))
    assert "in HelsaMi" in shown
    assert ASLAUG.family not in shown


def test_each_page_asks_the_database_little(doctor: Client) -> None:
    for n in range(5):
        sent(doctor, once=f"7c8f4f0e-3f1a-4c4f-9f5e-1f1f1f1f1f1{n}")
    for address in (FORM, MINE, sent(doctor)):
        with counted() as found:
            assert doctor.get(address).status_code == 200
        assert len(found) <= 12, address
    with counted() as found:
        sent(doctor, page=quote("chart"))
    assert len(found) <= 30
