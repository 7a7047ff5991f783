"""Types of FHIR R4 and their elements.

Everything here is read from the StructureDefinitions of the standard
(http://hl7.org/fhir/R4/resourcelist.html, http://hl7.org/fhir/R4/datatypes.html).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from fellesjournal.fhir.definitions.tables import load_table

RESOURCE_NUMBERS: dict[str, int] = load_table("resource-numbers")["types"]
RESOURCE_TYPES: tuple[str, ...] = tuple(RESOURCE_NUMBERS)
"""The 146 concrete resource types, by name."""

_NAMES = {number: name for name, number in RESOURCE_NUMBERS.items()}


@dataclass(frozen=True, slots=True)
class TypeChoice:
    """One type an element may have.

    ``code`` is the type's name; ``targets`` the resource types a Reference or canonical
    may lead to (empty: any); ``profile`` a constrained data type such as SimpleQuantity.
    """

    code: str
    targets: tuple[str, ...] = ()
    profile: str | None = None


@dataclass(frozen=True, slots=True)
class Binding:
    """Which codes an element takes: required, extensible, preferred or example.

    ``limit`` is a value set that no code may leave even when the strength is weaker.
    """

    strength: str
    value_set: str
    limit: str | None = None


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a type.

    ``path`` starts with the type (``Patient.contact.name``); ``name`` is the last step,
    with ``[x]`` for a choice. ``max`` is None for no upper limit. ``types`` is empty for a
    root and for a ``content_reference`` (the path of the element whose content it takes).
    ``children`` are the elements of a backbone, by name; a data type's own elements are in
    ``element_tree(type)``.
    """

    path: str
    name: str
    min: int
    max: int | None
    types: tuple[TypeChoice, ...]
    is_summary: bool
    is_modifier: bool
    binding: Binding | None
    content_reference: str | None
    constraints: tuple[str, ...]
    children: dict[str, Element] = field(default_factory=dict)

    @property
    def is_choice(self) -> bool:
        """Whether the JSON name carries the type, as in ``valueQuantity``."""
        return self.name.endswith("[x]")

    def json_names(self) -> dict[str, TypeChoice]:
        """JSON property name -> type; one entry except for a choice."""
        if not self.is_choice:
            return {self.name: self.types[0]} if self.types else {}
        stem = self.name[:-3]
        return {f"{stem}{choice.code[0].upper()}{choice.code[1:]}": choice for choice in self.types}


@dataclass(frozen=True, slots=True)
class Constraint:
    """An invariant of the standard: severity is ``error`` or ``warning``."""

    key: str
    severity: str
    human: str
    expression: str


def type_number(name: str) -> int:
    """The stable small number of a concrete resource type. Raises KeyError for others."""
    return RESOURCE_NUMBERS[name]


def type_name(number: int) -> str:
    """The resource type with this number. Raises KeyError when there is none."""
    return _NAMES[number]


def is_resource_type(name: object) -> bool:
    """Whether this is the name of a concrete resource type of R4."""
    return isinstance(name, str) and name in RESOURCE_NUMBERS


def type_names() -> tuple[str, ...]:
    """All types: resources, complex and primitive types, abstract ones included."""
    return tuple(_types())


def type_kind(name: str) -> str:
    """``resource``, ``complex-type`` or ``primitive-type``. Raises KeyError if unknown."""
    kind: str = _types()[name]["kind"]
    return kind


def is_abstract(name: str) -> bool:
    """Element, BackboneElement, Resource and DomainResource."""
    return bool(_types()[name]["abstract"])


def base_type(name: str) -> str | None:
    """The type this one specialises: Patient -> DomainResource -> Resource -> None."""
    base: str | None = _types()[name]["base"]
    return base


def is_a(name: str, ancestor: str) -> bool:
    """Whether a type is the other or specialises it, over any number of steps."""
    current: str | None = name
    while current is not None:
        if current == ancestor:
            return True
        current = base_type(current)
    return False


def primitive_regex(name: str) -> str | None:
    """The regular expression the standard gives for a primitive type, if it gives one."""
    regex: str | None = _types()[name].get("regex")
    return regex


@cache
def element_tree(name: str) -> Element:
    """The root element of a type, with all its (also inherited) elements below it.

    Raises KeyError for an unknown type.
    """
    rows = _types()[name]["elements"]
    root = _element(name, rows[0])
    by_path = {"": root}
    for row in rows[1:]:
        element = _element(name, row)
        by_path[row[0]] = element
        by_path[row[0].rpartition(".")[0]].children[element.name] = element
    return root


@cache
def elements_by_path(name: str) -> dict[str, Element]:
    """All elements of a type by full path, such as ``Patient.contact.name``."""
    found: dict[str, Element] = {}
    waiting = [element_tree(name)]
    while waiting:
        element = waiting.pop()
        found[element.path] = element
        waiting.extend(element.children.values())
    return found


@cache
def constraints(name: str) -> dict[str, Constraint]:
    """The invariants stated in a type's definition, by key."""
    return {
        key: Constraint(key, severity, human, expression)
        for key, (severity, human, expression) in _types()[name]["constraints"].items()
    }


@cache
def summary_elements(name: str) -> frozenset[str]:
    """JSON names of the top-level elements that ``_summary=true`` keeps.

    Below them ``Element.is_summary`` tells. http://hl7.org/fhir/R4/search.html#summary
    """
    return _json_names(name, lambda element: element.is_summary)


@cache
def mandatory_elements(name: str) -> frozenset[str]:
    """JSON names of the top-level elements with a minimum (``_summary=text``, ``_elements``)."""
    return _json_names(name, lambda element: element.min > 0)


def _json_names(name: str, is_chosen: Callable[[Element], bool]) -> frozenset[str]:
    return frozenset(
        json_name
        for element in element_tree(name).children.values()
        if is_chosen(element)
        for json_name in element.json_names() or (element.name,)
    )


def _types() -> dict[str, Any]:
    types: dict[str, Any] = load_table("structures")["types"]
    return types


def _element(type_: str, row: list[Any]) -> Element:
    path, minimum, maximum, types, flags, binding, reference, keys = row
    return Element(
        path=f"{type_}.{path}" if path else type_,
        name=path.rpartition(".")[2] or type_,
        min=minimum,
        max=maximum or None,
        types=tuple(_choice(entry) for entry in types),
        is_summary="S" in flags,
        is_modifier="M" in flags,
        binding=Binding(*binding) if binding else None,
        content_reference=reference,
        constraints=tuple(keys),
    )


def _choice(entry: Any) -> TypeChoice:
    if isinstance(entry, list):
        code, targets = entry
        return TypeChoice(code, () if "Resource" in targets else tuple(targets))
    if entry == "SimpleQuantity":
        return TypeChoice("Quantity", profile=entry)
    return TypeChoice(entry)
