"""What is written is held to the profiles it claims, shipped or uploaded."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fellesjournal.access import conformance
from fellesjournal.access.sessions import system_session
from fellesjournal.access.writing import Operation, Written, write
from fellesjournal.fhir import bodies
from fellesjournal.fhir.issues import Unprocessable

SESSION = system_session("system:test", purpose="HSYSADMIN")
STRICT = "http://x.test/StructureDefinition/strict-patient"
PROFILE = {
    "resourceType": "StructureDefinition", "id": "strict", "url": STRICT, "name": "StrictPatient",
    "status": "active", "kind": "resource", "abstract": False, "type": "Patient",
    "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint",
    "differential": {
        "element": [
            {"id": "Patient", "path": "Patient"},
            {"id": "Patient.birthDate", "path": "Patient.birthDate", "min": 1},
        ]
    },
}  # fmt: skip


@pytest.fixture(autouse=True)
def forgotten() -> None:
    conformance.forget()


def put(**members: Any) -> Written:
    body = bodies.parse(json.dumps(members).encode())
    operation = Operation("update", members["resourceType"], id=members["id"], body=body)
    return write(SESSION, [operation])[0]


def claiming(profile: str, **members: Any) -> Written:
    return put(resourceType="Patient", id="a", meta={"profile": [profile]}, **members)


@pytest.mark.django_db
def test_an_uploaded_profile_counts_from_then_on() -> None:
    put(**PROFILE)

    with pytest.raises(Unprocessable) as refused:
        claiming(STRICT, gender="female")
    assert refused.value.issues[0].expression == ("Patient.birthDate",)
    assert claiming(STRICT, birthDate="1944-03-14").changed


@pytest.mark.django_db
def test_a_profile_nobody_knows_is_told_but_does_not_refuse() -> None:
    written = claiming("http://x.test/StructureDefinition/unknown")

    assert written.changed
    assert [issue.severity for issue in written.issues] == ["warning"]


@pytest.mark.django_db
def test_a_shipped_norwegian_profile_is_applied() -> None:
    norwegian = "http://hl7.no/fhir/ig/StructureDefinition/no-basis-Patient"

    assert conformance.profiles().knows(norwegian)
    assert claiming(norwegian, name=[{"family": "Kvernbråten"}]).issues == ()


@pytest.mark.django_db
def test_a_resource_without_a_claim_is_held_to_the_base_alone() -> None:
    put(**PROFILE)

    assert put(resourceType="Patient", id="a").changed
