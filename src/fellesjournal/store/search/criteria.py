"""One search criterion, ``name:modifier=value``, as a condition on an entry.

The name may be a chain (``subject:Patient.name``) or reach backwards (``_has:...``); values
are alternatives separated by commas. Whatever is not understood raises :class:`Refused`:
a criterion is never left out silently (INV-52).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from fellesjournal.fhir.definitions import compartment_parameters, is_resource_type
from fellesjournal.fhir.definitions.search import Parameter, search_of
from fellesjournal.fhir.definitions.search import slot as slot_of
from fellesjournal.store.search import chains, positions
from fellesjournal.store.search.composites import composite_condition
from fellesjournal.store.search.filter_language import filter_condition
from fellesjournal.store.search.parts import kind_condition
from fellesjournal.store.search.references import (
    allowed_targets,
    reference_condition,
    rids_of,
)
from fellesjournal.store.search.refusals import Refused
from fellesjournal.store.search.scope import (
    RID_MASK,
    Scope,
    all_of,
    any_of,
    has_token,
    reference_token,
)
from fellesjournal.store.search.tokens import sound_condition
from fellesjournal.store.search.values import BadValue, split, unescape

MODIFIERS: dict[str, tuple[str, ...]] = {
    "string": ("missing", "exact", "contains"),
    "token": ("missing", "text", "not", "in", "not-in", "above", "below", "of-type"),
    "reference": ("missing", "identifier"),
    "uri": ("missing", "above", "below"),
    "date": ("missing",),
    "number": ("missing",),
    "quantity": ("missing",),
    "composite": ("missing",),
    "special": ("missing",),
}
_NOT_OFFERED = {
    "_text": "full-text search",
    "_content": "full-text search",
    "_query": "named queries",
}
# Longer lists of alternatives are machines talking; they can POST several searches.
MOST_ALTERNATIVES = 2000


@dataclass(frozen=True, slots=True)
class Name:
    """A criterion's name: the parameter, its modifier, and the rest of a chain."""

    code: str
    modifier: str
    rest: str | None


def read_name(text: str) -> Name:
    """``subject:Patient.name:exact`` is the parameter subject, Patient, and name:exact."""
    head, dot, rest = text.partition(".")
    code, _, modifier = head.partition(":")
    return Name(code, modifier, rest if dot else None)


def condition(alias: str, type_name: str, name: str, value: str, scope: Scope) -> str:
    """The condition of one criterion on entries of one type.

    Raises Refused, with the name and the reason.
    """
    try:
        return _condition(alias, type_name, name, value, scope)
    except BadValue as problem:
        raise Refused(name, f"{name}: {problem}") from None


def _condition(alias: str, type_name: str, name: str, value: str, scope: Scope) -> str:
    if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise BadValue("the value holds characters that no text has")
    if name.startswith("_has:"):
        return chains.reverse_condition(alias, type_name, name, value, scope, condition)
    parsed = read_name(name)
    if parsed.code in _SPECIAL:
        return _SPECIAL[parsed.code](alias, type_name, parsed, value, scope)
    if parsed.code in _NOT_OFFERED:
        raise Refused(
            name, f"{name}: {_NOT_OFFERED[parsed.code]} is not offered", code="not-supported"
        )
    parameter = find_parameter(type_name, parsed.code, name)
    if parsed.rest is not None:
        return chains.chain_condition(
            alias, type_name, parameter, parsed.modifier, parsed.rest, value, scope, condition
        )
    return parameter_condition(alias, type_name, parameter, parsed.modifier, value, scope)


def find_parameter(type_name: str, code: str, name: str) -> Parameter:
    """The parameter of a type. Raises Refused naming the criterion it stood in."""
    parameter = search_of(type_name).parameters.get(code)
    if parameter is None:
        raise Refused(
            name,
            f"{type_name} has no search parameter {code!r}",
            code="not-supported",
            unknown=True,
        )
    return parameter


def parameter_condition(
    alias: str, type_name: str, parameter: Parameter, modifier: str, value: str, scope: Scope
) -> str:
    """The condition of one parameter with its modifier and alternatives.

    A row whose elements may not be asked about fits neither a value nor its absence.
    """
    found = _parameter_condition(alias, type_name, parameter, modifier, value, scope)
    guard = scope.visibility.guarded(alias, type_name, parameter.code, [value])
    return found if guard is None else f"({found} and {guard})"


def _parameter_condition(
    alias: str, type_name: str, parameter: Parameter, modifier: str, value: str, scope: Scope
) -> str:
    _check_modifier(parameter, modifier)
    if modifier == "missing":
        return missing_condition(alias, parameter, value, scope)
    texts = split(value, ",")
    if len(texts) > MOST_ALTERNATIVES:
        raise BadValue(f"at most {MOST_ALTERNATIVES} alternatives")
    if "" in texts:
        raise BadValue("the value is empty")
    slots = [place.slot for place in parameter.places]
    if parameter.type == "reference":
        return reference_condition(alias, type_name, parameter, modifier, texts, scope)
    if parameter.type == "composite":
        return composite_condition(alias, type_name, parameter, texts, scope)
    kind = slot_of(slots[0]).kind
    if kind == "position":
        return positions.near_condition(alias, slots[0], texts, scope)
    if kind == "phonetic":
        return sound_condition(alias, slots, texts, scope)
    return kind_condition(alias, type_name, kind, slots, modifier, texts, scope)


