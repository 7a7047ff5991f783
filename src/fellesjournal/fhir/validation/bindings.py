"""Required bindings: whether codes are of the value set an element prescribes.

Value sets that name a whole outside system are checked by the form of its codes (media
types, currencies, languages) or not at all (UCUM units as text, LOINC answer lists).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any, Final

from fellesjournal.fhir import definitions
from fellesjournal.fhir.validation.walk import Path, Walk, shown

CodeTest = Callable[[str], bool]

_VALUE_SET: Final = "http://hl7.org/fhir/ValueSet/"
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+\-]+(?:/[A-Za-z0-9!#$&^_.+*\-]+(?:\s?;.*)?)?")
_CURRENCY = re.compile(r"[A-Z]{3}")
# BCP 47, BCP 13 and ISO 4217 are systems without a list in the package. A media type
# without a slash is what CapabilityStatement.format calls `json` and `xml`.
_FORMS: Final[dict[str, re.Pattern[str]]] = {
    f"{_VALUE_SET}all-languages": _LANGUAGE,
    f"{_VALUE_SET}languages": _LANGUAGE,
    f"{_VALUE_SET}mimetypes": _MEDIA_TYPE,
    f"{_VALUE_SET}currencies": _CURRENCY,
}
_MANY: Final = 20


def value_set_of(binding: definitions.Binding | None) -> str | None:
    """The value set that no code of the element may leave, if there is one."""
    if binding is None:
        return None
    return binding.value_set if binding.strength == "required" else binding.limit


@cache
def code_test(value_set: str) -> tuple[CodeTest, str] | None:
    """For an element of type code: (test, what is allowed), None when any code will do."""
    form = _FORMS.get(value_set)
    if form is not None:
        return lambda code: form.fullmatch(code) is not None, f"a code of {value_set}"
    expansion = definitions.standard_terminology().expand(value_set)
    codes = expansion.plain_codes() if expansion else None
    if codes is None:
        return None
    return codes.__contains__, described(codes, value_set)


def described(codes: frozenset[str], value_set: str) -> str:
    """The codes by name when they are few, else the value set."""
    if len(codes) <= _MANY:
        return f"one of {', '.join(sorted(codes))}"
    return f"a code of {value_set}"


@cache
def standard_expansion(value_set: str) -> definitions.Expansion | None:
    """The codes of a value set of the standard by system, None when it is open."""
    if value_set in _FORMS:
        return None
    expansion = definitions.standard_terminology().expand(value_set)
    return expansion if expansion and expansion.codes else None


def check_coding(
    coding: Any, expansion: definitions.Expansion, value_set: str, path: Path, walk: Walk
) -> None:
    """A Coding with a required binding."""
    if isinstance(coding, dict) and "extension" not in coding and not is_member(coding, expansion):
        walk.add("code-invalid", _refusal([coding], value_set), path)


def check_concept(
    concept: Any, expansion: definitions.Expansion, value_set: str, path: Path, walk: Walk
) -> None:
    """A CodeableConcept with a required binding: at least one coding is of the value set."""
    if not isinstance(concept, dict):
        return
    codings = concept.get("coding")
    if not isinstance(codings, list):
        codings = []
    if any(is_member(coding, expansion) for coding in codings):
        return
    # An extension may say why there is no code (data-absent-reason).
    if "extension" not in concept:
        walk.add("code-invalid", _refusal(codings, value_set), path)


def is_member(coding: Any, expansion: definitions.Expansion) -> bool:
    """Whether a coding is of an expansion."""
    if not isinstance(coding, dict):
        return False
    system, code = coding.get("system"), coding.get("code")
    return isinstance(system, str) and isinstance(code, str) and expansion.has(system, code)


def _refusal(codings: list[Any], value_set: str) -> str:
    found = ", ".join(
        shown(f"{coding.get('system', '')}|{coding.get('code', '')}")
        for coding in codings[:5]
        if isinstance(coding, dict)
    )
    return f"{found or 'no code'} is not of the required value set {value_set}"
