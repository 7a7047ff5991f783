"""Messages in the clinic: the queue and its count, answering, two at once, and the leader's view."""

from __future__ import annotations

import re
import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fellesjournal.access import citizens
from fellesjournal.access.sessions import staff_session
from fellesjournal.care.conversations.queries import conversation, queue
from fellesjournal.demo.cast import STAFF
from fellesjournal.registry.units import UNIT_KIND_SYSTEM
from fellesjournal.surfaces.clinic.message_words import answer_to
from tests.care.conversations.cast import handle, hers, write
from tests.signing_in import GP, employ_at, put, staff_client
from tests.staff import SYSTEM

pytestmark = pytest.mark.django_db

SECRETARY = next(each for each in STAFF if each.role == "secretary")
LEADER = next(each for each in STAFF if each.role == "unit-leader")
OFFICE = f"Organization/{GP.unit_id}"


@pytest.fixture
def doctor() -> Client:
    """A GP at her office, with a secretary and a leader there."""
    client = staff_client(GP)
    for member, code in ((SECRETARY, "secretary"), (LEADER, "unit-leader")):
        put("Practitioner", member.id, name=[{"text": f"{member.given} {member.family}"}])
        employ_at(member, f"{member.id}-here", code, member.title_nb, GP.unit_id)
    put("Organization", GP.unit_id, name="Kontoret",
        type=[{"coding": [{"system": UNIT_KIND_SYSTEM, "code": "gp-office"}]}])  # fmt: skip
    return client


@pytest.fixture
def written(doctor: Client) -> str:
    """A message to the office; its id."""
    del doctor
    put("Patient", "kari", name=[{"text": "Kari Nesvoll"}], birthDate="1944-03-14",
        generalPractitioner=[{"reference": f"Practitioner/{GP.id}"}, {"reference": OFFICE}])  # fmt: skip
    return write(citizens.citizen("kari"), unit=OFFICE)


def _text(client: Client, name: str, **where: str) -> str:
    answered = client.get(reverse(name, kwargs=where))
    assert answered.status_code == 200, answered.status_code
    return str(answered.content.decode())


def _form(client: Client, written: str) -> dict[str, str]:
    page = _text(client, "conversation", patient_id="kari", conversation_id=written)
    return {
        name: found[1]
        for name in ("task", "version")
        if (found := re.search(f'name="{name}" value="([^"]*)"', page))
    } | {"patient": "kari", "key": str(uuid.uuid4())}


def _do(client: Client, act: str, written: str, form: dict[str, str], **more: str) -> Any:
    where = reverse(
        f"conversation-{act}", kwargs={"patient_id": "kari", "conversation_id": written}
    )
    found = client.post(where, {**form, **more})
    handle()
    return found


def test_an_answer_to_who_acts_for_the_patient_names_both(doctor: Client, written: str) -> None:
    plain = _text(doctor, "conversation", patient_id="kari", conversation_id=written)
    label = re.search(r'<label class="ds-label" for="words">([^<]*)<', plain)
    assert label is not None
    assert label[1].endswith("Kari Nesvoll")
    found = conversation(SYSTEM, "Patient/kari", written)
    first = replace(found.messages[0], sender="Patient/marit", sender_name="Marit Nesvoll")
    told = answer_to(replace(found, messages=(first,)), "Kari Nesvoll")
    assert "Marit Nesvoll" in told
    assert told.count("Kari Nesvoll") == 2


def test_the_count_on_the_page_is_the_queue(doctor: Client, written: str) -> None:
    page = _text(doctor, "message-queue")
    assert "Kari Nesvoll" in page
    assert "Resept" in page
    assert "Ingenting venter" not in page
    count = re.search(r'panel__count">(\d+)<', page)
    assert count
    session = staff_session(
        practitioner=f"Practitioner/{GP.id}", role_id=GP.role_id, role=GP.role, unit=OFFICE
    )
    assert [each.task.conversation for each in queue(session)] == [written]
    assert int(count[1]) == page.count('<th scope="row">') == 1


@pytest.mark.parametrize("name", ["message-queue", "conversation", "conversations"])
def test_no_page_asks_more_than_twenty_statements(
    doctor: Client, written: str, name: str, django_assert_max_num_queries: Any
) -> None:
    for turn in range(3):
        write(citizens.citizen("kari"), unit=OFFICE, key=f"more-{turn}")
    where = {} if name == "message-queue" else {"patient_id": "kari"}
    where |= {"conversation_id": written} if name == "conversation" else {}
    _text(doctor, name, **where)
    with django_assert_max_num_queries(20):
        _text(doctor, name, **where)


def test_ctrl_enter_sends_the_answer_and_the_list_leads_to_a_letter_to_the_patient(
    doctor: Client, written: str
) -> None:
    page = doctor.get(
        reverse("conversation", kwargs={"patient_id": "kari", "conversation_id": written})
    ).content.decode()
    key = re.findall(r"<button[^>]*data-ctrl-enter[^>]*>.*?</button>", page)
    assert len(key) == 1
    assert "<kbd>Ctrl Enter</kbd>" in key[0]
    assert "Send svaret" in key[0]
    assert "clinic/ctrl_enter" in page
    mine = doctor.get(reverse("conversations", kwargs={"patient_id": "kari"})).content.decode()
    letter = reverse("letter-new", kwargs={"patient_id": "kari"}) + "?to=patient"
    assert f'href="{letter}"' in mine


