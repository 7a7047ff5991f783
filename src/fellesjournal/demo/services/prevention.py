"""What every record should know: allergies, critical information, vaccines, own medicines."""

from __future__ import annotations

from datetime import date
from functools import partial

from fellesjournal.demo import plans
from fellesjournal.demo.catalogue import medicines, vaccines
from fellesjournal.demo.contacts import gp_visit
from fellesjournal.demo.findings import smoking, vitals
from fellesjournal.demo.prescribing import self_reported
from fellesjournal.demo.protection import (
    ALLERGENS,
    allergy,
    no_known_allergy,
    not_asked,
    vaccinate,
)
from fellesjournal.demo.record import Record
from fellesjournal.demo.writing import note


def plan(record: Record) -> None:
    """Put the first visit of the record and the vaccine autumns on the calendar."""
    if record.age() >= 1:
        record.at(record.start + int(record.rng.random() * 150), partial(_first_visit, record))
    _yearly_vaccines(record)


def _first_visit(record: Record, day: int) -> None:
    at = gp_visit(record, day)
    mark = record.rng.random()
    if mark < 0.14:
        allergy(record, at, record.rng.choice(ALLERGENS))
    elif mark < 0.62:
        no_known_allergy(record, at)
    elif mark < 0.7:
        not_asked(record, at)
    if record.age(day) >= 16:
        level = record.rng.choices(("never", "former", "current"), (0.6, 0.3, 0.1))[0]
        smoking(record, at, level)
        vitals(record, at, "bp", "weight", "height")
    if record.age(day) > 65 and record.chance(0.3):
        self_reported(record, day, medicines.COD_LIVER_OIL)
    if record.person.language not in {"nb", "nn", "sma"} and record.chance(0.6):
        plans.flag(record, at.unit, "Trenger tolk", at.day, at.worker, "safety")
    note(
        record, at, "Førstegangskonsultasjon",
        history="Ny på listen. Gjennomgang av tidligere sykdom og legemidler.",
        assessment="Journalen er oppdatert.",
        plan="Ny time ved behov.",
    )  # fmt: skip


def _yearly_vaccines(record: Record) -> None:
    """Influenza and covid vaccine in autumn for those over 65 who want it."""
    if record.age() < 65 or record.chance(0.3):
        return
    for year in range(date.fromordinal(record.start).year, date.fromordinal(record.end).year + 1):
        day = date(year, 10, 6).toordinal() + int(record.rng.random() * 40)
        if record.person.age(day) >= 65 and record.chance(0.85):
            record.at(day, partial(_dose, record, covid=year >= 2021 and record.chance(0.7)))


def _dose(record: Record, day: int, *, covid: bool) -> None:
    moved = record.office_day(day)
    if record.busy(moved):
        return
    gp = record.gp
    vaccinate(record, moved, 11 * 60, vaccines.INFLUENZA, 1, gp.unit, gp)
    if covid:
        vaccinate(record, moved, 11 * 60 + 5, vaccines.COVID, 1, gp.unit, gp)
