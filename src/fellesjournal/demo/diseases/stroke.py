"""Stroke: admission, rehabilitation with physiotherapy, prevention for good."""

from __future__ import annotations

from fellesjournal.demo.catalogue import laboratory, medicines
from fellesjournal.demo.catalogue.diagnoses import STROKE
from fellesjournal.demo.diseases.course import follow, onset
from fellesjournal.demo.prescribing import start
from fellesjournal.demo.record import Record
from fellesjournal.demo.services import physiotherapy
from fellesjournal.demo.services.hospital import Stay, admit, follow_up

_STAY = Stay(
    STROKE, "medical", 8,
    "Akutt svakhet i arm og bein og utydelig tale. CT viser hjerneinfarkt. Trombolyse gitt.",
    "Opptrening i kommunen med fysioterapi. Blodtrykk følges av fastlegen.",
    on_problem_list=True, medicines="Startet acetylsalisylsyre og atorvastatin.",
    procedures=("CT av hjernen", "Trombolyse"),
)  # fmt: skip


def prevalence(age: int, sex: str) -> float:
    """Share with a stroke in the recorded time."""
    return 0.0 if age < 50 else min(0.055, 0.0014 * (age - 48)) * (1.1 if sex == "male" else 1.0)


def begin(record: Record) -> None:
    """The stroke and what comes after."""
    day = onset(record, 48, 6)

    def happens(today: int) -> None:
        at = admit(record, today, _STAY)
        if at is None:
            return
        known = record.problems[STROKE.name]
        start(record, at, medicines.ACETYLSALICYLIC, known)
        start(record, at, medicines.ATORVASTATIN, known)
        record.body.shift("ldl", today, -1.3, ramp=60)
        record.body.shift("cholesterol", today, -1.4, ramp=60)
        follow_up(record, _STAY, today)
        physiotherapy.treat(record, today + 20, STROKE, sessions=12)
        follow(
            record, STROKE, 200, measure=("bp", "pulse"), panel=laboratory.LIPIDS,
            from_day=today + 90, assessment="Forebygging etter hjerneslag fortsetter.",
        )  # fmt: skip

    record.at(day, happens)
