"""Jesper, Karoline, Læjsa and Zbigniew."""

from __future__ import annotations

from functools import partial

from fellesjournal.demo import orders, plans, requisitions, ward
from fellesjournal.demo.catalogue import diagnoses, laboratory, medicines
from fellesjournal.demo.contacts import illness, out_of_hours
from fellesjournal.demo.diseases import diabetes1, hypertension, steady
from fellesjournal.demo.findings import vitals
from fellesjournal.demo.prescribing import start
from fellesjournal.demo.record import Record
from fellesjournal.demo.services import physiotherapy
from fellesjournal.demo.services.hospital import Stay, admit
from fellesjournal.demo.stories import work
from fellesjournal.demo.stories.parts import gp_contact, meet_gp
from fellesjournal.demo.writing import note


def jesper(record: Record) -> None:
    """22, diabetes type 1 since he was eleven, a bad low last spring."""
    meet_gp(record)
    diabetes1.begin(record, record.until - 4200)
    record.at(record.until - 205, partial(_low_sugar, record))
    requisitions.sent(record, 1, laboratory.DIABETES, "Årskontroll ved diabetes type 1")


def _low_sugar(record: Record, day: int) -> None:
    record.body.shift("glucose", day, -9, ramp=1, lasting=1)
    at = out_of_hours(record, day, diagnoses.DIABETES_1)
    vitals(record, at, "bp", "pulse")
    note(
        record, at, "Legevakt: føling",
        history="Funnet forvirret av samboere etter trening. Blodsukker 2,1.",
        assessment="Alvorlig føling etter trening. Kvikk etter glukose.",
        plan="Mindre insulin før trening. Beskjed til diabetespoliklinikken.",
    )  # fmt: skip


def karoline(record: Record) -> None:
    """35, address strictly confidential (code 6)."""
    meet_gp(
        record,
        flags=(("Strengt fortrolig adresse: bruk bare kontakt via fastlegen", "safety"),),
        history="Henvendelser skal bare gå gjennom legekontoret. Adresse skal ikke noteres.",
    )
    steady.begin(record, steady.BY_NAME[diagnoses.ANXIETY.name], record.until - 1100)
    gp_contact(
        record, 47, "Samtale",
        history="Har det tryggere nå, men sover lett.",
        assessment="Bedring.",
        plan="Ny samtale om seks uker. Innkalling hentes på legekontoret.",
    )  # fmt: skip


def laejsa(record: Record) -> None:
    """47, reindeer owner, wants letters in South Sami."""
    meet_gp(
        record,
        flags=(("Ønsker sørsamisk i brev og samtale, tolk ved behov", "safety"),),
        allergies=(("environment", "", "Bjørkepollen", "Rennende nese og kløende øyne", "mild",
                    "low"),),
    )  # fmt: skip
    hypertension.begin(record, record.until - 700)
    steady.begin(record, steady.BY_NAME[diagnoses.HAY_FEVER.name], record.until - 4000)
    physiotherapy.treat(record, record.until - 40, diagnoses.BACK_PAIN, sessions=9)
    work.waiting_for_the_ward(record, 8, diagnoses.HYPERTENSION)


def zbigniew(record: Record) -> None:
    """38, hurt his hand at work, on a D-number; in the medical ward with pneumonia."""
    meet_gp(record, smokes="current", flags=(("Trenger polsk tolk", "safety"),))
    record.at(record.until - 160, partial(_hand, record))
    ward.lies_in(record, 3, diagnoses.PNEUMONIA, "201-1",
                 "Feber og hoste i fem dager. Behandles med antibiotika intravenøst.")  # fmt: skip


def _hand(record: Record, day: int) -> None:
    at = out_of_hours(record, day, diagnoses.WOUND)
    illness(record, diagnoses.WOUND, day, 70, at)
    vitals(record, at, "bp", "pulse")
    note(
        record, at, "Legevakt: håndskade",
        history="Skar seg på maskin på jobb. Kan ikke bøye ringfingeren.",
        assessment="Dypt kutt med seneskade i hånda.",
        plan="Legges inn for operasjon. Arbeidsskade meldt. Tolk på telefon.",
    )  # fmt: skip
    orders.request(record, at, orders.REFERRAL, record.ward("emergency"), diagnoses.WOUND,
                   "Seneskade i hånd, ønskes operert.", priority="urgent")  # fmt: skip
    stay = Stay(
        diagnoses.WOUND, "surgical", 2,
        "Senen er sydd. Gips i fire uker. Epikrise gitt også på polsk.",
        "Håndterapi i kommunen. Sykmeldt åtte uker.",
        procedures=("Sutur av bøyesene i finger",),
    )  # fmt: skip
    stayed = admit(record, at.day, stay)
    if stayed is not None:
        start(record, stayed, medicines.DICLOXACILLIN, days=7)
        plans.flag(record, stayed.unit, "Operert hånd: ingen tung belastning i tolv uker",
                   stayed.day, stayed.worker)  # fmt: skip
    physiotherapy.treat(record, day + 35, diagnoses.WOUND, sessions=8)
