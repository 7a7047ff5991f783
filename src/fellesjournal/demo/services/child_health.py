"""Child health station and school health: programme, growth, vaccines, and the stay at birth."""

from __future__ import annotations

from functools import partial

from fellesjournal.demo import orders
from fellesjournal.demo.catalogue import vaccines
from fellesjournal.demo.catalogue.diagnoses import NEWBORN, PREVENTION
from fellesjournal.demo.contacts import contact
from fellesjournal.demo.findings import vitals
from fellesjournal.demo.moments import YEAR
from fellesjournal.demo.protection import declined, vaccinate
from fellesjournal.demo.record import Record
from fellesjournal.demo.staff import Worker
from fellesjournal.demo.writing import document, note
from fellesjournal.registry.units import UnitKind

# (age in days, what the note says): norway.md section 12.2, fourteen consultations.
CONSULTATIONS = (
    (8, "Hjemmebesøk. Ammingen er i gang, navlen er tørr."),
    (28, "Følger med blikket. Sover fire timer i strekk."),
    (42, "Seks uker: lege undersøker hofter, hjerte og øyne."),
    (91, "Tre måneder: smiler og pludrer. Vaksiner gitt."),
    (122, "Fire måneder: griper etter leker."),
    (152, "Fem måneder: snur seg. Vaksiner gitt."),
    (183, "Seks måneder: startet med grøt."),
    (244, "Åtte måneder: sitter alene."),
    (305, "Ti måneder: reiser seg."),
    (365, "Ett år: lege undersøker. Vaksiner gitt."),
    (457, "Femten måneder: går. MMR-vaksine gitt."),
    (535, "Atten måneder: sier flere ord."),
    (731, "To år: språk og samspill vurdert."),
    (1461, "Fire år: syn og hørsel undersøkt."),
)  # fmt: skip
_SCHOOL_CHECKS = ((6, "Skolestart: vekst, syn og trivsel."), (8, "3. trinn: vekst."),
                  (13, "8. trinn: vekst og samtale."))  # fmt: skip
_REFUSING = 0.03


def plan(record: Record) -> None:
    """Put the programme of the years that the record covers on the calendar."""
    if record.age() > 22:
        return
    birth = record.person.birth
    refusing = record.chance(_REFUSING)
    unit = record.unit(UnitKind.HEALTH_STATION)
    nurse = record.region.someone(unit, record.rng, "public-health-nurse")
    if birth >= record.start:
        record.at(birth, partial(_born, record))
    if not refusing and record.person.moved_in is None:
        _earlier_doses(record, nurse)
    for days, text in CONSULTATIONS:
        drift = int(record.rng.random() * 7)
        record.at(birth + days + drift, partial(
            _consult, record, days=days, text=text, nurse=nurse, refusing=refusing))  # fmt: skip
    for age, text in _SCHOOL_CHECKS:
        day = birth + int((age + 0.2 + 0.6 * record.rng.random()) * YEAR)
        record.at(day, partial(_school, record, text=text, nurse=nurse))
    for turn, (age, vaccine, dose) in enumerate(vaccines.SCHOOL_PROGRAMME):
        if not refusing:
            day = birth + int((age + 0.3) * YEAR) + 14 * turn
            record.at(day, partial(_school_dose, record, vaccine=vaccine, dose=dose, nurse=nurse))
    _book_next(record, nurse)


def _earlier_doses(record: Record, nurse: Worker) -> None:
    """The doses before the recorded time, so that the vaccination card is whole."""
    birth = record.person.birth
    for days, vaccine, dose in vaccines.INFANT_PROGRAMME:
        if birth + days < record.start:
            vaccinate(record, birth + days, 10 * 60, vaccine, dose, nurse.unit, nurse)
    for turn, (age, vaccine, dose) in enumerate(vaccines.SCHOOL_PROGRAMME):
        day = birth + int((age + 0.3) * YEAR) + 14 * turn
        if day < record.start:
            vaccinate(record, day, 10 * 60, vaccine, dose, nurse.unit, nurse)


def _born(record: Record, day: int) -> None:
    ward = record.ward("maternity")
    worker = record.region.someone(ward, record.rng, "hospital-doctor")
    length = min(2, record.until - day) * 1440
    at = contact(record, "admission", day, unit=ward, worker=worker, reason=NEWBORN,
                 minutes=9 * 60, length=max(300, length - 600))  # fmt: skip
    vitals(record, at, "weight", "height", "temperature", "pulse")
    document(
        record,
        at,
        ("A03-2", "Epikrise"),
        "Epikrise: nyfødt",
        f"Født til termin. Undersøkt av barnelege uten avvik. {', '.join(at.findings)}.\n",
    )


def _consult(
    record: Record, day: int, *, days: int, text: str, nurse: Worker, refusing: bool
) -> None:
    if record.busy(day):
        return
    at = contact(record, "child-health", record.office_day(day), unit=nurse.unit, worker=nurse,
                 reason=PREVENTION)  # fmt: skip
    vitals(record, at, "weight", "height")
    for age, vaccine, dose in vaccines.INFANT_PROGRAMME:
        if age == days and refusing:
            declined(record, at, vaccine)
        elif age == days:
            vaccinate(record, at.day, at.minutes + 20, vaccine, dose, nurse.unit, nurse, at)
    note(
        record, at, "Helsestasjon",
        history="Kontroll etter programmet, sammen med foresatte.",
        assessment=text if not refusing else text.replace("Vaksiner gitt.", ""),
        plan="Ny time etter programmet.",
    )  # fmt: skip


def _school(record: Record, day: int, *, text: str, nurse: Worker) -> None:
    at = contact(record, "school-health", record.office_day(day), unit=nurse.unit, worker=nurse,
                 reason=PREVENTION)  # fmt: skip
    vitals(record, at, "weight", "height")
    note(record, at, "Skolehelsetjeneste", history=text, assessment="Trives. Normal vekst.",
         plan="Ingen videre tiltak.")  # fmt: skip


def _school_dose(
    record: Record, day: int, *, vaccine: vaccines.Vaccine, dose: int, nurse: Worker
) -> None:
    vaccinate(record, record.office_day(day), 10 * 60, vaccine, dose, nurse.unit, nurse)


def _book_next(record: Record, nurse: Worker) -> None:
    """The next consultation after today, as an appointment."""
    age = record.until - record.person.birth
    coming = next((days for days, _ in CONSULTATIONS if days > age + 2), None)
    if coming is not None and record.alive and coming - age < 200:
        orders.appointment(
            record, record.person.birth + coming, nurse.unit, nurse,
            "Kontroll på helsestasjonen", kind=("Vaksine", "Time for vaksine"),
            created=max(record.person.birth, record.end - 3), length=30,
        )  # fmt: skip
