"""Medicines in HelsaMi: the same list, the same number, in plain words."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fellesjournal.access.citizens import citizen as citizen_session_of
from fellesjournal.access.patients import record_of
from fellesjournal.access.sessions import Session
from fellesjournal.care.medication.actions import Answers, change_medicine, prescribe
from fellesjournal.care.medication.queries import list_of
from fellesjournal.care.medication.refusals import Unconfirmed
from fellesjournal.care.medication.rendering import fingerprint
from tests.care.medication.medicines import AMLODIPINE, PARACETAMOL, order
from tests.signing_in import ASLAUG, let_in, register
from tests.staff import SYSTEM, employ
from tests.surfaces.portal.family import OTHER, at_browser, power, switch, years_ago

pytestmark = pytest.mark.django_db
_PATIENT = f"Patient/{ASLAUG.id}"


@pytest.fixture
def gp() -> Session:
    session = employ("gp")
    register(generalPractitioner=[{"reference": "Practitioner/gp"}])
    return session


@pytest.fixture
def citizen(gp: Session) -> Client:
    del gp
    browser = Client()
    let_in(browser, ASLAUG.id, "citizen")
    browser.post(reverse("portal-terms"), {"accept": "1"})
    return browser


def test_she_sees_what_she_takes_and_what_was_changed_and_why(gp: Session, citizen: Client) -> None:
    citizen.cookies["language"] = "en"
    prescribe(gp, patient=_PATIENT, order=order(), seen=0, by_name="Fastlege")
    assert "No changes since." in citizen.get(reverse("portal-medicines")).content.decode()
    citizen.cookies["language"] = "nb"
    (line,) = list_of(gp, ASLAUG.id).medicines
    said: dict[str, Any] = {"patient": _PATIENT, "medicine": line.reference, "medicine_seen": line.version,
            "order": order(AMLODIPINE, "1 tablett mandag hver uke"), "why": "For lavt blodtrykk",
            "seen": 1, "by_name": "Fastlege"}  # fmt: skip
    with pytest.raises(Unconfirmed) as refusal:
        change_medicine(gp, **said)
    stops = frozenset(stop.id for stop in refusal.value.stops)
    change_medicine(gp, **said, answers=Answers(stops))
    page = citizen.get(reverse("portal-medicines")).content.decode()
    assert "1 tablett mandag hver uke" in page
    assert "1 tablett morgen hver dag" in page  # what it was before
    assert "For lavt blodtrykk" in page
    assert 'href="#changed"' in page
    assert "Fastlege" in page.split('id="changed"')[1]
    now = list_of(SYSTEM, ASLAUG.id)
    assert re.findall(r'data-list-number="(\d+)" data-fingerprint="(\w+)"', page) == [
        ("2", fingerprint(now))
    ]


def test_without_a_list_the_prescriptions_are_shown(citizen: Client) -> None:
    answer = citizen.get(reverse("portal-medicines"))
    assert answer.status_code == 200
    assert 'data-list-number="0"' in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


def _acting(*parts: str) -> Client:
    """Somebody at her browser with a power of attorney over these parts of the record alone."""
    register(birthDate=years_ago(80), generalPractitioner=[{"reference": "Practitioner/gp"}])
    friend = at_browser(OTHER)
    power(ASLAUG.id, OTHER, *parts)
    assert switch(friend, ASLAUG.id, OTHER.id)["Location"] == reverse("portal")
    friend.cookies["language"] = "en"
    return friend


def test_a_power_over_medicines_alone_shows_the_whole_list_and_never_that_there_is_none(
    gp: Session,
) -> None:
    prescribe(gp, patient=_PATIENT, order=order(), seen=0, by_name="Fastlege")
    now = list_of(SYSTEM, ASLAUG.id)
    page = _acting("medication").get(reverse("portal-medicines")).content.decode()
    assert re.findall(r'data-list-number="(\d+)" data-fingerprint="(\w+)"', page) == [
        ("1", fingerprint(now))
    ]
    assert now.medicines[0].name in page
    assert "No medicines" not in page


def test_a_power_over_medicines_alone_shows_what_was_changed(gp: Session) -> None:
    prescribe(gp, patient=_PATIENT, order=order(), seen=0, by_name="Fastlege")
    prescribe(gp, patient=_PATIENT, order=order(PARACETAMOL, "1x3"), seen=1, by_name="Fastlege")
    page = _acting("medication").get(reverse("portal-medicines")).content.decode()
    assert ": new, " in page.split('id="changed"')[1]


def test_a_power_over_medicines_alone_opens_nothing_else_by_the_same_read(gp: Session) -> None:
    prescribe(gp, patient=_PATIENT, order=order(), seen=0, by_name="Fastlege")
    _acting("medication")
    session = citizen_session_of(OTHER.id, ASLAUG.id)
    found = record_of(session, ASLAUG.id, {"Patient": 1, "MedicationRequest": 5, "Observation": 5})
    assert {kind: len(each) for kind, each in found.items()} == {
        "Patient": 0, "MedicationRequest": 1, "Observation": 0
    }  # fmt: skip
