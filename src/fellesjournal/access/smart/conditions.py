"""Scopes as conditions of SQL over a row, for the predicate that every statement carries.

A condition names the columns rid, patient and type of ``{row}`` as in policy/predicate.py.
Which patient the app has open stands in a setting of the connection (``fj.launch``), so that
all launches of an app share their plans. A restriction is answered by the index: the
resource as it stands must have one of the tokens that the search parameter looks for.
"""

from __future__ import annotations

from collections.abc import Iterable

from fellesjournal.access.smart.scopes import Context, Scopes
from fellesjournal.fhir.definitions import RESOURCE_TYPES, type_number
from fellesjournal.fhir.definitions.search import search_of
from fellesjournal.store.search.tokens import code_tokens
from fellesjournal.store.search.values import BadValue, split, token_value
from fellesjournal.store.tokens import Hasher

LAUNCH = "(select nullif(current_setting('fj.launch', true), '')::bigint)"
CLOSED = "false"


class _Hashing:
    """What making tokens needs of a search's scope: no statement is being built here."""

    def __init__(self, hasher: Hasher) -> None:
        self.hasher = hasher


def readable(held: Iterable[Scopes], hasher: Hasher) -> str:
    """Rows that one of the scopes opens for reading or searching."""
    return _any(_context(each, "rs", hasher) for each in held)


def writable(held: Iterable[Scopes], hasher: Hasher) -> str:
    """Rows that one of the scopes opens for a write of some kind; which kind is checked before,
    by ``sessions.check_letter``.
    """
    return _any(_context(each, "cud", hasher) for each in held)


def _context(scopes: Scopes, letters: str, hasher: Hasher) -> str:
    condition = _any(
        (
            _types(name for name in RESOURCE_TYPES if scopes.letters(name) & set(letters)),
            *(
                _restricted(name, query, hasher)
                for name in RESOURCE_TYPES
                for letter in letters
                for query in scopes.restricted(name, letter)
            ),
        )
    )
    if scopes.context != Context.PATIENT or condition == CLOSED:
        return condition
    # what is about no patient (a medicine, an organisation) belongs to every record
    return f"({{row}}.patient in (0, {LAUNCH}) and {condition})"


def _types(names: Iterable[str]) -> str:
    numbers = [type_number(name) for name in names]
    if len(numbers) == len(RESOURCE_TYPES):
        return "true"
    return f"{{row}}.type in ({', '.join(map(str, numbers))})" if numbers else CLOSED


def _restricted(type_name: str, query: tuple[tuple[str, str], ...], hasher: Hasher) -> str:
    found = []
    for name, value in query:
        tokens = restriction_tokens(type_name, name, value, hasher)
        if not tokens:
            return CLOSED
        array = f"array[{', '.join(map(str, tokens))}]::bigint[]"
        found.append(f"x.tokens && {array}")
    return (
        f"({{row}}.type = {type_number(type_name)} and exists (select from store.entry x"
        f" where x.rid = {{row}}.rid and x.died is null and {' and '.join(found)}))"
    )


def restriction_tokens(type_name: str, name: str, value: str, hasher: Hasher) -> list[int]:
    """The tokens of which a resource must have one; none: nothing can fit."""
    parameter = search_of(type_name).parameters.get(name)
    if parameter is None:  # a restriction on every type reaches types that lack the parameter
        return []
    hashing = _Hashing(hasher)
    try:
        found = [
            token
            for text in split(value, ",")
            for place in parameter.places
            for token in code_tokens(place.slot, token_value(text), hashing)  # type: ignore[arg-type]
        ]
    except BadValue:
        return []
    return list(dict.fromkeys(found))


def _any(conditions: Iterable[str]) -> str:
    found = list(dict.fromkeys(each for each in conditions if each != CLOSED))
    if "true" in found:
        return "true"
    return f"({' or '.join(found)})" if found else CLOSED


__all__ = ["LAUNCH", "readable", "restriction_tokens", "writable"]
