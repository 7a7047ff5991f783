"""Who a patient is, from the Norwegian profile or any other system."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from fellesjournal.care.citizens.resources import person

TODAY = date(2026, 11, 22)
FNR = "urn:oid:2.16.578.1.12.4.1.4.1"
DNR = "urn:oid:2.16.578.1.12.4.1.4.2"


def test_national_number_identifies_before_any_other() -> None:
    found = person(
        {
            "identifier": [
                {"system": "urn:hospital", "value": "77", "type": {"coding": [{"code": "MR"}]}},
                {"system": DNR, "value": "41819012345"},
                {"system": FNR, "value": "01819012345"},
            ]
        }
    )
    assert (found.number, found.number_kind) == ("01819012345", "fnr")


def test_number_no_longer_in_use_is_not_shown() -> None:
    found = person({"identifier": [{"system": DNR, "value": "41819012345", "use": "old"}]})
    assert found.number == ""


def test_official_name_is_used_before_a_former_one() -> None:
    names = [
        {"use": "old", "family": "Hansen", "given": ["Kari"]},
        {"use": "official", "family": "Nesvoll", "given": ["Kari", "Anne"]},
    ]
    assert person({"name": names}).name == "Kari Anne Nesvoll"


@pytest.mark.parametrize(
    ("born", "years"),
    [("1944-11-22", 82), ("1944-11-23", 81), ("1944", 82), ("2026-11-01", 0), ("", None)],
)
def test_age_turns_on_the_birthday(born: str, years: int | None) -> None:
    assert person({"birthDate": born}).age_on(TODAY) == years


def test_age_stops_at_death() -> None:
    found = person({"birthDate": "1940-01-01", "deceasedDateTime": "2020-06-01"})
    assert found.dead
    assert found.age_on(TODAY) == 80


def _protected(carrier: str) -> dict[str, Any]:
    extension = {
        "url": "http://hl7.no/fhir/StructureDefinition/no-basis-address-confidentiality",
        "valueCodeableConcept": {"coding": [{"code": "7"}]},
    }
    address: dict[str, Any] = {"line": ["Skjult vei 1"], "city": "Molde"}
    resource: dict[str, Any] = {
        "address": [address],
        "telecom": [{"system": "phone", "value": "9"}],
    }
    (address if carrier == "address" else resource)["extension"] = [extension]
    return resource


@pytest.mark.parametrize("carrier", ["address", "person"])
def test_protected_address_and_telephone_never_leave_the_query(carrier: str) -> None:
    found = person(_protected(carrier))
    assert found.protected
    assert "Skjult" not in repr(found)
    assert found.telephone == ""


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"name": "Kari"},
        {"name": [{"given": "Kari"}]},
        {"identifier": [None, {"value": 5}]},
        {"birthDate": "1944-02-30"},
        {"address": {"line": "one"}},
        {"communication": [{"language": None}]},
    ],
)
def test_odd_patients_can_still_be_shown(odd: dict[str, Any]) -> None:
    person(odd).age_on(TODAY)


def test_address_is_protected_by_a_security_label_too() -> None:
    label = {
        "system": "http://ehelse.no/fhir/CodeSystem/gd-address-confidentiality",
        "code": "strengtFortrolig",
    }
    found = person({"meta": {"security": [label]}, "address": [{"text": "Storgata 1"}]})
    assert (found.protected, found.address) == (True, "")


def test_label_of_another_kind_does_not_protect_the_address() -> None:
    label = {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "N"}
    found = person({"meta": {"security": [label]}, "address": [{"text": "Storgata 1"}]})
    assert (found.protected, found.address) == (False, "Storgata 1")
