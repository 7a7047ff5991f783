"""The out-of-hours clinic on screen: who waits is counted, taken, told of, and ended with an outcome."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from fellesjournal.care.triage import queries
from fellesjournal.care.triage.codes import SCALE
from fellesjournal.care.triage.resources import Contact
from fellesjournal.demo.cast import STAFF
from fellesjournal.registry.units import UNIT_KIND_SYSTEM
from tests.signing_in import ASLAUG, GP, employ, let_in, put
from tests.staff import SYSTEM, staff
from tests.surfaces.portal.family import at_browser

pytestmark = pytest.mark.django_db

DOCTOR = next(member for member in STAFF if member.role == "out-of-hours-doctor")
NURSE = next(member for member in STAFF if member.role == "out-of-hours-nurse")
NUMBER = ASLAUG.number


def _clinic() -> None:
    for member in (GP, DOCTOR, NURSE):
        employ(member)
    put(
        "Organization", DOCTOR.unit_id, name=DOCTOR.unit_name,
        type=[{"coding": [{"system": UNIT_KIND_SYSTEM, "code": "out-of-hours"}]}],
        extension=[{"url": SCALE, "extension": [{"url": "scale", "valueCode": "four-levels"}]}],
    )  # fmt: skip
    at_browser(ASLAUG, generalPractitioner=[{"reference": f"Practitioner/{GP.id}"}])


@pytest.fixture
def nurse() -> Client:
    """The nurse of the clinic at work, who knows nothing of Aslaug."""
    _clinic()
    return at_work(NURSE)


@pytest.fixture
def doctor(nurse: Client) -> Client:
    """The doctor of the clinic at work."""
    del nurse
    return at_work(DOCTOR)


def at_work(member: Any) -> Client:
    client = Client()
    let_in(client, member.id, "staff")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def look_up(client: Client) -> str:
    """Find Aslaug by her whole number; the page of patients."""
    client.post(reverse("patients"), {"q": NUMBER})
    return client.get(reverse("patients")).content.decode()


def call(**fields: Any) -> dict[str, Any]:
    return {
        "patient": ASLAUG.id, "number": str(uuid4()), "reason": "Svimmel", "urgency": "yellow",
        "then": "here", "words": "", **fields,
    }  # fmt: skip


def take_in(client: Client, **fields: Any) -> Contact:
    look_up(client)
    answer = client.post(reverse("triage-new", args=[ASLAUG.id]), call(**fields))
    assert answer.status_code == 302
    found = queries.open_contact(_clinics(), ASLAUG.id)
    assert found is not None
    return found


def _clinics() -> Any:
    return staff(NURSE.id, NURSE.role, NURSE.unit_id)


def now(contact: Contact) -> Contact:
    return queries.contact_by(SYSTEM, ASLAUG.id, contact.id)


def post(client: Client, name: str, contact: Contact, **fields: Any) -> Any:
    given = {"patient": ASLAUG.id, "version": str(contact.version), **fields}
    return client.post(reverse(name, args=[ASLAUG.id, contact.id]), given)


def test_who_calls_is_found_by_her_number_and_taken_in_though_her_record_is_closed(
    nurse: Client,
) -> None:
    assert reverse("triage-new", args=[ASLAUG.id]) in look_up(nurse)
    page = nurse.get(reverse("triage-new", args=[ASLAUG.id]))
    assert "The record is closed to you now" in page.content.decode()
    answer = nurse.post(reverse("triage-new", args=[ASLAUG.id]), call(), follow=True)
    text = answer.content.decode()
    assert "1 patient is on the board." in text
    assert ASLAUG.name in text
    assert nurse.get(reverse("chart", args=[ASLAUG.id])).status_code == 200


def test_nobody_is_taken_in_who_was_not_looked_up(nurse: Client) -> None:
    for answer in (
        nurse.get(reverse("triage-new", args=[ASLAUG.id])),
        nurse.post(reverse("triage-new", args=[ASLAUG.id]), call()),
        nurse.post(reverse("triage-new", args=["nobody"]), call(patient="nobody")),
    ):
        assert answer.status_code == 404
    assert queries.board(_clinics()).count == 0


def test_gp_and_others_take_no_calls(nurse: Client) -> None:
    del nurse
    gp = at_work(GP)
    assert reverse("triage-board") not in gp.get(reverse("patients")).content.decode()
    answer = gp.post(reverse("triage-new", args=[ASLAUG.id]), call())
    assert answer.status_code == 302
    assert queries.board(_clinics()).count == 0


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"reason": " "}, "reason"),
        ({"then": "comes-in", "urgency": ""}, "urgency"),
        ({"then": "advice", "words": "kort"}, "words"),
        ({"then": "vanished"}, "then"),
        ({"urgency": "blue"}, "urgency"),
        ({"number": "none"}, "number"),
    ],
)
def test_call_that_is_not_filled_in_is_refused_with_what_was_typed(
    nurse: Client, fields: dict[str, str], field: str
) -> None:
    look_up(nurse)
    typed = call(reason="Vondt i øret") | fields
    answer = nurse.post(reverse("triage-new", args=[ASLAUG.id]), typed)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert typed["reason"].strip() in answer.content.decode()
    assert queries.board(_clinics()).count == 0


@pytest.mark.parametrize(
    ("then", "outcome"), [("advice", "advice"), ("ambulance", "ambulance")]
)  # fmt: skip
def test_call_that_is_over_at_once_is_recorded_and_never_waits(
    nurse: Client, then: str, outcome: str
) -> None:
    look_up(nurse)
    fields = call(then=then, words="Drikk rikelig, ring igjen ved feber.")
    for _ in range(2):  # sent again, it is one
        answer = nurse.post(reverse("triage-new", args=[ASLAUG.id]), fields, follow=True)
        assert "Drikk rikelig" in answer.content.decode()
        assert "The GP is told." in answer.content.decode()
    found = re.search(r"out-of-hours/([^/]+)/", answer.redirect_chain[-1][0])
    assert found is not None
    contact = queries.contact_by(SYSTEM, ASLAUG.id, found.group(1))
    assert (contact.outcome, contact.is_open) == (outcome, False)
    assert queries.board(_clinics()).count == 0


def test_board_tells_urgency_by_letter_and_word(nurse: Client) -> None:
    take_in(nurse, urgency="orange")
    text = nurse.get(reverse("triage-board")).content.decode()
    assert re.search(r"urgency__letter[^>]*>O<", text)
    assert ">Orange<" in text


def test_expected_patient_comes_is_triaged_again_taken_and_ended(
    nurse: Client, doctor: Client
) -> None:
    contact = take_in(nurse, then="comes-in")
    post(nurse, "triage-arrived", contact)
    assert now(contact).is_here
    assert post(nurse, "triage-arrived", contact).status_code == 409
    post(nurse, "triage-urgency", now(contact), urgency="orange", words="Blek")
    assert now(contact).urgency == "orange"
    assert post(doctor, "triage-take", contact).status_code == 302
    words = "Undersøkt, ikke tegn til slag. Time hos fastlegen."
    answer = post(doctor, "triage-end", now(contact), outcome="home", words="kort")
    assert answer.status_code == 422
    answer = post(doctor, "triage-end", now(contact), outcome="home", words=words)
    assert answer.status_code == 302
    assert "0 patients are on the board." in doctor.get(reverse("triage-board")).content.decode()
    page = doctor.get(reverse("triage-contact", args=[ASLAUG.id, contact.id])).content.decode()
    assert words in page
    assert "Set urgency" not in page


def test_second_doctor_is_told_who_has_taken_the_patient(nurse: Client, doctor: Client) -> None:
    contact = take_in(nurse)
    assert post(doctor, "triage-take", contact).status_code == 302
    answer = post(nurse, "triage-take", contact)
    assert answer.status_code == 409
    assert f"{DOCTOR.name} has taken this patient." in answer.content.decode()
    assert now(contact).owner.reference == f"Practitioner/{DOCTOR.id}"
    post(nurse, "triage-take", contact, instead_of=f"Practitioner/{DOCTOR.id}")
    assert now(contact).owner.reference == f"Practitioner/{NURSE.id}"
    post(doctor, "triage-back", contact)
    assert not now(contact).is_taken


def test_page_that_is_behind_changes_nothing_and_shows_what_stands(
    nurse: Client, doctor: Client
) -> None:
    contact = take_in(nurse)
    post(doctor, "triage-urgency", contact, urgency="red")
    answer = post(nurse, "triage-end", contact, outcome="left", words="Gikk hjem kl. 20")
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Somebody else has changed this meanwhile." in text
    assert "Gikk hjem kl. 20" in text
    assert now(contact).is_open


def test_inv_44_form_of_another_patients_page_is_refused(nurse: Client) -> None:
    contact = take_in(nurse)
    for name in ("triage-take", "triage-end", "triage-urgency", "triage-back", "triage-arrived"):
        answer = nurse.post(
            reverse(name, args=[ASLAUG.id, contact.id]), {"patient": "another", "outcome": "left"}
        )
        assert answer.status_code == 409
    assert now(contact).version == contact.version


def test_address_of_no_contact_is_answered_as_not_there(nurse: Client) -> None:
    take_in(nurse)
    for name in ("triage-contact",):
        assert nurse.get(reverse(name, args=[ASLAUG.id, "nothing"])).status_code == 404
    for name in ("triage-take", "triage-back", "triage-arrived"):
        answer = nurse.post(reverse(name, args=[ASLAUG.id, "nothing"]), {"patient": ASLAUG.id})
        assert answer.status_code == 404


def test_address_and_title_say_nothing_of_why(nurse: Client) -> None:
    contact = take_in(nurse, reason="Brystsmerter")
    for address in (
        reverse("triage-board"), reverse("triage-contact", args=[ASLAUG.id, contact.id]),
    ):  # fmt: skip
        text = nurse.get(address).content.decode()
        title = re.search(r"<title>(.*?)</title>", text, re.DOTALL)
        assert title is not None
        assert "Bryst" not in title.group(1)
