"""A stay as the FHIR resource it is: an Encounter that lasts (class IMP) at one ward."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fellesjournal.access.discharges import ENDED_WITHOUT, lasts, part
from fellesjournal.care.stays import codes
from fellesjournal.care.stays.readiness import Ready, Said, read_said, standing
from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import Element, Moment
from fellesjournal.foundation.clock import NORWAY

Resource = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody by reference (``Practitioner/1``; "" for nobody) and name."""

    reference: str
    name: str

    def as_json(self) -> dict[str, str]:
        """The Reference."""
        return {"reference": self.reference} | ({"display": self.name} if self.name else {})


NOBODY = Person("", "")


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a patient lies, and who answers for her. ``bed`` is what the ward calls it."""

    bed: str = ""
    doctor: Person = NOBODY
    nurse: Person = NOBODY


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay as it stands. ``referral`` is the id of the ServiceRequest it follows from, or "";
    ``ended_without`` the code of an exception.
    """

    id: str
    version: int
    patient: str
    unit: Person
    status: str
    since: Moment | None
    ended: Moment | None
    placing: Placing
    reason: str
    is_acute: bool
    referral: str
    said: tuple[Said, ...]
    ended_without: str
    is_going_on: bool

    @property
    def reference(self) -> str:
        """``Encounter/1``."""
        return f"Encounter/{self.id}"

    @property
    def ready(self) -> Ready | None:
        """The notice that she is ready for discharge, while it stands and she is here."""
        return standing(self.said) if self.is_going_on else None


def new_stay(
    *,
    number: str,
    patient: str,
    unit: Person,
    placing: Placing,
    reason: str,
    is_acute: bool,
    referral: str,
    at: datetime,
) -> Resource:
    """An Encounter that begins ``at``; ``number`` is that of the form it was written in."""
    kind = ("emergency-admission", "Øyeblikkelig hjelp-innleggelse")
    source = ("emd", "From accident/emergency department")
    if not is_acute:
        kind = ("admission", "Planlagt innleggelse")
        source = ("gp", "General Practitioner referral")
    encounter: Resource = {
        "resourceType": "Encounter",
        "meta": {"security": [{"system": codes.VISIBILITY, "code": "N"}]},
        "identifier": [{"system": codes.STAY_NUMBER, "value": number}],
        "status": "in-progress",
        "class": {"system": codes.ACT_CODE, "code": "IMP", "display": "inpatient encounter"},
        "type": [{**codes.concept(codes.ENCOUNTER_TYPE, *kind), "text": kind[1]}],
        "subject": {"reference": patient},
        "period": {"start": moment_text(at)},
        "reasonCode": [{"text": reason}],
        "hospitalization": {"admitSource": codes.concept(codes.ADMIT_SOURCE, *source)},
        "serviceProvider": unit.as_json(),
    }
    if referral:
        encounter["basedOn"] = [{"reference": f"ServiceRequest/{referral}"}]
    return placed(encounter, placing, at)


def placed(encounter: Resource, placing: Placing, at: datetime) -> Resource:
    """The Encounter with this bed and these who answer, from ``at`` on; what was before is kept
    with its end.
    """
    now = moment_text(at)
    changed = dict(encounter)
    people = list(reading.elements(encounter.get("participant")))
    people = _answered_by(people, _is_doctor, _DOCTOR, placing.doctor, now)
    people = _answered_by(people, _is_nurse, _NURSE, placing.nurse, now)
    _put(changed, "participant", people)
    _put(changed, "location", _beds(encounter, placing.bed, now))
    return changed


_DOCTOR = codes.concept(codes.PARTICIPATION, codes.ATTENDER, "attender")
_NURSE = codes.concept(codes.ROLE_TO_PATIENT, codes.PRIMARY_CONTACT, "Primærkontakt")


def _answered_by(
    people: list[Element],
    is_hers: Callable[[Element], bool],
    kind: Element,
    person: Person,
    now: str,
) -> list[Element]:
    """Who takes part when ``person`` has the one part from now on."""
    changed, stays = [], False
    for each in people:
        if is_hers(each) and not _has_left(each):
            if reading.reference_target(each.get("individual")) == person.reference:
                stays = True
            else:
                each = _until(each, now)  # noqa: PLW2901 - as it is from now on
        changed.append(each)
    if person.reference and not stays:
        part_ = {"type": [kind], "period": {"start": now}, "individual": person.as_json()}
        changed.append(part_)
    return changed


def _beds(encounter: Resource, bed: str, now: str) -> list[Element]:
    listed = list(reading.elements(encounter.get("location")))
    if bed == read_placing(encounter).bed:
        return listed
    left = [_left(each, now) for each in listed]
    here = {"location": {"display": bed}, "status": "active", "period": {"start": now}}
    return [*left, here] if bed else left


