"""The hospital: admissions with daily measurements and a discharge letter, and procedures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fellesjournal.demo.catalogue import laboratory
from fellesjournal.demo.catalogue.diagnoses import Diagnosis
from fellesjournal.demo.catalogue.laboratory import Panel
from fellesjournal.demo.contacts import contact, gp_visit, problem
from fellesjournal.demo.findings import FULL_SET, labs, vital_sign, vitals
from fellesjournal.demo.moments import iso_moment
from fellesjournal.demo.record import Contact, Record
from fellesjournal.demo.terms import HL7, NO_BASIS, Element, coding
from fellesjournal.demo.writing import NURSING_SUMMARY, discharge_letter, document, note


@dataclass(frozen=True, slots=True)
class Stay:
    """What an admission is about: course and plan are sentences of the discharge letter."""

    diagnosis: Diagnosis
    ward: str
    days: int
    course: str
    plan: str
    emergency: bool = True
    panel: Panel = laboratory.ADMISSION
    on_problem_list: bool = False
    medicines: str = ""
    procedures: Sequence[str] = ()
    to: str = "home"


def admit(record: Record, day: int, stay: Stay) -> Contact | None:
    """Admit the citizen for some days; None when already in hospital.

    A stay that passes the horizon is still going on then, without a discharge letter.
    """
    if record.busy(day):
        return None
    ward = record.ward(stay.ward)
    worker = record.region.someone(ward, record.rng, "hospital-doctor")
    nurse = record.region.someone(ward, record.rng, "hospital-nurse")
    minutes = int(record.rng.uniform(60, 1300)) if stay.emergency else 8 * 60
    ongoing = day + stay.days > record.end
    at = contact(
        record, "emergency-admission" if stay.emergency else "admission", day,
        unit=ward, worker=worker, reason=stay.diagnosis, minutes=minutes,
        length=stay.days * 1440 + 12 * 60 - minutes,
    )  # fmt: skip
    record.in_hospital_until = day + stay.days
    if stay.on_problem_list:
        found = problem(record, stay.diagnosis, day, at=at)
        at.resource["diagnosis"] = [{"condition": found.ref}]
    _hospitalization(record, at, stay, ongoing=ongoing)
    vitals(record, at, *FULL_SET)
    labs(record, at, stay.panel)
    for step in range(1, min(stay.days, 9) + 1):
        if day + step <= record.end:
            for name in ("bp", "pulse", "temperature") if step < stay.days else ("bp", "pulse"):
                vital_sign(record, name, day + step, 7 * 60 + 40, ward, nurse.ref, at)
    if stay.days >= 2:
        labs(record, at, laboratory.WARD, days_in=min(stay.days, 3))
    for text in stay.procedures:
        procedure(record, at, text, day=min(record.end, day + (1 if stay.emergency else 0)))
    document(
        record, at, ("B02-2", "Journalnotat"), f"Innkomstnotat: {stay.diagnosis.name}",
        f"Innkomst {ward.name}. Årsak: {stay.diagnosis.name}.\n\n{stay.course}\n\n"
        f"Funn: {', '.join(at.findings[:11])}\n",
    )  # fmt: skip
    if not ongoing:
        discharge_letter(
            record, at, stay.diagnosis, course=stay.course, plan=stay.plan,
            days=stay.days, medicines=stay.medicines,
        )  # fmt: skip
        if record.home_care_from:
            document(
                record, at, NURSING_SUMMARY, "Sykepleiesammenfatning til hjemmetjenesten",
                f"{record.person.given} er klar for utskriving. {stay.plan}\n",
                days_later=stay.days, minutes_later=10 * 60 - at.minutes,
            )  # fmt: skip
    return at


def _hospitalization(record: Record, at: Contact, stay: Stay, *, ongoing: bool) -> None:
    source = ("emd", "From accident/emergency department") if stay.emergency else (
        "gp", "General Practitioner referral")  # fmt: skip
    body: Element = {"admitSource": {"coding": [coding(HL7 + "admit-source", *source)]}}
    if ongoing and record.alive:
        at.resource["status"] = "in-progress"
        del at.resource["period"]["end"]
    else:
        names = {"home": "Home", "snf": "Skilled nursing facility", "exp": "Expired"}
        to = stay.to
        if ongoing:
            to = "exp"
            at.resource["period"]["end"] = iso_moment(record.end + 1, 5 * 60)
        place = coding(HL7 + "discharge-disposition", to, names[to])
        body["dischargeDisposition"] = {"coding": [place]}
    at.resource["hospitalization"] = body


def procedure(record: Record, at: Contact, text: str, *, day: int) -> None:
    """A procedure, as text: NCMP and NCSP are not redistributable."""
    begin = max(at.minutes + 40, 9 * 60) if day == at.day else 9 * 60 + 30
    body: Element = {
        "status": "completed",
        "code": {"text": text},
        "subject": record.subject,
        "encounter": at.ref,
        "performedPeriod": {"start": iso_moment(day, begin), "end": iso_moment(day, begin + 70)},
        "performer": [{"actor": at.worker.ref, "onBehalfOf": at.unit.ref}],
    }
    record.add("Procedure", "pro", body, of=at.unit, profile=NO_BASIS + "Procedure")


def follow_up(record: Record, stay: Stay, day: int) -> None:
    """Book the GP's follow-up ten to twenty days after discharge."""

    def visit(today: int) -> None:
        if record.busy(today) or record.in_nursing_home_from:
            return
        at = gp_visit(record, today, stay.diagnosis)
        vitals(record, at, "bp", "pulse", "weight")
        labs(record, at, laboratory.BASIC)
        note(
            record, at, f"Kontroll etter sykehus: {stay.diagnosis.name.lower()}",
            history="Kontroll etter innleggelse. Epikrisen er gjennomgått sammen.",
            assessment=stay.course,
            plan="Legemiddellisten er samstemt. " + stay.plan,
        )  # fmt: skip

    record.at(day + stay.days + 10 + int(record.rng.random() * 10), visit)
