"""Types and their elements, from the StructureDefinitions of the base standard."""

from __future__ import annotations

from typing import Any

from tools.compile_definitions.package import Package, Resource

CORE = "http://hl7.org/fhir/StructureDefinition/"
SYSTEM_TYPE = "http://hl7.org/fhirpath/System."
FHIR_TYPE = CORE + "structuredefinition-fhir-type"
REGEX = CORE + "regex"
MAX_VALUE_SET = CORE + "elementdefinition-maxValueSet"


def compile_structures(package: Package) -> dict[str, Any]:
    """``{"types": {name: type row}}``, every type of the base standard with its snapshot."""
    types = {
        definition["type"]: _type_row(definition)
        for definition in package.resources("StructureDefinition")
        if definition.get("derivation") != "constraint" and definition["kind"] != "logical"
    }
    return {"types": dict(sorted(types.items()))}


def compile_resource_numbers(structures: dict[str, Any]) -> dict[str, Any]:
    """Concrete resource types, numbered from 1 by name. R4 is closed, so numbers are stable."""
    names = [
        name
        for name, row in structures["types"].items()
        if row["kind"] == "resource" and not row["abstract"]
    ]
    return {"types": {name: number for number, name in enumerate(sorted(names), start=1)}}


def _type_row(definition: Resource) -> dict[str, Any]:
    elements = definition["snapshot"]["element"]
    root = definition["type"]
    rows = [_element_row(element, root) for element in elements]
    if definition["kind"] == "resource":
        _correct_resource_id(rows)
    row: dict[str, Any] = {
        "kind": definition["kind"],
        "abstract": definition["abstract"],
        "base": definition.get("baseDefinition", "").removeprefix(CORE) or None,
        "elements": rows,
        "constraints": _constraints(elements),
    }
    if definition["kind"] == "primitive-type":
        row["regex"] = _primitive_regex(elements)
    return row


def _correct_resource_id(rows: list[list[Any]]) -> None:
    # The snapshots say `string` by an error of HL7's publisher; the text of
    # http://hl7.org/fhir/R4/resource.html says `id`.
    for row in rows:
        if row[0] == "id":
            row[3] = ["id"]


def _element_row(element: Resource, root: str) -> list[Any]:
    """[path below the type, min, max, types, flags, binding, content reference, constraint keys].

    ``max`` is 0 for no upper limit. Flags: S summary, M modifier.
    """
    path = element["path"].removeprefix(root).removeprefix(".")
    flags = ("S" if element.get("isSummary") else "") + ("M" if element.get("isModifier") else "")
    maximum = 0 if element["max"] == "*" else int(element["max"])
    return [
        path,
        element["min"],
        maximum,
        [_type_reference(entry) for entry in element.get("type", [])],
        flags,
        _binding(element.get("binding")),
        element.get("contentReference", "").removeprefix("#") or None,
        [constraint["key"] for constraint in element.get("constraint", [])],
    ]


def _type_reference(entry: Resource) -> Any:
    """A type name, or [name, targets] for Reference and canonical, or a constrained data type."""
    code: str = entry["code"]
    if code.startswith(SYSTEM_TYPE):
        code = _fhir_type_of(entry, code)
    if entry.get("targetProfile"):
        return [code, [target.removeprefix(CORE) for target in entry["targetProfile"]]]
    if entry.get("profile"):
        (profile,) = entry["profile"]
        return profile.removeprefix(CORE)
    return code


def _fhir_type_of(entry: Resource, system_type: str) -> str:
    for extension in entry.get("extension", []):
        if extension["url"] == FHIR_TYPE:
            value: str = extension["valueUrl"]
            return value
    return system_type


def _binding(binding: Resource | None) -> list[Any] | None:
    """[strength, value set without version, value set that is the outer limit or nothing]."""
    if not binding or "valueSet" not in binding:
        return None
    limits = [
        extension["valueCanonical"]
        for extension in binding.get("extension", [])
        if extension["url"] == MAX_VALUE_SET
    ]
    return [binding["strength"], binding["valueSet"].partition("|")[0], *limits]


def _constraints(elements: list[Resource]) -> dict[str, list[str]]:
    """Key -> [severity, what it says, FHIRPath]."""
    return {
        constraint["key"]: [
            constraint["severity"],
            constraint["human"],
            constraint.get("expression", ""),
        ]
        for element in elements
        for constraint in element.get("constraint", [])
    }


def _primitive_regex(elements: list[Resource]) -> str | None:
    for element in elements:
        if element["path"].endswith(".value"):
            for entry in element["type"]:
                for extension in entry.get("extension", []):
                    if extension["url"] == REGEX:
                        value: str = extension["valueString"]
                        return value
    return None
