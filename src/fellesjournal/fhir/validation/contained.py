"""Contained resources (http://hl7.org/fhir/R4/references.html#contained, dom-2 to dom-5)."""

from __future__ import annotations

from typing import Any

from fellesjournal.fhir.validation.walk import Path, Walk, shown


def check_contained(data: dict[str, Any], path: Path, walk: Walk) -> None:
    """The rules on a resource's contained resources as a whole."""
    contained = data["contained"]
    if not isinstance(contained, list):
        return
    fragments = _fragments(data)
    seen: set[str] = set()
    for index, resource in enumerate(contained):
        if isinstance(resource, dict):
            place = (path, "contained", index)
            _check_one(resource, place, walk)
            _check_use(resource, fragments, seen, place, walk)


def _check_one(resource: dict[str, Any], place: Path, walk: Walk) -> None:
    if "contained" in resource:
        walk.add("invariant", "a contained resource may not contain others (dom-2)", place)
    meta = resource.get("meta")
    if isinstance(meta, dict):
        if "versionId" in meta or "lastUpdated" in meta:
            walk.add(
                "invariant",
                "a contained resource has no meta.versionId or meta.lastUpdated (dom-4)",
                place,
                "meta",
            )
        if "security" in meta:
            walk.add(
                "invariant", "a contained resource has no security label (dom-5)", place, "meta"
            )


def _check_use(
    resource: dict[str, Any], fragments: set[str], seen: set[str], place: Path, walk: Walk
) -> None:
    identity = resource.get("id")
    if isinstance(identity, str):
        if identity in seen:
            walk.add("duplicate", f"the id {shown(identity)} is used twice", place, "id")
        seen.add(identity)
        if f"#{identity}" in fragments:
            return
    if "#" in _fragments(resource):
        return
    walk.add(
        "invariant",
        "nothing in the resource refers to this contained one, nor does it refer back (dom-3)",
        place,
    )


def _fragments(data: Any) -> set[str]:
    """Every string anywhere that starts with '#'."""
    found: set[str] = set()
    waiting = [data]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            if value.startswith("#"):
                found.add(value)
        elif isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return found
