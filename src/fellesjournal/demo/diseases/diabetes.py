"""Diabetes type 2: HbA1c rises over years, falls after metformin, checked three times a year."""

from __future__ import annotations

from fellesjournal.demo.catalogue import laboratory, medicines
from fellesjournal.demo.catalogue.diagnoses import DIABETES_2
from fellesjournal.demo.contacts import gp_visit
from fellesjournal.demo.diseases.course import (
    discover,
    first_contact,
    follow,
    onset,
    treated_from,
)
from fellesjournal.demo.findings import labs
from fellesjournal.demo.moments import YEAR
from fellesjournal.demo.prescribing import start
from fellesjournal.demo.record import Record
from fellesjournal.demo.writing import note


def prevalence(age: int, sex: str) -> float:
    """Share with diabetes type 2."""
    if age < 35:
        return 0.002 if age >= 20 else 0.0
    return min(0.17, 0.0038 * (age - 33)) * (1.2 if sex == "male" else 0.9)


def begin(record: Record, since: int | None = None) -> None:
    """Raise HbA1c and glucose, then bring them down with metformin, and later a second drug.

    `since` fixes the day it began.
    """
    began = since or onset(record, 30, 12)
    height = record.rng.uniform(24, 42)
    record.body.shift("hba1c", began - 1200, height, ramp=1200)
    record.body.shift("glucose", began - 1200, height / 8, ramp=1200)
    record.body.shift("weight", began - 2500, 9, ramp=1500)
    day = first_contact(record, began)
    treated = treated_from(record, began, day)
    record.body.shift("hba1c", treated, -0.55 * height, ramp=150)
    record.body.shift("glucose", treated, -0.07 * height, ramp=150)
    record.body.shift("hba1c", treated + 500, 9, ramp=1500)
    record.body.shift("acr", treated, 2.2, ramp=2500)
    record.body.shift("ldl", treated, -1.2, ramp=60)
    record.body.shift("cholesterol", treated, -1.3, ramp=60)
    record.at(day, lambda today: _debut(record, today, began))


def _debut(record: Record, today: int, began: int) -> None:
    discover(
        record, today, DIABETES_2, began,
        measure=("weight", "height", "bp"),
        panel=laboratory.DIABETES,
        prescribe=(medicines.METFORMIN_1G, medicines.ATORVASTATIN),
        story=(
            "Blodprøvene viser forhøyet langtidsblodsukker.",
            "Diabetes type 2.",
            "Metformin, kostråd og startkurs. Øyelege og fotkontroll. Prøver hver 4. måned.",
        ),
    )  # fmt: skip
    follow(
        record, DIABETES_2, 120, measure=("weight", "bp"), panel=laboratory.DIABETES,
        from_day=today + 90, assessment="Langtidsblodsukkeret vurderes mot målet.",
    )  # fmt: skip
    later = today + int(record.rng.uniform(1.2, 3.5) * YEAR)
    record.at(later, lambda then: _intensify(record, then))


def _intensify(record: Record, today: int) -> None:
    visit = gp_visit(record, today, DIABETES_2)
    labs(record, visit, laboratory.HBA1C_ONLY)
    second = medicines.EMPAGLIFLOZIN if record.chance(0.6) else medicines.SEMAGLUTIDE
    start(record, visit, second, record.problems[DIABETES_2.name])
    record.body.shift("hba1c", today, -10, ramp=120)
    record.body.shift("weight", today, -3.5, ramp=250)
    note(
        record, visit, "Diabetes type 2",
        history="Langtidsblodsukkeret stiger tross metformin.",
        assessment="Ikke i mål.",
        plan=f"Legger til {second.name.lower()}. Ny prøve om tre måneder.",
    )  # fmt: skip
