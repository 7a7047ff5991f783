"""Appointments and schedules as pages need them, read from their resources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fellesjournal.access import booked
from fellesjournal.fhir import reading
from fellesjournal.foundation.clock import NORWAY

# JSON of a FHIR resource
Json = Mapping[str, Any]

CONTACT_TYPE = booked.VOLVEN + "8432"
CITIZEN_TYPE = booked.VOLVEN + "7617"
VIDEO, TELEPHONE, URGENT = "6", "7", "Hastetime"


@dataclass(frozen=True, slots=True)
class Appointment:
    """One appointment. ``patient``, ``schedule`` and ``keepers`` are references; ``starts`` and
    ``ends`` local, None where it says none; ``contact`` as :func:`contact_of`;
    ``outcome`` the code of 7621 when it was called off or missed, ``is_late`` as it was noted.
    """

    id: str
    version: int
    status: str
    patient: str
    starts: datetime | None
    ends: datetime | None
    schedule: str
    keepers: tuple[tuple[str, str], ...]
    contact: str
    title: str
    reason: str
    outcome: str
    outcome_reason: str
    is_late: bool
    patient_knows: bool

    @property
    def is_living(self) -> bool:
        """Whether it stands: to come, or kept."""
        return self.status in {"pending", "booked", "arrived", "checked-in", "fulfilled"}

    @property
    def with_whom(self) -> str:
        """The names of those who keep it, as far as it says them."""
        return ", ".join(name for _, name in self.keepers if name)


@dataclass(frozen=True, slots=True)
class Schedule:
    """One Schedule: ``name`` of who or what keeps it, ``actors`` as references."""

    id: str
    name: str
    actors: tuple[str, ...]
    data: Json


def read_appointment(data: Json, fhir_id: str, version: int) -> Appointment:
    """An Appointment of any origin; what it does not say is empty."""
    span = booked.span_of(data)
    starts = reading.first_moment(data, "start")
    parts = {
        part.get("url"): part
        for extension in reading.elements(data.get("extension"))
        if extension.get("url") == booked.OUTCOME
        for part in reading.elements(extension.get("extension"))
    }
    why = parts.get("code", {}).get("valueCodeableConcept") or data.get("cancelationReason")
    reasons = [reading.concept_text(each) for each in reading.elements(data.get("reasonCode"))]
    return Appointment(
        id=fhir_id,
        version=version,
        status=reading.string(data.get("status")),
        patient=booked.patient_of(data),
        starts=None if starts is None else starts.at,
        ends=None if span is None else span[1].astimezone(NORWAY),
        schedule=booked.schedule_of(data),
        keepers=_keepers(data),
        contact=contact_of(data.get("appointmentType")),
        title=reading.string(data.get("description")),
        reason=", ".join(filter(None, reasons)),
        outcome=next(
            (code for system, code, _ in reading.codings(why) if system == booked.CANCELLATION), ""
        ),
        outcome_reason=reading.string(why.get("text")) if isinstance(why, Mapping) else "",
        is_late=parts.get("late", {}).get("valueBoolean") is True,
        patient_knows=booked.answer_of(data) != "needs-action",
    )


def read_schedule(data: Json) -> Schedule:
    """A Schedule as read."""
    actors = list(reading.elements(data.get("actor")))
    names = dict.fromkeys(filter(None, map(reading.reference_text, actors)))
    return Schedule(
        id=str(data["id"]),
        name=", ".join(names) or reading.string(data.get("comment")),
        actors=tuple(filter(None, map(reading.reference_target, actors))),
        data=data,
    )


def contact_of(kind: object) -> str:
    """How one meets by an appointmentType: a code of 8432, URGENT for an urgent visit (7617),
    "" for an ordinary one.
    """
    codes = {system: code for system, code, _ in reading.codings(kind)}
    urgent = URGENT if codes.get(CITIZEN_TYPE) == URGENT else ""
    return codes.get(CONTACT_TYPE) or urgent


def _keepers(data: Json) -> tuple[tuple[str, str], ...]:
    return tuple(
        (target, reading.reference_text(part.get("actor")))
        for part in reading.elements(data.get("participant"))
        if not (target := reading.reference_target(part.get("actor"))).startswith("Patient/")
    )
