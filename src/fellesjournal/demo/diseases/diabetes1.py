"""Diabetes type 1: insulin from the first day, a swinging HbA1c, the hospital clinic follows."""

from __future__ import annotations

from fellesjournal.demo.catalogue import laboratory, medicines
from fellesjournal.demo.catalogue.diagnoses import DIABETES_1
from fellesjournal.demo.contacts import outpatient, problem
from fellesjournal.demo.diseases.course import first_contact, onset
from fellesjournal.demo.findings import labs, vitals
from fellesjournal.demo.orders import appointment
from fellesjournal.demo.prescribing import start
from fellesjournal.demo.record import Record
from fellesjournal.demo.services.hospital import Stay, admit
from fellesjournal.demo.writing import CLINIC_NOTE, note


def prevalence(age: int, sex: str) -> float:
    """Share with diabetes type 1."""
    return 0.0 if age < 3 else 0.006 if sex == "male" else 0.005


def begin(record: Record, since: int | None = None) -> None:
    """Admit when it is new, then follow at the clinic every four months.

    `since` fixes the day it began.
    """
    began = since or onset(record, 2, 25)
    record.body.shift("hba1c", began - 60, 62, ramp=60)
    record.body.shift("glucose", began - 60, 10, ramp=60)
    record.body.shift("hba1c", began + 10, -36, ramp=120)
    record.body.shift("glucose", began + 2, -6, ramp=20)
    for swing in range(began + 400, record.end, 420):
        record.body.shift("hba1c", swing, record.rng.uniform(-8, 9), ramp=90, lasting=250)
    day = first_contact(record, began)
    child = record.age(day) < 18
    if began >= record.start:
        stay = Stay(
            DIABETES_1, "paediatric" if child else "medical", 6,
            "Nyoppdaget diabetes type 1. Insulin startet, opplæring gitt.",
            "Kontroll på diabetespoliklinikk om to uker.", on_problem_list=True,
        )  # fmt: skip
        record.at(day, lambda today: _admitted(record, today, stay))
    record.at(day + 20, lambda today: _clinic(record, today, began, first=True))


def _admitted(record: Record, today: int, stay: Stay) -> None:
    admit(record, today, stay)


def _clinic(record: Record, today: int, began: int, *, first: bool = False) -> None:
    clinic = "paediatric" if record.age(today) < 18 else "outpatient"
    visit = outpatient(record, today, clinic, DIABETES_1)
    found = problem(record, DIABETES_1, began, at=visit)
    vitals(record, visit, "weight", "height" if record.age(today) < 18 else "pulse", "bp")
    labs(record, visit, laboratory.DIABETES)
    if first:
        for medicine in (medicines.INSULIN_GLARGINE, medicines.INSULIN_ASPART):
            start(record, visit, medicine, found)
    note(
        record, visit, "Diabetespoliklinikk",
        history="Kontroll av diabetes type 1. Bruker sensor og fører egne målinger.",
        assessment="Blodsukkeret svinger noe; dosene er gjennomgått.",
        plan="Justerer måltidsinsulin. Ny time om fire måneder.",
        kind=CLINIC_NOTE,
    )  # fmt: skip
    coming = today + 112 + int(record.rng.random() * 25)
    record.at(coming, lambda then: _clinic(record, then, began))
    if coming > record.until + 1 and record.alive:
        appointment(record, coming, visit.unit, visit.worker, "Diabetespoliklinikk", hospital=True,
                    created=visit.day, length=40)  # fmt: skip
