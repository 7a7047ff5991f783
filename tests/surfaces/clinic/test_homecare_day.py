"""The day list of home care."""

from __future__ import annotations

import re
from typing import Any

import psycopg
import pytest
from django.urls import reverse

from fellesjournal.access import acts, jobs
from fellesjournal.access.citizens import citizen
from fellesjournal.access.sessions import staff_session
from fellesjournal.care.conversations.actions import begin
from fellesjournal.care.conversations.queries import queue
from fellesjournal.care.homecare.making import make_days
from fellesjournal.care.homecare.tasks import on_hands
from fellesjournal.foundation.outbox import worker
from tests.homecare_at_home import (
    ADDRESS,
    CARER,
    LEADER,
    NURSE,
    OFFICER,
    PATIENT,
    UNIT,
    at_eight,
    form_of,
    home,
    page_of,
    visit_address,
)
from tests.signing_in import ASLAUG, put, register, staff_client
from tests.staff import SYSTEM

__all__ = ["at_eight", "home"]  # fixtures

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("home")
def test_the_day_list_tells_whom_where_when_and_what() -> None:
    text = page_of(staff_client(CARER), reverse("home-care-day"))
    for shown in (ASLAUG.name, "Granlivegen 12", "08:00", "Stell", "Metoprolol"):
        assert shown in text


@pytest.mark.usefixtures("home")
def test_a_card_counts_medicines_when_they_are_more_than_are_read_at_a_glance() -> None:
    client = staff_client(CARER)
    client.cookies["language"] = "en"
    body, _ = acts.read(SYSTEM, "MedicationRequest", "dose")
    rest = {k: v for k, v in body.items() if k not in {"id", "meta", "resourceType"}}
    for n in range(3):
        assert "Medicines (" not in page_of(client, reverse("home-care-day"))
        put("MedicationRequest", f"dose{n}",
            **rest | {"medicationCodeableConcept": {"text": f"Legemiddel {n}"}})  # fmt: skip
        make_days(SYSTEM, PATIENT)
    text = page_of(client, reverse("home-care-day"))
    card = re.search(r'care-card__what">(.*?)</p>', text)
    assert card is not None
    assert card[1] == "Medisiner, Stell, Medicines (4)"
    assert "0 of 6 documented" in text


@pytest.mark.usefixtures("home")
def test_home_care_comes_to_its_visits_and_finds_home_care_first_in_a_record() -> None:
    for member in (CARER, NURSE):
        client = staff_client(member)
        assert client.get("/").headers["Location"] == reverse("home-care-day")
        text = page_of(client, reverse("home-care-plan", args=[ASLAUG.id]))
        part, overview = (
            text.index(f'href="{reverse(name, args=[ASLAUG.id])}"')
            for name in ("home-care-plan", "chart")
        )
        assert part < overview
    assert staff_client(LEADER).get("/").headers["Location"] == reverse("reviews")
    assert staff_client(OFFICER).get("/").headers["Location"] == reverse("patients")


@pytest.mark.usefixtures("home")
def test_from_another_day_one_gets_back_to_today() -> None:
    client, today = staff_client(CARER), reverse("home-care-day")
    back = f'<a class="filter" href="{today}">'
    assert back in page_of(client, f"{today}?day=2026-01-01")
    assert back not in page_of(client, today)


@pytest.mark.usefixtures("home")
def test_a_protected_address_is_not_on_the_list() -> None:
    system = "http://ehelse.no/fhir/CodeSystem/gd-address-confidentiality"
    label = {"system": system, "code": "fortrolig"}
    register(ASLAUG, address=[ADDRESS], meta={"security": [label]})
    text = page_of(staff_client(CARER), reverse("home-care-day"))
    assert ASLAUG.name in text
    assert "Granlivegen" not in text


@pytest.mark.usefixtures("home")
def test_no_visits_of_her_own_is_not_told_as_none_planned() -> None:
    client, address = staff_client(CARER), reverse("home-care-day")
    own = page_of(client, f"{address}?mine=1")
    assert 'id="all-visits"' in own
    assert 'id="all-visits"' not in page_of(client, address)


@pytest.mark.usefixtures("home")
def test_messages_that_await_an_answer_are_counted_on_the_day_and_marked_on_the_card() -> None:
    client = staff_client(CARER)
    assert 'id="unanswered"' not in page_of(client, reverse("home-care-day"))
    begin(
        citizen(ASLAUG.id), unit=UNIT, title="Nøkkel", words="Nøkkelen er byttet", key="k",
        by_name=ASLAUG.name,
    )  # fmt: skip
    worker.handle_all(jobs.call)
    assert 'id="unanswered"' in page_of(client, reverse("home-care-day"))
    shift = page_of(client, reverse("home-care-shift"))
    assert re.search(rf'id="unanswered" hx-get="{reverse("home-care-day")}"', shift)
    card = re.search(r'class="care-card__state">(.*?)</p>', page_of(client, reverse("home-care-day")),
        re.DOTALL)  # fmt: skip
    assert card is not None
    assert 'data-color="warning"' in card[1]
    session = staff_session(
        practitioner=f"Practitioner/{CARER.id}", role_id=CARER.role_id, role=CARER.role, unit=UNIT
    )
    assert on_hands(session).all_messages == len(queue(session)) == 1


@pytest.mark.usefixtures("home")
def test_a_card_says_that_nobody_has_taken_the_visit_until_somebody_has() -> None:
    client, nobody = staff_client(CARER), "Nobody has taken this visit"
    client.cookies["language"] = "en"
    assert nobody in page_of(client, reverse("home-care-day"))
    address = visit_address()
    client.post(address, form_of(page_of(client, address), 'value="start"'))
    assert nobody not in page_of(client, reverse("home-care-day"))


@pytest.mark.usefixtures("home")
def test_pages_ask_the_database_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Statements of a page, with those of signing in, of access and of the log."""
    client = staff_client(CARER)
    asked: list[object] = []
    execute = psycopg.Cursor.execute

    def counted(self: Any, *args: Any, **named: Any) -> Any:
        asked.append(args[0])
        return execute(self, *args, **named)

    monkeypatch.setattr(psycopg.Cursor, "execute", counted)
    addresses = {
        reverse("home-care-day"): 20,
        reverse("home-care-shift"): 20,
        reverse("home-care-work"): 20,
        reverse("home-care-plan", args=[ASLAUG.id]): 20,
        visit_address(): 26,
    }
    for address, most in addresses.items():
        page_of(client, address)
        asked.clear()
        page_of(client, address)
        assert len(asked) <= most, (address, len(asked))
