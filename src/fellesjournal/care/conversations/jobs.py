"""What follows when a citizen has written, when nobody has answered in time, and who has read."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import partial

from fellesjournal.access import acts, patients, records
from fellesjournal.access.acts import Resource, act, change, content, create
from fellesjournal.access.answering import of_unit
from fellesjournal.access.conversing import (
    CATEGORY_SYSTEM,
    CONVERSATION,
    is_conversation,
    is_from_citizen,
)
from fellesjournal.access.opened import read_by
from fellesjournal.access.sessions import Session
from fellesjournal.care.conversations import events, resources
from fellesjournal.care.conversations.promises import OTHERWISE, answer_by, promise
from fellesjournal.care.conversations.queries import everything, unit_kind
from fellesjournal.care.conversations.resources import (
    Outcome,
    conversations_of,
    message_of,
    pointer,
)
from fellesjournal.care.conversations.staffing import leader_of, open_unit, works_at
from fellesjournal.care.conversations.tasks import (
    CODE,
    OPEN,
    AnswerTask,
    asked_again,
    key_of,
    new_task,
    owned,
    risen,
    task_of,
)
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import FhirError
from fellesjournal.foundation import clock
from fellesjournal.foundation.outbox.events import publish


def written(session: Session, payload: Mapping[str, str]) -> None:
    """On ``message-written``: the unit answers for it from now on, with a deadline."""
    fhir_id = payload["resource"].partition("/")[2]
    acts.meanwhile(partial(take_in, session, fhir_id))


def take_in(session: Session, message_id: str) -> None:
    """Let the one Task of a conversation ask for an answer to this message too; once, however often
    it is told. A conversation that somebody closed at the same moment is opened again.
    """
    found = _read(session, f"Communication/{message_id}")
    if found is None or not is_from_citizen(found):
        return
    message = message_of(found)
    first = _read(session, f"Communication/{message.first}")
    if first is None or not is_conversation(first):
        return
    task = _task_about(session, message.first)
    if task is not None and message_id in task_of(task[0], 0).messages:
        return
    patient = reading.reference_target(first.get("subject"))
    asked = conversations_of([first])[0]
    unit = open_unit(session, asked.unit, patient)
    owning = pointer(f"Organization/{unit['id']}", reading.string(unit.get("name")))
    now = clock.now()
    promised = promise(unit_kind(unit), correction=bool(asked.about)) or OTHERWISE
    # what she was promised holds; what an app says she was promised delays nothing
    deadline = min(filter(None, [message.answer_by, answer_by(promised, now)]))
    if task is None:
        body = new_task(
            conversation=message.first,
            patient=patient,
            unit=owning,
            message=message_id,
            since=min(now, deadline),  # heard late: late from the start
            deadline=deadline,
        )
        unless = f"identifier={resources.KEYS}|{key_of(message.first)}"
        (stood,) = act(session, [create(body, unless=unless)])
    else:
        data, version = task
        again = asked_again(data, message_id, min(now, deadline), deadline)
        (stood,) = act(session, [change(_kept(session, again), seen=version)])
    deadline = task_of(content(stood), 0).deadline or deadline
    publish(events.due_event(stood.id), due=deadline)
    _mirror(session, stood.id)


def handled(session: Session, payload: Mapping[str, str]) -> None:
    """On ``message-handled``: the citizen sees who has it, and how it stands."""
    fhir_id = payload["task"].partition("/")[2]
    acts.meanwhile(partial(_mirror, session, fhir_id))


def due(session: Session, payload: Mapping[str, str]) -> None:
    """On ``message-due``: what nobody has answered in time rises to the leader of the unit."""
    fhir_id = payload["task"].partition("/")[2]
    acts.meanwhile(partial(_rise, session, fhir_id))


def _rise(session: Session, task_id: str) -> None:
    data, version = acts.read(session, "Task", task_id)
    read = task_of(data, version)
    if not read.is_late or read.has_risen:
        return
    leader = leader_of(session, read.unit)
    owner = None if leader is None else pointer(leader.reference, leader.name)
    act(session, [change(risen(data, owner), seen=version)])
    _mirror(session, task_id)


def read(session: Session, payload: Mapping[str, str]) -> None:
    """On ``message-read``: who of the citizen's side has read which answers."""
    for each in filter(None, payload["messages"].split(",")):
        acts.meanwhile(partial(_note_read, session, each, payload["person"]))


