"""A ward, a GP's office, home care, and two patients of the GP."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fellesjournal.access import acts
from fellesjournal.access.sessions import Session
from fellesjournal.care.citizens.queries import person_of
from fellesjournal.care.messages.letters import Letter, fingerprint
from fellesjournal.care.stays.actions import Leaving, admit, save_summary
from fellesjournal.care.stays.queries import stay_by, summary_of_stay
from fellesjournal.care.stays.resources import Person, Placing, Stay
from fellesjournal.care.stays.summaries import PARTS, Summary
from fellesjournal.surfaces.clinic.discharging import (
    Addressee,
    Signer,
    addressees,
    letter_of,
    send_and_discharge,
)
from tests.staff import SYSTEM, employ, put, register

TEXTS = {each.key: f"Ord om {each.key}." for each in PARTS}
DOCTOR, NURSE = Person("Practitioner/iselin", ""), Person("Practitioner/benedikte", "")


@dataclass(frozen=True, slots=True)
class World:
    """Sessions of those who work here; ``anna`` and ``bo`` are the patients."""

    doctor: Session
    nurse: Session
    gp: Session
    carer: Session

    def admit(self, patient: str = "anna", **more: Any) -> Stay:
        """A patient comes to the ward."""
        given: dict[str, Any] = {
            "number": str(uuid.uuid4()),
            "placing": Placing("201-1", DOCTOR, NURSE),
            "reason": "Tung pust",
            "is_acute": True,
        }
        return admit(self.nurse, patient=patient, **(given | more))

    def summary(self, stay: Stay, texts: Mapping[str, str] = TEXTS) -> Summary:
        """What the doctor has written."""
        patient = stay.patient.partition("/")[2]
        stood = summary_of_stay(self.doctor, stay)
        seen = 0 if stood is None else stood.version
        return save_summary(self.doctor, patient=patient, stay_id=stay.id, texts=texts, seen=seen)

    def letter(self, stay: Stay, summary: Summary) -> tuple[Letter, tuple[Addressee, ...]]:
        """As it would be received, and by whom."""
        to = addressees(self.doctor, stay)
        person = person_of(self.doctor, stay.patient.partition("/")[2])
        return letter_of(summary, to, person=person, signer=Signer("Iselin, lege", "Ward")), to

    def discharge(self, stay: Stay, **more: Any) -> Stay:
        """Write, show, sign, send, and end the stay."""
        summary = self.summary(stay)
        letter, to = self.letter(stay, summary)
        given: dict[str, Any] = {
            "seen": stay.version,
            "previewed": fingerprint(letter),
            "leaving": Leaving(),
        }
        return send_and_discharge(self.doctor, stay, summary, letter, to, **(given | more))

    def now(self, stay: Stay) -> Stay:
        """The stay as it stands."""
        return stay_by(SYSTEM, stay.patient.partition("/")[2], stay.id)


def encounter(stay: Stay) -> tuple[dict[str, Any], int]:
    """The resource as it stands, and its version."""
    return acts.read(SYSTEM, "Encounter", stay.id)


def world() -> World:
    """Everybody employed, both patients referred to the ward."""
    made = World(
        doctor=employ("iselin", "doctor", "ward"),
        nurse=employ("benedikte", "nurse", "ward"),
        gp=employ("ragna", "doctor", "office"),
        carer=employ("gunnhild", "nurse", "home-care"),
    )
    for name in ("anna", "bo"):
        register(name, "Practitioner/ragna", name=[{"text": f"{name.title()} Fiktiv"}])
        refer(name)
    return made


def refer(patient: str) -> None:
    """An open referral to the ward: why the ward may open the record before she comes."""
    put(
        "ServiceRequest",
        f"{patient}-referral",
        status="active",
        intent="order",
        subject={"reference": f"Patient/{patient}"},
        requester={"reference": "Practitioner/ragna"},
        performer=[{"reference": "Organization/ward"}],
    )


def grant_home_care(patient: str = "anna") -> None:
    """She gets services at home."""
    put(
        "EpisodeOfCare",
        f"{patient}-service",
        status="active",
        type=[{"coding": [{"system": "urn:oid:2.16.578.1.12.4.1.1.9151", "code": "15"}]}],
        patient={"reference": f"Patient/{patient}"},
        managingOrganization={"reference": "Organization/home-care"},
        period={"start": "2026-01-01"},
    )
