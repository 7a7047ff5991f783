"""A contact with the out-of-hours clinic as the FHIR resources it is.

One Encounter of class EMER from the call, or the desk, until an outcome: its status says where
she is, statusHistory since when, priority how urgent it is, participants who answers. What each
triage found is an Observation besides, with the time and who looked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fellesjournal.access.discharges import part
from fellesjournal.access.waiting import MISTAKE, OUTCOME, outcomes, waits
from fellesjournal.care.triage import codes
from fellesjournal.care.triage.codes import Urgency, Way
from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import Element, Moment
from fellesjournal.foundation.clock import NORWAY

Resource = dict[str, Any]
_PRESENT = frozenset({"arrived", "triaged"})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, or a unit, by reference (``Practitioner/1``; "" for nobody) and name."""

    reference: str
    name: str

    def as_json(self) -> dict[str, str]:
        """The Reference."""
        return {"reference": self.reference} | ({"display": self.name} if self.name else {})


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact as it stands. ``waits_since`` is when she came, for who is here, else when she
    called; ``owner`` who answers for her, the unit when nobody does by name; ``raised`` the last
    time that it was told that she had waited too long for this urgency; ``outcome`` "" until it
    is over; ``is_closed`` when only that somebody waits is told.
    """

    id: str
    version: int
    patient: str
    unit: Person
    status: str
    way: Way
    urgency: Urgency
    reason: str
    began: datetime | None
    waits_since: datetime | None
    ended: Moment | None
    owner: Person
    raised: datetime | None
    outcome: str
    words: str
    outcome_by: str
    is_open: bool
    is_closed: bool = False

    @property
    def reference(self) -> str:
        """``Encounter/1``."""
        return f"Encounter/{self.id}"

    @property
    def is_taken(self) -> bool:
        """Whether somebody sees to her now."""
        return self.is_open and self.status in {"in-progress", "onleave"}

    @property
    def is_here(self) -> bool:
        """Whether she is in the waiting room."""
        return self.is_open and self.status in _PRESENT

    @property
    def is_expected(self) -> bool:
        """Whether she is on her way, or waits for a visit at home."""
        return self.is_open and self.status == "planned"


@dataclass(frozen=True, slots=True)
class Triage:
    """What one triage found."""

    at: datetime | None
    by: str
    urgency: Urgency
    words: str


def new_contact(
    *, number: str, patient: str, unit: Person, by: Person, way: Way, urgency: Urgency,
    reason: str, at: datetime,
) -> Resource:  # fmt: skip
    """An Encounter that begins ``at``; ``number`` is that of the form it was written in."""
    encounter: Resource = {
        "resourceType": "Encounter",
        "meta": {"security": [{"system": codes.VISIBILITY, "code": "N"}]},
        "identifier": [{"system": codes.CONTACT_NUMBER, "value": number}],
        "class": {"system": codes.ACT_CODE, "code": "EMER", "display": "emergency"},
        "type": [
            {
                **codes.concept(codes.ENCOUNTER_TYPE, codes.CONTACT, "Legevaktskonsultasjon"),
                "text": "Legevaktskonsultasjon",
            },
            codes.concept(codes.WAY, way),
        ],
        "subject": {"reference": patient},
        "participant": [_participant(codes.ANSWERS, by, at)],
        "period": {"start": moment_text(at)},
        "reasonCode": [{"text": reason}],
        "serviceProvider": unit.as_json(),
    }
    if urgency:
        encounter["priority"] = codes.concept(codes.URGENCY, urgency)
    here = "triaged" if urgency else "arrived"
    return in_status(encounter, here if way is Way.HERE else "planned", at)


def in_status(encounter: Resource, status: str, at: datetime) -> Resource:
    """The Encounter in another status from ``at`` on; the one before is kept with its end."""
    if encounter.get("status") == status:
        return encounter
    now = moment_text(at)
    history = [
        each if (each.get("period") or {}).get("end") else _until(each, now)
        for each in reading.elements(encounter.get("statusHistory"))
    ]
    history.append({"status": status, "period": {"start": now}})
    return {**encounter, "status": status, "statusHistory": history}


def with_urgency(encounter: Resource, urgency: Urgency, at: datetime) -> Resource:
    """The Encounter with another urgency; who is here has been triaged here."""
    changed = {**encounter, "priority": codes.concept(codes.URGENCY, urgency)}
    return in_status(changed, "triaged", at) if encounter.get("status") in _PRESENT else changed


def arrived(encounter: Resource, by: Person, at: datetime) -> Resource:
    """She is here, and is to be looked at anew; who received her answers for her."""
    types = [each for each in reading.elements(encounter.get("type")) if not _has(each, codes.WAY)]
    changed = {**encounter, "type": [*types, codes.concept(codes.WAY, Way.HERE)]}
    return in_status(answered(changed, codes.ANSWERS, by, at), "arrived", at)


def answered(encounter: Resource, kind: str, by: Person | None, at: datetime) -> Resource:
    """The Encounter that ``by`` answers for from ``at`` on; None leaves it to the unit."""
    now = moment_text(at)
    people = [
        each if (each.get("period") or {}).get("end") else _until(each, now)
        for each in reading.elements(encounter.get("participant"))
    ]
    if by is not None:
        people.append(_participant(kind, by, at))
    return {**encounter, "participant": people}


def before_taken(encounter: Element) -> str:
    """The status somebody goes back to whom nobody sees to any more."""
    listed = [
        reading.string(each.get("status"))
        for each in reading.elements(encounter.get("statusHistory"))
        if each.get("status") not in {"in-progress", "onleave"}
    ]
    return listed[-1] if listed and listed[-1] in {*_PRESENT, "planned"} else "arrived"


def ended(encounter: Resource, *, outcome: str, words: str, by: Person, at: datetime) -> Resource:
    """The Encounter over, with its outcome (a code of ``access.waiting.OUTCOMES``)."""
    now = moment_text(at)
    said = {
        "url": OUTCOME,
        "extension": [
            {"url": "outcome", "valueCode": outcome},
            *([{"url": "text", "valueString": words}] if words else []),
            {"url": "by", "valueReference": by.as_json()},
            {"url": "at", "valueDateTime": now},
        ],
    }
    over = answered(encounter, codes.SEES, None, at)
    over = in_status(over, "entered-in-error" if outcome == MISTAKE else "finished", at)
    over["statusHistory"][-1]["period"]["end"] = now
    over["period"] = {**encounter.get("period", {}), "end": now}
    over["extension"] = [*encounter.get("extension", ()), said]
    if outcome in codes.DISPOSITIONS:
        to = codes.concept(codes.DISPOSITION, *codes.DISPOSITIONS[outcome])
        over["hospitalization"] = {**encounter.get("hospitalization", {}),
                                   "dischargeDisposition": to}  # fmt: skip
    return over


def raised(encounter: Resource, urgency: Urgency, minutes: int, at: datetime) -> Resource:
    """The Encounter that tells that she has waited longer than this urgency may."""
    said = {
        "url": codes.RAISED,
        "extension": [
            {"url": "urgency", "valueString": urgency or "unset"},
            {"url": "minutes", "valueUnsignedInt": minutes},
            {"url": "at", "valueDateTime": moment_text(at)},
        ],
    }
    return {**encounter, "extension": [*encounter.get("extension", ()), said]}


def triage(
    *, patient: str, contact: str, urgency: Urgency, words: str, by: Person, at: datetime
) -> Resource:
    """What a triage found, as an Observation of the contact."""
    observation: Resource = {
        "resourceType": "Observation",
        "meta": {"security": [{"system": codes.VISIBILITY, "code": "N"}]},
        "status": "final",
        "code": {**codes.concept(codes.TRIAGE, codes.TRIAGED), "text": "Hastegrad"},
        "subject": {"reference": patient},
        "encounter": {"reference": contact},
        "effectiveDateTime": moment_text(at),
        "performer": [by.as_json()],
        "valueCodeableConcept": codes.concept(codes.URGENCY, urgency),
    }
    if words:
        observation["note"] = [{"text": words}]
    return observation


def triage_of(observation: Element) -> Triage:
    """An Observation as what a triage found."""
    at = reading.moment(observation.get("effectiveDateTime"))
    by = next(reading.elements(observation.get("performer")), {})
    note = next(reading.elements(observation.get("note")), {})
    return Triage(
        None if at is None else at.at, reading.reference_text(by),
        _urgency(observation.get("valueCodeableConcept")), reading.string(note.get("text")),
    )  # fmt: skip


def contact_of(encounter: Element, version: int) -> Contact:
    """An Encounter, from here or from any other system, as a contact."""
    said = outcomes(encounter)
    last: Element = said[-1] if said else {}
    unit = _person(encounter.get("serviceProvider"))
    period = encounter.get("period") or {}
    began = reading.moment(period.get("start"))
    reasons = [reading.concept_text(each) for each in reading.elements(encounter.get("reasonCode"))]
    return Contact(
        id=reading.string(encounter.get("id")),
        version=version,
        patient=reading.reference_target(encounter.get("subject")),
        unit=unit,
        status=reading.string(encounter.get("status")),
        way=_way(encounter),
        urgency=_urgency(encounter.get("priority")),
        reason=", ".join(filter(None, reasons)),
        began=None if began is None else began.at,
        waits_since=_waits_since(encounter) or (None if began is None else began.at),
        ended=reading.moment(period.get("end")),
        owner=_owner(encounter) or unit,
        raised=_raised(encounter),
        outcome=str(part(last, "outcome").get("valueCode", "")),
        words=str(part(last, "text").get("valueString", "")),
        outcome_by=reading.reference_text(part(last, "by").get("valueReference")),
        is_open=waits(encounter),
    )


def moment_text(moment: datetime) -> str:
    """An aware moment as an instant in Norwegian time."""
    return moment.astimezone(NORWAY).isoformat(timespec="seconds")


def _participant(kind: str, person: Person, at: datetime) -> Element:
    return {
        "type": [codes.concept(codes.PARTICIPATION, kind)],
        "period": {"start": moment_text(at)},
        "individual": person.as_json(),
    }


def _until(element: Element, now: str) -> Element:
    return {**element, "period": {**(element.get("period") or {}), "end": now}}


def _owner(encounter: Element) -> Person | None:
    here = [
        _person(each.get("individual"))
        for each in reading.elements(encounter.get("participant"))
        if not (each.get("period") or {}).get("end")
    ]
    return here[-1] if here and here[-1].reference else None


def _waits_since(encounter: Element) -> datetime | None:
    came = [
        found.at
        for each in reading.elements(encounter.get("statusHistory"))
        if each.get("status") in _PRESENT
        and (found := reading.moment((each.get("period") or {}).get("start"))) is not None
    ]
    return min(came, default=None)


def _raised(encounter: Element) -> datetime | None:
    """When it was last told that she waits too long, for the urgency that she has now."""
    urgency = _urgency(encounter.get("priority")) or "unset"
    told = [
        found.at
        for each in reading.elements(encounter.get("extension"))
        if each.get("url") == codes.RAISED
        and part(each, "urgency").get("valueString") == urgency
        and (found := reading.moment(part(each, "at").get("valueDateTime"))) is not None
    ]
    return max(told, default=None)


def _way(encounter: Element) -> Way:
    said = [
        code
        for each in reading.elements(encounter.get("type"))
        for system, code, _ in reading.codings(each)
        if system == codes.WAY and code in set(Way)
    ]
    return Way(said[-1]) if said else Way.HERE


def _urgency(concept: object) -> Urgency:
    for system, code, _ in reading.codings(concept):
        if system == codes.URGENCY and code in set(Urgency):
            return Urgency(code)
    return Urgency.UNSET


def _has(concept: Element, system: str) -> bool:
    return any(each == system for each, _, _ in reading.codings(concept))


def _person(reference: object) -> Person:
    return Person(reading.reference_target(reference), reading.reference_text(reference))


__all__ = [
    "Contact", "Person", "Resource", "Triage", "answered", "arrived", "before_taken",
    "contact_of", "ended", "in_status", "moment_text", "new_contact", "raised", "triage",
    "triage_of", "with_urgency",
]  # fmt: skip
