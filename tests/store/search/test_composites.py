"""Every composite value in the official examples is found by its parts together, and only so."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fhirpathpy import evaluate
from fhirpathpy.models import models

from fellesjournal.foundation.database.connection import connection
from fellesjournal.store.search import search
from fellesjournal.store.visibility import EVERYTHING
from tests.store.search.test_differential import load_examples

SINGLE = re.compile(r"value\.as\((\w+)\)")


def elements(expression: str, data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The elements a composite is about."""
    for path in expression.split(" | "):
        if path.split(".")[0] == data["resourceType"]:
            yield from ([data] if "." not in path else evaluate(data, path, {}, models["r4"]))


def part_texts(expression: str, element: dict[str, Any], data: dict[str, Any]) -> set[str]:
    """How the values of a part may be written in a query."""
    if expression.startswith("%resource."):
        values = evaluate(data, expression.removeprefix("%resource."), {}, models["r4"])
    else:
        names = SINGLE.findall(expression) or [""]
        keys = [f"value{name[0].upper()}{name[1:]}" for name in names if name] or [expression]
        keys = [
            each
            for key in keys
            for each in ([key, "valueCodeableConcept", "valueBoolean"] if key == "value" else [key])
        ]
        values = [element[key] for key in keys if key in element]
    return {text for value in values for text in texts_of(value)}


def texts_of(value: Any) -> Iterator[str]:
    if isinstance(value, bool):
        yield str(value).lower()
    elif not isinstance(value, dict):
        yield re.sub(r"([\\,$|])", r"\\\1", str(value))
    elif "coding" in value:
        for coding in value["coding"]:
            if "code" in coding:
                yield f"{coding.get('system', '')}|{coding['code']}"
                yield coding["code"]
    elif "code" in value and "value" not in value and "low" not in value:
        yield f"{value.get('system', '')}|{value['code']}"
    elif "reference" in value:
        if not value["reference"].startswith("#"):
            yield value["reference"]
    elif "value" in value and "comparator" not in value:
        yield str(value["value"])
        if value.get("system") and value.get("code"):
            yield f"{value['value']}|{value['system']}|{value['code']}"
        if value.get("unit"):
            yield f"{value['value']}||{value['unit']}"


@pytest.mark.django_db
def test_every_composite_of_the_examples_is_found_by_its_parts(shared_data: Path) -> None:
    kept = load_examples(shared_data)
    text = (shared_data / "fhir-r4-definitions" / "search-parameters.json").read_text()
    found: Counter[str] = Counter()
    missed = []
    for definition in json.loads(text):
        if definition["type"] != "composite":
            continue
        for base in definition["base"]:
            for fhir_id, data in kept.get(base, {}).items():
                for element in elements(definition["expression"], data):
                    parts = [
                        part_texts(c["expression"], element, data) for c in definition["component"]
                    ]
                    for value in combined(parts):
                        page = search(connection(), [(definition["code"], value)], base, EVERYTHING)
                        found[definition["code"]] += 1
                        if fhir_id not in {stored.id for stored in page.matches}:
                            missed.append((base, fhir_id, definition["code"], value))
    assert not missed, missed[:20]
    assert {"code-value-quantity", "component-code-value-quantity", "combo-code-value-quantity", "relationship",
            "code-value-concept", "context-type-value"} <= found.keys()  # fmt: skip


def combined(parts: list[set[str]]) -> Iterator[str]:
    if not all(parts):
        return
    yield from ("$".join(each) for each in _product([sorted(part) for part in parts]))


def _product(parts: list[list[str]]) -> Iterator[tuple[str, ...]]:
    if not parts:
        yield ()
        return
    for first in parts[0]:
        for rest in _product(parts[1:]):
            yield (first, *rest)
