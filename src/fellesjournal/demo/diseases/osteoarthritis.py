"""Osteoarthritis of knee or hip: pain, training, and for some a new joint."""

from __future__ import annotations

from fellesjournal.demo.catalogue import medicines
from fellesjournal.demo.catalogue.diagnoses import (
    OSTEOARTHRITIS_HIP,
    OSTEOARTHRITIS_KNEE,
    Diagnosis,
)
from fellesjournal.demo.contacts import gp_visit, outpatient
from fellesjournal.demo.diseases.course import discover, first_contact, onset
from fellesjournal.demo.orders import refer
from fellesjournal.demo.record import Record
from fellesjournal.demo.services import physiotherapy
from fellesjournal.demo.services.hospital import Stay, admit, follow_up
from fellesjournal.demo.writing import CLINIC_NOTE, note


def prevalence(age: int, sex: str) -> float:
    """Share with painful osteoarthritis of knee or hip."""
    if age < 45:
        return 0.0
    return min(0.28, 0.0075 * (age - 43)) * (1.25 if sex == "female" else 0.8)


def begin(record: Record, since: int | None = None) -> None:
    """Pain, training, perhaps surgery some years later; `since` fixes the day it began."""
    began = since or onset(record, 44, 10)
    which = OSTEOARTHRITIS_KNEE if record.chance(0.6) else OSTEOARTHRITIS_HIP

    def debut(today: int) -> None:
        visit, _ = discover(
            record, today, which, began,
            measure=("weight", "height"),
            prescribe=(medicines.PARACETAMOL_AS_NEEDED,),
            story=(
                "Smerter ved gange og i trapper, stiv om morgenen.",
                f"{which.name}, bekreftet på røntgen.",
                "Trening med fysioterapeut, vektråd, smertestillende ved behov.",
            ),
        )  # fmt: skip
        if record.chance(0.6):
            to = record.unit(physiotherapy.KIND)
            refer(record, visit, to, which, "Ønsker vurdering og treningsopplegg.",
                  kind=physiotherapy.ORDER)  # fmt: skip
            physiotherapy.treat(record, today + 40, which, sessions=8)
        if record.age(today) > 58 and record.chance(0.3):
            later = today + 300 + int(record.rng.random() * 900)
            record.at(later, lambda then: _refer(record, then, which))

    record.at(first_contact(record, began), debut)


def _refer(record: Record, day: int, which: Diagnosis) -> None:
    visit = gp_visit(record, day, which)
    refer(record, visit, record.ward("surgical-outpatient"), which,
          "Uttalte smerter tross trening. Ber om vurdering for protese.",
          done=day + 50 <= record.end)  # fmt: skip
    record.at(day + 50, lambda then: _clinic(record, then, which))


def _clinic(record: Record, day: int, which: Diagnosis) -> None:
    at = outpatient(record, day, "surgical-outpatient", which)
    note(
        record, at, "Ortopedisk og kirurgisk poliklinikk",
        history="Henvist for langvarige smerter.",
        assessment=f"{which.name} med klar nytte av protese.",
        plan="Settes på venteliste for innsetting av protese.",
        kind=CLINIC_NOTE,
    )  # fmt: skip
    record.at(day + 110, lambda then: _operate(record, then, which))


def _operate(record: Record, day: int, which: Diagnosis) -> None:
    joint = "kneprotese" if which is OSTEOARTHRITIS_KNEE else "hofteprotese"
    stay = Stay(
        which, "surgical", 3,
        f"Innlagt for planlagt {joint}. Ukomplisert operasjon. Mobilisert første dag.",
        "Fysioterapi i kommunen. Kontroll ved poliklinikken etter tre måneder.",
        emergency=False, medicines="Oksykodon ved behov i én uke, apiksaban i to uker.",
        procedures=(f"Innsetting av {joint}",),
    )  # fmt: skip
    record.body.shift("hb", day + 1, -2.4, ramp=1, lasting=25)
    record.body.shift("crp", day + 1, 90, ramp=2, lasting=6)
    if admit(record, day, stay) is not None:
        follow_up(record, stay, day)
        physiotherapy.treat(record, day + 14, which, sessions=8)
