"""What is asked for and what is booked: ServiceRequest and Appointment."""

from __future__ import annotations

from fellesjournal.demo import referring, writing
from fellesjournal.demo.catalogue.diagnoses import Diagnosis
from fellesjournal.demo.moments import iso_day, iso_moment, norwegian_date, working_day
from fellesjournal.demo.record import Contact, Record
from fellesjournal.demo.schedules import BOOKINGS, cancellation, day_of, kind_of, outcome
from fellesjournal.demo.staff import Worker
from fellesjournal.demo.terms import (
    CANCELLATION,
    CARE_LEVEL,
    CITIZEN_APPOINTMENT,
    CONTACT_TYPE,
    HL7,
    NO_BASIS,
    OWN,
    Element,
    Resource,
    coding,
    concept,
)
from fellesjournal.demo.units import Unit

ORDER_TYPE = OWN + "order-type"
REFERRAL = ("referral", "Henvisning til spesialisthelsetjenesten")
PHYSIOTHERAPY = ("physiotherapy-referral", "Henvisning til kommunal fysioterapi")
APPLICATION = ("service-application", "Søknad om helse- og omsorgstjenester")
LAB_ORDER = ("laboratory-requisition", "Rekvisisjon av laboratorieprøver")


def request(
    record: Record,
    at: Contact,
    kind: tuple[str, str],
    to: Unit,
    reason: Diagnosis | None,
    text: str,
    *,
    priority: str = "routine",
    done: bool = True,
    state: str = "to-assess",
    care_by: int = 0,
) -> Resource:
    """A ServiceRequest from an encounter to a unit; `done` when the answer has come.

    A referral that is not done has a Task by which an office answers for it; `state` says where
    it stands, `care_by` before which day care is to begin (of one that waits).
    """
    body: Element = {
        "status": "completed" if done else "active",
        "intent": "order",
        "category": [concept(ORDER_TYPE, *kind)],
        "priority": priority,
        "code": {"text": kind[1]},
        "subject": record.subject,
        "encounter": at.ref,
        "authoredOn": iso_moment(at.day, at.minutes + 15),
        "requester": at.worker.ref,
        "performer": [to.ref],
    }
    if reason is not None:
        body["reasonCode"] = [reason.concept(hospital=False)]
    body["note"] = [{"text": text}]
    if done or kind != REFERRAL:
        return record.add("ServiceRequest", "req", body, of=at.unit)
    asked, owner = referring.receiver(record, to)
    body["performer"] = [asked]
    if reason is not None:
        body["code"] = {"text": reason.name}
    deadline = referring.begin(body, at, state=state, care_by=care_by)
    sent = record.add("ServiceRequest", "req", body, of=at.unit)
    referring.answer_for(record, sent, at, owner, deadline, state=state)
    if state == "asked":
        referring.ask(record, sent, at, owner, "Er det tatt røntgenbilder, og når?")
    return sent


def refer(
    record: Record,
    at: Contact,
    to: Unit,
    reason: Diagnosis,
    text: str,
    *,
    priority: str = "routine",
    done: bool = True,
    kind: tuple[str, str] = REFERRAL,
    state: str = "to-assess",
    care_by: int = 0,
) -> Resource:
    """A referral with its letter."""
    sent = request(record, at, kind, to, reason, text, priority=priority, done=done, state=state,
                   care_by=care_by)  # fmt: skip
    letter = (
        f"Henvisning til {to.name}\n\nPasient: {record.person.name}\n"
        f"Dato: {norwegian_date(at.day)}\nÅrsak: {reason.name}\n\n{text}\n\n"
        f"Funn: {', '.join(at.findings) or 'se journal'}\n\nHilsen {at.worker.name}\n"
    )
    writing.document(record, at, writing.REFERRAL, f"Henvisning: {reason.name}", letter)
    return sent


def appointment(
    record: Record,
    day: int,
    unit: Unit,
    worker: Worker,
    description: str,
    *,
    kind: tuple[str, str] = ("Ordinær", "Ordinær time"),
    hospital: bool = False,
    state: str = "booked",
    created: int | None = None,
    minutes: int | None = None,
    length: int = 20,
    in_diary: bool = True,
) -> Resource:
    """A booked appointment; with somebody who has a diary at the next opening that is free.

    `state` other than booked: fulfilled, cancelled or noshow. Not `in_diary`: the time is
    chosen already.
    """
    begin = 8 * 60 + 10 * int(record.rng.random() * 42) if minutes is None else minutes
    day = working_day(day)
    diary = record.region.diaries.get(worker.key) if in_diary and state == "booked" else None
    if diary is not None:
        day, begin, length = diary.next_free(day, begin)
    types = [coding(CITIZEN_APPOINTMENT, *kind)]
    if hospital:
        types = [
            coding(CARE_LEVEL, "3", "Poliklinisk konsultasjon/kontakt"),
            coding(CONTACT_TYPE, "3", "Kontroll"),
            coding(CITIZEN_APPOINTMENT, "Poliklinisk", "Poliklinisk time"),
        ]
    body: Element = {"status": state}
    if state == "cancelled":
        body["cancelationReason"] = concept(CANCELLATION, "AAI", "Avlyst av innbygger")
    body["appointmentType"] = {"coding": types}
    if description:
        body["description"] = description
    body["start"] = iso_moment(day, begin)
    body["end"] = iso_moment(day, begin + length)
    if state == "noshow":
        # R4's invariant app-4 spells the status `no-show` and so refuses a cancelationReason
        # (7621 IM) for `noshow`; the comment says it instead.
        body["comment"] = "Ikke møtt (IM)"
    body["created"] = iso_day(min(record.end, created if created is not None else day - 14))
    seen = "declined" if state in {"cancelled", "noshow"} else "accepted"
    primary = coding(HL7 + "v3-ParticipationType", "PPRF", "primary performer")
    body["participant"] = [
        {"actor": record.subject, "required": "required", "status": seen},
        {
            "type": [{"coding": [primary]}],
            "actor": worker.ref,
            "required": "required",
            "status": "accepted",
        },
    ]
    if diary is not None:
        diary.mark(body)
    return record.add("Appointment", "app", body, of=unit, profile=NO_BASIS + "Appointment")


def book_of_cast(record: Record) -> None:
    """What a named citizen has booked with the GP, or missed, or called off late."""
    diary = record.region.diaries.get(record.gp.key)
    for booking in BOOKINGS:
        if booking.citizen != record.person.key or diary is None:
            continue
        day, minutes, length = diary.next_free(
            day_of(booking, record.until), booking.minutes, kind_of(booking)
        )
        made = appointment(
            record, day, record.gp.unit, record.gp, "", state=booking.state,
            minutes=minutes, length=length, created=record.until - 6, in_diary=False,
        )  # fmt: skip
        made["appointmentType"] = kind_of(booking)
        made["minutesDuration"] = length
        made["reasonCode"] = [{"text": booking.reason}]
        if booking.state == "cancelled":
            made["cancelationReason"] = cancellation(booking)
        if booking.state != "booked":
            made["extension"] = [outcome(booking, day)]
        diary.mark(made)
