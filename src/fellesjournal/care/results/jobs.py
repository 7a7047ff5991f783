"""What follows when a result arrives or changes, and what the clock does to those that wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

import orjson

from fellesjournal.access import patients, records
from fellesjournal.access.acts import act, change, create
from fellesjournal.access.relations.derive import TASK_SYSTEM
from fellesjournal.access.sessions import Session
from fellesjournal.care.results.deadlines import deadline_of
from fellesjournal.care.results.events import ASSIGNED, result_event
from fellesjournal.care.results.owning import answerable_for, settled
from fellesjournal.care.results.resources import (
    RESULT_TASK,
    Resource,
    asked_again,
    escalated,
    handed_on,
    news_of,
    standing_of,
    task_of,
    task_resource,
)
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import PreconditionFailed
from fellesjournal.foundation import clock

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
    """Let the one Task of a report say what the report says now.

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
    news = news_of(report, _observations(session, report))
    tell = result_event(ASSIGNED, patient, found[0].id)
    standing = _task(session, report_reference)
    if standing is None:
        if news.has_answers and not news.is_withdrawn:
            who = answerable_for(session, report, clock.now())
            task = task_resource(
                report=report,
                news=news,
                standing=standing_of(news, ""),
                owner=who.owner_pointer,
                unit=who.unit_pointer,
                deadline=deadline_of(news),
            )
            unless = f"focus={report_reference}&code={_CODE}"
            act(session, [create(task, unless=unless)], lambda _stood: [tell])
        return
    data, version = standing
    read = task_of(data, version)
    if read.digest == news.digest:
        return
    again = asked_again(data, news, standing_of(news, read.report_status), deadline_of(news))
    who = settled(session, read.owner, read.unit, patient, clock.now())
    renewed = handed_on(again, who.owner_pointer, who.unit_pointer)
    act(session, [change(renewed, seen=version)], lambda _stood: [tell])


def tend(session: Session) -> None:
    """Look through all results that wait: those whose owner has left, or whose unit has nobody
    at work, are handed on (INV-28); abnormal ones past their deadline escalate (INV-29).

    One transaction for each; what somebody changes at the same moment is looked at next time.
    """
    for data, version in _waiting(session):
        now = clock.now()
        renewed = _escalated(_owned(session, data, now), now)
        if renewed != data:
            try:
                act(session, [change(renewed, seen=version)])
            except PreconditionFailed:
                continue


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


def _waiting(session: Session) -> Iterator[tuple[Resource, int]]:
    cursor: str | None = None
    while True:
        page = records.search(
            session,
            "Task",
            [("code", _CODE), ("status", "requested"), ("_count", "500")],
            cursor=cursor,
        )
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


def _observations(session: Session, report: Resource) -> list[Resource]:
    targets = [reading.reference_target(each) for each in reading.elements(report.get("result"))]
    pairs = [_pair(each) for each in targets if each.startswith("Observation/")]
    return [
        orjson.loads(each.body) for each in patients.read_known(session, pairs) if each.body
    ]  # fmt: skip


def _pair(reference: str) -> tuple[str, str]:
    kind, _, fhir_id = reference.partition("/")
    return kind, fhir_id


__all__ = ["attend", "received", "tend", "value_changed"]