def test_she_answers_from_the_page_and_the_queue_is_empty(doctor: Client, written: str) -> None:
    answered = _do(doctor, "answer", written, _form(doctor, written), words="Den er fornyet.")
    sent = doctor.get(answered["Location"]).content.decode()
    assert "Den er fornyet." in sent
    assert "Kari Nesvoll" not in _text(doctor, "message-queue")
    page = _text(doctor, "conversation", patient_id="kari", conversation_id=written)
    assert "Den er fornyet." in page
    assert "Resept" in _text(doctor, "conversations", patient_id="kari")


def test_inv_46_the_second_of_two_keeps_her_words_and_sees_the_first(
    doctor: Client, written: str
) -> None:
    first, second = _form(doctor, written), _form(doctor, written)
    _do(doctor, "answer", written, first, words="Den er fornyet.")
    refused = _do(doctor, "answer", written, second, words="Kom innom på tirsdag.")
    assert refused.status_code == 409
    page = refused.content.decode()
    assert "Den er fornyet." in page
    assert "Kom innom på tirsdag." in page
    again = _do(doctor, "answer", written, _form(doctor, written), words="Kom innom på tirsdag.")
    assert again.status_code == 302


@pytest.mark.parametrize(
    ("act", "more"),
    [("answer", {"words": " "}), ("answer", {"words": "x" * 4001}), ("end", {}),
     ("end", {"outcome": "other"}), ("hand-over", {"to": "Practitioner/none"})],
)  # fmt: skip
def test_what_is_missing_is_told_and_nothing_is_done(
    doctor: Client, written: str, act: str, more: dict[str, str]
) -> None:
    refused = _do(doctor, act, written, _form(doctor, written), **more)
    assert refused.status_code == 422
    assert "ds-validation-message" in refused.content.decode()
    assert "Kari Nesvoll" in _text(doctor, "message-queue")


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999"])
def test_a_version_that_is_none_is_refused_and_is_no_fault(
    doctor: Client, written: str, version: str
) -> None:
    form = _form(doctor, written) | {"version": version}
    assert _do(doctor, "answer", written, form, words="Hei").status_code == 409


def test_inv_44_a_form_of_another_patients_page_is_refused_with_its_words(
    doctor: Client, written: str
) -> None:
    form = _form(doctor, written) | {"patient": "ola"}
    refused = _do(doctor, "answer", written, form, words="Ikke bli borte")
    assert refused.status_code == 409
    assert "Ikke bli borte" in refused.content.decode()


def test_a_conversation_of_another_patient_is_not_at_her_address(
    doctor: Client, written: str
) -> None:
    put("Patient", "ola", name=[{"text": "Ola"}],
        generalPractitioner=[{"reference": f"Practitioner/{GP.id}"}])  # fmt: skip
    where = reverse("conversation", kwargs={"patient_id": "ola", "conversation_id": written})
    nothing = reverse("conversation", kwargs={"patient_id": "ola", "conversation_id": "none"})
    one, other = doctor.get(where), doctor.get(nothing)
    assert one.status_code == other.status_code == 404
    assert "Resept" not in one.content.decode()


def test_she_takes_hands_over_and_closes_it(doctor: Client, written: str) -> None:
    session = citizens.citizen("kari")
    assert _do(doctor, "take", written, _form(doctor, written)).status_code == 302
    assert GP.given in hers(session).handled_by
    handed = {"to": f"Practitioner/{SECRETARY.id}"}
    assert _do(doctor, "hand-over", written, _form(doctor, written), **handed).status_code == 302
    assert SECRETARY.given in hers(session).handled_by
    closing = {"outcome": "phoned", "closing": "Vi snakkes på tirsdag."}
    assert _do(doctor, "end", written, _form(doctor, written), **closing).status_code == 302
    assert hers(session).outcome_words == "Vi snakkes på tirsdag."
    page = _text(doctor, "conversation", patient_id="kari", conversation_id=written)
    assert "conversation-answer" not in page
    assert 'name="words"' not in page


def test_those_who_treat_her_see_how_she_is_reached_and_spoken_with(
    doctor: Client, written: str
) -> None:
    del written
    put("RelatedPerson", "kin", patient={"reference": "Patient/kari"}, name=[{"text": "Per"}],
        telecom=[{"system": "phone", "value": "90000002"}])  # fmt: skip
    known = {
        "name": [{"text": "Kari Nesvoll"}],
        "telecom": [
            {"system": "phone", "value": "90000003", "use": "old"},
            {"system": "phone", "value": "90000001"},
        ],
        "generalPractitioner": [{"reference": f"Practitioner/{GP.id}"}],
    }
    put("Patient", "kari", **known)
    page = _text(doctor, "contact", patient_id="kari")
    assert "900 00 001" in page
    assert "900 00 002" in page
    assert "900 00 003" not in page
    put("Patient", "kari", **known, meta={"security": [{
        "system": "http://ehelse.no/fhir/CodeSystem/gd-address-confidentiality",
        "code": "fortrolig"}]})  # fmt: skip
    hidden = _text(doctor, "contact", patient_id="kari")
    assert "900 00 001" not in hidden
    assert "90000001" not in hidden
    assert "900 00 002" not in hidden
