"""What a resource says to its search parameters, read in one walk over the JSON.

:func:`extract` follows a trie of all the type's slots and notes every value it passes, as
symbols: (slot, system, code) rather than hashes, type and id rather than row numbers. The
store turns them into index rows; nothing here knows of a database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from fellesjournal.fhir.definitions.search import Pair, Variant, search_of
from fellesjournal.fhir.extraction_values import READERS, Reader, code_reader
from fellesjournal.fhir.quantities import Amount

# Any: JSON of any shape the standard allows
Json = dict[str, Any]


@dataclass(slots=True)
class Extracted:
    """The values of one resource (or of one element of a pair), by kind; slots first.

    ``tokens`` (slot, system, code); ``texts`` (slot, text) of displays; ``typed`` (slot,
    type system, type code, value) of identifiers for `:of-type`; ``references`` (slot,
    type, id) on this server; ``uris`` (slot, uri) of uris and of references elsewhere;
    ``logical`` (slot, system, value) of Reference.identifier; ``targets`` (slot, type) of
    every typed reference; ``strings`` (slot, text); ``names`` (slot, name) to be matched
    by sound; ``dates`` (slot, lo, hi) in microseconds; ``numbers`` (slot, lo, hi)
    inclusive; ``amounts`` (slot, amount); ``positions`` (slot, latitude, longitude);
    ``pairs`` (pair, parts) with one Extracted per part, slots in it numbered from 0;
    ``present`` every slot that the resource has something for.
    """

    own_bases: tuple[str, ...] = ()
    present: set[int] = field(default_factory=set)
    tokens: list[tuple[int, str | None, str]] = field(default_factory=list)
    texts: list[tuple[int, str]] = field(default_factory=list)
    typed: list[tuple[int, str | None, str, str]] = field(default_factory=list)
    references: list[tuple[int, str, str]] = field(default_factory=list)
    uris: list[tuple[int, str]] = field(default_factory=list)
    logical: list[tuple[int, str | None, str]] = field(default_factory=list)
    targets: list[tuple[int, str]] = field(default_factory=list)
    strings: list[tuple[int, str]] = field(default_factory=list)
    names: list[tuple[int, str]] = field(default_factory=list)
    dates: list[tuple[int, int, int]] = field(default_factory=list)
    numbers: list[tuple[int, float, float]] = field(default_factory=list)
    amounts: list[tuple[int, Amount]] = field(default_factory=list)
    positions: list[tuple[int, float, float]] = field(default_factory=list)
    pairs: list[tuple[int, tuple[Extracted, ...]]] = field(default_factory=list)


# (slot, how its datatype is read)
Leaf = tuple[int, Reader]


class _Node:
    """One step of the trie: what to read here, and where to go on."""

    __slots__ = ("filters", "indexed", "keys", "leaves", "pairs")

    def __init__(self) -> None:
        self.keys: dict[str, _Node] = {}
        self.filters: dict[str, tuple[Callable[[Any], bool], _Node]] = {}
        self.indexed: dict[int, _Node] = {}
        self.leaves: list[Leaf] = []
        self.pairs: list[_PairReader] = []

    def at(self, steps: Iterable[str]) -> _Node:
        """The node at the end of the steps, made where it is missing."""
        node = self
        for step in steps:
            if step[0] == "#":
                node = node.indexed.setdefault(int(step[1:]), _Node())
            elif step[0] in "?+":
                if step not in node.filters:
                    node.filters[step] = (_predicate(step), _Node())
                node = node.filters[step][1]
            else:
                node = node.keys.setdefault(step, _Node())
        return node


def extract(data: Json, own_bases: tuple[str, ...] = ()) -> Extracted:
    """All values the parameters of ``data["resourceType"]`` find in it.

    ``own_bases`` are this server's base URLs: an absolute reference below one of them is
    the same as a relative one. The resource must be valid; a malformed date raises
    ValueError.
    """
    out = Extracted(own_bases)
    _visit(_trie(data["resourceType"]), data, out)
    return out


def _visit(node: _Node, item: Any, out: Extracted) -> None:
    for slot, reader in node.leaves:
        out.present.add(slot)
        reader(item, slot, out)
    for pair in node.pairs:
        pair.read(item, out)
    if node.filters:
        for predicate, below in node.filters.values():
            if predicate(item):
                _visit(below, item, out)
    keys = node.keys
    if not keys:
        return
    if len(keys) < len(item):
        for key, child in keys.items():
            value = item.get(key)
            if type(value) is list:
                _visit_list(child, value, out)
            elif value is not None:
                _visit(child, value, out)
        return
    for key, value in item.items():
        below_key = keys.get(key)
        if below_key is not None:
            if type(value) is list:
                _visit_list(below_key, value, out)
            elif value is not None:
                _visit(below_key, value, out)


def _visit_list(node: _Node, items: list[Any], out: Extracted) -> None:
    for item in items:
        if item is not None:  # a primitive that is only an extension
            _visit(node, item, out)
    if node.indexed:
        for index, below in node.indexed.items():
            if index < len(items):
                _visit(below, items[index], out)


@cache
def _trie(type_name: str) -> _Node:
    root = _Node()
    definitions = search_of(type_name)
    for slot in definitions.slots.values():
        for variant in slot.variants:
            root.at(variant.steps).leaves.append(_leaf(slot.number, slot.kind, variant))
    for pair in definitions.pairs:
        root.at(pair.element).pairs.append(_PairReader(pair))
    return root


def _leaf(slot: int, kind: str, variant: Variant) -> Leaf:
    plain_code = (kind, variant.datatype) == ("token", "code")
    return slot, (code_reader(variant.systems) if plain_code else READERS[kind, variant.datatype])


class _PairReader:
    """Reads the parts of a composite from one element, if all of them are there."""

    __slots__ = ("number", "tries")

    def __init__(self, pair: Pair) -> None:
        self.number = pair.number
        self.tries: list[_Node] = []
        for number, (kind, variants) in enumerate(pair.parts):
            root = _Node()
            for variant in variants:
                root.at(variant.steps).leaves.append(_leaf(number, kind, variant))
            self.tries.append(root)

    def read(self, value: Any, out: Extracted) -> None:
        # of most pairs one part is not there: most often the last, a value of one type
        for trie in reversed(self.tries):
            if trie.keys.keys().isdisjoint(value) and not (trie.filters or trie.leaves):
                return
        parts = tuple(Extracted(out.own_bases) for _ in self.tries)
        for trie, part in zip(self.tries, parts, strict=True):
            _visit(trie, value, part)
            if not part.present:
                return
        out.pairs.append((self.number, parts))


def _predicate(step: str) -> Callable[[Any], bool]:
    if step[0] == "+":
        url = step[1:]
        return lambda item: any(e.get("url") == url for e in item.get("extension", ()))
    key, _, wanted = step[1:].partition("=")
    return lambda item: item.get(key) == wanted
