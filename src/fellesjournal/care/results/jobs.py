"""What follows when a result arrives or changes, and what the clock does to those that wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime

import orjson

from fellesjournal.access import patients, records
from fellesjournal.access.acts import act, change, create
from fellesjournal.access.answering import handed_on, of_unit, settled
from fellesjournal.access.relations.derive import TASK_SYSTEM
from fellesjournal.access.sessions import Session
from fellesjournal.access.staffing import post_of
from fellesjournal.care.results.deadlines import deadline_of
from fellesjournal.care.results.events import ASSIGNED, due_event, result_event, staff_event
from fellesjournal.care.results.news import Standing, delayed_as, news_of, standing_of
from fellesjournal.care.results.owning import answerable_for
from fellesjournal.care.results.resources import (
    RESULT_TASK,
    Resource,
    asked_again,
    escalated,
    task_of,
    task_resource,
)
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.foundation.outbox.events import publish

_CODE = f"{TASK_SYSTEM}|{RESULT_TASK}"


def received(session: Session, payload: Mapping[str, str]) -> None:
    """A version of a report was written: somebody answers for it from now on."""
    attend(session, payload["resource"])


def value_changed(session: Session, payload: Mapping[str, str]) -> None:
    """A value was corrected or withdrawn by itself: what holds it is to be looked at again."""
    page = records.search(session, "DiagnosticReport", [("result", payload["resource"])])
    for each in page.matches:
        attend(session, f"DiagnosticReport/{each.id}")


def attend(session: Session, report_reference: str) -> None:
    """Let the one Task of a report say what the report says now. Inside a reaction's transaction.

    Made when there are answers; opened again when anything has changed since it was told, also
    when that was acknowledged (INV-30). Nothing happens when it says so already: a redelivered
    message does no harm. Raises Ownerless.
    """
    found = patients.read_known(session, [_pair(report_reference)])
    if not found or not found[0].body:
        return
    report: Resource = orjson.loads(found[0].body)
    patient = reading.reference_target(report.get("subject"))
    if not patient.startswith("Patient/"):
        return  # a report on a device or a place is nobody's result
    values = _values(session, report)
    _delay(session, report, values)
    news = news_of(report, [value for value, _ in values])
    tell = result_event(ASSIGNED, patient, found[0].id)
    standing = _task(session, report_reference)
    if standing is None:
        if news.has_answers and not news.is_withdrawn:
            who = answerable_for(session, report, clock.now())
            task = task_resource(
                report=report,
                news=news,
                standing=standing_of(news),
                owner=who.owner_pointer,
                unit=who.unit_pointer,
                deadline=deadline_of(news),
            )
            unless = f"focus={report_reference}&code={_CODE}"
            (made,) = act(session, [create(task, unless=unless)], lambda _stood: [tell])
            publish(due_event(made.id), due=deadline_of(news))
        return
    data, version = standing
    read = task_of(data, version)
    if read.digest == news.digest:
        return
    is_unseen = read.is_open and read.standing is Standing.NEW
    why = standing_of(news, None if is_unseen else read.standing)
    again = asked_again(data, news, why, deadline_of(news))
    who = settled(session, read.owner, read.unit, patient, clock.now())
    renewed = handed_on(again, who.owner_pointer, who.unit_pointer)
    act(session, [change(renewed, seen=version)], lambda _stood: [tell])
    publish(due_event(read.id), due=deadline_of(news))


def _delay(session: Session, report: Resource, values: list[tuple[Resource, int]]) -> None:
    """The values of a report that is delayed for the citizen (NORU) are delayed with it, when the
    laboratory has labelled the report alone: values are read without their report as well. Of
    the labels NORU alone is carried over, for it ends by itself (INV-31).
    """
    for observation, version in values:
        renewed = delayed_as(report, observation)
        if renewed is not None:
            with suppress(PreconditionFailed):
                act(session, [change(renewed, seen=version)])


def staff_changed(session: Session, payload: Mapping[str, str]) -> None:
    """A role was written, or a time in it has come: what awaits the unit is looked through, and
    looked through again when she will next be missed.
    """
    found = _known(session, [payload["resource"]])
    if not found:
        tend(session)  # deleted: where she worked is not told any more
    for role in found:
        unit_changed(session, {"resource": reading.reference_target(role.get("organization"))})
        post = post_of(role)
        for moment in post.turns_after(clock.now()) if post else ():
            publish(staff_event(str(role["id"])), due=moment)


def person_changed(session: Session, payload: Mapping[str, str]) -> None:
    """Somebody is not active any more: what awaits the units she works at is looked through."""
    page = records.search(session, "PractitionerRole", [("practitioner", payload["resource"])])
    for unit in {
        reading.reference_target(orjson.loads(each.body or b"{}").get("organization"))
        for each in page.matches
    }:
        unit_changed(session, {"resource": unit})


def unit_changed(session: Session, payload: Mapping[str, str]) -> None:
    """What awaits a unit and its people is handed on where nobody answers for it any more."""
    _tend(session, [of_unit(payload["resource"])])


def due(session: Session, payload: Mapping[str, str]) -> None:
    """A deadline has come: an abnormal result that nobody has acknowledged escalates (INV-29)."""
    _tend(session, [("_id", payload["task"].removeprefix("Task/"))])


def tend(session: Session) -> None:
    """Look through all results that wait, as a net below the events: roles that were loaded from
    files tell of nothing.
    """
    _tend(session, [])


def _tend(session: Session, which: list[tuple[str, str]]) -> None:
    """Those whose owner has left, or whose unit has nobody at work, are handed on (INV-28);
    abnormal ones past their deadline escalate. What somebody changes at the same moment is
    looked at by what her change tells of.
    """
    for data, version in _waiting(session, which):
        now = clock.now()
        renewed = _escalated(_owned(session, data, now), now)
        if renewed != data:
            with suppress(PreconditionFailed):
                act(session, [change(renewed, seen=version)])


def _owned(session: Session, task: Resource, at: datetime) -> Resource:
    read = task_of(task, 0)
    who = settled(session, read.owner, read.unit, read.patient, at)
    if (who.owner, who.unit) == (read.owner, read.unit):
        return task
    return handed_on(task, who.owner_pointer, who.unit_pointer)


def _escalated(task: Resource, at: datetime) -> Resource:
    read = task_of(task, 0)
    is_late = read.deadline is not None and read.deadline <= at
    return escalated(task) if is_late and read.is_abnormal and not read.is_escalated else task


def _waiting(session: Session, which: list[tuple[str, str]]) -> Iterator[tuple[Resource, int]]:
    query = [("code", _CODE), ("status", "requested"), *which, ("_count", "500")]
    cursor: str | None = None
    while True:
        page = records.search(session, "Task", query, cursor=cursor)
        for each in page.matches:
            yield orjson.loads(each.body or b"{}"), each.version
        cursor = page.next
        if cursor is None:
            return


def _task(session: Session, report_reference: str) -> tuple[Resource, int] | None:
    page = records.search(session, "Task", [("focus", report_reference), ("code", _CODE)])
    return next(
        ((orjson.loads(each.body or b"{}"), each.version) for each in page.matches), None
    )  # fmt: skip


def _values(session: Session, report: Resource) -> list[tuple[Resource, int]]:
    targets = [reading.reference_target(each) for each in reading.elements(report.get("result"))]
    return _standing(session, [each for each in targets if each.startswith("Observation/")])


def _known(session: Session, references: list[str]) -> list[Resource]:
    return [data for data, _ in _standing(session, references)]


def _standing(session: Session, references: list[str]) -> list[tuple[Resource, int]]:
    """Those of the resources that stand, with their versions."""
    return [
        (orjson.loads(each.body), each.version)
        for each in patients.read_known(session, [_pair(reference) for reference in references])
        if each.body
    ]


def _pair(reference: str) -> tuple[str, str]:
    kind, _, fhir_id = reference.partition("/")
    return kind, fhir_id


__all__ = [
    "attend",
    "due",
    "person_changed",
    "received",
    "staff_changed",
    "tend",
    "unit_changed",
    "value_changed",
]
