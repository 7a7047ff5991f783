"""The short way to an invariant's answer and the long way agree."""

from __future__ import annotations

import random
from typing import Any

import pytest

from fellesjournal.fhir import definitions
from fellesjournal.fhir.validation.expressions.compiling import compile_expression
from fellesjournal.fhir.validation.expressions.model import members
from fellesjournal.fhir.validation.expressions.scope import Unsupported
from fellesjournal.fhir.validation.expressions.shortcuts import compile_predicate, holds
from fellesjournal.fhir.validation.expressions.values import Item

MOMENTS = (
    "2020",
    "2020-03",
    "2020-03-01",
    "2020-03-02",
    "2020-03-01T10:00:00Z",
    "2020-03-01T10:00:00+02:00",
    "2020-03-01T11:00:00+02:00",
    "2020-03-01T09:30:00.5+01:00",
    "2020-03-01T09:30:00.7+01:00",
)


def rules() -> list[tuple[str, str]]:
    """(path, expression) of every invariant of the standard."""
    found = []
    for name in definitions.type_names():
        known = definitions.constraints(name)
        for path, element in definitions.elements_by_path(name).items():
            found += [(path, known[key].expression) for key in element.constraints if key in known]
    return found


def value_of(type_name: str, chance: random.Random) -> Any:
    if type_name in ("dateTime", "date", "instant"):
        return chance.choice(MOMENTS)
    if type_name == "boolean":
        return chance.random() < 0.5
    if type_name in ("integer", "decimal", "positiveInt", "unsignedInt"):
        return chance.randint(-1, 2)
    if type_name in ("code", "string", "uri", "id"):
        return chance.choice(("active", "resolved", "final", "C", "x"))
    return {} if chance.random() < 0.3 else {"text": "x"}


def objects(path: str, number: int) -> list[dict[str, Any]]:
    chance = random.Random(path)
    known = [member for several in members(path).values() for member in several]
    some = []
    for _ in range(number):
        chosen = chance.sample(known, min(len(known), chance.randint(0, 6)))
        some.append({one.json_name: value_of(one.type, chance) for one in chosen})
    return some


def test_both_ways_give_one_answer_for_every_invariant_of_the_standard() -> None:
    compared = 0
    for path, expression in rules():
        try:
            run, predicate = compile_expression(expression), compile_predicate(expression, path)
        except Unsupported:
            continue
        for data in objects(path, 12):
            item = Item(data, path)
            assert predicate(data, item, item) == holds(run, item, item, item), (expression, data)
            compared += 1
    assert compared > 5000


@pytest.mark.parametrize("start", MOMENTS)
@pytest.mark.parametrize("end", MOMENTS)
def test_a_period_is_in_order_whichever_way_it_is_asked(start: str, end: str) -> None:
    rule = "start.hasValue().not() or end.hasValue().not() or (start <= end)"
    data = {"start": start, "end": end}
    item = Item(data, "Period")
    long_way = holds(compile_expression(rule), item, item, item)
    assert compile_predicate(rule, "Period")(data, item, item) == long_way
