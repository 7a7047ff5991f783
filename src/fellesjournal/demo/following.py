"""Home follow-up as it stands on the demo's day: a plan, readings judged by it, and a row that waits.

The words are those of the standard and of our own code systems.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from fellesjournal.demo.moments import iso_day
from fellesjournal.demo.record import Record
from fellesjournal.demo.staff import Worker
from fellesjournal.demo.terms import (
    HL7,
    LOINC,
    OWN,
    Element,
    Resource,
    concept,
    quantity,
    reference,
)
from fellesjournal.registry.working_days import add_working_days

_EXTENSION = OWN.replace("CodeSystem", "StructureDefinition")
_NAMING = OWN.replace("CodeSystem", "NamingSystem")
_PRESSURE = "85354-9"
_PARTS = ("8480-6", "8462-4")
_WITHIN = 1


def pressure_followed(record: Record, owner: Worker, days_ago: int, upper: int, lower: int) -> None:
    """The owner has agreed with the citizen to follow her blood pressure, measured twice a week and
    below these; what she has measured since is judged by it, and the last that lies outside waits.
    """
    day = record.until - days_ago
    record.at(day, partial(_agree, record, owner=owner, limits=(upper, lower)))
    record.at(record.end, partial(_judge, record, owner=owner, limits=(upper, lower), since=day))


def _plan_key(record: Record) -> str:
    return f"{record.person.key}-remote"


def _agree(record: Record, day: int, *, owner: Worker, limits: tuple[int, int]) -> None:
    detail: Element = {
        "extension": [
            {
                "url": _EXTENSION + "agreed-limits",
                "extension": [
                    {"url": "of", "valueCode": loinc},
                    {"url": "range", "valueRange": {"high": quantity(high, "mmHg", "mm[Hg]")}},
                ],
            }
            for loinc, high in zip(_PARTS, limits, strict=True)
        ],
        "kind": "ServiceRequest",
        "code": concept(LOINC, _PRESSURE, "Blodtrykk"),
        "status": "in-progress",
        "scheduledTiming": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "wk"}},
        "performer": [owner.unit.ref],
    }
    body: Element = {
        "identifier": [
            {
                "system": _NAMING + "remote-follow-up",
                "value": f"{record.person.key}.{owner.unit.key}",
            }
        ],
        "extension": [
            {"url": _EXTENSION + "answering-person", "valueReference": owner.ref},
            {"url": _EXTENSION + "looked-at-within", "valueUnsignedInt": _WITHIN},
        ],
        "status": "active",
        "intent": "plan",
        "category": [concept(OWN + "plan-type", "remote", "Digital hjemmeoppfølging")],
        "title": "Digital hjemmeoppfølging",
        "subject": record.subject,
        "period": {"start": iso_day(day), "end": iso_day(record.until + 90)},
        "created": iso_day(day),
        "author": owner.ref,
        "activity": [{"id": "blood-pressure", "detail": detail}],
    }
    record.add("CarePlan", "remote", body, of=owner.unit)


def _judge(
    record: Record, _day: int, *, owner: Worker, limits: tuple[int, int], since: int
) -> None:
    outside = [each for each in _hers(record, since) if _judged(record, each, limits)]
    for each in outside:
        _task(record, owner, each, is_open=each is outside[-1])


def _hers(record: Record, since: int) -> list[Resource]:
    return [
        each
        for each in record.resources
        if each["resourceType"] == "Observation"
        and each.get("performer") == [record.subject]
        and each["code"]["coding"][0]["code"] == _PRESSURE
        and each["effectiveDateTime"] >= iso_day(since)
    ]


def _judged(record: Record, reading: Resource, limits: tuple[int, int]) -> bool:
    """Mark a reading with the limits it was judged by; whether it lies outside."""
    reading["basedOn"] = [reference("CarePlan", f"{record.person.key}-remote1")]
    is_outside = False
    for part, high in zip(reading["component"], limits, strict=True):
        part["referenceRange"] = [
            {
                "high": quantity(high, "mmHg", "mm[Hg]"),
                "type": concept(OWN + "limit-type", "agreed-limit", "Avtalt grense"),
            }
        ]
        if part["valueQuantity"]["value"] > high:
            is_outside = True
            part["interpretation"] = [_high()]
    if is_outside:
        reading["interpretation"] = [_high()]
    return is_outside


def _high() -> Element:
    return concept(HL7 + "v3-ObservationInterpretation", "H", "High")


def _task(record: Record, owner: Worker, reading: Resource, *, is_open: bool) -> None:
    said = date.fromisoformat(reading["effectiveDateTime"][:10])
    until = add_working_days(said, _WITHIN) + timedelta(days=1)
    part = OWN + "own-reading-task"
    sent = reading["effectiveDateTime"]
    body: Element = {
        "identifier": [
            {"system": _NAMING + "own-reading-task", "value": f"reading.{reading['id']}"}
        ],
        "extension": [{"url": _EXTENSION + "answering-unit", "valueReference": owner.unit.ref}],
        "basedOn": [reference("CarePlan", f"{record.person.key}-remote1")],
        "status": "requested" if is_open else "completed",
        "intent": "order",
        "priority": "urgent",
        "code": {"coding": [{"system": OWN + "task-code", "code": "own-reading-outside"}]},
        "businessStatus": {"coding": [{"system": part, "code": "new"}]},
        "focus": reference("Observation", reading["id"]),
        "for": record.subject,
        "authoredOn": sent,
        "owner": owner.ref,
        "restriction": {"period": {"start": sent, "end": f"{until.isoformat()}T00:00:00+01:00"}},
        "input": [
            {"type": {"coding": [{"system": part, "code": "measure"}]}, "valueCode": "blood-pressure"}
        ],
    }  # fmt: skip
    if not is_open:
        body["output"] = [
            {"type": {"coding": [{"system": part, "code": "outcome"}]}, "valueCode": "contacted"},
            {"type": {"coding": [{"system": part, "code": "by"}]}, "valueReference": owner.ref},
        ]
    task = record.add("Task", "readtask", body, of=owner.unit)
    unit = {"system": _NAMING + "answering-unit", "code": owner.unit.key}
    task["meta"] = {**task["meta"], "tag": [*task["meta"]["tag"], unit]}


__all__ = ["pressure_followed"]
