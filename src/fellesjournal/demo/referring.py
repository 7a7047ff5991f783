"""Referrals under way: who answers for each, and where it stands.

A referral that is not answered has a Task by which an office answers for it; the ServiceRequest
says the same to the citizen. The words are those of the standard and of our own code systems.
"""

from __future__ import annotations

from datetime import date, timedelta

from fellesjournal.demo.moments import iso_moment
from fellesjournal.demo.receivers import CLINICS, office_key
from fellesjournal.demo.record import Contact, Record
from fellesjournal.demo.terms import (
    OWN,
    VOLVEN,
    Element,
    Resource,
    coding,
    reference,
)
from fellesjournal.demo.units import Unit
from fellesjournal.registry.working_days import add_working_days

ASSESS_WITHIN = 10
"""Working days (norway.md section 9 L10)."""
_HELSENORGE = "http://helsenorge.no/fhir/StructureDefinition/"
_EXTENSION = "https://fellesjournal.example/fhir/StructureDefinition/"
_STATE, _TASK = OWN + "referral-state", OWN + "task-code"
_TASK_STATUS = {"to-assess": "requested", "asked": "on-hold", "waiting": "accepted"}


def receiver(record: Record, to: Unit) -> tuple[Element, Element]:
    """Who is asked, and the office that answers for it: a clinic's own office, else the unit."""
    if to.specialty in CLINICS:
        hospital = to.key.removeprefix("ward-").removesuffix(f"-{to.specialty}")
        office = record.region.units[office_key(hospital)]
        return reference("HealthcareService", f"service-{to.key}", to.name), office.ref
    return to.ref, to.ref


def begin(body: Element, at: Contact, *, state: str = "to-assess", care_by: int = 0) -> date:
    """Let a ServiceRequest say that it was received that day; answers until when to assess it.

    ``care_by`` is the day before which care is to begin, of one that was accepted.
    """
    received = date.fromordinal(at.day)
    assess_by = add_working_days(received, ASSESS_WITHIN)
    days = {
        "no-mottatt-dato": received,
        "no-ansiennitets-dato": received,
        "no-frist-for-vurdering": assess_by,
    }
    codes = [coding(_STATE, state)]
    if state == "waiting":
        days["no-vurdert-dato"] = add_working_days(received, 4)
        days["no-frist-for-helsehjelp"] = date.fromordinal(care_by)
        codes.append(coding(VOLVEN + "9148", "2", "Rett til helsehjelp, tidspunkt kommer"))
    body["extension"] = [
        *({"url": _HELSENORGE + name, "valueDateTime": day.isoformat()} for name, day in days.items()),
        {"url": _EXTENSION + "referral-state", "valueCodeableConcept": {"coding": codes}},
        {"url": _EXTENSION + "referring-unit", "valueReference": at.unit.ref},
    ]  # fmt: skip
    return date.fromordinal(care_by) if state == "waiting" else assess_by


def answer_for(
    record: Record, request: Resource, at: Contact, owner: Element, deadline: date,
    *, state: str = "to-assess",
) -> Resource:  # fmt: skip
    """The Task of the office that answers for a referral until a day."""
    body = _task(request, at, "referral", owner, at.unit.ref, deadline)
    body["status"] = _TASK_STATUS[state]
    body["businessStatus"] = {"coding": [coding(_STATE, state)]}
    return record.add("Task", "reftask", body, of=at.unit)


def ask(record: Record, request: Resource, at: Contact, office: Element, text: str) -> Resource:
    """A question of the office to the referrer's unit, not answered yet."""
    deadline = date.fromordinal(at.day) + timedelta(days=7)
    body = _task(request, at, "referral-question", at.unit.ref, office, deadline)
    body["status"] = "requested"
    body["input"] = [
        {"type": {"coding": [coding(_TASK, "referral-question")]}, "valueString": text}
    ]
    return record.add("Task", "reftask", body, of=at.unit)


def _task(
    request: Resource, at: Contact, code: str, owner: Element, asks: Element, deadline: date
) -> Element:
    return {
        "intent": "order",
        "priority": request["priority"],
        "code": {"coding": [coding(_TASK, code)]},
        "focus": reference("ServiceRequest", request["id"]),
        "for": request["subject"],
        "authoredOn": iso_moment(at.day, at.minutes + 15),
        "lastModified": iso_moment(at.day, at.minutes + 15),
        "requester": asks,
        "owner": owner,
        "restriction": {"period": {"end": deadline.isoformat()}},
    }


__all__ = ["answer_for", "ask", "begin", "receiver"]
