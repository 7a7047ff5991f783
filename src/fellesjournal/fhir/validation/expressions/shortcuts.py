"""Invariants as predicates on the JSON object, by the shortest way.

Nine of ten invariants only ask which members are there. Those become dictionary look-ups
(0.1 microseconds instead of 3); the others run as compiled expressions.
"""

# ruff: noqa: FBT001 - booleans are the values computed with here

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fellesjournal.fhir.validation.expressions import syntax
from fellesjournal.fhir.validation.expressions.compiling import compile_expression
from fellesjournal.fhir.validation.expressions.model import Member, members
from fellesjournal.fhir.validation.expressions.scope import (
    Run,
    Scope,
    Undecidable,
    Unsupported,
    truth,
)
from fellesjournal.fhir.validation.expressions.values import Item

# Any: a JSON object as parsed.
Object = dict[str, Any]
Test = Callable[[Object], bool | None]
Predicate = Callable[[Object, Item, Item], bool]


def compile_predicate(text: str, type_name: str) -> Predicate:
    """(object, its resource, the root resource) -> whether an invariant holds.

    An answer that can't be known counts as holding, for a refusal needs a reason. Raises
    Unsupported.
    """
    try:
        tree = syntax.parse(text)
    except syntax.SyntaxProblem as problem:
        raise Unsupported(str(problem)) from problem
    test = _shortcut(tree, type_name)
    if test is not None:
        return lambda data, _resource, _root: test(data) is not False
    run = compile_expression(text)
    guess = _guess(tree, type_name)
    if guess is None:
        return lambda data, resource, root: holds(run, Item(data, type_name), resource, root)
    return lambda data, resource, root: (
        guess(data) is True or holds(run, Item(data, type_name), resource, root)
    )


def compile_guess(text: str, type_name: str) -> Test | None:
    """What an expression gives on an object of a type as far as missing members decide it.

    True and False are certain, None is "not by that alone"; None for the whole when it
    would always be so. Raises Unsupported.
    """
    try:
        return _guess(syntax.parse(text), type_name)
    except syntax.SyntaxProblem as problem:
        raise Unsupported(str(problem)) from problem


def holds(run: Run, focus: Item, resource: Item, root: Item) -> bool:
    """Whether a compiled expression is not false for a value."""
    context = [focus]
    try:
        return truth(run(context, Scope(resource, root, context, context))) is not False
    except Undecidable:
        return True


def _shortcut(node: syntax.Node, type_name: str) -> Test | None:
    """The predicate of a simple expression, None for others."""
    match node:
        case syntax.Binary(("and" | "or" | "xor" | "implies" | "=") as operator, left, right):
            comparison = _comparison(node, type_name)
            if comparison is not None:
                return comparison
            first, second = _shortcut(left, type_name), _shortcut(right, type_name)
            if first is None or second is None:
                return None
            return _combined(operator, first, second)
        case syntax.Binary("!=", syntax.Name(name), syntax.Literal(value)):
            json_name = _single_scalar(type_name, name)
            return None if json_name is None else _differs(json_name, value)
        case syntax.Invoke(inner, syntax.Call("not", ())):
            test = _shortcut(inner, type_name)
            return None if test is None else _negated(test)
        case syntax.Invoke(syntax.Name(name), syntax.Call("exists", ())):
            return _presence(members(type_name).get(name))
        case syntax.Invoke(syntax.Name(name), syntax.Call("empty", ())):
            present = _presence(members(type_name).get(name))
            return None if present is None else _negated(present)
    return None


def _guess(node: syntax.Node, type_name: str) -> Test | None:
    """As :func:`_shortcut`, of what can be told by the members that are missing.

    The predicate answers None for "not by that alone"; the whole is None when it would
    always do so.
    """
    exact = _shortcut(node, type_name)
    if exact is not None:
        return exact
    match node:
        case syntax.Binary(("and" | "or" | "xor" | "implies") as operator, left, right):
            first, second = _guess(left, type_name), _guess(right, type_name)
            if first is None and second is None:
                return None
            return _combined(operator, first or _unknown, second or _unknown)
        case syntax.Binary("<=", syntax.Name(low), syntax.Name(high)):
            return _in_order(type_name, low, high)
        case syntax.Invoke(inner, syntax.Call("not", ())):
            test = _guess(inner, type_name)
            return None if test is None else _negated(test)
        case syntax.Invoke(path, syntax.Call(("exists" | "empty" | "hasValue") as question, ())):
            present = _presence(members(type_name).get(_first_step(path)))
            if present is None:
                return None
            answer = question == "empty"
            return lambda data: None if present(data) else answer
    return None


