"""The pieces that typed paths are put together from: each makes a look-up in parsed JSON from others.

See ``closures`` for what is put together of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from fellesjournal.fhir import definitions
from fellesjournal.fhir.validation.expressions.model import (
    Member,
    fits_type,
    is_primitive,
    members,
)
from fellesjournal.fhir.validation.expressions.syntax import Literal, Node
from fellesjournal.fhir.validation.expressions.values import Item, member_items

# Any: JSON values of any type
Values = Callable[[Any], list[Any]]
One = Callable[[Any], Any]

_TEMPORAL: Final = frozenset({"date", "dateTime", "instant"})


class NotTyped(Exception):
    """The expression uses something that has no look-up here."""


class NoSuchElement(ValueError):
    """A path leads to what the type does not have: a slip in the view."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What a path finds from its focus.

    ``values``: all of it; a primitive that has only extensions is a None in it. ``one``: the value
    or None, where there is at most one. ``type``: a FHIR type or the path of a backbone; "" when
    several are possible, then ``choice`` can be narrowed. ``steps``: the properties that lead there,
    when that is all there is to it.
    """

    values: Values
    one: One | None
    type: str
    choice: tuple[Typed, tuple[Member, ...], bool] | None = None
    steps: tuple[str, ...] | None = None


def itself(type_name: str) -> Typed:
    """The focus."""
    return Typed(lambda value: [value], lambda value: value, type_name, steps=())


def known_type(node: Typed) -> str:
    """The type of what a path finds. Raises NotTyped when several are possible."""
    if not node.type:
        raise NotTyped
    return node.type


def single(one: One, type_name: str) -> Typed:
    """What finds one value or none."""

    def values(value: Any) -> list[Any]:
        found = one(value)
        return [] if found is None else [found]

    return Typed(values, one, type_name)


def boolean(one: One) -> Typed:
    """A condition: True, False, or None for what nobody knows."""
    return single(one, "boolean")


def negated(one: One) -> One:
    """``not()``: what nobody knows stays unknown."""

    def run(value: Any) -> bool | None:
        found = one(value)
        return None if found is None else not found

    return run


def step(left: Typed, name: str) -> Typed:
    """``left.name``. Raises NoSuchElement for a name that the type does not have."""
    type_name = known_type(left)
    if is_primitive(type_name) or type_name == "Resource":
        raise NotTyped
    known = members(type_name)
    if not known:
        raise NotTyped
    if name not in known:
        raise NoSuchElement(f"{type_name} has no element {name!r}")
    return _members(left, known[name], repeats=_repeats(type_name, name))


def beside(left: Typed, name: str) -> Typed:
    """The extensions of ``left.name``, an element of a simple type with one value: they stand in a
    property of their own. Raises NotTyped for any other element.
    """
    type_name = known_type(left)
    found = step(left, name)
    if not found.type or not is_primitive(found.type) or _repeats(type_name, name):
        raise NotTyped
    companion = members(type_name)[name][0].companion
    if companion is None:
        raise NotTyped

    def values(value: Any) -> list[Any]:
        return [
            extension
            for at in left.values(value)
            for extension in (at.get(companion) or {}).get("extension", [])
        ]

    return Typed(values, None, "Extension")


def _repeats(type_name: str, name: str) -> bool:
    tree = definitions.elements_by_path(type_name.partition(".")[0])[type_name]
    child = tree.children.get(name) or tree.children[f"{name}[x]"]
    return child.max != 1


def _members(left: Typed, alternatives: tuple[Member, ...], *, repeats: bool) -> Typed:
    """A step from each value on the left to one JSON property, or to whichever of some is there."""
    read = _reader(alternatives, repeats=repeats)
    first = left.one

    def of_many(value: Any) -> list[Any]:
        out: list[Any] = []
        for found in left.values(value):
            read(found, out)
        return out

    def of_one(value: Any) -> list[Any]:
        out: list[Any] = []
        assert first is not None  # chosen below only where it is there
        found = first(value)
        if found is not None:
            read(found, out)
        return out

    one, steps = None, None
    if first is not None and not repeats:
        names = tuple(each.json_name for each in alternatives)
        if left.steps is not None and len(names) == 1:
            steps = left.steps + names
        one = _one(first, names) if steps is None else _walk(steps)
    return Typed(
        of_many if first is None else of_one,
        one,
        alternatives[0].type if len(alternatives) == 1 else "",
        (left, alternatives, repeats),
        steps,
    )


def _walk(steps: tuple[str, ...]) -> One:
    """Nothing but properties of one value each: the paths that views are mostly made of."""
    if len(steps) == 1:
        (only,) = steps
        return lambda value: value.get(only)
    if len(steps) == 2:
        outer, inner = steps
        return lambda value: None if (at := value.get(outer)) is None else at.get(inner)
    *before, last = steps

    def walk(value: Any) -> Any:
        for step in before:
            value = value.get(step)
            if value is None:
                return None
        return value.get(last)

    return walk


def _one(first: One, names: tuple[str, ...]) -> One:
    if len(names) == 1:
        (name,) = names

        def only(value: Any) -> Any:
            found = first(value)
            return None if found is None else found.get(name)

        return only

    def any_of(value: Any) -> Any:
        found = first(value)
        if found is not None:
            for each in names:
                if each in found:
                    return found[each]
        return None

    return any_of


def _reader(
    alternatives: tuple[Member, ...], *, repeats: bool
) -> Callable[[dict[str, Any], list[Any]], None]:
    """Appends what the properties of an object hold."""
    if len(alternatives) > 1:
        readers = [_reader((each,), repeats=repeats) for each in alternatives]

        def read_any(data: dict[str, Any], out: list[Any]) -> None:
            for read in readers:
                read(data, out)

        return read_any
    (member,) = alternatives
    name, companion = member.json_name, member.companion

    def read_one(data: dict[str, Any], out: list[Any]) -> None:
        value = data.get(name)
        if value is not None:
            out.append(value)
        elif companion is not None and data.get(companion) is not None:
            out.append(None)

    def read_all(data: dict[str, Any], out: list[Any]) -> None:
        if companion is not None and companion in data:
            items: list[Item] = []
            member_items(Item(data, ""), member, items)
            out.extend([item.value for item in items])
        elif (value := data.get(name)) is not None:
            out.extend(value if None not in value else [one for one in value if one is not None])

    return read_all if repeats else read_one


def of_type(left: Typed, wanted: str) -> Typed:
    """``ofType()`` and ``as``: the values of a type among those that are possible."""
    if left.choice is not None and not left.type:
        parent, alternatives, repeats = left.choice
        fitting = tuple(each for each in alternatives if fits_type(each.type, wanted))
        if not fitting:
            raise NoSuchElement(f"no value here is ever a {wanted}")
        narrowed = _members(parent, fitting, repeats=repeats)
        return narrowed if len(fitting) == 1 else replace(narrowed, type=wanted, choice=None)
    if left.type and left.type != "Resource" and fits_type(left.type, wanted):
        return left
    raise NotTyped


def where(left: Typed, holds: One) -> Typed:
    """``where()``: what a condition is true for."""
    return filtered(left, lambda found: holds(found) is True)


def filtered(left: Typed, keep: Callable[[Any], bool]) -> Typed:
    """What is kept of the values on the left."""
    if is_primitive(left.type):
        raise NotTyped  # one without value may be kept, and must not look absent then
    if left.one is None:
        values = left.values
        return Typed(
            lambda value: [found for found in values(value) if keep(found)], None, left.type
        )
    first = left.one

    def one(value: Any) -> Any:
        found = first(value)
        return found if found is not None and keep(found) else None

    return single(one, left.type)


def nth(left: Typed, position: int) -> Typed:
    """``left[position]``."""
    if position < 0:
        raise NotTyped
    values = left.values

    def one(value: Any) -> Any:
        found = values(value)
        return found[position] if position < len(found) else None

    return Typed(lambda value: values(value)[position : position + 1], one, left.type)


def mapped(left: Typed, change: Callable[[Any], str | None]) -> Typed:
    """The keys of what is on the left, where there are any."""
    if left.one is not None:
        first = left.one

        def one(value: Any) -> Any:
            found = first(value)
            return None if found is None else change(found)

        return single(one, "string")
    return Typed(
        lambda value: [key for found in left.values(value) if (key := change(found)) is not None],
        None,
        "string",
    )


def joined(left: Typed, separator: str) -> Typed:
    """``join()`` of texts."""
    if left.type not in ("string", "code", "id", "uri", "markdown", "url", "canonical"):
        raise NotTyped
    return single(
        # An empty collection gives an empty text: the tests of SQL-on-FHIR ask for it.
        lambda value: separator.join([found or "" for found in left.values(value)]),
        "string",
    )


def equality(operator: str, left: Typed, right: Node) -> Typed:
    """Equality with a constant of a type that is compared by what is written."""
    if not isinstance(right, Literal) or right.value is None:
        raise NotTyped
    if not is_primitive(left.type) or left.type in _TEMPORAL or right.type in _TEMPORAL:
        raise NotTyped
    constant, is_truth = right.value, isinstance(right.value, bool)
    expected = operator == "="
    values = left.values

    def run(value: Any) -> bool | None:
        found = values(value)
        if not found:
            return None
        if len(found) != 1:
            return not expected
        (only,) = found
        same = only is constant if is_truth or isinstance(only, bool) else only == constant
        return same is expected

    return boolean(run)


def logic(operator: str, first: One, second: One) -> Typed:
    """``and`` and ``or`` with three values: None is what nobody knows."""
    decided = operator == "or"

    def run(value: Any) -> bool | None:
        one: bool | None = first(value)
        if one is decided:
            return one
        other: bool | None = second(value)
        if other is decided:
            return other
        return None if one is None or other is None else not decided

    return boolean(run)


__all__ = [
    "NoSuchElement",
    "NotTyped",
    "One",
    "Typed",
    "beside",
    "boolean",
    "equality",
    "filtered",
    "itself",
    "joined",
    "known_type",
    "logic",
    "mapped",
    "negated",
    "nth",
    "of_type",
    "single",
    "step",
    "where",
]
