"""A ViewDefinition to a function from a resource to rows.

The functional model of the specification: the rows of a select are the product of its columns, of
each select inside, and of its union, for each thing its ``forEach`` finds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from fellesjournal.fhir.validation.expressions.model import is_primitive
from fellesjournal.fhir.views.definition import (
    ColumnDefinition,
    Definition,
    Select,
    read_definition,
)
from fellesjournal.fhir.views.paths import (
    Context,
    Foci,
    compile_foci,
    compile_path,
    compile_repeat,
)
from fellesjournal.fhir.views.problems import ViewError

# Any: JSON values
Row = tuple[Any, ...]
Rows = Callable[[Any, Any], list[Row]]
Value = Callable[[Any, Any], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the result.

    ``type``: what the view says it is, else ``found``; ``found``: what the standard says of its
    path, None where that depends on the resource; ``collection``: its values are lists;
    ``is_key``: they are keys of resources.
    """

    name: str
    type: str | None
    found: str | None
    collection: bool
    is_key: bool


@dataclass(frozen=True, slots=True)
class View:
    """A compiled view. ``digest`` is that of its definition: equal digests, equal rows."""

    name: str
    resource: str
    columns: tuple[Column, ...]
    digest: str
    _holds: Callable[[Any], bool]
    _rows: Rows

    def rows(self, resource: dict[str, Any]) -> list[Row]:
        """The rows of a valid resource, values in the order of ``columns``; [] for another type.

        Raises ViewError when the resource does not fit: several values for a column that takes
        one, a condition that is no boolean, a structure that is not of the standard.
        """
        if resource.get("resourceType") != self.resource:
            return []
        try:
            return self._rows(resource, resource) if self._holds(resource) else []
        except (AttributeError, KeyError, TypeError):
            # a list where the standard has one value, a text where it has an object
            raise ViewError("", "the resource is not valid") from None


@dataclass(frozen=True, slots=True)
class _Part:
    rows: Rows
    columns: tuple[Column, ...]


def compile_view(definition: Any, *, own_bases: tuple[str, ...] = ()) -> View:
    """The view of a ViewDefinition in JSON.

    ``own_bases``: addresses behind which a reference leads to a resource of this server. Raises
    ViewError naming the place of the first fault.
    """
    read = read_definition(definition)
    context = Context(read.resource, read.constants, own_bases)
    part = _select(read.select, read.resource, context)
    seen: set[str] = set()
    for column in part.columns:
        if column.name.lower() in seen:
            raise ViewError("select", f"there are two columns {column.name!r}")
        seen.add(column.name.lower())
    canonical = orjson.dumps(definition, option=orjson.OPT_SORT_KEYS)
    return View(
        read.name,
        read.resource,
        part.columns,
        hashlib.sha256(canonical).hexdigest(),
        _conditions(read, context),
        part.rows,
    )


def _conditions(read: Definition, context: Context) -> Callable[[Any], bool]:
    tests = [_condition(path, place, context) for place, path in read.where]
    if not tests:
        return lambda _resource: True
    return lambda resource: all(test(resource) for test in tests)


def _condition(text: str, place: str, context: Context) -> Callable[[Any], bool]:
    path = compile_path(text, context.resource, context, place)
    if path.type not in (None, "boolean"):
        raise ViewError(place, f"{text!r} is no boolean but a {path.type}")
    values = path.values

    def holds(resource: Any) -> bool:
        found = values(resource, resource)
        if not found:
            return False
        if len(found) > 1 or not isinstance(found[0], bool | None):
            raise ViewError(place, f"{text!r} is no boolean")
        return found[0] is True

    return holds


