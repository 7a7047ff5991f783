"""How one column follows from others: ``[change] = [now] / [before] - 1``.

Names of columns stand in brackets; numbers, + - * / and parentheses as usual. ``[share] = ? / [count]``
says that a share is some whole number out of so many. What is read is counted with spans (``spans``),
never run as a program.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from fellesjournal.leadership.figures.audit.spans import Span, exactly

_TOKEN = re.compile(
    r"\s*(?:\[(?P<name>[^\[\]]{1,100})\]|(?P<number>\d{1,12}(?:[.,]\d{1,6})?)|(?P<mark>[-+*/()=?]))"
)
_LONGEST = 500
_DEEPEST = 20


class Fault(StrEnum):
    """What keeps a line from being a formula."""

    TOO_LONG = "too-long"
    TOO_MANY = "too-many"
    NO_COLUMN = "no-column"
    NOT_UNDERSTOOD = "not-understood"
    OUT_OF_PLACE = "out-of-place"
    TOO_DEEP = "too-deep"
    NOT_CLOSED = "not-closed"
    ENDS_EARLY = "ends-early"


class NotAFormula(ValueError):
    """What is no formula: what is wrong with it, and the part that is."""

    def __init__(self, fault: Fault, said: str = "") -> None:
        super().__init__(f"{fault}: {said}" if said else str(fault))
        self.fault = fault
        self.said = said


@dataclass(frozen=True, slots=True)
class Name:
    """A column."""

    text: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Two:
    """Two parts with a mark between."""

    mark: str
    left: Part
    right: Part


@dataclass(frozen=True, slots=True)
class Unknown:
    """Some whole number."""


Part = Name | Number | Two | Unknown


@dataclass(frozen=True, slots=True)
class Formula:
    """The column that follows, from what, and how it was written."""

    of: str
    part: Part
    text: str

    @property
    def names(self) -> tuple[str, ...]:
        """The columns it is worked out from, in their order."""
        return tuple(dict.fromkeys(_names(self.part)))

    @property
    def out_of(self) -> str:
        """The column of which it is a whole number's share; "" for what is worked out."""
        match self.part:
            case Two("/", Unknown(), Name(text)):
                return text
        return ""

    def worked_out(self, known: Mapping[str, Span]) -> Span:
        """What may come out of what the columns may stand for."""
        return _worked_out(self.part, known)

    def solved_for(self, name: str, of: Span, known: Mapping[str, Span]) -> Span | None:
        """What one of its columns may stand for, when ``of`` is what came out and ``known`` are the others;
        None for a column that stands in it more than once.
        """
        if _names(self.part).count(name) != 1 or self.out_of:
            return None
        return _solved(self.part, name, of, known)


def formula(text: str) -> Formula:
    """What is written on one line. Raises NotAFormula."""
    if len(text) > _LONGEST:
        raise NotAFormula(Fault.TOO_LONG)
    tokens = _tokens(text)
    if len(tokens) < 3 or tokens[0][0] != "name" or tokens[1] != ("mark", "="):
        raise NotAFormula(Fault.NO_COLUMN)
    reader = _Reader(tokens[2:])
    part = reader.sum(0)
    reader.end()
    found = Formula(tokens[0][1], part, text.strip())
    if ("mark", "?") in tokens and not found.out_of:
        raise NotAFormula(Fault.OUT_OF_PLACE, "?")
    return found


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at, whole = 0, text.strip()
    while at < len(whole):
        match = _TOKEN.match(whole, at)
        if match is None:
            raise NotAFormula(Fault.NOT_UNDERSTOOD, whole[at : at + 12].strip())
        at = match.end()
        kind = match.lastgroup or ""
        found.append((kind, match[kind].strip()))
    return found


class _Reader:
    """Reads tokens from the left: sums of products of names, numbers and parentheses."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0

    def sum(self, depth: int) -> Part:
        found = self._product(depth)
        while (mark := self._mark("+-")) is not None:
            found = Two(mark, found, self._product(depth))
        return found

    def end(self) -> None:
        if self._at < len(self._tokens):
            raise NotAFormula(Fault.OUT_OF_PLACE, self._tokens[self._at][1])

    def _product(self, depth: int) -> Part:
        found = self._one(depth)
        while (mark := self._mark("*/")) is not None:
            found = Two(mark, found, self._one(depth))
        return found

    def _one(self, depth: int) -> Part:
        if depth > _DEEPEST:
            raise NotAFormula(Fault.TOO_DEEP)
        if self._mark("(") is not None:
            found = self.sum(depth + 1)
            if self._mark(")") is None:
                raise NotAFormula(Fault.NOT_CLOSED)
            return found
        if self._mark("?") is not None:
            return Unknown()
        if self._mark("-") is not None:
            return Two("-", Number(Fraction()), self._one(depth + 1))
        if self._at >= len(self._tokens):
            raise NotAFormula(Fault.ENDS_EARLY)
        kind, word = self._tokens[self._at]
        self._at += 1
        if kind == "name":
            return Name(word)
        if kind == "number":
            return Number(Fraction(word.replace(",", ".")))
        raise NotAFormula(Fault.OUT_OF_PLACE, word)

    def _mark(self, wanted: str) -> str | None:
        if self._at < len(self._tokens):
            kind, word = self._tokens[self._at]
            if kind == "mark" and word in wanted:
                self._at += 1
                return word
        return None


def _names(part: Part) -> list[str]:
    if isinstance(part, Two):
        return [*_names(part.left), *_names(part.right)]
    return [part.text] if isinstance(part, Name) else []


def _worked_out(part: Part, known: Mapping[str, Span]) -> Span:
    if isinstance(part, Name):
        return known[part.text]
    if isinstance(part, Number):
        return exactly(part.value)
    if isinstance(part, Unknown):
        raise TypeError("a whole number is looked for, not worked out")
    left, right = _worked_out(part.left, known), _worked_out(part.right, known)
    if part.mark == "+":
        return left + right
    if part.mark == "-":
        return left - right
    return left * right if part.mark == "*" else left / right


def _solved(part: Part, name: str, of: Span, known: Mapping[str, Span]) -> Span:
    """Each step taken back, from the outside in."""
    if not isinstance(part, Two):
        return of
    if name in _names(part.left):
        return _solved(part.left, name, _left_of(part, of, _worked_out(part.right, known)), known)
    return _solved(part.right, name, _right_of(part, of, _worked_out(part.left, known)), known)


def _left_of(part: Two, of: Span, right: Span) -> Span:
    match part.mark:
        case "+":
            return of - right
        case "-":
            return of + right
        case "*":
            return of / right
        case _:
            return of * right


def _right_of(part: Two, of: Span, left: Span) -> Span:
    match part.mark:
        case "+":
            return of - left
        case "-":
            return left - of
        case "*":
            return of / left
        case _:
            return left / of


__all__ = ["Fault", "Formula", "Name", "NotAFormula", "Number", "Two", "Unknown", "formula"]
