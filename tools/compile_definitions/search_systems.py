"""Which code system a plain ``code`` implies, through its required value set.

http://hl7.org/fhir/R4/search.html#token: a token search on a `code` may name the system
that the binding implies.
"""

from __future__ import annotations

from typing import Any

from tools.compile_definitions.package import Package, Resource


class ImpliedSystems:
    """Numbered rows: one system's URL, or code -> system where a value set mixes several."""

    def __init__(self, package: Package) -> None:
        self.rows: list[Any] = []
        self._numbers: dict[str, int | None] = {}
        self._value_sets = {v["url"]: v for v in package.resources("ValueSet") if "url" in v}
        self._systems = {s["url"]: s for s in package.resources("CodeSystem") if "url" in s}

    def number(self, value_set: str | None) -> int | None:
        """The row of a value set; None when nothing is known of it."""
        if value_set is None:
            return None
        if value_set not in self._numbers:
            self._numbers[value_set] = self._add(self._row(value_set))
        return self._numbers[value_set]

    def _add(self, row: Any) -> int | None:
        if not row:
            return None
        if row not in self.rows:
            self.rows.append(row)
        return self.rows.index(row)

    def _row(self, value_set: str) -> Any:
        found = self._value_sets.get(value_set)
        if found is None:
            return None
        systems = dict.fromkeys(self._systems_of(found))
        if len(systems) == 1:
            return next(iter(systems))
        return dict(self._codes_of(found))

    def _systems_of(self, value_set: Resource) -> list[str]:
        systems = []
        for include in value_set.get("compose", {}).get("include", ()):
            if "system" in include:
                systems.append(include["system"])
            for other in include.get("valueSet", ()):
                if other in self._value_sets:
                    systems += self._systems_of(self._value_sets[other])
        return systems

    def _codes_of(self, value_set: Resource) -> list[tuple[str, str]]:
        pairs = []
        for include in value_set.get("compose", {}).get("include", ()):
            system = include.get("system")
            concepts = include.get("concept") or (
                []
                if "filter" in include
                else _all(self._systems.get(system, {}).get("concept", ()))
            )
            pairs += [(concept["code"], system) for concept in concepts]
            for other in include.get("valueSet", ()):
                if other in self._value_sets:
                    pairs += self._codes_of(self._value_sets[other])
        return pairs


def _all(concepts: Any) -> list[Any]:
    return [c for concept in concepts for c in (concept, *_all(concept.get("concept", ())))]
