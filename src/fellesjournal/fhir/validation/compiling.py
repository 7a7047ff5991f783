"""From the definitions of a type to its table."""

from __future__ import annotations

from functools import cache
from threading import RLock
from typing import Any

from fellesjournal.fhir import definitions
from fellesjournal.fhir.primitives import CHECKS, Check, is_element_id
from fellesjournal.fhir.validation import fields
from fellesjournal.fhir.validation.bindings import (
    check_coding,
    check_concept,
    code_test,
    standard_expansion,
    value_set_of,
)
from fellesjournal.fhir.validation.errata import EMPTY_NARRATIVE, TARGETS
from fellesjournal.fhir.validation.expressions.compiling import compile_expression
from fellesjournal.fhir.validation.expressions.shortcuts import compile_predicate, holds
from fellesjournal.fhir.validation.expressions.values import Item
from fellesjournal.fhir.validation.fields import FieldCheck, ValueCheck
from fellesjournal.fhir.validation.narrative import narrative_problems
from fellesjournal.fhir.validation.object_types import (
    NATIVE_RULES,
    Choice,
    ObjectType,
    Property,
    Rule,
)
from fellesjournal.fhir.validation.resources import check_inner_resource
from fellesjournal.fhir.validation.targets import Targets, check_reference
from fellesjournal.fhir.validation.walk import Path, Walk, shown

_types: dict[str, ObjectType] = {}
# Tables in the making, complete only together: types refer to themselves and each other.
# Other threads wait, so that nobody checks a resource against half a table.
_unfinished: dict[str, ObjectType] = {}
_compiling = RLock()


def object_type(path: str) -> ObjectType:
    """The table of a type (``Patient``, ``HumanName``) or backbone (``Patient.contact``).

    Raises KeyError for an unknown one.
    """
    table = _types.get(path)
    if table is not None:
        return table
    with _compiling:
        return _types.get(path) or _unfinished.get(path) or _compile(path)


def _compile(path: str) -> ObjectType:
    is_outermost = not _unfinished
    try:
        element = definitions.elements_by_path(path.partition(".")[0])[path]
        table = ObjectType(path, is_element=not definitions.is_resource_type(path))
        _unfinished[path] = table
        _fill(table, element)
        if is_outermost:
            _types.update(_unfinished)
    finally:
        if is_outermost:
            _unfinished.clear()
    return table


@cache
def _simple_quantity() -> ObjectType:
    """Quantity without comparator (sqt-1)."""
    plain = object_type("Quantity")
    table = ObjectType("SimpleQuantity", is_element=True)
    table.fields = {
        name: field
        for name, field in plain.fields.items()
        if name not in ("comparator", "_comparator")
    }
    table.rules, table.advice = plain.rules, plain.advice
    return table


def _fill(table: ObjectType, element: definitions.Element) -> None:
    bit = 1
    required = 0
    required_names: list[tuple[str, int]] = []
    choices: list[Choice] = []
    table.rules = tuple(_rules(element, "error"))
    table.advice = tuple(_rules(element, "warning"))
    for child in element.children.values():
        first = bit
        for json_name, choice in _json_names(child).items():
            check, is_valid = _field(child, json_name, choice)
            table.fields[json_name] = Property(check, bit, is_valid)
            if choice is not None and choice.code in CHECKS and choice.code != "xhtml":
                table.fields[f"_{json_name}"] = Property(_companion(child, json_name), bit)
            bit <<= 1
        bits = bit - first
        if child.is_choice:
            choices.append(Choice(child.name, bits, is_required=child.min > 0))
        elif child.min > 0:
            required |= bits
            required_names.append((child.name, bits))
    if table.name == "Extension":
        choices = [Choice("value[x]", choices[0].bits, is_required=False)]
        table.rules = (*table.rules, _extension_rule())
    table.required, table.required_names = required, tuple(required_names)
    table.choices = tuple(choices)
    if definitions.is_resource_type(table.name):
        table.fields["resourceType"] = Property(_anything, 0)


def _anything(_value: Any, _data: dict[str, Any], _path: Path, _walk: Walk) -> None:
    """The resource's type is what the table was chosen by."""


def _extension_rule() -> Rule:
    def has_one(data: dict[str, Any], _resource: Item, _root: Item) -> bool:
        has_value = any(name.startswith(("value", "_value")) for name in data)
        return has_value != ("extension" in data)

    return Rule("ext-1", "Must have either extensions or value[x], not both", has_one)


def _json_names(child: definitions.Element) -> dict[str, definitions.TypeChoice | None]:
    return dict(child.json_names()) or {child.name: None}


def _field(
    child: definitions.Element, json_name: str, choice: definitions.TypeChoice | None
) -> tuple[FieldCheck, Check | None]:
    """The check of a property; for a primitive that does not repeat, its test as well."""
    if choice is not None and choice.code in CHECKS:
        return _primitive_field(child, json_name, choice.code)
    check_value = _with_rules(child, _value_check(child, choice), choice)
    if child.max == 1:
        return fields.single_object(json_name, check_value), None
    return fields.repeating_object(json_name, check_value, child.max), None


def _value_check(child: definitions.Element, choice: definitions.TypeChoice | None) -> ValueCheck:
    """The check of one value of a complex element."""
    if choice is None:
        assert child.content_reference is not None
        return object_type(child.content_reference).check
    if choice.code == "Resource":
        return _contained_check(child)
    if child.children:
        return object_type(child.path).check
    if choice.profile == "SimpleQuantity":
        return _simple_quantity().check
    if choice.code == "Reference":
        return _reference_check(frozenset(choice.targets) or None, TARGETS.get(child.path))
    return _bound(child, choice.code, object_type(choice.code).check)


