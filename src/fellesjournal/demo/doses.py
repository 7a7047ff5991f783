"""Medicines given at home in the last weeks: what was planned, when it was given, or why not.

Most are given within the hour, a few late, some not at all: so that the figures of leaders have
something to say from the first day on.
"""

from __future__ import annotations

from fellesjournal.demo.chance import source
from fellesjournal.demo.moments import iso_moment, working_day
from fellesjournal.demo.record import Contact, Record
from fellesjournal.demo.terms import OWN, Element, Resource

DAYS = 61
_MOST = 3
_PLANNED = 9 * 60
_PLANNED_AT = "https://fellesjournal.example/fhir/StructureDefinition/planned-at"
_NAMING = "https://fellesjournal.example/fhir/NamingSystem/"
_LATE, _NOT_GIVEN, _WEEKEND = 0.09, 0.02, 0.05


def give(record: Record, at: Contact) -> None:
    """The doses of nine o'clock at one visit, if the visit is of the last weeks."""
    if record.end - at.day > DAYS:
        return
    # of its own, so that nothing else of the citizen's life is another for it
    rng = source("doses", record.person.key, at.day)
    is_weekend = working_day(at.day) != at.day
    for order in _in_use(record)[:_MOST]:
        chance = rng.random()
        if chance < _NOT_GIVEN:
            _dose(record, at, order, None)
        elif chance < _NOT_GIVEN + _LATE + (_WEEKEND if is_weekend else 0):
            _dose(record, at, order, _PLANNED + 61 + int(rng.random() * 80))
        else:
            _dose(record, at, order, _PLANNED - 50 + int(rng.random() * 105))


def _in_use(record: Record) -> list[Resource]:
    return [
        each
        for each in record.resources
        if each["resourceType"] == "MedicationRequest" and each["status"] == "active"
    ]


def _dose(record: Record, at: Contact, order: Resource, given: int | None) -> None:
    planned = iso_moment(at.day, _PLANNED)
    said = [{"url": _PLANNED_AT, "valueDateTime": planned}]
    number = f"{order['id']}.1.{at.day}"
    state = "done" if given is not None else "not-done"
    task: Element = {
        "identifier": [{"system": _NAMING + "planned-item", "value": number}],
        "extension": said,
        "status": "completed" if given is not None else "failed",
        "intent": "plan",
        "code": {"coding": [{"system": OWN + "task-code", "code": "planned-dose"}]},
        "groupIdentifier": {"system": _NAMING + "planned-item", "value": str(order["id"])},
        "businessStatus": {"coding": [{"system": OWN + "home-care-outcome", "code": state}]},
        "description": str(order["medicationCodeableConcept"]["text"]),
        "focus": {"reference": f"MedicationRequest/{order['id']}"},
        "for": record.subject,
        "encounter": at.ref,
        "authoredOn": iso_moment(at.day - 1, 0),
        "owner": at.unit.ref,
        "restriction": {"period": {"end": iso_moment(at.day, 11 * 60)}},
    }
    record.add("Task", "dose", task, of=at.unit)
    body: Element = {
        "extension": said,
        "identifier": [{"system": _NAMING + "planned-dose", "value": number}],
        "status": "completed" if given is not None else "not-done",
        "medicationCodeableConcept": order["medicationCodeableConcept"],
        "subject": record.subject,
        "context": at.ref,
        "effectiveDateTime": iso_moment(at.day, _PLANNED if given is None else given),
        "performer": [{"actor": at.worker.ref}],
        "request": {"reference": f"MedicationRequest/{order['id']}"},
    }
    if given is None:
        body["statusReason"] = [{"text": "Ville ikke ha"}]
    record.add("MedicationAdministration", "given", body, of=at.unit)
