"""StructureDefinitions in the form the product keeps: what a profile demands beyond its base.

A profile row is JSON: ``{"url", "name", "type", "base", "complete", "elements"}``; ``complete``
says that it comes from a snapshot, else ``base`` has to be laid under it. ``elements`` maps
element ids to facts, of which only those that restrict are there:

``min``, ``max`` (None: no limit), ``types`` ([[code, [profile], [target profile]]]),
``fixed``, ``pattern``, ``value_set`` (required binding), ``rules`` ([[key, severity, text,
FHIRPath]]), ``slicing`` ({"by": [[type, path]], "rules"}), ``max_length``, ``least`` and
``most`` (minValue, maxValue).
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from fellesjournal.fhir import definitions

# Any: StructureDefinitions and rows are JSON.
Json = dict[str, Any]

CORE: Final = "http://hl7.org/fhir/StructureDefinition/"


class NotAProfile(ValueError):
    """The resource is no StructureDefinition that constrains a type of R4."""


def condense(definition: Json) -> Json:
    """The profile row of a StructureDefinition (derivation ``constraint``).

    Raises NotAProfile for logical models, for types that R4 doesn't have, and for
    definitions without elements, url or type.
    """
    url, type_ = definition.get("url"), definition.get("type")
    if not isinstance(url, str) or not isinstance(type_, str) or type_ not in _all_types():
        raise NotAProfile("a profile needs a url and a type of R4")
    if definition.get("derivation") != "constraint":
        raise NotAProfile(f"{url} does not constrain another definition")
    complete = bool(definition.get("snapshot", {}).get("element"))
    elements = (definition["snapshot"] if complete else definition.get("differential", {})).get(
        "element"
    )
    if not elements:
        raise NotAProfile(f"{url} has no elements")
    try:
        rows = _element_rows(elements, type_, complete=complete)
    except (KeyError, TypeError, AttributeError, ValueError) as problem:
        raise NotAProfile(f"{url} has an element that can't be read: {problem!r}") from problem
    return {
        "url": url,
        "name": definition.get("title") or definition.get("name") or url,
        "type": type_,
        "base": definition.get("baseDefinition"),
        "complete": complete,
        "elements": rows,
    }


@cache
def _all_types() -> frozenset[str]:
    return frozenset(definitions.type_names())


@cache
def _base_rules() -> frozenset[tuple[str, str]]:
    """(key, expression) of every invariant of the base standard, which the base check applies."""
    return frozenset(
        (constraint.key, constraint.expression)
        for name in definitions.type_names()
        for constraint in definitions.constraints(name).values()
    )


def _element_rows(elements: list[Json], type_: str, *, complete: bool) -> dict[str, Json]:
    rows: dict[str, Json] = {}
    for element in elements:
        identity = element.get("id") or _id_from_path(element)
        facts = _facts(element, complete=complete)
        if facts or ":" in identity.rpartition(".")[2]:
            rows[identity] = facts
    # The root is the resource itself; its own cardinality means nothing.
    for name in ("min", "max"):
        rows.get(type_, {}).pop(name, None)
    return rows


def _id_from_path(element: Json) -> str:
    path: str = element["path"]
    return f"{path}:{element['sliceName']}" if "sliceName" in element else path


def _facts(element: Json, *, complete: bool) -> Json:
    base = _base_element(element) if complete else None
    stated = element.get("base", {}) if complete else {}
    facts: Json = {}
    if element.get("min", 0) > stated.get("min", 0) or (not complete and "min" in element):
        facts["min"] = int(element["min"])
    maximum = element.get("max")
    if maximum is not None and maximum != stated.get("max", "*" if complete else None):
        facts["max"] = None if maximum == "*" else int(maximum)
    _type_facts(element, base, facts)
    _value_facts(element, facts)
    binding = element.get("binding", {})
    if binding.get("strength") == "required" and binding.get("valueSet"):
        value_set = binding["valueSet"].partition("|")[0]
        if not (base and base.binding == definitions.Binding("required", value_set)):
            facts["value_set"] = value_set
    rules = _rules(element)
    if rules:
        facts["rules"] = rules
    if "slicing" in element:
        slicing = _slicing(element["slicing"])
        # Extensions are sliced by url anyway.
        if slicing != {"by": [["value", "url"]], "rules": "open"}:
            facts["slicing"] = slicing
    return facts


def _base_element(element: Json) -> definitions.Element | None:
    path = element.get("base", {}).get("path", "")
    root = path.partition(".")[0]
    return definitions.elements_by_path(root).get(path) if root in _all_types() else None


def _type_facts(element: Json, base: definitions.Element | None, facts: Json) -> None:
    types = [
        [
            entry["code"],
            [profile.partition("|")[0] for profile in entry.get("profile", ())],
            [target.partition("|")[0] for target in entry.get("targetProfile", ())],
        ]
        for entry in element.get("type", ())
        # System types are those of ids and urls, which no profile changes.
        if "://" not in entry["code"]
    ]
    if not types or (base is not None and _same_types(types, base)):
        return
    facts["types"] = types


def _same_types(types: list[Any], base: definitions.Element) -> bool:
    if any(profiles for _, profiles, _ in types):
        return False
    stated = {
        code: frozenset(target.removeprefix(CORE) for target in targets) - {"Resource"}
        for code, _, targets in types
    }
    return stated == {choice.code: frozenset(choice.targets) for choice in base.types}


def _value_facts(element: Json, facts: Json) -> None:
    for key, value in element.items():
        if key.startswith("fixed"):
            facts["fixed"] = value
        elif key.startswith("pattern"):
            facts["pattern"] = value
        elif key.startswith("minValue"):
            facts["least"] = [_type_in(key, "minValue"), value]
        elif key.startswith("maxValue"):
            facts["most"] = [_type_in(key, "maxValue"), value]
        elif key == "maxLength":
            facts["max_length"] = int(value)


def _type_in(key: str, prefix: str) -> str:
    name = key.removeprefix(prefix)
    return name if name in _all_types() else name[0].lower() + name[1:]


def _rules(element: Json) -> list[list[str]]:
    return [
        [constraint["key"], constraint["severity"], constraint["human"], constraint["expression"]]
        for constraint in element.get("constraint", ())
        if constraint.get("expression")
        and (constraint["key"], constraint["expression"]) not in _base_rules()
        and constraint["key"] not in ("ele-1", "ext-1", "dom-2", "dom-3", "dom-4", "dom-5", "dom-6")
    ]


def _slicing(slicing: Json) -> Json:
    return {
        "by": [[entry["type"], entry["path"]] for entry in slicing.get("discriminator", ())],
        "rules": slicing.get("rules", "open"),
    }
