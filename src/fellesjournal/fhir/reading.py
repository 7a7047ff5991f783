"""Reading FHIR datatypes the way a person does: the text of a concept, the day of a period.

Everything here accepts what any system may have sent: missing members, other code systems,
empty texts. What can't be read gives "" or None, never an error: one odd element must not
hide a patient's record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from fellesjournal.fhir import temporal

# Elements and resources are JSON from outside: objects whose members may be anything.
Element = Mapping[str, Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LOCAL = ZoneInfo("Europe/Oslo")


class Precision(Enum):
    """How exactly a moment is known."""

    YEAR = 4
    MONTH = 7
    DAY = 10
    TIME = 16


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time as recorded. ``at`` is where it begins, for ordering; aware."""

    at: datetime
    precision: Precision
    text: str


def moment(text: object) -> Moment | None:
    """A date, dateTime or instant; None when it is none."""
    return _moment(text) if isinstance(text, str) else None


@lru_cache(maxsize=8192)  # a laboratory panel and a visit share their time
def _moment(text: str) -> Moment | None:
    try:
        start, _ = temporal.interval(text)
        at = _EPOCH + timedelta(microseconds=start)
        if len(text) <= Precision.DAY.value:
            # A day is a day here, whatever the clock says in Greenwich.
            at = at.replace(tzinfo=_LOCAL)
        precision = Precision(len(text)) if len(text) <= Precision.DAY.value else Precision.TIME
        return Moment(at.astimezone(_LOCAL), precision, text)
    except (ValueError, OverflowError):
        return None


def first_moment(resource: Element, *names: str) -> Moment | None:
    """The first of the named members that tells a time; periods count by their start."""
    for name in names:
        value = resource.get(name)
        if isinstance(value, Mapping):
            value = value.get("start") or value.get("end")
        if (found := moment(value)) is not None:
            return found
    return None


def elements(value: object) -> Iterator[Element]:
    """The objects in a member that should be a list of objects; a lone object counts as one."""
    if isinstance(value, Mapping):
        yield value
    elif isinstance(value, list):
        yield from (item for item in value if isinstance(item, Mapping))


def string(value: object) -> str:
    """A string member, stripped; "" when absent or something else."""
    return value.strip() if isinstance(value, str) else ""


def codings(concept: object) -> Iterator[tuple[str, str, str]]:
    """(system, code, display) of each coding of a CodeableConcept or Coding."""
    if not isinstance(concept, Mapping):
        return
    listed = concept.get("coding")
    for coding in elements(listed if listed is not None else concept):
        yield (
            string(coding.get("system")),
            string(coding.get("code")),
            string(coding.get("display")),
        )


def concept_text(concept: object) -> str:
    """What a CodeableConcept says: its text, else a display, else a code."""
    if not isinstance(concept, Mapping):
        return ""
    if text := string(concept.get("text")):
        return text
    found = list(codings(concept))
    return next((display for _, _, display in found if display), "") or next(
        (code for _, code, _ in found if code), ""
    )


def concept_key(concept: object) -> str:
    """What tells two concepts apart: ``system|code`` of the first coding, else the text."""
    listed = concept.get("coding") if isinstance(concept, Mapping) else None
    for coding in listed if isinstance(listed, list) else ():
        if isinstance(coding, Mapping) and (code := string(coding.get("code"))):
            return f"{string(coding.get('system'))}|{code}"
    return concept_text(concept).casefold()


def has_code(concepts: object, wanted: Iterable[str]) -> bool:
    """Whether one of the concepts (a list or a single one) has one of the codes."""
    codes = set(wanted)
    return any(code in codes for concept in elements(concepts) for _, code, _ in codings(concept))


def first_code(concept: object) -> str:
    """The first code of a CodeableConcept, or ""."""
    return next((code for _, code, _ in codings(concept) if code), "")


def number(value: object) -> Decimal | None:
    """A JSON number as the exact decimal it was written as (as far as the parser kept it)."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def unit(quantity: Element) -> str:
    """The printed unit of a Quantity, else its code; UCUM's "1" and braces are not shown."""
    text = string(quantity.get("unit")) or string(quantity.get("code"))
    return "" if text == "1" or (text.startswith("{") and text.endswith("}")) else text


def name_text(names: object) -> str:
    """A person's name from HumanName elements: official before usual before any; current first."""
    ranked = sorted(elements(names), key=_name_rank)
    for name in ranked:
        if text := string(name.get("text")):
            return text
        given = [part for part in (string(g) for g in _strings(name.get("given"))) if part]
        middle = [
            string(extension.get("valueString"))
            for extension in elements(name.get("extension"))
            if string(extension.get("url")).endswith("middlename")
        ]
        parts = [*given, *middle, string(name.get("family"))]
        if text := " ".join(part for part in parts if part):
            return text
    return ""


def _name_rank(name: Element) -> tuple[bool, int]:
    order = {"official": 0, "usual": 1, "": 2}
    period = name.get("period")
    ended = isinstance(period, Mapping) and bool(period.get("end"))
    return ended or name.get("use") == "old", order.get(string(name.get("use")), 3)


def _strings(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()


def reference_text(reference: object) -> str:
    """The display of a Reference, or ""."""
    return string(reference.get("display")) if isinstance(reference, Mapping) else ""


def reference_target(reference: object) -> str:
    """``Type/id`` (or ``#id``) a Reference points to, without a version or a base; or ""."""
    if not isinstance(reference, Mapping):
        return ""
    text = string(reference.get("reference")).split("/_history/", 1)[0]
    if text.startswith("#"):
        return text
    parts = text.split("/")
    return "/".join(parts[-2:]) if len(parts) >= 2 else ""