def _unknown(_data: Object) -> bool | None:
    return None


def _first_step(path: syntax.Node) -> str:
    """The member a path starts from, if it holds nothing where that is missing; else ''."""
    while isinstance(path, syntax.Invoke):
        step = path.right
        if not isinstance(step, syntax.Name) and not (
            isinstance(step, syntax.Call) and step.name == "where"
        ):
            return ""
        path = path.left
    return path.text if isinstance(path, syntax.Name) else ""


def _in_order(type_name: str, low: str, high: str) -> Test | None:
    """``start <= end`` of times spelt alike, in one zone; those are in the order of their text."""
    names = [members(type_name).get(name, ()) for name in (low, high)]
    if any(len(found) != 1 or found[0].type not in _TEMPORAL for found in names):
        return None
    first, second = (found[0].json_name for found in names)

    def test(data: Object) -> bool | None:
        one, other = data.get(first), data.get(second)
        if type(one) is not str or type(other) is not str:
            return None
        # what follows the seconds, fraction and zone, is the same for both, or there is no time
        alike = len(one) == len(other) and (len(one) < _WITH_TIME or one[19:] == other[19:])
        return True if alike and one <= other else None

    return test


def _combined(operator: str, first: Test, second: Test) -> Test | None:
    match operator:
        case "and":
            return lambda data: _and(first(data), second, data)
        case "or":
            return lambda data: _or(first(data), second, data)
        case "implies":
            return lambda data: _or(_not(first(data)), second, data)
        case "xor":
            return lambda data: _differ(first(data), second(data))
        case _:
            return lambda data: _not(_differ(first(data), second(data)))


def _and(one: bool | None, second: Test, data: Object) -> bool | None:
    if one is False:
        return False
    other = second(data)
    return False if other is False else (True if one and other else None)


def _or(one: bool | None, second: Test, data: Object) -> bool | None:
    if one:
        return True
    other = second(data)
    return True if other else (False if one is False and other is False else None)


def _not(one: bool | None) -> bool | None:
    return None if one is None else not one


def _differ(one: bool | None, other: bool | None) -> bool | None:
    return None if one is None or other is None else one is not other


def _negated(test: Test) -> Test:
    return lambda data: _not(test(data))


def _presence(alternatives: tuple[Member, ...] | None) -> Test | None:
    if not alternatives:
        return None
    names = []
    for member in alternatives:
        names.append(member.json_name)
        if member.companion:
            names.append(member.companion)
    if len(names) == 1:
        (only,) = names
        return lambda data: only in data
    if len(names) == 2:
        plain, companion = names
        return lambda data: plain in data or companion in data
    several = frozenset(names)
    return lambda data: not several.isdisjoint(data)


def _comparison(node: syntax.Binary, type_name: str) -> Test | None:
    match node:
        case syntax.Binary("=", syntax.Name(name), syntax.Literal(value)) if value is not None:
            json_name = _single_scalar(type_name, name)
            if json_name is not None:
                return _equals(json_name, value)
    return None


def _equals(json_name: str, value: object) -> Test:
    def test(data: Object) -> bool | None:
        found = data.get(json_name)
        return None if found is None else bool(found == value)

    return test


def _differs(json_name: str, value: object) -> Test:
    return _negated(_equals(json_name, value))


_TEMPORAL = frozenset({"date", "dateTime", "instant"})
_WITH_TIME = len("2024-01-01T10")
_PLAIN = frozenset({"code", "string", "boolean", "id", "uri"})


def _single_scalar(type_name: str, name: str) -> str | None:
    alternatives = members(type_name).get(name, ())
    if len(alternatives) != 1 or alternatives[0].type not in _PLAIN:
        return None
    return alternatives[0].json_name
