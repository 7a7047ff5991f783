"""FHIRPath text to a tree (http://hl7.org/fhirpath/N1/grammar.html).

The whole grammar of expressions is read; which functions can be run is decided when the
tree is compiled.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


class SyntaxProblem(ValueError):
    """The text is not FHIRPath."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant; ``type`` is a FHIR primitive name, ``value`` None for ``{}``."""

    value: str | int | float | bool | None
    type: str


@dataclass(frozen=True, slots=True)
class QuantityLiteral:
    """A number with a unit, such as ``4 days`` or ``1.5 'mg'``."""

    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Name:
    """A member of the focus, or the type's own name at the start of a path."""

    text: str


@dataclass(frozen=True, slots=True)
class Variable:
    """``$this``, ``$index``, ``$total`` or ``%name``."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function on the focus."""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Invoke:
    """A step from left to right: ``left.right``."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Index:
    """One item by its number: ``left[right]``."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Unary:
    """A sign."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """An operator between two expressions; for ``is`` and ``as`` the right one is a Name."""

    operator: str
    left: Node
    right: Node


Node = Literal | QuantityLiteral | Name | Variable | Call | Invoke | Index | Unary | Binary

_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*|/\*.*?\*/)
    |(?P<date>@[0-9T][0-9A-Za-z:.+\-]*)
    |(?P<number>[0-9]+(?:\.[0-9]+)?)
    |(?P<string>'(?:[^'\\]|\\.)*')
    |(?P<quoted>`(?:[^`\\]|\\.)*`|"(?:[^"\\]|\\.)*")
    |(?P<variable>\$[a-z]+|%(?:[A-Za-z_][A-Za-z0-9_\-]*|`[^`]*`|"[^"]*"|'[^']*'))
    |(?P<name>[A-Za-z_][A-Za-z0-9_]*)
    |(?P<mark><=|>=|!=|!~|[-+*/&|=~<>.,()\[\]{}])""",
    re.VERBOSE | re.DOTALL,
)
# Loosest first; http://hl7.org/fhirpath/N1/#operator-precedence
_PRECEDENCE: Final = {
    operator: level
    for level, operators in enumerate(
        [
            ("implies",),
            ("or", "xor"),
            ("and",),
            ("in", "contains"),
            ("=", "~", "!=", "!~"),
            ("<", ">", "<=", ">="),
            ("|",),
            ("is", "as"),
            ("+", "-", "&"),
            ("*", "/", "div", "mod"),
        ],
        start=1,
    )
    for operator in operators
}
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", "f": "\f"}
_UNITS: Final = frozenset(
    unit + plural
    for unit in ("year", "month", "week", "day", "hour", "minute", "second", "millisecond")
    for plural in ("", "s")
)
_MAX_NESTING: Final = 60


def parse(text: str) -> Node:
    """The tree of an expression. Raises SyntaxProblem."""
    reader = _Reader(_tokens(text))
    tree = reader.expression(0)
    if reader.kind != "end":
        raise SyntaxProblem(f"unexpected {reader.text!r}")
    return tree


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise SyntaxProblem(f"unexpected character at {position}")
        position = match.end()
        kind = match.lastgroup or ""
        if kind != "space":
            found.append((kind, match.group()))
    found.append(("end", ""))
    return found


class _Reader:
    """Recursive descent with operator precedence."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._position = 0
        self._depth = 0

    @property
    def kind(self) -> str:
        return self._tokens[self._position][0]

    @property
    def text(self) -> str:
        return self._tokens[self._position][1]

    def expression(self, lowest: int) -> Node:
        self._depth += 1
        if self._depth > _MAX_NESTING:
            raise SyntaxProblem("nested too deep")
        left = self._unary()
        while self.kind in ("name", "mark"):
            operator = self.text
            level = _PRECEDENCE.get(operator, 0)
            if level <= lowest:
                break
            self._next()
            right = self._type_name() if operator in ("is", "as") else self.expression(level)
            left = Binary(operator, left, right)
        self._depth -= 1
        return left

    def _unary(self) -> Node:
        if self.kind == "mark" and self.text in "+-":
            return Unary(self._next(), self._unary())
        return self._path()

    def _path(self) -> Node:
        left = self._term()
        while self.kind == "mark":
            if self.text == ".":
                self._next()
                left = Invoke(left, self._invocation())
            elif self.text == "[":
                self._next()
                left = Index(left, self.expression(0))
                self._expect("]")
            else:
                break
        return left

    def _term(self) -> Node:
        kind, text = self.kind, self.text
        if kind == "string":
            self._next()
            return Literal(_unescape(text[1:-1]), "string")
        if kind == "number":
            return self._number()
        if kind == "date":
            self._next()
            return _date_literal(text[1:])
        if kind == "name" and text in ("true", "false"):
            self._next()
            return Literal(text == "true", "boolean")
        if kind == "mark" and text == "(":
            self._next()
            inner = self.expression(0)
            self._expect(")")
            return inner
        if kind == "mark" and text == "{":
            self._next()
            self._expect("}")
            return Literal(None, "")
        return self._invocation()

    def _number(self) -> Node:
        text = self._next()
        value = float(text) if "." in text else int(text)
        if self.kind == "string":
            return QuantityLiteral(float(value), _unescape(self._next()[1:-1]))
        if self.kind == "name" and self.text in _UNITS:
            return QuantityLiteral(float(value), self._next().removesuffix("s"))
        return Literal(value, "decimal" if "." in text else "integer")

    def _invocation(self) -> Node:
        kind = self.kind
        if kind == "variable":
            return Variable(self._next().replace("`", "").replace('"', "").replace("'", ""))
        if kind == "quoted":
            return Name(_unescape(self._next()[1:-1]))
        if kind != "name":
            raise SyntaxProblem(f"unexpected {self.text!r}")
        name = self._next()
        if self.kind == "mark" and self.text == "(":
            return Call(name, self._arguments())
        return Name(name)

    def _arguments(self) -> tuple[Node, ...]:
        self._expect("(")
        arguments: list[Node] = []
        while not (self.kind == "mark" and self.text == ")"):
            if arguments:
                self._expect(",")
            arguments.append(self.expression(0))
        self._expect(")")
        return tuple(arguments)

    def _type_name(self) -> Node:
        parts = []
        while True:
            if self.kind not in ("name", "quoted"):
                raise SyntaxProblem("a type name must follow")
            parts.append(self._next().strip("`"))
            if not (self.kind == "mark" and self.text == "."):
                return Name(".".join(parts))
            self._next()

    def _next(self) -> str:
        text = self.text
        self._position += 1
        return text

    def _expect(self, text: str) -> None:
        if self.kind != "mark" or self.text != text:
            raise SyntaxProblem(f"expected {text!r} before {self.text!r}")
        self._next()


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    return re.sub(
        r"\\(u[0-9a-fA-F]{4}|.)",
        lambda match: (
            chr(int(match[1][1:], 16)) if len(match[1]) == 5 else _ESCAPES.get(match[1], match[1])
        ),
        text,
        flags=re.DOTALL,
    )


def _date_literal(text: str) -> Literal:
    if text.startswith("T"):
        return Literal(text[1:], "time")
    if "T" in text:
        return Literal(text.removesuffix("T"), "dateTime")
    return Literal(text, "date")
