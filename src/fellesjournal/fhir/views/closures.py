"""The common FHIRPaths of views as look-ups in parsed JSON, by what the definitions say of types.

The type and the number of what a path finds are known before any resource is seen, so that
``name.where(use = 'official').family`` becomes a few dictionary look-ups. An expression that uses
anything else raises :class:`NotTyped`; it then runs on the engine of ``validation/expressions``,
whose answers these closures give (``tests/fhir/views/test_closures.py``). Resources are taken to be
valid: one value where the standard says one.
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
from fellesjournal.fhir.validation.expressions.syntax import (
    Binary,
    Call,
    Index,
    Invoke,
    Literal,
    Name,
    Node,
    Variable,
)
from fellesjournal.fhir.validation.expressions.values import Item, member_items
from fellesjournal.fhir.views.keys import reference_key, resource_key

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


Argument = Callable[[Node, str], Typed]


def compile_typed(tree: Node, type_name: str, own_bases: tuple[str, ...]) -> Typed:
    """The look-ups of an expression on values of a type. Raises NotTyped and NoSuchElement."""
    return _Compiler(own_bases).run(tree, type_name)


def _itself(type_name: str) -> Typed:
    return Typed(lambda value: [value], lambda value: value, type_name, steps=())


class _Compiler:
    """Expressions to closures; ``own_bases`` are the addresses of this server's resources."""

    def __init__(self, own_bases: tuple[str, ...]) -> None:
        self._own_bases = own_bases

    def run(self, node: Node, focus: str) -> Typed:
        match node:
            case Literal(value, type_) if value is not None:
                return Typed(lambda _value: [value], lambda _value: value, type_)
            case Variable("$this"):
                return _itself(focus)
            case Name(text):
                if text[0].isupper() and fits_type(focus, text):
                    return _itself(focus)  # `Patient.name` means the name of the Patient in focus
                return _step(_itself(focus), text)
            case Call():
                return self._call(_itself(focus), node)
            case Invoke(left, Name(text)):
                return _step(self.run(left, focus), text)
            case Invoke(left, Call() as call):
                return self._call(self.run(left, focus), call)
            case Index(left, Literal(int() as position, "integer" | "positiveInt" | "unsignedInt")):
                return _at(self.run(left, focus), position)
            case Binary("as", left, Name(text)):
                return _of_type(self.run(left, focus), text)
            case Binary("=" | "!=" as operator, left, right):
                return _equality(operator, self.run(left, focus), right)
            case Binary("and" | "or" as operator, left, right):
                return _logic(operator, self._truth(left, focus), self._truth(right, focus))
        raise NotTyped

    def _truth(self, node: Node, focus: str) -> One:
        """A condition: True, False or None. Only of one boolean: others follow rules of their own.

        A boolean without value is unknown here; the engine takes it for true, as anything there.
        """
        found = self.run(node, focus)
        if found.one is None or found.type != "boolean":
            raise NotTyped
        return found.one

    def _call(self, left: Typed, call: Call) -> Typed:
        match call:
            case Call("where", (criterion,)):
                return _where(left, self._truth(criterion, _known(left)))
            case Call("exists", ()):
                return _boolean(lambda value: bool(left.values(value)))
            case Call("exists", (criterion,)):
                return self._call(
                    _where(left, self._truth(criterion, _known(left))), Call("exists", ())
                )
            case Call("empty", ()):
                return _boolean(lambda value: not left.values(value))
            case Call("not", ()) if left.one is not None and left.type == "boolean":
                return _boolean(_negated(left.one))
            case Call("first", ()):
                return _at(left, 0)
            case Call("count", ()):
                return _single(lambda value: len(left.values(value)), "integer")
            case Call("join", ()):
                return _join(left, "")
            case Call("join", (Literal(str() as separator, _),)):
                return _join(left, separator)
            case Call("ofType" | "as", (Name(text),)):
                return _of_type(left, text)
            case Call("extension", (Literal(str() as url, _),)) if not is_primitive(_known(left)):
                extensions = _step(left, "extension")
                return _filtered(extensions, lambda found: found.get("url") == url)
            case Call("getResourceKey", ()) if definitions.is_resource_type(left.type):
                return _mapped(left, resource_key)
            case Call("getReferenceKey", arguments) if left.type == "Reference":
                wanted = key_type(arguments)
                bases = self._own_bases
                return _mapped(left, lambda found: reference_key(found, wanted, bases))
        raise NotTyped


def key_type(arguments: tuple[Node, ...]) -> str | None:
    """The resource type a key is asked for, None for any. Raises NoSuchElement for another word."""
    match arguments:
        case ():
            return None
        case (Name(text),) | (Invoke(Name("FHIR"), Name(text)),) if definitions.is_resource_type(
            text
        ):
            return text
    raise NoSuchElement("getReferenceKey() takes the name of a resource type")


def _known(node: Typed) -> str:
    if not node.type:
        raise NotTyped
    return node.type


def _single(one: One, type_name: str) -> Typed:
    """What finds one value or none."""

    def values(value: Any) -> list[Any]:
        found = one(value)
        return [] if found is None else [found]

    return Typed(values, one, type_name)


def _boolean(one: One) -> Typed:
    return _single(one, "boolean")


def _negated(one: One) -> One:
    def run(value: Any) -> bool | None:
        found = one(value)
        return None if found is None else not found

    return run


def _step(left: Typed, name: str) -> Typed:
    type_name = _known(left)
    if is_primitive(type_name) or type_name == "Resource":
        raise NotTyped
    known = members(type_name)
    if not known:
        raise NotTyped
    if name not in known:
        raise NoSuchElement(f"{type_name} has no element {name!r}")
    return _members(left, known[name], repeats=_repeats(type_name, name))


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


def _of_type(left: Typed, wanted: str) -> Typed:
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


def _where(left: Typed, holds: One) -> Typed:
    return _filtered(left, lambda found: holds(found) is True)


def _filtered(left: Typed, keep: Callable[[Any], bool]) -> Typed:
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

    return _single(one, left.type)


def _at(left: Typed, position: int) -> Typed:
    if position < 0:
        raise NotTyped
    values = left.values

    def one(value: Any) -> Any:
        found = values(value)
        return found[position] if position < len(found) else None

    return Typed(lambda value: values(value)[position : position + 1], one, left.type)


def _mapped(left: Typed, change: Callable[[Any], str | None]) -> Typed:
    """The keys of what is on the left, where there are any."""
    if left.one is not None:
        first = left.one

        def one(value: Any) -> Any:
            found = first(value)
            return None if found is None else change(found)

        return _single(one, "string")
    return Typed(
        lambda value: [key for found in left.values(value) if (key := change(found)) is not None],
        None,
        "string",
    )


def _join(left: Typed, separator: str) -> Typed:
    if left.type not in ("string", "code", "id", "uri", "markdown", "url", "canonical"):
        raise NotTyped
    return _single(
        # An empty collection gives an empty text: the tests of SQL-on-FHIR ask for it.
        lambda value: separator.join([found or "" for found in left.values(value)]),
        "string",
    )


def _equality(operator: str, left: Typed, right: Node) -> Typed:
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

    return _boolean(run)


def _logic(operator: str, first: One, second: One) -> Typed:
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

    return _boolean(run)


__all__ = ["NoSuchElement", "NotTyped", "Typed", "compile_typed", "key_type"]
