"""Blocks made by a citizen: what staff see from the next request on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from fellesjournal.access import records
from fellesjournal.access.blocks.actions import (
    blocks_in_record,
    end_block,
    make_block,
    may_block,
)
from fellesjournal.access.blocks.derive import Block
from fellesjournal.access.citizens import citizen
from fellesjournal.access.policy.areas import Area
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import Conflict, FhirError, NotFound
from fellesjournal.foundation import clock
from tests.staff import employ, put, register, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def doctor() -> Session:
    """Doctor d at unit u, whose list Kari (p) is on; another patient q is too."""
    session = employ("d")
    for patient in ("p", "q"):
        register(patient, "Practitioner/d")
    for key, day in (("old", "2019-03-01"), ("new", "2026-03-01")):
        put(
            "Observation", key, status="final", code={"text": "x"},
            subject={"reference": "Patient/p"}, effectiveDateTime=day,
        )  # fmt: skip
    return session


def _sees(reference: str, name: str = "d") -> bool:
    """Whether a member of staff sees a resource, in a new request."""
    try:
        records.read(staff(name), *reference.split("/"))
    except FhirError:
        return False
    return True


def _block(**what: Any) -> str:
    chosen = {"holders": (("Practitioner", "d"),), **what}
    return make_block(citizen("p"), Block(**chosen), {})


@pytest.mark.parametrize(
    "holder", [("Practitioner", "d"), ("PractitionerRole", "d-role"), ("Organization", "u")]
)
def test_a_person_a_role_or_a_unit_is_shut_out_at_once(
    doctor: Session, holder: tuple[str, str]
) -> None:
    assert _sees("Patient/p")
    _block(holders=(holder,))
    assert not _sees("Patient/p")
    assert not _sees("Observation/new")
    assert _sees("Patient/q")
    found = records.search(doctor.again(), "Patient", [])
    assert [stored.id for stored in found.matches] == ["q"]


def test_an_organisation_above_the_unit_is_shut_out(doctor: Session) -> None:
    put("Organization", "top", name="Top")
    put("Organization", "u", name="Unit u", partOf={"reference": "Organization/top"})
    _block(holders=(("Organization", "top"),))
    assert not _sees("Patient/p")


def test_all_but_those_named_are_shut_out(doctor: Session) -> None:
    _block(holders=(("Practitioner", "d"),), all_but=True)
    assert _sees("Patient/p")
    employ("e", unit="v")
    register("p", "Practitioner/d", "Practitioner/e")
    assert not _sees("Patient/p", "e")


def test_a_kind_of_information_is_closed_and_the_rest_is_open(doctor: Session) -> None:
    _block(areas=Area.HEALTH)
    assert _sees("Patient/p")
    assert not _sees("Observation/new")


def test_one_document_is_closed_and_the_rest_is_open(doctor: Session) -> None:
    _block(resource=("Observation", "new"))
    assert not _sees("Observation/new")
    assert _sees("Observation/old")


def test_what_concerns_care_in_a_time_is_closed(doctor: Session) -> None:
    now = clock.now()
    _block(care_from=now - timedelta(days=800), care_to=now)
    assert not _sees("Observation/new")
    assert _sees("Observation/old")


def test_a_block_ends_at_its_time(doctor: Session) -> None:
    now = clock.now()
    _block(ends=now + timedelta(days=2))
    assert not _sees("Patient/p")
    with clock.at(now + timedelta(days=3)):
        assert _sees("Patient/p")
        assert blocks_in_record(citizen("p")) == []


def test_she_ends_it_and_staff_see_again_at_the_next_request(doctor: Session) -> None:
    consent = _block()
    (standing,) = blocks_in_record(citizen("p"))
    assert standing.consent == consent
    assert standing.by == "Patient/p"
    end_block(citizen("p"), consent)
    assert _sees("Patient/p")
    assert blocks_in_record(citizen("p")) == []
    with pytest.raises(Conflict):
        end_block(citizen("p"), consent)


def test_nobody_else_ends_it(doctor: Session) -> None:
    consent = _block()
    for session in (citizen("q"), doctor.again()):
        with pytest.raises(FhirError):
            end_block(session, consent)
    assert not _sees("Patient/p")


def test_staff_make_no_blocks(doctor: Session) -> None:
    assert not may_block(doctor)
    with pytest.raises(NotFound):
        make_block(doctor, Block(holders=(("Practitioner", "d"),)), {})


def test_whom_nobody_knows_can_not_be_shut_out(doctor: Session) -> None:
    for holder in (("Practitioner", "nobody"), ("Patient", "q"), ("Observation", "new")):
        with pytest.raises(NotFound):
            _block(holders=(holder,))


def test_a_document_of_somebody_else_can_not_be_closed(doctor: Session) -> None:
    put(
        "Observation", "hers", status="final", code={"text": "x"},
        subject={"reference": "Patient/q"},
    )  # fmt: skip
    with pytest.raises(NotFound):
        _block(resource=("Observation", "hers"))
    assert _sees("Observation/hers")


def test_another_consent_is_not_ended_as_a_block(doctor: Session) -> None:
    put(
        "Consent", "c", status="active", patient={"reference": "Patient/p"},
        scope={"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "treatment"}]},
        category=[{"text": "x"}], policyRule={"text": "x"},
    )  # fmt: skip
    with pytest.raises(NotFound):
        end_block(citizen("p"), "c")
