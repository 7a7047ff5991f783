"""The clinic's pages: who may see them, what they ask of the database, what they show."""

from __future__ import annotations

import re
from typing import Any

import orjson
import pytest
from django.db import connection as django_connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, reverse

from fellesjournal.access.sessions import system_session
from fellesjournal.access.writing import Operation, write
from fellesjournal.demo.cast_staff import STAFF
from fellesjournal.fhir import bodies
from fellesjournal.foundation.ui.headers import CONTENT_SECURITY_POLICY
from fellesjournal.surfaces.clinic.urls import urlpatterns
from tests.signing_in import GP, staff_client

pytestmark = pytest.mark.django_db

_OPEN_TO_ALL = {"start"}
_BUDGET = 20


def _put(type_name: str, key: str, **members: Any) -> None:
    resource = {"resourceType": type_name, "id": key, **members}
    body = bodies.parse(orjson.dumps(resource))
    session = system_session("system:test", purpose="HOPERAT")
    write(session, [Operation("update", type_name, id=key, body=body)])


@pytest.fixture
def client() -> Client:
    """Somebody who has signed in."""
    return staff_client()


@pytest.fixture
def kari() -> str:
    """A patient with a little of everything, from a system that is not ours."""
    subject = {"reference": "Patient/kari"}
    code = {"text": "B-Hemoglobin", "coding": [{"system": "urn:lab", "code": "hb"}]}
    _put("Organization", "office", name="Heywood Office")
    _put(
        "Patient", "kari", name=[{"family": "Nesvoll", "given": ["Kari"]}],
        birthDate="1950-04-01", gender="female",
        generalPractitioner=[{"reference": f"Practitioner/{GP.id}"}],
    )  # fmt: skip
    _put(
        "AllergyIntolerance", "a", patient=subject, code={"text": "Penicillin"},
        clinicalStatus={"coding": [{"system": "http://terminology.hl7.org/CodeSystem/"
                                    "allergyintolerance-clinical", "code": "active"}]},
        reaction=[{"manifestation": [{"text": "Anafylaksi"}], "severity": "severe"}],
    )  # fmt: skip
    _put("Condition", "c", subject=subject, code={"text": "Diabetes type 2"})
    _put(
        "MedicationRequest", "m", subject=subject, status="active", intent="order",
        medicationCodeableConcept={"text": "Metformin 500 mg"},
    )  # fmt: skip
    for number in range(30):
        _put(
            "Observation", f"o{number}", subject=subject, status="final", code=code,
            category=[{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/"
                                   "observation-category", "code": "laboratory"}]}],
            effectiveDateTime=f"2025-03-{number % 28 + 1:02}T10:00:00Z",
            valueQuantity={"value": 12 + number / 10, "unit": "g/dL"},
        )  # fmt: skip
    _put(
        "Encounter", "e", subject=subject, status="finished",
        **{"class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"}},
        type=[{"text": "Office visit"}], period={"start": "2025-03-01"},
        serviceProvider={"reference": "Organization/office"},
    )  # fmt: skip
    _put(
        "DocumentReference", "d", subject=subject, status="current", date="2025-03-02T10:00:00Z",
        content=[{"attachment": {"contentType": "text/plain; charset=utf-8", "title": "Note",
                                 "data": "SGVpIHDDpSBkZWc="}}],
    )  # fmt: skip
    return "kari"


def _address(route: URLPattern) -> str:
    values = {"patient_id": "kari", "document_id": "d", "note_id": "n", "task_id": "t"}
    wanted = {name: values.get(name, "none") for name in route.pattern.converters}
    return reverse(str(route.name), kwargs=wanted)


@pytest.mark.parametrize("route", urlpatterns, ids=lambda route: str(route.name))
def test_page_is_for_staff_only_unless_it_is_listed_as_open(route: URLPattern) -> None:
    if route.name in _OPEN_TO_ALL:
        return
    answer = Client().get(_address(route))
    if answer.status_code == 405:  # what is only done, and not looked at: the form is kept
        assert Client().post(_address(route)).status_code == 401
        return
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("sign-in"))


