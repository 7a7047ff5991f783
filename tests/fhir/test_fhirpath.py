"""The FHIRPath library does what we rely on."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from fellesjournal.fhir.fhirpath import FhirPathError, evaluate

PATIENT: dict[str, Any] = {
    "resourceType": "Patient",
    "deceasedBoolean": False,
    "name": [{"family": "Ås", "given": ["Kari", "B"]}],
    "contact": [{"name": {"family": "x"}}],
}


def test_paths_choices_and_functions_are_evaluated() -> None:
    assert evaluate(PATIENT, "Patient.name.given") == ["Kari", "B"]
    assert evaluate(PATIENT, "deceased") == [False]
    assert evaluate(PATIENT, "name.given.count() = 2") == [True]


def test_a_part_is_evaluated_with_its_type() -> None:
    observation = {"valueQuantity": {"value": 1}}
    assert evaluate(observation, "value.value", type_name="Observation") == [1]
    assert evaluate(PATIENT["contact"][0], "name.family", type_name="Patient.contact") == ["x"]


def test_the_resource_is_known_as_a_variable_and_not_changed() -> None:
    before = copy.deepcopy(PATIENT)
    part = PATIENT["contact"][0]
    assert evaluate(part, "%resource.name.family", resource=PATIENT) == ["Ås"]
    assert before == PATIENT


def test_trace_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate(PATIENT, "name.trace('name').family") == ["Ås"]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("expression", ["nonsense(", "name.unknownFunction()", "1 + 'a'"])
def test_bad_expressions_raise_one_kind_of_error(expression: str) -> None:
    with pytest.raises(FhirPathError):
        evaluate(PATIENT, expression)