def _note_read(session: Session, message_id: str, person: str) -> None:
    data, version = acts.read(session, "Communication", message_id)
    if not message_of(data).is_read_by(person):
        act(session, [change(read_by(data, person, clock.now()), seen=version)])


def staff_changed(session: Session, payload: Mapping[str, str]) -> None:
    """On ``staff-changed``: what somebody had who works here no more goes back to the unit."""
    role = _read(session, payload["resource"])
    unit = reading.reference_target((role or {}).get("organization"))
    _tend(session, [of_unit(unit)] if unit else [])


def person_ended(session: Session, payload: Mapping[str, str]) -> None:
    """On ``person-ended``: the same for all she had."""
    _tend(session, [("owner", payload["resource"])])


def unit_closed(session: Session, payload: Mapping[str, str]) -> None:
    """On ``unit-closed``: what awaited the unit goes to the one above, or to her list GP."""
    _tend(session, [of_unit(payload["resource"])])


def tend(session: Session) -> None:
    """Of the clock: a net below the events. Each conversation that is open has its Task, each open
    Task an owner who works there and has risen when its time was over.
    """
    roots = everything(
        session,
        "Communication",
        [("category", f"{CATEGORY_SYSTEM}|{CONVERSATION}"), ("status", "in-progress")],
    )
    for each in roots:
        parts = everything(session, "Communication", [("part-of", each.reference)])
        asked = [stored for stored in (each, *parts) if is_from_citizen(content(stored))]
        for stored in asked:
            with suppress(FhirError):  # it stands in the outbox; one holds up no other
                acts.meanwhile(partial(take_in, session, stored.id))
    _tend(session, [])


def _tend(session: Session, which: list[tuple[str, str]]) -> None:
    asked = [("code", CODE), ("status", ",".join(OPEN)), *which]
    for stored in everything(session, "Task", asked):
        acts.meanwhile(partial(_settle, session, stored.id))
        acts.meanwhile(partial(_rise, session, stored.id))


def _settle(session: Session, task_id: str) -> None:
    data, version = acts.read(session, "Task", task_id)
    settled = _kept(session, data)
    if settled != data:
        act(session, [change(settled, seen=version)])
        _mirror(session, task_id)


def _kept(session: Session, task: Resource) -> Resource:
    """The Task with the owner it has while she works there, else its unit's; at an open unit."""
    read = task_of(task, 0)
    unit = open_unit(session, read.unit, read.patient)
    reference = f"Organization/{unit['id']}"
    owning = pointer(reference, reading.string(unit.get("name")))
    stays = reference == read.unit and (
        not read.is_taken or works_at(session, read.owner, read.unit)
    )
    return task if stays else owned(task, owning, owning)


def _mirror(session: Session, task_id: str) -> None:
    """Let the conversation say what its Task says: at which unit, who handles it, how it ended."""
    data, _ = acts.read(session, "Task", task_id)
    read = task_of(data, 0)
    first, version = acts.read(session, "Communication", read.conversation)
    said = resources.at_unit(first, pointer(read.unit, read.unit_name))
    said = resources.handled(said, data["owner"] if read.is_taken else None)
    said = resources.standing(said, _closed_with(read), read.words)
    if said != first:
        act(session, [change(said, seen=version)])


def _closed_with(read: AnswerTask) -> str:
    is_closed = not read.is_open and read.outcome != Outcome.ANSWERED
    return read.outcome if is_closed else ""


def _task_about(session: Session, conversation_id: str) -> tuple[Resource, int] | None:
    query = [("focus", f"Communication/{conversation_id}"), ("code", CODE)]
    page = records.search(session, "Task", query)
    return next(((content(each), each.version) for each in page.matches), None)


def _read(session: Session, reference: str) -> Resource | None:
    kind, _, fhir_id = reference.partition("/")
    found = patients.read_known(session, [(kind, fhir_id)])
    return next((content(each) for each in found if each.body), None)


__all__ = [
    "due", "handled", "person_ended", "read", "staff_changed", "take_in", "tend", "unit_closed",
    "written",
]  # fmt: skip
