"""Diabetes type 2: HbA1c rises over years, falls after metformin, checked three times a year."""

from __future__ import annotations

from fellesjournal.demo.catalogue import laboratory, medicines
from fellesjournal.demo.catalogue.diagnoses import DIABETES_2
from fellesjournal.demo.contacts import gp_visit, problem
from fellesjournal.demo.diseases.timing import first_contact, onset, treated_from
from fellesjournal.demo.findings import labs, vitals
from fellesjournal.demo.moments import YEAR
from fellesjournal.demo.prescribing import start
from fellesjournal.demo.record import Control, Record
from fellesjournal.demo.writing import note


def prevalence(age: int, sex: str) -> float:
    """Share with diabetes type 2."""
    if age < 35:
        return 0.002
    return min(0.17, 0.0038 * (age - 33)) * (1.2 if sex == "male" else 0.9)


def begin(record: Record) -> None:
    """Raise HbA1c and glucose, then bring them down with metformin, and later a second drug."""
    began = onset(record, 35, 12)
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

    def debut(today: int) -> None:
        visit = gp_visit(record, today, DIABETES_2)
        found = problem(record, DIABETES_2, began, at=visit)
        vitals(record, visit, "weight", "height", "bp")
        labs(record, visit, laboratory.DIABETES)
        start(record, visit, medicines.METFORMIN_1G, found)
        start(record, visit, medicines.ATORVASTATIN, found)
        record.body.shift("ldl", today, -1.2, ramp=60)
        record.body.shift("cholesterol", today, -1.3, ramp=60)
        note(
            record, visit, "Diabetes type 2",
            history="Blodprøvene viser forhøyet langtidsblodsukker.",
            assessment="Diabetes type 2.",
            plan="Metformin, kostråd og startkurs. Øyelege og fotkontroll. Prøver hver 4. måned.",
        )  # fmt: skip
        record.controls.append(
            Control(
                DIABETES_2, 120, ("weight", "bp"), laboratory.DIABETES, today + 90,
                "Langtidsblodsukkeret vurderes mot målet.",
            )
        )  # fmt: skip
        record.at(today + int(record.rng.uniform(1.2, 3.5) * YEAR), intensify)

    def intensify(today: int) -> None:
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

    record.at(day, debut)
