"""Code systems and value sets: HL7's own as shipped, and any that a caller adds.

A value set is expanded when it is first asked for. What can't be computed here (a filter
over a system whose content we don't have, such as SNOMED CT) leaves the expansion open
for that system: membership is then not refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from threading import RLock
from typing import Any

from fellesjournal.fhir.definitions.tables import load_table

# Any: rows are JSON; code_system_row and value_set_row say what is in them.
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CodeSystem:
    """A system whose codes are known. ``parents`` has a row per code, often empty.

    ``complete`` is False for fragments and examples: codes beyond these exist.
    """

    url: str
    complete: bool
    displays: dict[str, str]
    parents: dict[str, tuple[str, ...]]
    children: dict[str, tuple[str, ...]]

    def descendants(self, code: str) -> frozenset[str]:
        """The code and all below it (``:below``); just the code when it is unknown."""
        return _closure(code, self.children)

    def ancestors(self, code: str) -> frozenset[str]:
        """The code and all above it (``:above``); just the code when it is unknown."""
        return _closure(code, self.parents)


@dataclass(frozen=True, slots=True)
class Expansion:
    """The codes of a value set by system; None where any code of the system may belong.

    ``exact`` is False when something could not be computed, so that a listed code may be
    too many, never too few.
    """

    codes: dict[str, frozenset[str] | None]
    exact: bool

    def has(self, system: str | None, code: str) -> bool:
        """Whether the pair belongs, as far as is known."""
        if system is None or system not in self.codes:
            return False
        codes = self.codes[system]
        return codes is None or code in codes

    def plain_codes(self) -> frozenset[str] | None:
        """The codes without systems, as an element of type ``code`` uses them; None: any."""
        found: set[str] = set()
        for codes in self.codes.values():
            if codes is None:
                return None
            found |= codes
        return frozenset(found)


class Terminology:
    """Code systems and value sets, those of another terminology included.

    ``base`` is asked for what is not here; a profile package is laid over the standard.
    """

    def __init__(self, table: Row | None = None, base: Terminology | None = None) -> None:
        table = table or {"code_systems": {}, "value_sets": {}}
        self._system_rows: dict[str, Row] = dict(table["code_systems"])
        self._value_set_rows: dict[str, Row] = dict(table["value_sets"])
        self._base = base
        self._systems: dict[str, CodeSystem] = {}
        self._expansions: dict[str, Expansion | None] = {}
        # Other threads wait rather than see a value set half expanded.
        self._expanding = RLock()
        self._under_way: set[str] = set()

    def add(self, resource: Row) -> None:
        """Take in a CodeSystem or ValueSet resource; others are passed over."""
        url = resource.get("url")
        if not isinstance(url, str):
            return
        if resource.get("resourceType") == "CodeSystem":
            self._system_rows[url] = code_system_row(resource)
            self._systems.pop(url, None)
            self._expansions.clear()
        elif resource.get("resourceType") == "ValueSet":
            self._value_set_rows[url] = value_set_row(resource)
            self._expansions.clear()

    def code_system(self, url: str) -> CodeSystem | None:
        """The system with this url if its codes are known."""
        url = url.partition("|")[0]
        if url not in self._systems:
            if url not in self._system_rows:
                return self._base.code_system(url) if self._base else None
            self._systems[url] = _code_system(url, self._system_rows[url])
        return self._systems[url]

    def value_set_urls(self) -> Iterator[str]:
        """Every value set known here, those of the base first."""
        if self._base:
            yield from self._base.value_set_urls()
        yield from self._value_set_rows

    def expand(self, value_set: str) -> Expansion | None:
        """The codes of a value set (canonical, version ignored); None for an unknown one."""
        url = value_set.partition("|")[0]
        if url in self._expansions:
            return self._expansions[url]
        with self._expanding:
            if url in self._under_way:
                return None  # A value set that includes itself ends here.
            self._under_way.add(url)
            try:
                self._expansions[url] = self._expand(url)
            finally:
                self._under_way.discard(url)
            return self._expansions[url]

    def _expand(self, url: str) -> Expansion | None:
        row = self._value_set_rows.get(url)
        if row is None:
            return self._base.expand(url) if self._base else None
        codes: dict[str, frozenset[str] | None] = {}
        exact = True
        for include in row["include"]:
            part, part_is_exact = self._include(include)
            exact &= part_is_exact
            for system, some in part.items():
                codes[system] = _union(codes[system], some) if system in codes else some
        for exclude in row.get("exclude", ()):
            part, part_is_exact = self._include(exclude)
            exact &= part_is_exact
            for system, some in part.items():
                exact &= _exclude(codes, system, some if part_is_exact else frozenset())
        return Expansion(codes, exact)

    def _include(self, include: Row) -> tuple[dict[str, frozenset[str] | None], bool]:
        """One include: what its system part and all its value sets have in common."""
        parts: list[tuple[dict[str, frozenset[str] | None], bool]] = []
        if "system" in include:
            codes, exact = self._system_part(include)
            parts.append(({include["system"]: codes}, exact))
        for url in include.get("value_sets", ()):
            expansion = self.expand(url)
            if expansion is None:
                return {}, False
            parts.append((expansion.codes, expansion.exact))
        if not parts:
            return {}, True
        common, exact = parts[0]
        for other, other_is_exact in parts[1:]:
            common = {
                system: _intersection(common[system], other[system])
                for system in common.keys() & other.keys()
            }
            exact &= other_is_exact
        return common, exact

    def _system_part(self, include: Row) -> tuple[frozenset[str] | None, bool]:
        if "codes" in include:
            return frozenset(include["codes"]), True
        system = self.code_system(include["system"])
        if system is None or not system.complete:
            return None, "filters" not in include
        codes: frozenset[str] = frozenset(system.displays)
        for prop, operator, value in include.get("filters", ()):
            chosen = _filter(system, prop, operator, value)
            if chosen is None:
                return None, False
            codes &= chosen
        return codes, True


@cache
def standard_terminology() -> Terminology:
    """HL7's R4 code systems and value sets as shipped."""
    return Terminology(load_table("terminology"))


