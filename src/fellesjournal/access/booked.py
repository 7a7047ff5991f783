"""Appointments as the platform writes them: booked, moved, cancelled, missed.

The rule for citizens (bookings.py) lets through what is equal to these, and nothing else; that is
why they stand here and not in care. Profile: no-basis-Appointment.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any

from fellesjournal.access.policy.booking import LIMITS
from fellesjournal.fhir import reading
from fellesjournal.foundation.clock import NORWAY
from fellesjournal.registry.opening_rules import Opening
from fellesjournal.store.claims import BOOKED_IN, schedule_of, span_of

# JSON of a FHIR resource
Resource = dict[str, Any]
Json = Mapping[str, Any]

VOLVEN = "urn:oid:2.16.578.1.12.4.1.1."
CANCELLATION = VOLVEN + "7621"
BY_SERVICE, NOT_AT_HOME, BY_CITIZEN, ON_BEHALF, NOT_MET = "AAT", "AIH", "AAI", "APVAI", "IM"
CANCELLATION_TEXTS = {
    BY_SERVICE: "Avlyst av tjeneste",
    NOT_AT_HOME: "Avlyst - ikke hjemme",
    BY_CITIZEN: "Avlyst av innbygger",
    ON_BEHALF: "Avlyst på vegne av innbygger",
    NOT_MET: "Ikke møtt",
}
OUTCOME = "https://fellesjournal.example/fhir/StructureDefinition/appointment-outcome"
"""Extension: when it was called off or missed (at), why (code, 7621), and whether that was later
than the limit (late)."""
_PROFILE = "http://hl7.no/fhir/ig/StructureDefinition/no-basis-Appointment"
_NORMAL = {"system": VOLVEN + "9603", "code": "N", "display": "Normal"}
_PERFORMER = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType",
    "code": "PPRF",
    "display": "primary performer",
}


def booked(
    *, patient: str, schedule: Json, opening: Opening, reason: str, now: datetime, is_told: bool
) -> Resource:
    """A booked appointment of a patient (``Patient/1``) in a Schedule; whoever keeps the schedule
    takes part. ``is_told``: the patient knows of the time, for she chose it or was there.
    """
    made: Resource = {
        "resourceType": "Appointment",
        "meta": _meta(schedule),
        "extension": [_booked_in(schedule)],
        "status": "booked",
        "appointmentType": dict(opening.kind),
        **({"reasonCode": [{"text": reason}]} if reason else {}),
        **_span(opening),
        "created": _local(now),
        "participant": [
            {
                "actor": {"reference": patient},
                "required": "required",
                "status": _answer(is_told=is_told),
            },
            *_keepers(schedule),
        ],
    }
    return made


def moved(standing: Json, *, opening: Opening, is_told: bool) -> Resource:
    """The same appointment at another time of its schedule."""
    found: Resource = deepcopy(dict(standing))
    found |= {
        "status": "booked",
        "appointmentType": dict(opening.kind),
        **_span(opening),
    }
    _set_answer(found, _answer(is_told=is_told))
    return found


def cancelled(standing: Json, *, code: str, reason: str, now: datetime) -> Resource:
    """Called off with a code of 7621, and whether that was late."""
    found: Resource = deepcopy(dict(standing))
    concept = _concept(code, reason)
    found |= {"status": "cancelled", "cancelationReason": concept}
    _set_outcome(found, concept, now, is_late=is_late(standing, now))
    _set_answer(found, "declined")
    return found


def missed(standing: Json, *, now: datetime) -> Resource:
    """The patient did not come (7621 IM).

    R4's invariant app-4 spells the status ``no-show`` and so refuses a cancelationReason for
    ``noshow``: the code stands in our extension alone.
    """
    found: Resource = deepcopy(dict(standing))
    found["status"] = "noshow"
    _set_outcome(found, _concept(NOT_MET, ""), now, is_late=None)
    return found


def is_late(appointment: Json, now: datetime) -> bool:
    """Whether calling it off now leaves less than the limit before it begins."""
    span = span_of(appointment)
    return span is not None and span[0] - now < LIMITS.late.time


def patient_of(appointment: Json) -> str:
    """Whose appointment it is, as ``Patient/1``; "" for none, or for several."""
    found = {
        target
        for part in reading.elements(appointment.get("participant"))
        if (target := reading.reference_target(part.get("actor"))).startswith("Patient/")
    }
    return found.pop() if len(found) == 1 else ""


def answer_of(appointment: Json) -> str:
    """The patient's participation status: accepted, needs-action, declined ..."""
    for part in reading.elements(appointment.get("participant")):
        if reading.reference_target(part.get("actor")).startswith("Patient/"):
            return reading.string(part.get("status"))
    return ""


def told(standing: Json) -> Resource:
    """The same, and the patient knows of it."""
    found: Resource = deepcopy(dict(standing))
    _set_answer(found, _answer(is_told=True))
    return found


def _answer(*, is_told: bool) -> str:
    return "accepted" if is_told else "needs-action"


def _set_answer(appointment: Resource, status: str) -> None:
    for part in appointment.get("participant", []):
        if reading.reference_target(part.get("actor")).startswith("Patient/"):
            part["status"] = status


def _set_outcome(
    appointment: Resource, concept: Resource, now: datetime, *, is_late: bool | None
) -> None:
    parts: list[Resource] = [
        {"url": "at", "valueInstant": _local(now)},
        {"url": "code", "valueCodeableConcept": concept},
    ]
    if is_late is not None:
        parts.append({"url": "late", "valueBoolean": is_late})
    kept = [each for each in appointment.get("extension", []) if each.get("url") != OUTCOME]
    appointment["extension"] = [*kept, {"url": OUTCOME, "extension": parts}]


def _concept(code: str, reason: str) -> Resource:
    display = CANCELLATION_TEXTS[code]
    coding = {"system": CANCELLATION, "code": code, "display": display}
    return {"coding": [coding], **({"text": reason} if reason else {})}


def _meta(schedule: Json) -> Resource:
    tags = (schedule.get("meta") or {}).get("tag")  # the entity that answers for it
    return {"profile": [_PROFILE], "security": [_NORMAL], **({"tag": tags} if tags else {})}


def _booked_in(schedule: Json) -> Resource:
    return {"url": BOOKED_IN, "valueReference": {"reference": f"Schedule/{schedule['id']}"}}


def _span(opening: Opening) -> Resource:
    return {
        "start": _local(opening.start),
        "end": _local(opening.end),
        "minutesDuration": opening.minutes,
    }


def _keepers(schedule: Json) -> list[Resource]:
    found = []
    for actor in reading.elements(schedule.get("actor")):
        target = reading.reference_target(actor)
        if not target or target.startswith("Patient/"):
            continue
        kind = {"type": [{"coding": [_PERFORMER]}]} if target.startswith("Practitioner/") else {}
        who = {name: actor[name] for name in ("reference", "display") if name in actor}
        found.append({**kind, "actor": who, "required": "required", "status": "accepted"})
    return found


def _local(moment: datetime) -> str:
    return moment.astimezone(NORWAY).isoformat(timespec="seconds")


__all__ = [
    "BY_CITIZEN",
    "BY_SERVICE",
    "CANCELLATION",
    "CANCELLATION_TEXTS",
    "NOT_AT_HOME",
    "NOT_MET",
    "ON_BEHALF",
    "OUTCOME",
    "answer_of",
    "booked",
    "cancelled",
    "is_late",
    "missed",
    "moved",
    "patient_of",
    "schedule_of",
    "span_of",
    "told",
]
