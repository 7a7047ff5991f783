"""COPD in smokers: falling saturation, exacerbations with antibiotics, now and then admission."""

from __future__ import annotations

from fellesjournal.demo.catalogue import laboratory, medicines
from fellesjournal.demo.catalogue.diagnoses import COPD, COPD_EXACERBATION
from fellesjournal.demo.contacts import gp_visit, illness
from fellesjournal.demo.diseases.course import discover, first_contact, follow, onset
from fellesjournal.demo.findings import labs, smoking, vitals
from fellesjournal.demo.moments import YEAR
from fellesjournal.demo.prescribing import start
from fellesjournal.demo.record import Record
from fellesjournal.demo.services.hospital import Stay, admit, follow_up
from fellesjournal.demo.writing import note

_STAY = Stay(
    COPD_EXACERBATION, "medical", 5,
    "Forverring av kols med økende tung pust og misfarget oppspytt. Behandlet med forstøver, "
    "prednisolon og antibiotika.",
    "Lungerehabilitering vurderes. Egenbehandlingsplan er gjennomgått.",
    medicines="Prednisolon 40 mg i fem dager. Amoksicillin i sju dager.",
)  # fmt: skip


def prevalence(age: int, sex: str) -> float:
    """Share with COPD."""
    del sex
    return 0.0 if age < 45 else min(0.11, 0.0032 * (age - 43))


def begin(record: Record, since: int | None = None) -> None:
    """Lower the saturation over the years and plan the exacerbations.

    `since` fixes the day it began.
    """
    began = since or onset(record, 44, 12)
    record.body.shift("saturation", began, -4.2, ramp=3500)
    record.body.shift("respiration", began, 3, ramp=2500)
    record.body.shift("weight", began, -5, ramp=4000)

    def debut(today: int) -> None:
        visit, _ = discover(
            record, today, COPD, began,
            measure=("saturation", "respiration", "pulse", "weight", "height"),
            panel=laboratory.INFECTION,
            prescribe=(medicines.OLODATEROL_TIOTROPIUM, medicines.SALBUTAMOL),
            story=(
                "Hoste og tung pust over flere år. Har røykt i mer enn tretti år.",
                "Spirometri viser varig nedsatt pust: kols.",
                "Røykeslutt, inhalasjoner, influensavaksine. Årskontroll med spirometri.",
            ),
        )  # fmt: skip
        smoking(record, visit, "current" if record.chance(0.4) else "former")
        follow(
            record, COPD, 180, measure=("saturation", "respiration", "weight"),
            panel=laboratory.INFECTION, from_day=today + 80,
            assessment="Kolsen vurderes med pust, vekt og antall forverringer.",
        )  # fmt: skip
        first = today + int(record.rng.uniform(0.2, 1.6) * YEAR)
        record.at(first, lambda then: exacerbate(record, then))

    record.at(first_contact(record, began), debut)


def exacerbate(record: Record, day: int) -> None:
    """A worsening, one in three with admission."""
    if record.busy(day):
        return
    worse(record, day)
    if record.chance(0.35):
        if admit(record, day, _STAY) is not None:
            follow_up(record, _STAY, day)
    else:
        at = gp_visit(record, day, COPD_EXACERBATION)
        illness(record, COPD_EXACERBATION, day, 12, at)
        vitals(record, at, "saturation", "respiration", "pulse", "temperature")
        labs(record, at, laboratory.CRP_ONLY)
        start(record, at, medicines.PREDNISOLONE, days=5)
        start(record, at, medicines.AMOXICILLIN, days=7)
        note(
            record, at, "Forverring av kols",
            history="Mer tung pust og mer oppspytt de siste dagene.",
            assessment="Kolsforverring, kan behandles hjemme.",
            plan="Prednisolon og antibiotika. Ringer om to dager.",
        )  # fmt: skip
    record.at(day + int(record.rng.uniform(0.5, 2.2) * YEAR), lambda then: exacerbate(record, then))


def worse(record: Record, day: int) -> None:
    """What the body shows while COPD is worse."""
    record.body.shift("saturation", day - 3, -6, ramp=3, lasting=7)
    record.body.shift("respiration", day - 3, 8, ramp=3, lasting=7)
    record.body.shift("pulse", day - 3, 18, ramp=3, lasting=7)
    record.body.shift("crp", day - 3, record.rng.uniform(25, 110), ramp=3, lasting=6)
    record.body.shift("leukocytes", day - 3, 5, ramp=3, lasting=6)
    record.body.shift("temperature", day - 2, 0.9, ramp=1, lasting=5)
