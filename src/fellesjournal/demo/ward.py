"""Who lies in a ward on the demo's day: stays that go on, at beds, with those who answer."""

from __future__ import annotations

from functools import partial

from fellesjournal.demo.catalogue.diagnoses import Diagnosis
from fellesjournal.demo.contacts import contact, illness
from fellesjournal.demo.findings import FULL_SET, vitals
from fellesjournal.demo.moments import iso_moment
from fellesjournal.demo.record import Record
from fellesjournal.demo.staff import Worker
from fellesjournal.demo.terms import HL7, ROLE_TO_PATIENT, Element, coding
from fellesjournal.demo.writing import document

_DOCTOR = coding(HL7 + "v3-ParticipationType", "ATND", "attender")
_NURSE = coding(ROLE_TO_PATIENT, "9", "Primærkontakt")


def lies_in(record: Record, days_ago: int, reason: Diagnosis, bed: str, words: str) -> None:
    """Admitted some days ago to the medical ward, and still there on the demo's day."""
    begin = partial(_admit, record, reason=reason, bed=bed, words=words)
    record.at(record.until - days_ago, begin)


def _admit(record: Record, day: int, *, reason: Diagnosis, bed: str, words: str) -> None:
    doctor = record.region.worker("staff-hospital-doctor")
    nurse = record.region.worker("staff-ward-nurse")
    minutes = 13 * 60 + 20
    at = contact(
        record, "emergency-admission", day, unit=doctor.unit, worker=doctor, reason=reason,
        minutes=minutes, length=60,
    )  # fmt: skip
    came = iso_moment(day, minutes)
    at.resource |= {
        "status": "in-progress",
        "period": {"start": came},
        "participant": [_answers(doctor, _DOCTOR, came), _answers(nurse, _NURSE, came)],
        "location": [{"location": {"display": bed}, "status": "active", "period": {"start": came}}],
        "hospitalization": {
            "admitSource": {
                "coding": [
                    coding(HL7 + "admit-source", "emd", "From accident/emergency department")
                ]
            }
        },
    }
    record.in_hospital_until = record.until
    illness(record, reason, day, 90, at)
    vitals(record, at, *FULL_SET)
    document(record, at, ("B02-2", "Journalnotat"), f"Innkomstnotat: {reason.name}",
             f"Innkomst {doctor.unit.name}. {words}\n")  # fmt: skip


def _answers(worker: Worker, part: Element, since: str) -> Element:
    return {"type": [{"coding": [part]}], "period": {"start": since}, "individual": worker.ref}


__all__ = ["lies_in"]
