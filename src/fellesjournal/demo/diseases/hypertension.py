"""High blood pressure: found at a check, falls with treatment, checked twice a year."""

from __future__ import annotations

from fellesjournal.demo.catalogue import laboratory, medicines
from fellesjournal.demo.catalogue.diagnoses import HYPERTENSION
from fellesjournal.demo.contacts import gp_visit, problem
from fellesjournal.demo.diseases.timing import first_contact, onset, treated_from
from fellesjournal.demo.findings import labs, vitals
from fellesjournal.demo.prescribing import start
from fellesjournal.demo.record import Control, Record
from fellesjournal.demo.writing import note

_FIRST_CHOICES = (medicines.AMLODIPINE, medicines.RAMIPRIL, medicines.CANDESARTAN)


def prevalence(age: int, sex: str) -> float:
    """Share with high blood pressure."""
    if age < 35:
        return 0.005
    return min(0.55, 0.012 * (age - 32) + (0.02 if sex == "male" else 0.0))


def begin(record: Record) -> None:
    """Raise the pressure slowly, then treat it."""
    began = onset(record, 34, 14)
    record.body.shift("systolic", began - 700, 30, ramp=700)
    record.body.shift("diastolic", began - 700, 13, ramp=700)
    day = first_contact(record, began)
    treated = treated_from(record, began, day)
    record.body.shift("systolic", treated, -19, ramp=60)
    record.body.shift("diastolic", treated, -9, ramp=60)

    def debut(today: int) -> None:
        visit = gp_visit(record, today, HYPERTENSION)
        found = problem(record, HYPERTENSION, began, at=visit)
        vitals(record, visit, "bp", "pulse", "weight", "height")
        labs(record, visit, laboratory.CHECK_UP)
        start(record, visit, record.rng.choice(_FIRST_CHOICES), found)
        if record.chance(0.3):
            start(record, visit, medicines.HYDROCHLOROTHIAZIDE, found)
        note(
            record, visit, "Høyt blodtrykk",
            history="Kommer til kontroll av blodtrykket.",
            assessment="Blodtrykket har vært forhøyet over tid. Samlet risiko er vurdert.",
            plan="Råd om salt, mosjon og vekt. Blodtrykksmedisin. Ny kontroll om én måned.",
        )  # fmt: skip
        control = Control(
            HYPERTENSION, 200, ("bp", "pulse", "weight"), laboratory.KIDNEY, today + 30,
            "Blodtrykket vurderes mot behandlingsmålet.",
        )  # fmt: skip
        record.controls.append(control)

    record.at(day, debut)
