"""What a citizen has measured: Observations, written and read.

A reading carries the limits it was judged by and what came of it, so that what she was told stands
whatever is agreed later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import orjson

from fellesjournal.access.acts import Resource
from fellesjournal.care.remote_follow_up import codes
from fellesjournal.care.remote_follow_up.codes import coded, number, reference
from fellesjournal.care.remote_follow_up.measures import BY_LOINC, PART_OF, Measure
from fellesjournal.care.remote_follow_up.plans import Agreed, Plan, judged, quantity
from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import Element
from fellesjournal.fhir.vital_signs import VITALS, observations
from fellesjournal.foundation import clock

_WITHDRAWN = frozenset({"entered-in-error", "cancelled"})
_CORRECTED = frozenset({"amended", "corrected"})
_PERSONS = ("Patient/", "RelatedPerson/")


@dataclass(frozen=True, slots=True)
class Reading:
    """One measurement. ``numbers`` by part; ``at`` when it was measured, ``sent`` when it was
    stored; ``plan`` (id) the follow-up it was sent to, "" for none; ``limits`` and ``outside``
    (part: "H" or "L") as they were told when it was sent.
    """

    id: str
    version: int
    patient: str
    measure: Measure
    numbers: Mapping[str, Decimal]
    at: datetime
    sent: datetime
    by: str
    status: str
    plan: str
    group: str
    limits: Mapping[str, tuple[Decimal | None, Decimal | None]]
    outside: Mapping[str, str]

    @property
    def is_withdrawn(self) -> bool:
        """Whether it was taken back."""
        return self.status in _WITHDRAWN

    @property
    def is_corrected(self) -> bool:
        """Whether it was changed after it was sent."""
        return self.status in _CORRECTED

    @property
    def is_herself(self) -> bool:
        """Whether the citizen whose record it is sent it, and nobody for her."""
        return self.by == self.patient

    @property
    def digest(self) -> str:
        """Another one whenever what was measured, or that it stands, is another."""
        said = [
            self.is_withdrawn, self.measure.key, self.at.isoformat(),
            sorted((part, f"{value.normalize():f}") for part, value in self.numbers.items()),
        ]  # fmt: skip
        return hashlib.sha256(orjson.dumps(said)).hexdigest()[:32]


def is_own_reading(observation: Element) -> bool:
    """Whether an Observation is one that a citizen, or somebody for her, has measured: of a kind
    known here, and in nobody else's name.
    """
    performers = [
        reading.reference_target(each) for each in reading.elements(observation.get("performer"))
    ]
    is_hers = not performers or any(each.startswith(_PERSONS) for each in performers)
    return is_hers and _measure(observation) is not None


def reading_of(data: Element, version: int) -> Reading | None:
    """An Observation as a reading; None when it is of no kind known here, or without a time.

    A number in another unit than limits are in is not among its numbers: it is compared by nobody
    but people, and awaits one of them where it is watched.
    """
    measure = _measure(data)
    at = reading.first_moment(
        data, "effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued"
    )
    if measure is None or at is None:
        return None
    carriers = _carriers(data, measure)
    numbers = {
        part: value for part, each in carriers.items() if (value := _number(part, each)) is not None
    }
    sent = reading.first_moment(data, "issued")
    plans = [reading.reference_target(each) for each in reading.elements(data.get("basedOn"))]
    performers = [
        reading.reference_target(each) for each in reading.elements(data.get("performer"))
    ]
    groups = [
        str(each.get("value", "")).partition(".")[0]
        for each in reading.elements(data.get("identifier"))
        if each.get("system") == codes.READING_NUMBER
    ]
    return Reading(
        id=str(data.get("id", "")),
        version=version,
        patient=reading.reference_target(data.get("subject")),
        measure=measure,
        numbers=numbers,
        at=at.at,
        sent=(sent or at).at,
        by=next(iter(performers), ""),
        status=str(data.get("status", "")),
        plan=next((each.partition("/")[2] for each in plans if each.startswith("CarePlan/")), ""),
        group=next(iter(groups), ""),
        limits={part: found for part, each in carriers.items() if any(found := _limits(each))},
        outside={part: lies for part, each in carriers.items() if (lies := _lies(each))},
    )  # fmt: skip


def _measure(data: Element) -> Measure | None:
    found = (
        BY_LOINC.get(code)
        for system, code, _ in reading.codings(data.get("code"))
        if system == codes.LOINC
    )
    return next((each for each in found if each is not None), None)  # fmt: skip


def _carriers(data: Element, measure: Measure) -> dict[str, Element]:
    """Where each number stands: the Observation itself, or a component of it."""
    if len(measure.parts) == 1:
        return {measure.parts[0]: data}
    by_loinc = {
        code: each
        for each in reading.elements(data.get("component"))
        for system, code, _ in reading.codings(each.get("code"))
        if system == codes.LOINC
    }
    return {
        part: by_loinc[VITALS[part].loinc]
        for part in measure.parts
        if VITALS[part].loinc in by_loinc
    }


def _number(part: str, carrier: Element) -> Decimal | None:
    """The number, in the unit that limits are in; None in another, which is not compared."""
    found = carrier.get("valueQuantity")
    if not isinstance(found, Mapping) or found.get("comparator"):
        return None
    unit = found.get("code") or found.get("unit")
    return reading.number(found.get("value")) if unit in _units(part) else None


def _units(part: str) -> frozenset[str | None]:
    return frozenset({VITALS[part].unit, VITALS[part].ucum, None})


def _limits(carrier: Element) -> tuple[Decimal | None, Decimal | None]:
    for each in reading.elements(carrier.get("referenceRange")):
        if reading.first_code(each.get("type")) == codes.AGREED_LIMIT:
            low, high = (
                reading.number(end.get("value")) if isinstance(end := each.get(name), Mapping) else None
                for name in ("low", "high")
            )  # fmt: skip
            return low, high
    return None, None


def _lies(carrier: Element) -> str:
    found = [reading.first_code(each) for each in reading.elements(carrier.get("interpretation"))]
    return next((each for each in found if each in {"H", "L"}), "")


def reading_resources(
    measured: Mapping[str, Decimal],
    *,
    patient: str,
    performer: str,
    at: datetime,
    key: str,
    plans: Sequence[Plan],
) -> list[Resource]:
    """The Observations of what was measured at one time, judged by the plans that are ongoing.
    ``key`` is that of the form: :func:`group_of` makes the group of them from it.
    """
    today, sent = clock.today(), clock.now()
    group = group_of(key, measured, at)
    made = []
    for data in observations(measured, patient=patient, at=at, performer=performer):
        measure = BY_LOINC[data["code"]["coding"][0]["code"]]
        numbers = {part: value for part, value in measured.items() if PART_OF.get(part) is measure}
        found = judged(plans, measure, numbers, today)
        data |= {
            "identifier": number(codes.READING_NUMBER, f"{group}.{measure.key}"),
            "issued": sent.isoformat(timespec="milliseconds"),
        }
        made.append(_judged(data, measure, numbers, found) if found else data)
    return made


def group_of(key: str, measured: Mapping[str, Decimal], at: datetime) -> str:
    """One for each form and what was written in it: the same sent twice is one reading, other
    numbers from a page gone back to are another.
    """
    said = [key, at.isoformat(timespec="minutes"), sorted((p, str(v)) for p, v in measured.items())]
    return hashlib.sha256(orjson.dumps(said)).hexdigest()[:32]


def _judged(
    data: Resource, measure: Measure, numbers: Mapping[str, Decimal], by: tuple[Plan, Agreed]
) -> Resource:
    plan, agreed = by
    outside = agreed.outside(numbers)
    carriers = _carriers(data, measure)
    for part, limit in agreed.limits.items():
        carrier = carriers.get(part)
        if not isinstance(carrier, dict):
            continue
        ends = {"low": limit.low, "high": limit.high}
        carrier["referenceRange"] = [
            {name: quantity(part, value) for name, value in ends.items() if value is not None}
            | {"type": coded(codes.LIMIT_TYPE, codes.AGREED_LIMIT, "Avtalt grense")}
        ]
        if part in outside:
            carrier["interpretation"] = [coded(codes.INTERPRETATION, outside[part])]
    if outside and "interpretation" not in data:
        worst = "H" if "H" in outside.values() else "L"
        data["interpretation"] = [coded(codes.INTERPRETATION, worst)]
    return data | {"basedOn": [reference(f"CarePlan/{plan.id}")]}


__all__ = ["Reading", "group_of", "is_own_reading", "reading_of", "reading_resources"]
