"""Conditions on given slots, by kind: what plain parameters and parts of composites share."""

from __future__ import annotations

from collections.abc import Sequence

from fellesjournal.fhir.definitions.search import Component, Parameter, Place, search_of
from fellesjournal.store.search.ordered import (
    Bounds,
    date_bounds,
    last_updated,
    number_bounds,
    number_rows,
    quantity_value,
)
from fellesjournal.store.search.references import reference_condition
from fellesjournal.store.search.scope import Scope, all_of, any_of, has_token
from fellesjournal.store.search.strings import string_condition
from fellesjournal.store.search.tokens import token_condition, uri_condition
from fellesjournal.store.search.values import unescape

Slots = Sequence[int]


def simple_condition(
    alias: str, type_name: str, component: Component, slots: Slots, text: str, scope: Scope
) -> str:
    """One value of a composite's part, looked for in slots of its own."""
    if component.type == "reference":
        parameter = search_of(type_name).parameters[component.code]
        there = Parameter(
            component.code, "reference", "", tuple(Place(slot) for slot in slots), parameter.targets
        )
        return reference_condition(alias, type_name, there, "", [text], scope)
    return kind_condition(alias, type_name, component.type, slots, "", [text], scope)


def kind_condition(
    alias: str,
    type_name: str,
    kind: str,
    slots: Slots,
    modifier: str,
    texts: list[str],
    scope: Scope,
) -> str:
    """The condition that one of the alternatives is found in one of the slots."""
    if kind == "token":
        return token_condition(alias, slots, modifier, texts, scope)
    if kind == "string":
        return string_condition(alias, slots, modifier, texts, scope)
    if kind == "uri":
        return uri_condition(alias, slots, modifier, texts, scope)
    if kind == "date":
        return any_of([_date(alias, type_name, slots, unescape(text), scope) for text in texts])
    if kind == "number":
        return any_of([_number(alias, slots, unescape(text), scope) for text in texts])
    assert kind == "quantity", kind
    return any_of([_quantity(alias, slots, text, scope) for text in texts])


def _date(alias: str, type_name: str, slots: Slots, text: str, scope: Scope) -> str:
    definitions = search_of(type_name)
    if definitions.parameters["_lastUpdated"].places[0].slot in slots:
        return last_updated(alias, text, scope)
    bounds = date_bounds(text, scope.now)
    conditions = []
    if definitions.main_date in slots:
        conditions.append(bounds.sql(f"{alias}.date_lo", f"{alias}.date_hi", scope))
    elsewhere = [slot for slot in slots if slot != definitions.main_date]
    if elsewhere:
        conditions.append(_in_dates(alias, elsewhere, bounds, scope))
    return any_of(conditions)


def _number(alias: str, slots: Slots, text: str, scope: Scope) -> str:
    return f"{alias}.seq in ({number_rows(slots, '0', number_bounds(text), scope)})"


def _quantity(alias: str, slots: Slots, text: str, scope: Scope) -> str:
    value = quantity_value(text)
    rows = [number_rows(slots, _unit(unit, scope), bounds, scope) for unit, bounds in value.units]
    condition = any_of([f"{alias}.seq in ({each})" for each in rows])
    if value.label is None:
        return condition
    labels = [scope.hasher.token(slot, "unit", value.label) for slot in slots]
    return all_of([condition, has_token(alias, scope, labels)])


def _unit(name: tuple[str, ...], scope: Scope) -> str:
    return scope.bind(scope.hasher.unit(*name), "bigint") if name else "0"


def _in_dates(alias: str, slots: Slots, bounds: Bounds, scope: Scope) -> str:
    chosen = any_of([f"n.slot = {slot}::smallint" for slot in slots])
    return (
        f"{alias}.seq in (select n.seq from store.entry_date n"
        f" where {chosen} and {bounds.sql('n.lo', 'n.hi', scope)})"
    )
