"""Compartments and operations of the standard."""

from __future__ import annotations

from typing import Any

from tools.compile_definitions.package import Package, Resource


def compile_compartments(package: Package) -> dict[str, Any]:
    """``{"compartments": {name: {type: [search parameter]}}}``, members only."""
    found = {
        definition["code"]: {
            entry["code"]: entry["param"] for entry in definition["resource"] if entry.get("param")
        }
        for definition in package.resources("CompartmentDefinition")
        if definition["id"] != "example"
    }
    return {"compartments": found}


def compile_operations(package: Package) -> dict[str, Any]:
    """``{"operations": {id: [code, affects state, types, levels, parameters]}}``.

    Levels: s system, t type, i instance. A parameter is [name, use, min, max, type], with
    max 0 for no limit.
    """
    found = {
        definition["id"]: _operation_row(definition)
        for definition in package.resources("OperationDefinition")
        if definition["url"].startswith("http://hl7.org/fhir/OperationDefinition/")
        and definition["id"] != "example"
    }
    return {"operations": found}


def _operation_row(definition: Resource) -> list[Any]:
    levels = "".join(level[0] for level in ("system", "type", "instance") if definition[level])
    return [
        definition["code"],
        int(definition.get("affectsState", False)),
        definition.get("resource", []),
        levels,
        [_parameter_row(parameter) for parameter in definition.get("parameter", [])],
    ]


def _parameter_row(parameter: Resource) -> list[Any]:
    maximum = 0 if parameter["max"] == "*" else int(parameter["max"])
    return [
        parameter["name"],
        parameter["use"],
        parameter["min"],
        maximum,
        parameter.get("type"),
    ]
