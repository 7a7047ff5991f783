"""Code systems and value sets as searches need them: those stored here, and HL7's own.

``:in``, ``:not-in``, ``:above`` and ``:below`` ask which codes are meant. A value set that is
stored (and visible to the session) goes before a shipped one of the same url. What can't
be computed is refused: a search that guesses would leave patients out.
"""

from __future__ import annotations

from typing import Any

import orjson

from fellesjournal.fhir.definitions import Terminology, standard_terminology
from fellesjournal.fhir.definitions.search import search_of
from fellesjournal.store.search.scope import Scope, has_token
from fellesjournal.store.search.values import BadValue

# system -> its chosen codes; None for all of them
Codes = dict[str, frozenset[str] | None]

_MOST_CODES = 20_000


def members(scope: Scope, value_set: str) -> Codes:
    """The codes of a value set, named by its url or as ``ValueSet/id``.

    Raises BadValue when it is not known, or can't be expanded here.
    """
    terminology, url = _with_stored(scope, value_set)
    expansion = terminology.expand(url) if url else None
    if expansion is None:
        raise BadValue(f"the value set {value_set} is not known here")
    if not expansion.exact:
        raise BadValue(
            f"the value set {value_set} can't be expanded here:"
            " it filters a code system that is not stored"
        )
    if sum(len(codes or ()) for codes in expansion.codes.values()) > _MOST_CODES:
        raise BadValue(f"the value set {value_set} has more than {_MOST_CODES} codes")
    return expansion.codes


def family(scope: Scope, system: str | None, code: str, direction: str) -> Codes:
    """The code with all ``above`` or ``below`` it in its system's hierarchy.

    Raises BadValue without a system, or for one whose hierarchy is not known.
    """
    if system is None:
        raise BadValue(f":{direction} needs system|code")
    terminology = Terminology(base=standard_terminology())
    _add_system(scope, terminology, system)
    known = terminology.code_system(system)
    if known is None or not known.complete:
        raise BadValue(f"the hierarchy of the code system {system} is not known here")
    chosen = known.ancestors(code) if direction == "above" else known.descendants(code)
    return {system: chosen}


def _with_stored(scope: Scope, value_set: str) -> tuple[Terminology, str | None]:
    terminology = Terminology(base=standard_terminology())
    if value_set.startswith("ValueSet/"):
        found = _by_id(scope, "ValueSet", value_set.removeprefix("ValueSet/"))
        if found is None or "url" not in found:
            return terminology, None
        _add_value_set(scope, terminology, found, set())
        return terminology, str(found["url"])
    url = value_set.partition("|")[0]
    for resource in _by_url(scope, "ValueSet", url):
        _add_value_set(scope, terminology, resource, {url})
    return terminology, url


def _add_value_set(scope: Scope, terminology: Terminology, resource: Any, seen: set[str]) -> None:
    """Takes a value set in, with the stored ones and systems its compose names."""
    terminology.add(resource)
    compose = resource.get("compose", {})
    for part in [*compose.get("include", ()), *compose.get("exclude", ())]:
        if "system" in part:
            _add_system(scope, terminology, part["system"])
        for other in part.get("valueSet", ()):
            url = other.partition("|")[0]
            if url not in seen:
                seen.add(url)
                for found in _by_url(scope, "ValueSet", url):
                    _add_value_set(scope, terminology, found, seen)


def _add_system(scope: Scope, terminology: Terminology, url: str) -> None:
    for resource in _by_url(scope, "CodeSystem", url):
        terminology.add(resource)


def _by_url(scope: Scope, type_name: str, url: str) -> list[Any]:
    slot = search_of(type_name).parameters["url"].places[0].slot
    alias = scope.alias()
    return _bodies(scope, type_name, alias, has_token(alias, scope, [scope.hasher.uri(slot, url)]))


def _by_id(scope: Scope, type_name: str, fhir_id: str) -> Any:
    alias = scope.alias()
    among = (
        f"{alias}.rid in (select r.rid from store.resource r"
        f" where r.type = {alias}.type and r.fhir_id = {scope.bind(fhir_id, 'text')})"
    )
    return next(iter(_bodies(scope, type_name, alias, among)), None)


def _bodies(scope: Scope, type_name: str, alias: str, condition: str) -> list[Any]:
    """The newest first last: of several with one url the latest version of it wins."""
    rows = scope.rows(
        f"select v.body from store.entry {alias} join store.version v on v.seq = {alias}.seq"
        f" where {scope.entry(alias, (type_name,))} and {condition} order by {alias}.seq"
    )
    return [orjson.loads(body) for (body,) in rows]
