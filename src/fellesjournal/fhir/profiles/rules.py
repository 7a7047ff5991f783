"""Invariants of profiles: compiled where that is possible, else run by the library."""

from __future__ import annotations

from fellesjournal.fhir.fhirpath import FhirPathError, evaluate
from fellesjournal.fhir.profiles.checking import RuleTest
from fellesjournal.fhir.validation.expressions.compiling import compile_expression
from fellesjournal.fhir.validation.expressions.scope import Unsupported
from fellesjournal.fhir.validation.expressions.shortcuts import compile_guess, holds
from fellesjournal.fhir.validation.expressions.values import Item


def rule_test(expression: str, type_name: str) -> RuleTest:
    """The test of an invariant on values of a type.

    It answers None where the expression can't be evaluated.
    """
    try:
        run = compile_expression(expression)
        guess = compile_guess(expression, type_name)
    except Unsupported:
        return _by_library(expression)
    if guess is None:
        return lambda item, resource, root: holds(run, item, resource, root)
    return lambda item, resource, root: (
        (type(item.value) is dict and guess(item.value) is True) or holds(run, item, resource, root)
    )


def _by_library(expression: str) -> RuleTest:
    def test(item: Item, resource: Item, root: Item) -> bool | None:
        try:
            found = evaluate(
                item.value,
                expression,
                type_name=item.type,
                resource=resource.value,
                root=root.value,
            )
        except FhirPathError:
            return None
        return None if not found else found[0] is not False

    return test
