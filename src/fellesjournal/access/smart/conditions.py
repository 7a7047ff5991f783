"""Scopes as conditions of SQL over a row, for the predicate that every statement carries.

A condition names the columns rid, patient and type of ``{row}`` as in policy/predicate.py.
Which patient the app has open stands in a setting of the connection (``fj.launch``), so that
all launches of an app share their plans. A restriction is answered by the index: the
resource as it stands must have one of the tokens that the search parameter looks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fellesjournal.access.smart.scopes import Context, Scopes
from fellesjournal.access.whereabouts import NOBODY_SEES_WHERE, where_parameters
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


def readable(held: Sequence[Scopes], hasher: Hasher) -> str:
    """Rows that the scopes open for reading and searching."""
    return _opened(held, "rs", hasher)


def writable(held: Sequence[Scopes], hasher: Hasher) -> str:
    """Rows that the scopes open for writing."""
    return _opened(held, "cud", hasher)


def _opened(held: Sequence[Scopes], letters: str, hasher: Hasher) -> str:
    """One condition for all letters of a kind, since a row does not know what is done with it.

    Which letters a type has at all is checked before (``sessions.check_letter``); a row must
    be open for each letter that the type has. So ``.r`` on all and ``.s`` on some resources of
    a type open these alone: less than was granted, never more.
    """
    types: dict[str, list[str]] = {}
    for name in RESOURCE_TYPES:
        conditions = [_for_letter(held, name, letter, hasher) for letter in letters]
        found = list(dict.fromkeys(each for each in conditions if each != CLOSED))
        if found:
            types.setdefault(" and ".join(found), []).append(name)
    return _any(_both(_types(names), condition) for condition, names in types.items())


def _for_letter(held: Iterable[Scopes], name: str, letter: str, hasher: Hasher) -> str:
    return _any(_in_context(each, name, letter, hasher) for each in held)


def _in_context(scopes: Scopes, name: str, letter: str, hasher: Hasher) -> str:
    if letter in scopes.letters(name):
        condition = "true"
    else:
        queries = scopes.restricted(name, letter)
        condition = _any(_restricted(name, query, hasher) for query in queries)
    if scopes.context != Context.PATIENT or condition == CLOSED:
        return condition
    # what is about no patient (a medicine, an organisation) belongs to every record
    return _both(f"{{row}}.patient in (0, {LAUNCH})", condition)


def _types(names: Sequence[str]) -> str:
    if len(names) == len(RESOURCE_TYPES):
        return "true"
    # a table of flags: the planner would weigh each of a hundred numbers one by one
    allowed = {type_number(name) for name in names}
    flags = ("t" if number in allowed else "f" for number in range(max(allowed) + 1))
    return f"coalesce(('{{{{{','.join(flags)}}}}}'::bool[])[{{row}}.type + 1], false)"


def _restricted(type_name: str, query: tuple[tuple[str, str], ...], hasher: Hasher) -> str:
    found = []
    for name, value in query:
        tokens = restriction_tokens(type_name, name, value, hasher)
        if not tokens:
            return CLOSED
        array = f"array[{', '.join(map(str, tokens))}]::bigint[]"
        found.append(f"x.tokens && {array}")
        if name in where_parameters(type_name):  # else a scope would tell where somebody is
            found.append(NOBODY_SEES_WHERE)
    return (
        "exists (select from store.entry x where x.rid = {row}.rid and x.died is null"
        f" and {' and '.join(found)})"
    )


def _both(one: str, other: str) -> str:
    if "true" in {one, other}:
        return one if other == "true" else other
    return f"({one} and {other})"


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
            for token in code_tokens(place.slot, token_value(text), hashing)  # type: ignore[arg-type]  # all it asks of a Scope
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
