"""Reference parameters as conditions (http://hl7.org/fhir/R4/search.html#reference)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from fellesjournal.fhir.definitions import is_resource_type, type_number
from fellesjournal.fhir.definitions.search import Parameter, Place, search_of
from fellesjournal.fhir.definitions.search import slot as slot_of
from fellesjournal.fhir.references import local
from fellesjournal.store.read import NUMBER
from fellesjournal.store.search.scope import NOWHERE, Scope, has_token, reference_token
from fellesjournal.store.search.values import BadValue, token_value, unescape

_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}", re.ASCII)

Target = tuple[str, str]  # type, id


def reference_condition(
    alias: str,
    type_name: str,
    parameter: Parameter,
    modifier: str,
    texts: list[str],
    scope: Scope,
) -> str:
    """A reference to one of the alternatives: ``Type/id``, ``id``, a URL or a canonical.

    With a type as modifier the alternatives are of that type; ``:identifier`` compares
    Reference.identifier.
    """
    if modifier == "identifier":
        return has_token(alias, scope, _logical(parameter.places, texts, scope))
    targets, uris = _read(parameter, modifier, [unescape(text) for text in texts], scope)
    rids = rids_of(targets, scope)
    if not uris and (patients := sole_patients(type_name, parameter.places, rids)) is not None:
        # the entry itself says whose it is; that column is in indexes tokens can't be in
        return f"{alias}.patient = any({scope.bind(patients, 'bigint[]')})"
    tokens = [
        reference_token(place.slot, rid)
        for place in parameter.places
        for (target, _), rid in rids.items()
        if place.only in (None, target)
    ]
    tokens += [
        scope.hasher.uri(place.slot, uri)
        for place in parameter.places
        for uri in uris
        if place.only is None or (found := local(uri)) is None or found.type == place.only
    ]
    return has_token(alias, scope, tokens)


def sole_patients(
    type_name: str, places: tuple[Place, ...], rids: dict[Target, int]
) -> list[int] | None:
    """The patients meant, when the places are exactly the patient of the entry; else None."""
    if not is_the_patient(type_name, places) or any(target != "Patient" for target, _ in rids):
        return None
    return list(rids.values())


def is_the_patient(type_name: str, places: tuple[Place, ...]) -> bool:
    """Whether the places say exactly what the entry's patient column says."""
    slots = tuple(place.slot for place in places)
    return (
        slots == search_of(type_name).patient
        and len(slots) == 1
        and not slot_of(slots[0]).many
        and places[0].only in (None, "Patient")
    )


def _logical(places: tuple[Place, ...], texts: list[str], scope: Scope) -> list[int]:
    tokens = []
    for text in texts:
        value = token_value(text)
        for place in places:
            if value.code is None:
                tokens.append(scope.hasher.token(place.slot, "logical-system", value.system or ""))
            elif value.system is None:
                tokens.append(scope.hasher.token(place.slot, "logical-value", value.code))
            else:
                tokens.append(scope.hasher.token(place.slot, "logical", value.system, value.code))
    return tokens


def allowed_targets(parameter: Parameter, modifier: str = "") -> tuple[str, ...]:
    """The types a reference parameter may lead to, or the one a modifier names.

    Raises BadValue for a modifier that is no such type.
    """
    types = tuple(t for t in parameter.targets if is_resource_type(t))
    only = {place.only for place in parameter.places}
    if None not in only:
        types = tuple(t for t in types if t in only)
    if not modifier:
        return types
    if modifier not in types:
        raise BadValue(f"{parameter.code} never refers to a {modifier}")
    return (modifier,)


def _read(
    parameter: Parameter, modifier: str, texts: list[str], scope: Scope
) -> tuple[list[Target], list[str]]:
    """What the alternatives name: resources of this server, and uris."""
    types = allowed_targets(parameter, modifier)
    targets: list[Target] = []
    uris: list[str] = []
    for text in texts:
        if not text:
            raise BadValue("the value is empty")
        found = local(text)
        if found is not None and (found.base is None or found.base in scope.own_bases):
            targets.append((found.type, found.id))
            uris += _inside_bundles(parameter, f"{found.type}/{found.id}")
        elif _ID.fullmatch(text):
            targets += [(name, text) for name in types]
            uris += [u for name in types for u in _inside_bundles(parameter, f"{name}/{text}")]
            uris += [text] if _has_canonicals(parameter) else []
        else:
            uris.append(text)
    if modifier:
        targets = [target for target in targets if target[0] == modifier]
    return targets, uris


def _inside_bundles(parameter: Parameter, reference: str) -> list[str]:
    # a document's composition is indexed by its name; no resource of that name need exist
    inside = any(
        variant.datatype == "Resource"
        for place in parameter.places
        for variant in slot_of(place.slot).variants
    )
    return [reference] if inside else []


def _has_canonicals(parameter: Parameter) -> bool:
    return any(
        variant.datatype in ("canonical", "uri", "url")
        for place in parameter.places
        for variant in slot_of(place.slot).variants
    )


def rids_of(targets: Iterable[Target], scope: Scope) -> dict[Target, int]:
    """The numbers of those resources that were ever written or referred to.

    Where none was, one of them stands for all with a number that no resource has, so that
    what was never heard of costs the same search as what may not be seen.
    """
    wanted = list(dict.fromkeys(targets))
    unknown = [target for target in wanted if target not in scope.rids]
    scope.rids.update(dict.fromkeys(unknown))
    if len(unknown) == 1:  # nearly always; and cheaper to plan than a join
        ((name, fhir_id),) = unknown
        row = scope.connection.execute(NUMBER, [type_number(name), fhir_id]).fetchone()
        scope.rids[name, fhir_id] = row[0] if row else None
    elif unknown:
        rows = scope.connection.execute(
            "select n, r.rid from unnest(%s::smallint[], %s::text[]) with ordinality u(type, id, n)"
            " join store.resource r on r.type = u.type and r.fhir_id = u.id",
            [[type_number(name) for name, _ in unknown], [fhir_id for _, fhir_id in unknown]],
        )
        scope.rids.update({unknown[n - 1]: rid for n, rid in rows})
    found = {target: rid for target in wanted if (rid := scope.rids[target]) is not None}
    if found or not wanted:
        return found
    return {next((each for each in wanted if each[0] == "Patient"), wanted[0]): NOWHERE}
