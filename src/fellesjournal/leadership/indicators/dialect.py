"""The SQL that indicators are written in: what PostgreSQL and DuckDB read alike, and nothing else.

One statement of ``select``, over tables of views by their names, with parameters as ``:name``. Counts,
sums, smallest and largest; no division (PostgreSQL cuts, DuckDB doesn't: a ratio is made of its two
numbers, outside), no floating point, no time of now, no text functions, no casts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(
    r"(?P<space>\s+|--[^\n]*\n)"
    r"|(?P<string>'(?:[^'\\]|'')*')"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?(?![A-Za-z0-9_.]))"
    r"|(?P<parameter>:[a-z][a-z0-9_]*)"
    r"|(?P<word>[a-z_][a-z0-9_]*)"
    r"|(?P<mark><>|<=|>=|[-=<>+*(),.])"
)
_FUNCTIONS: Final = frozenset({
    "count", "sum", "min", "max", "coalesce", "nullif", "abs", "extract", "row_number", "lag", "lead",
})  # fmt: skip
# words that a bracket may follow without making it a call
_BEFORE_BRACKET: Final = frozenset({
    "select", "from", "where", "and", "or", "not", "in", "exists", "on", "when", "then", "else", "as",
    "all", "except", "intersect", "join", "filter", "over", "by", "having", "between", "distinct",
    "case", "union",
})  # fmt: skip
_REFUSED: Final = frozenset({
    "now", "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp",
    "interval", "like", "ilike", "similar", "limit", "offset", "lateral", "natural", "using",
    "collate", "cast", "timestamp", "time", "at", "random", "avg", "full", "right", "cross", "window",
    "recursive", "values", "insert", "update", "delete", "create", "drop", "alter", "copy", "set",
    "attach", "install", "load", "pragma", "call",
})  # fmt: skip


class NotInTheDialect(ValueError):
    """A statement that the two databases might read differently; says at what."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that has been looked through. ``parameters``: the names it asks for."""

    tokens: tuple[tuple[str, str], ...]
    parameters: frozenset[str]

    def written(self, placeholder: Callable[[str], str]) -> str:
        """Its text, with each parameter as a database wants it."""
        return "".join(
            placeholder(text[1:]) if kind == "parameter" else text for kind, text in self.tokens
        )


def read_statement(text: str) -> Statement:
    """Look a statement through. Raises NotInTheDialect for the first thing that is not understood."""
    tokens = _tokens(text)
    solid = [(kind, word) for kind, word in tokens if kind != "space"]
    if not solid or solid[0][1] not in {"select", "with"}:
        raise NotInTheDialect("a statement begins with select or with")
    for (kind, word), following in zip(solid, [*solid[1:], ("", "")], strict=True):
        if kind != "word":
            continue
        if word in _REFUSED:
            raise NotInTheDialect(f"{word!r} is not for figures, or not alike in both databases")
        if following[1] == "(" and word not in _FUNCTIONS | _BEFORE_BRACKET:
            raise NotInTheDialect(f"{word}() is no function of the dialect")
    return Statement(
        tuple(("space", " ") if kind == "space" else (kind, word) for kind, word in tokens),
        frozenset(word[1:] for kind, word in solid if kind == "parameter"),
    )


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise NotInTheDialect(f"{text[position : position + 10]!r} is not understood")
        position = match.end()
        found.append((match.lastgroup or "", match.group()))
    return found


__all__ = ["NotInTheDialect", "Statement", "read_statement"]
