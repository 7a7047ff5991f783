"""Resources that come along with the matches (http://hl7.org/fhir/R4/search.html#include).

Never cut short: more than the limit is an error that says so (INV-55).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import orjson

from fellesjournal.fhir.definitions import RESOURCE_TYPES, type_name, type_number
from fellesjournal.fhir.definitions.search import Place, search_of
from fellesjournal.fhir.definitions.search import slot as slot_of
from fellesjournal.fhir.extraction import extract
from fellesjournal.fhir.issues import TooLarge
from fellesjournal.store.read import Stored
from fellesjournal.store.search.chains import is_reference
from fellesjournal.store.search.request import Include
from fellesjournal.store.search.scope import RID_MASK, Scope, reference_token

MOST_INCLUDED = 10_000
_CANONICAL = frozenset({"canonical", "uri", "url"})


def included(matches: Sequence[Stored], includes: Sequence[Include], scope: Scope) -> list[Stored]:
    """What the includes ask for, each once, no match repeated; in the order found.

    Raises TooLarge when there are more than MOST_INCLUDED.
    """
    seen = {stored.rid for stored in matches}
    found: list[Stored] = []
    frontier: list[Stored] = list(matches)
    first = True
    while frontier:
        fresh: list[Stored] = []
        for include in includes:
            if not first and not include.again:
                continue
            # without :iterate an include looks at matches only
            for stored in _step(frontier, include, scope):
                if stored.rid not in seen:
                    seen.add(stored.rid)
                    fresh.append(stored)
        found += fresh
        if len(found) > MOST_INCLUDED:
            raise TooLarge(
                f"more than {MOST_INCLUDED} resources would be included; ask for fewer with _count",
                code="too-costly",
            )
        frontier, first = fresh, False
    return found


def read_bodies(includes: Sequence[Include]) -> bool:
    """Whether following these looks into bodies: canonical references stand there alone. Without,
    all bodies of a page are read at once, when it is known what is on it.
    """
    return any(not include.reverse and _leads_by_url(include) for include in includes)


def _leads_by_url(include: Include) -> bool:
    if include.source is None or include.parameter is None:
        return True
    return any(
        variant.datatype in _CANONICAL
        for place in _places(include.source, include.parameter)
        for variant in slot_of(place.slot).variants
    )


def _step(sources: Sequence[Stored], include: Include, scope: Scope) -> list[Stored]:
    return (
        _reverse(sources, include, scope) if include.reverse else _forward(sources, include, scope)
    )


def _places(source: str, code: str | None) -> list[Place]:
    parameters = search_of(source).parameters
    if code is not None:
        chosen = parameters.get(code)
        return list(chosen.places) if chosen is not None and chosen.type == "reference" else []
    return [
        place
        for parameter in parameters.values()
        if parameter.type == "reference"
        for place in parameter.places
    ]


def _forward(sources: Sequence[Stored], include: Include, scope: Scope) -> list[Stored]:
    """What the sources refer to, as they stand in the snapshot."""
    found: dict[int, Stored] = {}
    for source in dict.fromkeys(stored.type for stored in sources):
        if include.source not in (None, source):
            continue
        places = _places(source, include.parameter)
        of_type = [stored for stored in sources if stored.type == source]
        for only in dict.fromkeys(place.only for place in places):
            slots = [place.slot for place in places if place.only == only]
            target = include.target or only
            if only is not None and target != only:
                continue
            for stored in _referred(of_type, slots, target, scope):
                found.setdefault(stored.rid, stored)
            for stored in _canonical(of_type, slots, target, scope):
                found.setdefault(stored.rid, stored)
    return list(found.values())


def _referred(
    sources: Sequence[Stored], slots: Sequence[int], target: str | None, scope: Scope
) -> list[Stored]:
    source, inner = scope.alias(), scope.alias()
    return _fetch(
        inner,
        f"{inner}.rid in (select k & {RID_MASK}"
        f" from store.entry {source}, unnest({source}.tokens) k"
        f" where {source}.seq = any({scope.bind([s.seq for s in sources], 'bigint[]')})"
        f" and {is_reference('k', slots)})",
        (target,) if target else (),
        scope,
    )


def _canonical(
    sources: Sequence[Stored], slots: Sequence[int], target: str | None, scope: Scope
) -> list[Stored]:
    """Canonical references name their target by its url, whatever its id here."""
    wanted = {
        slot
        for slot in slots
        if any(variant.datatype in _CANONICAL for variant in slot_of(slot).variants)
    }
    if not wanted:
        return []
    urls = {
        uri
        for stored in sources
        if stored.body is not None
        for slot, uri in extract(orjson.loads(stored.body), scope.own_bases).uris
        if slot in wanted
    }
    types = [target] if target else [t for t in RESOURCE_TYPES if "url" in search_of(t).parameters]
    tokens = [
        scope.hasher.uri(search_of(name).parameters["url"].places[0].slot, url)
        for name in types
        if "url" in search_of(name).parameters
        for url in urls
    ]
    if not tokens:
        return []
    inner = scope.alias()
    return _fetch(inner, f"{inner}.tokens && {scope.bind(tokens, 'bigint[]')}", tuple(types), scope)


def _reverse(sources: Sequence[Stored], include: Include, scope: Scope) -> list[Stored]:
    """What refers to the sources, as it stands in the snapshot."""
    tokens = [
        reference_token(slot, stored.rid)
        for stored in sources
        if include.target in (None, stored.type)
        for slot in _slots_leading_to(stored.type, include.source, include.parameter)
    ]
    if not tokens:
        return []
    return _holding(tokens, (include.source,) if include.source else (), scope)


def _holding(tokens: Sequence[int], types: tuple[str, ...], scope: Scope) -> list[Stored]:
    """Entries that hold one of many tokens, newest first; one more than allowed.

    Each token is looked up in the index by itself, which "offset 0" makes sure of. For
    thousands of tokens at once the planner would rather read the whole table and compare
    each row with each of them: half a minute where the look-ups take some milliseconds.
    """
    outer, inner = scope.alias(), scope.alias()
    among = f"{outer}.type = any({scope.bind([type_number(t) for t in types], 'smallint[]')})"
    rows = scope.rows(
        f"select distinct {outer}.rid, {outer}.type, {outer}.version, {outer}.seq, {outer}.patient"
        f" from unnest({scope.bind(list(tokens), 'bigint[]')}) t(token) cross join lateral"
        f" (select {inner}.rid, {inner}.type, {inner}.version, {inner}.seq, {inner}.patient"
        f" from store.entry {inner} where {inner}.tokens @> array[t.token]"
        f" and {scope.entry(inner, ())} offset 0) {outer}"
        f" where {among if types else 'true'} order by {outer}.seq desc limit {MOST_INCLUDED + 1}"
    )
    return with_bodies(rows, scope)


@cache
def _slots_leading_to(target: str, source: str | None, code: str | None) -> frozenset[int]:
    """The slots in which resources may refer to one of a type."""
    return frozenset(
        place.slot
        for origin in ([source] if source else RESOURCE_TYPES)
        for parameter in search_of(origin).parameters.values()
        if parameter.type == "reference" and code in (None, parameter.code)
        if target in parameter.targets or not parameter.targets
        for place in parameter.places
        if place.only in (None, target)
    )


def _fetch(alias: str, condition: str, types: tuple[str, ...], scope: Scope) -> list[Stored]:
    """Entries with their bodies, newest first; one more than allowed, so that it is noticed."""
    rows = scope.rows(
        f"select {alias}.rid, {alias}.type, {alias}.version, {alias}.seq, {alias}.patient"
        f" from store.entry {alias} where {condition} and {scope.entry(alias, types)}"
        f" order by {alias}.seq desc limit {MOST_INCLUDED + 1}"
    )
    return with_bodies(rows, scope)


_BODIES = (
    "select u.n, r.fhir_id, v.body from unnest(%s::text::bigint[]) with ordinality u(seq, n)"
    " join store.version v on v.seq = u.seq join store.resource r on r.rid = v.rid{} order by u.n"
)
_BODIES_BESIDE = "with beside as materialized ({beside}) " + _BODIES.format(
    " where exists (select from beside)"
)
_BODIES = _BODIES.format("")


def with_bodies(
    rows: Sequence[Sequence[Any]], scope: Scope, beside: tuple[str, list[Any]] | None = None
) -> list[Stored]:
    """Rows of (rid, type number, version, seq, patient, ...) with ids and bodies.

    Neither changes once written, so it does not matter when they are read: ``scope.bodies_later``
    leaves them out until :func:`completed`. Whether they may be read can change between two
    statements: what may not any more is left out. ``beside`` is a statement, with its parameters,
    that is run in the same round trip.
    """
    if not rows:
        return []
    if scope.bodies_later:
        return [Stored(row[0], type_name(row[1]), "", row[2], row[3], row[4], None) for row in rows]
    # Arrays as text: PostgreSQL reads them faster than Python can take a list apart.
    seqs = "{" + ",".join([str(row[3]) for row in rows]) + "}"
    if beside is None:
        found = scope.connection.execute(_BODIES, [seqs], binary=True).fetchall()
    else:
        found = scope.connection.execute(
            _BODIES_BESIDE.format(beside=beside[0]), [*beside[1], seqs], binary=True
        ).fetchall()
    return [
        Stored(row[0], type_name(row[1]), fhir_id, row[2], row[3], row[4], body)
        for n, fhir_id, body in found
        for row in (rows[n - 1],)
    ]


def completed(
    found: Sequence[Stored], scope: Scope, beside: tuple[str, list[Any]] | None
) -> list[Stored]:
    """What was found without ids and bodies, with them; ``beside`` as in :func:`with_bodies`."""
    scope.bodies_later = False
    rows = [(one.rid, type_number(one.type), one.version, one.seq, one.patient) for one in found]
    return with_bodies(rows, scope, beside)
