"""The schedules of one unit for its leader: what the tables of figures say was booked, against the
rules by which the unit is open.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

from fellesjournal.access.policy.booking import LIMITS
from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.schedules import numbers_of
from fellesjournal.access.sessions import Session
from fellesjournal.care.scheduling.queries import schedules_at
from fellesjournal.care.scheduling.resources import URGENT
from fellesjournal.fhir.bodies import seq_time
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock
from fellesjournal.foundation.clock import NORWAY
from fellesjournal.leadership.documents.policies import has_duty
from fellesjournal.leadership.figures.periods import Period
from fellesjournal.leadership.figures.result import Definition
from fellesjournal.leadership.indicators.schedule.diaries import Booked, Diary
from fellesjournal.leadership.indicators.schedule.views import TABLES
from fellesjournal.registry.opening_rules import read_rules

VERSION = "2"
"""Of the formulas in ``tallies``: raised when one of them changes."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HELD = "held"
_BOOKED = (
    "(select distinct on (b.appointment) b.schedule, coalesce(w.clinician, w.role), b.status, b.contact, b.urgency,"
    " b.starts, b.ends, b.created, b.ended, coalesce(b.outcome, b.called_off), b.is_late, b.requested"
    " from figures.booked_time b"
    " left join figures.booked_with w on w.appointment = b.appointment"
    "  and coalesce(w.clinician, w.role) = any(%(keepers)s)"
    " where (b.schedule = any(%(schedules)s) or (b.schedule is null and w.appointment is not null))"
    " and b.starts_day >= %(start)s and b.starts_day < %(end)s"
    " and b.starts is not null and b.ends > b.starts and b.status <> 'entered-in-error'"
    " order by b.appointment, coalesce(w.clinician, w.role))"
    " union all"
    f" select schedule, null, '{_HELD}', null, null, starts, ends, null, null, null, null, null"
    " from figures.held_slot where schedule = any(%(schedules)s)"
    " and status in ('busy-unavailable', 'busy-tentative') and ends > starts"
    " and ends > %(first)s and starts_day < %(end)s"
)
"""What is booked, and what of it is held (leave may have begun long before), in one question."""


def seen_until(session: Session) -> datetime | None:
    """The moment up to which all tables have seen the record; None as long as one is being made."""
    rows = session.connection().execute(
        "select view, digest, position from figures.flattened where view = any(%s) and stands",
        [[table.name for table in TABLES]],
    )
    found = {(view, digest): position for view, digest, position in rows}
    wanted = [(table.name, table.digest) for table in TABLES]
    if not set(wanted) <= set(found):
        return None
    return min(clock.now(), *(seq_time(found[each]) for each in wanted))


@cache
def definition() -> Definition:
    """What the dashboard's figures follow: the version of its formulas, and the views they count in."""
    of = "\n".join([VERSION, *(table.view.digest for table in TABLES)])
    return Definition("schedule", VERSION, hashlib.sha256(of.encode()).hexdigest()[:16])


def diaries(session: Session, unit: str, days: Period) -> list[Diary]:
    """The schedules of those who work at a unit (``Organization/1``), with what is booked in them on
    some days. Raises NotFound for who has no such duty.
    """
    if not has_duty(session, {Duty.SEE_FIGURES}):
        raise NotFound("there is no such page")
    schedules = schedules_at(session, unit)
    if not schedules:
        return []
    actors = {actor for each in schedules for actor in each.actors}
    numbers = numbers_of(session, [*(f"Schedule/{each.id}" for each in schedules), *actors])
    found = {
        numbers[f"Schedule/{each.id}"]: Diary(
            numbers[f"Schedule/{each.id}"], each.name, read_rules(each.data)
        )
        for each in schedules
        if f"Schedule/{each.id}" in numbers
    }
    kept_by = {
        numbers[actor]: numbers[f"Schedule/{each.id}"]
        for each in reversed(schedules)
        for actor in each.actors
        if actor in numbers and f"Schedule/{each.id}" in numbers
    }
    booked, held = _rows(session, list(found), kept_by, days)
    return [
        replace(each, booked=tuple(booked.get(number, ())), held=tuple(held.get(number, ())))
        for number, each in found.items()
    ]


def _rows(
    session: Session, schedules: Sequence[int], kept_by: dict[int, int], days: Period
) -> tuple[dict[int, list[Booked]], dict[int, list[tuple[datetime, datetime]]]]:
    database = session.connection()
    booked: dict[int, list[Booked]] = {}
    asked: dict[str, Any] = {
        "schedules": list(schedules), "keepers": list(kept_by), "first": clock.microseconds(days.instants[0]),
        "start": days.start - timedelta(days=1), "end": days.end,  # what goes on past its midnight too
    }  # fmt: skip
    held: dict[int, list[tuple[datetime, datetime]]] = {}
    for schedule, keeper, *row in database.execute(_BOOKED, asked):
        number = schedule if schedule is not None else kept_by[keeper]
        status, _, _, starts, ends, *_ = row
        if status == _HELD:
            held.setdefault(number, []).append((_moment(starts), _moment(ends)))
        else:
            booked.setdefault(number, []).append(_booked(*row))
    return booked, held


def _booked(
    status: str, contact: str | None, urgency: str | None, starts: int, ends: int,
    created: int | None, ended: int | None, code: str | None, is_late: bool | None, requested: int | None,  # noqa: FBT001 - a row
) -> Booked:  # fmt: skip
    start, gone = _moment(starts), None if ended is None else _moment(ended)
    if is_late is None and gone is not None:  # who wrote it elsewhere says when, and no more
        is_late = start - gone < LIMITS.late.time
    return Booked(
        start, _moment(ends), status, contact or (URGENT if urgency == URGENT else ""),
        None if created is None else _moment(created), gone,
        code or "", is_late is True, None if requested is None else _moment(requested),
    )  # fmt: skip


def _moment(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)


def end_of(day: date) -> datetime:
    """The last moment of the day before: midnight in Norway as a day begins, or now when that is to
    come.
    """
    return min(clock.now(), datetime.combine(day, time(), NORWAY).astimezone(UTC))


__all__ = ["definition", "diaries", "end_of", "seen_until"]
