"""The operators between two expressions, with FHIRPath's three-valued logic."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from fellesjournal.fhir.validation.expressions.functions import contains_item, union
from fellesjournal.fhir.validation.expressions.scope import Run, Scope, truth
from fellesjournal.fhir.validation.expressions.values import (
    FALSE,
    TRUE,
    Collection,
    Item,
    boolean,
    compare,
    equal,
    equivalent,
    text_of,
)


def _and(first: Run, second: Run) -> Run:
    def run(focus: Collection, scope: Scope) -> Collection:
        one = truth(first(focus, scope))
        if one is False:
            return FALSE
        other = truth(second(focus, scope))
        if other is False:
            return FALSE
        return TRUE if one and other else []

    return run


def _or(first: Run, second: Run) -> Run:
    def run(focus: Collection, scope: Scope) -> Collection:
        one = truth(first(focus, scope))
        if one:
            return TRUE
        other = truth(second(focus, scope))
        if other:
            return TRUE
        return FALSE if one is False and other is False else []

    return run


def _implies(first: Run, second: Run) -> Run:
    def run(focus: Collection, scope: Scope) -> Collection:
        one = truth(first(focus, scope))
        if one is False:
            return TRUE
        other = truth(second(focus, scope))
        if other:
            return TRUE
        return FALSE if one and other is False else []

    return run


def _xor(first: Run, second: Run) -> Run:
    def run(focus: Collection, scope: Scope) -> Collection:
        one, other = truth(first(focus, scope)), truth(second(focus, scope))
        return [] if one is None or other is None else boolean(one is not other)

    return run


LOGIC: Final = {"and": _and, "or": _or, "implies": _implies, "xor": _xor}

Combine = Callable[[Collection, Collection], Collection]


def _equals(left: Collection, right: Collection) -> Collection:
    if not left or not right:
        return []
    if len(left) != len(right):
        return FALSE
    results = [equal(one, other) for one, other in zip(left, right, strict=True)]
    if False in results:
        return FALSE
    return [] if None in results else TRUE


def _differs(left: Collection, right: Collection) -> Collection:
    result = _equals(left, right)
    return [] if not result else boolean(result is FALSE)


def _equivalent(left: Collection, right: Collection) -> Collection:
    return boolean(
        len(left) == len(right)
        and all(any(equivalent(one, other) for other in right) for one in left)
    )


def _ordered(holds: Callable[[int], bool]) -> Combine:
    def run(left: Collection, right: Collection) -> Collection:
        if len(left) != 1 or len(right) != 1:
            return []
        order = compare(left[0], right[0])
        return [] if order is None else boolean(holds(order))

    return run


def _in(left: Collection, right: Collection) -> Collection:
    return boolean(contains_item(right, left[0])) if len(left) == 1 else []


def _plus(left: Collection, right: Collection) -> Collection:
    if len(left) != 1 or len(right) != 1:
        return []
    one, other = left[0].value, right[0].value
    if isinstance(one, str) and isinstance(other, str):
        return [Item(one + other, "string")]
    return _arithmetic(lambda a, b: a + b)(left, right)


def _concatenate(left: Collection, right: Collection) -> Collection:
    one = text_of(left[0]) if left else ""
    other = text_of(right[0]) if right else ""
    return [Item((one or "") + (other or ""), "string")]


def _arithmetic(calculate: Callable[[Any, Any], Any]) -> Combine:
    def run(left: Collection, right: Collection) -> Collection:
        if len(left) != 1 or len(right) != 1:
            return []
        one, other = left[0].value, right[0].value
        if not _is_number(one) or not _is_number(other):
            return []
        result = calculate(one, other)
        if isinstance(result, float):
            # Decimals are floats here: 1.8 - 1.2 is 0.6.
            result = round(result, 10)
        return [] if result is None else [Item(result, left[0].type)]

    return run


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


OPERATORS: Final[dict[str, Combine]] = {
    "=": _equals,
    "!=": _differs,
    "~": _equivalent,
    "!~": lambda left, right: boolean(_equivalent(left, right) is FALSE),
    "<": _ordered(lambda order: order < 0),
    "<=": _ordered(lambda order: order <= 0),
    ">": _ordered(lambda order: order > 0),
    ">=": _ordered(lambda order: order >= 0),
    "|": union,
    "in": _in,
    "contains": lambda left, right: _in(right, left),
    "+": _plus,
    "-": _arithmetic(lambda one, other: one - other),
    "*": _arithmetic(lambda one, other: one * other),
    "/": _arithmetic(lambda one, other: one / other if other else None),
    "div": _arithmetic(lambda one, other: int(one // other) if other else None),
    "mod": _arithmetic(lambda one, other: one % other if other else None),
    "&": _concatenate,
}
