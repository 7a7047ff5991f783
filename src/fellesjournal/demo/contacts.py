"""Encounters and conditions: that something happened, where, with whom, and why."""

from __future__ import annotations

from dataclasses import dataclass

from fellesjournal.demo.catalogue.diagnoses import Diagnosis
from fellesjournal.demo.moments import iso_day, iso_moment
from fellesjournal.demo.record import Contact, Problem, Record
from fellesjournal.demo.staff import Worker
from fellesjournal.demo.terms import ENCOUNTER_TYPE, HL7, Element, coding, concept, status
from fellesjournal.demo.units import Unit
from fellesjournal.registry.units import UnitKind

_ACT = HL7 + "v3-ActCode"
_AMBULATORY = coding(_ACT, "AMB", "ambulatory")
_VIRTUAL = coding(_ACT, "VR", "virtual")
_EMERGENCY = coding(_ACT, "EMER", "emergency")
_INPATIENT = coding(_ACT, "IMP", "inpatient encounter")
_HOME = coding(_ACT, "HH", "home health")
_PARTICIPATION = HL7 + "v3-ParticipationType"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of encounter: class, code and Norwegian name, usual length in minutes."""

    code: str
    name: str
    category: Element
    minutes: int


KINDS = {
    kind.code: kind
    for kind in (
        Kind("gp", "Konsultasjon hos fastlege", _AMBULATORY, 20),
        Kind("gp-phone", "Telefonkonsultasjon hos fastlege", _VIRTUAL, 10),
        Kind("gp-video", "Videokonsultasjon hos fastlege", _VIRTUAL, 15),
        Kind("gp-e", "E-konsultasjon hos fastlege", _VIRTUAL, 5),
        Kind("out-of-hours", "Legevaktskonsultasjon", _EMERGENCY, 40),
        Kind("outpatient", "Poliklinisk konsultasjon", _AMBULATORY, 40),
        Kind("day-treatment", "Dagbehandling", _AMBULATORY, 240),
        Kind("admission", "Planlagt innleggelse", _INPATIENT, 0),
        Kind("emergency-admission", "Øyeblikkelig hjelp-innleggelse", _INPATIENT, 0),
        Kind("home-care", "Hjemmebesøk av hjemmetjenesten", _HOME, 25),
        Kind("nursing-home", "Sykehjemsopphold", _INPATIENT, 0),
        Kind("nursing-home-round", "Legevisitt på sykehjem", _AMBULATORY, 20),
        Kind("child-health", "Kontroll på helsestasjon", _AMBULATORY, 30),
        Kind("school-health", "Skolehelsetjeneste", _AMBULATORY, 15),
        Kind("midwife", "Svangerskapskontroll", _AMBULATORY, 30),
        Kind("physiotherapy", "Fysioterapi", _AMBULATORY, 45),
    )
}


def contact(
    record: Record,
    kind: str,
    day: int,
    *,
    unit: Unit,
    worker: Worker,
    reason: Diagnosis | None = None,
    minutes: int | None = None,
    length: int | None = None,
) -> Contact:
    """Write an Encounter that starts at `minutes` after midnight and lasts `length` minutes."""
    chosen = KINDS[kind]
    rng = record.rng
    begin = 8 * 60 + 5 * int(rng.random() * 84) if minutes is None else minutes
    span = (chosen.minutes + 5 * int(rng.random() * 4)) if length is None else length
    hospital = unit.kind is UnitKind.WARD
    body: Element = {
        "status": "finished",
        "class": chosen.category,
        "type": [concept(ENCOUNTER_TYPE, chosen.code, chosen.name)],
        "subject": record.subject,
        "participant": [
            {
                "type": [{"coding": [coding(_PARTICIPATION, "PPRF", "primary performer")]}],
                "individual": worker.ref,
            }
        ],
        "period": {"start": iso_moment(day, begin), "end": iso_moment(day, begin + span)},
    }
    if reason is not None:
        body["reasonCode"] = [reason.concept(hospital=hospital)]
        problem = record.problems.get(reason.name)
        if problem is not None:
            body["diagnosis"] = [{"condition": problem.ref}]
    body["serviceProvider"] = unit.ref
    return Contact(record.add("Encounter", "enc", body, of=unit), day, begin, unit, worker)


def gp_visit(
    record: Record, day: int, reason: Diagnosis | None = None, kind: str = "gp"
) -> Contact:
    """An encounter with the list GP, moved to the next working day when needed."""
    moved = record.office_day(day)
    return contact(record, kind, moved, unit=record.gp.unit, worker=record.gp, reason=reason)


def out_of_hours(record: Record, day: int, reason: Diagnosis) -> Contact:
    """An encounter at the out-of-hours clinic, in the evening."""
    unit = record.unit(UnitKind.OUT_OF_HOURS)
    worker = record.region.someone(unit, record.rng, "out-of-hours-doctor")
    minutes = 16 * 60 + int(record.rng.random() * 7 * 60)
    return contact(
        record, "out-of-hours", day, unit=unit, worker=worker, reason=reason, minutes=minutes
    )


def outpatient(
    record: Record, day: int, clinic: str, reason: Diagnosis, kind: str = "outpatient"
) -> Contact:
    """An encounter at one of the hospital's clinics."""
    unit = record.ward(clinic)
    worker = record.region.someone(unit, record.rng, "hospital-doctor")
    moved = record.office_day(day)
    return contact(record, kind, moved, unit=unit, worker=worker, reason=reason)


