"""Heart failure: NT-proBNP and weight rise when it worsens, admissions, then four medicines."""

from __future__ import annotations

from fellesjournal.demo.catalogue import laboratory, medicines
from fellesjournal.demo.catalogue.diagnoses import HEART_FAILURE
from fellesjournal.demo.diseases.course import discover, first_contact, follow, onset
from fellesjournal.demo.moments import YEAR
from fellesjournal.demo.prescribing import start
from fellesjournal.demo.record import Record
from fellesjournal.demo.services.hospital import Stay, admit, follow_up

_WORSE = Stay(
    HEART_FAILURE, "medical", 5,
    "Innlagt med økende tung pust og hovne bein. God virkning av vanndrivende intravenøst.",
    "Daglig vekt hjemme. Ved mer enn 2 kg økning på tre døgn: kontakt fastlegen.",
    panel=laboratory.Panel("Innkomstprøver, hjerte", (*laboratory.ADMISSION.keys, "ntprobnp",
                                                      "troponin")),
    medicines="Furosemid økt. Spironolakton lagt til.",
)  # fmt: skip


def prevalence(age: int, sex: str) -> float:
    """Share with heart failure."""
    if age < 55:
        return 0.001 if age >= 40 else 0.0
    return min(0.17, 0.0042 * (age - 53)) * (1.1 if sex == "male" else 0.95)


def begin(record: Record, since: int | None = None) -> None:
    """Raise NT-proBNP, treat, and let it worsen now and then; `since` fixes the day it began."""
    began = since or onset(record, 50, 7)
    record.body.shift("ntprobnp", began - 300, record.rng.uniform(700, 2600), ramp=400)
    record.body.shift("pulse", began, 6)
    record.body.shift("saturation", began, -1.6)
    record.body.shift("creatinine", began + 60, 16, ramp=900)
    record.body.shift("systolic", began + 60, -8, ramp=90)
    day = first_contact(record, began)
    record.at(day, lambda today: _debut(record, today, began))


def _debut(record: Record, today: int, began: int) -> None:
    discover(
        record, today, HEART_FAILURE, began,
        measure=("bp", "pulse", "saturation", "weight", "height"),
        panel=laboratory.HEART,
        prescribe=(medicines.RAMIPRIL, medicines.METOPROLOL, medicines.FUROSEMIDE),
        story=(
            "Tung pust i motbakke, hovne ankler, må sove høyt.",
            "Hjertesvikt. Høy NT-proBNP. Ultralyd av hjertet er bestilt.",
            "Starter medisiner i lav dose. Daglig vekt. Ny kontroll om to uker.",
        ),
    )  # fmt: skip
    follow(
        record, HEART_FAILURE, 110, measure=("bp", "pulse", "weight", "saturation"),
        panel=laboratory.HEART, from_day=today + 20,
        assessment="Vekt, salter og nyrer vurderes sammen med plagene.",
    )  # fmt: skip
    next_worse = today + int(record.rng.uniform(0.4, 3.0) * YEAR)
    record.at(next_worse, lambda then: worsen(record, then))


def worsen(record: Record, day: int) -> None:
    """An admission for worsening heart failure, with a GP check after it."""
    body = record.body
    body.shift("ntprobnp", day - 12, 4200, ramp=12, lasting=16)
    body.shift("weight", day - 12, 5, ramp=12, lasting=14)
    body.shift("saturation", day - 6, -5, ramp=6, lasting=8)
    body.shift("respiration", day - 5, 8, ramp=5, lasting=7)
    body.shift("pulse", day - 5, 22, ramp=5, lasting=8)
    at = admit(record, day, _WORSE)
    if at is None:
        return
    known = record.problems.get(HEART_FAILURE.name)
    if not any(course.medicine is medicines.SPIRONOLACTONE for course in record.courses):
        start(record, at, medicines.SPIRONOLACTONE, known)
        start(record, at, medicines.DAPAGLIFLOZIN, known)
    follow_up(record, _WORSE, day)
    record.at(day + int(record.rng.uniform(0.5, 3.5) * YEAR), lambda then: worsen(record, then))
