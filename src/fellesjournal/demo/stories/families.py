"""Marit, the Vollseter family, Thea and the newborn girl."""

from __future__ import annotations

from functools import partial

from fellesjournal.demo import home_visits, orders, plans, requisitions, ward
from fellesjournal.demo.catalogue import diagnoses, laboratory, medicines
from fellesjournal.demo.contacts import gp_visit
from fellesjournal.demo.diseases import asthma, depression, everyday, pregnancy, steady
from fellesjournal.demo.prescribing import start
from fellesjournal.demo.protection import allergy, not_asked
from fellesjournal.demo.record import Record
from fellesjournal.demo.stories import work
from fellesjournal.demo.stories.parts import gp_contact, meet_gp
from fellesjournal.demo.writing import note
from fellesjournal.registry.units import UnitKind

_BY_DIAGNOSIS = {complaint.diagnosis.name: complaint for complaint in everyday.COMPLAINTS}
_PEANUT = ("food", "", "Peanøtt", "Elveblest, hevelse og pustebesvær", "severe", "high")


def marit(record: Record) -> None:
    """55, well, low metabolism; she looks after her mother."""
    meet_gp(record)
    steady.begin(record, steady.BY_NAME[diagnoses.HYPOTHYROIDISM.name], record.until - 2200)
    gp_contact(
        record, 64, "Sliten pårørende",
        history="Tar seg av moren ved siden av jobb. Sover dårlig.",
        assessment="Belastning som pårørende, ikke deprimert.",
        plan="Snakket om avlastning og hjelp fra kommunen. Egenmelding.",
        kind="gp-video",
    )  # fmt: skip
    work.referred(record, 26, diagnoses.SHOULDER_PAIN, "surgical-outpatient", state="waiting")
    record.at(record.until - 20, partial(home_visits.grant, record))


def emrik(record: Record) -> None:
    """8, asthma and peanut allergy; an attack in late summer."""
    until = record.until
    asthma.begin(record, until - 1650)
    record.at(until - 1400, partial(_peanut, record))
    record.at(until - 78, partial(asthma.flare_up, record))


def _peanut(record: Record, day: int) -> None:
    at = gp_visit(record, day)
    allergy(record, at, _PEANUT)
    plans.flag(record, at.unit, "Alvorlig peanøttallergi, har adrenalinpenn", at.day, at.worker)
    start(record, at, medicines.ADRENALINE_PEN)
    note(
        record, at, "Peanøttallergi",
        history="Elveblest og hoven leppe etter en bit peanøttsmør.",
        assessment="Peanøttallergi, bekreftet med blodprøve hos spesialist.",
        plan="Adrenalinpenn hjemme og på skolen. Barnehage og skole er informert.",
    )  # fmt: skip


def schoolchild(record: Record) -> None:
    """A healthy child at school; there for what parents see at each age."""
    meet_gp(record)


def ylva(record: Record) -> None:
    """Soon twelve; a talk with the public health nurse at school."""
    meet_gp(record)
    work.talk_at_school(record)


def storm(record: Record) -> None:
    """Fourteen; at the out-of-hours clinic with an ankle yesterday."""
    meet_gp(record)
    work.last_evening_out_of_hours(record)


def sunniva(record: Record) -> None:
    """38, migraine and a depression some years ago, which is especially confidential."""
    meet_gp(record)
    steady.begin(record, steady.BY_NAME[diagnoses.MIGRAINE.name], record.until - 3000)
    depression.begin(record, record.until - 1900)
    work.referred(record, 3, diagnoses.MIGRAINE, "outpatient")


def havard(record: Record) -> None:
    """40, fit, an ankle and a back that waits for physiotherapy."""
    meet_gp(record, smokes="former")
    for days_ago, diagnosis in ((150, diagnoses.ANKLE_SPRAIN), (410, diagnoses.BACK_PAIN)):
        complaint = _BY_DIAGNOSIS[diagnosis.name]
        record.at(record.until - days_ago, partial(everyday.see_doctor, record,
                                                   complaint=complaint))  # fmt: skip
    work.waiting_for_physiotherapy(record, 12, diagnoses.BACK_PAIN)
    work.referred(record, 7, diagnoses.BACK_PAIN, "surgical-outpatient", state="asked")
    requisitions.sent(record, 1, laboratory.THYROID, "Trøtt siden i vinter")


def thea(record: Record) -> None:
    """31, pregnant in week 31 with her first child; in the medical ward for some days."""
    meet_gp(record)
    conceived = record.until - 31 * 7 - 2
    pregnancy.pregnancy(record, conceived, born=conceived + pregnancy.TERM_DAYS)
    record.at(record.end, partial(_book_midwife, record))
    ward.lies_in(record, 2, diagnoses.PNEUMONIA, "203-2",
                 "Høy feber og tung pust. Jordmor ser til henne hver dag.")  # fmt: skip


def _book_midwife(record: Record, _day: int) -> None:
    unit = record.unit(UnitKind.HEALTH_STATION)
    midwife = record.region.worker("staff-midwife")
    orders.appointment(record, record.until + 5, unit, midwife, "Svangerskapskontroll uke 32",
                       minutes=9 * 60 + 30, length=30)  # fmt: skip


def newborn(record: Record) -> None:
    """Two days old, with a help number until the fodselsnummer comes."""
    record.at(record.end, partial(_allergy_not_asked, record))


def _allergy_not_asked(record: Record, _day: int) -> None:
    not_asked(record, gp_visit(record, record.end, diagnoses.NEWBORN, "gp-phone"))
