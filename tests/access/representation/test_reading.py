"""What resources say about acting for others; whatever is unclear opens nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from fellesjournal.access.policy.areas import AREA_SYSTEM
from fellesjournal.access.representation import reading
from fellesjournal.access.representation.rules import Code

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
OFFICIAL = {
    "url": "http://hl7.no/fhir/StructureDefinition/no-basis-address-official",
    "valueBoolean": True,
}
HOME: dict[str, Any] = {
    "extension": [OFFICIAL],
    "use": "home",
    "line": ["Tyttebærstien  7"],
    "postalCode": "7030",
    "_district": {
        "extension": [
            {
                "url": "http://hl7.no/fhir/StructureDefinition/no-basis-municipalitycode",
                "valueCoding": {"system": reading.MUNICIPALITY, "code": "5001"},
            }
        ]
    },
}


def patient(**members: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "id": "p", "birthDate": "2018-05-23", **members}


def related(*codes: tuple[str, str], **members: Any) -> dict[str, Any]:
    relationship = [{"coding": [{"system": system, "code": code}]} for system, code in codes]
    return {"resourceType": "RelatedPerson", "id": "r", "relationship": relationship, **members}


def consent(**members: Any) -> dict[str, Any]:
    return {
        "resourceType": "Consent",
        "id": "c",
        "status": "active",
        "category": [{"coding": [{"system": reading.ROLES_7611[0], "code": "FU"}]}],
        "dateTime": "2026-05-01T10:00:00+02:00",
        "provision": {
            "type": "permit",
            "period": {"start": "2026-05-01", "end": "2026-12-31"},
            "actor": [{"role": {"text": "x"}, "reference": {"reference": "RelatedPerson/r"}}],
            "class": [{"system": AREA_SYSTEM, "code": "medication"}],
        },
        **members,
    }


def provision(**members: Any) -> dict[str, Any]:
    return {"provision": {**consent()["provision"], **members}}


def test_an_address_is_known_by_municipality_post_code_and_street() -> None:
    assert reading.address_of(patient(address=[HOME]), NOW) == ("5001", "7030", "tyttebærstien 7")
    other_spelling = {**HOME, "line": ["TYTTEBÆRSTIEN", "7"]}
    assert reading.address_of(patient(address=[other_spelling]), NOW) == (
        reading.address_of(patient(address=[HOME]), NOW)
    )


@pytest.mark.parametrize(
    "addresses",
    [
        [],
        [HOME, {**HOME, "line": ["Et annet sted 1"]}],
        [{**HOME, "extension": []}],
        [{**HOME, "extension": [{**OFFICIAL, "valueBoolean": False}]}],
        [{**HOME, "line": []}],
        [{**HOME, "line": [" "]}],
        [{**HOME, "postalCode": ""}],
        [{**HOME, "_district": {}}],
        [{**HOME, "use": "old"}],
        [{**HOME, "type": "postal"}],
        [{**HOME, "period": {"end": "2026-11-19"}}],
        [{**HOME, "period": {"start": "2026-11-21"}}],
        [{**HOME, "period": {"start": "2026-11-01", "end": "2026-10-01"}}],
    ],
    ids=str,
)
def test_an_address_that_is_missing_old_half_or_one_of_several_is_unknown(
    addresses: list[dict[str, Any]],
) -> None:
    assert reading.address_of(patient(address=addresses), NOW) is None


@pytest.mark.parametrize(
    ("code", "protected"),
    [
        ("ugradert", False),
        ("klientadresse", False),
        ("fortrolig", True),
        ("strengtFortrolig", True),
        ("heltNytt", True),
    ],
)
def test_an_address_protection_that_is_not_known_counts_as_protection(
    code: str, *, protected: bool
) -> None:
    system = "http://ehelse.no/fhir/CodeSystem/gd-address-confidentiality"
    security = {"security": [{"system": system, "code": code}]}

    assert reading.person_of(1, patient(meta=security), NOW).protected is protected


@pytest.mark.parametrize(
    ("members", "dead", "active"),
    [
        ({}, False, True),
        ({"active": True, "deceasedBoolean": False}, False, True),
        ({"deceasedBoolean": True}, True, True),
        ({"deceasedDateTime": "2026"}, True, True),
        ({"active": False}, False, False),
        ({"link": [{"other": {"reference": "Patient/q"}, "type": "replaced-by"}]}, False, False),
        ({"link": [{"other": {"reference": "Patient/q"}, "type": "replaces"}]}, False, True),
    ],
)
def test_the_dead_and_the_merged_away_are_known_as_such(
    members: dict[str, Any], *, dead: bool, active: bool
) -> None:
    person = reading.person_of(1, patient(**members), NOW)

    assert (person.dead, person.active) == (dead, active)


@pytest.mark.parametrize("text", [None, "2018", "2018-05", "2018-02-30"])
def test_a_birth_date_without_a_day_is_unknown(text: str | None) -> None:
    members = {"birthDate": text} if text else {}
    assert reading.person_of(1, {"resourceType": "Patient", **members}, NOW).birth is None
    assert reading.person_of(1, patient(), NOW).birth == date(2018, 5, 23)


FAMILY, PARENTAL, ROLE = reading.FAMILY_RELATION, reading.PARENTAL, reading.ROLES_7611[0]


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ([(FAMILY, "mor")], None),
        ([(FAMILY, "mor"), (PARENTAL, "felles")], True),
        ([(FAMILY, "medmor"), (PARENTAL, "felles")], True),
        ([(FAMILY, "mor"), (PARENTAL, "mor")], True),
        ([(FAMILY, "far"), (PARENTAL, "mor")], None),
        ([(FAMILY, "far"), (PARENTAL, "mor"), (ROLE, "FO")], False),
        ([(PARENTAL, "felles")], False),
        ([(FAMILY, "søsken"), (PARENTAL, "felles")], False),
        ([(FAMILY, "mor"), (PARENTAL, "ukjent")], False),
        ([(FAMILY, "mor"), (PARENTAL, "felles"), (PARENTAL, "far")], False),
        ([(FAMILY, "mor"), (FAMILY, "far"), (PARENTAL, "felles")], False),
        ([(PARENTAL, "andre")], True),
        ([(FAMILY, "mor"), (PARENTAL, "andre")], None),
        ([(ROLE, "FO")], True),
        ([(reading.ROLES_7611[1], "FO")], True),
        ([("urn:other", "FO")], None),
    ],
    ids=str,
)
def test_parental_responsibility_is_read_as_the_register_has_it(
    codes: list[tuple[str, str]], *, expected: bool | None
) -> None:
    found = reading.related_of(related(*codes))

    assert found is not None
    assert found.parental is expected


def test_a_relation_that_is_not_in_use_is_none() -> None:
    assert reading.related_of(related((ROLE, "FO"), active=False)) is None


def test_old_and_foreign_numbers_identify_nobody() -> None:
    numbers = [
        {"system": "urn:oid:2.16.578.1.12.4.1.4.1", "value": "1"},
        {"system": "urn:oid:2.16.578.1.12.4.1.4.1", "value": "2", "use": "old"},
        {"system": "urn:x", "value": "3"},
        {"system": "urn:oid:2.16.578.1.12.4.1.4.2"},
    ]

    assert reading.numbers_of({"identifier": numbers}) == (("urn:oid:2.16.578.1.12.4.1.4.1", "1"),)


def test_a_power_of_attorney_is_read_with_parts_and_whole_days_in_norway() -> None:
    grant = reading.grant_of(consent())

    assert grant is not None
    assert grant.clear
    assert (grant.code, grant.parts) == (Code.ATTORNEY, ("medication",))
    assert grant.actors == (("RelatedPerson", "r"),)
    assert grant.starts == datetime(2026, 4, 30, 22, tzinfo=UTC)
    assert grant.ends == datetime(2026, 12, 31, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    "status", ["draft", "proposed", "rejected", "inactive", "entered-in-error"]
)
def test_a_power_that_does_not_stand_is_none(status: str) -> None:
    assert reading.grant_of(consent(status=status)) is None


def test_a_consent_about_something_else_is_no_power() -> None:
    assert reading.grant_of(consent(category=[{"text": "research"}])) is None


@pytest.mark.parametrize(
    "members",
    [
        provision(type="deny"),
        {"provision": {**consent()["provision"], "type": None}},
        provision(period={"start": "2026-05-01", "end": "2026-04-01"}),
        provision(period={"end": "soon"}),
        provision(provision=[{"type": "deny"}]),
        provision(code=[{"text": "x"}]),
        provision(dataPeriod={"start": "2026"}),
        provision(data=[{"meaning": "instance", "reference": {"reference": "Basic/1"}}]),
        provision(securityLabel=[{"code": "R"}]),
        provision(purpose=[{"code": "TREAT"}]),
        provision(action=[{"text": "x"}]),
        {"modifierExtension": [{"url": "urn:x", "valueBoolean": True}]},
        {"category": [{"coding": [{"system": ROLE, "code": c} for c in ("FU", "VE")]}]},
        {"category": [{"coding": [{"system": ROLE, "code": c} for c in ("FU", "XX")]}]},
    ],
    ids=str,
)
def test_a_power_with_anything_that_is_not_understood_is_unclear(members: dict[str, Any]) -> None:
    grant = reading.grant_of(consent(**members))

    assert grant is not None
    assert not grant.clear


def test_a_part_of_another_code_system_opens_nothing() -> None:
    grant = reading.grant_of(
        consent(**provision(**{"class": [{"system": "urn:x", "code": "all"}]}))
    )

    assert grant is not None
    assert grant.parts == ()


def test_only_a_verified_power_is_confirmed_by_its_performers() -> None:
    doctor = {"performer": [{"reference": "Practitioner/gp"}]}
    for verification, confirmers in (([{"verified": True}], {"Practitioner/gp"}),
                                     ([{"verified": False}], set()), ([], set())):  # fmt: skip
        grant = reading.grant_of(consent(**doctor, verification=verification))
        assert grant is not None
        assert grant.confirmers == confirmers
