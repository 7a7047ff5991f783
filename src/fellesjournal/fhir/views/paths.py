"""One FHIRPath of a view as functions of its focus, by the quickest way there is.

A focus is a JSON value whose type is known, or an :class:`Item` of the engine where it is not
(below ``repeat``, and below paths that only the engine can run).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from fellesjournal.fhir.validation.expressions import syntax
from fellesjournal.fhir.validation.expressions.compiling import compile_tree
from fellesjournal.fhir.validation.expressions.scope import (
    Scope,
    Unsupported,
)
from fellesjournal.fhir.validation.expressions.syntax import Call, Invoke, Literal, Node
from fellesjournal.fhir.validation.expressions.values import Item
from fellesjournal.fhir.views.closures import compile_typed, key_type
from fellesjournal.fhir.views.keys import reference_key, resource_key
from fellesjournal.fhir.views.lookups import NoSuchElement, NotTyped, Typed
from fellesjournal.fhir.views.problems import ViewError

# What FHIRPath itself knows; http://hl7.org/fhirpath/N1/#environment-variables
_KNOWN: Final = frozenset({"%resource", "%rootResource", "%context", "%ucum", "%sct", "%loinc"})

# (focus, resource) -> values; Any: JSON of any type, or Items
Found = Callable[[Any, Any], list[Any]]
Only = Callable[[Any, Any], Any]
Change = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Path:
    """``values(focus, resource)`` finds all; ``one`` the only value or None, where more can't be.

    ``type`` is that of the values, None when it depends on the resource. ``is_key``: they are
    keys of resources.
    """

    values: Found
    one: Only | None
    type: str | None
    is_key: bool


@dataclass(frozen=True, slots=True)
class Foci:
    """Where columns stand: values of a type, or Items when ``type`` is None."""

    find: Found
    type: str | None


@dataclass(frozen=True, slots=True)
class Context:
    """What every path of a view is compiled with."""

    resource: str
    constants: Mapping[str, Literal]
    own_bases: tuple[str, ...]


def compile_path(text: str, focus: str | None, context: Context, place: str) -> Path:
    """The values of an expression on a focus of a type (None: on Items). Raises ViewError."""
    tree = _parsed(text, context, place)
    is_key = _key_call(tree) is not None
    found = _typed(tree, text, focus, context, place)
    if found is None:
        values = _items(tree, text, focus, context, place)
        return Path(lambda at, resource: _plain(values(at, resource)), None, None, is_key)
    all_of, one = found.values, found.one
    return Path(
        lambda at, _resource: all_of(at),
        None if one is None else lambda at, _resource: one(at),
        found.type or None,
        is_key,
    )


def compile_foci(text: str, focus: str | None, context: Context, place: str) -> Foci:
    """As :func:`compile_path`, for paths that others stand on."""
    tree = _parsed(text, context, place)
    found = _typed(tree, text, focus, context, place)
    if found is None or not found.type:
        return Foci(_items(tree, text, focus, context, place), None)
    values = found.values
    return Foci(lambda at, _resource: values(at), found.type)


def compile_repeat(texts: tuple[str, ...], focus: str | None, context: Context, place: str) -> Foci:
    """What the paths find, and what they find from there, to any depth; parents first."""
    steps = [_items(_parsed(text, context, place), text, None, context, place) for text in texts]

    def below(at: Item, resource: Any, out: list[Item]) -> None:
        for step in steps:
            for found in step(at, resource):
                out.append(found)
                below(found, resource, out)

    def find(at: Any, resource: Any) -> list[Item]:
        out: list[Item] = []
        below(at if focus is None else Item(at, focus), resource, out)
        return out

    return Foci(find, None)


def _parsed(text: str, context: Context, place: str) -> Node:
    def constant(node: Node) -> Node:
        if isinstance(node, Call) and node.name == "resolve":
            raise ViewError(place, f"{text!r}: a view can't look into another resource")
        if not isinstance(node, syntax.Variable) or not node.text.startswith("%"):
            return node
        if node.text.removeprefix("%") in context.constants:
            return context.constants[node.text.removeprefix("%")]
        if node.text in _KNOWN:
            return node
        raise ViewError(place, f"{text!r}: there is no constant {node.text}")

    try:
        return _changed(syntax.parse(text), constant)
    except syntax.SyntaxProblem as problem:
        raise ViewError(place, f"{text!r} is no FHIRPath: {problem}") from problem


def _typed(tree: Node, text: str, focus: str | None, context: Context, place: str) -> Typed | None:
    """The look-ups of an expression; None when it needs the engine."""
    if focus is None:
        return None
    try:
        return compile_typed(tree, focus, context.own_bases)
    except NotTyped:
        return None
    except NoSuchElement as problem:
        raise ViewError(place, f"{text!r}: {problem}") from problem


def _items(tree: Node, text: str, focus: str | None, context: Context, place: str) -> Found:
    """The expression on the engine."""
    key = _key_call(tree)
    if key is not None:
        tree = key[0]
    try:
        run = compile_tree(_changed(tree, _joining))
    except Unsupported as problem:
        raise ViewError(place, f"{text!r}: views can't do {problem}") from problem
    change = None if key is None else _key_maker(key[1], context)

    def find(at: Any, resource: Any) -> list[Item]:
        start = at if focus is None else Item(at, focus)
        root = Item(resource, context.resource)
        found = run([start], Scope(root, root, [start], [start]))
        if change is None:
            return found
        keys = [change(item.value) for item in found]
        return [Item(made, "string") for made in keys if made is not None]

    return find


def _plain(found: list[Item]) -> list[Any]:
    return [item.value for item in found]


def _key_call(tree: Node) -> tuple[Node, Call] | None:
    """What a path takes the key of, if its last step is that."""
    match tree:
        case Invoke(left, Call("getResourceKey" | "getReferenceKey") as call):
            return left, call
        case Call("getResourceKey" | "getReferenceKey") as call:
            return syntax.Variable("$this"), call
    return None


def _key_maker(call: Call, context: Context) -> Change:
    if call.name == "getResourceKey":
        return resource_key
    wanted, bases = key_type(call.arguments), context.own_bases
    return lambda value: reference_key(value, wanted, bases)


def _joining(node: Node) -> Node:
    """join() of nothing is an empty text in views; the engine finds nothing, as FHIRPath says."""
    match node:
        case Invoke(left, Call("join")):
            there = Invoke(left, Call("exists", ()))
            return Call("iif", (there, node, Literal("", "string")))
    return node


def _changed(node: Node, change: Callable[[Node], Node]) -> Node:
    """The tree with each node replaced by what ``change`` makes of it, the inner ones first."""
    match node:
        case Invoke(left, right):
            return change(Invoke(_changed(left, change), _changed(right, change)))
        case syntax.Index(left, right):
            return change(syntax.Index(_changed(left, change), _changed(right, change)))
        case syntax.Binary(operator, left, right):
            inner = _changed(left, change), _changed(right, change)
            return change(syntax.Binary(operator, *inner))
        case syntax.Unary(operator, operand):
            return change(syntax.Unary(operator, _changed(operand, change)))
        case Call(name, arguments):
            return change(Call(name, tuple(_changed(each, change) for each in arguments)))
    return change(node)


__all__ = ["Context", "Foci", "Path", "compile_foci", "compile_path", "compile_repeat"]
