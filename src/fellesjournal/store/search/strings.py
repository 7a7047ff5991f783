"""String parameters as conditions (http://hl7.org/fhir/R4/search.html#string)."""

from __future__ import annotations

from collections.abc import Sequence

from fellesjournal.fhir.text import normalised
from fellesjournal.store.search.scope import Scope, any_of
from fellesjournal.store.search.values import BadValue, unescape

_LAST_CHARACTER = "\U0010ffff"
# How much of a text its index holds (sql/tables.sql).
_INDEXED = 100


def begins(column: str, start: str, scope: Scope) -> str:
    """The condition that a text column begins so, in a form its index can answer."""
    indexed = start[:_INDEXED]
    beginning = f'left({column}, {_INDEXED}) collate "C"'
    # nothing in byte order lies between what begins so and this bound
    condition = (
        f"{beginning} >= {scope.bind(indexed, 'text')}"
        f" and {beginning} < {scope.bind(indexed + _LAST_CHARACTER, 'text')}"
    )
    if len(start) > _INDEXED:
        condition += f" and starts_with({column}, {scope.bind(start, 'text')})"
    return f"({condition})"


def string_condition(
    alias: str, slots: Sequence[int], modifier: str, texts: list[str], scope: Scope
) -> str:
    """A string that begins with an alternative; ``:contains`` it; or ``:exact`` is it."""
    found = any_of([_matches(modifier, unescape(text), scope) for text in texts])
    chosen = (
        f"s.slot = {slots[0]}::smallint"
        if len(slots) == 1
        else f"s.slot = any({scope.bind(list(slots), 'smallint[]')})"
    )
    return f"{alias}.seq in (select s.seq from store.entry_string s where {chosen} and {found})"


def _matches(modifier: str, text: str, scope: Scope) -> str:
    norm = normalised(text)
    if not norm:
        raise BadValue("the value is empty")
    if modifier == "exact":
        indexed = f'left(s.norm, {_INDEXED}) collate "C" = {scope.bind(norm[:_INDEXED], "text")}'
        return f"({indexed} and coalesce(s.raw, s.norm) = {scope.bind(text, 'text')})"
    if modifier == "contains":
        return f"s.norm like {scope.bind('%' + _like(norm) + '%', 'text')}"
    return begins("s.norm", norm, scope)


def _like(norm: str) -> str:
    return norm.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
