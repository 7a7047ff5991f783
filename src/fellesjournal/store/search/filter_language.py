"""The ``_filter`` language (http://hl7.org/fhir/R4/search_filter.html), over the same criteria.

``given eq "Peter" and (birthdate ge 1990 or not (gender eq male))``. Paths may chain with
dots; operators are eq ne co sw ew gt lt ge le sa eb ap pr in ni ss sb.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from fellesjournal.fhir.definitions.search import search_of
from fellesjournal.fhir.text import normalised
from fellesjournal.store.search.scope import Scope
from fellesjournal.store.search.values import BadValue

Compile = Callable[[str, str, str, str, Scope], str]

_TOKEN = re.compile(
    r"""\s*(?:(?P<bracket>[()])|(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<word>[^\s()"]+))""", re.DOTALL
)
_COMPARING = frozenset(["gt", "lt", "ge", "le", "sa", "eb", "ap"])
_DEEPEST = 50


def filter_condition(
    alias: str, type_name: str, text: str, scope: Scope, compile_one: Compile
) -> str:
    """The condition a filter expression means. Raises BadValue saying what can't be read."""
    parser = _Parser(_tokens(text), alias, type_name, scope, compile_one)
    found = parser.alternatives()
    if parser.at < len(parser.tokens):
        raise BadValue(f"_filter: {parser.tokens[parser.at].text!r} was not expected")
    return found


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def _tokens(text: str) -> list[_Token]:
    found, at = [], 0
    stripped = text.rstrip()
    while at < len(stripped):
        match = _TOKEN.match(stripped, at)
        if match is None or match.lastgroup is None:
            raise BadValue(f"_filter: can't read {stripped[at : at + 20]!r}")
        found.append(_Token(match.lastgroup, match[match.lastgroup]))
        at = match.end()
    if not found:
        raise BadValue("the value is empty")
    return found


class _Parser:
    """Recursive descent: or binds weakest, then and, then not and comparisons."""

    def __init__(
        self, tokens: list[_Token], alias: str, type_name: str, scope: Scope, compile_one: Compile
    ) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0
        self.alias, self.type_name, self.scope, self.compile_one = (
            alias,
            type_name,
            scope,
            compile_one,
        )

    def alternatives(self) -> str:
        parts = [self._together()]
        while self._take("or"):
            parts.append(self._together())
        return parts[0] if len(parts) == 1 else "(" + " or ".join(parts) + ")"

    def _together(self) -> str:
        parts = [self._single()]
        while self._take("and"):
            parts.append(self._single())
        return parts[0] if len(parts) == 1 else "(" + " and ".join(parts) + ")"

    def _single(self) -> str:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise BadValue("_filter: nested too deep")
        if self._take("not"):
            found = f"not coalesce({self._single()}, false)"
        elif self._bracket("("):
            found = f"({self.alternatives()})"
            if not self._bracket(")"):
                raise BadValue("_filter: a bracket is not closed")
        else:
            found = self._comparison()
        self.depth -= 1
        return found

    def _comparison(self) -> str:
        path, operator = self._word("a parameter"), self._word("an operator")
        if self.at >= len(self.tokens) or self.tokens[self.at].kind == "bracket":
            raise BadValue(f"_filter: {path} {operator} lacks a value")
        token = self.tokens[self.at]
        self.at += 1
        value = _unquoted(token)
        return self._compile(path, operator, value)

    def _compile(self, path: str, operator: str, value: str) -> str:
        escaped = re.sub(r"([\\,$])", r"\\\1", value)
        kind = self._kind(path)
        if operator == "pr":
            if value not in ("true", "false"):
                raise BadValue("_filter: the value of pr is true or false")
            return self._one(f"{path}:missing", "false" if value == "true" else "true")
        if operator in ("eq", "ne"):
            found = self._equal(path, kind, escaped)
            return found if operator == "eq" else f"not coalesce({found}, false)"
        if operator in _COMPARING and kind in ("date", "number", "quantity"):
            return self._one(path, operator + escaped)
        if operator == "co" and kind == "string":
            return self._one(f"{path}:contains", escaped)
        if operator == "sw" and kind == "string":
            return self._one(path, escaped)
        if operator == "ew" and kind == "string":
            return self._ends_with(path, value)
        modifier = {"in": "in", "ni": "not-in", "ss": "above", "sb": "below"}.get(operator)
        if modifier is not None and kind == "token":
            return self._one(f"{path}:{modifier}", escaped)
        if operator in ("sw", "sb") and kind == "uri":
            return self._one(f"{path}:below", escaped)
        if operator == "re" and kind == "reference":
            return self._one(path, escaped)
        raise BadValue(f"_filter: no operator {operator!r} for {path}")

    def _equal(self, path: str, kind: str | None, escaped: str) -> str:
        if kind == "string":
            # eq is the whole string, as :exact but without regard to case and accents
            slots = self._slots(path)
            if slots is not None:
                return self._strings(path, slots, "s.norm = %s", normalised(escaped))
            return self._one(f"{path}:exact", escaped)
        return self._one(path, escaped)

    def _ends_with(self, path: str, value: str) -> str:
        slots = self._slots(path)
        if slots is None:
            raise BadValue("_filter: ew does not chain")
        like = normalised(value).replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        return self._strings(path, slots, "s.norm like %s", "%" + like)

    def _strings(self, path: str, slots: list[int], comparison: str, value: str) -> str:
        numbers = self.scope.bind(slots, "smallint[]")
        text = comparison.replace("%s", self.scope.bind(value, "text"))
        found = (
            f"{self.alias}.seq in (select s.seq from store.entry_string s"
            f" where s.slot = any({numbers}) and {text})"
        )
        guard = self.scope.visibility.guarded(self.alias, self.type_name, path, [value])
        return found if guard is None else f"({found} and {guard})"

    def _one(self, name: str, value: str) -> str:
        return self.compile_one(self.alias, self.type_name, name, value, self.scope)

    def _slots(self, path: str) -> list[int] | None:
        parameter = search_of(self.type_name).parameters.get(path)
        return [place.slot for place in parameter.places] if parameter else None

    def _kind(self, path: str) -> str | None:
        """The type of the last parameter of a path; the first type it may mean."""
        types, kind = [self.type_name], None
        for step in path.split("."):
            code, _, wanted = step.partition(":")
            found = [p for t in types if (p := search_of(t).parameters.get(code)) is not None]
            if not found:
                raise BadValue(f"_filter: {self.type_name} has no search parameter {path!r}")
            kind = found[0].type
            types = [wanted] if wanted in found[0].targets else list(found[0].targets)
        return kind

    def _word(self, what: str) -> str:
        if self.at >= len(self.tokens) or self.tokens[self.at].kind != "word":
            raise BadValue(f"_filter: {what} was expected")
        self.at += 1
        return self.tokens[self.at - 1].text

    def _take(self, word: str) -> bool:
        return self._next("word", word)

    def _bracket(self, which: str) -> bool:
        return self._next("bracket", which)

    def _next(self, kind: str, text: str) -> bool:
        if self.at < len(self.tokens) and self.tokens[self.at] == _Token(kind, text):
            self.at += 1
            return True
        return False


def _unquoted(token: _Token) -> str:
    if token.kind != "quoted":
        return token.text
    return re.sub(r"\\(.)", r"\1", token.text[1:-1], flags=re.DOTALL)
