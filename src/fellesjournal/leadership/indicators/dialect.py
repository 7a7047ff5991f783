"""The SQL that indicators are written in: what PostgreSQL and DuckDB read alike, and nothing else.

One statement of ``select`` over tables of views (``figures.measured``), with parameters as psycopg has them
(``%(start)s``). No time of now, no casts, no text functions, no patterns; bytes decide what comes before what.
A division has a decimal or a median on one side, for PostgreSQL cuts what whole numbers leave over: words
can't tell, so the statements of all indicators are asked of both on rows made at random
(tests/leadership/indicators/test_alike.py).
"""

from __future__ import annotations

import re
from typing import Final

_TOKEN: Final = re.compile(
    r"(?P<space>\s+|--[^\n]*\n)"
    r"|(?P<string>'(?:[^'\\%]|'')*')"
    r"|(?P<number>[0-9]+(?:\.[0-9]+)?(?![A-Za-z0-9_.]))"
    r"|(?P<parameter>%\([a-z][a-z0-9_]*\)s)"
    r"|(?P<word>[a-z_][a-z0-9_]*)"
    r"|(?P<mark><>|<=|>=|/(?!\*)|[-=<>+*(),.])"
)
_PARAMETER: Final = re.compile(r"%\(([a-z][a-z0-9_]*)\)s")
_FUNCTIONS: Final = frozenset({
    "count", "sum", "avg", "min", "max", "percentile_cont", "coalesce", "nullif", "abs", "extract",
    "row_number", "lag", "lead",
})  # fmt: skip
# words that a bracket may follow without making it a call
_BEFORE_BRACKET: Final = frozenset({
    "select", "from", "where", "and", "or", "not", "in", "exists", "on", "when", "then", "else", "as",
    "all", "except", "intersect", "join", "filter", "over", "by", "having", "between", "distinct",
    "case", "union", "group",
})  # fmt: skip
_REFUSED: Final = frozenset({
    "now", "current_date", "current_time", "current_timestamp", "localtime", "localtimestamp",
    "interval", "like", "ilike", "similar", "limit", "offset", "lateral", "natural", "using",
    "collate", "cast", "timestamp", "time", "at", "random", "right", "cross", "window",
    "recursive", "values", "insert", "update", "delete", "create", "drop", "alter", "copy", "set",
    "attach", "install", "load", "pragma", "call",
})  # fmt: skip


class NotInTheDialect(ValueError):
    """A statement that the two databases might read differently; says at what."""


def check(text: str, *, after_with: bool = False) -> None:
    """Raises NotInTheDialect for the first thing in a statement that is not understood.

    ``after_with``: it goes on after a ``with`` and a first part that are not its own.
    """
    solid = [(kind, word) for kind, word in _tokens(text) if kind != "space"]
    if not after_with and (not solid or solid[0][1] not in {"select", "with"}):
        raise NotInTheDialect("a statement begins with select or with")
    for (kind, word), following in zip(solid, [*solid[1:], ("", "")], strict=True):
        if kind != "word":
            continue
        if word in _REFUSED:
            raise NotInTheDialect(f"{word!r} is not for figures, or not alike in both databases")
        if following[1] == "(" and word not in _FUNCTIONS | _BEFORE_BRACKET:
            raise NotInTheDialect(f"{word}() is no function of the dialect")


def for_duckdb(text: str) -> str:
    """The same statement with its parameters as DuckDB has them: ``$start``."""
    return _PARAMETER.sub(r"$\1", text)


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


__all__ = ["NotInTheDialect", "check", "for_duckdb"]
