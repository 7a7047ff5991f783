"""Cancers: found through a referral, operated or treated at the clinic, followed for years."""

from __future__ import annotations

from dataclasses import dataclass

from fellesjournal.demo.catalogue import laboratory, medicines
from fellesjournal.demo.catalogue.diagnoses import (
    BREAST_CANCER,
    COLON_CANCER,
    LUNG_CANCER,
    PROSTATE_CANCER,
    Diagnosis,
)
from fellesjournal.demo.catalogue.medicines import Medicine
from fellesjournal.demo.contacts import contact, gp_visit, outpatient, problem
from fellesjournal.demo.diseases.course import onset
from fellesjournal.demo.findings import labs, vitals
from fellesjournal.demo.orders import appointment, refer
from fellesjournal.demo.prescribing import start
from fellesjournal.demo.record import Record
from fellesjournal.demo.services.hospital import Stay, admit
from fellesjournal.demo.writing import CLINIC_NOTE, note


@dataclass(frozen=True, slots=True)
class Cancer:
    """One cancer: its first sign, operation (none: treated without), courses of treatment."""

    diagnosis: Diagnosis
    sign: str
    operation: str
    courses: int
    after: Medicine | None = None


BREAST = Cancer(BREAST_CANCER, "Kjenner en kul i brystet.", "Brystbevarende operasjon", 4,
                medicines.TAMOXIFEN)  # fmt: skip
PROSTATE = Cancer(PROSTATE_CANCER, "Forhøyet PSA ved kontroll.", "", 6)
COLON = Cancer(COLON_CANCER, "Endret avføringsmønster og blodmangel.",
               "Fjerning av del av tykktarmen", 6)  # fmt: skip
LUNG = Cancer(LUNG_CANCER, "Vedvarende hoste og vekttap.", "", 8)


def prevalence(age: int, sex: str) -> float:
    """Share with a cancer found in the recorded time."""
    del sex
    return 0.0 if age < 40 else min(0.075, 0.0017 * (age - 36))


def begin(record: Record) -> None:
    """Draw which cancer by sex and let it take its course."""
    common = BREAST if record.female else PROSTATE
    mark = record.rng.random()
    chosen = common if mark < 0.5 else COLON if mark < 0.8 else LUNG
    record.at(onset(record, 40, 6), lambda day: suspect(record, day, chosen))


def suspect(record: Record, day: int, cancer: Cancer) -> None:
    """The GP visit with the first sign, and a referral in the cancer pathway."""
    visit = gp_visit(record, day, None)
    vitals(record, visit, "weight", "bp")
    labs(record, visit, laboratory.PROSTATE if cancer is PROSTATE else laboratory.BASIC)
    if cancer is PROSTATE:
        record.body.shift("psa", day - 400, record.rng.uniform(5, 18), ramp=400)
    if cancer is COLON:
        record.body.shift("hb", day - 90, -2.6, ramp=90, lasting=200)
    clinic = "oncology" if not cancer.operation else "surgical-outpatient"
    refer(record, visit, record.ward(clinic), cancer.diagnosis,
          f"{cancer.sign} Mistanke om kreft. Pakkeforløp.", priority="urgent")  # fmt: skip
    record.at(day + 14, lambda then: _confirm(record, then, cancer, clinic))


def _confirm(record: Record, day: int, cancer: Cancer, clinic: str) -> None:
    at = outpatient(record, day, clinic, cancer.diagnosis)
    found = problem(record, cancer.diagnosis, day - 14, at=at)
    at.resource["diagnosis"] = [{"condition": found.ref}]
    note(
        record, at, "Utredning",
        history=cancer.sign,
        assessment=f"{cancer.diagnosis.name}, bekreftet med prøve.",
        plan="Drøftet i tverrfaglig møte. Behandling starter innen tre uker.",
        kind=CLINIC_NOTE,
    )  # fmt: skip
    begin_courses = day + 20
    if cancer.operation:
        stay = Stay(
            cancer.diagnosis, "surgical", 4,
            f"{cancer.operation} uten komplikasjoner.",
            "Etterbehandling ved kreftpoliklinikken.",
            emergency=False, procedures=(cancer.operation,),
        )  # fmt: skip
        record.at(day + 18, lambda then: _operated(record, then, stay))
        begin_courses = day + 55
    for turn in range(cancer.courses):
        record.at(begin_courses + 21 * turn, lambda then: _course(record, then, cancer))
    record.at(begin_courses + 21 * cancer.courses + 60, lambda then: _check(record, then, cancer))


def _operated(record: Record, day: int, stay: Stay) -> None:
    record.body.shift("hb", day + 1, -1.5, ramp=1, lasting=30)
    admit(record, day, stay)


def _course(record: Record, day: int, cancer: Cancer) -> None:
    if record.busy(day):
        return
    ward = record.ward("oncology")
    worker = record.region.someone(ward, record.rng, "hospital-nurse")
    at = contact(record, "day-treatment", record.office_day(day), unit=ward, worker=worker,
                 reason=cancer.diagnosis)  # fmt: skip
    record.body.shift("leukocytes", day, -1.2, ramp=7, lasting=14)
    vitals(record, at, "bp", "pulse", "temperature", "weight")
    labs(record, at, laboratory.RHEUMA)


def _check(record: Record, day: int, cancer: Cancer) -> None:
    if not record.busy(day):
        at = outpatient(record, day, "oncology", cancer.diagnosis)
        vitals(record, at, "weight")
        labs(record, at, laboratory.PROSTATE if cancer is PROSTATE else laboratory.BASIC)
        known = record.problems.get(cancer.diagnosis.name)
        started = any(course.medicine is cancer.after for course in record.courses)
        if cancer.after is not None and not started:
            start(record, at, cancer.after, known)
        note(
            record, at, "Kreftkontroll",
            history="Avtalt kontroll etter behandling.",
            assessment="Ingen tegn til tilbakefall.",
            plan="Ny kontroll om et halvt år.",
            kind=CLINIC_NOTE,
        )  # fmt: skip
    record.at(day + 180, lambda then: _check(record, then, cancer))
    if day + 180 > record.until + 1 and record.alive:
        clinic = record.ward("oncology")
        worker = record.region.someone(clinic, record.rng, "hospital-doctor")
        appointment(record, day + 180, clinic, worker, "Kreftkontroll", hospital=True,
                    created=min(record.end, day), length=30)  # fmt: skip