def _check_modifier(parameter: Parameter, modifier: str) -> None:
    if not modifier or modifier in MODIFIERS[parameter.type]:
        return
    if parameter.type == "reference" and is_resource_type(modifier):
        allowed_targets(parameter, modifier)
        return
    offered = ", ".join(":" + each for each in MODIFIERS[parameter.type])
    raise BadValue(
        f"no modifier {modifier!r} for a {parameter.type} parameter; there are {offered}"
    )


def missing_condition(alias: str, parameter: Parameter, value: str, scope: Scope) -> str:
    """``:missing=true``: nothing there at all; ``false``: something."""
    if value not in ("true", "false"):
        raise BadValue(f"{value!r}: with :missing the value is true or false")
    hasher = scope.hasher
    if parameter.code in ("_id", "_lastUpdated"):
        return "true" if value == "false" else "false"
    if parameter.type == "composite":
        present = any_of(
            [_composite_present(alias, a.pair, a.parts, scope) for a in parameter.alternatives]
        )
    else:
        present = has_token(
            alias,
            scope,
            [
                hasher.present(place.slot) if place.only is None
                else hasher.token(place.slot, "target", place.only)
                for place in parameter.places
            ],
        )  # fmt: skip
    return present if value == "false" else f"not {present}"


def _composite_present(
    alias: str, pair: int | None, parts: tuple[tuple[int, ...] | None, ...], scope: Scope
) -> str:
    groups: list[tuple[int, ...]] = [slots for slots in parts if slots is not None]
    if pair is not None:
        groups.append((pair,))
    return all_of(
        [
            has_token(alias, scope, [scope.hasher.present(slot) for slot in slots])
            for slots in groups
        ]
    )


def _id_condition(alias: str, _type_name: str, name: Name, value: str, scope: Scope) -> str:
    if name.modifier == "missing":
        return missing_condition(alias, search_of("Resource").parameters["_id"], value, scope)
    if name.modifier not in ("", "not") or name.rest is not None:
        raise BadValue("_id takes no modifier but :not and :missing")
    ids = [unescape(text) for text in split(value, ",")]
    if "" in ids:
        raise BadValue("the value is empty")
    scope.few |= not name.modifier
    among = (
        f"{alias}.rid in (select r.rid from store.resource r"
        f" where r.type = {alias}.type and r.fhir_id = any({scope.bind(ids, 'text[]')}))"
    )
    return f"not {among}" if name.modifier == "not" else among


def _list_condition(alias: str, _type_name: str, name: Name, value: str, scope: Scope) -> str:
    if name.modifier or name.rest is not None:
        raise BadValue("_list takes no modifier")
    if "$" in value:
        raise BadValue("functional lists such as $current-allergies are not kept")
    targets = [("List", unescape(text).removeprefix("List/")) for text in split(value, ",")]
    rids = list(rids_of(targets, scope).values())
    item = search_of("List").parameters["item"].places[0].slot
    inner = scope.alias()
    return (
        f"{alias}.rid in (select k & {RID_MASK} from store.entry {inner}, unnest({inner}.tokens) k"
        f" where {inner}.rid = any({scope.bind(rids, 'bigint[]')})"
        f" and {scope.entry(inner, ('List',))}"
        f" and {chains.is_reference('k', [item])})"
    )


def _filter(alias: str, type_name: str, name: Name, value: str, scope: Scope) -> str:
    if name.modifier or name.rest is not None:
        raise BadValue("_filter takes no modifier")
    return filter_condition(alias, type_name, value, scope, condition)


_SPECIAL: dict[str, Callable[[str, str, Name, str, Scope], str]] = {
    "_id": _id_condition,
    "_list": _list_condition,
    "_filter": _filter,
}


@cache
def compartment_slots(owner: str, type_name: str) -> frozenset[int]:
    """The slots that put a resource of the type into the compartment of the owner they name."""
    parameters = search_of(type_name).parameters
    return frozenset(
        place.slot
        for code in compartment_parameters(owner, type_name)
        if code in parameters
        for place in parameters[code].places
        if place.only in (None, owner)
    )


def compartment_condition(
    alias: str, compartment: tuple[str, str], types: Sequence[str], scope: Scope
) -> str:
    """Membership in a compartment, for entries of any of the types.

    http://hl7.org/fhir/R4/compartmentdefinition.html: one of the type's compartment
    parameters leads to its subject; the subject itself belongs too.
    """
    owner, _ = compartment
    rid = rids_of([compartment], scope).get(compartment)
    if rid is None:
        return "false"
    tokens = {
        reference_token(slot, rid)
        for type_name in types
        for slot in compartment_slots(owner, type_name)
    }
    itself = [f"{alias}.rid = {scope.bind(rid, 'bigint')}"] if owner in types else []
    return any_of([*itself, *([has_token(alias, scope, sorted(tokens))] if tokens else [])])
