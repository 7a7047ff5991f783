"""Fixed values, patterns and limits (http://hl7.org/fhir/R4/elementdefinition.html)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fellesjournal.fhir.validation.expressions.values import Item, compare
from fellesjournal.fhir.validation.walk import shown


def equals_fixed(value: Any, fixed: Any) -> bool:
    """Exactly the same, nothing more and nothing less."""
    if isinstance(value, bool) or isinstance(fixed, bool):
        return value is fixed
    if isinstance(value, dict) and isinstance(fixed, dict):
        return value.keys() == fixed.keys() and all(
            equals_fixed(value[key], fixed[key]) for key in fixed
        )
    if isinstance(value, list) and isinstance(fixed, list):
        return len(value) == len(fixed) and all(map(equals_fixed, value, fixed))
    return bool(value == fixed)


def fits_pattern(value: Any, pattern: Any) -> bool:
    """Everything of the pattern is there; each of its list entries in some entry."""
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(
            key in value and fits_pattern(value[key], part) for key, part in pattern.items()
        )
    if isinstance(pattern, list):
        return isinstance(value, list) and all(
            any(fits_pattern(entry, part) for entry in value) for part in pattern
        )
    return equals_fixed(value, pattern)


def breaks_limit(item: Item, facts: dict[str, Any]) -> Iterator[str]:
    """What minValue and maxValue object to."""
    if "least" in facts:
        order = compare(item, _limit(facts["least"]))
        if order is not None and order < 0:
            yield f"may not be less than {shown(facts['least'][1])}"
    if "most" in facts:
        order = compare(item, _limit(facts["most"]))
        if order is not None and order > 0:
            yield f"may not be more than {shown(facts['most'][1])}"


def _limit(stated: list[Any]) -> Item:
    type_name, value = stated
    return Item(value, type_name)


def project(pattern: Any, steps: tuple[str, ...]) -> list[Any]:
    """The parts of a fixed or pattern value that a path leads to."""
    found = [pattern]
    for step in steps:
        found = [
            part
            for value in found
            if isinstance(value, dict) and step in value
            for part in (value[step] if isinstance(value[step], list) else [value[step]])
        ]
    return found
