"""Which functions of HelsaMi somebody has used is counted from the log: what each page leaves there is what the
rules take it for. A page that reads otherwise one day fails here.
"""

from __future__ import annotations

import re
from datetime import timedelta

import orjson
import pytest
from django.test import Client
from django.urls import reverse

from fellesjournal.access.portal_functions import Function, functions_used
from fellesjournal.access.sessions import system_session
from fellesjournal.access.writing import Operation, write
from fellesjournal.care.messages.resources import LETTER_SYSTEM
from fellesjournal.demo.generation import generate
from fellesjournal.fhir import bodies
from fellesjournal.foundation import clock
from tests.signing_in import let_in
from tests.staff import SYSTEM, put

pytestmark = pytest.mark.django_db(transaction=True)
COUNTER = system_session("system:count-portal-use", purpose="HOPERAT")
CITIZEN = "cast-aslaug"
_ABOUT_NOBODY = {
    "Organization",
    "Practitioner",
    "PractitionerRole",
    "HealthcareService",
    "Location",
    "Questionnaire",
}


@pytest.fixture
def citizen(empty_record: None) -> Client:
    """Aslaug of the demo in HelsaMi, with all that is written about her."""
    del empty_record
    hers = [
        Operation("update", each["resourceType"], id=each["id"], body=bodies.parse(orjson.dumps(each)))
        for each in generate(1, until=clock.today())
        if each["id"].startswith(CITIZEN) or each["resourceType"] in _ABOUT_NOBODY
    ]  # fmt: skip
    for start in range(0, len(hers), 400):
        write(SYSTEM, hers[start : start + 400], tells=False)
    client = Client()
    let_in(client, CITIZEN, "citizen")
    client.post(reverse("portal-terms"), {"accept": "1"})
    return client


def left_by(client: Client, address: str, **form: object) -> set[Function]:
    """The functions that one page counts as."""
    before = clock.now()
    answer = client.post(address, form) if form else client.get(address)
    assert answer.status_code in {200, 302}, address
    found = functions_used(COUNTER, before, clock.now() + timedelta(minutes=1))
    return {each.function for each in found}


def first_link(client: Client, page: str, start: str) -> str:
    text = client.get(reverse(page)).content.decode()
    found = re.search(
        rf'href="({re.escape(reverse(start, args=["x"])[:-2])}(?!new/)[^"#?]+/)"', text
    )
    assert found is not None, page
    return found[1]


def test_each_page_counts_as_its_function_and_no_other(citizen: Client) -> None:
    for page in (
        "portal", "portal-lately", "portal-appointments", "portal-letters", "portal-messages", "portal-notes",
        "portal-services", "portal-apply", "portal-others", "portal-referrals", "portal-readings", "portal-seen",
        "portal-blocks", "portal-block-new", "portal-message-new", "portal-own-contact-new",
    ):  # fmt: skip
        assert left_by(citizen, reverse(page)) == set(), page
    assert left_by(citizen, reverse("portal-results")) == {Function.TEST_RESULTS}
    assert left_by(citizen, reverse("portal-medicines")) == {Function.MEDICINES}
    assert left_by(citizen, reverse("portal-own")) == {Function.OWN_DATA}
    assert left_by(citizen, reverse("portal-own-change")) == {Function.OWN_DATA}


def test_what_is_opened_counts_as_what_it_is(citizen: Client) -> None:
    note = first_link(citizen, "portal-notes", "portal-note")
    for address in (note, f"{note}correct/"):
        assert left_by(citizen, address) == {Function.VISIT_SUMMARIES}, address
    asked = left_by(
        citizen, f"{note}correct/", subject=f"Patient/{CITIZEN}", words="Feil dato.", key="k1"
    )
    assert asked - {Function.MESSAGES} == {
        Function.VISIT_SUMMARIES
    }  # the same document is read twice
    conversation = first_link(citizen, "portal-messages", "portal-message")
    assert left_by(citizen, conversation) == {Function.MESSAGES}
    report = first_link(citizen, "portal-results", "portal-result")
    assert left_by(citizen, report) == {Function.TEST_RESULTS}
    text = citizen.get(reverse("portal-appointments")).content.decode()
    cancelled = re.search(r'href="(/helsami/appointments/[^"]+/cancel/)"', text)
    assert cancelled is not None
    assert left_by(citizen, cancelled[1]) == {Function.APPOINTMENTS}


def test_a_letter_counts_as_a_letter_also_after_a_note(citizen: Client) -> None:
    put(
        "DocumentReference", "a-letter", status="current", docStatus="final", description="Brev",
        identifier=[{"system": LETTER_SYSTEM, "value": "1"}], subject={"reference": f"Patient/{CITIZEN}"},
        date=clock.now().isoformat(timespec="seconds"),
        content=[{"attachment": {"contentType": "text/plain", "data": "eA==", "language": "nb"}}],
    )  # fmt: skip
    citizen.get(first_link(citizen, "portal-notes", "portal-note"))
    assert left_by(citizen, reverse("portal-letter", args=["a-letter"])) == {Function.LETTERS}


def test_an_application_counts_when_it_is_sent(citizen: Client) -> None:
    form = {
        "subject": f"Patient/{CITIZEN}",
        "service": "1",
        "words": "Hjelp til dusj.",
        "key": "k2",
    }
    text = citizen.get(reverse("portal-apply")).content.decode()
    service = re.search(r'name="service" value="([^"]+)"', text)
    assert service is not None
    sent = left_by(citizen, reverse("portal-apply"), **{**form, "service": service[1]})
    assert sent == {Function.APPLICATIONS}
