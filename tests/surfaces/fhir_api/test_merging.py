"""Patient/$merge and Patient/$unmerge over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from tests.surfaces.fhir_api.client import Client

Json = Any


def asked(**values: Json) -> Json:
    keys = {dict: "valueReference", int: "valueInteger", str: "valueString"}
    return {
        "resourceType": "Parameters",
        "parameter": [
            {"name": name.replace("_", "-"), keys[type(value)]: value}
            for name, value in values.items()
        ],
    }


def patient(fhir_id: str) -> Json:
    return {"reference": f"Patient/{fhir_id}"}


def test_two_records_become_one_and_two_again(api: Client) -> None:
    for fhir_id in ("source", "target"):
        api.put(f"Patient/{fhir_id}", {"resourceType": "Patient", "id": fhir_id})
    seen = {"resourceType": "Basic", "id": "b", "code": {"text": "x"}, "subject": patient("source")}
    api.put("Basic/b", seen)

    answer = api.post(
        "Patient/$merge",
        asked(
            source_patient=patient("source"), target_patient=patient("target"), reason="one person"
        ),
    )
    assert answer.status == 200, answer.body
    parts = {part["name"]: part for part in answer.json["parameter"]}
    assert parts["result"]["resource"]["id"] == "target"
    assert api.get("Basic/b").json["subject"] == patient("target")
    assert api.get("Patient/source").json["active"] is False

    number = parts["merge"]["valueInteger"]
    undone = api.post("Patient/$unmerge", asked(merge=number, reason="two after all"))
    assert undone.status == 200, undone.body
    assert api.get("Basic/b").json["subject"] == patient("source")
    again = api.post("Patient/$unmerge", asked(merge=number, reason="two after all"))
    assert again.status == 404


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"source_patient": {"reference": "Patient/source"}, "reason": "x"},
        {"source_patient": {"reference": "Group/g"}, "target_patient": {"reference": "Patient/t"},
         "reason": "x"},
        {"source_patient": {"reference": "Patient/source"}, "target_patient": {"reference": "Patient/t"}},
    ],
)  # fmt: skip
def test_what_is_missing_is_named(api: Client, given: Json) -> None:
    answer = api.post("Patient/$merge", asked(**given))
    assert answer.status == 400
    assert answer.json["issue"][0]["expression"][0].startswith("Parameters.parameter[")


def test_a_record_that_is_not_there_is_not_merged(api: Client) -> None:
    api.put("Patient/target", {"resourceType": "Patient", "id": "target"})
    answer = api.post(
        "Patient/$merge",
        asked(source_patient=patient("none"), target_patient=patient("target"), reason="x"),
    )
    assert answer.status == 404
