"""Messages in HelsaMi: whom to write to, how soon they answer, and what is new."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from fellesjournal.care.conversations import actions
from fellesjournal.care.conversations.queries import queue
from tests.care.conversations.cast import answer, handle, home_care, row, workplace
from tests.staff import put
from tests.surfaces.portal.family import (
    ASLAUG,
    HOME,
    OTHER,
    at_browser,
    child_of,
    power,
    switch,
    years_ago,
)

pytestmark = pytest.mark.django_db

GP = [{"reference": "Practitioner/gp"}, {"reference": "Organization/office"}]


@pytest.fixture
def aslaug() -> Client:
    """A citizen on the list of the GP."""
    workplace()
    return at_browser(ASLAUG, generalPractitioner=GP)


def _send(client: Client, subject: str = ASLAUG.id, **given: str) -> Any:
    form = {
        "subject": f"Patient/{subject}", "key": str(uuid.uuid4()), "unit": "Organization/office",
        "title": "Resept", "words": "Kan den fornyes?", **given,
    }  # fmt: skip
    found = client.post(reverse("portal-message-new"), form)
    handle()
    return found


def _text(client: Client, name: str = "portal", **where: str) -> str:
    answered = client.get(reverse(name, kwargs=where))
    assert answered.status_code == 200, answered.status_code
    return str(answered.content.decode())


def _id_of(answered: Any) -> str:
    return str(answered["Location"]).rstrip("/").rpartition("/")[2]


def test_she_is_told_whom_to_write_to_how_soon_they_answer_and_what_is_phoned(
    aslaug: Client,
) -> None:
    home_care(f"Patient/{ASLAUG.id}")
    page = _text(aslaug, "portal-message-new")
    assert page.index("Office") < page.index("Home")
    assert "5" in page.split("Office")[1][:400]
    for number in ("113", "116 117"):
        assert number in page


def test_a_message_is_sent_once_and_shows_by_when_it_is_answered(aslaug: Client) -> None:
    sent = _send(aslaug)
    assert sent.status_code == 302
    page = _text(aslaug, "portal-message", conversation_id=_id_of(sent))
    assert "Kan den fornyes?" in page
    assert "Office" in page
    assert row(workplace()["gp"]).title == "Resept"


@pytest.mark.parametrize("field", ["unit", "title", "words"])
def test_what_is_missing_is_told_and_what_was_typed_stays(aslaug: Client, field: str) -> None:
    refused = _send(aslaug, **{field: ""})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "error-summary" in page
    for typed in {"Resept", "Kan den fornyes?"} - {
        {"title": "Resept", "words": "Kan den fornyes?"}.get(field)
    }:
        assert typed in page
    assert queue(workplace()["gp"]) == []


def test_an_unread_answer_is_the_first_thing_until_she_has_read_it(aslaug: Client) -> None:
    gp = workplace()["gp"]
    written = _id_of(_send(aslaug))
    address = reverse("portal-message", kwargs={"conversation_id": written})
    assert address not in _text(aslaug)
    answer(gp, written)
    front = _text(aslaug)
    assert address in front
    assert front.index(address) < front.index('class="doors"')
    assert "Den er fornyet" not in front  # nothing clinical in the notice
    assert "Den er fornyet" in _text(aslaug, "portal-message", conversation_id=written)
    handle()
    assert address not in _text(aslaug)


def test_no_title_of_a_page_tells_what_a_message_is_about(aslaug: Client) -> None:
    written = _id_of(_send(aslaug, title="Svangerskap"))
    for name, where in (("portal-messages", {}), ("portal-message", {"conversation_id": written})):
        found = re.search("<title>(.*?)</title>", _text(aslaug, name, **where), re.DOTALL)
        assert found
        assert "Svangerskap" not in found[1]


def test_the_message_of_another_is_not_there(aslaug: Client) -> None:
    written = _id_of(_send(aslaug))
    stranger = at_browser(OTHER, generalPractitioner=GP)
    for name in (written, "nothing"):
        address = reverse("portal-message", kwargs={"conversation_id": name})
        assert stranger.get(address).status_code == 404
        form = {"subject": f"Patient/{OTHER.id}", "words": "Hei"}
        assert stranger.post(address, form).status_code == 404


def test_a_daughter_writes_for_her_mother_with_her_own_name_and_it_is_logged(
    aslaug: Client,
) -> None:
    daughter = at_browser(OTHER)
    power(ASLAUG.id, OTHER)
    home_care(f"Patient/{ASLAUG.id}")
    switch(daughter, ASLAUG.id, OTHER.id)
    form = _text(daughter, "portal-message-new")
    assert OTHER.given in form
    written = _id_of(_send(daughter, unit="Organization/home"))
    nurse = workplace()["nurse"]
    assert row(nurse).patient_id == ASLAUG.id
    answer(nurse, written, "Vi kommer klokka ni.")
    mothers = _text(aslaug, "portal-message", conversation_id=written)
    assert OTHER.given in mothers
    assert "Vi kommer klokka ni." in mothers
    handle()
    # her mother has read it; the daughter has not
    assert reverse("portal-message", kwargs={"conversation_id": written}) in _text(daughter)
    assert reverse("portal-message", kwargs={"conversation_id": written}) not in _text(aslaug)
    assert OTHER.given in _text(aslaug, "portal-seen")


def test_who_acts_without_messages_is_told_so_and_sees_no_door(aslaug: Client) -> None:
    written = _id_of(_send(aslaug))
    daughter = at_browser(OTHER)
    power(ASLAUG.id, OTHER, "medication")
    switch(daughter, ASLAUG.id, OTHER.id)
    assert reverse("portal-messages") not in _text(daughter)
    for name, where in (
        ("portal-messages", {}),
        ("portal-message-new", {}),
        ("portal-message", {"conversation_id": written}),
    ):
        answered = daughter.get(reverse(name, kwargs=where))
        assert answered.status_code == 403, name
        assert "Resept" not in answered.content.decode()
    assert _send(daughter).status_code == 403


def test_a_parent_from_12_to_15_reads_what_she_wrote_herself_and_not_what_the_child_wrote(
    aslaug: Client,
) -> None:
    child_of(ASLAUG, OTHER.id, years=13, generalPractitioner=GP)
    young = at_browser(OTHER, generalPractitioner=GP, birthDate=years_ago(13), address=HOME)
    theirs = _id_of(_send(young, OTHER.id, title="Bare mellom oss"))
    switch(aslaug, OTHER.id, ASLAUG.id)
    hers = _id_of(_send(aslaug, OTHER.id, title="Fra mor"))
    answer(workplace()["gp"], hers, "Til mor", key="a1")
    answer(workplace()["gp"], theirs, "Til barnet", key="a2")
    listed = _text(aslaug, "portal-messages")
    assert "Fra mor" in listed
    assert "Bare mellom oss" not in listed
    assert "Til mor" in _text(aslaug, "portal-message", conversation_id=hers)
    closed = reverse("portal-message", kwargs={"conversation_id": theirs})
    assert aslaug.get(closed).status_code == 404
    page = _text(young, "portal-message", conversation_id=hers)
    assert "Til mor" in page


def test_from_16_no_parent_reads_or_writes(aslaug: Client) -> None:
    child_of(ASLAUG, "child", years=15, generalPractitioner=GP)
    switch(aslaug, "child", ASLAUG.id)
    assert _text(aslaug, "portal-messages")
    child_of(ASLAUG, "child", years=16, generalPractitioner=GP)
    assert aslaug.get(reverse("portal-messages")).status_code == 302
    assert _send(aslaug, "child").status_code in {302, 409}
    assert queue(workplace()["gp"]) == []


def test_inv_44_a_message_written_on_another_record_is_not_sent_and_its_words_are_shown(
    aslaug: Client,
) -> None:
    refused = _send(aslaug, OTHER.id, words="Lang tekst som ikke skal bli borte")
    assert refused.status_code == 409
    assert "Lang tekst som ikke skal bli borte" in refused.content.decode()
    assert queue(workplace()["gp"]) == []


def test_inv_50_what_she_wrote_when_her_session_had_ended_is_kept(aslaug: Client) -> None:
    aslaug.cookies.clear()
    kept = _send(aslaug, words="Lang tekst som ikke skal bli borte")
    assert kept.status_code == 401
    assert "Lang tekst som ikke skal bli borte" in kept.content.decode()


def test_in_a_closed_conversation_the_words_are_kept_and_a_new_one_is_offered(
    aslaug: Client,
) -> None:
    gp = workplace()["gp"]
    written = _id_of(_send(aslaug))
    task = row(gp).task
    actions.end(
        gp, patient=task.patient, task=task.id, seen=task.version, outcome="phoned", words="",
        by_name="Gp",
    )  # fmt: skip
    handle()
    refused = aslaug.post(
        reverse("portal-message", kwargs={"conversation_id": written}),
        {"subject": f"Patient/{ASLAUG.id}", "words": "En ting til"},
    )
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "En ting til" in page
    assert reverse("portal-message-new") in page


@pytest.mark.parametrize(
    "name", ["portal", "portal-messages", "portal-message-new", "portal-message", "portal-own"]
)
def test_no_page_asks_more_than_twenty_statements_however_much_is_written(
    aslaug: Client, name: str, django_assert_max_num_queries: Any
) -> None:
    gp = workplace()["gp"]
    home_care(f"Patient/{ASLAUG.id}")
    for _ in range(3):
        written = _id_of(_send(aslaug))
        answer(gp, written, key=str(uuid.uuid4()))
    where = {"conversation_id": written} if name == "portal-message" else {}
    daughter = at_browser(OTHER)
    power(ASLAUG.id, OTHER)
    switch(daughter, ASLAUG.id, OTHER.id)
    for client in (aslaug, daughter):
        _text(client, name, **where)
        with django_assert_max_num_queries(20):
            _text(client, name, **where)


def test_a_unit_she_has_closed_her_record_to_is_not_offered(aslaug: Client) -> None:
    put(
        "Consent", "block", status="active",
        scope={"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope",
                           "code": "patient-privacy"}]},
        category=[{"text": "Sperring"}], patient={"reference": f"Patient/{ASLAUG.id}"},
        dateTime="2026-01-01", policyRule={"text": "pasientjournalloven § 17"},
        provision={"type": "permit", "provision": [{
            "type": "deny",
            "actor": [{"role": {"text": "x"}, "reference": {"reference": "Organization/office"}}],
        }]},
    )  # fmt: skip
    assert "Organization/office" not in _text(aslaug, "portal-message-new")
