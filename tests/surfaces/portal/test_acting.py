"""Acting for others in HelsaMi: whom, with what, until when, and back."""

from __future__ import annotations

import re
from datetime import timedelta

import orjson
import pytest
from django.test import Client
from django.urls import reverse

from fellesjournal.access import records
from fellesjournal.access.labels import label_coding
from fellesjournal.access.sessions import system_session
from fellesjournal.care.homecare.codes import SERVICE_TYPE, coded
from fellesjournal.foundation import clock
from fellesjournal.registry.units import UNIT_KIND_SYSTEM
from tests.signing_in import put
from tests.surfaces.portal.family import ASLAUG, HOME, OTHER, at_browser, child_of, power, switch

pytestmark = pytest.mark.django_db


@pytest.fixture
def mother() -> Client:
    """Aslaug, with a child of six at her address."""
    client = at_browser(ASLAUG)
    child_of(ASLAUG, "child")
    return client


def _text(client: Client, name: str = "portal") -> str:
    return client.get(reverse(name)).content.decode()


def test_a_parent_opens_the_record_of_her_child_under_a_banner(mother: Client) -> None:
    assert "Lille Venn" in _text(mother, "portal-others")
    assert switch(mother, "child", ASLAUG.id)["Location"] == reverse("portal")
    for name in ("portal", "portal-seen", "portal-others"):
        page = _text(mother, name)
        assert "journalen til <strong>Lille Venn</strong>" in page, name
        assert "som forelder" in page.lower()
        assert "Tilbake til min egen journal" in page


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("portal-own", 'id="reached">How we reach Lille<'),
        ("portal-own-change", ">Telephone number of Lille</label>"),
        ("portal-own-change", "How are letters to Lille to come?"),
        ("portal-readings", ">Measurements of Lille</h1>"),
        ("portal-notes", "What those who gave treatment have written"),
        ("portal-referrals", "When Lille is referred to hospital"),
        ("portal-letters", "No letters to Lille yet."),
        ("portal-medicines", "before a medicine is taken in another way"),
        ("portal", "What is in use now, what has been changed, and why."),
    ],
)
def test_you_is_the_reader_and_never_the_one_whose_record_is_open(
    mother: Client, name: str, says: str
) -> None:
    mother.cookies["language"] = "en"
    assert says not in _text(mother, name)
    switch(mother, "child", ASLAUG.id)
    assert says in _text(mother, name)


def test_whom_she_may_act_for_is_opened_from_her_own_front_page(mother: Client) -> None:
    form = _text(mother).split('class="may-open"')[1].split("</form>")[0]
    assert 'name="person" value="child"' in form
    assert "Lille Venn" in form
    switch(mother, "child", ASLAUG.id)
    assert 'class="may-open"' not in _text(mother)


def test_a_right_that_is_given_or_ends_changes_what_the_front_page_offers_at_once(
    mother: Client,
) -> None:
    offer = f'name="person" value="{OTHER.id}"'
    at_browser(OTHER)
    assert offer not in _text(mother)
    power(OTHER.id, ASLAUG)
    assert offer in _text(mother)
    power(OTHER.id, ASLAUG, days=-1)
    assert offer not in _text(mother)


def test_she_goes_back_to_herself(mother: Client) -> None:
    switch(mother, "child", ASLAUG.id)
    switch(mother, "", "child")
    assert 'class="acting"' not in _text(mother)


def test_nobody_opens_the_record_of_a_stranger(mother: Client) -> None:
    at_browser(OTHER)
    for person in (OTHER.id, "nobody"):
        assert switch(mother, person, ASLAUG.id)["Location"] == reverse("portal-others")
        assert 'class="acting"' not in _text(mother)


def test_when_the_right_ends_the_next_request_is_in_her_own_record(mother: Client) -> None:
    switch(mother, "child", ASLAUG.id)
    put("RelatedPerson", "child-mother", active=False, patient={"reference": "Patient/child"})
    answer = mother.get(reverse("portal-seen"))
    assert answer["Location"] == reverse("portal")
    page = _text(mother)
    assert "Du kan ikke lenger opptre for denne personen" in page
    assert 'class="acting"' not in page


