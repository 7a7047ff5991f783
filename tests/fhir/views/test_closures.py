"""The look-ups answer what the engine of FHIRPath answers, for primitives without value as well."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fellesjournal.fhir.validation.expressions.compiling import compile_expression
from fellesjournal.fhir.validation.expressions.scope import Scope
from fellesjournal.fhir.validation.expressions.syntax import parse
from fellesjournal.fhir.validation.expressions.values import Item
from fellesjournal.fhir.views.closures import compile_typed
from fellesjournal.fhir.views.lookups import NoSuchElement, NotTyped

UNKNOWN: dict[str, Any] = {"extension": [{"url": "urn:why", "valueCode": "unknown"}]}


def _maybe(**members: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """An object whose primitives are there, absent, or there without a value."""
    return st.fixed_dictionaries({}, optional=members)


TEXTS = st.sampled_from(["a", "b"])
NAMES = _maybe(
    use=TEXTS,
    _use=st.just(UNKNOWN),
    family=TEXTS,
    _family=st.just(UNKNOWN),
    given=st.lists(TEXTS | st.none(), min_size=1, max_size=3),
    _given=st.lists(st.just(UNKNOWN) | st.none(), min_size=1, max_size=4),
)
EXTENSIONS = st.lists(
    st.sampled_from(
        [
            {"url": "urn:a", "valueCode": "a"},
            {"url": "urn:a", "valueString": "b"},
            {"url": "urn:b", "extension": [{"url": "in", "valueCoding": {"code": "a"}}]},
        ]
    ),
    min_size=1,
)
PATIENTS = st.fixed_dictionaries(
    {"resourceType": st.just("Patient")},
    optional={
        "id": TEXTS,
        "active": st.booleans(),
        "gender": TEXTS,
        "_gender": st.just(UNKNOWN),
        "name": st.lists(NAMES, min_size=1, max_size=3),
        "extension": EXTENSIONS,
        "multipleBirthInteger": st.integers(1, 2),
        "managingOrganization": _maybe(reference=st.just("Organization/o1"), display=TEXTS),
    },
)
EXPRESSIONS = [
    "id", "gender", "Patient.gender", "name.use", "name.family", "name.given", "name.first()",
    "name.family.first()", "name[1].family", "name.given[1]", "gender.exists()", "gender.empty()",
    "name.family.exists()", "name.exists(use = 'a')", "name.where(use = 'a').family",
    "name.where(use = 'a' and family = 'b').given", "name.where(use != 'a').exists()",
    "name.where(family.exists() or use.exists()).use", "name.where(given.empty()).use",
    "gender = 'a'", "gender != 'a'", "name.use = 'a'", "name.given != 'a'", "active = true",
    "active", "active.not()", "(gender = 'a').not()", "active and gender = 'a'",
    "active or gender = 'a'", "active = true or name.exists()", "name.count()",
    "name.given.count()", "multipleBirth.ofType(integer)", "multipleBirth.exists()",
    "multipleBirth.ofType(boolean).exists()", "multipleBirth.ofType(integer) = 1",
    "(multipleBirth as integer)", "extension('urn:a').value.ofType(code)",
    "extension('urn:a').value.ofType(string)", "extension.value",
    "gender.extension('urn:why').value.ofType(code)", "gender.extension('urn:a').exists()",
    "name.family.extension('urn:why').count()",
    "name.where(use='a').first().use.extension('urn:why').value.ofType(code).first()",
    "extension('urn:b').extension('in').value.ofType(Coding).code", "name.where(use='a').count()",
    "extension.where(url = 'urn:b').exists()", "where(gender = 'a').name.family", "$this.id",
    "where(gender = 'a').exists()", "managingOrganization.display", "name.first().given.first()",
    "managingOrganization.where(display = 'a').reference", "name.where(use='a').where(family='a')",
    "managingOrganization.where(display.empty()).exists()", "name.given.where($this = 'a')",
]  # fmt: skip
ENGINE_ONLY = {"name.given.where($this = 'a')"}


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_the_expression_has_look_ups(expression: str) -> None:
    if expression in ENGINE_ONLY:
        with pytest.raises(NotTyped):
            compile_typed(parse(expression), "Patient", ())
    else:
        compile_typed(parse(expression), "Patient", ())


COMPILED = [
    (text, compile_expression(text), compile_typed(parse(text), "Patient", ()))
    for text in EXPRESSIONS
    if text not in ENGINE_ONLY
]


@settings(max_examples=150, deadline=None)
@given(PATIENTS)
def test_look_ups_find_what_the_engine_finds(patient: dict[str, Any]) -> None:
    focus = Item(patient, "Patient")
    for text, run, typed in COMPILED:
        expected = [item.value for item in run([focus], Scope(focus, focus, [focus], [focus]))]
        assert typed.values(patient) == expected, text
        if typed.one is not None:
            assert typed.one(patient) == next(iter(expected), None), text


@pytest.mark.parametrize("expression", ["active.not()", "active and true", "active or false"])
def test_a_boolean_without_value_is_neither_true_nor_false(expression: str) -> None:
    typed = compile_typed(parse(expression), "Patient", ())
    assert typed.values({"resourceType": "Patient", "_active": UNKNOWN}) == []


@pytest.mark.parametrize(
    ("expression", "wrong"),
    [
        ("brithDate", "Patient has no element 'brithDate'"),
        ("contact.fullname.family", "Patient.contact has no element 'fullname'"),
        ("deceased.ofType(Quantity)", "no value here is ever a Quantity"),
        ("managingOrganization.getReferenceKey(Organisation)", "the name of a resource type"),
    ],
)
def test_a_slip_in_a_path_is_found_before_any_resource_is(expression: str, wrong: str) -> None:
    with pytest.raises(NoSuchElement, match=wrong):
        compile_typed(parse(expression), "Patient", ())
