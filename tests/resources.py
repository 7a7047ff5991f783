"""Resources made from the definitions: the smallest valid one of a type, or a random one.

Random ones are valid in structure (types, cardinalities, formats), not always in the rules
across elements.
"""

from __future__ import annotations

import random
from typing import Any

from fellesjournal.fhir.definitions import (
    Element,
    element_tree,
    elements_by_path,
    standard_terminology,
    type_kind,
)

# Any: JSON of many shapes.
Json = dict[str, Any]

PRIMITIVES: dict[str, tuple[Any, ...]] = {
    "base64Binary": ("SGVp", "AAAA", "SGVpIQ=="),
    "boolean": (True, False),
    "canonical": ("http://example.test/canonical", "http://example.test/c|1.0"),
    "code": ("a-code", "b code"),
    "date": ("2020-02-29", "1999-12", "0001", "9999-12-31"),
    "dateTime": ("2020-02-29T23:59:60Z", "2020-01-01T00:00:00.001+14:00", "1800-01", "2021-06-01"),
    "decimal": (1.0, 0, -1.5e-7, 1e22, 123456789.123456789),
    "id": ("an-id", "A.1-b"),
    "instant": ("2020-01-01T00:00:00Z", "2020-01-01T00:00:00.123456789-12:00"),
    "integer": (0, -2147483648, 2147483647),
    "markdown": ("*text*", "æøå\n\n- 1"),
    "oid": ("urn:oid:2.16.578.1.12.4.1.4.1",),
    "positiveInt": (1, 2147483647),
    "string": ("text", "Ærlig talt", "a\tb", "𝔘\U0001f600", "x" * 300, "a|b,c$d\\e"),
    "time": ("00:00:00", "23:59:59.999"),
    "unsignedInt": (0, 2147483647),
    "uri": ("http://example.test/a?b=c#d", "urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7"),
    "url": ("http://example.test/", "mailto:a@example.test"),
    "uuid": ("urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7",),
    "xhtml": ('<div xmlns="http://www.w3.org/1999/xhtml">text</div>',),
}

# What the rules across elements ask for beyond the mandatory elements.
EXTRA: dict[str, Json] = {
    "AllergyIntolerance": {
        "verificationStatus": {
            "coding": [
                {
                    "system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification",
                    "code": "entered-in-error",
                }
            ]
        }
    },
    "Appointment": {
        "status": "proposed",
        "participant": [{"status": "accepted", "actor": {"display": "somebody"}}],
    },
    "AppointmentResponse": {"actor": {"display": "somebody"}},
    "CapabilityStatement": {
        "kind": "capability",
        "description": "text",
        "software": {"name": "text"},
        "rest": [{"mode": "server"}],
    },
    "Consent": {"policyRule": {"text": "text"}},
    "EventDefinition": {"trigger": [{"type": "named-event", "name": "text"}]},
    "ImmunizationRecommendation": {
        "recommendation": [{"forecastStatus": {"text": "text"}, "targetDisease": {"text": "text"}}]
    },
    "InsurancePlan": {"name": "text"},
    "Linkage": {
        "item": [
            {"type": "source", "resource": {"display": "one"}},
            {"type": "alternate", "resource": {"display": "other"}},
        ]
    },
    "Organization": {"name": "text"},
    "StructureDefinition": {
        "kind": "complex-type",
        "type": "Any",
        "differential": {"element": [{"id": "Any", "path": "Any"}]},
    },
    "TerminologyCapabilities": {
        "kind": "capability",
        "description": "text",
        "software": {"name": "text"},
    },
}


def minimal(type_name: str) -> Json:
    """The smallest valid resource of a type."""
    made = _object(element_tree(type_name), type_name, None, 0)
    if type_name in {"Parameters", "Bundle", "Binary"}:
        made.pop("extension", None)
    return {"resourceType": type_name, **made, **EXTRA.get(type_name, {})}


def random_resource(type_name: str, chance: random.Random, share: float = 0.3) -> Json:
    """A resource with about that share of the optional elements of each level."""
    made = _object(element_tree(type_name), type_name, (chance, share), 0)
    for server_owned in ("id", "contained", "implicitRules"):
        made.pop(server_owned, None)
    return {"resourceType": type_name, **made}


Chance = tuple[random.Random, float] | None


def _object(element: Element, type_name: str, chance: Chance, depth: int) -> Json:
    made: Json = {}
    for child in element.children.values():
        if not _is_wanted(child, chance, depth):
            continue
        names = list(child.json_names()) or [child.name]
        name = chance[0].choice(names) if chance else names[0]
        choice = child.json_names().get(name)
        value = _value(child, choice.code if choice else None, choice, chance, depth)
        if value is None:
            continue
        is_many = child.max is None or child.max > 1
        made[name] = [value] if is_many else value
    if not made and type_name not in PRIMITIVES:
        made = {"extension": [{"url": "http://example.test/nothing", "valueBoolean": True}]}
    return made


def _is_wanted(child: Element, chance: Chance, depth: int) -> bool:
    if child.min > 0:
        return True
    if chance is None or child.name in {
        "id",
        "language",
        "extension",
        "modifierExtension",
        "contained",
        "text",
        "meta",
    }:
        return False
    generator, share = chance
    return generator.random() < share / (1 + depth * depth)


def _value(child: Element, code: str | None, choice: Any, chance: Chance, depth: int) -> Any:
    if child.content_reference:
        referred = elements_by_path(child.content_reference.partition(".")[0])[
            child.content_reference
        ]
        return _object(referred, "", chance, depth + 1)
    if child.children:
        return _object(child, "", chance, depth + 1)
    if code is None or code == "Resource":
        return None
    if code == "Reference":
        return {"display": "somebody"} if chance is None else _reference(choice, chance[0])
    if code in PRIMITIVES or type_kind(code) == "primitive-type":
        bound = _bound(child, code)
        samples = bound or PRIMITIVES[code]
        return chance[0].choice(samples) if chance else samples[0]
    if code == "Extension":
        return {"url": "http://example.test/x", "valueString": "x"}
    if code == "Narrative":
        return {"status": "generated", "div": PRIMITIVES["xhtml"][0]}
    made = _object(element_tree(code), code, chance, depth + 1)
    coding = _coded(child)
    if coding and code in {"CodeableConcept", "Coding"}:
        return {"coding": [coding]} if code == "CodeableConcept" else coding
    return made


def _reference(choice: Any, generator: random.Random) -> Json:
    target = generator.choice(choice.targets or ("Patient", "Organization", "Observation"))
    return {"reference": f"{target}/{generator.choice(['r1', 'r2', 'r3'])}"}


def _bound(child: Element, code: str) -> tuple[Any, ...] | None:
    if code != "code" or child.binding is None or child.binding.strength != "required":
        return None
    expansion = standard_terminology().expand(child.binding.value_set)
    plain = expansion.plain_codes() if expansion else None
    return tuple(sorted(plain)) if plain else None


def _coded(child: Element) -> Json | None:
    if child.binding is None or child.binding.strength != "required":
        return None
    expansion = standard_terminology().expand(child.binding.value_set)
    for system, codes in (expansion.codes if expansion else {}).items():
        if codes:
            return {"system": system, "code": min(codes)}
    return None
