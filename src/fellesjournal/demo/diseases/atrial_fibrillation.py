"""Atrial fibrillation: an irregular pulse, blood thinner for good, INR for those on warfarin."""

from __future__ import annotations

from fellesjournal.demo.catalogue import laboratory, medicines
from fellesjournal.demo.catalogue.diagnoses import ATRIAL_FIBRILLATION
from fellesjournal.demo.diseases.course import discover, first_contact, follow, onset
from fellesjournal.demo.plans import flag
from fellesjournal.demo.record import Record


def prevalence(age: int, sex: str) -> float:
    """Share with atrial fibrillation."""
    if age < 50:
        return 0.003 if age >= 35 else 0.0
    return min(0.2, 0.0045 * (age - 48)) * (1.15 if sex == "male" else 0.9)


def begin(record: Record, since: int | None = None) -> None:
    """Raise the pulse and start a blood thinner; `since` fixes the day it began."""
    began = since or onset(record, 45, 9)
    warfarin = record.chance(0.12)
    record.body.shift("pulse", began, 14)
    record.body.shift("pulse", began + 20, -10, ramp=40)
    if warfarin:
        record.body.shift("inr", began + 20, 1.5, ramp=20)

    def debut(today: int) -> None:
        thinner = medicines.WARFARIN if warfarin else medicines.APIXABAN
        visit, _ = discover(
            record, today, ATRIAL_FIBRILLATION, began,
            measure=("bp", "pulse"),
            panel=laboratory.CHECK_UP,
            prescribe=(thinner, medicines.METOPROLOL),
            story=(
                "Hjertebank og redusert kondisjon.",
                "EKG viser atrieflimmer. Risiko for blodpropp tilsier blodfortynnende.",
                f"{thinner.name} og pulssenkende. Informert om blødning.",
            ),
        )  # fmt: skip
        flag(record, visit.unit, f"Bruker blodfortynnende ({thinner.name.lower()})", visit.day,
             visit.worker)  # fmt: skip
        follow(
            record, ATRIAL_FIBRILLATION, 42 if warfarin else 240, measure=("pulse",),
            panel=laboratory.INR if warfarin else laboratory.BASIC, from_day=today + 25,
            assessment="Blodfortynnende fortsetter, ingen blødninger.",
        )  # fmt: skip

    record.at(first_contact(record, began), debut)