def _contained_check(child: definitions.Element) -> ValueCheck:
    if child.name == "contained":
        return check_inner_resource(object_type, is_contained=True)
    return check_inner_resource(object_type, is_contained=False)


def _reference_check(targets: Targets, tolerated: Targets) -> ValueCheck:
    check_object = object_type("Reference").check

    def check(value: Any, path: Path, walk: Walk) -> None:
        check_object(value, path, walk)
        if type(value) is dict:
            check_reference(value, targets, tolerated, path, walk)

    return check


def _bound(child: definitions.Element, code: str, check_object: ValueCheck) -> ValueCheck:
    check_codes = {"Coding": check_coding, "CodeableConcept": check_concept}.get(code)
    if check_codes is None:
        return check_object
    value_set = value_set_of(child.binding)
    expansion = standard_expansion(value_set) if value_set else None
    if value_set is None or expansion is None:
        return fields.passing_again(check_object)

    def check(value: Any, path: Path, walk: Walk) -> None:
        check_object(value, path, walk)
        check_codes(value, expansion, value_set, path, walk)

    return fields.passing_again(check)


def _with_rules(
    child: definitions.Element, check_value: ValueCheck, choice: definitions.TypeChoice | None
) -> ValueCheck:
    """Invariants stated where an element is used, such as org-2 on Organization.address."""
    if child.children or choice is None:
        return check_value
    type_name = choice.code
    rules = [
        (constraint, compile_expression(constraint.expression))
        for constraint in _stated(child, "error")
        if constraint.key not in definitions.constraints(type_name)
    ]
    if not rules:
        return check_value

    def check(value: Any, path: Path, walk: Walk) -> None:
        check_value(value, path, walk)
        for constraint, run in rules:
            if not holds(run, Item(value, type_name), walk.resource, walk.root):
                walk.add("invariant", f"{constraint.human} ({constraint.key})", path)

    return check


def _stated(element: definitions.Element, severity: str) -> list[definitions.Constraint]:
    known = definitions.constraints(element.path.partition(".")[0])
    return [
        known[key]
        for key in element.constraints
        if key not in NATIVE_RULES and known[key].severity == severity
    ]


def _rules(element: definitions.Element, severity: str) -> list[Rule]:
    return [
        Rule(
            constraint.key,
            constraint.human,
            compile_predicate(constraint.expression, element.path),
        )
        for constraint in _stated(element, severity)
    ]


def _primitive_field(
    child: definitions.Element, json_name: str, type_name: str
) -> tuple[FieldCheck, Check | None]:
    if type_name == "xhtml":
        return _narrative_field(json_name), None
    is_valid = _element_id_or(child, type_name)
    test = code_test(value_set) if (value_set := value_set_of(child.binding)) else None
    if type_name == "code" and test is not None:
        is_member, allowed = test
        return _code_field(child, json_name, is_member, allowed)
    if child.max == 1:
        return fields.single_primitive(json_name, type_name, is_valid), is_valid
    return fields.repeating_primitive(json_name, type_name, is_valid, child.max), None


def _element_id_or(child: definitions.Element, type_name: str) -> Check:
    if child.name == "id" and type_name == "string":
        return is_element_id
    return CHECKS[type_name]


def _code_field(
    child: definitions.Element, json_name: str, is_member: Any, allowed: str
) -> tuple[FieldCheck, Check | None]:
    """A code with a required binding: well formed, and of the value set."""
    is_code = CHECKS["code"]

    def is_valid(value: object) -> bool:
        return type(value) is str and is_member(value)

    def refuse(value: Any, path: Path, walk: Walk) -> None:
        if is_code(value):
            walk.add("code-invalid", f"{shown(value)} is not allowed: must be {allowed}", path)
        else:
            fields.refuse_primitive(value, "code", path, walk)

    if child.max == 1:

        def check(value: Any, _data: dict[str, Any], path: Path, walk: Walk) -> None:
            if not is_valid(value):
                refuse(value, (path, json_name, None), walk)

        return check, is_valid

    shape = fields.repeating_primitive(json_name, "code", is_code, child.max)

    def check_all(value: Any, data: dict[str, Any], path: Path, walk: Walk) -> None:
        shape(value, data, path, walk)
        if type(value) is list:
            for index, item in enumerate(value):
                if is_code(item) and not is_valid(item):
                    refuse(item, (path, json_name, index), walk)

    return check_all, None


def _narrative_field(json_name: str) -> FieldCheck:
    def check(value: Any, _data: dict[str, Any], path: Path, walk: Walk) -> None:
        if type(value) is not str:
            fields.refuse_primitive(value, "xhtml", (path, json_name, None), walk)
            return
        problems, has_content = narrative_problems(value)
        for problem in problems:
            walk.add("invariant", problem, path, json_name)
        if not has_content:
            walk.warn("invariant", EMPTY_NARRATIVE, path, json_name)

    return check


def _companion(child: definitions.Element, json_name: str) -> FieldCheck:
    element = object_type("Element")
    if child.max == 1:
        return fields.companion_of_single(json_name, element)
    return fields.companion_of_repeating(json_name, element)
