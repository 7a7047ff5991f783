"""The common FHIRPaths of views as look-ups in parsed JSON, by what the definitions say of types.

The type and the number of what a path finds are known before any resource is seen, so that
``name.where(use = 'official').family`` becomes a few dictionary look-ups. An expression that uses
anything else raises :class:`NotTyped`; it then runs on the engine of ``validation/expressions``,
whose answers these closures give (``tests/fhir/views/test_closures.py``). Resources are taken to be
valid: one value where the standard says one.
"""

from __future__ import annotations

from fellesjournal.fhir import definitions
from fellesjournal.fhir.validation.expressions.model import fits_type, is_primitive
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
from fellesjournal.fhir.views.keys import reference_key, resource_key
from fellesjournal.fhir.views.lookups import (
    NoSuchElement,
    NotTyped,
    One,
    Typed,
    beside,
    boolean,
    equality,
    filtered,
    itself,
    joined,
    known_type,
    logic,
    mapped,
    negated,
    nth,
    of_type,
    single,
    step,
    where,
)


def compile_typed(tree: Node, type_name: str, own_bases: tuple[str, ...]) -> Typed:
    """The look-ups of an expression on values of a type. Raises NotTyped and NoSuchElement."""
    return _Compiler(own_bases).run(tree, type_name)


class _Compiler:
    """Expressions to closures; ``own_bases`` are the addresses of this server's resources."""

    def __init__(self, own_bases: tuple[str, ...]) -> None:
        self._own_bases = own_bases

    def run(self, node: Node, focus: str) -> Typed:
        match node:
            case Literal(value, type_) if value is not None:
                return Typed(lambda _value: [value], lambda _value: value, type_)
            case Variable("$this"):
                return itself(focus)
            case Name(text):
                if text[0].isupper() and fits_type(focus, text):
                    return itself(focus)  # `Patient.name` means the name of the Patient in focus
                return step(itself(focus), text)
            case Call():
                return self._call(itself(focus), node)
            case Invoke(Invoke(left, Name(text)), Call("extension", (Literal(str() as url, _),))):
                return self._extension(self.run(left, focus), text, url)
            case Invoke(Name(text), Call("extension", (Literal(str() as url, _),))) if text[
                0
            ].islower():
                return self._extension(itself(focus), text, url)
            case Invoke(left, Name(text)):
                return step(self.run(left, focus), text)
            case Invoke(left, Call() as call):
                return self._call(self.run(left, focus), call)
            case Index(left, Literal(int() as position, "integer" | "positiveInt" | "unsignedInt")):
                return nth(self.run(left, focus), position)
            case Binary("as", left, Name(text)):
                return of_type(self.run(left, focus), text)
            case Binary("=" | "!=" as operator, left, right):
                return equality(operator, self.run(left, focus), right)
            case Binary("and" | "or" as operator, left, right):
                return logic(operator, self._truth(left, focus), self._truth(right, focus))
        raise NotTyped

    def _truth(self, node: Node, focus: str) -> One:
        """A condition: True, False or None. Only of one boolean: others follow rules of their own.

        A boolean without value is unknown here; the engine takes it for true, as anything there.
        """
        found = self.run(node, focus)
        if found.one is None or found.type != "boolean":
            raise NotTyped
        return found.one

    def _extension(self, left: Typed, name: str, url: str) -> Typed:
        """``left.name.extension(url)``; those of a simple value stand beside it."""
        found = step(left, name)
        is_simple = bool(found.type) and is_primitive(found.type)
        extensions = beside(left, name) if is_simple else step(found, "extension")
        return filtered(extensions, lambda extension: extension.get("url") == url)

    def _call(self, left: Typed, call: Call) -> Typed:
        match call:
            case Call("where", (criterion,)):
                return where(left, self._truth(criterion, known_type(left)))
            case Call("exists", ()):
                return boolean(lambda value: bool(left.values(value)))
            case Call("exists", (criterion,)):
                return self._call(
                    where(left, self._truth(criterion, known_type(left))), Call("exists", ())
                )
            case Call("empty", ()):
                return boolean(lambda value: not left.values(value))
            case Call("not", ()) if left.one is not None and left.type == "boolean":
                return boolean(negated(left.one))
            case Call("first", ()):
                return nth(left, 0)
            case Call("count", ()):
                return single(lambda value: len(left.values(value)), "integer")
            case Call("join", ()):
                return joined(left, "")
            case Call("join", (Literal(str() as separator, _),)):
                return joined(left, separator)
            case Call("ofType" | "as", (Name(text),)):
                return of_type(left, text)
            case Call("extension", (Literal(str() as url, _),)) if not is_primitive(
                known_type(left)
            ):
                extensions = step(left, "extension")
                return filtered(extensions, lambda found: found.get("url") == url)
            case Call("getResourceKey", ()) if definitions.is_resource_type(left.type):
                return mapped(left, resource_key)
            case Call("getReferenceKey", arguments) if left.type == "Reference":
                wanted = key_type(arguments)
                bases = self._own_bases
                return mapped(left, lambda found: reference_key(found, wanted, bases))
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


__all__ = ["compile_typed", "key_type"]
