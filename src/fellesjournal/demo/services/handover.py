"""Short stays of the old in the last months, and what hospital and municipality told each other.

A demo region is small. So that figures of what is handed over tell something, the old come to
hospital more often here than in life: an assumption of the demo, not a rate. The words between
the two have the forms in which the platform itself writes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from random import Random

from fellesjournal.demo.catalogue import diagnoses
from fellesjournal.demo.chance import source
from fellesjournal.demo.contacts import contact
from fellesjournal.demo.moments import iso_moment
from fellesjournal.demo.record import Contact, Record
from fellesjournal.demo.services.hospital import Stay, admit
from fellesjournal.demo.terms import OWN, VOLVEN, Element, Resource, coding, concept
from fellesjournal.demo.units import Unit
from fellesjournal.demo.writing import DISCHARGE_LETTER, LETTER, document
from fellesjournal.registry.units import UnitKind

RECENT_DAYS = 240
OLD = 72
STAYS = 3.0
"""How many of these stays somebody old has, on average."""
_ADMITTED, _DISCHARGED, _READY = "1", "2", "3"
_EVENTS = {
    _ADMITTED: ("Pasient innlagt", "LOG_INNLAGT"),
    _DISCHARGED: ("Pasient utskrevet", "LOG_UTSKREVET"),
    _READY: ("Pasient utskrivningsklar", "LOG_UTSKRIVNINGSKLAR"),
}
_DEFINITION = "https://fellesjournal.example/fhir/StructureDefinition/"
_NAMING = "https://fellesjournal.example/fhir/NamingSystem/"
_DAY, _NOON = 1440, 720


@dataclass(frozen=True, slots=True)
class Moment:
    """A day and minutes after its midnight."""

    day: int
    minutes: int

    def later(self, minutes: int) -> Moment:
        """So many minutes on."""
        days, rest = divmod(self.minutes + minutes, _DAY)
        return Moment(self.day + days, rest)

    @property
    def iso(self) -> str:
        """As FHIR writes it."""
        return iso_moment(self.day, self.minutes)


def plan(record: Record) -> None:
    """Put the stays of somebody old on the calendar."""
    if record.age() < OLD:
        return
    rng = source("handover", record.person.key)
    for _ in range(int(rng.random() * (2 * STAYS + 1))):
        day = record.end - RECENT_DAYS + int(rng.random() * (RECENT_DAYS - 6))
        record.at(day, partial(_stay, record, rng=rng))


def _stay(record: Record, day: int, *, rng: Random) -> None:
    if record.in_nursing_home_from:
        return
    days = 1 + int(rng.random() * 5)
    at = admit(record, day, Stay(
        diagnoses.PNEUMONIA, "medical", days,
        "Lungebetennelse. Behandlet i avdelingen med god bedring.",
        "Antibiotika til kuren er ferdig. Kontroll hos fastlegen ved behov.",
    ))  # fmt: skip
    if at is None or day + days > record.end:
        return
    over = Moment(day + days, _NOON)
    has_need = bool(record.home_care_from) or rng.random() < 0.9
    _send_summary(record, at, over, rng, has_need=has_need)
    if has_need:
        _tell_municipality(record, at, over, rng)
        if rng.random() < 0.9:
            record.at(over.day + (1 if rng.random() < 0.6 else 4), partial(_first_visit, record))


def _tell_municipality(record: Record, at: Contact, over: Moment, rng: Random) -> None:
    """Admitted, ready, discharged; and what home care answers when she is ready."""
    home = record.unit(UnitKind.HOME_CARE)
    came = Moment(at.day, at.minutes)
    _notice(record, at, home, _ADMITTED, came.later(90 if rng.random() < 0.6 else 30 * 60))
    ready = Moment(max(at.day + 1, over.day - int(rng.random() * 2.4)), 9 * 60)
    if ready.day < over.day or ready.minutes < over.minutes:
        _say_ready(at, ready)
        _notice(record, at, home, _READY, ready)
        _answer(record, at, home, ready.later(15 + int(rng.random() ** 2 * 300)))
    _notice(record, at, home, _DISCHARGED, over)


def _say_ready(at: Contact, when: Moment) -> None:
    at.resource["extension"] = [{
        "url": _DEFINITION + "discharge-readiness",
        "extension": [
            {"url": "event", "valueCoding": coding(VOLVEN + "9121", _READY, _EVENTS[_READY][0])},
            {"url": "notice", "valueString": f"{at.resource['id']}-ready"},
            {"url": "at", "valueDateTime": when.iso},
            {"url": "by", "valueReference": at.worker.ref},
            {"url": "from", "valueDateTime": when.iso},
        ],
    }]  # fmt: skip


def _notice(record: Record, at: Contact, to: Unit, event: str, when: Moment) -> None:
    words, kind = _EVENTS[event]
    body: Element = {
        "status": "completed",
        "category": [{"coding": [coding(OWN + "plo-kind", kind)]}],
        "reasonCode": [concept(VOLVEN + "9121", event, words)],
        "subject": record.subject,
        "encounter": at.ref,
        "sent": when.iso,
        "sender": at.unit.ref,
        "recipient": [to.ref],
    }
    record.add("Communication", "notice", body, of=at.unit)


def _answer(record: Record, at: Contact, home: Unit, when: Moment) -> None:
    """What the municipality offers, as a letter to the ward."""
    nurse = record.region.someone(home, record.rng, "home-care-nurse")
    here = Contact(at.resource, when.day, when.minutes, home, nurse)
    document(record, here, LETTER, "Tilbud etter utskriving",
             f"{record.person.given} kan komme hjem. Hjemmetjenesten kommer første kveld.\n",
             minutes_later=0)  # fmt: skip
    _deliver(record, here, record.resources[-1], at.unit, "services-offered", when, 20)


def _send_summary(
    record: Record, at: Contact, over: Moment, rng: Random, *, has_need: bool
) -> None:
    """The discharge summary to the GP, and to home care where it follows: most within a day, and most
    opened within three.
    """
    written = next(
        each
        for each in reversed(record.resources)
        if each["resourceType"] == "DocumentReference"
        and each["type"]["coding"][0]["code"] == DISCHARGE_LETTER[0]
    )
    sent = over.later(30 if rng.random() < 0.6 else 50 * 60)
    opened = int(60 + rng.random() * (2 if rng.random() < 0.6 else 9) * _DAY)
    for to in (record.gp.unit, *([record.unit(UnitKind.HOME_CARE)] if has_need else ())):
        _deliver(record, at, written, to, "discharge-summary", sent, opened)


def _deliver(
    record: Record, by: Contact, document_: Resource, to: Unit, kind: str, sent: Moment, opened: int
) -> None:
    """A delivery inside the platform with its evidence; ``opened`` so many minutes after."""
    if sent.day >= record.end:
        return  # on its way still: the platform itself would own it
    until_now = (record.end - sent.day) * _DAY - sent.minutes
    read = sent.later(min(opened, until_now))
    past = [("queued", sent), ("delivered", sent.later(1)), ("opened", read)]
    body: Element = {
        "identifier": [{
            "system": _NAMING + "delivery", "value": f"{document_['id']}#{to.ref['reference']}",
        }],
        "status": "completed",
        "businessStatus": {"coding": [coding(OWN + "delivery-state", "opened")]},
        "intent": "order",
        "priority": "routine",
        "code": {"coding": [
            coding(OWN + "task-code", "delivery"), coding(OWN + "delivered-kind", kind),
        ]},
        "focus": {"reference": f"DocumentReference/{document_['id']}"},
        "for": record.subject,
        "authoredOn": sent.iso,
        "requester": by.worker.ref,
        "owner": by.unit.ref,
        "performerType": [{"coding": [coding(OWN + "delivery-route", "inside")]}],
        "restriction": {
            "period": {"end": sent.later(_DAY).iso},
            "recipient": [to.ref],
        },
        "output": [
            {
                "type": {"coding": [coding(OWN + "delivery-state", state)]},
                "valueString": f"{when.iso} Task/{state}",
            }
            for state, when in past
        ],
    }  # fmt: skip
    record.add("Task", "delivery", body, of=by.unit)


def _first_visit(record: Record, day: int) -> None:
    if record.busy(day) or record.in_nursing_home_from:
        return
    unit = record.unit(UnitKind.HOME_CARE)
    nurse = record.region.someone(unit, record.rng, "home-care-nurse")
    contact(record, "home-care", day, unit=unit, worker=nurse, minutes=11 * 60)


__all__ = ["plan"]
