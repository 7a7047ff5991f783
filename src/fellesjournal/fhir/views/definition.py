"""The JSON of a ViewDefinition, read strictly: each fault is named with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from fellesjournal.fhir.definitions import is_resource_type
from fellesjournal.fhir.validation.expressions.model import is_primitive
from fellesjournal.fhir.validation.expressions.syntax import Literal
from fellesjournal.fhir.views.problems import ViewError

# sql-name of the specification: starts with a letter, then letters, digits and underscores.
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_TURNS: Final = ("forEach", "forEachOrNull", "repeat")


@dataclass(frozen=True, slots=True)
class ColumnDefinition:
    """A column: its name, the FHIRPath of its value, the FHIR type said, if any is."""

    place: str
    name: str
    path: str
    type: str | None
    collection: bool


@dataclass(frozen=True, slots=True)
class Select:
    """Columns, selects inside and a union, of each thing that the paths of ``turn`` find."""

    place: str
    turn: str
    """One of forEach, forEachOrNull, repeat; "" for the focus itself."""
    paths: tuple[str, ...]
    columns: tuple[ColumnDefinition, ...]
    selects: tuple[Select, ...]
    union: tuple[Select, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """A ViewDefinition with what matters for its rows."""

    name: str
    resource: str
    constants: Mapping[str, Literal]
    where: tuple[tuple[str, str], ...]
    """(place, path) of each condition."""
    select: Select


def read_definition(data: Any) -> Definition:
    """The parts of a ViewDefinition in JSON. Raises ViewError for the first fault found."""
    if not isinstance(data, dict):
        raise ViewError("", "a ViewDefinition is a JSON object")
    resource = _text(data, "resource", "")
    if not is_resource_type(resource):
        raise ViewError("resource", f"{resource!r} is no resource type of FHIR R4")
    selects = _selects(data, "select", "")
    if not selects:
        raise ViewError("select", "at least one is needed")
    name = data.get("name", "")
    if not isinstance(name, str) or (name and not _NAME.fullmatch(name)):
        raise ViewError("name", "letters, digits and underscores, a letter first")
    return Definition(
        name=name,
        resource=resource,
        constants=_constants(data),
        where=tuple(
            (f"{place}.path", _text(each, "path", place))
            for place, each in _objects(data, "where", "")
        ),
        select=Select("", "", (), (), selects, ()),
    )


def _selects(data: dict[str, Any], key: str, place: str) -> tuple[Select, ...]:
    return tuple(_select(each, inside) for inside, each in _objects(data, key, place))


def _select(data: dict[str, Any], place: str) -> Select:
    turns = [turn for turn in _TURNS if data.get(turn) is not None]
    if len(turns) > 1:
        raise ViewError(place, f"{turns[0]} and {turns[1]} exclude each other")
    turn = turns[0] if turns else ""
    read = Select(
        place,
        turn,
        _turn_paths(data, turn, place) if turn else (),
        tuple(_column(each, inside) for inside, each in _objects(data, "column", place)),
        _selects(data, "select", place),
        _selects(data, "unionAll", place),
    )
    if not (read.columns or read.selects or read.union):
        raise ViewError(place, "one of column, select and unionAll is needed")
    return read


def _turn_paths(data: dict[str, Any], turn: str, place: str) -> tuple[str, ...]:
    if turn != "repeat":
        return (_text(data, turn, place),)
    paths = data["repeat"]
    if not isinstance(paths, list) or not paths or not all(isinstance(p, str) for p in paths):
        raise ViewError(f"{place}.repeat", "a list of FHIRPath expressions is needed")
    return tuple(paths)


def _column(data: dict[str, Any], place: str) -> ColumnDefinition:
    name = _text(data, "name", place)
    if not _NAME.fullmatch(name):
        raise ViewError(f"{place}.name", "letters, digits and underscores, a letter first")
    collection = data.get("collection", False)
    if not isinstance(collection, bool):
        raise ViewError(f"{place}.collection", "true or false is needed")
    type_name = data.get("type")
    if type_name is not None and not isinstance(type_name, str):
        raise ViewError(f"{place}.type", "the name of a FHIR type is needed")
    return ColumnDefinition(place, name, _text(data, "path", place), type_name, collection)


def _constants(data: dict[str, Any]) -> dict[str, Literal]:
    found: dict[str, Literal] = {}
    for place, each in _objects(data, "constant", ""):
        name = _text(each, "name", place)
        if not _NAME.fullmatch(name):
            raise ViewError(f"{place}.name", "letters, digits and underscores, a letter first")
        if name in found:
            raise ViewError(f"{place}.name", f"{name!r} is there twice")
        found[name] = _constant(each, place)
    return found


def _constant(data: dict[str, Any], place: str) -> Literal:
    values = [key for key in data if key.startswith("value")]
    if len(values) != 1:
        raise ViewError(place, "exactly one value[x] is needed")
    suffix = values[0].removeprefix("value")
    type_name = suffix[:1].lower() + suffix[1:]
    value = data[values[0]]
    if not is_primitive(type_name):
        raise ViewError(place, f"{values[0]!r} is no value of a primitive type")
    if not isinstance(value, str | int | float | bool):
        raise ViewError(f"{place}.{values[0]}", "a single value is needed")
    return Literal(value, type_name)


def _objects(data: dict[str, Any], key: str, place: str) -> list[tuple[str, dict[str, Any]]]:
    """The members of a list of objects, each with its place."""
    prefix = f"{place}." if place else ""
    listed = data.get(key, [])
    if not isinstance(listed, list):
        raise ViewError(f"{prefix}{key}", "a list is needed")
    found = [(f"{prefix}{key}[{number}]", each) for number, each in enumerate(listed)]
    for inside, each in found:
        if not isinstance(each, dict):
            raise ViewError(inside, "an object is needed")
    return found


def _text(data: dict[str, Any], key: str, place: str) -> str:
    found = data.get(key)
    prefix = f"{place}." if place else ""
    if found is None or found == "":
        raise ViewError(f"{prefix}{key}", "is missing")
    if not isinstance(found, str):
        raise ViewError(f"{prefix}{key}", "a text is needed")
    return found


__all__ = ["ColumnDefinition", "Definition", "Select", "read_definition"]
