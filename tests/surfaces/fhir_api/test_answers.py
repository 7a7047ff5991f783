"""Whatever the API answers is itself valid FHIR."""

from __future__ import annotations

import pytest

from fellesjournal.fhir.validation import validate
from tests.surfaces.fhir_api.client import Client, bundle, entry, observation, patient


@pytest.fixture(scope="module")
def filled(api: Client) -> Client:
    """A record with some of everything."""
    api.put("Patient/an", patient(id="an", name=[{"family": "Answer"}]))
    api.put("Patient/an", patient(id="an", name=[{"family": "Answer"}], gender="male"))
    api.put("Patient/an2", patient(id="an2", name=[{"family": "Answer"}]))
    api.create(observation(subject={"reference": "Patient/an"}))
    api.put("Patient/an3", patient(id="an3"))
    api.delete("Patient/an3")
    return api


@pytest.mark.parametrize(
    "address",
    [
        "metadata",
        "metadata?_summary=true",
        "Patient?family=Answer",
        "Patient?family=Answer&_count=1",
        "Patient?family=Nobody",
        "Patient?_summary=count",
        "Patient?family=Answer&_summary=true",
        "Patient?family=Answer&_elements=gender",
        "Patient?family=Answer&_revinclude=Observation:subject",
        "?_type=Patient,Observation",
        "Patient/an/_history",
        "Patient/_history",
        "_history?_count=2",
        "Patient/an3/_history",
        "Patient/an/*",
        "Patient/an/$everything",
        "Patient/an/$meta",
        "Patient/an/$validate",
        "Patient/nobody",
        "Patient/an3",
        "Nonsense",
        "Patient?nonsense=1",
    ],
)
def test_a_get_answers_valid_fhir(filled: Client, address: str) -> None:
    answer = filled.get(address)
    found = answer.json
    if "_summary=true" in address or "_elements" in address:
        # what is cut is not whole; SUBSETTED says so
        for resource in filled.get(address).resources:
            assert resource["meta"]["tag"][-1]["code"] == "SUBSETTED"
        return
    assert validate(found) == [], answer.body


def test_a_lenient_answer_with_its_outcome_is_valid(filled: Client) -> None:
    answer = filled.get("Patient?family=Answer&nonsense=1", Prefer="handling=lenient")
    assert validate(answer.json) == []


@pytest.mark.parametrize("returns", ["minimal", "representation", "OperationOutcome"])
@pytest.mark.parametrize("kind", ["batch", "transaction"])
def test_an_exchange_answers_a_valid_bundle(filled: Client, kind: str, returns: str) -> None:
    entries = [
        entry("POST", "Patient", patient(), "urn:uuid:0f1b1d5e-5a37-4b5b-8dbb-5a4a3a0d1c11"),
        entry("PUT", "Patient/an4", patient(id="an4")),
        entry("DELETE", "Patient/an3"),
        entry("GET", "Patient/an"),
        entry("GET", "Patient/an", ifNoneMatch='W/"2"'),
        entry("GET", "Patient?family=Answer"),
        entry("HEAD", "Patient/an"),
    ]
    if kind == "batch":
        entries += [entry("POST", "Patient", patient(gender="x")), entry("GET", "Patient/nobody")]
    answer = filled.post("", bundle(kind, *entries), Prefer=f"return={returns}")
    assert answer.status == 200, answer.body
    assert validate(answer.json) == [], answer.body
    assert len(answer.json["entry"]) == len(entries)


def test_answers_are_for_the_client_alone(filled: Client) -> None:
    answer = filled.get("Patient/an")
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
