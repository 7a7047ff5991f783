"""Parts of resources: _summary and _elements (http://hl7.org/fhir/R4/search.html#summary).

Members are taken over as bytes, so that decimals keep their digits; what is cut down is
marked SUBSETTED, so that nobody writes it back as the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import msgspec

from fellesjournal.fhir.definitions import (
    element_tree,
    is_resource_type,
    mandatory_elements,
    summary_elements,
)
from fellesjournal.fhir.definitions.structures import Element
from fellesjournal.fhir.issues import BadRequest

Subset = Callable[[str, bytes], bytes]

_SUBSETTED = (
    b'{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}'
)
_members = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_items = msgspec.json.Decoder(list[msgspec.Raw]).decode
_encode = msgspec.json.encode
# Never left out: what the resource is, and what changes its meaning.
_ALWAYS = frozenset({"resourceType", "id", "meta", "implicitRules", "modifierExtension"})


def subset(summary: str | None, elements: str | None) -> Subset | None:
    """The cut of the two parameters; ``_elements`` and ``_summary`` exclude each other."""
    if summary in {None, "", "false"}:
        if not elements:
            return None
        names = tuple(name.strip() for name in elements.split(",") if name.strip())
        return lambda type_name, body: _keep(body, _asked(type_name, names))
    if elements:
        raise BadRequest("_summary and _elements can't be combined")
    if summary == "true":
        return _summary
    if summary == "text":
        return lambda type_name, body: _keep(
            body, mandatory_elements(type_name) | _ALWAYS | {"text"}
        )
    if summary == "data":
        return lambda _type_name, body: _drop_text(body)
    raise BadRequest(f"_summary is true, text, data, count or false, not {str(summary)[:100]!r}")


@lru_cache(maxsize=1024)
def _asked(type_name: str, names: Sequence[str]) -> frozenset[str]:
    """The JSON names to keep; ``Type.element`` counts for its own type only."""
    wanted: set[str] = set()
    for name in names:
        first, _, rest = name.partition(".")
        if rest and is_resource_type(first):
            if first != type_name:
                continue
            first = rest.partition(".")[0]
        wanted.add(first.removesuffix("[x]"))
    kept = {
        json_name
        for element in element_tree(type_name).children.values()
        for json_name in element.json_names() or (element.name,)
        if json_name in wanted or element.name.removesuffix("[x]") in wanted
    }
    return frozenset(kept | mandatory_elements(type_name) | _ALWAYS)


def _keep(body: bytes, names: frozenset[str]) -> bytes:
    members = {
        name: value for name, value in _members(body).items() if name.removeprefix("_") in names
    }
    return _marked(members)


def _drop_text(body: bytes) -> bytes:
    members = _members(body)
    members.pop("text", None)
    return _marked(members)


def _summary(type_name: str, body: bytes) -> bytes:
    names = summary_elements(type_name) | _ALWAYS
    children = _summary_children(type_name)
    members = {}
    for name, value in _members(body).items():
        plain = name.removeprefix("_")
        if plain in names:
            element = children.get(plain)
            members[name] = value if element is None else _summary_of_element(element, value)
    return _marked(members)


@lru_cache(maxsize=256)
def _summary_children(type_name: str) -> dict[str, Element]:
    """The backbone elements of a summary, which have a summary of their own."""
    return {
        name: element
        for name, element in element_tree(type_name).children.items()
        if element.children and element.is_summary
    }


def _summary_of_element(element: Element, value: msgspec.Raw) -> msgspec.Raw:
    raw = bytes(value)
    if raw[:1] == b"[":
        return msgspec.Raw(_encode([_summary_of_element(element, item) for item in _items(raw)]))
    if raw[:1] != b"{":
        return value
    kept: dict[str, msgspec.Raw] = {}
    for name, member in _members(raw).items():
        child = _child(element, name.removeprefix("_"))
        if child is None or child.is_summary or child.min > 0:
            below = child is not None and bool(child.children)
            kept[name] = (
                _summary_of_element(child, member) if child is not None and below else member
            )
    return msgspec.Raw(_encode(kept))


def _child(element: Element, name: str) -> Element | None:
    found = element.children.get(name)
    if found is not None:
        return found
    for child in element.children.values():
        if child.is_choice and name in child.json_names():
            return child
    return None


def _marked(members: dict[str, msgspec.Raw]) -> bytes:
    """The members as a resource whose meta says that it isn't whole."""
    meta = _members(members["meta"]) if "meta" in members else {}
    tags = [bytes(tag) for tag in _items(meta["tag"])] if "tag" in meta else []
    meta["tag"] = msgspec.Raw(b"[" + b",".join([*tags, _SUBSETTED]) + b"]")
    members["meta"] = msgspec.Raw(_encode(meta))
    return _encode(members)
