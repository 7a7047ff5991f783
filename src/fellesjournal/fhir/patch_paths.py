"""Finding a place in a tree by FHIRPath, and changing what is there.

FHIRPath engines answer values; a patch needs places. The steps of a path are walked here
(names, indexers, where, first, last, ofType, extension ...); what a ``where`` says is
evaluated by the library.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import fhirpathpy

from fellesjournal.fhir.definitions import element_tree, elements_by_path, is_resource_type
from fellesjournal.fhir.definitions.structures import Element
from fellesjournal.fhir.issues import BadRequest, Unprocessable
from fellesjournal.fhir.patch_parameters import Built, PathOperation
from fellesjournal.fhir.patch_syntax import Step, steps

# Any: JSON, of whatever shape a client sends.
Json = Any

# The library keeps the time of an evaluation in a global.
_library = threading.Lock()


@dataclass(frozen=True, slots=True)
class Place:
    """One element: ``holder[key]``, or ``holder[key][index]`` of a repeating one.

    ``element`` is its definition, None outside the standard; ``type`` its data type.
    """

    holder: dict[str, Json]
    key: str
    index: int | None
    value: Json
    element: Element | None
    type: str | None


def apply(tree: dict[str, Json], operation: PathOperation, location: str) -> None:
    """Carry out one operation on the tree. Raises Unprocessable, BadRequest for a bad path."""
    _APPLY[operation.type](tree, operation, location)


def _add(tree: dict[str, Json], operation: PathOperation, location: str) -> None:
    place = _single(tree, operation.path, location)
    target = _object_at(place, operation.name, location)
    name = operation.name.removesuffix("[x]")
    child = _child_of(place, name)
    if child is None:
        raise Unprocessable(f"{operation.path[:200]} has no element {name[:100]!r}", location)
    key = _key(child, name, operation.value_type)
    value = _materialised(operation.value, child, operation.value_type)
    if _is_many(child):
        target.setdefault(key, [])
        if not isinstance(target[key], list):
            raise Unprocessable(f"{name} is no list there", location)
        target[key].append(value)
    elif any(existing in target for existing in child.json_names() or (name,)):
        raise Unprocessable(f"{name} is there already; replace it", location)
    else:
        target[key] = value


def _insert(tree: dict[str, Json], operation: PathOperation, location: str) -> None:
    holder, key, child = _list_at(tree, operation.path, location)
    items = holder.setdefault(key, [])
    if operation.index > len(items):
        raise Unprocessable(f"index {operation.index} is beyond the end ({len(items)})", location)
    items.insert(operation.index, _materialised(operation.value, child, operation.value_type))
    _extensions_of(holder, key, len(items) - 1, lambda twins: twins.insert(operation.index, None))


def _delete(tree: dict[str, Json], operation: PathOperation, location: str) -> None:
    found = locate(tree, operation.path, location)
    if not found:
        return
    if len(found) > 1:
        raise Unprocessable(f"{operation.path[:200]} leads to {len(found)} elements", location)
    (place,) = found
    if not place.key:
        raise Unprocessable("a patch can't delete the resource itself", location)
    if place.index is None:
        place.holder.pop(place.key, None)
        place.holder.pop("_" + place.key, None)
        return
    index = place.index
    _extensions_of(
        place.holder, place.key, len(place.holder[place.key]), lambda twins: twins.pop(index)
    )
    place.holder[place.key].pop(index)


def _replace(tree: dict[str, Json], operation: PathOperation, location: str) -> None:
    place = _single(tree, operation.path, location)
    if not place.key:
        raise Unprocessable("a patch can't replace the resource itself", location)
    value = _materialised(operation.value, place.element, operation.value_type)
    if place.index is not None:
        place.holder[place.key][place.index] = value
        return
    key = place.key
    if place.element is not None and place.element.is_choice:
        key = _key(place.element, place.element.name.removesuffix("[x]"), operation.value_type)
    if key == place.key:
        place.holder[key] = value
        return
    # Another type of a choice: the new member takes the place of the old one.
    members = list(place.holder.items())
    place.holder.clear()
    for name, member in members:
        if name == place.key:
            place.holder[key] = value
        elif name != "_" + place.key:
            place.holder[name] = member


def _move(tree: dict[str, Json], operation: PathOperation, location: str) -> None:
    holder, key, _ = _list_at(tree, operation.path, location)
    items = holder.get(key, [])
    if operation.source >= len(items) or operation.destination >= len(items):
        raise Unprocessable(f"{operation.path[:200]} has {len(items)} elements", location)

    def moved(some: list[Json]) -> None:
        some.insert(operation.destination, some.pop(operation.source))

    _extensions_of(holder, key, len(items), moved)
    moved(items)


_APPLY: dict[str, Callable[[dict[str, Json], PathOperation, str], None]] = {
    "add": _add, "insert": _insert, "delete": _delete, "replace": _replace, "move": _move,
}  # fmt: skip


def _extensions_of(
    holder: dict[str, Json], key: str, length: int, change: Callable[[list[Json]], object]
) -> None:
    """Do the same to the list of extensions that runs beside a list of primitives."""
    twins = holder.get("_" + key)
    if isinstance(twins, list):
        twins.extend([None] * (length - len(twins)))
        change(twins)
        if not any(twin is not None for twin in twins):
            del holder["_" + key]


def _single(tree: dict[str, Json], path: str, location: str) -> Place:
    found = locate(tree, path, location)
    if len(found) != 1:
        raise Unprocessable(f"{path[:200]} leads to {len(found)} elements, not to one", location)
    return found[0]


def _object_at(place: Place, name: str, location: str) -> dict[str, Json]:
    """The object to add to; a primitive keeps its extensions beside it."""
    if isinstance(place.value, dict):
        return place.value
    if name not in {"extension", "id"} or place.index is not None:
        raise Unprocessable(f"a {place.type or 'value'} has no element {name[:100]!r}", location)
    found: dict[str, Json] = place.holder.setdefault("_" + place.key, {})
    return found


def _list_at(
    tree: dict[str, Json], path: str, location: str
) -> tuple[dict[str, Json], str, Element | None]:
    """The holder and key of a repeating element that a path names as a whole."""
    walked = steps(path, location)
    last = walked[-1]
    if len(walked) < 2 or last.arguments is not None or last.indexes:
        raise Unprocessable(f"{path[:200]} is to name a repeating element", location)
    found = _walk(tree, walked[:-1], location)
    if len(found) != 1 or not isinstance(found[0].value, dict):
        raise Unprocessable(f"{path[:200]} leads to {len(found)} lists, not to one", location)
    child = _child_of(found[0], last.name)
    if child is None or not _is_many(child):
        raise Unprocessable(f"{path[:200]} does not repeat", location)
    held = found[0].value.get(last.name, [])
    if not isinstance(held, list):
        raise Unprocessable(f"{path[:200]} is no list", location)
    return found[0].value, last.name, child


def locate(tree: dict[str, Json], path: str, location: str) -> list[Place]:
    """The elements a path leads to. Raises BadRequest for what is no path."""
    return _walk(tree, steps(path, location), location)


def _walk(tree: dict[str, Json], walked: list[Step], location: str) -> list[Place]:
    type_name = tree.get("resourceType")
    root = element_tree(type_name) if is_resource_type(type_name) else None
    found = [Place({}, "", None, tree, root, str(type_name))]
    first = walked[0]
    if first.arguments is None and first.name in {
        type_name,
        "Resource",
        "DomainResource",
        "$this",
        "%resource",
    }:
        walked = walked[1:]
    elif first.arguments is None and is_resource_type(first.name):
        raise Unprocessable(f"the resource is a {type_name}, not a {first.name}", location)
    for step in walked:
        found = _step(found, step, location)
    return found


def _step(found: list[Place], step: Step, location: str) -> list[Place]:
    if step.arguments is None:
        found = [child for place in found for child in _children(place, step.name)]
    else:
        function = _FUNCTIONS.get(step.name)
        if function is None:
            raise BadRequest(f"{step.name[:100]}() can't be part of the path of a patch", location)
        found = function(found, step.arguments, location)
    for index in step.indexes:
        found = found[index : index + 1]
    return found


def _children(place: Place, name: str) -> Iterable[Place]:
    if not isinstance(place.value, dict):
        return
    child = _child_of(place, name)
    for key, type_name in _keys(child, name).items():
        held = place.value.get(key)
        if isinstance(held, list):
            for index, item in enumerate(held):
                yield Place(place.value, key, index, item, child, type_name)
        elif held is not None:
            yield Place(place.value, key, None, held, child, type_name)


def _keys(child: Element | None, name: str) -> dict[str, str | None]:
    """JSON names under which an element may stand, with its type."""
    if child is None:
        return {name: None}
    named = child.json_names()
    if name in named and child.is_choice:
        return {name: named[name].code}
    return {key: choice.code for key, choice in named.items()} or {child.name: None}


def _child_of(place: Place, name: str) -> Element | None:
    """The definition of a child element; a choice by its stem or its JSON name."""
    children = _children_of(place.element, place.type)
    found = children.get(name) or children.get(name + "[x]")
    if found is not None:
        return found
    for child in children.values():
        if child.is_choice and name in child.json_names():
            return child
    if isinstance(place.value, dict) and is_resource_type(place.value.get("resourceType")):
        return element_tree(place.value["resourceType"]).children.get(name)
    return None


def _children_of(element: Element | None, type_name: str | None) -> dict[str, Element]:
    if element is not None:
        if element.children:
            return element.children
        if element.content_reference:
            referred = element.content_reference
            return elements_by_path(referred.partition(".")[0])[referred].children
    if type_name and type_name not in {"BackboneElement", "Element", "Resource"}:
        try:
            return element_tree(type_name).children
        except KeyError:
            return {}
    return {}


def _is_many(element: Element | None) -> bool:
    return element is not None and (element.max is None or element.max > 1)


def _key(element: Element, name: str, value_type: str | None) -> str:
    """The JSON name for a value of a type; a choice carries the type."""
    if not element.is_choice or name in element.json_names():
        return name
    stem = element.name.removesuffix("[x]")
    return f"{stem}{value_type[0].upper()}{value_type[1:]}" if value_type else stem


def _materialised(value: Json, element: Element | None, value_type: str | None) -> Json:
    """An element given as parts, as JSON by its definition."""
    if not isinstance(value, Built):
        return value
    type_name = value_type or (element.types[0].code if element and element.types else None)
    children = _children_of(element, type_name)
    built: dict[str, Json] = {}
    for name, member, member_type in value.members:
        stem = name.removesuffix("[x]")
        child = children.get(stem) or children.get(stem + "[x]")
        item = _materialised(member, child, member_type)
        if child is None:
            built[name] = item
        elif _is_many(child):
            built.setdefault(name, []).append(item)
        else:
            built[_key(child, stem, member_type)] = item
    return built


def _where(found: list[Place], arguments: str, location: str) -> list[Place]:
    return [place for place in found if _holds(place, arguments, location)]


def _holds(place: Place, condition: str, location: str) -> bool:
    try:
        with _library:
            result = _compiled(condition)(_plain(place.value))
    except Exception:  # noqa: BLE001 - the library raises whatever it stumbles over
        raise BadRequest(
            f"the condition {condition[:200]!r} can't be evaluated", location
        ) from None
    return list(result) == [True]


@lru_cache(maxsize=256)
def _compiled(condition: str) -> Callable[[Json], list[Json]]:
    evaluate = fhirpathpy.compile(condition)
    return lambda value: evaluate(value, None)


def _plain(value: Json) -> Json:
    """The value as the library takes it, a copy: it writes into what it is given."""
    if isinstance(value, dict):
        return {key: _plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, str | bool | int) else float(value)


def _of_type(found: list[Place], arguments: str, _location: str) -> list[Place]:
    wanted = arguments.strip().removeprefix("FHIR.").strip("`")
    return [place for place in found if wanted in {place.type, _resource_type(place.value)}]


def _resource_type(value: Json) -> str | None:
    return value.get("resourceType") if isinstance(value, dict) else None


def _extension(found: list[Place], arguments: str, location: str) -> list[Place]:
    url = arguments.strip()
    if len(url) < 2 or url[0] != "'" or url[-1] != "'":
        raise BadRequest("extension() takes a url in quotes", location)
    children = [child for place in found for child in _children(place, "extension")]
    return [
        child
        for child in children
        if isinstance(child.value, dict) and child.value.get("url") == url[1:-1]
    ]


def _count(arguments: str, location: str) -> int:
    text = arguments.strip()
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise BadRequest(f"{text[:50]!r} is no number", location)
    return int(text)


_FUNCTIONS: dict[str, Callable[[list[Place], str, str], list[Place]]] = {
    "where": _where,
    "first": lambda found, _, __: found[:1],
    "last": lambda found, _, __: found[-1:],
    "tail": lambda found, _, __: found[1:],
    "skip": lambda found, arguments, location: found[_count(arguments, location) :],
    "take": lambda found, arguments, location: found[: _count(arguments, location)],
    "single": lambda found, _, __: found,
    "ofType": _of_type,
    "as": _of_type,
    "extension": _extension,
}

__all__ = ["Place", "apply", "locate"]
