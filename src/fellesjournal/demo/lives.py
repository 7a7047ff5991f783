"""One citizen's life: draws the diseases, lets the services plan, runs it, yields the resources."""

from __future__ import annotations

from collections.abc import Iterator

from fellesjournal.demo import prescribing
from fellesjournal.demo.chance import source
from fellesjournal.demo.diseases import (
    asthma,
    atrial_fibrillation,
    cancer,
    copd,
    coronary,
    dementia,
    depression,
    diabetes,
    diabetes1,
    everyday,
    heart_failure,
    hip_fracture,
    hypertension,
    osteoarthritis,
    pregnancy,
    steady,
    stroke,
)
from fellesjournal.demo.moments import YEAR
from fellesjournal.demo.people import Person, patient, related_people
from fellesjournal.demo.record import Record
from fellesjournal.demo.region import Region
from fellesjournal.demo.services import (
    booking,
    child_health,
    gp,
    handover,
    home_care,
    nursing_home,
    prevention,
    waiting,
)
from fellesjournal.demo.terms import Resource

SHORTEST_HISTORY, LONGEST_HISTORY = 5.0, 8.0  # years
DISEASES = (
    hypertension, coronary, atrial_fibrillation, heart_failure, stroke, diabetes, diabetes1,
    asthma, copd, depression, dementia, osteoarthritis, hip_fracture, cancer, pregnancy,
)  # fmt: skip


def open_record(person: Person, region: Region, seed: object, until: int) -> Record:
    """An empty record with its own source of chance, starting five to eight years ago."""
    rng = source(seed, person.key)
    years = rng.uniform(SHORTEST_HISTORY, LONGEST_HISTORY)
    return Record(person, region, rng, until - int(years * YEAR), until)


def live(record: Record) -> None:
    """Draw diseases by age and sex, plan the services and let everything happen."""
    age = record.age()
    for disease in DISEASES:
        if record.chance(disease.prevalence(age, record.person.sex)):
            disease.begin(record)
    steady.begin_all(record)
    handover.plan(record)
    live_with(record)


def live_with(record: Record) -> None:
    """Let a record with its diseases begun meet the services and everyday illness."""
    pregnancy.births_of(record)
    prevention.plan(record)
    child_health.plan(record)
    gp.plan(record)
    home_care.plan(record)
    nursing_home.plan(record)
    waiting.plan(record)
    everyday.begin_all(record)
    record.run()
    booking.book(record)


def finished(record: Record) -> Iterator[Resource]:
    """The patient, the relatives, then the record in the order things happened."""
    prescribing.close(record)
    prescribing.list_medicines(record)
    yield patient(record.person, (record.gp.ref, record.gp.unit.ref), record.until)
    yield from related_people(record.person)
    yield from record.resources
