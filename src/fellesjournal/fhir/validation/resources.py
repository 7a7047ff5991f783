"""Resources as wholes: the outermost one and those inside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fellesjournal.fhir import definitions
from fellesjournal.fhir.validation.contained import check_contained
from fellesjournal.fhir.validation.expressions.values import Item
from fellesjournal.fhir.validation.fields import ObjectCheck, ValueCheck
from fellesjournal.fhir.validation.targets import check_local_references
from fellesjournal.fhir.validation.walk import Path, Walk, kind_of, shown

FindType = Callable[[str], ObjectCheck]


def check_resource(data: dict[str, Any], find_type: FindType, path: Path, walk: Walk) -> None:
    """A resource that stands for itself: the outermost, or one in a Bundle or Parameters."""
    type_name = data["resourceType"]
    outer, outer_root = walk.resource, walk.root
    walk.resource = walk.root = Item(data, type_name)
    first_reference = len(walk.local_references)
    find_type(type_name).check(data, path, walk)
    if "contained" in data:
        check_contained(data, path, walk)
    check_local_references(data, type_name, walk, first_reference)
    walk.resource, walk.root = outer, outer_root


def check_inner_resource(find_type: FindType, *, is_contained: bool) -> ValueCheck:
    """The check of an element that holds a resource of any type."""

    def check(value: Any, path: Path, walk: Walk) -> None:
        if not is_contained and not walk.nested:
            return
        if not has_known_type(value, path, walk):
            return
        if not is_contained:
            check_resource(value, find_type, path, walk)
            return
        outer = walk.resource
        walk.resource = Item(value, value["resourceType"])
        find_type(value["resourceType"]).check(value, path, walk)
        walk.resource = outer

    return check


def has_known_type(value: Any, path: Path, walk: Walk) -> bool:
    """Whether a value is an object that says which resource it is; adds what is wrong."""
    if type(value) is not dict:
        walk.add("structure", f"must be a resource, not {kind_of(value)}", path)
        return False
    name = value.get("resourceType")
    if not definitions.is_resource_type(name):
        walk.add("structure", f"{shown(name)} is no resource type of R4", path, "resourceType")
        return False
    return True
