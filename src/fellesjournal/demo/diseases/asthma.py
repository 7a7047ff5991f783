"""Asthma: begins mostly in children, worsens with colds, prevented by inhaled steroid."""

from __future__ import annotations

from fellesjournal.demo.catalogue import laboratory, medicines
from fellesjournal.demo.catalogue.diagnoses import ASTHMA
from fellesjournal.demo.contacts import out_of_hours
from fellesjournal.demo.diseases.course import discover, first_contact, follow, onset
from fellesjournal.demo.findings import vitals
from fellesjournal.demo.moments import YEAR
from fellesjournal.demo.prescribing import start
from fellesjournal.demo.record import Record
from fellesjournal.demo.writing import note


def prevalence(age: int, sex: str) -> float:
    """Share with asthma."""
    del sex
    return 0.0 if age < 2 else 0.07 if age < 18 else 0.055


def begin(record: Record, since: int | None = None) -> None:
    """Find it, treat it, let it flare up now and then; `since` fixes the day it began."""
    began = since or onset(record, 1.5, 20)

    def debut(today: int) -> None:
        child = record.age(today) < 12
        steroid = medicines.BUDESONIDE_CHILD if child else medicines.BUDESONIDE
        discover(
            record, today, ASTHMA, began,
            measure=("saturation", "respiration", "weight", "height"),
            prescribe=(steroid, medicines.SALBUTAMOL),
            story=(
                "Hoste om natta og tung pust ved anstrengelse, mest ved forkjølelse.",
                "Astma. God virkning av luftveisutvidende.",
                "Forebyggende inhalasjon daglig. Opplæring i inhalasjonsteknikk.",
            ),
        )  # fmt: skip
        follow(
            record, ASTHMA, 330, measure=("saturation", "weight", "height") if child else (
                "saturation",),
            panel=laboratory.CRP_ONLY, from_day=today + 90,
            assessment="Astmaen er under kontroll.",
        )  # fmt: skip
        flare = today + int(record.rng.uniform(0.2, 2.5) * YEAR)
        record.at(flare, lambda then: flare_up(record, then))

    record.at(first_contact(record, began), debut)


def flare_up(record: Record, day: int) -> None:
    """An attack that ends at the out-of-hours clinic."""
    if record.busy(day):
        return
    record.body.shift("saturation", day - 1, -5, ramp=1, lasting=2)
    record.body.shift("respiration", day - 1, 12, ramp=1, lasting=2)
    record.body.shift("pulse", day - 1, 22, ramp=1, lasting=2)
    at = out_of_hours(record, day, ASTHMA)
    vitals(record, at, "saturation", "respiration", "pulse", "temperature")
    start(record, at, medicines.PREDNISOLONE, record.problems.get(ASTHMA.name), days=4)
    note(
        record, at, "Legevakt: astmaanfall",
        history="Tung pust siden i går, lite hjelp av hurtigvirkende inhalasjon.",
        assessment="Astmaanfall. Bedring etter inhalasjon på forstøver.",
        plan="Prednisolon i fire dager. Time hos fastlegen innen en uke.",
    )  # fmt: skip
    record.at(day + int(record.rng.uniform(0.8, 4) * YEAR), lambda then: flare_up(record, then))
