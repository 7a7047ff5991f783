"""The course that lasting diseases share: when they began, and the contact where they are found."""

from __future__ import annotations

from collections.abc import Sequence

from fellesjournal.demo.catalogue.diagnoses import Diagnosis
from fellesjournal.demo.catalogue.laboratory import Panel
from fellesjournal.demo.catalogue.medicines import Medicine
from fellesjournal.demo.contacts import gp_visit, problem
from fellesjournal.demo.findings import labs, vitals
from fellesjournal.demo.moments import YEAR
from fellesjournal.demo.prescribing import start
from fellesjournal.demo.record import Contact, Control, Problem, Record
from fellesjournal.demo.writing import note


def onset(record: Record, youngest: float, longest_years: float) -> int:
    """A day when a lasting disease began: not younger than an age, at most so many years ago."""
    earliest = record.person.birth + int(youngest * YEAR)
    earliest = max(earliest, record.end - int(longest_years * YEAR))
    if earliest >= record.end - 60:
        return max(record.person.birth, record.end - 60)
    return earliest + int(record.rng.random() * (record.end - 60 - earliest))


def first_contact(record: Record, began: int) -> int:
    """The day of the first recorded contact about a disease.

    At once when it began in the recorded time, else within the first four months of the record.
    """
    if began >= record.start:
        return began + 5 + int(record.rng.random() * 30)
    return record.start + int(record.rng.random() * 120)


def treated_from(record: Record, began: int, contact_day: int) -> int:
    """The day treatment began: long ago for an old disease, else at the first contact."""
    return contact_day if began >= record.start else began + 30


def discover(
    record: Record,
    day: int,
    diagnosis: Diagnosis,
    began: int,
    *,
    story: tuple[str, str, str],
    measure: Sequence[str] = (),
    panel: Panel | None = None,
    prescribe: Sequence[Medicine] = (),
) -> tuple[Contact, Problem]:
    """The GP visit where a disease gets its place on the problem list, with its first treatment.

    `story` is (history, assessment, plan) of the note.
    """
    visit = gp_visit(record, day, diagnosis)
    found = problem(record, diagnosis, began, at=visit)
    vitals(record, visit, *measure)
    if panel is not None:
        labs(record, visit, panel)
    for medicine in prescribe:
        start(record, visit, medicine, found)
    history, assessment, plan = story
    note(record, visit, diagnosis.name, history=history, assessment=assessment, plan=plan)
    return visit, found


def follow(
    record: Record,
    diagnosis: Diagnosis,
    every: int,
    *,
    measure: Sequence[str],
    panel: Panel,
    from_day: int,
    assessment: str,
) -> None:
    """Register a regular check at the GP."""
    record.controls.append(Control(diagnosis, every, tuple(measure), panel, from_day, assessment))
