"""Referrals that come as messages: new, change and cancel, in whatever order they arrive.

A message names the referral it is about by a key of the sender's. What it says is applied to that
referral also when the first message is still on its way (INV-15): a change that comes first makes
it, a cancellation that comes first leaves it cancelled, and what is older never undoes what is
newer. The version before stays in the history.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from fellesjournal.access.acts import act, change, create
from fellesjournal.access.sessions import Session
from fellesjournal.care.referrals import codes, events
from fellesjournal.care.referrals.actions.case import Case, load, names, search_all, seen_now
from fellesjournal.care.referrals.actions.referring import office_task, put_received
from fellesjournal.care.referrals.resources import (
    CARE_BY,
    CHANGED,
    CONTENT_AS_OF,
    RECEIVED,
    REFERRING_UNIT,
    Content,
    Resource,
    add_to,
    content_as_of,
    identifier_query,
    moment_text,
    named,
    new_request,
    put_content,
    put_day,
    put_extension,
    put_modified,
    put_output,
    put_state,
    read_referral,
    read_work,
)
from fellesjournal.care.referrals.states import State, Step, possible
from fellesjournal.fhir import reading
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.foundation.outbox.events import Event, publish


class Kind(StrEnum):
    """The action of a message (ServType, norway.md section 6)."""

    NEW = "N"
    CHANGE = "M"
    CANCEL = "C"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A referral as it came. ``key`` is the referral's (a UUID: the id of the first message);
    ``sent`` when this one was written, aware. ``service`` is who is asked (HealthcareService/x or
    Organization/x), ``office`` the Organization that answers for it, ``sender`` the referring
    Organization. A cancellation needs no content; ``reason`` says why. ``document`` is what it
    came in (DocumentReference/x): the office sees all of it there, and answers go in its thread.
    """

    kind: Kind
    key: str
    sent: datetime
    patient: str
    service: str
    office: str
    sender: str
    author: str = ""
    content: Content | None = None
    reason: str = ""
    document: str = ""


def receive_referral(session: Session, message: Message) -> str:
    """Apply a message; answers the id of the referral it is about.

    Once more the same message, or an older one, changes nothing (INV-8). A change or
    cancellation of what is decided already changes nothing either, and is not lost: it is set
    aside for somebody to read (INV-5). For the platform's own jobs: who sent it was checked by
    the caller.
    """
    standing = search_all(
        session, "ServiceRequest", [("identifier", identifier_query(message.key))]
    )
    if not standing:
        return _begin(session, message)
    case = load(session, str(standing[0][0]["id"]))
    if message.document and message.document in _documents(case.request):
        return case.referral.id
    is_another = _is_another(case, message)
    if is_another or (case.referral.state in _DECIDED and message.kind is not Kind.NEW):
        _set_aside(message)
    if is_another:
        return case.referral.id
    if message.kind is Kind.CANCEL:
        _cancel(session, case, message)
    else:
        _put(session, case, message)
    return case.referral.id


_DECIDED = frozenset({State.REJECTED, State.ENDED})


def _is_another(case: Case, message: Message) -> bool:
    """Whether the number of the referral is used for something else (INV-44)."""
    referral = case.referral
    return referral.patient != message.patient or referral.referring_unit != message.sender


def _documents(request: Resource) -> list[str]:
    """The messages that a referral came in, in the order they were heard."""
    return [
        reading.reference_target(each) for each in reading.elements(request.get("supportingInfo"))
    ]


def _keep(request: Resource, message: Message) -> None:
    if message.document:
        kept = [*reading.elements(request.get("supportingInfo")), named(message.document)]
        request["supportingInfo"] = kept


def _set_aside(message: Message) -> None:
    if message.document:
        with transaction():
            publish(events.set_aside(message.document, message.patient, message.office))


# 9148: what a status of the receiver says, and the steps that lead there.
_STATUS_STEPS = {
    "1": (Step.ACCEPT, Step.ALLOCATE),
    "2": (Step.ACCEPT,),
    "4": (Step.REJECT,),
}


def receive_status(
    session: Session,
    *,
    referral_id: str,
    code: str,
    received: date | None = None,
    care_by: date | None = None,
    text: str = "",
    document: str = "",
) -> None:
    """What a receiver on another system says of a referral we sent (9148, norway.md section 7).

    ``received`` and ``care_by`` are dates of the message, when it has them; ``text`` its words,
    ``document`` what it came in (DocumentReference/x), by which it is known again. Once more the
    same, or a status that leads nowhere from here, changes nothing but what is known. Codes 3
    (forwarded) and 11 (advice) are noted and leave the state as it is.
    """
    case = load(session, referral_id)
    before = case.referral.state
    if document:
        if document in _documents(case.request):
            return
        kept = [*reading.elements(case.request.get("supportingInfo")), named(document)]
        case.request["supportingInfo"] = kept
    for step in _STATUS_STEPS.get(code, ()):
        if step in possible(case.referral.state):
            case.move(step, reason=text if step is Step.REJECT else "", deadline=care_by)
    for url, day in ((RECEIVED, received), (CARE_BY, care_by)):
        if day is not None:
            put_day(case.request, url, day)
    if code not in _STATUS_STEPS:
        said = ": ".join(filter(None, (codes.STATUSES.get(code, code), text)))
        add_to(case.request, said, by=case.referral.receiver_name)
    name = events.NOTED if case.referral.state is before else _STATUS_EVENTS[case.referral.state]
    case.write(session, seen_now(case), name)


