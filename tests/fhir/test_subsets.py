"""_summary and _elements on bytes."""

from __future__ import annotations

import random
from typing import Any

import orjson
import pytest

from fellesjournal.fhir.definitions import RESOURCE_TYPES, Element, element_tree
from fellesjournal.fhir.issues import BadRequest
from fellesjournal.fhir.subsets import Subset, subset
from tests.resources import random_resource

ALWAYS = {"resourceType", "id", "meta", "implicitRules", "modifierExtension"}


def cut(resource: Any, summary: str | None = None, elements: str | None = None) -> Any:
    made = subset(summary, elements)
    assert made is not None
    return orjson.loads(made(resource["resourceType"], orjson.dumps(resource)))


@pytest.mark.parametrize("type_name", RESOURCE_TYPES)
def test_a_summary_keeps_what_the_standard_marks_at_every_level(type_name: str) -> None:
    for seed in range(3):
        resource = random_resource(type_name, random.Random(seed), 0.6)
        _check(resource, cut(resource, "true"), element_tree(type_name), ALWAYS)


def _check(whole: Any, part: Any, element: Element, always: set[str]) -> None:
    children = {
        name: child
        for child in element.children.values()
        for name in child.json_names() or (child.name,)
    }
    for name, value in whole.items():
        child = children.get(name)
        if child is None or name in always:
            continue
        if not child.is_summary and (child.min == 0 or element.path == whole.get("resourceType")):
            assert name not in part, name
        elif child.children and child.is_summary:
            for one, other in zip(_listed(value), _listed(part[name]), strict=True):
                _check(one, other, child, set())
        else:
            assert part[name] == value, name


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_digits_and_order_of_what_is_kept_stay() -> None:
    raw = (
        b'{"resourceType":"Observation","valueQuantity":{"value":1.00},"status":"final","note":[],'
        b'"code":{"text":"x"},"_status":{"id":"s"},"meta":{"versionId":"1","tag":[{"code":"t"}]}}'
    )
    made = subset("true", None)
    assert made is not None
    part = made("Observation", raw)
    assert part.startswith(
        b'{"resourceType":"Observation","valueQuantity":{"value":1.00},"status":'
    )
    assert [tag["code"] for tag in orjson.loads(part)["meta"]["tag"]] == ["t", "SUBSETTED"]
    assert orjson.loads(part)["_status"] == {"id": "s"}


def test_elements_keep_what_is_mandatory_and_choices_by_their_stem() -> None:
    observation = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"text": "x"},
        "valueString": "v",
        "note": [{"text": "n"}],
        "modifierExtension": [{"url": "urn:x", "valueBoolean": True}],
    }
    assert set(cut(observation, elements="value")) == {
        "resourceType", "status", "code", "valueString", "modifierExtension", "meta",
    }  # fmt: skip
    assert "note" in cut(observation, elements=" note , nothing")
    assert "note" not in cut(observation, elements="Patient.note")


def test_what_can_not_be_combined_is_refused() -> None:
    with pytest.raises(BadRequest):
        subset("true", "name")
    with pytest.raises(BadRequest):
        subset("count", None)
    whole: Subset | None = subset("false", None)
    assert whole is None
