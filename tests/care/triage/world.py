"""An out-of-hours clinic, a GP's office, and patients whom nothing ties to the clinic."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from fellesjournal.access import acts
from fellesjournal.access.sessions import Session
from fellesjournal.care.triage import actions, queries
from fellesjournal.care.triage.codes import SCALE, Urgency, Way
from fellesjournal.care.triage.resources import Contact
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.registry.units import UNIT_KIND_SYSTEM
from tests.staff import SYSTEM, employ, put, register, staff

PATIENTS = ("anna", "bo", "cecilie")
ADVICE = "Ro og rikelig drikke, ring igjen ved feber."


@dataclass(frozen=True, slots=True)
class World:
    """Sessions of those who work here; of the clinic all but the GP."""

    nurse: Session
    doctor: Session
    other: Session
    gp: Session

    def take_in(self, patient: str = "anna", **more: Any) -> Contact:
        """Somebody comes to the desk, or calls."""
        given: dict[str, Any] = {
            "number": str(uuid.uuid4()),
            "way": Way.HERE,
            "reason": "Vondt i magen",
            "urgency": Urgency.YELLOW,
        }
        return actions.register(self.nurse, patient=patient, **(given | more))

    def take(self, contact: Contact, who: Session | None = None, **more: Any) -> Contact:
        """A doctor sees to her."""
        patient = contact.patient.partition("/")[2]
        return actions.take(who or self.doctor, patient=patient, contact_id=contact.id, **more)

    def end(self, contact: Contact, outcome: str = "advice", words: str = ADVICE) -> Contact:
        """How it ended, by the doctor, who has looked at what stands."""
        patient = contact.patient.partition("/")[2]
        seen = now(contact).version
        return actions.end(
            self.doctor, patient=patient, contact_id=contact.id, seen=seen, outcome=outcome,
            words=words,
        )  # fmt: skip

    def triage(self, contact: Contact, urgency: Urgency, words: str = "") -> Contact:
        """The nurse looks again."""
        return actions.set_urgency(
            self.nurse, patient=contact.patient.partition("/")[2], contact_id=contact.id,
            seen=now(contact).version, urgency=urgency, words=words,
        )  # fmt: skip


class _Undo(Exception):
    pass


@contextmanager
def nothing_stays() -> Iterator[None]:
    """One example of a property: what it writes is undone at its end."""
    with suppress(_Undo), transaction():
        yield
        raise _Undo


def now(contact: Contact) -> Contact:
    """The contact as it stands."""
    return queries.contact_by(SYSTEM, contact.patient.partition("/")[2], contact.id)


def encounter(contact: Contact) -> tuple[dict[str, Any], int]:
    """The resource as it stands, and its version."""
    return acts.read(SYSTEM, "Encounter", contact.id)


def names(rows: tuple[queries.Waiting, ...]) -> list[str]:
    """The patients of a list, in its order."""
    return [each.contact.patient.partition("/")[2] for each in rows]


def clinic_unit(scale: str = "four-levels", **limits: int) -> None:
    """The Organization of the clinic, with its scale."""
    parts: list[dict[str, Any]] = [{"url": "scale", "valueCode": scale}]
    parts += [{"url": name, "valueUnsignedInt": minutes} for name, minutes in limits.items()]
    put(
        "Organization", "legevakt", name="Legevakta",
        type=[{"coding": [{"system": UNIT_KIND_SYSTEM, "code": "out-of-hours"}]}],
        extension=[{"url": SCALE, "extension": parts}],
    )  # fmt: skip


def world() -> World:
    """Everybody employed; the patients are on the GP's list, and unknown at the clinic."""
    for name, role in (("solveig", "nurse"), ("sindre", "doctor"), ("tone", "doctor")):
        employ(name, role, "legevakt")
    clinic_unit()
    made = World(
        nurse=staff("solveig", "nurse", "legevakt"),
        doctor=staff("sindre", "doctor", "legevakt"),
        other=staff("tone", "doctor", "legevakt"),
        gp=employ("ragna", "doctor", "office"),
    )
    for patient in PATIENTS:
        register(patient, "Practitioner/ragna", name=[{"text": f"{patient.title()} Fiktiv"}])
    return made
