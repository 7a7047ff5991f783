"""What follows when a reading arrives or changes, and what the clock finds: each reading outside the
limits, and each agreed measurement that did not come, has one Task with an owner (decision 18).
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from fellesjournal.access import patients
from fellesjournal.access.acts import Resource, act, change, content, create
from fellesjournal.access.answering import Answerable, handed_on, of_unit, settled
from fellesjournal.access.sessions import Session
from fellesjournal.care.remote_follow_up import codes
from fellesjournal.care.remote_follow_up.events import due_event
from fellesjournal.care.remote_follow_up.finding import (
    everything,
    open_tasks,
    plans,
    plans_of,
    readings_since,
)
from fellesjournal.care.remote_follow_up.plans import Agreed, Plan, judged
from fellesjournal.care.remote_follow_up.readings import Reading, reading_of
from fellesjournal.care.remote_follow_up.tasks import (
    About,
    Kind,
    Outcome,
    Standing,
    asked_again,
    closed,
    escalated,
    task_resource,
    work_of,
)
from fellesjournal.care.remote_follow_up.windows import Window, last_complete, measured_in
from fellesjournal.fhir import reading as fhir_reading
from fellesjournal.fhir.issues import PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.foundation.outbox.events import publish


def watch(session: Session, payload: Mapping[str, str]) -> None:
    """A version of a reading was written: let its one Task say what it says now.

    Made when it lies outside; opened again when it has changed since, also when that was closed
    (INV-30). A redelivered message does no harm. Inside a reaction's transaction.
    """
    _, _, key = payload["resource"].partition("/")
    for stored in patients.read_known(session, [("Observation", key)]):
        found = reading_of(content(stored), stored.version)
        if found is not None:
            _attend(session, found)


def _attend(session: Session, found: Reading) -> None:
    known = plans_of(session, found.patient)
    by = _judged_by(known, found)
    standing = _task_of(session, found)
    if standing is not None:
        data, version = standing
        work = work_of(data, version)
        if work.digest != found.digest:
            plan = next((each for each in known if f"CarePlan/{each.id}" == work.plan), None)
            until = plan or (by[0] if by else None)
            # with no plan to tell by when: at once
            deadline = until.deadline(clock.now()) if until else clock.now()
            why = Standing.WITHDRAWN if found.is_withdrawn else Standing.CORRECTED
            again = asked_again(data, why, found.digest, deadline)
            act(session, [change(again, seen=version)])
            publish(due_event(work.id), due=deadline)
    elif by is not None and by[1] and not found.is_withdrawn:
        about = About(
            kind=Kind.OUTSIDE,
            key=f"reading.{found.id}",
            patient=found.patient,
            focus=f"Observation/{found.id}",
            plan=f"CarePlan/{by[0].id}",
            measure=found.measure.key,
            digest=found.digest,
        )
        _make(session, about, by[0], by[0].deadline(found.sent))
    if not found.is_withdrawn:
        _arrived(session, found)


def _judged_by(known: list[Plan], found: Reading) -> tuple[Plan, bool] | None:
    """The plan that watches a reading, and whether it lies outside: by what the plan says now, or
    as the citizen was told when she sent it, whichever was changed meanwhile.
    """
    now = judged(known, found.measure, found.numbers, clock.today())
    if now is not None and now[1].needs_eyes(found.numbers):
        return now[0], True
    told = next((each for each in known if each.id == found.plan), None)
    sent_on = found.sent.astimezone(clock.NORWAY).date()
    if told is not None and found.outside and told.starts <= sent_on <= (told.ends or sent_on):
        return told, True
    return None if now is None else (now[0], False)


def _make(session: Session, about: About, plan: Plan, deadline: datetime) -> None:
    who = _owner(session, plan, about.patient)
    task = task_resource(about, owner=who.owner_pointer, unit=who.unit_pointer, deadline=deadline)
    unless = f"identifier={codes.TASK_NUMBER}|{about.key}"
    (made,) = act(session, [create(task, unless=unless)])
    publish(due_event(made.id), due=deadline)


def _owner(session: Session, plan: Plan, patient: str) -> Answerable:
    return settled(session, plan.owner, plan.unit, patient, clock.now())


def _task_of(session: Session, found: Reading) -> tuple[Resource, int] | None:
    query = [("identifier", f"{codes.TASK_NUMBER}|reading.{found.id}")]
    each = next(everything(session, "Task", query), None)
    return None if each is None else (content(each[0]), each[0].version)


def _arrived(session: Session, found: Reading) -> None:
    """What was missing has come: the rows that asked for it end."""
    for data, version in open_tasks(session, ("patient", found.patient)):
        work = work_of(data, version)
        day = found.at.astimezone(clock.NORWAY).date()
        waited = work.since_day is None or day >= work.since_day
        if work.kind is Kind.MISSING and work.measure == found.measure.key and waited:
            act(session, [change(closed(data, Outcome.ARRIVED, "", None), seen=version)])


def find_missing(session: Session) -> None:
    """Agreed measurements that did not come: a Task for each plan and kind, one at a time."""
    waiting = {
        (work.plan, work.measure)
        for data, version in open_tasks(session)
        if (work := work_of(data, version)).kind is Kind.MISSING
    }
    today = clock.today()
    for plan in plans(session, ("status", "active")):
        for agreed in plan.agreed:
            window = last_complete(plan, agreed, today)
            if window and (f"CarePlan/{plan.id}", agreed.measure.key) not in waiting:
                _miss(session, plan, agreed, window)


def _miss(session: Session, plan: Plan, agreed: Agreed, window: Window) -> None:
    found = readings_since(session, plan.patient, agreed.measure, window.starts)
    since = [each for each in found if each.at.astimezone(clock.NORWAY).date() >= window.ends]
    if since or measured_in(window, agreed, found) >= agreed.times:
        return
    key = f"missing.{plan.id}.{agreed.measure.key}.{window.starts.isoformat()}"
    about = About(
        kind=Kind.MISSING,
        key=key,
        patient=plan.patient,
        focus=f"CarePlan/{plan.id}",
        plan=f"CarePlan/{plan.id}",
        measure=agreed.measure.key,
        since_day=window.starts,
    )
    with transaction():
        _make(session, about, plan, plan.deadline(clock.now()))


def due(session: Session, payload: Mapping[str, str]) -> None:
    """A deadline has come: what nobody has closed escalates to the unit's leader (INV-29)."""
    _tend(session, ("_id", payload["task"].removeprefix("Task/")))


