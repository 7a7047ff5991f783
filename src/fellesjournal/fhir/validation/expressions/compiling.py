"""FHIRPath trees to Python closures.

Meant for invariants: an expression is compiled once per type and run on every write, so
the common shapes (``code.empty() or system.exists()``) become plain dictionary look-ups.
What is not supported raises :class:`Unsupported` when compiling; the caller then has the
library evaluate it. What can't be known here (the content of another resource) raises
:class:`Undecidable` when running, and the rule is taken to hold.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from fellesjournal.fhir.validation.expressions import syntax
from fellesjournal.fhir.validation.expressions.functions import FUNCTIONS, distinct
from fellesjournal.fhir.validation.expressions.model import fits_type, members
from fellesjournal.fhir.validation.expressions.operators import LOGIC, OPERATORS
from fellesjournal.fhir.validation.expressions.scope import (
    Run,
    Scope,
    Undecidable,
    Unsupported,
    truth,
)
from fellesjournal.fhir.validation.expressions.values import (
    Collection,
    Item,
    boolean,
    step,
    type_of_resource,
)

UCUM: Final = "http://unitsofmeasure.org"
_STUB = "(another resource)"
_CONSTANTS: Final = {
    "%ucum": UCUM,
    "%sct": "http://snomed.info/sct",
    "%loinc": "http://loinc.org",
}


def compile_expression(text: str) -> Run:
    """The function of an expression: (focus, scope) -> collection.

    Raises Unsupported, also for text that is not FHIRPath.
    """
    try:
        return compile_tree(syntax.parse(text))
    except syntax.SyntaxProblem as problem:
        raise Unsupported(str(problem)) from problem


def compile_tree(tree: syntax.Node) -> Run:
    """As :func:`compile_expression`, of what is parsed already. Raises Unsupported."""
    return _compile(tree, at_start=True)


def _compile(node: syntax.Node, *, at_start: bool) -> Run:
    match node:
        case syntax.Literal(value, type_):
            constant = [] if value is None else [Item(value, type_)]
            return lambda _focus, _scope: constant
        case syntax.QuantityLiteral():
            raise Unsupported("quantities as constants")
        case syntax.Name(text):
            return _compile_name(text, at_start=at_start)
        case syntax.Variable(text):
            return _compile_variable(text)
        case syntax.Call(name, arguments):
            return _compile_call(name, arguments)
        case syntax.Invoke(left, right):
            first, second = _compile(left, at_start=at_start), _compile(right, at_start=False)
            return lambda focus, scope: second(first(focus, scope), scope)
        case syntax.Index(left, right):
            return _compile_index(_compile(left, at_start=at_start), right)
        case syntax.Unary(operator, operand):
            return _compile_sign(operator, _compile(operand, at_start=at_start))
        case syntax.Binary(operator, left, right):
            return _compile_binary(operator, left, right, at_start=at_start)


def _compile_name(name: str, *, at_start: bool) -> Run:
    def run(focus: Collection, _scope: Scope) -> Collection:
        for item in focus:
            if item.type == _STUB:
                raise Undecidable
        return step(focus, name)

    if not at_start or not name[0].isupper():
        return run

    def run_at_start(focus: Collection, scope: Scope) -> Collection:
        # `Appointment.status` means the status of the Appointment in focus.
        if len(focus) == 1 and fits_type(focus[0].type, name):
            return focus
        return run(focus, scope)

    return run_at_start


def _compile_variable(name: str) -> Run:
    if name == "$this":
        return lambda _focus, scope: scope.this
    if name == "$index":
        return lambda _focus, scope: [Item(scope.index, "integer")]
    if name == "%resource":
        return lambda _focus, scope: [scope.resource]
    if name == "%rootResource":
        return lambda _focus, scope: [scope.root]
    if name == "%context":
        return lambda _focus, scope: scope.context
    if name in _CONSTANTS:
        constant = [Item(_CONSTANTS[name], "string")]
        return lambda _focus, _scope: constant
    raise Unsupported(name)


def _compile_index(left: Run, right: syntax.Node) -> Run:
    position = _compile(right, at_start=True)

    def run(focus: Collection, scope: Scope) -> Collection:
        index = position(focus, scope)
        found = left(focus, scope)
        if len(index) != 1 or type(index[0].value) is not int or index[0].value < 0:
            return []
        return found[index[0].value : index[0].value + 1]

    return run


def _compile_sign(operator: str, operand: Run) -> Run:
    if operator == "+":
        return operand

    def run(focus: Collection, scope: Scope) -> Collection:
        return [
            Item(-item.value, item.type)
            for item in operand(focus, scope)
            if isinstance(item.value, int | float)
        ]

    return run


def _compile_call(name: str, arguments: tuple[syntax.Node, ...]) -> Run:
    if name in _SPECIAL:
        return _SPECIAL[name](arguments)
    if name not in FUNCTIONS:
        raise Unsupported(f"{name}()")
    fewest, most, function = FUNCTIONS[name]
    if not fewest <= len(arguments) <= most:
        raise Unsupported(f"{name}() with {len(arguments)} arguments")
    compiled = [_compile(argument, at_start=True) for argument in arguments]
    if not compiled:
        return lambda focus, _scope: function(focus, [])

    def run(focus: Collection, scope: Scope) -> Collection:
        # Arguments that are values are evaluated on $this, not on the focus.
        return function(focus, [argument(scope.this, scope) for argument in compiled])

    return run


def each(focus: Collection, criterion: Run, scope: Scope) -> list[Collection]:
    """The criterion's result for every item, with ``$this`` and ``$index`` set to it."""
    results = []
    outer, outer_index = scope.this, scope.index
    try:
        for index, item in enumerate(focus):
            scope.this, scope.index = [item], index
            results.append(criterion([item], scope))
    finally:
        scope.this, scope.index = outer, outer_index
    return results


