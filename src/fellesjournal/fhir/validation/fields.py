"""The checks of single JSON properties, as closures made once per element.

Every check has the signature ``(value, data, path, walk)``: the property's value, the
object it is in, that object's path. Nothing here raises, whatever the JSON is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol

from orjson import dumps

from fellesjournal.fhir.primitives import MAX_STRING, Check
from fellesjournal.fhir.validation.walk import Path, Walk, kind_of, shown

# Any: JSON as parsed, of any shape.
FieldCheck = Callable[[Any, dict[str, Any], Path, Walk], None]
ValueCheck = Callable[[Any, Path, Walk], None]

MAX_PASSED: Final = 1000
MAX_SPELT: Final = 1000

_EXPECTED: Final = {
    "boolean": "true or false",
    "integer": "a 32-bit integer",
    "unsignedInt": "an integer from 0 to 2147483647",
    "positiveInt": "an integer from 1 to 2147483647",
    "decimal": "a number",
    "date": "a date: YYYY, YYYY-MM or YYYY-MM-DD, on a day that exists",
    "dateTime": "a date or a time with seconds and zone, on a day that exists",
    "instant": "a time YYYY-MM-DDThh:mm:ss with zone, on a day that exists",
    "time": "a time hh:mm:ss",
    "id": "1 to 64 letters, digits, '-' and '.'",
    "code": "a code without blanks at its ends",
    "base64Binary": "base64",
}


class ObjectCheck(Protocol):
    """A type's check of a whole object."""

    def check(self, data: Any, path: Path, walk: Walk) -> None:
        """Add what is wrong with the object at ``path``."""


def single_primitive(name: str, type_name: str, is_valid: Check) -> FieldCheck:
    """A primitive that does not repeat."""

    def check(value: Any, _data: dict[str, Any], path: Path, walk: Walk) -> None:
        if not is_valid(value):
            refuse_primitive(value, type_name, (path, name, None), walk)

    return check


def refuse_primitive(value: Any, type_name: str, path: Path, walk: Walk) -> None:
    """Say why a value is not of a primitive type."""
    if value is None:
        walk.add("structure", "may not be null", path)
    elif isinstance(value, list):
        walk.add("structure", "does not repeat: an array is not allowed", path)
    elif isinstance(value, dict):
        walk.add("structure", f"must be {_EXPECTED.get(type_name, type_name)}, not an object", path)
    elif isinstance(value, str) and not value:
        walk.add("value", "may not be empty", path)
    elif isinstance(value, str) and len(value) > MAX_STRING:
        walk.add("too-long", f"may have {MAX_STRING} characters at most", path)
    else:
        expected = _EXPECTED.get(type_name, f"a {type_name}")
        walk.add("value", f"{shown(value)} is not valid: must be {expected}", path)


def repeating_primitive(
    name: str, type_name: str, is_valid: Check, maximum: int | None
) -> FieldCheck:
    """A primitive that repeats; null only where ``_name`` has something to say."""
    companion = f"_{name}"

    def check(value: Any, data: dict[str, Any], path: Path, walk: Walk) -> None:
        if not _is_array(value, name, path, walk, maximum):
            return
        for index, item in enumerate(value):
            if is_valid(item):
                continue
            if item is None:
                beside = data.get(companion)
                if (
                    isinstance(beside, list)
                    and index < len(beside)
                    and isinstance(beside[index], dict)
                ):
                    continue
                walk.add(
                    "structure", f"null without an extension in {companion}", path, name, index
                )
            else:
                refuse_primitive(item, type_name, (path, name, index), walk)

    return check


def companion_of_single(name: str, element: ObjectCheck) -> FieldCheck:
    """``_name`` beside a primitive that does not repeat."""

    def check(value: Any, _data: dict[str, Any], path: Path, walk: Walk) -> None:
        element.check(value, (path, f"_{name}", None), walk)

    return check


def companion_of_repeating(name: str, element: ObjectCheck) -> FieldCheck:
    """``_name`` beside a primitive that repeats: an array in step with it."""
    companion = f"_{name}"

    def check(value: Any, data: dict[str, Any], path: Path, walk: Walk) -> None:
        if not _is_array(value, companion, path, walk, None):
            return
        values = data.get(name)
        if isinstance(values, list) and len(values) != len(value):
            walk.add(
                "structure",
                f"has {len(value)} entries but {name} has {len(values)}: they must be in step",
                path,
                companion,
            )
        for index, item in enumerate(value):
            if item is not None:
                element.check(item, (path, companion, index), walk)
            elif name not in data:
                walk.add("structure", f"null without a value in {name}", path, companion, index)
        if name not in data and all(item is None for item in value):
            walk.add("structure", "holds nothing", path, companion)

    return check


def single_object(name: str, check_value: ValueCheck) -> FieldCheck:
    """A complex element that does not repeat."""

    def check(value: Any, _data: dict[str, Any], path: Path, walk: Walk) -> None:
        check_value(value, (path, name, None), walk)

    return check


def repeating_object(name: str, check_value: ValueCheck, maximum: int | None) -> FieldCheck:
    """A complex element that repeats."""

    def check(value: Any, _data: dict[str, Any], path: Path, walk: Walk) -> None:
        if type(value) is list and value and maximum is None:
            if len(value) == 1:
                check_value(value[0], (path, name, 0), walk)
                return
        elif not _is_array(value, name, path, walk, maximum):
            return
        for index, item in enumerate(value):
            check_value(item, (path, name, index), walk)

    return check


def passing_again(check_value: ValueCheck) -> ValueCheck:
    """The check of codes, which are few: one that passed passes again without a look.

    For checks that look at nothing but the value.
    """
    passed: set[bytes] = set()

    def check(value: Any, path: Path, walk: Walk) -> None:
        try:
            spelt = dumps(value)
        except TypeError:  # not from JSON text
            check_value(value, path, walk)
            return
        if spelt in passed and not walk.wants_warnings:
            return
        told = len(walk.issues) + walk.omitted
        check_value(value, path, walk)
        if (
            told == len(walk.issues) + walk.omitted
            and len(passed) < MAX_PASSED
            and len(spelt) < MAX_SPELT
            # an extension may hold references, which are looked at in the end; without a
            # coding it is free text, which seldom comes again
            and b'xtension"' not in spelt
            and b'"code":' in spelt
        ):
            passed.add(spelt)

    return check


def _is_array(value: Any, name: str, path: Path, walk: Walk, maximum: int | None) -> bool:
    if type(value) is not list:
        walk.add("structure", f"repeats: must be an array, not {kind_of(value)}", path, name)
        return False
    if not value:
        walk.add("structure", "may not be an empty array", path, name)
        return False
    if maximum is not None and len(value) > maximum:
        walk.add("structure", f"may have {maximum} entries at most, not {len(value)}", path, name)
    return True
