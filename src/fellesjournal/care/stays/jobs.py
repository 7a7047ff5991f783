"""Notices of the hospital-municipality chain to the units that give a patient services (PLO).

norway.md section 7: where both ends use the platform, the same events move objects inside the one
record, and the log of messages shows an equivalent notice, so that reports are uniform. A notice
is a Communication about the stay to one unit: its kind is the national message type, its reason
the event of 9121. What the unit does about it is its own work (home care reacts to the events);
to a unit on another system the notice goes as a message (``stay-notice-made``).
"""

from __future__ import annotations

from collections.abc import Mapping

from fellesjournal.access import acts, records
from fellesjournal.access.acts import Resource, act, create
from fellesjournal.access.directory.systems import municipality_of, reader_in
from fellesjournal.access.discharges import READY_NOTICE
from fellesjournal.access.sessions import Session
from fellesjournal.care.stays import codes, events
from fellesjournal.care.stays.queries import services_of
from fellesjournal.care.stays.resources import Person, Stay, moment_text, stay_of
from fellesjournal.foundation import clock

NOTICE_NUMBER = "https://fellesjournal.example/fhir/NamingSystem/plo-notice"
"""Identifies a notice by stay, kind, what was said, and the unit: told twice, it is one."""
PLO_VERSION = "1.6"
"""Of the message that goes to a municipality on another system."""

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


def tell_taken_back(session: Session, payload: Payload) -> None:
    """On ``admission-withdrawn``: LOG_INNLAGT is taken back where it was told."""
    encounter, version = acts.read(session, "Encounter", payload["encounter"].partition("/")[2])
    stay = stay_of(encounter, version)
    for unit in _to_tell(session, payload["patient"], codes.PLO_KINDS[codes.ADMITTED]):
        number = f"{stay.id}.{codes.ADMITTED}..{unit.reference}"
        before = _known(session, number)
        if before:
            again = f"{number}.taken-back"
            _make(session, _notice(stay, unit, codes.ADMITTED, again, "", before), again)


def _tell(session: Session, payload: Payload, event: str) -> None:
    patient = payload["patient"]
    encounter, version = acts.read(session, "Encounter", payload["encounter"].partition("/")[2])
    stay = stay_of(encounter, version)
    for unit in _to_tell(session, patient, codes.PLO_KINDS[event]):
        _tell_unit(session, stay, unit, event, payload.get("notice", ""))


def _tell_unit(session: Session, stay: Stay, unit: Person, event: str, said: str) -> None:
    """One notice; and one more each time that what a notice said is said otherwise."""
    number = f"{stay.id}.{event}.{said}.{unit.reference}"
    ready = f"{stay.id}.{codes.READY}.{said}.{unit.reference}"
    before = "" if event != codes.NOT_READY else _known(session, ready)
    first = _make(session, _notice(stay, unit, event, number, said, before), number)
    turns = sum(each.notice == said and not each.is_withdrawal for each in stay.said)
    if event == codes.READY and turns > 1:
        again = f"{number}.{turns}"
        _make(session, _notice(stay, unit, event, again, said, first), again)


def _make(session: Session, notice: Resource, number: str) -> str:
    (stood,) = act(
        session,
        [create(notice, unless=f"identifier={NOTICE_NUMBER}|{number}")],
        lambda made: [events.notice_made(notice, made[0].reference)],
    )
    return stood.reference


def _known(session: Session, number: str) -> str:
    query = [("identifier", f"{NOTICE_NUMBER}|{number}")]
    found = records.search(session, "Communication", query).matches
    return found[0].reference if found else ""


def _to_tell(session: Session, patient: str, kind: str) -> tuple[Person, ...]:
    """The units that give her services; and where she lives in a municipality on another system,
    the unit there that reads these notices, for what it gives her is not known here.
    """
    giving = services_of(session, patient.partition("/")[2])
    person, _ = acts.read(session, "Patient", patient.partition("/")[2])
    place = municipality_of(person)
    outside = reader_in(session, place, kind, PLO_VERSION) if place else None
    if outside is None or any(each.reference == f"Organization/{outside['id']}" for each in giving):
        return giving
    return (*giving, Person(f"Organization/{outside['id']}", str(outside.get("name", ""))))


def _notice(stay: Stay, unit: Person, event: str, number: str, said: str, before: str) -> Resource:
    notice: Resource = {
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
    if said:
        notice["identifier"].append({"system": READY_NOTICE, "value": said})
    if before:
        notice["inResponseTo"] = [{"reference": before}]
    return notice


__all__ = [
    "NOTICE_NUMBER",
    "tell_admitted",
    "tell_discharged",
    "tell_not_ready",
    "tell_ready",
    "tell_taken_back",
]
