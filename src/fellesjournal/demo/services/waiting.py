"""Referrals that wait: sent these last days, not yet assessed by the hospital."""

from __future__ import annotations

from functools import partial

from fellesjournal.demo.catalogue import diagnoses
from fellesjournal.demo.catalogue.diagnoses import Diagnosis
from fellesjournal.demo.contacts import gp_visit
from fellesjournal.demo.orders import refer
from fellesjournal.demo.record import Record
from fellesjournal.demo.writing import note

# (diagnosis, clinic, what the letter says)
_REASONS = (
    (diagnoses.SHOULDER_PAIN, "surgical-outpatient", "Smerter i over et halvt år tross øvelser."),
    (diagnoses.OSTEOARTHRITIS_KNEE, "surgical-outpatient", "Går bare korte turer."),
    (diagnoses.CHEST_PAIN, "outpatient", "Trykk i brystet ved anstrengelse."),
    (diagnoses.ABDOMINAL_PAIN, "outpatient", "Magesmerter i flere måneder, ingen alarmtegn."),
    (diagnoses.TIREDNESS, "outpatient", "Uavklart slapphet, normale prøver."),
)
_SHARE = 0.03
_LONGEST_WAIT_DAYS = 16


def plan(record: Record) -> None:
    """For a few adults: a referral of the last weeks."""
    if record.alive and record.age() >= 18 and record.chance(_SHARE):
        day = record.end - int(record.rng.random() * _LONGEST_WAIT_DAYS)
        record.at(day, partial(_refer, record, reason=record.rng.choice(_REASONS)))


def _refer(record: Record, day: int, *, reason: tuple[Diagnosis, str, str]) -> None:
    if record.busy(day) or record.in_nursing_home_from:
        return
    diagnosis, clinic, text = reason
    visit = gp_visit(record, day, diagnosis)
    note(record, visit, diagnosis.name, history=text, assessment="Trenger spesialistvurdering.",
         plan="Henvises.")  # fmt: skip
    priority = "urgent" if diagnosis is diagnoses.CHEST_PAIN else "routine"
    refer(record, visit, record.ward(clinic), diagnosis, text, priority=priority, done=False)
