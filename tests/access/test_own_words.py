"""What a citizen, or an app she lets in, may add to her record: nothing that stands for a doctor's."""

from __future__ import annotations

from typing import Any

import pytest

from fellesjournal.access import acts, records
from fellesjournal.access.citizens import citizen
from fellesjournal.fhir.issues import NotAllowed
from tests.staff import SYSTEM, employ, register

pytestmark = pytest.mark.django_db

Json = dict[str, Any]
A = {"reference": "Patient/a"}
GP = {"reference": "Practitioner/gp"}
MORPHINE: Json = {"medicationCodeableConcept": {"text": "Morfin 100 mg"}}
ORDER: Json = {"status": "active", "intent": "order", "subject": A}

FORGED: list[Json] = [
    {"resourceType": "MedicationRequest", **ORDER, **MORPHINE, "requester": GP},
    {"resourceType": "MedicationRequest", **ORDER, **MORPHINE},
    {
        "resourceType": "List", "status": "current", "mode": "working", "subject": A,
        "code": {"coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/list-example-use-codes",
            "code": "medications",
        }]},
    },
    {"resourceType": "MedicationDispense", "status": "completed", "subject": A, **MORPHINE},
    {
        "resourceType": "MedicationAdministration", "status": "completed", "subject": A,
        "effectiveDateTime": "2026-11-01", **MORPHINE,
    },
    {
        "resourceType": "DiagnosticReport", "status": "final", "code": {"text": "Hb"}, "subject": A,
        "performer": [{"reference": "Organization/u"}],
    },
    {"resourceType": "Condition", "subject": A, "recorder": GP, "code": {"text": "Smerter"}},
    {"resourceType": "ServiceRequest", **ORDER, "requester": GP, "performer": [{"reference": "Organization/u"}]},
    {
        "resourceType": "Observation", "status": "final", "code": {"text": "x"}, "subject": A,
        "performer": [GP],
    },
    {
        "resourceType": "MedicationStatement", "status": "active", "subject": A, **MORPHINE,
        "informationSource": GP,
    },
]  # fmt: skip


def _name(data: Json) -> str:
    return str(data["resourceType"])


@pytest.mark.parametrize("data", FORGED, ids=_name)
def test_a_citizen_writes_nothing_that_would_stand_as_a_doctors(data: Json) -> None:
    employ("gp")
    register("a", "Practitioner/gp")
    with pytest.raises(NotAllowed):
        acts.act(citizen("a"), [acts.create(data)])
    assert records.search(SYSTEM, str(data["resourceType"]), []).matches == []


OWN: list[Json] = [
    {"resourceType": "Observation", "status": "final", "code": {"text": "x"}, "subject": A, "performer": [A]},
    {"resourceType": "Observation", "status": "final", "code": {"text": "x"}, "subject": A},
    {"resourceType": "MedicationStatement", "status": "active", "subject": A, **MORPHINE, "informationSource": A},
    {"resourceType": "ServiceRequest", **ORDER, "requester": A, "performer": [{"reference": "Organization/u"}]},
]  # fmt: skip


@pytest.mark.parametrize("data", OWN, ids=_name)
def test_a_citizen_adds_what_she_measures_takes_and_asks_for(data: Json) -> None:
    employ("gp")
    register("a", "Practitioner/gp")
    (made,) = acts.act(citizen("a"), [acts.create(data)])
    assert made.type == data["resourceType"]


MEASURED: Json = {
    "resourceType": "Observation", "status": "final", "code": {"text": "Vekt"}, "subject": A,
    "performer": [A], "effectiveDateTime": "2026-11-01T08:00:00+01:00",
    "valueQuantity": {"value": 80, "unit": "kg"},
}  # fmt: skip


def test_a_citizen_says_that_her_own_measurement_was_wrong_and_changes_nothing_else_of_it() -> None:
    employ("gp")
    register("a", "Practitioner/gp")
    (stored,) = acts.act(citizen("a"), [acts.create(MEASURED)])
    stood = acts.content(stored)
    other = {**stood, "valueQuantity": {"value": 70, "unit": "kg"}}
    for changed in (
        other,
        {**other, "status": "entered-in-error"},
        {**stood, "status": "cancelled"},
        {**stood, "status": "entered-in-error", "performer": [GP]},
        {**stood, "status": "entered-in-error", "subject": {"reference": "Patient/b"}},
        {**stood, "status": "entered-in-error", "note": [{"text": "x"}]},
    ):
        with pytest.raises(NotAllowed):
            acts.act(citizen("a"), [acts.change(changed, seen=1)])
    acts.act(citizen("a"), [acts.change({**stood, "status": "entered-in-error"}, seen=1)])


@pytest.mark.parametrize("performer", [[GP], [A, GP], None])
def test_a_citizen_takes_back_no_measurement_of_others(performer: list[Json] | None) -> None:
    employ("gp")
    register("a", "Practitioner/gp")
    made = {name: value for name, value in MEASURED.items() if name != "performer"}
    (stored,) = acts.act(
        SYSTEM, [acts.create({**made, **({"performer": performer} if performer else {})})]
    )
    wrong = {**acts.content(stored), "status": "entered-in-error"}
    with pytest.raises(NotAllowed):
        acts.act(citizen("a"), [acts.change(wrong, seen=1)])
