"""Coronary disease: a heart attack with admission and stent, then preventive medicines."""

from __future__ import annotations

from fellesjournal.demo.catalogue import laboratory, medicines
from fellesjournal.demo.catalogue.diagnoses import HEART_ATTACK, ISCHAEMIC_HEART
from fellesjournal.demo.diseases.course import discover, first_contact, follow, onset
from fellesjournal.demo.record import Record
from fellesjournal.demo.services.hospital import Stay, admit

_ATTACK = Stay(
    HEART_ATTACK, "medical", 4,
    "Akutte brystsmerter. Troponin stigende. Utblokking av kransåre med stent uten komplikasjoner.",
    "Hjerterehabilitering. Fastlegen kontrollerer kolesterol og blodtrykk om seks uker.",
    panel=laboratory.CHEST_PAIN, on_problem_list=True,
    medicines="Startet acetylsalisylsyre, atorvastatin og metoprolol.",
    procedures=("Koronar angiografi", "Utblokking av kransåre med stent (PCI)"),
)  # fmt: skip


def prevalence(age: int, sex: str) -> float:
    """Share with known coronary disease."""
    if age < 45:
        return 0.0
    return min(0.19, 0.005 * (age - 43)) * (1.3 if sex == "male" else 0.65)


def begin(record: Record, since: int | None = None) -> None:
    """A heart attack in the recorded time, or an old disease with preventive treatment.

    `since` fixes the day it began.
    """
    began = since or onset(record, 44, 15)
    record.body.shift("ldl", began + 5, -1.5, ramp=60)
    record.body.shift("cholesterol", began + 5, -1.7, ramp=60)
    if began >= record.start and record.chance(0.6):
        record.body.shift("troponin", began - 1, 900, ramp=1, lasting=5)
        record.at(began, lambda today: _attack(record, today))
    record.at(first_contact(record, began) + 8, lambda today: _prevent(record, today, began))


def _attack(record: Record, today: int) -> None:
    admit(record, today, _ATTACK)


def _prevent(record: Record, today: int, began: int) -> None:
    discover(
        record, today, ISCHAEMIC_HEART, began,
        measure=("bp", "pulse", "weight"),
        panel=laboratory.LIPIDS,
        prescribe=(medicines.ACETYLSALICYLIC, medicines.ATORVASTATIN, medicines.METOPROLOL),
        story=(
            "Kontroll av kransåresykdom. Ingen brystsmerter i hvile.",
            "Stabil kransåresykdom.",
            "Forebyggende medisiner. LDL skal være under målet. Mosjon, røykfrihet.",
        ),
    )  # fmt: skip
    follow(
        record, ISCHAEMIC_HEART, 300, measure=("bp", "pulse"), panel=laboratory.LIPIDS,
        from_day=today + 60, assessment="Kransåresykdommen er stabil, kolesterolet følges.",
    )  # fmt: skip
