"""Whom an identity belongs to in the record."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fellesjournal.access.identity.claims import Identity
from fellesjournal.access.identity.people import (
    KnownPerson,
    patient_of,
    practitioner_of,
    roles_of,
)
from fellesjournal.access.identity.providers import ProviderName
from fellesjournal.access.identity.refusals import SignInRefused
from fellesjournal.foundation import clock
from fellesjournal.registry.numbers import FNR_SYSTEM, HPR_SYSTEM
from tests.signing_in import ASLAUG, CASE_OFFICER, GP, employ, employ_at, put, register

pytestmark = pytest.mark.django_db

DOCTOR = Identity(
    provider=ProviderName.HELSEID, subject="s", sid="", pid=GP.number, hpr=GP.hpr,
    security_level="4", authenticated_at=datetime(2026, 1, 1, tzinfo=UTC),
)  # fmt: skip
OFFICER = replace(DOCTOR, pid=CASE_OFFICER.number, hpr="")
CITIZEN = replace(DOCTOR, provider=ProviderName.IDPORTEN, pid=ASLAUG.number, hpr="")
RAGNA = KnownPerson(f"Practitioner/{GP.id}", GP.name, GP.hpr)


def _code(identity: Identity, *, citizen: bool = False) -> str:
    with pytest.raises(SignInRefused) as caught:
        (patient_of if citizen else practitioner_of)(identity)
    return caught.value.code


def test_staff_are_found_by_hpr_number_and_those_without_by_person_number() -> None:
    employ(GP)
    employ(CASE_OFFICER)
    assert practitioner_of(DOCTOR) == RAGNA
    assert practitioner_of(OFFICER).name == CASE_OFFICER.name


def test_stranger_is_nobody() -> None:
    assert _code(DOCTOR) == "unknown-person"
    assert _code(CITIZEN, citizen=True) == "unknown-person"


def test_two_practitioners_with_one_number_are_told_apart_by_nobody() -> None:
    employ(GP)
    alias = "http://hl7.no/fhir/NamingSystem/HPR"
    put("Practitioner", "double", identifier=[{"system": alias, "value": GP.hpr}])
    assert _code(DOCTOR) == "ambiguous-person"


def test_numbers_of_two_people_are_refused() -> None:
    employ(GP)
    put("Practitioner", "other", identifier=[{"system": FNR_SYSTEM, "value": GP.number}])
    assert _code(DOCTOR) == "ambiguous-person"


def test_person_whose_hpr_number_in_the_register_is_another_is_refused() -> None:
    both = [{"system": FNR_SYSTEM, "value": GP.number}, {"system": HPR_SYSTEM, "value": "7654321"}]
    put("Practitioner", "x", identifier=both)
    assert _code(DOCTOR) == "hpr"
    assert _code(replace(DOCTOR, hpr="")) == "hpr"


def test_practitioner_who_is_not_active_may_not_sign_in() -> None:
    put("Practitioner", "x", active=False, identifier=[{"system": HPR_SYSTEM, "value": GP.hpr}])
    assert _code(DOCTOR) == "unknown-person"


def test_citizen_is_found_by_person_number_and_by_the_older_name_of_its_system() -> None:
    register()
    assert patient_of(CITIZEN).reference == f"Patient/{ASLAUG.id}"
    alias = [{"system": "http://hl7.no/fhir/NamingSystem/FNR", "value": ASLAUG.number}]
    register(identifier=alias)
    assert patient_of(CITIZEN).reference == f"Patient/{ASLAUG.id}"


def test_number_that_a_citizen_once_had_is_not_hers() -> None:
    register(identifier=[{"system": FNR_SYSTEM, "value": ASLAUG.number, "use": "old"}])
    assert _code(CITIZEN, citizen=True) == "unknown-person"


def test_the_dead_do_not_sign_in() -> None:
    register(deceasedDateTime="2026-01-01")
    assert _code(CITIZEN, citizen=True) == "unknown-person"


def test_roles_are_those_in_force_today_by_unit() -> None:
    employ(GP)
    put("Organization", "b", name="Andre legevakt")
    employ_at(GP, "r2", "out-of-hours-doctor", "Legevaktslege", "b")
    employ_at(GP, "gone", "gp", "Fastlege", "b", period={"end": "2025-12-31"})
    employ_at(GP, "coming", "gp", "Fastlege", "b", period={"start": "2026-06"})
    employ_at(GP, "closed", "gp", "Fastlege", "b", active=False)
    with clock.at(datetime(2026, 1, 1, 12, tzinfo=UTC)):
        found = [(role.id, role.unit_name, role.allowed) for role in roles_of(RAGNA)]
    assert found == [("r2", "Andre legevakt", True), (GP.role_id, GP.unit_name, True)]


def test_role_ends_at_midnight_in_norway() -> None:
    employ(GP, period={"end": "2026-06-30"})
    with clock.at(datetime(2026, 6, 30, 21, 59, tzinfo=UTC)):
        assert roles_of(RAGNA)
    with clock.at(datetime(2026, 6, 30, 22, 0, tzinfo=UTC)):
        assert not roles_of(RAGNA)


def test_role_that_needs_an_hpr_number_is_closed_to_those_without() -> None:
    employ(CASE_OFFICER)
    employ_at(CASE_OFFICER, "doctor", "gp", "Fastlege", CASE_OFFICER.unit_id)
    officer = practitioner_of(OFFICER)
    assert {role.id: role.allowed for role in roles_of(officer)} == {
        "doctor": False,
        CASE_OFFICER.role_id: True,
    }


def test_role_that_no_policy_knows_opens_nothing() -> None:
    employ(GP)
    employ_at(GP, "odd", "wizard", "Trollmann", GP.unit_id)
    assert {role.id: role.allowed for role in roles_of(RAGNA)} == {GP.role_id: True, "odd": False}


def test_who_is_not_active_has_no_roles_until_she_is_again() -> None:
    employ(GP)
    assert roles_of(RAGNA)
    put("Practitioner", GP.id, active=False)
    assert roles_of(RAGNA) == []
    put("Practitioner", GP.id, active=True)
    assert roles_of(RAGNA)
