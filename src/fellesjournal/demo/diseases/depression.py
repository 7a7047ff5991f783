"""Depression: an episode with talks and often medicine, remission after most of a year."""

from __future__ import annotations

from fellesjournal.demo.catalogue import laboratory, medicines
from fellesjournal.demo.catalogue.diagnoses import DEPRESSION
from fellesjournal.demo.contacts import gp_visit, resolve
from fellesjournal.demo.diseases.course import discover, first_contact, onset
from fellesjournal.demo.prescribing import Course, start, stop
from fellesjournal.demo.record import Record
from fellesjournal.demo.writing import note


def prevalence(age: int, sex: str) -> float:
    """Share with a depressive episode in the recorded time."""
    if age < 15:
        return 0.0
    return (0.13 if age < 70 else 0.09) * (1.3 if sex == "female" else 0.7)


def begin(record: Record, since: int | None = None) -> None:
    """The episode: talks every three weeks, medicine for half of them.

    `since` fixes the day it began.
    """
    began = since or onset(record, 15, 7)

    def debut(today: int) -> None:
        visit, found = discover(
            record, today, DEPRESSION, began,
            measure=("weight",), panel=laboratory.FATIGUE,
            story=(
                "Nedstemt, lite overskudd og dårlig søvn i flere uker.",
                "Depressiv episode. Ingen planer om å skade seg.",
                "Samtaler, døgnrytme og aktivitet. Sykmelding vurdert. Ny time om to uker.",
            ),
        )  # fmt: skip
        course = None
        if record.chance(0.5):
            chosen = medicines.ESCITALOPRAM if record.chance(0.6) else medicines.SERTRALINE
            course = start(record, visit, chosen, found)
        talks = 3 + int(record.rng.random() * 6)
        for turn in range(1, talks + 1):
            record.at(today + 21 * turn, lambda then: _talk(record, then))
        if record.chance(0.8):
            record.at(today + 260 + 21 * talks, lambda then: _well(record, then, course))

    record.at(first_contact(record, began), debut)


def _talk(record: Record, day: int) -> None:
    if record.busy(day):
        return
    kind = "gp-video" if record.chance(0.25) else "gp-phone" if record.chance(0.2) else "gp"
    at = gp_visit(record, day, DEPRESSION, kind)
    note(
        record, at, "Samtale",
        history="Oppfølging. Sover litt bedre, går tur de fleste dager.",
        assessment="Gradvis bedring.",
        plan="Fortsetter samtaler.",
    )  # fmt: skip


def _well(record: Record, day: int, course: Course | None) -> None:
    resolve(record.problems[DEPRESSION.name], day, "remission")
    if course is not None:
        stop(course, day, "Frisk, gradvis nedtrapping gjennomført")
