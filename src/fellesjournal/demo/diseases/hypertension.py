"""High blood pressure: found at a check, falls with treatment, checked twice a year."""

from __future__ import annotations

from fellesjournal.demo.catalogue import laboratory, medicines
from fellesjournal.demo.catalogue.diagnoses import HYPERTENSION
from fellesjournal.demo.diseases.course import (
    discover,
    first_contact,
    follow,
    onset,
    treated_from,
)
from fellesjournal.demo.record import Record

_FIRST_CHOICES = (medicines.AMLODIPINE, medicines.RAMIPRIL, medicines.CANDESARTAN)


def prevalence(age: int, sex: str) -> float:
    """Share with high blood pressure."""
    if age < 35:
        return 0.005 if age >= 18 else 0.0
    return min(0.55, 0.012 * (age - 32) + (0.02 if sex == "male" else 0.0))


def begin(record: Record, since: int | None = None) -> None:
    """Raise the pressure slowly, then treat it; `since` fixes the day it began."""
    began = since or onset(record, 30, 14)
    record.body.shift("systolic", began - 700, 30, ramp=700)
    record.body.shift("diastolic", began - 700, 13, ramp=700)
    day = first_contact(record, began)
    treated = treated_from(record, began, day)
    record.body.shift("systolic", treated, -19, ramp=60)
    record.body.shift("diastolic", treated, -9, ramp=60)

    def debut(today: int) -> None:
        chosen = [record.rng.choice(_FIRST_CHOICES)]
        if record.chance(0.3):
            chosen.append(medicines.HYDROCHLOROTHIAZIDE)
        discover(
            record, today, HYPERTENSION, began,
            measure=("bp", "pulse", "weight", "height"),
            panel=laboratory.CHECK_UP,
            prescribe=chosen,
            story=(
                "Kommer til kontroll av blodtrykket.",
                "Blodtrykket har vært forhøyet over tid. Samlet risiko er vurdert.",
                "Råd om salt, mosjon og vekt. Blodtrykksmedisin. Ny kontroll om én måned.",
            ),
        )  # fmt: skip
        follow(
            record, HYPERTENSION, 270, measure=("bp", "pulse", "weight"),
            panel=laboratory.KIDNEY, from_day=today + 30,
            assessment="Blodtrykket vurderes mot behandlingsmålet.",
        )  # fmt: skip

    record.at(day, debut)