def problem(
    record: Record,
    diagnosis: Diagnosis,
    onset: int,
    *,
    unit: Unit | None = None,
    at: Contact | None = None,
    resolved: int | None = None,
    remission: bool = False,
) -> Problem:
    """Put a diagnosis on the problem list, once; `resolved` is the day it was over."""
    if diagnosis.name in record.problems:
        return record.problems[diagnosis.name]
    found = _condition(
        record, diagnosis, onset, "problem-list-item", unit, at, resolved, remission=remission
    )
    record.problems[diagnosis.name] = found
    return found


def illness(record: Record, diagnosis: Diagnosis, onset: int, days: int, at: Contact) -> Problem:
    """A passing illness: a diagnosis of one encounter that is over after some days."""
    resolved = onset + days if onset + days <= record.end else None
    found = _condition(
        record, diagnosis, onset, "encounter-diagnosis", at.unit, at, resolved, remission=False
    )
    at.resource["diagnosis"] = [{"condition": found.ref}]
    return found


def resolve(found: Problem, day: int, how: str = "resolved") -> None:
    """End a condition on a day: resolved or in remission."""
    found.resource["clinicalStatus"] = status("condition-clinical", how)
    found.resource["abatementDateTime"] = iso_day(day)


def _condition(
    record: Record,
    diagnosis: Diagnosis,
    onset: int,
    category: str,
    unit: Unit | None,
    at: Contact | None,
    resolved: int | None,
    *,
    remission: bool,
) -> Problem:
    place = unit or (at.unit if at else record.gp.unit)
    state = "active" if resolved is None else "remission" if remission else "resolved"
    onset = max(onset, record.person.birth)
    body: Element = {
        "clinicalStatus": status("condition-clinical", state),
        "verificationStatus": status("condition-ver-status", "confirmed"),
        "category": [status("condition-category", category)],
        "code": diagnosis.concept(hospital=place.kind is UnitKind.WARD),
        "subject": record.subject,
    }
    if at is not None:
        body["encounter"] = at.ref
    body["onsetDateTime"] = iso_day(onset)
    if resolved is not None:
        body["abatementDateTime"] = iso_day(resolved)
    body["recordedDate"] = iso_day(at.day if at else min(record.end, max(onset, record.start)))
    body["recorder"] = at.worker.ref if at else record.gp.ref
    return Problem(diagnosis, record.add("Condition", "con", body, of=place), onset)
