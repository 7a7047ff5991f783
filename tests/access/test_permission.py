"""Nobody writes herself into a record, and what is refused tells nothing."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from fellesjournal.access import export, records
from fellesjournal.access.citizens import citizen
from fellesjournal.access.sessions import Session
from fellesjournal.access.writing import Operation, write
from fellesjournal.fhir import bodies
from fellesjournal.fhir.issues import FhirError, NotAllowed, NotFound
from tests.staff import SYSTEM, employ, register

FNR = "urn:oid:2.16.578.1.12.4.1.4.1"
ME = {"reference": "Practitioner/d"}
AMBULATORY = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"}


def body(**data: Any) -> bodies.Body:
    return bodies.parse(orjson.dumps(data))


def encounter(patient: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Encounter", "status": "in-progress", "class": AMBULATORY,
        "period": {"start": "2026-11-01"}, "subject": {"reference": f"Patient/{patient}"},
        "participant": [{"individual": ME}], **more,
    }  # fmt: skip


@pytest.fixture
def doctor(db: None) -> Session:
    del db
    found = employ("d")
    register("a", "Practitioner/d", identifier=[{"system": FNR, "value": "13031400110"}])
    register("b", identifier=[{"system": FNR, "value": "13031400200"}])
    return found


SELF_MADE = {
    "Encounter": encounter("b"),
    "Appointment": {
        "status": "booked", "start": "2026-11-22T10:00:00Z", "end": "2026-11-22T11:00:00Z",
        "participant": [{"actor": {"reference": "Patient/b"}, "status": "accepted"},
                        {"actor": ME, "status": "accepted"}],
    },
    "ServiceRequest": {"status": "active", "intent": "order", "requester": ME,
                       "subject": {"reference": "Patient/b"}},
    "EpisodeOfCare": {"status": "active", "patient": {"reference": "Patient/b"}, "careManager": ME},
    "CareTeam": {"status": "active", "subject": {"reference": "Patient/b"}, "participant": [{"member": ME}]},
    "CarePlan": {"status": "active", "intent": "plan", "subject": {"reference": "Patient/b"},
                 "activity": [{"detail": {"status": "in-progress", "performer": [ME]}}]},
    "Task": {"status": "requested", "intent": "order", "for": {"reference": "Patient/b"}, "owner": ME},
}  # fmt: skip


@pytest.mark.parametrize("name", SELF_MADE)
def test_a_ground_that_one_writes_oneself_opens_nothing(doctor: Session, name: str) -> None:
    made = body(**{**SELF_MADE[name], "resourceType": name})
    before = export.counts(SYSTEM)
    with pytest.raises(NotAllowed):
        write(doctor.again(), [Operation("create", name, body=made)])
    assert export.counts(SYSTEM) == before
    with pytest.raises(NotFound):
        records.read(doctor.again(), "Patient", "b")


def test_a_ground_can_not_be_moved_to_another_patient(doctor: Session) -> None:
    write(SYSTEM, [Operation("update", "Encounter", id="e", body=body(**encounter("a"), id="e"))])
    moved = Operation("update", "Encounter", id="e", body=body(**encounter("b"), id="e"))
    with pytest.raises(NotAllowed):
        write(doctor.again(), [moved])
    with pytest.raises(NotFound):
        records.read(doctor.again(), "Patient", "b")


def test_the_contact_one_has_may_be_changed_and_ended(doctor: Session) -> None:
    register("a")
    write(SYSTEM, [Operation("update", "Encounter", id="e", body=body(**encounter("a"), id="e"))])
    ended = encounter("a", status="cancelled")
    write(doctor.again(), [Operation("update", "Encounter", id="e", body=body(**ended, id="e"))])
    with pytest.raises(NotFound):
        records.read(doctor.again(), "Encounter", "e")


def test_another_patient_can_not_be_added_to_what_one_writes(doctor: Session) -> None:
    both = {
        "resourceType": "Appointment", "status": "booked",
        "start": "2026-11-22T10:00:00Z", "end": "2026-11-22T11:00:00Z",
        "participant": [{"actor": {"reference": f"Patient/{each}"}, "status": "accepted"} for each in "ab"],
    }  # fmt: skip
    with pytest.raises(NotAllowed):
        write(doctor.again(), [Operation("create", "Appointment", body=body(**both))])
    register("b", "Practitioner/d")
    write(doctor.again(), [Operation("create", "Appointment", body=body(**both))])


def test_a_number_in_use_and_one_that_is_free_are_refused_alike(doctor: Session) -> None:
    said = set()
    for number in ("13031400200", "13031400300"):  # of b, and of nobody
        identifier = [{"system": FNR, "value": number}]
        for operation in (
            Operation("update", "Patient", id="a",
                      body=body(resourceType="Patient", id="a", identifier=identifier,
                                generalPractitioner=[ME])),
            Operation("create", "Patient",
                      body=body(resourceType="Patient", identifier=identifier, generalPractitioner=[ME])),
        ):  # fmt: skip
            with pytest.raises(FhirError) as refused:
                write(doctor.again(), [operation])
            said.add((operation.kind, refused.type, str(refused.value)))
    assert len(said) == 2
    kept = [{"system": FNR, "value": "13031400110"}]
    same = body(
        resourceType="Patient", id="a", identifier=kept, generalPractitioner=[ME], gender="male"
    )
    write(doctor.again(), [Operation("update", "Patient", id="a", body=same)])


def test_a_citizen_adds_to_her_record_and_changes_nothing_that_others_wrote(
    doctor: Session,
) -> None:
    del doctor
    data = {"resourceType": "Observation", "status": "final", "code": {"text": "x"},
            "subject": {"reference": "Patient/a"}}  # fmt: skip
    write(SYSTEM, [Operation("update", "Observation", id="o", body=body(**data, id="o"))])
    before = records.read(SYSTEM, "Observation", "o")
    for operation in (
        Operation("delete", "Observation", id="o"),
        Operation(
            "update", "Observation", id="o", body=body(**{**data, "status": "amended"}, id="o")
        ),
        Operation("delete", "Observation", criteria="code:text=x"),
    ):
        with pytest.raises(NotAllowed):
            write(citizen("a"), [operation])
    assert records.read(SYSTEM, "Observation", "o") == before
    (added,) = write(citizen("a"), [Operation("create", "Observation", body=body(**data))])
    assert added.created