def _select(select: Select, focus: str | None, context: Context) -> _Part:
    if not select.turn:
        return _of_focus(select, focus, context)
    foci = _foci(select, focus, context)
    inner = _of_focus(select, foci.type, context)
    find, rows = foci.find, inner.rows

    def each(at: Any, resource: Any) -> list[Row]:
        return [row for found in find(at, resource) for row in rows(found, resource)]

    if select.turn != "forEachOrNull":
        return _Part(each, inner.columns)
    empty: list[Row] = [(None,) * len(inner.columns)]

    def each_or_null(at: Any, resource: Any) -> list[Row]:
        there = find(at, resource)
        return [row for found in there for row in rows(found, resource)] if there else empty

    return _Part(each_or_null, inner.columns)


def _foci(select: Select, focus: str | None, context: Context) -> Foci:
    place = f"{select.place}.{select.turn}"
    if select.turn == "repeat":
        return compile_repeat(select.paths, focus, context, place)
    return compile_foci(select.paths[0], focus, context, place)


def _of_focus(select: Select, focus: str | None, context: Context) -> _Part:
    """Columns, then selects, then the union: the order of columns that the specification sets."""
    parts = [_columns(select.columns, focus, context)] if select.columns else []
    parts.extend(_select(inner, focus, context) for inner in select.selects)
    if select.union:
        parts.append(_union(select, focus, context))
    if len(parts) == 1:
        return parts[0]
    return _Part(
        _product([part.rows for part in parts]),
        tuple(column for part in parts for column in part.columns),
    )


def _product(parts: list[Rows]) -> Rows:
    first, *others = parts

    def rows(at: Any, resource: Any) -> list[Row]:
        out = first(at, resource)
        for part in others:
            # asked even when there is nothing to multiply: a fault in it is a fault of the view
            found = part(at, resource)
            out = [row + more for row in out for more in found]
        return out

    return rows


def _union(select: Select, focus: str | None, context: Context) -> _Part:
    parts = [_select(inner, focus, context) for inner in select.union]
    names = [column.name for column in parts[0].columns]
    for branch, part in zip(select.union, parts, strict=True):
        if [column.name for column in part.columns] != names:
            raise ViewError(branch.place, f"the columns of a union are the same: {names}")
    runs = [part.rows for part in parts]

    def rows(at: Any, resource: Any) -> list[Row]:
        return [row for run in runs for row in run(at, resource)]

    return _Part(rows, _shared([part.columns for part in parts]))


def _shared(branches: list[tuple[Column, ...]]) -> tuple[Column, ...]:
    """The columns of a union: keys where all branches give keys."""
    return tuple(
        Column(
            same[0].name,
            next((each.type for each in same if each.type is not None), None),
            same[0].found if len({each.found for each in same}) == 1 else None,
            any(each.collection for each in same),
            all(each.is_key for each in same),
        )
        for same in zip(*branches, strict=True)
    )


def _columns(
    definitions: tuple[ColumnDefinition, ...], focus: str | None, context: Context
) -> _Part:
    made = [_column(each, focus, context) for each in definitions]
    reads = [read for _, read in made]

    def rows(at: Any, resource: Any) -> list[Row]:
        return [tuple([read(at, resource) for read in reads])]

    return _Part(rows, tuple(column for column, _ in made))


def _column(
    definition: ColumnDefinition, focus: str | None, context: Context
) -> tuple[Column, Value]:
    if definition.type is not None and not is_primitive(definition.type.rpartition("/")[2]):
        raise ViewError(f"{definition.place}.type", f"{definition.type!r} is no primitive type")
    place = f"{definition.place}.path"
    path = compile_path(definition.path, focus, context, place)
    column = Column(
        definition.name,
        definition.type or path.type,
        path.type,
        definition.collection,
        path.is_key,
    )
    values, one = path.values, path.one
    if definition.collection:
        return column, lambda at, resource: [
            value for value in values(at, resource) if value is not None
        ]
    if one is not None:
        return column, one

    def only(at: Any, resource: Any) -> Any:
        found = [value for value in values(at, resource) if value is not None]
        if len(found) > 1:
            raise ViewError(place, f"{definition.path!r} gives several values: a collection")
        return found[0] if found else None

    return column, only


__all__ = ["Column", "View", "compile_view"]
