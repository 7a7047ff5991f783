"""What the expressions know of FHIR's types: the members of each, by FHIRPath name."""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

from fellesjournal.fhir import definitions


class Member(NamedTuple):
    """One JSON property behind a FHIRPath name, and the type of its values.

    A backbone's type is its path, such as ``Observation.component``. ``companion`` is the
    name of the property beside a primitive, None for others.
    """

    json_name: str
    type: str
    companion: str | None


Members = dict[str, tuple[Member, ...]]

_PRIMITIVES: Final = frozenset(
    name for name in definitions.type_names() if definitions.type_kind(name) == "primitive-type"
)
# System types and what FHIR calls them.
_SYSTEM_NAMES: Final = {
    "boolean": "boolean",
    "string": "string",
    "integer": "integer",
    "decimal": "decimal",
    "date": "date",
    "datetime": "dateTime",
    "time": "time",
    "quantity": "Quantity",
}


def is_primitive(type_name: str) -> bool:
    """Whether values of the type are JSON scalars."""
    return type_name in _PRIMITIVES


@cache
def members(type_name: str) -> Members:
    """FHIRPath name -> JSON properties, for a type or a backbone path; {} when unknown."""
    root = type_name.partition(".")[0]
    try:
        element = definitions.elements_by_path(root).get(type_name)
    except KeyError:
        return {}
    if element is None:
        return {}
    return {
        child.name.removesuffix("[x]"): tuple(_members_of(child))
        for child in element.children.values()
    }


def _members_of(element: definitions.Element) -> list[Member]:
    if element.content_reference:
        return [Member(element.name, element.content_reference, None)]
    found = []
    for json_name, choice in element.json_names().items():
        type_name = choice.code
        if type_name in ("BackboneElement", "Element") and element.children:
            type_name = element.path
        companion = f"_{json_name}" if is_primitive(type_name) else None
        found.append(Member(json_name, type_name, companion))
    return found


@cache
def fits_type(type_name: str, wanted: str) -> bool:
    """Whether ``value is wanted`` for a value of this type, namespaces ignored."""
    wanted = wanted.removeprefix("FHIR.").removeprefix("System.")
    if type_name == wanted:
        return True
    if "." in type_name:
        return wanted in ("BackboneElement", "Element")
    try:
        if definitions.is_a(type_name, wanted):
            return True
    except KeyError:
        return False
    # `answer is Boolean` in the standard's own invariants means the FHIR type.
    return is_primitive(type_name) and _SYSTEM_NAMES.get(wanted.lower()) == type_name
