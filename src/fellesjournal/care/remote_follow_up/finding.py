"""Plans, readings and Tasks as they stand, whoever asks: every read goes through the door."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from fellesjournal.access import records
from fellesjournal.access.acts import Resource, Stored, content
from fellesjournal.access.relations.derive import TASK_SYSTEM
from fellesjournal.access.sessions import Session
from fellesjournal.care.remote_follow_up import codes
from fellesjournal.care.remote_follow_up.measures import MEASURES, Measure
from fellesjournal.care.remote_follow_up.plans import Plan, plan_of
from fellesjournal.care.remote_follow_up.readings import Reading, is_own_reading, reading_of
from fellesjournal.care.remote_follow_up.tasks import Kind
from fellesjournal.foundation import clock

_MOST = "500"
EVERY_KIND = ",".join(f"{TASK_SYSTEM}|{kind.value}" for kind in Kind)
Query = Sequence[tuple[str, str]]


def everything(
    session: Session, kind: str, query: Query, *, pages: int = 0
) -> Iterator[tuple[Stored, dict[str, Stored]]]:
    """Each match of a search with what its page includes; of all pages, or so many."""
    cursor: str | None = None
    while True:
        page = records.search(session, kind, [*query, ("_count", _MOST)], cursor=cursor)
        beside = {f"{each.type}/{each.id}": each for each in page.included}
        for each in page.matches:
            yield each, beside
        cursor, pages = page.next, pages - 1
        if cursor is None or pages == 0:
            return


def plans(session: Session, *which: tuple[str, str]) -> list[Plan]:
    """The follow-ups that a search finds, newest first: ``("patient", ...)``, ``("status", ...)``."""
    query = [("category", f"{codes.PLAN_TYPE}|{codes.REMOTE}"), *which]
    found = [
        plan_of(content(each), each.version) for each, _ in everything(session, "CarePlan", query)
    ]
    return sorted(
        (each for each in found if each is not None),
        key=lambda each: (each.starts, each.id),
        reverse=True,
    )  # fmt: skip


def plans_of(session: Session, patient: str) -> list[Plan]:
    """All follow-ups of a citizen (``Patient/1``), newest first."""
    return plans(session, ("patient", patient))


def readings(session: Session, patient: str, *which: tuple[str, str]) -> list[Reading]:
    """What a citizen has measured herself, newest first; the newest 500 of a long course."""
    loinc = ",".join(f"{codes.LOINC}|{each.loinc}" for each in MEASURES.values())
    query = [("patient", patient), ("code", loinc), ("_sort", "-date"), *which]
    found = []
    for each, _ in everything(session, "Observation", query, pages=1):
        data = content(each)
        one = reading_of(data, each.version) if is_own_reading(data) else None
        if one is not None:
            found.append(one)
    return sorted(found, key=lambda each: (each.at, each.id), reverse=True)


def readings_since(session: Session, patient: str, measure: Measure, since: date) -> list[Reading]:
    """Her readings of one kind from a day on, that stand."""
    of_kind = ("code", f"{codes.LOINC}|{measure.loinc}")
    found = readings(session, patient, of_kind, ("date", f"ge{clock.midnight_text(since)}"))
    return [each for each in found if not each.is_withdrawn]


def open_tasks(session: Session, *which: tuple[str, str]) -> Iterator[tuple[Resource, int]]:
    """The Tasks about readings that wait, with their versions."""
    query = [("code", EVERY_KIND), ("status", "requested"), *which]
    for each, _ in everything(session, "Task", query):
        yield content(each), each.version


__all__ = [
    "EVERY_KIND",
    "everything",
    "open_tasks",
    "plans",
    "plans_of",
    "readings",
    "readings_since",
]
