"""What a role may not see in a record is never said not to be there."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from fellesjournal.access.policy.areas import Area
from fellesjournal.access.policy.kinds import GroundKind
from fellesjournal.access.policy.roles import masks, role_of
from fellesjournal.care.medication.queries import list_of
from fellesjournal.demo.cast_staff import STAFF
from tests.signing_in import GP, put, staff_client
from tests.staff import SYSTEM

pytestmark = pytest.mark.django_db
SECRETARY = next(member for member in STAFF if member.role == "secretary")
NONE = (
    "No active problems recorded", "No current medicines to show", "No vital signs recorded",
    "No laboratory results recorded", "No medicines in use to show", "Allergies not asked about",
    "Nobody has recorded whether the patient has allergies",
)  # fmt: skip


def _record(gp: str) -> None:
    put("Patient", "p", name=[{"family": "Nesvoll", "given": ["Kari"]}], birthDate="1950-04-01",
        generalPractitioner=[{"reference": gp}])  # fmt: skip
    whose = {"subject": {"reference": "Patient/p"}}
    put("Condition", "c", code={"text": "Diabetes type 2"}, **whose)
    put("MedicationRequest", "m", status="active", intent="order",
        medicationCodeableConcept={"text": "Metformin"}, **whose)  # fmt: skip


@pytest.fixture
def secretary() -> Client:
    """At the office whose list the patient is on: she sees no diagnoses, results or medicines."""
    client = staff_client(SECRETARY)
    _record(f"Organization/{SECRETARY.unit_id}")
    client.cookies["language"] = "en"
    return client


def _text(client: Client, name: str = "chart") -> str:
    answer = client.get(reverse(name, args=["p"]))
    assert answer.status_code == 200, name
    return answer.content.decode()


def test_the_overview_of_who_sees_a_part_never_says_that_there_is_none(secretary: Client) -> None:
    assert list_of(SYSTEM, "p").medicines  # there are
    page = _text(secretary)
    assert [each for each in NONE[:4] if each in page] == []
    assert page.count("The record may hold something all the same.") == 4
    assert "Not open to your role here: medicines, diagnoses and results." in page
    assert '<span class="panel__count">0</span>' not in page


def test_the_page_of_medicines_of_who_does_not_see_them_says_so(secretary: Client) -> None:
    page = _text(secretary, "medicines")
    assert "No medicines in use to show" not in page
    assert "Not open to your role here." in page


def test_allergies_that_are_not_open_are_not_said_to_be_unasked() -> None:
    client = staff_client(SECRETARY)
    _record("Practitioner/somebody")
    put("ServiceRequest", "lab", status="active", intent="order",
        subject={"reference": "Patient/p"},
        category=[{"coding": [{"system": "http://snomed.info/sct", "code": "108252007"}]}],
        performer=[{"reference": f"Organization/{SECRETARY.unit_id}"}])  # fmt: skip
    client.cookies["language"] = "en"
    page = _text(client)
    assert [each for each in NONE if each in page] == []
    assert "Allergies and warnings are not open to your role here" in page


def test_who_sees_all_is_told_what_is_missing_and_what_is_not() -> None:
    client = staff_client()
    _record(f"Practitioner/{GP.id}")
    client.cookies["language"] = "en"
    page = _text(client)
    assert "No vital signs recorded" in page
    assert "Allergies not asked about" in page
    assert "Not open to your role here" not in page


def test_the_roles_of_these_tests_see_what_they_say() -> None:
    seen = masks(role_of("secretary"))
    assert not Area(seen[GroundKind.LIST_GP]) & (Area.HEALTH | Area.MEDICATION)
    assert not Area(seen[GroundKind.REQUISITION]) & Area.CRITICAL