def receive_answer(session: Session, *, referral_id: str, question: str, text: str) -> None:
    """The answer of a referrer on another system to what the office asked (the id of a Task).

    Answered already, or decided meanwhile, it changes nothing: the message itself is read.
    """
    case = load(session, referral_id)
    for task, version in case.others:
        if read_work(task, version).id != question or Step.ANSWER not in possible(
            case.referral.state
        ):
            continue
        case.move(Step.ANSWER)
        add_to(case.request, text, by=case.referral.referring_unit_name or "–")
        task["status"] = "completed"
        put_modified(task)
        put_output(task, codes.TASK_CODE, codes.QUESTION_TASK, valueString=text)
        case.more.append(change(task, seen=version))
        case.write(session, seen_now(case), events.ANSWERED)


_STATUS_EVENTS = {
    State.WAITING: events.ACCEPTED,
    State.CALLED_IN: events.CALLED_IN,
    State.REJECTED: events.REJECTED,
}


def _begin(session: Session, message: Message) -> str:
    """The first message to arrive makes the referral, whichever it is."""
    called = names(session, message.service, message.office, message.sender)
    request = new_request(message.patient, message.content or Content(what=""), key=message.key)
    request["performer"] = [named(message.service, called[message.service])]
    sender = named(message.sender, called[message.sender])
    put_extension(request, REFERRING_UNIT, valueReference=sender)
    put_state(request, State.TO_ASSESS)
    put_received(request)
    _keep(request, message)
    if message.content is not None:
        _say(request, message)
    focus = request["identifier"][0]["value"]
    office = named(message.office, called[message.office])
    task = office_task(request, focus=focus, owner=office, requester=sender)
    _mark(task, message)
    case = Case(request, 0, task, 0, [])
    if message.kind is Kind.CANCEL:
        case.move(Step.CANCEL, reason=message.reason)
    name = events.CANCELLED if message.kind is Kind.CANCEL else events.SENT

    def tell(stood: Sequence[Any]) -> Iterable[Event]:
        sent = read_referral({**request, "id": stood[0].id}, stood[0].version)
        yield events.event(name, sent, stood[1].id)

    once = f"identifier={identifier_query(message.key)}"
    stood = act(session, [create(request, known_as=focus, unless=once), create(task)], tell)
    return stood[0].id


def _put(session: Session, case: Case, message: Message) -> None:
    """New content for what stands, unless what stands is newer."""
    if message.content is None or not _is_newer(message, case.request):
        return
    _say(case.request, message)
    _keep(case.request, message)
    if case.task is not None:
        case.task["priority"] = message.content.urgency
        _mark(case.task, message)
    case.write(session, seen_now(case), events.CHANGED)


def _is_newer(message: Message, request: Resource) -> bool:
    """Whether a message says more than what stands; of the same second, a change does."""
    stands = reading.moment(content_as_of(request))
    if stands is None:
        return True
    sent = message.sent.replace(microsecond=0)
    return sent > stands.at or (sent == stands.at and message.kind is Kind.CHANGE)


def _mark(task: Resource, message: Message) -> None:
    """The office sees what was changed after it was written first."""
    if message.kind is Kind.CHANGE:
        put_output(task, codes.TASK_CODE, CHANGED, valueString=moment_text(message.sent))


def _cancel(session: Session, case: Case, message: Message) -> None:
    if Step.CANCEL not in possible(case.referral.state):
        return
    _keep(case.request, message)
    case.move(Step.CANCEL, reason=message.reason)
    case.close_questions()
    case.write(session, seen_now(case), events.CANCELLED)


def _say(request: Resource, message: Message) -> None:
    """What the request says now, and as of when."""
    assert message.content is not None  # the callers see to it
    put_content(request, message.content)
    put_extension(request, CONTENT_AS_OF, valueDateTime=moment_text(message.sent))
    request["authoredOn"] = moment_text(message.sent)
    if message.author:
        request["requester"] = {"display": message.author}


__all__ = ["Kind", "Message", "receive_answer", "receive_referral", "receive_status"]