def test_a_move_ends_it_too(mother: Client) -> None:
    switch(mother, "child", ASLAUG.id)
    moved = [{**HOME[0], "line": ["Fjernveien 9"]}]
    child_of(ASLAUG, "child", address=moved)
    assert mother.get(reverse("portal"))["Location"] == reverse("portal")


def test_a_page_left_open_can_write_in_no_other_record(mother: Client) -> None:
    stale = ASLAUG.id
    switch(mother, "child", stale)
    answer = switch(mother, "child", stale)
    assert answer.status_code == 409
    assert "En annen journal er åpen" in answer.content.decode()


def test_a_form_that_says_nothing_of_whose_record_is_refused(mother: Client) -> None:
    assert mother.post(reverse("portal-switch"), {"person": "child"}).status_code == 409


def test_the_banner_says_what_is_left_out(mother: Client) -> None:
    at_browser(OTHER)
    power(OTHER.id, ASLAUG, "medication", "contacts")
    switch(mother, OTHER.id, ASLAUG.id)
    page = _text(mother)
    assert "Med fullmakt" in page
    assert "Ikke med:" in page
    assert "hvem som har åpnet journalen" in page
    for technical in ("lister", "hvem som skrev hva"):
        assert technical not in page.split("Ikke med:")[1].split("</p>")[0]


def test_who_acts_for_her_reads_that_blocks_are_hers_alone(mother: Client) -> None:
    at_browser(OTHER)
    power(OTHER.id, ASLAUG)
    switch(mother, OTHER.id, ASLAUG.id)
    assert 'id="blocks-hers"' in _text(mother)
    switch(mother, ASLAUG.id, OTHER.id)
    assert 'id="blocks-hers"' not in _text(mother)
    switch(mother, "child", ASLAUG.id)
    assert 'id="blocks-hers"' not in _text(mother)


def test_who_has_power_over_the_whole_sees_who_has_opened_the_record(mother: Client) -> None:
    at_browser(OTHER)
    power(OTHER.id, ASLAUG)
    switch(mother, OTHER.id, ASLAUG.id)
    assert reverse("portal-seen") in _text(mother)
    assert mother.get(reverse("portal-seen")).status_code == 200


def test_who_reads_the_log_of_another_finds_her_name_and_never_you_for_her(
    mother: Client,
) -> None:
    giver = at_browser(OTHER)
    _text(giver, "portal-seen")
    assert "Du så på" in _text(giver, "portal-seen")
    power(OTHER.id, ASLAUG)
    switch(mother, OTHER.id, ASLAUG.id)
    for name in ("portal-seen", "portal-seen-csv"):
        page = _text(mother, name)
        assert "Du så på" not in page, name
        assert f"{OTHER.given} {OTHER.family} så på hvem som har åpnet journalen" in page, name


def test_who_has_power_over_a_part_sees_no_log(mother: Client) -> None:
    at_browser(OTHER)
    power(OTHER.id, ASLAUG, "person", "medication")
    switch(mother, OTHER.id, ASLAUG.id)
    assert reverse("portal-seen") not in _text(mother)
    for name in ("portal-seen", "portal-seen-csv", "portal-seen-fhir"):
        assert mother.get(reverse(name)).status_code == 404, name


def test_what_may_be_done_and_the_birth_date_are_told_as_far_as_the_power_goes(
    mother: Client,
) -> None:
    giver = at_browser(OTHER)
    for client in (giver, mother):
        client.cookies["language"] = "en"
    power(OTHER.id, ASLAUG, "contacts", "medication")
    told = _text(mother, "portal-others").split(OTHER.given)[1]
    assert "May also: book, move and cancel appointments." in told
    assert "Born " not in told
    power(OTHER.id, ASLAUG)
    told = _text(mother, "portal-others").split(OTHER.given)[1]
    assert "apply for municipal services" in told
    assert "Born " in told
    assert "Born " not in _text(giver, "portal-others")


def test_who_gave_a_power_takes_it_back_and_the_other_is_out_at_once(mother: Client) -> None:
    giver = at_browser(OTHER)
    power(OTHER.id, ASLAUG)
    switch(mother, OTHER.id, ASLAUG.id)
    assert ASLAUG.given in _text(giver, "portal-others")
    address = reverse("portal-power-end", kwargs={"consent_id": "power"})
    giver.post(address, {"subject": f"Patient/{OTHER.id}"})
    assert "Fullmakten er avsluttet" in _text(giver, "portal-others")
    stored = records.read(system_session("system:test", purpose="HOPERAT"), "Consent", "power")
    assert orjson.loads(stored.body or b"")["status"] == "inactive"
    assert mother.get(reverse("portal")).status_code == 302


