"""Changing a resource by a patch: JSON Patch (RFC 6902), FHIRPath Patch, merge patch (RFC 7396).

http://hl7.org/fhir/R4/http.html#patch, http://hl7.org/fhir/R4/fhirpatch.html. All change
a tree that keeps the digits of its numbers, so that what the patch does not name comes
back as it was written.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

import jsonpatch
import jsonpointer
import msgspec

from fellesjournal.fhir import patch_parameters, patch_paths
from fellesjournal.fhir.issues import BadRequest, Unprocessable

# Any: JSON, of whatever shape a client sends.
Json = Any
Patch = Callable[[bytes, dict[str, Json]], bytes]
"""(stored bytes, the same parsed) -> patched bytes."""

MAX_OPERATIONS = 10_000
_LARGEST_INTEGER = 2**53
_OPERATIONS = frozenset({"add", "remove", "replace", "move", "copy", "test"})


class Number:
    """A JSON number with its digits as they were written; equal by value."""

    __slots__ = ("digits",)

    def __init__(self, digits: str) -> None:
        self.digits = digits

    def value(self) -> Decimal:
        """The number itself."""
        return Decimal(self.digits)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, bool) or not isinstance(other, Number | int | float | Decimal):
            return NotImplemented
        return self.value() == (other.value() if isinstance(other, Number) else Decimal(str(other)))

    def __hash__(self) -> int:
        return hash(self.value())

    def __float__(self) -> float:
        return float(self.digits)

    def __repr__(self) -> str:
        return self.digits

    def __deepcopy__(self, _memo: object) -> Number:
        return self


def read_tree(raw: bytes) -> Json:
    """Parse JSON with numbers as :class:`Number`. Raises BadRequest (structure)."""
    try:
        return json.loads(
            raw, parse_float=_decimal, parse_int=_integer, parse_constant=_no_number,
            object_pairs_hook=_without_duplicates,
        )  # fmt: skip
    except (ValueError, RecursionError) as error:
        problem = "nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise BadRequest(f"not JSON: {problem}", code="structure") from None


def write_tree(tree: Json) -> bytes:
    """The tree as minified JSON. Raises Unprocessable for what JSON can't hold."""
    try:
        return msgspec.json.encode(tree, enc_hook=_digits)
    except (ValueError, TypeError, RecursionError, OverflowError, UnicodeError):
        raise Unprocessable("the patched resource can't be written as JSON") from None


def json_patch(document: bytes) -> Patch:
    """A patch from an RFC 6902 document. Raises BadRequest when it is none."""
    operations = read_tree(document)
    if not isinstance(operations, list):
        raise BadRequest("a JSON Patch is an array of operations", code="structure")
    if len(operations) > MAX_OPERATIONS:
        raise Unprocessable(f"a patch may have {MAX_OPERATIONS} operations", code="too-costly")
    for number, operation in enumerate(operations):
        _check_operation(number, operation)

    def apply(raw: bytes, _data: dict[str, Json]) -> bytes:
        return _finished(_apply_json_patch(read_tree(raw), operations))

    return apply


def fhirpath_patch(parameters: dict[str, Json], raw: bytes) -> Patch:
    """A patch from a Parameters resource. Raises BadRequest when it is none."""
    if parameters.get("resourceType") != "Parameters":
        raise BadRequest(
            f"a FHIRPath Patch is a Parameters resource, not {parameters.get('resourceType')!r}"
        )
    operations = patch_parameters.operations(read_tree(raw))
    if len(operations) > MAX_OPERATIONS:
        raise Unprocessable(f"a patch may have {MAX_OPERATIONS} operations", code="too-costly")

    def apply(stored: bytes, _data: dict[str, Json]) -> bytes:
        tree = read_tree(stored)
        for number, operation in enumerate(operations):
            patch_paths.apply(tree, operation, f"Parameters.parameter[{number}]")
        return _finished(tree)

    return apply


