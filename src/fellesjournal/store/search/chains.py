"""Criteria about other resources: chains forwards, and ``_has`` backwards.

http://hl7.org/fhir/R4/search.html#chaining. Each step is a search of its own over entries
that carry the visibility condition. When few resources match the inner step their numbers
become keys of the outer one; when many do, the outer entries are tested one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fellesjournal.fhir.definitions import is_resource_type
from fellesjournal.fhir.definitions.search import Parameter, search_of
from fellesjournal.store.search.references import allowed_targets, is_the_patient
from fellesjournal.store.search.refusals import Refused
from fellesjournal.store.search.scope import (
    RID_MASK,
    SLOT_MASK,
    Scope,
    any_of,
    has_token,
    reference_token,
)

# (alias, type, name, value, scope) -> condition
Compile = Callable[[str, str, str, str, Scope], str]

# Up to here an inner result is turned into keys.
FEW = 1000
DEEPEST = 8
# A reference to anything followed by another multiplies; beyond this the client must say types.
MOST_STEPS = 300


def is_reference(token: str, slots: Sequence[int]) -> str:
    """The condition that a token is a reference in one of the slots."""
    numbers = ",".join(str(slot) for slot in slots)
    return f"{token} < 0 and (({token} >> 47) & {SLOT_MASK}) in ({numbers})"


def chain_condition(
    alias: str,
    type_name: str,
    parameter: Parameter,
    modifier: str,
    rest: str,
    value: str,
    scope: Scope,
    compile_inner: Compile,
) -> str:
    """The entry refers, by ``parameter``, to a resource for which ``rest=value`` holds."""
    if parameter.type != "reference":
        raise Refused(rest, f"{parameter.code} is no reference; only references chain")
    if rest.count(".") >= DEEPEST or not rest:
        raise Refused(rest, f"a chain has one to {DEEPEST} steps")
    found = [
        _through(alias, type_name, parameter, target, inner, condition, scope)
        for target in allowed_targets(parameter, modifier)
        for inner, condition in _inner(target, rest, value, scope, compile_inner)
    ]
    if not found:
        raise Refused(
            rest,
            f"nothing {parameter.code} refers to has a search parameter {rest.partition('.')[0]!r}",
            code="not-supported",
            unknown=True,
        )
    return any_of(found)


def _inner(
    target: str, rest: str, value: str, scope: Scope, compile_inner: Compile
) -> list[tuple[str, str]]:
    """The alias and condition of the inner step; none where the target has no such parameter."""
    inner = scope.alias()
    scope.steps += 1
    if scope.steps > MOST_STEPS:
        raise Refused(rest, f"{rest}: too many types; name them, as in subject:Patient.name")
    try:
        return [(inner, compile_inner(inner, target, rest, value, scope))]
    except Refused as refusal:
        if refusal.unknown:
            return []
        raise


def _through(
    alias: str,
    type_name: str,
    parameter: Parameter,
    target: str,
    inner: str,
    condition: str,
    scope: Scope,
) -> str:
    where = f"{scope.entry(inner, (target,))} and {condition}"
    places = [place for place in parameter.places if place.only in (None, target)]
    matching = f"select {inner}.rid from store.entry {inner} where {where}"
    few = _few(matching, scope)
    if target == "Patient" and is_the_patient(type_name, parameter.places):
        among = f"({matching})" if few is None else f"any({scope.bind(few, 'bigint[]')})"
        return f"{alias}.patient {'in' if few is None else '='} {among}"
    if few is not None:
        return has_token(
            alias, scope, [reference_token(place.slot, rid) for place in places for rid in few]
        )
    return (
        f"exists (select from unnest({alias}.tokens) k join store.entry {inner}"
        f" on {inner}.rid = k & {RID_MASK}"
        f" where {is_reference('k', [place.slot for place in places])} and {where})"
    )


def _few(statement: str, scope: Scope) -> list[int] | None:
    """The numbers a statement answers, or None when they are many."""
    rows = scope.rows(f"{statement} limit {FEW + 1}")
    return None if len(rows) > FEW else [rid for (rid,) in rows]


def reverse_condition(
    alias: str, type_name: str, name: str, value: str, scope: Scope, compile_inner: Compile
) -> str:
    """``_has:Observation:patient:code=x``: this entry is patient of an Observation so coded."""
    parts = name.split(":", 3)
    if len(parts) != 4 or not is_resource_type(parts[1]) or not parts[3]:
        raise Refused(name, f"{name}: it is written _has:Type:reference:parameter=value")
    if name.count("_has:") > DEEPEST:
        raise Refused(name, f"_has nests at most {DEEPEST} deep")
    _, source, code, rest = parts
    parameter = search_of(source).parameters.get(code)
    if parameter is None or parameter.type != "reference":
        raise Refused(name, f"{source} has no reference parameter {code!r}", code="not-supported")
    if type_name not in allowed_targets(parameter):
        raise Refused(name, f"{source}.{code} never refers to a {type_name}")
    inner = scope.alias()
    where = (
        f"{scope.entry(inner, (source,))} and {compile_inner(inner, source, rest, value, scope)}"
    )
    if type_name == "Patient" and is_the_patient(source, parameter.places):
        matching = f"select {inner}.patient from store.entry {inner} where {where}"
        few = _few(matching, scope)
        if few is None:
            return f"{alias}.rid in ({matching})"
        return f"{alias}.rid = any({scope.bind(sorted(set(few)), 'bigint[]')})"
    slots = [place.slot for place in parameter.places if place.only in (None, type_name)]
    few = _few(f"select {inner}.rid from store.entry {inner} where {where}", scope)
    if few is not None:
        return (
            f"{alias}.rid in (select k & {RID_MASK}"
            f" from store.entry {inner}, unnest({inner}.tokens) k"
            f" where {inner}.rid = any({scope.bind(few, 'bigint[]')})"
            f" and {is_reference('k', slots)}"
            f" and {scope.entry(inner, (source,))})"
        )
    keys = ", ".join(f"store.reference_token({slot}::smallint, {alias}.rid)" for slot in slots)
    return (
        f"exists (select from store.entry {inner}"
        f" where {inner}.tokens && array[{keys}] and {where})"
    )
