"""The operations of a FHIRPath Patch, read from its Parameters (http://hl7.org/fhir/R4/fhirpatch.html)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fellesjournal.fhir.issues import BadRequest

# Any: JSON, of whatever shape a client sends.
Json = Any

_NEEDED = {
    "add": ("path", "name", "value"),
    "insert": ("path", "value", "index"),
    "delete": ("path",),
    "replace": ("path", "value"),
    "move": ("path", "source", "destination"),
}


@dataclass(frozen=True, slots=True)
class Built:
    """An element given as parts: (name, value, FHIR type of the value) each."""

    members: tuple[tuple[str, Json, str | None], ...]


@dataclass(frozen=True, slots=True)
class PathOperation:
    """One operation. ``value_type`` is the FHIR type of value, None for a backbone element."""

    type: str
    path: str
    name: str = ""
    value: Json = None
    value_type: str | None = None
    index: int = 0
    source: int = 0
    destination: int = 0


def operations(parameters: Json) -> list[PathOperation]:
    """The operations in order. Raises BadRequest naming the parameter that can't be used."""
    listed = parameters.get("parameter") if isinstance(parameters, dict) else None
    if not isinstance(listed, list) or not listed:
        raise BadRequest("a FHIRPath Patch needs at least one operation", "Parameters.parameter")
    return [_operation(entry, f"Parameters.parameter[{n}]") for n, entry in enumerate(listed)]


def _operation(entry: Json, place: str) -> PathOperation:
    if not isinstance(entry, dict) or entry.get("name") != "operation":
        raise BadRequest("each parameter of a FHIRPath Patch is named operation", place)
    parts = _parts(entry, place)
    kind = _text(parts, "type", place)
    if kind not in _NEEDED:
        raise BadRequest(f"type is one of {', '.join(_NEEDED)}", place)
    missing = [name for name in _NEEDED[kind] if name not in parts]
    if missing:
        raise BadRequest(f"{kind} needs {' and '.join(missing)}", place, code="required")
    value, value_type = _value(parts["value"], place) if "value" in parts else (None, None)
    return PathOperation(
        kind,
        _text(parts, "path", place),
        _text(parts, "name", place) if "name" in parts else "",
        value,
        value_type,
        _number(parts, "index", place),
        _number(parts, "source", place),
        _number(parts, "destination", place),
    )


def _parts(entry: dict[str, Json], place: str) -> dict[str, Json]:
    listed = entry.get("part")
    found: dict[str, Json] = {}
    if not isinstance(listed, list):
        raise BadRequest("an operation has parts", f"{place}.part")
    for part in listed:
        name = part.get("name") if isinstance(part, dict) else None
        if not isinstance(name, str) or name in found:
            raise BadRequest("each part has a name of its own", f"{place}.part")
        found[name] = part
    return found


def _text(parts: dict[str, Json], name: str, place: str) -> str:
    part = parts.get(name, {})
    values = [value for key, value in part.items() if key.startswith("value")]
    if len(values) != 1 or not isinstance(values[0], str) or not values[0]:
        raise BadRequest(f"{name} is a string", place, code="required")
    return values[0]


def _number(parts: dict[str, Json], name: str, place: str) -> int:
    if name not in parts:
        return 0
    values = [value for key, value in parts[name].items() if key.startswith("value")]
    if len(values) != 1 or type(values[0]) is not int or values[0] < 0:
        raise BadRequest(f"{name} is a number from 0", place)
    return values[0]


def _value(part: dict[str, Json], place: str) -> tuple[Json, str | None]:
    """A plain value, or the parts of an element without a type of its own (:class:`Built`)."""
    if "resource" in part:
        return part["resource"], "Resource"
    named = [key for key in part if key.startswith("value") and key != "value"]
    if len(named) == 1:
        return part[named[0]], named[0][5:]
    listed = part.get("part")
    if named or not isinstance(listed, list) or not listed:
        raise BadRequest("the value of an operation is one value[x] or has parts", place)
    members: list[tuple[str, Json, str | None]] = []
    for each in listed:
        name = each.get("name") if isinstance(each, dict) else None
        if not isinstance(name, str):
            raise BadRequest("each part of a value has a name", place)
        members.append((name, *_value(each, place)))
    return Built(tuple(members)), None
