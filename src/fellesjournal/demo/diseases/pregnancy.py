"""Pregnancy and birth: checks at midwife and GP, growing weight, a stay at the maternity ward."""

from __future__ import annotations

from functools import partial

from fellesjournal.demo.catalogue import laboratory, medicines
from fellesjournal.demo.catalogue.diagnoses import BIRTH, PREGNANCY
from fellesjournal.demo.contacts import contact, gp_visit, illness, outpatient
from fellesjournal.demo.findings import labs, vitals
from fellesjournal.demo.plans import care_plan
from fellesjournal.demo.prescribing import self_reported, start
from fellesjournal.demo.record import Contact, Record
from fellesjournal.demo.services.hospital import Stay, admit
from fellesjournal.demo.writing import note
from fellesjournal.registry.units import UnitKind

TERM_DAYS = 280
# Checks in days of pregnancy, and who does them (the basic programme, simplified).
CHECKS = (
    (60, "gp"), (170, "midwife"), (198, "gp"), (224, "midwife"), (238, "midwife"), (252, "gp"),
    (262, "midwife"), (270, "midwife"),
)  # fmt: skip
_BIRTH_STAY = Stay(
    BIRTH, "maternity", 2,
    "Spontan fødsel til termin. Mor og barn har det bra.",
    "Hjemmebesøk av jordmor og helsesykepleier. Etterkontroll hos fastlegen om seks uker.",
    panel=laboratory.Panel("Prøver på fødeavdelingen", ("hb", "crp")),
    procedures=("Forløsning, vanlig fødsel",),
)  # fmt: skip


def prevalence(age: int, sex: str) -> float:
    """Share with a pregnancy in the recorded time whose child is not drawn as a citizen."""
    return 0.1 if sex == "female" and 22 <= age <= 43 else 0.0


def begin(record: Record) -> None:
    """A pregnancy at a random time of the record, some still going on."""
    age_limit = record.person.birth + int(20 * 365.25)
    pregnancy(record, record.some_day(max(record.start, age_limit)))


def births_of(record: Record) -> None:
    """The pregnancies of the children the citizen is mother of, within the recorded time."""
    for relative in record.person.relatives:
        child = relative.person
        if relative.relation != "barn" or child is None or not record.female:
            continue
        if child.birth - TERM_DAYS > record.start:
            pregnancy(record, child.birth - TERM_DAYS, born=child.birth)


def pregnancy(record: Record, conceived: int, born: int | None = None) -> None:
    """One pregnancy from its first day (of the last period) to the check six weeks after."""
    birth = born if born is not None else conceived + TERM_DAYS + int(record.rng.gauss(0, 7))
    if any(begin - 200 < birth and conceived < end + 200 for begin, end in record.pregnancies):
        return
    record.pregnancies.append((conceived, birth))
    record.body.shift("weight", conceived + 60, 12.5, ramp=210, lasting=birth - conceived - 60)
    record.body.shift("hb", conceived + 90, -1.3, ramp=90, lasting=birth - conceived - 60)
    record.body.shift("pulse", conceived + 90, 9, ramp=90, lasting=birth - conceived - 90)
    record.body.shift("ferritin", conceived + 90, -40, ramp=120, lasting=birth - conceived)
    record.body.shift("creatinine", conceived + 60, -14, ramp=60, lasting=birth - conceived - 60)
    for days, who in CHECKS:
        if conceived + days < birth - 2:
            record.at(conceived + days, partial(_check, record, days=days, who=who, birth=birth))
    record.at(conceived + 128, lambda day: _ultrasound(record, day))
    record.at(birth, lambda day: _give_birth(record, day))
    record.at(birth + 42, lambda day: _after(record, day))


def _check(record: Record, day: int, *, days: int, who: str, birth: int) -> None:
    first = days == CHECKS[0][0]
    if who == "gp":
        at = gp_visit(record, day, PREGNANCY)
    else:
        unit = record.unit(UnitKind.HEALTH_STATION)
        worker = record.region.someone(unit, record.rng, "midwife")
        at = contact(record, "midwife", record.office_day(day), unit=unit, worker=worker,
                     reason=PREGNANCY)  # fmt: skip
    if first:
        _begin_programme(record, at, day, birth)
    vitals(record, at, "bp", "weight", *(("height",) if first else ()))
    if days in {60, 198, 238}:
        labs(record, at, laboratory.PREGNANCY if first else laboratory.IRON)
    week = days // 7
    length = f"Symfyse-fundus-mål {week - 1} cm. " if week > 23 else ""
    note(
        record, at, f"Svangerskapskontroll uke {week}",
        history=f"Uke {week}. Kjenner seg bra." + (" Kjenner liv." if week > 20 else ""),
        assessment=f"{length}Normalt svangerskap.",
        plan="Følger basisprogrammet.",
    )  # fmt: skip


def _begin_programme(record: Record, at: Contact, day: int, birth: int) -> None:
    over = birth <= record.end
    found = illness(record, PREGNANCY, day - 25, birth - day + 25, at)
    care_plan(
        record, at.unit, "Svangerskapsomsorg", at.day, birth if over else None, author=at.worker,
        activities=(("Kontroll hos jordmor eller lege", "Etter basisprogrammet"),),
        problems=(found,), category=("maternity", "Svangerskapsplan"),
    )  # fmt: skip
    self_reported(record, at.day, medicines.FOLIC_ACID)


def _ultrasound(record: Record, day: int) -> None:
    at = outpatient(record, day, "maternity", PREGNANCY)
    note(
        record, at, "Ultralyd uke 18",
        history="Tilbud om ultralyd.",
        assessment="Ett foster, normale mål, morkake uten avvik.",
        plan="Termin beregnet.",
    )  # fmt: skip


def _give_birth(record: Record, day: int) -> None:
    record.body.shift("hb", day, -1.0, ramp=1, lasting=20)
    admit(record, day, _BIRTH_STAY)


def _after(record: Record, day: int) -> None:
    at = gp_visit(record, day, PREGNANCY)
    vitals(record, at, "bp", "weight")
    note(
        record, at, "Etterkontroll",
        history="Seks uker etter fødsel. Ammer.",
        assessment="Fin tilheling, normalt blodtrykk.",
        plan="Prevensjon drøftet.",
    )  # fmt: skip
    if record.chance(0.5):
        start(record, at, medicines.DESOGESTREL)
