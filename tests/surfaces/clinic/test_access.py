"""Closed records and the ways to open them, as staff meet them on the pages."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from fellesjournal.access.labels import ACT_CODE
from fellesjournal.access.readlog.acts import Act
from fellesjournal.access.readlog.queries import Line, lines, number_of
from fellesjournal.access.sessions import system_session
from fellesjournal.demo.cast_staff import STAFF
from fellesjournal.foundation import clock
from tests.signing_in import GP, put, staff_client

pytestmark = pytest.mark.django_db

SECRETARY = next(member for member in STAFF if member.role == "secretary")
NUMBER = "14834447836"
EMERGENCY = "/patients/kari/access/emergency/"
SAID = {"reason_code": "danger", "reason": "Found unconscious at home", "minutes": "60"}


def _register(patient: str = "kari", *gps: str) -> None:
    put(
        "Patient", patient, name=[{"family": "Nesvoll", "given": ["Kari", "Anne"]}],
        birthDate="1944-03-14",
        identifier=[{"system": "urn:oid:2.16.578.1.12.4.1.4.1", "value": NUMBER}],
        address=[{"line": ["Secret road 1"]}],
        **({"generalPractitioner": [{"reference": f"Practitioner/{gp}"} for gp in gps]} if gps else {}),
    )  # fmt: skip
    put("Condition", f"{patient}-c", subject={"reference": f"Patient/{patient}"},
        code={"text": "Diabetes type 2"})  # fmt: skip


@pytest.fixture
def client() -> Client:
    """A doctor at work, with no ground for Kari."""
    signed_in = staff_client()
    _register()
    return signed_in


def _search(client: Client, question: str) -> str:
    client.post("/patients/", {"q": question})
    return client.get("/patients/").content.decode()


def _without_token(text: str) -> str:
    return re.sub(r'value="([A-Za-z0-9]{64}|[0-9a-f-]{36})"', "", text)


def _lines(person: str = f"Practitioner/{GP.id}") -> list[Line]:
    database = system_session("system:test", purpose="HOPERAT").connection()
    return lines(database, patient=number_of(database, "Patient/kari"), person=person)


@pytest.mark.parametrize("question", [NUMBER, "Kari Nesvoll 14.03.1944", "nesvoll kari 1944-03-14"])
def test_one_who_is_named_in_full_is_told_of_by_name_and_birth_year_only(
    client: Client, question: str
) -> None:
    text = _search(client, question)
    assert "trenger nødtilgang" in text
    assert "Kari Anne Nesvoll" in text
    for kept in ("Secret road", "1944-03-14", "14.03.1944", NUMBER, f"{NUMBER[:6]} {NUMBER[6:]}"):
        shown = text.replace(f'value="{question}"', "")
        assert (kept in shown.split('id="found"')[1]) is False
    assert Act.LOOK_UP in {line.act for line in _lines()}


@pytest.mark.parametrize(
    "question",
    ["Kari", "Kari Nesvoll", "Kari Nes 14.03.1944", "Nesvoll Anne 14.03.1944", "14.03.1944",
     "Kari Nesvoll 1944", "Kari Nesvoll 15.03.1944", NUMBER[:10]],
)  # fmt: skip
def test_one_who_is_not_named_in_full_is_not_told_of(client: Client, question: str) -> None:
    text = _search(client, question)
    assert "Nesvoll" not in text.split('id="found"')[1]
    assert _lines() == []


def test_a_role_without_emergency_access_is_not_told_who_has_a_record() -> None:
    client = staff_client(SECRETARY)
    _register()
    assert "Nesvoll" not in _search(client, NUMBER).split('id="found"')[1]
    assert "rollen din har ikke nødtilgang" in client.get("/patients/kari/").content.decode()
    assert client.post(EMERGENCY, SAID).status_code == 404
    assert "Diabetes" not in client.get("/patients/kari/").content.decode()


def test_a_closed_record_and_one_that_is_not_there_answer_alike(client: Client) -> None:
    for rest in ("", "access/", "access/emergency/", "results/?of=x", "documents/d/"):
        said = []
        for patient in ("kari", "nobody"):
            answer = client.get(f"/patients/{patient}/{rest}")
            assert answer.status_code == 404
            said.append(_without_token(answer.content.decode()).replace(patient, "_"))
        assert said[0] == said[1]


def test_the_glass_is_not_broken_for_an_address_alone(client: Client) -> None:
    answer = client.post(EMERGENCY, SAID)
    assert answer.status_code == 404
    assert 'name="reason_code"' not in answer.content.decode()
    assert Act.OPEN not in {line.act for line in _lines()}


def test_emergency_access_opens_the_chart_under_a_banner_with_its_minutes(client: Client) -> None:
    _search(client, NUMBER)
    page = client.get("/patients/kari/")
    assert "Hvorfor er denne journalen lukket?" in page.content.decode()
    assert "Diabetes" not in page.content.decode()
    answer = client.post(EMERGENCY, SAID)
    assert answer.status_code == 302
    assert answer["Location"] == "/patients/kari/"
    text = client.get("/patients/kari/").content.decode()
    assert "Diabetes type 2" in text
    assert "access-line--emergency" in text
    assert "<span data-minutes>60</span> minutter igjen" in text
    assert Act.OPEN in {line.act for line in _lines()}


def test_emergency_access_is_over_when_its_time_is_up(client: Client) -> None:
    _search(client, NUMBER)
    start = datetime.now(UTC)
    with clock.at(start):
        client.post(EMERGENCY, SAID | {"minutes": "30"})
    for minutes, is_open in ((15, True), (29, True), (30, False)):
        with clock.at(start + timedelta(minutes=minutes)):
            text = client.get("/patients/kari/").content.decode()
            assert ("Diabetes type 2" in text) is is_open


@pytest.mark.parametrize("left_out", ["reason_code", "reason", "minutes"])
def test_form_that_lacks_something_says_what_and_opens_nothing(
    client: Client, left_out: str
) -> None:
    _search(client, NUMBER)
    answer = client.post(EMERGENCY, SAID | {left_out: ""})
    text = answer.content.decode()
    assert 'id="error-summary"' in text
    assert 'aria-invalid="true"' in text or left_out == "minutes"
    assert "Kari Anne Nesvoll" in text
    assert Act.OPEN not in {line.act for line in _lines()}


def test_form_sent_twice_breaks_the_glass_once(client: Client) -> None:
    _search(client, NUMBER)
    for _ in range(2):
        assert client.post(EMERGENCY, SAID).status_code == 302
    assert [line.act for line in _lines()].count(Act.OPEN) == 1


def test_open_chart_says_by_which_ground_and_explains_it(client: Client) -> None:
    _register("kari", GP.id)
    text = client.get("/patients/kari/").content.decode()
    assert "står på listen" in text
    assert "access-line--emergency" not in text
    text = client.get("/patients/kari/access/").content.decode()
    assert "Hvorfor kan jeg se dette?" in text
    assert "ingen slutt satt" in text
    assert "Registrert" in text or "registrert" in text


def _psychiatric(label: str = "PSY") -> None:
    put("Condition", "hidden", subject={"reference": "Patient/kari"}, code={"text": "Panic"},
        meta={"security": [{"system": ACT_CODE, "code": label}]})  # fmt: skip


def test_extra_step_shows_what_it_was_taken_for(client: Client) -> None:
    _register("kari", GP.id)
    _psychiatric()
    assert "Panic" not in client.get("/patients/kari/").content.decode()
    answer = client.post(
        "/patients/kari/access/step/", {"categories": ["2"], "step_reason": "needed-now"}
    )
    assert answer.status_code == 302
    assert "Panic" in client.get("/patients/kari/").content.decode()
    assert "Psykisk helse" in client.get("/patients/kari/access/").content.decode()


def test_pages_of_an_open_record_say_nothing_of_what_is_hidden(client: Client) -> None:
    """INV-36: with and without something hidden, chart and explanation are the same bytes."""
    _register("kari", GP.id)

    def pages() -> list[str]:
        texts = (
            client.get(f"/patients/kari/{rest}").content.decode()
            for rest in ("", "access/", "access/emergency/")
        )
        return [_without_token(text) for text in texts]

    before = pages()
    _psychiatric()
    put("Condition", "blocked", subject={"reference": "Patient/kari"}, code={"text": "Secret"},
        meta={"security": [_NORS]})  # fmt: skip
    assert pages() == before


_NORS = {
    "system": "urn:oid:2.16.578.1.12.4.1.1.9603",
    "code": "NORS",
    "extension": [
        {
            "url": "https://fellesjournal.example/fhir/StructureDefinition/label-details",
            "extension": [
                {"url": "author", "valueReference": {"reference": "Patient/kari"}},
                {"url": "reason", "valueString": "Asked for"},
                {"url": "time", "valueDateTime": "2026-05-04T10:15:00+02:00"},
            ],
        }
    ],
}


def test_emergency_access_in_an_open_record_shows_what_was_closed(client: Client) -> None:
    _register("kari", GP.id)
    put("Condition", "blocked", subject={"reference": "Patient/kari"}, code={"text": "Secret"},
        meta={"security": [_NORS]})  # fmt: skip
    assert "Secret" not in client.get("/patients/kari/").content.decode()
    assert client.get(EMERGENCY).status_code == 200
    client.post(EMERGENCY, SAID)
    assert "Secret" in client.get("/patients/kari/").content.decode()
