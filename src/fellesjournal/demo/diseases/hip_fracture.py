"""Hip fracture after a fall: surgery, rehabilitation, osteoporosis treatment, help at home."""

from __future__ import annotations

from fellesjournal.demo.catalogue import medicines
from fellesjournal.demo.catalogue.diagnoses import HIP_FRACTURE, OSTEOPOROSIS
from fellesjournal.demo.contacts import problem
from fellesjournal.demo.diseases.course import onset
from fellesjournal.demo.plans import flag
from fellesjournal.demo.prescribing import start
from fellesjournal.demo.record import Record
from fellesjournal.demo.services import physiotherapy
from fellesjournal.demo.services.hospital import Stay, admit, follow_up

_STAY = Stay(
    HIP_FRACTURE, "surgical", 6,
    "Falt hjemme. Brudd i lårhalsen, operert første døgn. Trenger hjelp av én ved forflytning.",
    "Opptrening i kommunen. Behandling for beinskjørhet startes. Fallforebygging.",
    on_problem_list=True, medicines="Startet alendronsyre, kalsium og vitamin D.",
    procedures=("Hemiprotese i hofte",),
)  # fmt: skip


def prevalence(age: int, sex: str) -> float:
    """Share with a hip fracture in the recorded time."""
    if age < 65:
        return 0.0
    return min(0.13, 0.0042 * (age - 63)) * (1.25 if sex == "female" else 0.7)


def begin(record: Record) -> None:
    """The fall and what follows."""
    record.at(onset(record, 64, 6.5), lambda day: fall(record, day))


def fall(record: Record, day: int) -> None:
    """The fracture, its operation and the time after."""
    record.body.shift("hb", day + 1, -2.8, ramp=2, lasting=40)
    record.body.shift("crp", day, 110, ramp=3, lasting=8)
    at = admit(record, day, _STAY)
    if at is None:
        return
    brittle = problem(record, OSTEOPOROSIS, day, at=at)
    for medicine in (medicines.ALENDRONATE, medicines.CALCIUM_VITAMIN_D):
        start(record, at, medicine, brittle)
    start(record, at, medicines.OXYCODONE, record.problems[HIP_FRACTURE.name], days=10)
    start(record, at, medicines.PARACETAMOL, record.problems[HIP_FRACTURE.name], days=60)
    flag(record, at.unit, "Fallfare", at.day, at.worker, "safety")
    follow_up(record, _STAY, day)
    physiotherapy.treat(record, day + 16, HIP_FRACTURE, sessions=12)
