"""Observations as trends: one per thing measured, with its newest value and where it lies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from fellesjournal.care.chart.wording import plain
from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import Element, Moment

# Answers that each language has its own word for.
YES, NO = "✓", "✗"
# INV-30: withdrawn results are never shown as valid.
_WITHDRAWN = {"entered-in-error", "cancelled"}
# Systolic before diastolic, whatever order they came in (LOINC).
_COMPONENT_ORDER = {"8480-6": 0, "8462-4": 1}
# Observation.referenceRange.type of the limit agreed with one patient, which is no normal range.
_AGREED = "agreed-limit"
_VITAL_LOINC = {
    "85354-9", "55284-4", "8480-6", "8462-4", "8867-4", "9279-1", "8310-5", "2708-6", "59408-5",
    "29463-7", "8302-2", "39156-5", "9843-4", "8287-5",
}  # fmt: skip


class Section(StrEnum):
    """Where on the chart a trend stands."""

    VITALS = "vitals"
    LABS = "labs"
    OTHER = "other"


class Flag(StrEnum):
    """How a value lies to its reference."""

    NONE = ""
    HIGH = "high"
    LOW = "low"
    VERY_HIGH = "very-high"
    VERY_LOW = "very-low"
    ABNORMAL = "abnormal"


_INTERPRETATIONS = {
    "H": Flag.HIGH, "HU": Flag.VERY_HIGH, "HH": Flag.VERY_HIGH, "HX": Flag.VERY_HIGH,
    "L": Flag.LOW, "LU": Flag.VERY_LOW, "LL": Flag.VERY_LOW, "LX": Flag.VERY_LOW,
    "A": Flag.ABNORMAL, "AA": Flag.ABNORMAL, "POS": Flag.ABNORMAL, "DET": Flag.ABNORMAL,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Value:
    """One measurement. ``numbers`` holds one number, or several that belong together
    (systolic, diastolic); it is empty for texts and codes, which stand in ``text``.
    ``by_patient``: measured by the patient, as in home follow-up. ``by_agreement``: the flag says
    how it lies to the limit agreed with her, not to what is usual.
    """

    at: Moment | None
    numbers: tuple[Decimal, ...]
    text: str
    comparator: str
    unit: str
    flag: Flag
    low: Decimal | None
    high: Decimal | None
    reference: str
    performer: str
    status: str
    by_patient: bool = False
    by_agreement: bool = False


@dataclass(frozen=True, slots=True)
class Trend:
    """All values of one thing measured, newest first; at least one."""

    key: str
    name: str
    section: Section
    values: tuple[Value, ...]

    @property
    def latest(self) -> Value:
        """The newest value."""
        return self.values[0]

    @property
    def plotted(self) -> tuple[Value, ...]:
        """The values a curve can show: timed numbers in the unit of the newest, oldest first."""
        unit = next((value.unit for value in self.values if value.numbers), "")
        return tuple(
            value
            for value in reversed(self.values)
            if value.numbers and value.at is not None and value.unit == unit
        )


def trends(observations: Iterable[Element]) -> tuple[Trend, ...]:
    """Group by what is measured; newest first within, by section and name among.

    Labs keep flagged ones first: what deviates is what must be seen.
    """
    grouped: dict[str, list[tuple[Value, Element]]] = defaultdict(list)
    for observation in observations:
        if observation.get("status") in _WITHDRAWN:
            continue
        value = _value(observation)
        if value is not None:
            key = reading.concept_key(observation.get("code"))
            grouped[key].append((value, observation))
    found = []
    for key, entries in grouped.items():
        entries.sort(key=_age, reverse=True)
        newest = entries[0][1]
        name = plain(reading.concept_text(newest.get("code"))) or key
        found.append(Trend(key, name, _section(newest), tuple(value for value, _ in entries)))
    return tuple(sorted(found, key=_order))


def _age(entry: tuple[Value, Element]) -> float:
    at = entry[0].at
    return at.at.timestamp() if at else 0.0


def _order(trend: Trend) -> tuple[str, int, str]:
    rank = 0
    if trend.section is Section.VITALS:
        code = trend.key.rpartition("|")[2]
        rank = _VITAL_ORDER.get(code, len(_VITAL_ORDER))
    return trend.section, rank, trend.name.casefold()


# The order vital signs are read in: circulation, breathing, temperature, body.
_VITAL_ORDER = {
    code: position
    for position, code in enumerate(
        ["85354-9", "55284-4", "8480-6", "8462-4", "8867-4", "9279-1", "2708-6", "59408-5",
         "8310-5", "29463-7", "8302-2", "39156-5"]
    )
}  # fmt: skip


def _section(observation: Element) -> Section:
    categories = observation.get("category")
    if reading.has_code(categories, ["vital-signs"]):
        return Section.VITALS
    if reading.has_code(categories, ["laboratory"]):
        return Section.LABS
    if categories is None and reading.has_code(observation.get("code"), _VITAL_LOINC):
        return Section.VITALS
    if categories is None and observation.get("referenceRange"):
        return Section.LABS
    return Section.OTHER


def _value(observation: Element) -> Value | None:
    """The measurement, or None when there is nothing to show (no value, no reason)."""
    numbers, unit, text, comparator = _measured(observation)
    if not numbers and not text:
        text = _components_text(observation)
    if not numbers and not text:
        text = reading.concept_text(observation.get("dataAbsentReason"))
    if not numbers and not text:
        return None
    low, high, reference = _reference(observation, unit)
    return Value(
        at=reading.first_moment(
            observation, "effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued"
        ),
        numbers=numbers,
        text=text,
        comparator=comparator,
        unit=unit,
        flag=_flag(observation, numbers, low, high),
        low=low,
        high=high,
        reference=reference,
        performer=next(
            (
                text
                for performer in reading.elements(observation.get("performer"))
                if (text := reading.reference_text(performer))
            ),
            "",
        ),
        status=reading.string(observation.get("status")),
        by_patient=_by_patient(observation),
        by_agreement=_by_agreement(observation),
    )


def _by_patient(observation: Element) -> bool:
    """Whether the patient measured: at home is not the same as at the office."""
    return any(
        reading.reference_target(performer).startswith("Patient/")
        for performer in reading.elements(observation.get("performer"))
    )


def _by_agreement(observation: Element) -> bool:
    """Whether it was judged by limits agreed with the patient and by no other, itself or in its
    parts.
    """
    kinds = {
        reading.first_code(limits.get("type"))
        for carrier in (observation, *reading.elements(observation.get("component")))
        for limits in reading.elements(carrier.get("referenceRange"))
    }
    return kinds == {_AGREED}


def _measured(carrier: Element) -> tuple[tuple[Decimal, ...], str, str, str]:
    """(numbers, unit, text, comparator) of an observation or a component."""
    quantity = carrier.get("valueQuantity")
    if isinstance(quantity, Mapping):
        number = reading.number(quantity.get("value"))
        if number is not None:
            comparator = reading.string(quantity.get("comparator"))
            return (number,), reading.unit(quantity), "", comparator
    if (whole := carrier.get("valueInteger")) is not None:
        number = reading.number(whole)
        return ((number,) if number is not None else ()), "", "", ""
    components = _numeric_components(carrier)
    if components:
        return components
    return (), "", _text(carrier), ""


def _numeric_components(
    observation: Element,
) -> tuple[tuple[Decimal, ...], str, str, str] | None:
    """Components that belong together: two or three numbers of one unit, such as 128/76."""
    found = []
    for component in reading.elements(observation.get("component")):
        quantity = component.get("valueQuantity")
        number = reading.number(quantity.get("value")) if isinstance(quantity, Mapping) else None
        if number is None or not isinstance(quantity, Mapping):
            return None
        code = reading.first_code(component.get("code"))
        found.append((_COMPONENT_ORDER.get(code, 9), number, reading.unit(quantity)))
    units = {unit for _, _, unit in found}
    if not 2 <= len(found) <= 3 or len(units) != 1:
        return None
    found.sort(key=lambda entry: entry[0])
    return tuple(number for _, number, _ in found), units.pop(), "", ""


def _text(carrier: Element) -> str:
    """A value that is no number, in words."""
    for member, value in carrier.items():
        if not member.startswith("value"):
            continue
        if member == "valueCodeableConcept":
            return plain(reading.concept_text(value))
        if member == "valueBoolean":
            return YES if value else NO
        if isinstance(value, str):
            return value.strip()
        if isinstance(value, Mapping):
            return _structured_text(value)
    return ""


def _structured_text(value: Element) -> str:
    """Ranges, ratios and periods."""
    for first, second, between in (
        ("low", "high", "–"),
        ("numerator", "denominator", " / "),
        ("start", "end", " – "),
    ):
        if first in value or second in value:
            return between.join(_part(value.get(member)) for member in (first, second))
    return _part(value)


def _part(value: object) -> str:
    if isinstance(value, Mapping):
        return f"{value.get('value', '')} {reading.unit(value)}".strip()
    return value if isinstance(value, str) else ""


def _components_text(observation: Element) -> str:
    parts = []
    for component in reading.elements(observation.get("component")):
        numbers, unit, text, comparator = _measured(component)
        shown = f"{comparator}{numbers[0]} {unit}".strip() if numbers else text
        if shown:
            parts.append(f"{reading.concept_text(component.get('code'))}: {shown}")
    return "; ".join(parts)


def _reference(observation: Element, unit: str) -> tuple[Decimal | None, Decimal | None, str]:
    """(low, high, text) of the normal range; limits in another unit are not compared."""
    for entry in reading.elements(observation.get("referenceRange")):
        if "type" in entry and reading.first_code(entry["type"]) not in {"", "normal"}:
            continue
        limits = []
        for end in ("low", "high"):
            limit = entry.get(end)
            number = reading.number(limit.get("value")) if isinstance(limit, Mapping) else None
            other_unit = isinstance(limit, Mapping) and reading.unit(limit) not in {"", unit}
            limits.append(None if other_unit else number)
        return limits[0], limits[1], reading.string(entry.get("text"))
    return None, None, ""


def _flag(
    observation: Element,
    numbers: tuple[Decimal, ...],
    low: Decimal | None,
    high: Decimal | None,
) -> Flag:
    """What the laboratory said; without its word, where the number lies."""
    interpretation = observation.get("interpretation")
    said = [
        code
        for concept in (reading.elements(interpretation) if interpretation else ())
        for _, code, _ in reading.codings(concept)
    ]
    for code in said:
        if code in _INTERPRETATIONS:
            return _INTERPRETATIONS[code]
    if said or len(numbers) != 1:
        return Flag.NONE
    if high is not None and numbers[0] > high:
        return Flag.HIGH
    if low is not None and numbers[0] < low:
        return Flag.LOW
    return Flag.NONE