def test_nobody_ends_the_power_of_another(mother: Client) -> None:
    at_browser(OTHER)
    power(OTHER.id, ASLAUG)
    address = reverse("portal-power-end", kwargs={"consent_id": "power"})
    assert mother.post(address, {"subject": f"Patient/{ASLAUG.id}"}).status_code == 404
    switch(mother, OTHER.id, ASLAUG.id)
    assert mother.post(address, {"subject": f"Patient/{OTHER.id}"}).status_code == 404


def test_the_next_birthday_that_matters_is_told_as_a_step(mother: Client) -> None:
    child_of(ASLAUG, "child", years=11)
    assert "i sin helhet til" in _text(mother, "portal-others")
    child_of(ASLAUG, "child", years=14)
    page = _text(mother, "portal-others")
    assert "i sin helhet til" not in page
    assert "Bare det som er merket for å vises til foreldre" in page


PARTS = {
    "contacts": ("portal-appointments", "portal-appointment-new"),
    "documents": ("portal-letters", "portal-notes"),
    "messages": ("portal-messages", "portal-message-new"),
    "health": ("portal-results", "portal-result-course", "portal-readings"),
    "medication": ("portal-medicines",),
    "requests": ("portal-services", "portal-apply", "portal-referrals"),
    "person": ("portal-own", "portal-own-change", "portal-own-contact-new"),
}
"""The parts of a record that can be given alone, and the pages that show them."""
DOORS = {
    "portal-appointments": "contacts", "portal-letters": "documents", "portal-messages": "messages",
    "portal-results": "health", "portal-notes": "documents", "portal-medicines": "medication",
    "portal-services": "requests", "portal-own": "person", "portal-referrals": "requests",
    "portal-readings": "health",
}  # fmt: skip


@pytest.mark.parametrize("part", sorted(PARTS))
def test_who_has_one_part_finds_its_doors_and_the_others_closed_with_a_reason(
    mother: Client, part: str
) -> None:
    at_browser(OTHER)
    power(OTHER.id, ASLAUG, part)
    switch(mother, OTHER.id, ASLAUG.id)
    front = _text(mother)
    shown = {name for name in DOORS if f'href="{reverse(name)}"' in front}
    assert shown == {name for name, of in DOORS.items() if of == part}
    for other, names in PARTS.items():
        for name in names:
            answered = mother.get(reverse(name))
            assert (answered.status_code != 403) == (other == part), name
            assert answered.status_code < 500
            if other != part:
                assert reverse("portal-others") in answered.content.decode()


@pytest.mark.parametrize("part", sorted(PARTS))
def test_a_form_of_a_part_that_is_closed_does_nothing(mother: Client, part: str) -> None:
    at_browser(OTHER)
    power(OTHER.id, ASLAUG, "heredity")
    switch(mother, OTHER.id, ASLAUG.id)
    for name in PARTS[part]:
        answered = mother.post(reverse(name), {"subject": f"Patient/{OTHER.id}", "words": "x"})
        assert answered.status_code in {403, 405}, name


def test_a_parent_of_a_small_child_finds_every_door(mother: Client) -> None:
    switch(mother, "child", ASLAUG.id)
    front = _text(mother)
    for name in DOORS:
        assert f'href="{reverse(name)}"' in front, name
        assert mother.get(reverse(name)).status_code == 200, name


def test_in_her_own_record_every_door_is_open(mother: Client) -> None:
    front = _text(mother)
    nine = [name for name in DOORS if name not in {"portal-referrals", "portal-readings"}]
    places = [front.index(f'href="{reverse(name)}"') for name in [*nine, "portal-others"]]
    assert len(places) == 9