def test_each_page_carries_the_policy_and_is_not_kept(client: Client, kari: str) -> None:
    for address in ("/sign-in/", "/patients/", f"/patients/{kari}/", "/nowhere"):
        answer = client.get(address)
        assert answer["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Frame-Options"] == "DENY"


def test_pages_hold_no_inline_style_or_script(client: Client, kari: str) -> None:
    for address in ("/sign-in/", "/patients/", f"/patients/{kari}/"):
        text = client.get(address).content.decode()
        assert " style=" not in text
        assert " onclick=" not in text
        assert "<script>" not in text


def test_chart_overview_keeps_its_budget_of_queries(client: Client, kari: str) -> None:
    client.get(f"/patients/{kari}/")
    with CaptureQueriesContext(django_connection) as through_orm:
        answer = client.get(f"/patients/{kari}/")
    assert answer.status_code == 200
    # The record is read past the ORM: person, chart and names are three statements more.
    assert len(through_orm) + 3 <= _BUDGET


def test_chart_shows_what_was_recorded_by_another_system(client: Client, kari: str) -> None:
    text = client.get(f"/patients/{kari}/").content.decode()
    for shown in ("Kari Nesvoll", "Penicillin", "Anafylaksi", "Diabetes type 2", "Metformin 500 mg",
                  "B-Hemoglobin", "Office visit", "Heywood Office"):  # fmt: skip
        assert shown in text, shown
    assert "Allergier:" in text


def test_opened_patient_is_listed_as_recent(client: Client, kari: str) -> None:
    client.get(f"/patients/{kari}/")
    assert "Kari Nesvoll" in client.get("/patients/").content.decode()


def test_timeline_is_filtered_by_kind(client: Client, kari: str) -> None:
    text = client.get(f"/patients/{kari}/?kind=document").content.decode()
    timeline = text[text.index('id="timeline"') :]
    assert "Note" in timeline
    assert "Office visit" not in timeline


def test_trend_lists_each_value(client: Client, kari: str) -> None:
    text = client.get(f"/patients/{kari}/results/", {"of": "urn:lab|hb"}).content.decode()
    assert text.count("<td><time") == 30
    assert "14,9" in text


def test_document_shows_its_text_under_the_banner(client: Client, kari: str) -> None:
    text = client.get(f"/patients/{kari}/documents/d/").content.decode()
    assert "Hei på deg" in text
    assert "Penicillin" in text


def test_document_of_another_patient_is_not_found(client: Client, kari: str) -> None:
    del kari
    _put("Patient", "ola", name=[{"family": "Vik"}])
    assert client.get("/patients/ola/documents/d/").status_code == 404


def test_record_that_is_not_there_answers_404_in_plain_words(client: Client) -> None:
    answer = client.get("/patients/nobody/")
    assert answer.status_code == 404
    assert "Hvorfor er denne journalen lukket?" in answer.content.decode()


@pytest.mark.parametrize(
    ("language", "word"), [("nb", "Finn pasient"), ("nn", "namn"), ("en", "Find patient")]
)
def test_page_speaks_the_chosen_language(client: Client, language: str, word: str) -> None:
    client.post("/language/", {"language": language, "next": "/patients/"})
    text = client.get("/patients/").content.decode()
    assert f'<html lang="{language}"' in text
    assert word in text


def test_page_is_in_bokmal_when_nobody_has_chosen_whatever_the_browser_says() -> None:
    text = Client(headers={"accept-language": "en-US,en;q=0.8"}).get("/sign-in/").content.decode()
    assert '<html lang="nb"' in text
    assert "Logg inn" in text


def test_form_without_its_token_is_refused_in_plain_words() -> None:
    answer = Client(enforce_csrf_checks=True).post(reverse("sign-out"))
    assert answer.status_code == 403
    assert "Siden var blitt for gammel" in answer.content.decode()


