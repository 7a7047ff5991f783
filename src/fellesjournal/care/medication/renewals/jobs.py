"""What follows when a renewal is asked for, and what the clock does to requests that wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial

from fellesjournal.access import acts
from fellesjournal.access.acts import act, change, content, create
from fellesjournal.access.answering import (
    Answerable,
    handed_on,
    of_unit,
    read_references,
    settled,
    working,
)
from fellesjournal.access.conversing import CATEGORY_SYSTEM
from fellesjournal.access.opened import read_by, readers
from fellesjournal.access.renewing import REQUEST, is_renewal_answer, is_renewal_request
from fellesjournal.access.sessions import Session
from fellesjournal.care.medication.renewals.events import due_event
from fellesjournal.care.medication.renewals.queries import everything, task_about
from fellesjournal.care.medication.renewals.resources import KEYS, Request, requests_in
from fellesjournal.care.medication.renewals.tasks import (
    CODE,
    OPEN,
    escalated,
    key_of,
    new_task,
    task_of,
)
from fellesjournal.care.medication.resources import Resource
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import FhirError, PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.foundation.outbox.events import publish


def asked(session: Session, payload: Mapping[str, str]) -> None:
    """On ``renewal-asked``: somebody at the GP's office answers for it from now on."""
    acts.meanwhile(partial(take_in, session, payload["resource"].partition("/")[2]))


def take_in(session: Session, request_id: str) -> None:
    """Make the one Task of a request; once, however often it is told."""
    for found in read_references(session, [f"Communication/{request_id}"]):
        if not is_renewal_request(found) or task_about(session, request_id) is not None:
            continue
        (request,) = requests_in([found])
        who = _answerable(session, request, clock.now())
        unless = f"identifier={KEYS}|{key_of(request.id)}"
        (made,) = act(session, [create(new_task(request, who), unless=unless)])
        publish(due_event(made.id), due=request.deadline)


def _answerable(session: Session, request: Request, at: datetime) -> Answerable:
    """Her list GP while he works at the office that she asked, else the office."""
    owner = request.unit
    for person in read_references(session, [request.patient]):
        for pointer in reading.elements(person.get("generalPractitioner")):
            for who, where in working(session, pointer, ""):
                if where == request.unit and who.startswith("Practitioner/"):
                    owner = who
    return settled(session, owner, request.unit, request.patient, at)


def read(session: Session, payload: Mapping[str, str]) -> None:
    """On ``renewal-read``: who of the citizen's side has seen which answers."""
    for each in filter(None, payload["answers"].split(",")):
        acts.meanwhile(partial(_note_read, session, each, payload["person"]))


def _note_read(session: Session, answer_id: str, person: str) -> None:
    data, version = acts.read(session, "Communication", answer_id)
    if is_renewal_answer(data) and person not in dict(readers(data)):
        act(session, [change(read_by(data, person, clock.now()), seen=version)])


def due(session: Session, payload: Mapping[str, str]) -> None:
    """On ``renewal-due``: what nobody has answered in time awaits all who prescribe at the office."""
    _tend(session, [("_id", payload["task"].removeprefix("Task/"))])


def staff_changed(session: Session, payload: Mapping[str, str]) -> None:
    """On ``staff-changed``: what awaited somebody who is away or has left is handed on."""
    found = read_references(session, [payload["resource"]])
    units = {reading.reference_target(each.get("organization")) for each in found}
    for unit in filter(None, units):
        _tend(session, [of_unit(unit)])
    if not found:
        _tend(session, [])  # deleted: where she worked is not told any more


def person_ended(session: Session, payload: Mapping[str, str]) -> None:
    """On ``person-ended``: the same for all she had."""
    _tend(session, [("owner", payload["resource"])])


def unit_closed(session: Session, payload: Mapping[str, str]) -> None:
    """On ``unit-closed``: what awaited the office goes to the one above, or to her GP's."""
    _tend(session, [of_unit(payload["resource"])])


def tend(session: Session) -> None:
    """Of the clock: a net below the events. Each request that is not answered has its Task, each
    open Task an owner who works there, and has escalated when its time was over.
    """
    for each in everything(
        session, "Communication", [("category", f"{CATEGORY_SYSTEM}|{REQUEST}")]
    ):
        with suppress(FhirError):  # it stands in the outbox; one holds up no other
            acts.meanwhile(partial(take_in, session, each.id))
    _tend(session, [])


def _tend(session: Session, which: list[tuple[str, str]]) -> None:
    for data, version in _waiting(session, which):
        now = clock.now()
        settled_ = _escalated(_owned(session, data, now))
        if settled_ != data:
            with suppress(PreconditionFailed):  # answered or handed on this moment
                act(session, [change(settled_, seen=version)])


def _owned(session: Session, task: Resource, at: datetime) -> Resource:
    read = task_of(task, 0)
    who = settled(session, read.owner, read.unit, read.patient, at)
    if (who.owner, who.unit) == (read.owner, read.unit):
        return task
    return handed_on(task, who.owner_pointer, who.unit_pointer)


def _escalated(task: Resource) -> Resource:
    read = task_of(task, 0)
    return escalated(task) if read.is_late and not read.is_escalated else task


def _waiting(session: Session, which: list[tuple[str, str]]) -> Iterator[tuple[Resource, int]]:
    for each in everything(session, "Task", [("code", CODE), ("status", OPEN), *which]):
        yield content(each), each.version


__all__ = [
    "asked",
    "due",
    "person_ended",
    "read",
    "staff_changed",
    "take_in",
    "tend",
    "unit_closed",
]
