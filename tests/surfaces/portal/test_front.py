"""The first page of HelsaMi: what happens today, and what others did for her."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from fellesjournal.access.citizens import citizen
from fellesjournal.access.conversing import CATEGORY_SYSTEM
from fellesjournal.access.readlog.on_behalf import Written, written_on_behalf
from fellesjournal.access.renewing import REQUEST
from fellesjournal.care.homecare import codes
from fellesjournal.care.homecare.applications import apply
from fellesjournal.care.homecare.making import make_days
from fellesjournal.care.messages.resources import LETTER_SYSTEM
from fellesjournal.demo.cast import CastCitizen
from fellesjournal.foundation import clock
from fellesjournal.surfaces.portal.lately_views import _rows
from tests.homecare_at_home import (
    CARER,
    UNIT,
    at_eight,
    form_of,
    home,
    page_of,
    visit_address,
)
from tests.signing_in import let_in, put, register, staff_client
from tests.staff import SYSTEM
from tests.surfaces.portal.family import ASLAUG, OTHER, at_browser, power, switch
from tests.surfaces.statements import counted

pytestmark = pytest.mark.django_db
__all__ = ["at_eight", "home"]  # fixtures of home care

PATIENT = f"Patient/{ASLAUG.id}"
DAY, KINDS = timedelta(days=1), ("ServiceRequest",)


@pytest.fixture
def aslaug(home: None) -> Client:
    """Aslaug in HelsaMi, with a visit from eight to ten today."""
    del home
    client = Client()
    let_in(client, ASLAUG.id, "citizen")
    client.post(reverse("portal-terms"), {"accept": "1"})
    return client


def _today(client: Client) -> str:
    client.cookies["language"] = "en"
    page = client.get(reverse("portal")).content.decode()
    found = re.search(r'id="visits-title">.*?</section>', page, re.DOTALL)
    return found[0] if found else ""


def test_todays_visit_of_home_care_stands_on_her_own_first_page(aslaug: Client) -> None:
    text = _today(aslaug)
    assert text.count("Between 08:00 and 10:00") == 1  # and not the one of tomorrow
    assert reverse("portal-services") in text


def test_she_reads_who_comes_and_what_is_planned_and_no_dose(aslaug: Client) -> None:
    text = _today(aslaug)
    assert CARER.unit_name in text
    assert "Planned: Medisiner, Stell" in text
    assert "Metoprolol" not in text


def test_a_visit_that_was_made_tells_when_and_by_whom_and_leads_to_her_notes(
    aslaug: Client,
) -> None:
    carer = staff_client(CARER)
    address = visit_address()
    for button in ('value="start"', 'value="end"'):
        carer.post(address, form_of(page_of(carer, address), button))
    text = _today(aslaug)
    assert "Done at 08:01" in text
    assert CARER.name in text
    assert reverse("portal-notes") in text


def test_a_visit_is_told_as_paused_while_she_is_in_hospital(aslaug: Client) -> None:
    put(
        "EpisodeOfCare", "service", status="onhold",
        type=[{"coding": [{"system": codes.SERVICE_TYPE, "code": "15"}]}],
        patient={"reference": PATIENT}, managingOrganization={"reference": UNIT},
    )  # fmt: skip
    assert "Between 08:00 and 10:00</strong>: Paused while in hospital" in _today(aslaug)


def test_a_visit_that_was_cancelled_is_not_told(aslaug: Client) -> None:
    put("CarePlan", "plan", status="revoked", intent="plan", subject={"reference": PATIENT})
    make_days(SYSTEM, PATIENT)
    assert _today(aslaug) == ""


@pytest.fixture
def with_helper(aslaug: Client) -> Client:
    """Aslaug, who has given OTHER a power of attorney for all of her record."""
    register(ASLAUG, birthDate="1944-03-14")
    put("Organization", "office", name="Tildelingskontoret", active=True)
    at_browser(OTHER)
    power(ASLAUG.id, OTHER)
    aslaug.cookies["language"] = "en"
    return aslaug


def _apply(person: str, subject: str, key: str = "k") -> None:
    apply(
        citizen(person, subject), office="Organization/office", services=["15"], words="Hjelp",
        key=key,
    )  # fmt: skip


def _registered_name(who: CastCitizen) -> str:
    return " ".join([*who.name.split()[:1], who.name.split()[-1]])


def _lately(client: Client) -> list[str]:
    page = client.get(reverse("portal-lately")).content.decode()
    return re.findall(r"<li><a href=\"[^\"]+\">([^<]*?)</a> <span", page)


def test_what_her_representative_did_is_told_with_name_and_day(with_helper: Client) -> None:
    assert _lately(with_helper) == []
    _apply(OTHER.id, ASLAUG.id)
    (told,) = _lately(with_helper)
    assert told == f"{_registered_name(OTHER)} sent an application"
    page = with_helper.get(reverse("portal-lately")).content.decode()
    today = clock.today()
    assert f"{today.day} {today:%b} {today.year}" in page


def test_what_was_done_leads_to_where_it_stands_and_says_which_appointment(
    with_helper: Client,
) -> None:
    del with_helper
    put(
        "Appointment", "hour", status="booked", start="2026-03-04T10:00:00+01:00",
        end="2026-03-04T10:20:00+01:00",
        participant=[{"actor": {"reference": PATIENT}, "status": "accepted"}],
    )  # fmt: skip
    put(
        "Communication", "asked", status="completed", subject={"reference": PATIENT},
        category=[{"coding": [{"system": CATEGORY_SYSTEM, "code": REQUEST}]}],
    )  # fmt: skip
    made = [
        Written(clock.now(), f"Patient/{OTHER.id}", "Marit", kind, key, is_new=True)
        for kind, key in (("Appointment", "hour"), ("Communication", "asked"), ("Patient", "x"))
    ]
    rows = _rows(citizen(ASLAUG.id), [replace(each, is_new=each.id != "x") for each in made])
    assert [each.href for each in rows] == [
        reverse("portal-appointments"), reverse("portal-medicines"), reverse("portal-own"),
    ]  # fmt: skip
    assert "10:00" in rows[0].sentence


def test_her_services_tell_who_applied_and_what_was_written_and_lead_to_home_care(
    with_helper: Client,
) -> None:
    _apply(OTHER.id, ASLAUG.id)
    page = with_helper.get(reverse("portal-services")).content.decode()
    assert "sent by somebody who acts for you" in page
    assert "<p>Hjelp</p>" in page
    assert f'{reverse("portal-message-new")}?unit={UNIT}"' in page


def test_the_same_done_twice_on_a_day_stands_once(with_helper: Client) -> None:
    _apply(OTHER.id, ASLAUG.id)
    _apply(OTHER.id, ASLAUG.id, key="another")
    assert len(_lately(with_helper)) == 1


def test_what_she_does_herself_and_what_staff_do_is_not_told_there(with_helper: Client) -> None:
    _apply(ASLAUG.id, ASLAUG.id)
    make_days(SYSTEM, PATIENT)
    assert _lately(with_helper) == []


def test_what_the_representative_did_in_her_own_record_is_not_told(with_helper: Client) -> None:
    _apply(OTHER.id, OTHER.id)
    assert _lately(with_helper) == []


def test_who_acts_for_her_is_led_back_and_is_not_offered_the_page(with_helper: Client) -> None:
    _apply(OTHER.id, ASLAUG.id)
    other = at_browser(OTHER)
    switch(other, ASLAUG.id, OTHER.id)
    assert other.get(reverse("portal-lately")).headers["Location"] == reverse("portal")
    link = f'href="{reverse("portal-lately")}"'
    assert link not in other.get(reverse("portal")).content.decode()
    assert link in with_helper.get(reverse("portal")).content.decode()


def test_what_was_done_is_told_for_a_month(with_helper: Client) -> None:
    _apply(OTHER.id, ASLAUG.id)
    session = citizen(ASLAUG.id)
    long_ago = written_on_behalf(session, since=clock.now() - DAY, kinds=KINDS, most=9)
    assert [each.is_new for each in long_ago] == [True]
    assert written_on_behalf(session, since=clock.now() + DAY, kinds=KINDS, most=9) == []


def test_the_page_keeps_to_its_budget_of_statements(with_helper: Client) -> None:
    _apply(OTHER.id, ASLAUG.id)
    _lately(with_helper)
    with counted() as statements:
        _lately(with_helper)
    assert len(statements) <= 20


def test_the_list_of_visits_says_what_each_is_for_and_which_days_it_shows(aslaug: Client) -> None:
    aslaug.cookies["language"] = "en"
    page = aslaug.get(reverse("portal-services")).content.decode()
    visits = page.split(">Visits</h2>")[1].split("</ul>")[0]
    assert visits.count("between 08:00 and 10:00") == 2
    assert visits.count("Planned: Medisiner, Stell") == 2
    assert "today and tomorrow" in visits
    assert "Metoprolol" not in visits
    assert re.search(r'card__title">[A-Z][a-z]+day ', visits)


def _letter(key: str, days: int = 0) -> None:
    at = clock.now() - timedelta(days=days, minutes=1)
    put(
        "DocumentReference", key, status="current", subject={"reference": PATIENT},
        identifier=[{"system": LETTER_SYSTEM, "value": key}], description="Epikrise, hjertesvikt",
        date=at.isoformat(timespec="seconds"), author=[{"display": "Lege"}],
        custodian={"display": "Avdelingen"},
        content=[{"attachment": {"contentType": "text/plain", "data": "VmVkdGFr"}}],
    )  # fmt: skip


def test_a_new_letter_is_told_until_she_has_opened_it_and_to_each_who_may(
    with_helper: Client,
) -> None:
    _letter("new")
    _letter("old", days=40)
    address = reverse("portal-letter", kwargs={"document_id": "new"})
    letters = reverse("portal-letters")
    assert (
        f'id="letters-new" hx-get="{letters}"'
        in with_helper.get(reverse("portal")).content.decode()
    )
    with_helper.get(letters)  # a list is no reading of a letter
    page = with_helper.get(letters).content.decode()
    told = page.split('id="letters-title"')[1].split("</section>")[0]
    assert address in told
    assert "Avdelingen" in told
    assert "hjertesvikt" not in told  # nothing clinical in the notice
    assert told.count("<a ") == 1
    friend = at_browser(OTHER)
    switch(friend, ASLAUG.id, OTHER.id)
    friend.get(address)
    assert 'id="letters-title"' not in friend.get(letters).content.decode()
    assert 'id="letters-title"' in with_helper.get(letters).content.decode()
    assert with_helper.get(address).status_code == 200
    assert 'id="letters-title"' not in with_helper.get(letters).content.decode()


def _old_application(**more: object) -> None:
    put(
        "ServiceRequest", "old", status="completed", intent="order",
        category=[{"coding": [{"system": codes.ORDER_TYPE, "code": codes.APPLICATION}]}],
        subject={"reference": PATIENT}, requester={"reference": "Practitioner/g"},
        authoredOn="2024-03-01T10:00:00+01:00", performer=[{"reference": "Organization/office"}],
        **more,
    )  # fmt: skip


def _applications(client: Client) -> str:
    put("Organization", "office", name="Tildelingskontoret", active=True)
    client.cookies["language"] = "en"
    page = client.get(reverse("portal-services")).content.decode()
    return page.split(">Applications</h2>")[1].split("</main>")[0]


def test_an_old_application_tells_which_service_followed_and_since_when(aslaug: Client) -> None:
    _old_application()
    put(
        "EpisodeOfCare", "service", status="active", period={"start": "2024-03-20"},
        type=[{"coding": [{"system": codes.SERVICE_TYPE, "code": "15"}]}],
        patient={"reference": PATIENT}, managingOrganization={"reference": UNIT},
    )  # fmt: skip
    told = _applications(aslaug)
    assert (
        "Health care at home, such as nursing and help with medicines: granted from 20 Mar 2024."
        in told
    )
    assert "not written here" not in told


def test_an_application_whose_decision_is_not_there_says_whom_to_ask(aslaug: Client) -> None:
    _old_application()
    put(
        "EpisodeOfCare", "service", status="active", period={"start": "2019-01-01"},
        type=[{"coding": [{"system": codes.SERVICE_TYPE, "code": "15"}]}],
        patient={"reference": PATIENT}, managingOrganization={"reference": UNIT},
    )  # fmt: skip
    told = _applications(aslaug)
    assert "What was decided is not written here. Ask Tildelingskontoret." in told
    assert "granted from" not in told  # what was granted before is no answer to it


def test_a_decision_leads_to_its_letter(aslaug: Client) -> None:
    _old_application()
    put(
        "ServiceRequest", "decision", status="active", intent="order",
        category=[{"coding": [{"system": codes.ORDER_TYPE, "code": codes.DECISION}]}],
        code={"coding": [{"system": codes.SERVICE_TYPE, "code": "15"}], "text": "Hjemmesykepleie"},
        subject={"reference": PATIENT}, basedOn=[{"reference": "ServiceRequest/old"}],
        authoredOn="2024-03-19T10:00:00+01:00", occurrencePeriod={"start": "2024-03-20"},
        performer=[{"reference": UNIT}], requester={"reference": "Practitioner/g"},
    )  # fmt: skip
    put(
        "DocumentReference", "letter", status="current", subject={"reference": PATIENT},
        identifier=[{"system": LETTER_SYSTEM, "value": "decision-decision"}],
        description="Vedtak", date="2024-03-19T10:00:00+01:00",
        context={"related": [{"reference": "ServiceRequest/decision"}]},
        content=[{"attachment": {"contentType": "text/plain", "data": "VmVkdGFr"}}],
    )  # fmt: skip
    told = _applications(aslaug)
    assert "Decided: granted" in told
    assert ", from 20 Mar 2024" in told
    assert reverse("portal-letter", kwargs={"document_id": "letter"}) in told
