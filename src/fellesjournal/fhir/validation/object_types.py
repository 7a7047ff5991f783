"""Types as tables: for each object, which properties it may have and what each must be.

A table is compiled from the definitions when a type is first met and then kept. The walk
over a resource is one dictionary look-up and one closure call per property.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from fellesjournal.fhir.primitives import Check
from fellesjournal.fhir.validation.errata import may_be_absent
from fellesjournal.fhir.validation.expressions.shortcuts import Predicate
from fellesjournal.fhir.validation.fields import FieldCheck
from fellesjournal.fhir.validation.walk import Path, Walk, kind_of, shown


@dataclass(frozen=True, slots=True)
class Rule:
    """An invariant of a type as a predicate on its objects."""

    key: str
    human: str
    holds: Predicate


@dataclass(frozen=True, slots=True)
class Choice:
    """An element that must be there, or has several JSON names, by its bits in ``seen``."""

    name: str
    bits: int
    is_required: bool


class Property(NamedTuple):
    """What a JSON property must be.

    ``is_valid`` is the test alone where that is all ``check`` does with a good value.
    """

    check: FieldCheck
    bit: int
    is_valid: Check | None = None


class ObjectType:
    """The table of one type or backbone element.

    ``fields`` are by JSON name. Every property that is required or one of a
    choice has a bit; a primitive and its ``_name`` share one.
    """

    __slots__ = (
        "advice",
        "choices",
        "fields",
        "is_element",
        "name",
        "required",
        "required_names",
        "rules",
    )

    def __init__(self, name: str, *, is_element: bool) -> None:
        self.name = name
        self.is_element = is_element
        self.fields: dict[str, Property] = {}
        self.required = 0
        self.required_names: tuple[tuple[str, int], ...] = ()
        self.choices: tuple[Choice, ...] = ()
        self.rules: tuple[Rule, ...] = ()
        self.advice: tuple[Rule, ...] = ()

    def check(self, data: Any, path: Path, walk: Walk) -> None:
        """Add everything that is wrong with an object of this type."""
        if type(data) is not dict:
            walk.add("structure", f"must be an object, not {kind_of(data)}", path)
            return
        fields = self.fields
        seen = 0
        for key, value in data.items():
            field = fields.get(key)
            if field is None:
                walk.add("structure", f"{shown(key)} is no element of {self.name}", path, key[:80])
            else:
                check, bit, is_valid = field
                seen |= bit
                if is_valid is None or not is_valid(value):
                    check(value, data, path, walk)
        if self.required & ~seen:
            self._missing(seen, data, path, walk)
        for choice in self.choices:
            present = seen & choice.bits
            if present & (present - 1):
                walk.add("structure", "only one type of value is allowed", path, choice.name)
            elif not present and choice.is_required:
                walk.add("required", "is required", path, choice.name)
        for rule in self.rules:
            if not rule.holds(data, walk.resource, walk.root):
                walk.add("invariant", f"{rule.human} ({rule.key})", path)
        if walk.wants_warnings:
            for rule in self.advice:
                if not rule.holds(data, walk.resource, walk.root):
                    walk.warn("invariant", f"{rule.human} ({rule.key})", path)
        # ele-1: an id alone says nothing.
        if self.is_element and len(data) < 2 and (not data or "id" in data):
            walk.add("invariant", "must have a value or children (ele-1)", path)

    def _missing(self, seen: int, data: dict[str, Any], path: Path, walk: Walk) -> None:
        for name, bit in self.required_names:
            if seen & bit:
                continue
            if may_be_absent(f"{self.name}.{name}", data):
                walk.warn("required", "is required", path, name)
            else:
                walk.add("required", "is required", path, name)


NATIVE_RULES: Final = frozenset(
    {"ele-1", "ext-1", "dom-2", "dom-3", "dom-4", "dom-5", "ref-1", "txt-1", "txt-2"}
)
"""Invariants that the walk itself applies."""
