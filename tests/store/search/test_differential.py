"""INV-53: search equals a brute-force evaluator over the stored bodies."""

from __future__ import annotations

import json
import random
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from fellesjournal.fhir import bodies
from fellesjournal.fhir.definitions.search import search_of
from fellesjournal.foundation.database.connection import connection
from fellesjournal.store.commit import Change, Method
from fellesjournal.store.search import search
from fellesjournal.store.visibility import EVERYTHING
from tests.fhirpath_search import Definition, official_parameters, values
from tests.store.search.brute_force import codes, intervals, matches, strings
from tests.store.writing import written

PREFIXES = ("", "", "eq", "ne", "gt", "lt", "ge", "le", "sa", "eb")
# fhirpathpy's values have lost their type: a scheduledString that holds a date looks like one,
# and an Attachment or a string counts as a value although no search of references can find it.
TYPELESS = {
    ("CarePlan", "activity-date"),
    ("Consent", "source-reference"),
    ("Immunization", "date"),
}


def load_examples(shared_data: Path) -> dict[str, dict[str, dict[str, Any]]]:
    """Write the official examples; answers type -> id -> resource."""
    kept: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    changes = []
    for path in sorted((shared_data / "fhir-r4-examples").glob("*.json")):
        body = bodies.parse(path.read_bytes())
        name, fhir_id = body.data["resourceType"], body.data.get("id")
        if fhir_id and fhir_id not in kept[name]:
            kept[name][fhir_id] = body.data
            changes.append(Change(name, fhir_id, Method.PUT, body))
    written(*changes)
    return kept


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_random_queries_find_what_reading_every_resource_finds(
    shared_data: Path, seed: int
) -> None:
    chance = random.Random(seed)
    kept = load_examples(shared_data)
    parameters = official_parameters(shared_data)
    asked: Counter[str] = Counter()
    differing = []
    for _ in range(1500):
        name = chance.choice([each for each in kept if parameters[each]])
        query, expected = [], set(kept[name])
        for _ in range(chance.choice((1, 1, 1, 2))):
            definition = chance.choice(parameters[name])
            parameter = search_of(name).parameters.get(definition["code"])
            if (
                parameter is None
                or not parameter.url.endswith("/" + definition["id"])
                or definition.get("xpathUsage") == "phonetic"
            ):
                continue
            if (name, definition["code"]) in TYPELESS:
                continue
            criterion = random_criterion(chance, definition, list(kept[name].values()))
            if criterion is None:
                continue
            modifier, texts = criterion
            asked[f"{definition['type']}:{modifier}"] += 1
            query.append(
                (
                    definition["code"] + (f":{modifier}" if modifier else ""),
                    ",".join(map(escaped, texts)),
                )
            )
            expected &= {
                fhir_id
                for fhir_id, data in kept[name].items()
                if combine(modifier)(matches(definition, data, modifier, text) for text in texts)
            }
        if not query:
            continue
        page = search(connection(), [*query, ("_count", "1000")], name, EVERYTHING)
        found = {stored.id for stored in page.matches}
        if found != expected:
            differing.append((name, query, sorted(expected - found), sorted(found - expected)))
    assert not differing, f"{len(differing)} differ\n" + "\n".join(map(str, differing[:30]))
    kinds = {key.partition(":")[0] for key in asked}
    assert kinds >= {"token", "string", "reference", "date", "quantity", "uri"}


def combine(modifier: str) -> Any:
    return all if modifier == "not" else any


def escaped(text: str) -> str:
    return re.sub(r"([\\,$])", r"\\\1", text)


def random_criterion(
    chance: random.Random, definition: Definition, resources: list[dict[str, Any]]
) -> tuple[str, list[str]] | None:
    """A modifier and values near what the resources hold; None when they hold nothing."""
    if chance.random() < 0.1:
        return "missing", [chance.choice(("true", "false"))]
    pool = [v for data in resources for v, _ in values(definition, data) if v is not None]
    if not pool:
        return None
    modifier = chance.choice(MODIFIERS[definition["type"]])
    wanted = chance.choice((1, 1, 2))
    texts = [
        t
        for _ in range(wanted)
        if (t := a_text(chance, definition["type"], modifier, chance.choice(pool)))
    ]
    return (modifier, texts) if texts else None


MODIFIERS = {
    "token": ("", "", "", "not", "text"),
    "string": ("", "", "exact", "contains"),
    "reference": ("",),
    "uri": ("", "below"),
    "date": ("",),
    "number": ("",),
    "quantity": ("",),
}


def a_text(chance: random.Random, kind: str, modifier: str, value: Any) -> str | None:
    if kind == "token":
        return a_token(chance, modifier, value)
    if kind == "string":
        text = chance.choice(strings(value) or [""])
        if modifier != "exact" and text:
            begin = chance.randrange(len(text)) if modifier == "contains" else 0
            text = text[begin : begin + chance.randint(2, 12)]
        text = chance.choice((text, text.upper() if modifier != "exact" else text))
        return text if text.strip() else None
    if kind == "uri":
        text = str(value)
        return text[: chance.randint(5, max(6, len(text)))] if modifier == "below" else text
    if kind == "reference":
        return a_reference(chance, value)
    if kind == "date":
        return a_date(chance, value)
    return a_number(chance, kind, value)


def a_token(chance: random.Random, modifier: str, value: Any) -> str | None:
    if modifier == "text":
        shown = value.get("text") if isinstance(value, dict) else None
        return str(shown)[: chance.randint(3, 20)] if shown else None
    pairs = codes(value)
    if not pairs:
        return None
    system, code = chance.choice(pairs)
    code = code.replace("|", r"\|")
    plain = not isinstance(value, dict)
    contact = isinstance(value, dict) and value.get("system") in (
        "phone",
        "email",
        "fax",
        "url",
        "other",
    )
    if plain or contact or chance.random() < 0.5:
        return code
    return chance.choice((f"{system or ''}|{code}", f"{system}|" if system else code))


def a_reference(chance: random.Random, value: Any) -> str | None:
    literal = value.get("reference", "") if isinstance(value, dict) else str(value)
    if not literal or literal.startswith("#"):
        return None
    if re.fullmatch(r"[A-Z]\w+/[\w.\-]+", literal) and chance.random() < 0.4:
        return literal.split("/")[1]
    return literal


def a_date(chance: random.Random, value: Any) -> str | None:
    if not intervals(value):
        return None
    texts = re.findall(
        r"\d{4}(?:-\d\d(?:-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?)?)?", json.dumps(value)
    )
    text: str = chance.choice(texts)
    text = text[: chance.choice((4, 7, 10, 99, 99))]
    return chance.choice(PREFIXES) + text


def a_number(chance: random.Random, kind: str, value: Any) -> str | None:
    if isinstance(value, dict) and "value" not in value:
        value = value.get("low", value.get("high"))
        if value is None or "value" not in value:
            return None
    number = value["value"] if isinstance(value, dict) else value
    written_out = format(float(number), "f").rstrip("0").rstrip(".")
    if len(written_out) > 30 or float(written_out or 0) != float(number):
        return None  # needs an exponent
    text = chance.choice(PREFIXES) + written_out
    if kind == "number" or chance.random() < 0.4:
        return text
    if value.get("system") and value.get("code"):
        return f"{text}|{value['system']}|{value['code']}"
    label = value.get("code") or value.get("unit")
    return f"{text}||{label}" if label else text