def merge_patch(document: bytes) -> Patch:
    """A patch from an RFC 7396 document: members replace members, null takes them away.

    R4 does not name it, but leaves servers free to take further formats; clients such as
    fhirpy send it. Raises BadRequest when it is no object.
    """
    changes = read_tree(document)
    if not isinstance(changes, dict):
        raise BadRequest("a merge patch is an object", code="structure")

    def apply(raw: bytes, _data: dict[str, Json]) -> bytes:
        return _finished(_merged(read_tree(raw), changes))

    return apply


def _merged(target: Json, changes: Json) -> Json:
    if not isinstance(changes, dict):
        return changes
    result = dict(target) if isinstance(target, dict) else {}
    for name, change in changes.items():
        if change is None:
            result.pop(name, None)
        else:
            result[name] = _merged(result.get(name), change)
    return result


def _check_operation(number: int, operation: Json) -> None:
    place = f"[{number}]"
    if not isinstance(operation, dict):
        raise BadRequest("an operation of a JSON Patch is an object", place, code="structure")
    name = operation.get("op")
    if not isinstance(name, str) or name not in _OPERATIONS:
        raise BadRequest(f"op is one of {', '.join(sorted(_OPERATIONS))}", place, code="structure")
    pointers = ["path", "from"] if name in {"move", "copy"} else ["path"]
    for member in pointers:
        pointer = operation.get(member)
        if not isinstance(pointer, str) or (pointer and not pointer.startswith("/")):
            raise BadRequest(f"{member} is a JSON pointer", place, code="structure")
    if name in {"add", "replace", "test"} and "value" not in operation:
        raise BadRequest(f"{name} needs a value", place, code="structure")


def _apply_json_patch(tree: Json, operations: list[Json]) -> Json:
    for number, operation in enumerate(operations):
        place = f"[{number}]"
        try:
            tree = jsonpatch.JsonPatch([operation]).apply(tree, in_place=True)
        except jsonpatch.JsonPatchTestFailed:
            raise Unprocessable("the test of the patch fails", place) from None
        except (jsonpatch.JsonPatchException, jsonpointer.JsonPointerException):
            raise Unprocessable(
                f"{operation['op']} can't be done at {operation['path'][:200]!r}", place
            ) from None
        except (TypeError, KeyError, IndexError, ValueError, AttributeError, RecursionError):
            # the library reaches into texts and numbers as if they were objects
            raise Unprocessable(
                f"{operation['op']} leads nowhere at {operation['path'][:200]!r}", place
            ) from None
    return tree


def _finished(tree: Json) -> bytes:
    """Bytes of the patched tree; FHIR knows no empty objects and arrays, a patch may leave some."""
    if not isinstance(tree, dict):
        raise Unprocessable("the patch leaves no resource")
    return write_tree(_pruned(tree))


def _pruned(value: Json) -> Json:
    if isinstance(value, dict):
        members = ((name, _pruned(member)) for name, member in value.items())
        return {name: member for name, member in members if not _is_empty(member)}
    if isinstance(value, list):
        return [item for item in map(_pruned, value) if not _is_empty(item)]
    return value


def _is_empty(value: Json) -> bool:
    return isinstance(value, dict | list) and not value


def _decimal(text: str) -> Number:
    try:
        number = Number(text)
        is_finite = abs(number.value()) < Decimal("1.8e308")
    except (InvalidOperation, ValueError):
        is_finite = False
    if not is_finite:
        raise ValueError("a number that no double can hold")
    return number


def _integer(text: str) -> int | Number:
    if len(text) < 16:
        return Number(text) if text == "-0" else int(text)
    return _decimal(text)


def _no_number(text: str) -> Json:
    raise ValueError(f"{text} is no JSON number")


def _without_duplicates(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def _digits(value: object) -> msgspec.Raw:
    if isinstance(value, Number):
        return msgspec.Raw(value.digits.encode())
    raise TypeError