def _one(arguments: tuple[syntax.Node, ...], name: str) -> Run:
    if len(arguments) != 1:
        raise Unsupported(f"{name}() takes one argument")
    return _compile(arguments[0], at_start=True)


def _where(arguments: tuple[syntax.Node, ...]) -> Run:
    criterion = _one(arguments, "where")

    def run(focus: Collection, scope: Scope) -> Collection:
        results = each(focus, criterion, scope)
        return [item for item, result in zip(focus, results, strict=True) if truth(result)]

    return run


def _exists(arguments: tuple[syntax.Node, ...]) -> Run:
    if not arguments:
        return lambda focus, _scope: boolean(bool(focus))
    where = _where(arguments)
    return lambda focus, scope: boolean(bool(where(focus, scope)))


def _all(arguments: tuple[syntax.Node, ...]) -> Run:
    criterion = _one(arguments, "all")
    return lambda focus, scope: boolean(
        all(truth(result) for result in each(focus, criterion, scope))
    )


def _select(arguments: tuple[syntax.Node, ...]) -> Run:
    projection = _one(arguments, "select")
    return lambda focus, scope: [
        item for result in each(focus, projection, scope) for item in result
    ]


def _repeat(arguments: tuple[syntax.Node, ...]) -> Run:
    projection = _one(arguments, "repeat")

    def run(focus: Collection, scope: Scope) -> Collection:
        out: Collection = []
        level = focus
        while level:
            level = [item for result in each(level, projection, scope) for item in result]
            known = len(out)
            out = distinct([*out, *level])
            if len(out) == known:
                break
        return out

    return run


def _iif(arguments: tuple[syntax.Node, ...]) -> Run:
    if len(arguments) not in (2, 3):
        raise Unsupported("iif() takes two or three arguments")
    condition, *branches = [_compile(argument, at_start=True) for argument in arguments]

    def run(focus: Collection, scope: Scope) -> Collection:
        outer = scope.this
        scope.this = focus if len(focus) == 1 else outer
        try:
            if truth(condition(focus, scope)):
                return branches[0](focus, scope)
            return branches[1](focus, scope) if len(branches) > 1 else []
        finally:
            scope.this = outer

    return run


def _trace(_arguments: tuple[syntax.Node, ...]) -> Run:
    return lambda focus, _scope: focus


def _type_argument(arguments: tuple[syntax.Node, ...]) -> str:
    if len(arguments) == 1:
        match arguments[0]:
            case syntax.Name(text):
                return text
            case syntax.Invoke(syntax.Name(_), syntax.Name(text)):
                return text
    raise Unsupported("a type name is needed")


def _of_type(arguments: tuple[syntax.Node, ...]) -> Run:
    wanted = _type_argument(arguments)
    return lambda focus, _scope: [item for item in focus if _is(item, wanted)]


def _is_function(arguments: tuple[syntax.Node, ...]) -> Run:
    return _is_type(_type_argument(arguments))


def _is_type(wanted: str) -> Run:
    return lambda focus, _scope: boolean(_is(focus[0], wanted)) if len(focus) == 1 else []


def _is(item: Item, wanted: str) -> bool:
    if item.type == _STUB:
        return fits_type(type_of_resource(item.value), wanted)
    return fits_type(item.type, wanted)


def _resolve(_arguments: tuple[syntax.Node, ...]) -> Run:
    def run(focus: Collection, scope: Scope) -> Collection:
        return [target for item in focus for target in _resolved(item, scope)]

    return run


def _resolved(item: Item, scope: Scope) -> Collection:
    reference = item.value.get("reference") if isinstance(item.value, dict) else item.value
    if not isinstance(reference, str):
        return []
    if reference == "#":
        return [scope.root]
    if reference.startswith("#"):
        contained = scope.root.value.get("contained", []) if scope.root.value else []
        return [
            Item(resource, type_of_resource(resource))
            for resource in (contained if isinstance(contained, list) else [])
            if isinstance(resource, dict) and resource.get("id") == reference[1:]
        ]
    parts = reference.split("/_history/")[0].split("/")
    if len(parts) < 2 or not members(parts[-2]):
        raise Undecidable
    # Its type is known, nothing more: a step into it is undecidable.
    return [Item({"resourceType": parts[-2]}, _STUB)]


_SPECIAL: Final[dict[str, Callable[[tuple[syntax.Node, ...]], Run]]] = {
    "where": _where,
    "exists": _exists,
    "all": _all,
    "select": _select,
    "repeat": _repeat,
    "iif": _iif,
    "trace": _trace,
    "ofType": _of_type,
    "as": _of_type,
    "is": _is_function,
    "resolve": _resolve,
}


def _compile_binary(operator: str, left: syntax.Node, right: syntax.Node, *, at_start: bool) -> Run:
    first = _compile(left, at_start=at_start)
    if operator in ("is", "as"):
        assert isinstance(right, syntax.Name)
        test = _is_type(right.text) if operator == "is" else _of_type((right,))
        return lambda focus, scope: test(first(focus, scope), scope)
    second = _compile(right, at_start=at_start)
    if operator in LOGIC:
        return LOGIC[operator](first, second)
    combine = OPERATORS.get(operator)
    if combine is None:
        raise Unsupported(operator)
    return lambda focus, scope: combine(first(focus, scope), second(focus, scope))
