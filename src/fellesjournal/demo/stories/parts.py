"""Scenes that several stories share."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from fellesjournal.demo import plans
from fellesjournal.demo.contacts import gp_visit
from fellesjournal.demo.findings import smoking, vital_sign, vitals
from fellesjournal.demo.protection import allergy, no_known_allergy
from fellesjournal.demo.record import Record
from fellesjournal.demo.units import Unit
from fellesjournal.demo.writing import note

Allergen = tuple[str, str, str, str, str, str]


def meet_gp(
    record: Record,
    *,
    allergies: Sequence[Allergen] = (),
    flags: Sequence[tuple[str, str]] = (),
    smokes: str = "never",
    history: str = "Gjennomgang av sykehistorie og legemidler.",
) -> None:
    """The first visit of the record: allergies (or none known), critical information, smoking."""

    def visit(day: int) -> None:
        at = gp_visit(record, day)
        for entry in allergies:
            allergy(record, at, entry)
        if not allergies:
            no_known_allergy(record, at)
        for text, category in flags:
            plans.flag(record, at.unit, text, at.day, at.worker, category)
        if record.age(day) >= 16:
            smoking(record, at, smokes)
        vitals(record, at, "bp", "weight", "height")
        note(
            record, at, "Førstegangskonsultasjon", history=history,
            assessment="Journalen er oppdatert.", plan="Ny time ved behov.",
        )  # fmt: skip

    record.at(record.start + 6, visit)


def own_measurements(
    record: Record, unit: Unit, names: Sequence[str], *, every: int, weeks: int
) -> None:
    """Measurements the citizen takes at home and sends in, the last weeks."""

    def measure(day: int) -> None:
        if not record.busy(day):
            for name in names:
                vital_sign(record, name, day, 8 * 60 + 10, unit, record.subject, None)

    for day in range(record.end - weeks * 7, record.end + 1, every):
        record.at(day, measure)


def gp_contact(
    record: Record,
    days_ago: int,
    title: str,
    *,
    history: str,
    assessment: str,
    plan: str,
    kind: str = "gp",
    measure: Sequence[str] = (),
) -> None:
    """A visit at the GP so many days before the demo's day."""
    record.at(
        record.until - days_ago,
        partial(_contact, record, title=title, text=(history, assessment, plan), kind=kind,
                measure=measure),
    )  # fmt: skip


def _contact(
    record: Record,
    day: int,
    *,
    title: str,
    text: tuple[str, str, str],
    kind: str,
    measure: Sequence[str],
) -> None:
    at = gp_visit(record, day, None, kind)
    vitals(record, at, *measure)
    history, assessment, plan = text
    note(record, at, title, history=history, assessment=assessment, plan=plan)