def staff_changed(session: Session, payload: Mapping[str, str]) -> None:
    """A role was written: what awaits the unit is looked through."""
    key = payload["resource"].partition("/")[2]
    for stored in patients.read_known(session, [("PractitionerRole", key)]):
        unit = fhir_reading.reference_target(content(stored).get("organization"))
        if unit:
            _tend(session, of_unit(unit))


def tend_all(session: Session, payload: Mapping[str, str]) -> None:
    """Somebody has left, or a unit is closed: everything that waits is looked through."""
    del payload
    tend(session)


def tend(session: Session) -> None:
    """Look through all that waits, as a net below the events."""
    _tend(session)


def _tend(session: Session, *which: tuple[str, str]) -> None:
    """What its owner has left is handed on (INV-28); what is past its deadline escalates. What
    somebody changes at the same moment is looked at by the next round.
    """
    for data, version in open_tasks(session, *which):
        renewed = _escalated(_owned(session, data))
        if renewed != data:
            with suppress(PreconditionFailed):
                act(session, [change(renewed, seen=version)])


def _owned(session: Session, task: Resource) -> Resource:
    work = work_of(task, 0)
    who = settled(session, work.owner, work.unit, work.patient, clock.now())
    if (who.owner, who.unit) == (work.owner, work.unit):
        return task
    return handed_on(task, who.owner_pointer, who.unit_pointer)


def _escalated(task: Resource) -> Resource:
    work = work_of(task, 0)
    return escalated(task) if work.is_late and not work.is_escalated else task


__all__ = ["due", "find_missing", "staff_changed", "tend", "tend_all", "watch"]