def test_what_a_representative_sends_is_in_her_own_name(mother: Client) -> None:
    put(
        "Organization", "office", name="Tildelingskontoret", active=True,
        type=[{"coding": [{"system": UNIT_KIND_SYSTEM, "code": "allocation-office"}]}],
        address=[{**HOME[0], "use": "work"}],
    )  # fmt: skip
    at_browser(OTHER)
    power(OTHER.id, ASLAUG, "requests", "person")
    switch(mother, OTHER.id, ASLAUG.id)
    form = {"subject": f"Patient/{OTHER.id}", "service": "15", "words": "Hjelp hjemme"}
    mother.cookies["language"] = "en"
    asked = _text(mother, "portal-apply")
    assert f"You apply for {OTHER.given} " in asked
    assert f"Your name, {ASLAUG.name}, stands on the application." in asked
    sent_page = mother.post(reverse("portal-apply"), form, follow=True).content.decode()
    assert "Sent to Tildelingskontoret today. Answer by " in sent_page
    assert "The application is received.</strong> Answer by " in sent_page
    session = system_session("system:test", purpose="HOPERAT")
    (sent,) = records.search(
        session, "ServiceRequest", [("subject", f"Patient/{OTHER.id}")]
    ).matches
    assert orjson.loads(sent.body or b"")["requester"]["reference"] == f"Patient/{ASLAUG.id}"


def test_a_service_that_is_granted_is_marked_in_the_application(mother: Client) -> None:
    put(
        "Organization", "office", name="Tildelingskontoret", active=True,
        type=[{"coding": [{"system": UNIT_KIND_SYSTEM, "code": "allocation-office"}]}],
        address=[{**HOME[0], "use": "work"}],
    )  # fmt: skip
    mother.cookies["language"] = "en"
    assert "Is granted already" not in _text(mother, "portal-apply")
    put(
        "EpisodeOfCare", "granted", status="active",
        patient={"reference": f"Patient/{ASLAUG.id}"},
        type=[coded(SERVICE_TYPE, "6", "Trygghetsalarm")],
    )  # fmt: skip
    (marked,) = re.findall(
        r'for="service-(\d+)">[^/]*Is granted already', _text(mother, "portal-apply")
    )
    assert marked == "6"


def _acting_with(mother: Client, *parts: str) -> None:
    at_browser(OTHER)
    power(OTHER.id, ASLAUG, *parts)
    assert switch(mother, OTHER.id, ASLAUG.id)["Location"] == reverse("portal")
    mother.cookies["language"] = "en"


def test_services_that_are_not_open_are_not_said_to_be_none(mother: Client) -> None:
    put("EpisodeOfCare", "help", status="active", patient={"reference": f"Patient/{OTHER.id}"},
        type=[coded(SERVICE_TYPE, "15", "Praktisk bistand")])  # fmt: skip
    _acting_with(mother, "requests")
    page = _text(mother, "portal-services")
    assert "No granted service to show." not in page
    assert f"Which services {OTHER.given.split()[0]} has" in page


def test_where_somebody_lives_is_not_said_to_be_unknown_when_it_is_not_open(mother: Client) -> None:
    _acting_with(mother, "requests")
    answer = mother.get(reverse("portal-apply"))
    assert answer.status_code == 200
    assert "is not open to you, so the application" in answer.content.decode()
    assert "We don&#x27;t know which municipality" not in answer.content.decode()


def test_measurements_are_not_said_to_be_watched_by_nobody_when_plans_are_not_open(
    mother: Client,
) -> None:
    _acting_with(mother, "health")
    page = _text(mother, "portal-readings")
    assert "Nobody watches these measurements." not in page
    assert "Whether anybody watches these measurements is not open to you." in page


def test_who_sees_the_plans_is_told_that_nobody_watches(mother: Client) -> None:
    _acting_with(mother, "health", "plans")
    assert "Nobody watches these measurements." in _text(mother, "portal-readings")


def test_a_record_that_is_withheld_as_a_whole_says_that_empty_pages_mean_nothing(
    mother: Client,
) -> None:
    mother.cookies["language"] = "en"
    assert "That a page is empty says nothing" not in _text(mother, "portal-medicines")
    withheld = label_coding(
        "NORN_ALL", author="Practitioner/1", reason="weighty", time=clock.now(),
        until=clock.now() + timedelta(days=30), owner="PractitionerRole/2",
    )  # fmt: skip
    put("Observation", "secret", status="final", code={"text": "x"},
        subject={"reference": f"Patient/{ASLAUG.id}"},
        meta={"security": [withheld]})  # fmt: skip
    for name in ("portal-medicines", "portal-results", "portal"):
        assert "That a page is empty says nothing" in _text(mother, name), name
