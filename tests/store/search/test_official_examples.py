"""All official examples can be stored, come back as sent, and are found by every parameter they carry.

The values to search for come from the official FHIRPath of each parameter, run by an engine
that shares no code with the product; the searches are real ones, on the database.
"""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from fellesjournal.access.export import check_record
from fellesjournal.access.records import read
from fellesjournal.access.sessions import system_session
from fellesjournal.access.writing import Operation, write
from fellesjournal.fhir import bodies
from fellesjournal.fhir.definitions.search import search_of
from fellesjournal.foundation.database.connection import connection
from fellesjournal.store.search import search_ids
from fellesjournal.store.visibility import EVERYTHING
from tests.fhirpath_search import Definition, official_parameters, values
from tests.store.search import brute_force

SESSION = system_session("system:test", purpose="HSYSADMIN")
MANY = 2000

# Not what the example says: the server's own time, and a value whose type (scheduledString)
# the FHIRPath engine can't tell from a date.
PASSED_OVER = {"_lastUpdated", "activity-date"}


def exact(raw: bytes) -> Any:
    """JSON with decimals as they were spelt, without what the server writes."""
    found = json.loads(raw, parse_float=Decimal, parse_int=str)
    meta = {k: v for k, v in found.get("meta", {}).items() if k not in {"versionId", "lastUpdated"}}
    rest = {key: value for key, value in found.items() if key != "meta"}
    return rest | ({"meta": meta} if meta else {})


def escaped(text: str) -> str:
    for character in "\\,|$":
        text = text.replace(character, "\\" + character)
    return text


def queries(definition: Definition, value: Any) -> list[str]:
    """Search values that a resource carrying this value must be found by."""
    kind = definition["type"]
    if kind == "token":
        return [
            escaped(code) if system is None else f"{escaped(system)}|{escaped(code)}"
            for system, code in brute_force.codes(value)
            if code
        ]
    if definition["code"] == "phonetic":
        # "a portion of either family or given name": not the text, a title or a degree
        name = value if isinstance(value, dict) else {}
        parts = [name.get("family", ""), *name.get("given", [])]
        return [escaped(part) for part in parts if part]
    if kind == "string":
        return [escaped(text[:60]) for text in brute_force.strings(value) if text.strip()]
    if kind == "date":
        starts = [value] if isinstance(value, str) else []
        if isinstance(value, dict):
            starts = [value[name] for name in ("start", "end") if name in value]
        return [f"ge{start}" for start in starts if str(start)[:4].isdigit() and start == value] + [
            f"le{start}" for start in starts if str(start)[:4].isdigit() and start == value
        ]
    if kind == "uri":
        return [escaped(value)] if isinstance(value, str) else []
    if kind == "reference":
        literal = value.get("reference", "") if isinstance(value, dict) else value
        return [literal] if isinstance(literal, str) and literal and literal[0] != "#" else []
    if kind == "quantity" and isinstance(value, dict) and "value" in value:
        unit = escaped(str(value.get("code") or value.get("unit") or ""))
        system = escaped(value.get("system", "")) if "code" in value else ""
        return [f"{value['value']}|{system}|{unit}"] if "comparator" not in value else []
    if kind == "number" and not isinstance(value, dict):
        return [str(value)]
    return []


@pytest.mark.slow
@pytest.mark.django_db
def test_every_example_is_kept_to_the_byte_and_found_by_every_parameter_it_carries(
    shared_data: Path,
) -> None:
    files = sorted((shared_data / "fhir-r4-examples").glob("*.json"))
    examples: dict[tuple[str, str], bytes] = {}
    for file in files:
        body = bodies.parse(file.read_bytes())
        examples[body.data["resourceType"], body.data["id"]] = body.raw
    assert len(files) >= 690
    for (type_name, fhir_id), raw in examples.items():
        write(SESSION, [Operation("update", type_name, id=fhir_id, body=bodies.parse(raw))])

    for (type_name, fhir_id), raw in examples.items():
        stored = read(SESSION, type_name, fhir_id)
        assert stored.body is not None
        assert exact(stored.body) == exact(raw), (type_name, fhir_id)
    assert [found for found in check_record(SESSION) if not isinstance(found, int)] == []

    missed, asked = [], Counter[str]()
    parameters = official_parameters(shared_data)
    for (type_name, fhir_id), raw in examples.items():
        data = json.loads(raw)
        for definition in [*parameters[type_name], *parameters["Resource"]]:
            known = search_of(type_name).parameters.get(definition["code"])
            if known is None or not known.url.endswith("/" + definition["id"]):
                continue
            if definition["code"] in PASSED_OVER:
                continue
            for query in distinct(definition, data):
                asked[definition["type"]] += 1
                criteria = f"{definition['code']}={quote(query)}"
                found = search_ids(connection(), type_name, criteria, EVERYTHING, limit=MANY)
                if fhir_id not in found:
                    missed.append((type_name, fhir_id, criteria))

    assert not missed, "\n".join(map(str, missed[:40]))
    assert sum(asked.values()) > 5000, asked


def distinct(definition: Definition, data: dict[str, Any]) -> list[str]:
    """The different queries one resource gives for one parameter, at most a few."""
    found: dict[str, None] = {}
    for value, only in values(definition, data):
        if only is not None and f"/{only}/" not in f"/{value.get('reference', '')}":
            continue
        found.update(dict.fromkeys(queries(definition, value)))
    return list(found)[:6]