def code_system_row(resource: Row) -> Row:
    """A CodeSystem resource in compact form: {"complete", "concepts": [[code, display, parents]]}.

    Parents are codes, from nesting and from the properties subsumedBy, parent and child.
    """
    concepts: list[tuple[str, str, list[str]]] = []
    extra: dict[str, list[str]] = {}
    waiting: list[tuple[Row, str | None]] = [(c, None) for c in resource.get("concept", ())]
    while waiting:
        concept, parent = waiting.pop(0)
        code = concept["code"]
        parents = [parent] if parent else []
        for prop in concept.get("property", ()):
            value = prop.get("valueCode")
            if value and prop["code"] in ("subsumedBy", "parent"):
                parents.append(value)
            elif value and prop["code"] == "child":
                extra.setdefault(value, []).append(code)
        concepts.append((code, concept.get("display", ""), parents))
        waiting.extend((child, code) for child in concept.get("concept", ()))
    return {
        "complete": resource.get("content") == "complete",
        "concepts": [
            [code, display, list(dict.fromkeys([*parents, *extra.get(code, ())]))]
            for code, display, parents in concepts
        ],
    }


def value_set_row(resource: Row) -> Row:
    """A ValueSet resource in compact form: {"include": [part], "exclude": [part]}.

    A part has any of system, codes, filters ([property, operator, value]) and value_sets.
    A value set that has only an expansion is listed by it.
    """
    compose = resource.get("compose")
    if not compose:
        by_system: dict[str, list[str]] = {}
        for system, code in _expansion_codes(resource.get("expansion", {}).get("contains", ())):
            by_system.setdefault(system, []).append(code)
        return {"include": [{"system": s, "codes": codes} for s, codes in by_system.items()]}
    row = {"include": [_part(part) for part in compose.get("include", ())]}
    if compose.get("exclude"):
        row["exclude"] = [_part(part) for part in compose["exclude"]]
    return row


def _part(part: Row) -> Row:
    row: Row = {}
    if "system" in part:
        row["system"] = part["system"]
    if part.get("concept"):
        row["codes"] = [concept["code"] for concept in part["concept"]]
    if part.get("filter"):
        row["filters"] = [[f["property"], f["op"], f["value"]] for f in part["filter"]]
    if part.get("valueSet"):
        row["value_sets"] = [url.partition("|")[0] for url in part["valueSet"]]
    return row


def _expansion_codes(contains: Iterable[Row]) -> Iterator[tuple[str, str]]:
    for entry in contains:
        if "code" in entry and not entry.get("abstract"):
            yield entry.get("system", ""), entry["code"]
        yield from _expansion_codes(entry.get("contains", ()))


def _code_system(url: str, row: Row) -> CodeSystem:
    children: dict[str, list[str]] = {}
    for code, _, parents in row["concepts"]:
        for parent in parents:
            children.setdefault(parent, []).append(code)
    return CodeSystem(
        url=url,
        complete=row["complete"],
        displays={code: display for code, display, _ in row["concepts"]},
        parents={code: tuple(parents) for code, _, parents in row["concepts"]},
        children={code: tuple(below) for code, below in children.items()},
    )


def _closure(code: str, steps: dict[str, tuple[str, ...]]) -> frozenset[str]:
    found = {code}
    waiting = [code]
    while waiting:
        for following in steps.get(waiting.pop(), ()):
            if following not in found:
                found.add(following)
                waiting.append(following)
    return frozenset(found)


def _filter(system: CodeSystem, prop: str, operator: str, value: str) -> frozenset[str] | None:
    """The codes a filter chooses, None for a filter that is not computed here."""
    everything = frozenset(system.displays)
    if prop in ("concept", "code"):
        if operator == "is-a":
            return system.descendants(value) & everything
        if operator == "descendent-of":
            return (system.descendants(value) - {value}) & everything
        if operator == "is-not-a":
            return everything - system.descendants(value)
        if operator == "generalizes":
            return system.ancestors(value) & everything
        if operator in ("in", "=", "not-in"):
            named = frozenset(part.strip() for part in value.split(","))
            return everything - named if operator == "not-in" else everything & named
    if operator == "=" and prop == "parent":
        return frozenset(system.children.get(value, ()))
    if operator == "regex" and prop == "code":
        return _matching(value, everything)
    return None


def _matching(pattern: str, codes: frozenset[str]) -> frozenset[str] | None:
    try:
        compiled = re.compile(pattern)
    except re.error:
        return None
    return frozenset(code for code in codes if compiled.fullmatch(code))


def _union(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    return None if one is None or other is None else one | other


def _intersection(
    one: frozenset[str] | None, other: frozenset[str] | None
) -> frozenset[str] | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _exclude(
    codes: dict[str, frozenset[str] | None], system: str, some: frozenset[str] | None
) -> bool:
    """Take codes out; returns whether the result is exact."""
    if system not in codes:
        return True
    if some is None:
        del codes[system]
        return True
    kept = codes[system]
    if kept is None:
        return False
    codes[system] = kept - some
    return True
