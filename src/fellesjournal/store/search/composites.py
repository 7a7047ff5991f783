"""Composite parameters: values that must be found together (http://hl7.org/fhir/R4/search.html#combining)."""

from __future__ import annotations

from fellesjournal.fhir.definitions.search import Alternative, Component, Pair, Parameter, search_of
from fellesjournal.fhir.references import local
from fellesjournal.store.indexing import part_comparison
from fellesjournal.store.search.ordered import number_bounds, number_rows, quantity_value
from fellesjournal.store.search.parts import simple_condition
from fellesjournal.store.search.references import allowed_targets
from fellesjournal.store.search.scope import Scope, all_of, any_of, has_token
from fellesjournal.store.search.values import BadValue, split, token_value, unescape
from fellesjournal.store.tokens import comparable_as


def composite_condition(
    alias: str, type_name: str, parameter: Parameter, texts: list[str], scope: Scope
) -> str:
    """One of the alternatives ``a$b`` is found, all its parts in the same element."""
    return any_of(
        [
            _alternative(alias, type_name, parameter, alternative, _parts(parameter, text), scope)
            for text in texts
            for alternative in parameter.alternatives
        ]
    )


def _parts(parameter: Parameter, text: str) -> list[str]:
    parts = split(text, "$")
    if len(parts) != len(parameter.components):
        form = "$".join(component.code for component in parameter.components)
        raise BadValue(f"{text!r}: a value of {parameter.code} is {form}")
    return parts


def _alternative(
    alias: str,
    type_name: str,
    parameter: Parameter,
    alternative: Alternative,
    texts: list[str],
    scope: Scope,
) -> str:
    conditions, together = [], []
    for component, slots, text in zip(parameter.components, alternative.parts, texts, strict=True):
        if slots is None:
            together.append((component, text))
        else:
            conditions.append(simple_condition(alias, type_name, component, slots, text, scope))
    if alternative.pair is not None:
        pair = next(p for p in search_of(type_name).pairs if p.number == alternative.pair)
        conditions.append(_pair(alias, type_name, pair, together, scope))
    return all_of(conditions)


def _pair(
    alias: str, type_name: str, pair: Pair, parts: list[tuple[Component, str]], scope: Scope
) -> str:
    (_, first), (component, second) = parts
    kinds = (pair.parts[0][0], pair.parts[1][0])
    if kinds == ("number", "number"):
        return _two_numbers(alias, pair, first, second, scope)
    code = _code(pair, 0, first)
    if kinds == ("token", "quantity"):
        return _code_and_quantity(alias, type_name, pair, code, component, second, scope)
    refers = kinds == ("token", "reference")
    others = _references(type_name, component, second) if refers else [_code(pair, 1, second)]
    tokens = [scope.hasher.token(pair.number, "pair", code, other) for other in others]
    return has_token(alias, scope, tokens)


def _code(pair: Pair, part: int, text: str) -> str:
    """A token value as store.tokens.pair_values spells it."""
    value = token_value(text)
    if value.code is None:
        return f"{value.system}|*"
    how = part_comparison(pair.parts[part][1])
    with_system, alone = comparable_as(how, value.system, value.code)
    return f"*|{alone}" if value.system is None else f"{value.system}|{with_system}"


def _references(type_name: str, component: Component, text: str) -> list[str]:
    value = unescape(text)
    if local(value) is not None or "/" in value or ":" in value:
        return [value]
    parameter = search_of(type_name).parameters[component.code]
    return [f"{target}/{value}" for target in allowed_targets(parameter)]


def _code_and_quantity(
    alias: str, type_name: str, pair: Pair, code: str, component: Component, text: str, scope: Scope
) -> str:
    value = quantity_value(text)
    rows = [
        number_rows(
            [pair.number], scope.bind(scope.hasher.unit(code, *unit), "bigint"), bounds, scope
        )
        for unit, bounds in value.units
    ]
    condition = any_of([f"{alias}.seq in ({each})" for each in rows])
    if value.label is None:
        return condition
    # the label is looked for in the resource, not in the same element: one entry_number row
    # per way of writing each unit would double the rows of every blood pressure
    places = search_of(type_name).parameters[component.code].places
    labels = [scope.hasher.token(place.slot, "unit", value.label) for place in places]
    return all_of([condition, has_token(alias, scope, labels)])


def _two_numbers(alias: str, pair: Pair, first: str, second: str, scope: Scope) -> str:
    one = number_bounds(unescape(first)).sql("n.lo", "n.hi", scope)
    other = number_bounds(unescape(second)).sql("m.lo", "m.hi", scope)
    return (
        f"{alias}.seq in (select n.seq from store.entry_number n join store.entry_number m"
        f" on m.seq = n.seq and m.slot = n.slot and m.unit = n.unit + 1"
        f" where n.slot = {pair.number}::smallint and n.unit %% 2 = 0 and {one} and {other})"
    )
