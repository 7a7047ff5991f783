"""The functional model of SQL-on-FHIR written down as it stands, on another FHIRPath engine.

Slow and plain on purpose: nothing of it is shared with the compiled views.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from fellesjournal.fhir import fhirpath

Row = dict[str, Any]


class NaiveError(ValueError):
    """What the model calls an error."""


def naive_rows(view: dict[str, Any], resource: dict[str, Any]) -> list[Row]:
    """The rows of a view by column name."""
    if resource["resourceType"] != view["resource"]:
        return []
    for condition in view.get("where", ()):
        found = _evaluate(resource, condition["path"], view["resource"])
        if found and not isinstance(found[0], bool):
            raise NaiveError("no boolean")
        if found != [True]:
            return []
    return _select({"select": view["select"]}, resource, view["resource"])


def _select(select: dict[str, Any], focus: Any, type_name: str) -> list[Row]:
    path = select.get("forEach") or select.get("forEachOrNull")
    if path is None:
        return _focus(select, focus, type_name)
    foci = _evaluate(focus, path, type_name)
    if not foci and "forEachOrNull" in select:
        return [dict.fromkeys(_names(select))]
    inner = select["type of focus"]  # told by the test: this engine forgets it
    return [row for found in foci for row in _focus(select, found, inner)]


def _focus(select: dict[str, Any], focus: Any, type_name: str) -> list[Row]:
    parts: list[list[Row]] = [
        [{column["name"]: _value(column, focus, type_name)}] for column in select.get("column", ())
    ]
    parts.extend(_select(inner, focus, type_name) for inner in select.get("select", ()))
    if "unionAll" in select:
        parts.append(
            [row for branch in select["unionAll"] for row in _select(branch, focus, type_name)]
        )
    return [{k: v for part in row for k, v in part.items()} for row in product(*parts)]


def _value(column: dict[str, Any], focus: Any, type_name: str) -> Any:
    found = _evaluate(focus, column["path"], type_name)
    if column.get("collection"):
        return found
    if len(found) > 1:
        raise NaiveError("several values")
    return found[0] if found else None


def _names(select: dict[str, Any]) -> list[str]:
    names = [column["name"] for column in select.get("column", ())]
    for inner in select.get("select", ()):
        names += _names(inner)
    if "unionAll" in select:
        names += _names(select["unionAll"][0])
    return names


def _evaluate(focus: Any, path: str, type_name: str) -> list[Any]:
    is_resource = isinstance(focus, dict) and "resourceType" in focus
    return fhirpath.evaluate(focus, path, type_name=None if is_resource else type_name)
