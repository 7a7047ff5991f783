"""Dementia: examined with the GP, medicine for some, needs help at home and later a place."""

from __future__ import annotations

from fellesjournal.demo.catalogue import laboratory, medicines
from fellesjournal.demo.catalogue.diagnoses import DEMENTIA
from fellesjournal.demo.diseases.course import discover, first_contact, follow, onset
from fellesjournal.demo.plans import flag
from fellesjournal.demo.record import Record


def prevalence(age: int, sex: str) -> float:
    """Share with dementia."""
    if age < 65:
        return 0.0
    share = 0.015 if age < 70 else 0.05 if age < 80 else 0.16 if age < 87 else 0.34
    return share * (1.1 if sex == "female" else 0.9)


def begin(record: Record, since: int | None = None) -> None:
    """Weight falls slowly; the GP examines, and follows twice a year.

    `since` fixes the day it began.
    """
    began = since or onset(record, 65, 7)
    record.body.shift("weight", began, -7, ramp=2000)

    def debut(today: int) -> None:
        donepezil = record.chance(0.45)
        visit, _ = discover(
            record, today, DEMENTIA, began,
            measure=("bp", "pulse", "weight"), panel=laboratory.FATIGUE,
            prescribe=(medicines.DONEPEZIL,) if donepezil else (),
            story=(
                "Pårørende forteller om svekket hukommelse og at avtaler glipper.",
                "Utredning med MMSE og klokketest gir mistanke om demens.",
                "Hukommelsesteam i kommunen kobles på. Bilkjøring vurdert. Pårørendesamtale.",
            ),
        )  # fmt: skip
        flag(record, visit.unit, "Demens: gi beskjeder skriftlig og til pårørende", visit.day,
             visit.worker)  # fmt: skip
        follow(
            record, DEMENTIA, 180, measure=("weight", "bp"), panel=laboratory.BASIC,
            from_day=today + 90, assessment="Funksjon, ernæring og trygghet hjemme vurderes.",
        )  # fmt: skip

    record.at(first_contact(record, began), debut)
