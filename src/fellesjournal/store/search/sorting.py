"""Orders of a result (http://hl7.org/fhir/R4/search.html#sort).

Ascending sorts by a resource's smallest value, descending by its largest; resources
without a value come last either way. The seq of the version, newest first, decides ties,
so that an order is total and a page can go on exactly where the last one ended.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fellesjournal.fhir.definitions.search import Parameter, Variant, search_of
from fellesjournal.fhir.definitions.search import slot as slot_of
from fellesjournal.store.indexing import RANGE_BIT
from fellesjournal.store.search.scope import Scope

# Where the text of a datatype lies that has no text of its own in the index.
_TEXT_BELOW = {
    "Coding": ("code",),
    "CodeableConcept": ("coding", "code"),
    "Identifier": ("value",),
    "ContactPoint": ("value",),
    "Reference": ("reference",),
}


@dataclass(frozen=True, slots=True)
class Key:
    """One sort key: an SQL expression on an entry, and its PostgreSQL type.

    ``column``: the expression is a column of the entry that may be in an index.
    """

    expression: str
    descending: bool
    cast: str
    column: bool = False

    @property
    def never_null(self) -> bool:
        """Whether every entry has a value."""
        return ".seq" in self.expression and self.column


def sort_keys(
    alias: str, type_name: str, sort: Sequence[tuple[str, bool]], scope: Scope
) -> list[Key]:
    """The keys of a request, and the seq last."""
    keys: list[Key] = []
    # Few entries are found by their tokens and then sorted. The sum keeps the planner
    # from looking for them along the order of all entries, and from considering it.
    seq = f"{alias}.seq + 0" if scope.few else f"{alias}.seq"
    for code, descending in sort:
        if code == "_lastUpdated":
            return [*keys, Key(seq, descending, "bigint", column=True)]
        keys.append(
            _key(
                alias,
                type_name,
                search_of(type_name).parameters[code],
                scope,
                descending=descending,
            )
        )
    return [*keys, Key(seq, descending=True, cast="bigint", column=True)]


def _key(
    alias: str, type_name: str, parameter: Parameter, scope: Scope, *, descending: bool
) -> Key:
    """A row whose elements may not be asked about stands where one without a value does."""
    key = _plain_key(alias, type_name, parameter, scope, descending=descending)
    guard = scope.visibility.guarded(alias, type_name, parameter.code, None)
    if guard is None:
        return key
    return Key(f"(case when {guard} then {key.expression} end)", key.descending, key.cast)


def _plain_key(
    alias: str, type_name: str, parameter: Parameter, scope: Scope, *, descending: bool
) -> Key:
    if parameter.code == "_id":
        return Key(
            f"(select r.fhir_id from store.resource r where r.rid = {alias}.rid)",
            descending,
            "text",
        )
    slots = [place.slot for place in parameter.places]
    kind = slot_of(slots[0]).kind
    if kind == "date" and slots == [search_of(type_name).main_date]:
        return Key(f"{alias}.date_lo", descending, "bigint", column=True)
    best = "max" if descending else "min"
    chosen = ",".join(str(slot) for slot in slots)
    if kind == "date":
        inner = (
            f"select {best}(n.lo) from store.entry_date n"
            f" where n.seq = {alias}.seq and n.slot in ({chosen})"
        )
        if search_of(type_name).main_date in slots:
            both = "greatest" if descending else "least"
            return Key(f"{both}({alias}.date_lo, ({inner}))", descending, "bigint")
        return Key(f"({inner})", descending, "bigint")
    if kind in ("number", "quantity"):
        return Key(
            f"(select {best}(n.lo) from store.entry_number n"
            f" where n.seq = {alias}.seq and n.unit in (0, {RANGE_BIT}) and n.slot in ({chosen}))",
            descending, "float8",
        )  # fmt: skip
    if kind == "string":
        return Key(
            f"(select {best}(s.norm) from store.entry_string s"
            f" where s.seq = {alias}.seq and s.slot in ({chosen}) and s.norm >= ' ')",
            descending, "text",
        )  # fmt: skip
    return Key(_from_body(alias, slots, best, scope), descending, "text")


def _from_body(alias: str, slots: list[int], best: str, scope: Scope) -> str:
    """Codes, uris and references are only hashes in the index: the body has their text."""
    paths = [_json_path(variant) for slot in slots for variant in slot_of(slot).variants]
    found = " union all ".join(
        f"select x #>> '{{}}' as t from jsonb_path_query(d.doc, {scope.bind(path, 'jsonpath')}) x"
        for path in paths
    )
    return (
        f'(select {best}(f.t collate "C") from store.version v'
        f" cross join lateral (select convert_from(v.body, 'UTF8')::jsonb as doc) d"
        f" cross join lateral ({found}) f where v.seq = {alias}.seq)"
    )


def _json_path(variant: Variant) -> str:
    path = "$"
    for step in (*variant.steps, *_TEXT_BELOW.get(variant.datatype, ())):
        if step[0] == "?":
            key, _, value = step[1:].partition("=")
            path += f'?(@."{key}" == {_quoted(value)})'
        elif step[0] == "+":
            path += f'?(@."extension"."url" == {_quoted(step[1:])})'
        elif step[0] == "#":
            path += f"[{int(step[1:])}]"
        else:
            path += f'."{step}"'
    return path + ' ? (@.type() != "object" && @.type() != "array")'


def _quoted(text: str) -> str:
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'


def order_by(keys: Sequence[Key]) -> str:
    """The columns k0, k1 ... in order; nulls last, which only a key that can be null says:
    an index in the other order of nulls could not be used.
    """
    return ", ".join(
        f"k{n} {'desc' if key.descending else 'asc'}{'' if key.never_null else ' nulls last'}"
        for n, key in enumerate(keys)
    )


def after(keys: Sequence[Key], last: Sequence[Any], scope: Scope) -> str:
    """The condition that a row comes after one whose keys were ``last``."""
    alternatives: list[str] = []
    equal: list[str] = []
    for n, (key, value) in enumerate(zip(keys, last, strict=True)):
        if value is not None:
            operator = "<" if key.descending else ">"
            bound = scope.bind(value, key.cast)
            collated = f'k{n} collate "C"' if key.cast == "text" else f"k{n}"
            beyond = f"{collated} {operator} {bound}"
            if not key.never_null:
                beyond = f"({beyond} or k{n} is null)"
            alternatives.append(" and ".join([*equal, beyond]))
            equal.append(f"k{n} = {bound}")
        else:
            equal.append(f"k{n} is null")
    return (
        "(" + " or ".join(f"({each})" for each in alternatives) + ")" if alternatives else "false"
    )