def test_banner_says_when_it_has_no_room_for_all_warnings(client: Client, kari: str) -> None:
    for number in range(5):
        _put("Flag", f"f{number}", subject={"reference": f"Patient/{kari}"}, status="active",
             code={"text": f"Warning {number}"})  # fmt: skip
    text = client.get(f"/patients/{kari}/documents/d/").content.decode()
    assert text.count("Warning ") == 3
    assert "og 2 til" in text


def test_who_may_break_the_glass_is_told_how_when_a_name_finds_nobody(client: Client) -> None:
    def told(browser: Client, question: str) -> bool:
        answer = browser.post(reverse("patients"), {"q": question}, follow=True)
        return 'id="emergency-how"' in answer.content.decode()

    assert told(client, "Nordmannsrud")
    assert not told(client, "")
    assert not told(client, "01819012345")  # the whole number was written: nobody has it
    leader = next(member for member in STAFF if member.role == "unit-leader")
    assert not told(staff_client(leader), "Nordmannsrud")


def test_number_that_is_no_national_number_is_named(client: Client, kari: str) -> None:
    _put("Patient", kari, name=[{"family": "Nesvoll"}], birthDate="1950-04-01",
         generalPractitioner=[{"reference": f"Practitioner/{GP.id}"}],
         identifier=[{"system": "urn:oid:2.16.578.1.12.4.1.4.2", "value": "41845012361"}])  # fmt: skip
    assert (
        '<span class="number__kind">D-nummer' in client.get(f"/patients/{kari}/").content.decode()
    )


def test_address_that_leads_nowhere_does_not_speak_of_a_record(client: Client) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert "Fant ikke siden" in answer.content.decode()


def test_what_is_searched_for_stands_in_no_address_and_is_there_on_return(
    client: Client, kari: str
) -> None:
    answer = client.post("/patients/", {"q": "Kari"})
    assert answer.status_code == 302
    assert answer["Location"] == "/patients/"
    for _ in range(2):
        text = client.get("/patients/").content.decode()
        assert f'href="/patients/{kari}/"' in text
        assert 'value="Kari"' in text
    client.post("/patients/", {"q": ""})
    assert 'value="Kari"' not in client.get("/patients/").content.decode()


def test_the_list_follows_while_typing(client: Client, kari: str) -> None:
    answer = client.post("/patients/", {"q": "Kari"}, headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert f'href="/patients/{kari}/"' in answer.content.decode()


def test_the_palette_shows_birth_date_and_age_beside_each_name_and_only_whom_one_may_see(
    client: Client, kari: str
) -> None:
    _put("Patient", "closed", name=[{"family": "Nesvoll", "given": ["Ola"]}])
    address = reverse("patients-by-name")
    text = client.post(address, {"q": "nesv"}).content.decode()
    assert f'href="/patients/{kari}/"' in text
    assert "født 01.04.1950" in text
    assert re.search(r"\d\d år", text)
    assert "Ola" not in text
    assert client.post(address, {"q": ""}).content.strip() == b""
    assert client.post(address, {"q": "x" * 300}).status_code == 200
    assert client.get(address).status_code == 405


def test_the_palette_opens_the_record_when_the_name_is_one_patient_s(
    client: Client, kari: str
) -> None:
    answer = client.post("/patients/", {"q": "Kari Nesvoll", "go": "1"})
    assert answer["Location"] == f"/patients/{kari}/"
    assert client.post("/patients/", {"q": "Kari Nesvoll"})["Location"] == "/patients/"


@pytest.mark.parametrize("question", ["Nesvoll", "Kari Nesvold", "", "Nobody"])
def test_the_palette_opens_no_record_by_guessing(client: Client, kari: str, question: str) -> None:
    """Several of a name, a name that only resembles, none: the list, as by the search field."""
    del kari
    _put("Patient", "ola", name=[{"family": "Nesvoll", "given": ["Ola"]}],
         generalPractitioner=[{"reference": f"Practitioner/{GP.id}"}])  # fmt: skip
    answer = client.post("/patients/", {"q": question, "go": "1"})
    assert answer["Location"] == "/patients/"


def test_a_gp_comes_to_her_day_list_after_signing_in(client: Client) -> None:
    assert client.get("/")["Location"] == reverse("day-list")