def _left(location: Element, now: str) -> Element:
    if location.get("status") != "active":
        return location
    return {**_until(location, now), "status": "completed"}


def _until(element: Element, now: str) -> Element:
    return {**element, "period": {**(element.get("period") or {}), "end": now}}


def read_placing(encounter: Element) -> Placing:
    """The bed and who answers now."""
    here = [e for e in reading.elements(encounter.get("participant")) if not _has_left(e)]
    doctors = [each for each in here if _is_doctor(each)]
    nurses = [each for each in here if _is_nurse(each)]
    beds = [
        reading.reference_text(each.get("location"))
        for each in reading.elements(encounter.get("location"))
        if each.get("status") == "active"
    ]
    return Placing(
        bed=beds[-1] if beds else "",
        doctor=_person(doctors[-1].get("individual")) if doctors else NOBODY,
        nurse=_person(nurses[-1].get("individual")) if nurses else NOBODY,
    )


def _is_doctor(participant: Element) -> bool:
    return any(
        codes.has(kind, codes.PARTICIPATION, code)
        for kind in reading.elements(participant.get("type"))
        for code in (codes.ATTENDER, codes.PERFORMER)
    )


def _is_nurse(participant: Element) -> bool:
    return any(
        codes.has(kind, codes.ROLE_TO_PATIENT, codes.PRIMARY_CONTACT)
        for kind in reading.elements(participant.get("type"))
    )


def _has_left(participant: Element) -> bool:
    return bool((participant.get("period") or {}).get("end"))


def ended(encounter: Resource, *, at: datetime, to: str) -> Resource:
    """The Encounter finished at a time; ``to`` is a code of DESTINATIONS."""
    display, national = codes.DESTINATIONS[to]
    disposition = codes.concept(codes.DISPOSITION, to, display)
    if national:
        disposition["coding"].append({"system": codes.DISCHARGED_TO, "code": national})
    now = moment_text(at)
    changed = {
        **encounter,
        "status": "finished",
        "period": {**encounter.get("period", {}), "end": now},
        "hospitalization": {
            **encounter.get("hospitalization", {}),
            "dischargeDisposition": disposition,
        },
    }
    _put(changed, "location", _beds(encounter, "", now))
    return changed


def with_extension(encounter: Resource, said: Resource) -> Resource:
    """The Encounter that says this as well."""
    return {**encounter, "extension": [*encounter.get("extension", ()), said]}


def exception(reason: str, words: str, by: Person, at: datetime) -> Resource:
    """Why a stay ends without its summary: the extension that says it."""
    return {
        "url": ENDED_WITHOUT,
        "extension": [
            {"url": "reason", "valueCode": reason},
            {"url": "text", "valueString": words},
            {"url": "by", "valueReference": by.as_json()},
            {"url": "at", "valueDateTime": moment_text(at)},
        ],
    }


def stay_of(encounter: Element, version: int) -> Stay:
    """An Encounter, from here or from any other system, as a stay."""
    exceptions = [
        each
        for each in reading.elements(encounter.get("extension"))
        if each.get("url") == ENDED_WITHOUT
    ]
    reasons = [reading.concept_text(each) for each in reading.elements(encounter.get("reasonCode"))]
    source = (encounter.get("hospitalization") or {}).get("admitSource")
    period = encounter.get("period") or {}
    based_on = [
        target.partition("/")[2]
        for each in reading.elements(encounter.get("basedOn"))
        if (target := reading.reference_target(each)).startswith("ServiceRequest/")
    ]
    return Stay(
        id=reading.string(encounter.get("id")),
        version=version,
        patient=reading.reference_target(encounter.get("subject")),
        unit=_person(encounter.get("serviceProvider")),
        status=reading.string(encounter.get("status")),
        since=reading.moment(period.get("start")),
        ended=reading.moment(period.get("end")),
        placing=read_placing(encounter),
        reason=", ".join(filter(None, reasons)),
        is_acute=codes.has(source, codes.ADMIT_SOURCE, "emd"),
        referral=based_on[0] if based_on else "",
        said=read_said(encounter),
        ended_without=str(part(exceptions[-1], "reason").get("valueCode", ""))
        if exceptions
        else "",
        is_going_on=lasts(encounter),
    )


def moment_text(moment: datetime) -> str:
    """An aware moment as an instant in Norwegian time."""
    return moment.astimezone(NORWAY).isoformat(timespec="seconds")


def _person(reference: object) -> Person:
    return Person(reading.reference_target(reference), reading.reference_text(reference))


def _put(resource: Resource, name: str, value: list[Any]) -> None:
    if value:
        resource[name] = value
    else:
        resource.pop(name, None)


__all__ = [
    "NOBODY", "Person", "Placing", "Resource", "Stay", "ended", "exception", "moment_text",
    "new_stay", "placed", "read_placing", "stay_of", "with_extension",
]  # fmt: skip
