"""One citizen's life: draws the diseases, lets the services plan, runs it, yields the resources."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from fellesjournal.demo import prescribing
from fellesjournal.demo.diseases import diabetes, hypertension
from fellesjournal.demo.moments import YEAR
from fellesjournal.demo.people import Person, patient, related_people
from fellesjournal.demo.record import Record
from fellesjournal.demo.region import Region
from fellesjournal.demo.services import gp
from fellesjournal.demo.terms import Resource

SHORTEST_HISTORY, LONGEST_HISTORY = 5.0, 8.0  # years
DISEASES = (hypertension, diabetes)


def open_record(person: Person, region: Region, seed: int, until: int) -> Record:
    """An empty record with its own source of chance, starting five to eight years ago."""
    rng = Random(f"{seed}/{person.key}")
    years = rng.uniform(SHORTEST_HISTORY, LONGEST_HISTORY)
    return Record(person, region, rng, until - int(years * YEAR), until)


def live(record: Record) -> None:
    """Draw diseases by age and sex, plan the services and let everything happen."""
    age = record.age()
    for disease in DISEASES:
        if record.chance(disease.prevalence(age, record.person.sex)):
            disease.begin(record)
    gp.plan(record)
    record.run()


def finished(record: Record) -> Iterator[Resource]:
    """The patient, the relatives, then the record in the order things happened."""
    prescribing.close(record)
    yield patient(record.person, record.gp.ref, record.until)
    yield from related_people(record.person)
    yield from record.resources
