"""What others hold to be valid is accepted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from fellesjournal.fhir.validation import validate

# Each breaks the standard it is an example of; validation/errata.py says what is made of it.
WARNED = {
    "ActivityDefinition-blood-tubes-supply": "txt-2",
    "ActivityDefinition-heart-valve-replacement": "txt-2",
    "EventDefinition-example": "txt-2",
    "Questionnaire-zika-virus-exposure-assessment": "txt-2",
    "DeviceMetric-example": "may not lead to DeviceDefinition",
    "DeviceUseStatement-example": "may not lead to Procedure",
    "MedicationRequest-medrx0301": "may not lead to Practitioner",
    "Observation-clinical-gender": "may not lead to Encounter",
    "Questionnaire-qs1": "is required",
}


def read(path: Path) -> dict[str, Any]:
    data: dict[str, Any] = orjson.loads(path.read_bytes())
    return data


def test_all_official_examples_are_accepted(shared_data: Path) -> None:
    refused = {
        path.stem: issues
        for path in sorted((shared_data / "fhir-r4-examples").glob("*.json"))
        if (issues := validate(read(path)))
    }
    assert refused == {}


def test_examples_that_break_the_standard_are_accepted_with_a_warning(shared_data: Path) -> None:
    for name, words in WARNED.items():
        issues = validate(read(shared_data / "fhir-r4-examples" / f"{name}.json"), warnings=True)
        assert any(words in issue.diagnostics for issue in issues), name
        assert {issue.severity for issue in issues} == {"warning"}


def test_all_synthea_bundles_are_accepted(shared_data: Path) -> None:
    refused = {
        path.name: issues
        for path in sorted((shared_data / "synthea").glob("*.json"))
        if (issues := validate(read(path)))
    }
    assert refused == {}
