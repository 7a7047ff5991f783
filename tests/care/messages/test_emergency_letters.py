"""The GP is always told of a contact with the out-of-hours clinic (norway.md 12.4)."""

from __future__ import annotations

import pytest

from fellesjournal.access import records
from fellesjournal.access.acts import content
from fellesjournal.care.messages import queries
from fellesjournal.care.messages.kinds import Kind
from fellesjournal.care.messages.states import Route
from fellesjournal.care.messages.telling import tell_of_emergency_contact
from tests.care.messages.region import deliveries, work
from tests.care.triage.world import ADVICE, World, world
from tests.staff import SYSTEM, put


@pytest.fixture
def clinic(empty_record: None) -> World:
    del empty_record
    return world()


def _text() -> str:
    (stored,) = records.search(SYSTEM, "DocumentReference", []).matches
    return queries.letter_by(SYSTEM, "anna", content(stored)["id"]).text


@pytest.mark.parametrize("outcome", ["advice", "home", "admitted", "ambulance", "left"])
def test_gp_is_told_of_each_contact_that_ends_whatever_its_outcome(
    clinic: World, outcome: str
) -> None:
    contact = clinic.take_in(reason="Vondt i magen")
    work()
    assert deliveries() == []
    clinic.end(contact, outcome, ADVICE)
    work()
    (made,) = deliveries()
    assert (made.kind, made.recipient.route, made.recipient.reference, made.owner) == (
        Kind.LETTER, Route.INSIDE, "Organization/office", "Organization/legevakt",
    )  # fmt: skip
    text = _text()
    for words in ("Epikrise fra legevakt", "Vondt i magen", ADVICE, "Hastegrad: gul.", "sindre"):
        assert words in text


def test_gp_is_told_once_however_often_the_event_is_heard(clinic: World) -> None:
    over = clinic.end(clinic.take_in())
    work()
    tell_of_emergency_contact(
        SYSTEM,
        {
            "patient": "Patient/anna", "encounter": over.reference, "outcome": "advice",
            "urgency": "yellow", "by": "Practitioner/sindre", "unit": "Organization/legevakt",
        },
    )  # fmt: skip
    work()
    assert len(deliveries()) == 1


def test_nobody_is_told_of_a_mistake_or_of_somebody_without_a_gp(clinic: World) -> None:
    clinic.end(clinic.take_in(), "registered-by-mistake", "Feil pasient valgt i listen.")
    put("Patient", "bo", name=[{"text": "Bo Fiktiv"}])
    clinic.end(clinic.take_in("bo"))
    work()
    assert deliveries() == []
