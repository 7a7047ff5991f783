"""Notices of the hospital-municipality chain to the units that give a patient services (PLO).

norway.md section 7: where both ends use the platform, the same events move objects inside the one
record, and the log of messages shows an equivalent notice, so that reports are uniform. A notice
is a Communication about the stay to one unit: its kind is the national message type, its reason
the event of 9121. What the unit does about it is its own work (home care reacts to the events).
"""

from __future__ import annotations

from collections.abc import Mapping

from fellesjournal.access import acts
from fellesjournal.access.acts import Resource, act, create
from fellesjournal.access.sessions import Session
from fellesjournal.care.stays import codes
from fellesjournal.care.stays.queries import services_of
from fellesjournal.care.stays.resources import Person, Stay, moment_text, stay_of
from fellesjournal.foundation import clock

NOTICE_NUMBER = "https://fellesjournal.example/fhir/NamingSystem/plo-notice"
"""Identifies a notice by stay, kind, what was said, and the unit: told twice, it is one."""

Payload = Mapping[str, str]


def tell_admitted(session: Session, payload: Payload) -> None:
    """On ``admitted``: LOG_INNLAGT."""
    _tell(session, payload, codes.ADMITTED)


def tell_ready(session: Session, payload: Payload) -> None:
    """On ``ready-for-discharge``: LOG_UTSKRIVNINGSKLAR."""
    _tell(session, payload, codes.READY)


def tell_not_ready(session: Session, payload: Payload) -> None:
    """On ``ready-withdrawn``: LOG_AVMELDING."""
    _tell(session, payload, codes.NOT_READY)


def tell_discharged(session: Session, payload: Payload) -> None:
    """On ``discharged``: LOG_UTSKREVET, or LOG_DOD for somebody who has died."""
    died = payload.get("to") == codes.DIED
    _tell(session, payload, codes.DEAD if died else codes.DISCHARGED)


def _tell(session: Session, payload: Payload, event: str) -> None:
    patient = payload["patient"]
    encounter, version = acts.read(session, "Encounter", payload["encounter"].partition("/")[2])
    stay = stay_of(encounter, version)
    for unit in services_of(session, patient.partition("/")[2]):
        number = f"{stay.id}.{event}.{payload.get('notice', '')}.{unit.reference}"
        notice = _notice(stay, unit, event, number)
        act(session, [create(notice, unless=f"identifier={NOTICE_NUMBER}|{number}")])


def _notice(stay: Stay, unit: Person, event: str, number: str) -> Resource:
    return {
        "resourceType": "Communication",
        "identifier": [{"system": NOTICE_NUMBER, "value": number}],
        "status": "completed",
        "category": [codes.concept(codes.PLO_KIND, codes.PLO_KINDS[event])],
        "reasonCode": [codes.concept(codes.PLO_EVENT, event, codes.PLO_EVENTS[event])],
        "subject": {"reference": stay.patient},
        "encounter": {"reference": stay.reference},
        "about": [{"reference": stay.reference}],
        "sent": moment_text(clock.now()),
        "sender": stay.unit.as_json(),
        "recipient": [unit.as_json()],
    }


__all__ = ["NOTICE_NUMBER", "tell_admitted", "tell_discharged", "tell_not_ready", "tell_ready"]
