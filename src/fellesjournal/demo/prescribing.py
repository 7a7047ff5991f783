"""Medicines: prescriptions with a dose that reads and computes the same, renewals and stops."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from fellesjournal.demo.catalogue.medicines import (
    DOXYCYCLINE,
    ERYTHROMYCIN,
    PARACETAMOL_AS_NEEDED,
    PIVMECILLINAM,
    Medicine,
)
from fellesjournal.demo.moments import iso_day, iso_moment
from fellesjournal.demo.record import Contact, Problem, Record
from fellesjournal.demo.terms import (
    HL7,
    NO_BASIS,
    Element,
    Resource,
    coding,
)
from fellesjournal.fhir.dosage import (
    AsNeeded,
    Dosage,
    Part,
    Period,
    Rhythm,
    Step,
    Weekday,
    When,
    elements_of,
    text_of,
)

_WHEN = (When.MORNING, When.NOON, When.EVENING, When.NIGHT)
_UNITS = {
    "tablett": "tablet",
    "kapsel": "capsule",
    "inhalasjon": "inhalation",
    "enhet": "unit",
    "dose": "dose",
    "påføring": "application",
    "påsmøring": "smear",
    "implantat": "implant",
    "injeksjon": "injection",
    "ml": "ml",
}
_WEEKLY = Rhythm(Period.WEEK, 1, (Weekday.MONDAY,))
_CONTINUOUS = {"coding": [coding(HL7 + "medicationrequest-course-of-therapy", "continuous")]}
_ACUTE = {"coding": [coding(HL7 + "medicationrequest-course-of-therapy", "acute")]}
_RENEWAL_DAYS = 365


# What replaces a medicine group (ATC prefix) for those who react to it or should not have it.
_REPLACEMENTS = (("J01C", DOXYCYCLINE), ("M01A", PARACETAMOL_AS_NEEDED), ("J01MA", PIVMECILLINAM),
                 ("J01AA", ERYTHROMYCIN))  # fmt: skip
_ASPIRIN = "B01AC06"
# Groups of which a citizen has one at a time.
_ONE_OF = ("A10BK", "C09", "C10AA", "B01A", "C08", "N06AB", "A02BC", "R03BB", "N02BE")


def _safe(record: Record, medicine: Medicine, day: int) -> Medicine:
    """The medicine, or its replacement for the allergic, the pregnant and the frail."""
    avoid = list(record.avoid)
    if record.pregnant(day):
        avoid += ["M01A", "J01MA", "J01AA"]
    if record.age(day) > 70 or any(c.medicine.atc.startswith("B01A") for c in record.courses):
        avoid.append("M01A")
    if record.age(day) < 12:
        avoid.append("J01AA")
    for _turn in range(3):
        if not any(medicine.atc.startswith(group) for group in avoid):
            return medicine
        for group, replacement in _REPLACEMENTS:
            if medicine.atc.startswith(group):
                medicine = replacement
                break
    return medicine


def _anticoagulant(medicine: Medicine) -> bool:
    return medicine.atc.startswith(("B01AF", "B01AA"))


def _alike(course: Course, medicine: Medicine) -> bool:
    used = course.medicine.atc
    return used == medicine.atc or any(
        used.startswith(group) and medicine.atc.startswith(group) for group in _ONE_OF
    )


@dataclass(slots=True)
class Course:
    """A medicine in use: its newest prescription, and whether it has been stopped."""

    medicine: Medicine
    prescription: Resource
    reason: Problem | None
    lasting: bool = True
    stopped: bool = False


def start(
    record: Record,
    at: Contact,
    medicine: Medicine,
    reason: Problem | None = None,
    *,
    days: int | None = None,
) -> Course:
    """Prescribe a medicine at an encounter, for some days or, without `days`, until stopped.

    Lasting medicines are renewed yearly: the old prescription is completed, a new one written.
    One the citizen reacts to is replaced, and nothing lasting is given twice: when something of
    the same kind is in use, that course is returned.
    """
    medicine = _safe(record, medicine, at.day)
    for course in record.courses:
        if days is not None or not course.lasting or course.stopped:
            continue
        if _anticoagulant(medicine) and course.medicine.atc == _ASPIRIN:
            stop(course, at.day, f"Erstattet av {medicine.name.lower()}")
        elif _alike(course, medicine):
            return course
    prescription = _prescribe(record, at, medicine, reason, days)
    course = Course(medicine, prescription, reason, lasting=days is None)
    record.courses.append(course)
    if days is None:
        _plan_renewal(record, course, at.day)
    return course


def stop(course: Course, day: int, why: str) -> None:
    """Stop a course on a day with a reason; stopping twice changes nothing."""
    if course.stopped:
        return
    course.stopped = True
    course.prescription["status"] = "stopped"
    course.prescription["statusReason"] = {"text": why}
    course.prescription["dispenseRequest"]["validityPeriod"]["end"] = iso_day(day)


def change(record: Record, at: Contact, course: Course, medicine: Medicine, why: str) -> Course:
    """Replace a course by another medicine or strength."""
    stop(course, at.day, why)
    return start(record, at, medicine, course.reason)


def _plan_renewal(record: Record, course: Course, day: int) -> None:
    def renew(today: int) -> None:
        if course.stopped:
            return
        course.prescription["status"] = "completed"
        worker = record.gp
        at = Contact({"id": ""}, today, 12 * 60, worker.unit, worker)
        course.prescription = _prescribe(
            record, at, course.medicine, course.reason, None, before=course.prescription
        )
        _plan_renewal(record, course, today)

    record.at(day + _RENEWAL_DAYS - int(record.rng.random() * 20), renew)


def _prescribe(
    record: Record,
    at: Contact,
    medicine: Medicine,
    reason: Problem | None,
    days: int | None,
    before: Resource | None = None,
) -> Resource:
    ends = at.day + (days if days is not None else _RENEWAL_DAYS)
    body: Element = {
        "status": "active" if ends > record.end or days is None else "completed",
        "intent": "order",
        "medicationCodeableConcept": medicine.concept(),
        "subject": record.subject,
    }
    if at.resource["id"]:
        body["encounter"] = at.ref
    body["authoredOn"] = iso_moment(at.day, at.minutes + 12)
    body["requester"] = at.worker.ref
    if reason is not None:
        body["reasonReference"] = [reason.ref]
    if medicine.once_per or any(medicine.doses):  # what is needed says for what in its dose
        body["reasonCode"] = [{"text": medicine.reason}]
    body["courseOfTherapyType"] = _CONTINUOUS if days is None else _ACUTE
    body["dosageInstruction"] = dosage(medicine)
    body["dispenseRequest"] = {
        "validityPeriod": {"start": iso_day(at.day), "end": iso_day(ends)},
        "numberOfRepeatsAllowed": 3 if days is None else 0,
    }
    if before is not None:
        body["priorPrescription"] = {"reference": f"MedicationRequest/{before['id']}"}
    return record.add("MedicationRequest", "med", body, of=at.unit)


def dosage(medicine: Medicine) -> list[Element]:
    """The dosage instructions: text in Norwegian, and structure that says the same."""
    made = elements_of(dose(medicine))
    for element in made:
        element["route"] = {"text": medicine.route}
    return made


def dosage_text(medicine: Medicine) -> str:
    """How the dose reads: `1 tablett morgen og kveld hver dag`."""
    return text_of(dose(medicine), "nb")


def dose(medicine: Medicine) -> Dosage:
    """The usual dose of a medicine."""
    return Dosage(_UNITS[medicine.unit], (_step(medicine),))


def _step(medicine: Medicine) -> Step:
    if medicine.once_per:
        period, unit = medicine.once_per
        rhythm = _WEEKLY if (period, unit) == (1, "wk") else Rhythm(Period(unit), period)
        return Step((Part(Decimal(medicine.at_most), rhythm),))
    if not any(medicine.doses):
        return Step(
            as_needed=AsNeeded(Decimal(1), None, Decimal(medicine.at_most), medicine.reason)
        )
    amounts: dict[float, list[When]] = {}
    for when, amount in zip(_WHEN, medicine.doses, strict=True):
        if amount:
            amounts.setdefault(amount, []).append(when)
    return Step(
        tuple(Part(Decimal(str(amount)), at=tuple(whens)) for amount, whens in amounts.items())
    )


def self_reported(record: Record, day: int, medicine: Medicine) -> None:
    """A medicine without prescription that the citizen says she or he takes."""
    body: Element = {
        "status": "active",
        "medicationCodeableConcept": medicine.concept(),
        "subject": record.subject,
        "effectivePeriod": {"start": iso_day(day)},
        "dateAsserted": iso_day(day),
        "informationSource": record.subject,
        "reasonCode": [{"text": medicine.reason}],
        "dosage": dosage(medicine),
    }
    record.add("MedicationStatement", "sta", body, of=record.gp.unit,
               profile=NO_BASIS + "MedicationStatement")  # fmt: skip


def list_medicines(record: Record) -> None:
    """The citizen's medication list, made by her GP from what is in use; none without any.

    Everybody's list then has number 1; who has never had a medicine has none.
    """
    in_use = [
        resource
        for resource in record.resources
        if resource["resourceType"] == "MedicationRequest" and resource["status"] == "active"
    ]
    if not in_use or not record.alive:
        return
    entries = [
        {"item": {"reference": f"MedicationRequest/{resource['id']}"}} for resource in in_use
    ]
    body: Element = {
        "status": "current",
        "mode": "working",
        "title": "Legemidler i bruk",
        "code": {"coding": [coding(HL7 + "list-example-use-codes", "medications")]},
        "subject": record.subject,
        "date": max(resource["authoredOn"] for resource in in_use),
        "source": record.gp.ref,
        "entry": entries,
    }
    record.add("List", "lst", body, of=record.gp.unit)


def close(record: Record) -> None:
    """Stop what is still active when the citizen has died."""
    if record.person.death is not None and record.person.death <= record.until:
        for course in record.courses:
            if course.prescription["status"] == "active":
                stop(course, record.end, "Pasienten er død")
