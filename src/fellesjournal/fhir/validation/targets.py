"""References: their syntax and the types they may lead to (http://hl7.org/fhir/R4/references.html)."""

from __future__ import annotations

import re
from typing import Any, Final

from fellesjournal.fhir import definitions
from fellesjournal.fhir.validation.walk import Path, Walk, shown

Targets = frozenset[str] | None
"""Resource types a reference may lead to; None for any."""

_TYPES: Final = frozenset(definitions.RESOURCE_TYPES)
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_RELATIVE = re.compile(r"([A-Z][A-Za-z]+)/[A-Za-z0-9\-.]{1,64}(?:/_history/[A-Za-z0-9\-.]{1,64})?")
_CONDITIONAL = re.compile(r"([A-Z][A-Za-z]+)\?[^\s#]+")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s]+", re.ASCII)
_ABSOLUTE_TYPE = re.compile(
    r"https?://[^\s?#]*/([A-Z][A-Za-z]+)/[A-Za-z0-9\-.]{1,64}(?:/_history/[A-Za-z0-9\-.]{1,64})?"
)
_URN_UUID = re.compile(r"urn:uuid:[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_URN_OID = re.compile(r"urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+")
_CORE: Final = "http://hl7.org/fhir/StructureDefinition/"


def check_reference(
    reference: dict[str, Any], targets: Targets, tolerated: Targets, path: Path, walk: Walk
) -> None:
    """The syntax and the target type of a Reference object.

    ``tolerated`` are types outside the definition that are warned of only.
    """
    literal = reference.get("reference")
    type_ = None
    if isinstance(literal, str) and literal:
        kind, _, rest = literal.partition("/")
        if kind in _TYPES and _ID.fullmatch(rest):  # the usual one
            type_ = kind
        elif literal[0] == "#":
            walk.local_references.append((literal, targets, path))
        else:
            type_ = _type_of(literal, path, walk)
        if type_ is not None and targets is not None and type_ not in targets:
            if tolerated and type_ in tolerated:
                walk.warn("value", _may_not(type_, targets), path, "reference")
                targets |= tolerated
            else:
                walk.add("value", _may_not(type_, targets), path, "reference")
    if "type" in reference:
        _check_type(reference["type"], type_, targets, path, walk)


def type_of_literal(literal: str) -> str | None:
    """The resource type a literal reference names, if it names one."""
    match = (
        _RELATIVE.fullmatch(literal)
        or _CONDITIONAL.fullmatch(literal)
        or _ABSOLUTE_TYPE.fullmatch(literal)
    )
    return match[1] if match and match[1] in _TYPES else None


def _type_of(literal: str, path: Path, walk: Walk) -> str | None:
    match = _RELATIVE.fullmatch(literal) or _CONDITIONAL.fullmatch(literal)
    if match is not None:
        if match[1] in _TYPES:
            return match[1]
        walk.add("value", f"{match[1][:40]} is no resource type of R4", path, "reference")
        return None
    if literal.startswith("urn:uuid:"):
        if not _URN_UUID.fullmatch(literal):
            walk.add("value", f"{shown(literal)} is no UUID", path, "reference")
        return None
    if literal.startswith("urn:oid:"):
        if not _URN_OID.fullmatch(literal):
            walk.add("value", f"{shown(literal)} is no OID", path, "reference")
        return None
    if not _ABSOLUTE.fullmatch(literal):
        walk.add(
            "value",
            f"{shown(literal)} is no reference: Type/id, an absolute URL, urn:uuid:, urn:oid: or "
            "#id of a contained resource",
            path,
            "reference",
        )
        return None
    absolute = _ABSOLUTE_TYPE.fullmatch(literal)
    return absolute[1] if absolute and absolute[1] in _TYPES else None


def _check_type(stated: Any, actual: str | None, targets: Targets, path: Path, walk: Walk) -> None:
    if not isinstance(stated, str):
        return
    name = stated.removeprefix(_CORE)
    if name not in _TYPES:
        # A logical model may be named by its full URL.
        if "://" not in name:
            walk.add("code-invalid", f"{shown(name)} is no resource type of R4", path, "type")
    elif actual is not None and actual != name:
        walk.add("value", f"says {name}, but the reference leads to {actual}", path, "type")
    elif targets is not None and name not in targets:
        walk.add("value", _may_not(name, targets), path, "type")


def check_local_references(data: dict[str, Any], type_: str, walk: Walk, first: int) -> None:
    """References into the resource itself, those noted from position ``first`` on (ref-1)."""
    if len(walk.local_references) == first:
        return
    contained = data.get("contained")
    types = {"": type_}
    for resource in contained if isinstance(contained, list) else ():
        if isinstance(resource, dict):
            types.setdefault(str(resource.get("id")), str(resource.get("resourceType")))
    for literal, targets, path in walk.local_references[first:]:
        actual = types.get(literal[1:])
        if actual is None:
            walk.add(
                "invariant",
                f"{shown(literal)} leads to no contained resource (ref-1)",
                path,
                "reference",
            )
        elif targets is not None and actual not in targets:
            walk.add("value", _may_not(actual, targets), path, "reference")
    del walk.local_references[first:]


def _may_not(type_: str, targets: frozenset[str]) -> str:
    return f"may not lead to {type_}; allowed: {', '.join(sorted(targets))}"
