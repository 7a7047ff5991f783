"""The waiting list: an appointment, a postponement, and the coded end. Never the clock (INV-12)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from fellesjournal.access import acts
from fellesjournal.access.acts import change, create
from fellesjournal.access.sessions import Session
from fellesjournal.care.referrals import codes, events
from fellesjournal.care.referrals.actions.case import (
    Case,
    Missing,
    Seen,
    load,
    must_be_at,
    must_be_office,
)
from fellesjournal.care.referrals.notices import Notice, both_told
from fellesjournal.care.referrals.resources import (
    Resource,
    moment_text,
    put_output,
)
from fellesjournal.care.referrals.states import Step
from fellesjournal.fhir import reading
from fellesjournal.foundation import clock

# 7617 as the demo uses it: an outpatient appointment.
_OUTPATIENT = {
    "coding": [
        {
            "system": "urn:oid:2.16.578.1.12.4.1.1.7617",
            "code": "Poliklinisk",
            "display": "Poliklinisk time",
        }
    ]
}
APPOINTMENT = "appointment"
"""Output of the office's Task: the appointment the patient is called in to."""


def allocate_appointment(
    session: Session, *, referral_id: str, seen: Seen, start: datetime, minutes: int
) -> None:
    """Call the patient in (9148 1): an Appointment based on the referral.

    ``start`` is aware and ahead, ``minutes`` how long. Patient and referrer are both told.
    Raises Missing, NotYours, NotPossible.
    """
    case = load(session, referral_id)
    must_be_office(session, case)
    if start <= clock.now():
        raise Missing("start")
    here = start.astimezone(clock.NORWAY)
    case.move(Step.ALLOCATE, deadline=here.date())
    booked = _appointment(session, case, start, minutes)
    assert case.task is not None  # what waits has one
    key = f"urn:uuid:{uuid4()}"
    put_output(case.task, codes.TASK_CODE, APPOINTMENT, valueReference={"reference": key})
    told = both_told(
        Notice.CALLED_IN, case.referral, case.work.owner, day=f"{here:%d.%m.%Y kl. %H.%M}"
    )
    case.more += [create(booked, known_as=key), *told]
    case.write(session, seen, events.CALLED_IN)


def postpone_appointment(session: Session, *, referral_id: str, seen: Seen, code: str) -> None:
    """The appointment does not hold (8446 says why): the patient waits on, with her deadline.

    Raises Missing, NotYours, NotPossible.
    """
    case = load(session, referral_id)
    must_be_office(session, case)
    if code not in codes.POSTPONEMENTS:
        raise Missing("code")
    back_to_the_list(case)
    assert case.task is not None  # what waits has one
    why = codes.concept(codes.POSTPONEMENT, code, codes.POSTPONEMENTS[code])
    put_output(case.task, codes.TASK_CODE, "postponement", valueCodeableConcept=why)
    booked = appointment_of(case)
    if booked:
        data, version = acts.read(session, "Appointment", booked)
        if data.get("status") == "booked":
            data["status"] = "cancelled"
            data["cancelationReason"] = why
            case.more.append(change(data, seen=version))
    case.more += both_told(Notice.POSTPONED, case.referral, case.work.owner)
    case.write(session, seen, events.POSTPONED)


def end_wait(session: Session, *, referral_id: str, seen: Seen, code: str) -> None:
    """Take a patient off the waiting list by a coded outcome (8445): the only way off it.

    Raises Missing, NotYours, NotPossible.
    """
    case = load(session, referral_id)
    must_be_at(session, case.work.owner)
    if code not in codes.WAITING_ENDS:
        raise Missing("code")
    why = codes.concept(codes.WAITING_END, code, codes.WAITING_ENDS[code])
    case.move(Step.END, reason=codes.WAITING_ENDS[code])
    assert case.task is not None  # what waits has one
    put_output(case.task, codes.TASK_CODE, "waiting-end", valueCodeableConcept=why)
    case.task["executionPeriod"] = {"end": clock.now_text()}
    case.write(session, seen, events.WAIT_ENDED)


def back_to_the_list(case: Case) -> None:
    """A patient who was called in waits again until her deadline. Raises NotPossible."""
    deadline = case.referral.care_by
    case.move(Step.POSTPONE, deadline=deadline)


def appointment_of(case: Case) -> str:
    """The id of the Appointment the patient is called in to; "" when there is none."""
    for output in reading.elements((case.task or {}).get("output")):
        if reading.first_code(output.get("type")) == APPOINTMENT:
            return reading.reference_target(output.get("valueReference")).partition("/")[2]
    return ""


def _appointment(session: Session, case: Case, start: datetime, minutes: int) -> Resource:
    referral = case.referral
    # R4 lets no Organization take part: the service does, else who has booked.
    service = referral.receiver.startswith("HealthcareService/")
    actor = referral.receiver if service else session.person
    return {
        "resourceType": "Appointment",
        "status": "booked",
        "appointmentType": _OUTPATIENT,
        "description": referral.content.what,
        "start": moment_text(start),
        "end": moment_text(start + timedelta(minutes=minutes)),
        "created": clock.now_text(),
        "basedOn": [{"reference": referral.reference}],
        "participant": [
            {
                "actor": {"reference": referral.patient},
                "required": "required",
                # she knows of it when she has opened the letter, or somebody has told her (INV-10)
                "status": "needs-action",
            },
            {
                "actor": {"reference": actor, "display": referral.receiver_name},
                "required": "required",
                "status": "accepted",
            },
        ],
    }


__all__ = [
    "allocate_appointment",
    "appointment_of",
    "back_to_the_list",
    "end_wait",
    "postpone_appointment",
]
