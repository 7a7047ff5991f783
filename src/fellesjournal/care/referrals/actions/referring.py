"""What the referrer does: draft, send, answer, change, cancel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from fellesjournal.access import records
from fellesjournal.access.acts import DoneBefore, Operation, Tell, act, change, create
from fellesjournal.access.acts import content as content_of
from fellesjournal.access.sessions import Session
from fellesjournal.care.referrals import codes, events
from fellesjournal.care.referrals.actions.case import (
    Case,
    Missing,
    Seen,
    load,
    must_be,
    must_be_at,
    names,
    seen_now,
)
from fellesjournal.care.referrals.limits import LIMITS
from fellesjournal.care.referrals.receivers import receiver_for
from fellesjournal.care.referrals.resources import (
    ASSESS_BY,
    BY_MESSAGE,
    CHANGED,
    CONTENT_AS_OF,
    RECEIVED,
    REFERRING_UNIT,
    SENIORITY,
    Content,
    Referral,
    Resource,
    add_to,
    identifier_query,
    named,
    new_request,
    new_task,
    put_content,
    put_day,
    put_extension,
    put_input,
    put_modified,
    put_output,
    put_state,
    put_task_state,
    read_referral,
    read_work,
    state_of,
)
from fellesjournal.care.referrals.states import State, Step, after
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import NotFound, PreconditionFailed
from fellesjournal.fhir.reading import Element
from fellesjournal.foundation import clock
from fellesjournal.foundation.outbox.events import Event
from fellesjournal.registry.working_days import add_working_days


def draft_referral(
    session: Session,
    *,
    patient: str,
    content: Content,
    receiver: str = "",
    draft: str = "",
    seen: int = 0,
    form: str = "",
) -> str:
    """Save a draft about ``Patient/x``; answers its id.

    ``draft`` is the id of one that stands, in version ``seen``. A receiver need not be chosen,
    nor be able to receive. Raises NotPossible for one that was sent, NotFound for another
    patient's, NotYours for somebody else's. The same ``form`` sent twice makes one.
    """
    standing = None if draft else _of_form(session, patient, form)
    if standing is not None and standing.state is not State.DRAFT:
        return standing.id
    if standing is not None:
        draft, seen = standing.id, standing.version
    if not draft:
        request = new_request(patient, content, key=form)
        _put_parties(session, request, receiver)
        return _create(session, patient, form, [create(request)])
    case = _own_draft(session, patient, draft)
    after(case.referral.state, Step.CHANGE)
    put_content(case.request, content)
    _put_parties(session, case.request, receiver)
    act(session, [change(case.request, seen=seen)])
    return draft


def send_referral(
    session: Session,
    *,
    patient: str,
    content: Content,
    receiver: str,
    draft: str = "",
    seen: int = 0,
    leaves_entity: bool = False,
    form: str = "",
) -> str:
    """Sign and send; answers the id. The receiver's office then owns it until its deadline.

    ``form`` is the key (a UUID) of the form of one that was no draft: sent twice, it refers once.

    Whether the receiver can receive is asked first, and nothing is written when it can't
    (INV-4). Raises CannotReceive, LeavesEntity (INV-6), Missing, NotYours, NotPossible.
    """
    must_be(session, LIMITS.referrers)
    standing = None if draft else _of_form(session, patient, form)
    if standing is not None and standing.state is not State.DRAFT:
        return standing.id
    if standing is not None:  # the page's script has saved it
        draft, seen = standing.id, standing.version
    if not content.what:
        raise Missing("what")
    if not content.diagnosis:
        raise Missing("diagnosis")
    chosen = receiver_for(session, receiver, leaves_entity=leaves_entity)
    request = new_request(patient, content, key="" if draft else form)
    if draft:
        request = _own_draft(session, patient, draft).request
        put_content(request, content)
    state = after(state_of(request), Step.SEND)
    own = _put_parties(session, request, chosen.reference, chosen.name)
    put_state(request, state)
    if not chosen.is_outsider:
        put_received(request)
    request["authoredOn"] = clock.now_text()
    put_extension(request, CONTENT_AS_OF, valueDateTime=clock.now_text())
    focus = f"ServiceRequest/{draft}" if draft else request["identifier"][0]["value"]
    # An outsider has no worklist here, and nothing is known of receipt: who has sent it follows it.
    owner = own if chosen.is_outsider else named(chosen.unit, chosen.unit_name)
    task = office_task(request, focus=focus, owner=owner, requester=own)
    if chosen.is_outsider:
        put_input(task, BY_MESSAGE, chosen.name)
    written = change(request, seen=seen) if draft else create(request, known_as=focus)

    def tell(stood: Sequence[Any]) -> Iterable[Event]:
        sent = read_referral({**request, "id": stood[0].id}, stood[0].version)
        yield events.event(events.SENT, sent, stood[1].id)

    if draft:
        return act(session, [written, create(task)], tell)[0].id
    return _create(session, patient, form, [written, create(task)], tell)


def put_received(request: Resource, day: date | None = None) -> None:
    """When the request reached the office (today unless said), and by when to assess it."""
    today = day or clock.today()
    put_day(request, RECEIVED, today)
    put_day(request, SENIORITY, today)
    put_day(request, ASSESS_BY, add_working_days(today, LIMITS.assess_within))


def office_task(
    request: Resource,
    *,
    focus: str,
    owner: Element,
    requester: Element | None,
    received: date | None = None,
) -> Resource:
    """The Task by which somebody answers for a request that was received (today unless said)."""
    task = new_task(
        codes.REFERRAL_TASK,
        focus=focus,
        patient=reading.reference_target(request["subject"]),
        owner=owner,
        requester=requester,
        deadline=add_working_days(received or clock.today(), LIMITS.assess_within),
    )
    task["priority"] = request["priority"]
    put_task_state(task, state_of(request))
    return task


def answer_question(
    session: Session, *, referral_id: str, question: str, seen: int, text: str
) -> None:
    """Answer what the office has asked (the id of a Task): it returns to be assessed.

    Raises Missing, NotFound, NotYours, NotPossible.
    """
    case, task = _asked(session, referral_id, question)
    must_be_at(session, read_work(task, seen).owner)
    if not text:
        raise Missing("text")
    name = names(session, session.person)[session.person]
    case.move(Step.ANSWER)
    add_to(case.request, text, by=name)
    task["status"] = "completed"
    put_modified(task)
    put_output(task, codes.TASK_CODE, codes.QUESTION_TASK, valueString=text)
    case.more.append(change(task, seen=seen))
    case.write(session, seen_now(case), events.ANSWERED)


def change_referral(session: Session, *, referral_id: str, seen: Seen, content: Content) -> None:
    """Change what was sent; the version before stays in the history (INV-15, INV-43).

    The office sees that it was changed. Raises NotPossible, NotYours, Missing.
    """
    case = load(session, referral_id)
    _must_be_referrer(session, case)
    if not content.what or not content.diagnosis:
        raise Missing("what" if not content.what else "diagnosis")
    case.move(Step.CHANGE)
    put_content(case.request, content)
    put_extension(case.request, CONTENT_AS_OF, valueDateTime=clock.now_text())
    if case.task is not None:
        case.task["priority"] = content.urgency
        put_output(case.task, codes.TASK_CODE, CHANGED, valueString=clock.now_text())
    case.write(session, seen, events.CHANGED)


def cancel_referral(session: Session, *, referral_id: str, seen: Seen, reason: str) -> None:
    """Take back a draft or what was sent; it leaves every list with its reason.

    Raises NotPossible, NotYours, Missing.
    """
    case = load(session, referral_id)
    _must_be_referrer(session, case)
    if case.referral.state is State.DRAFT:
        case.move(Step.CANCEL)
        act(session, [change(case.request, seen=seen.request)])
        return
    if not reason:
        raise Missing("reason")
    case.move(Step.CANCEL, reason=reason)
    case.close_questions()
    case.write(session, seen, events.CANCELLED)


# --- parts ----------------------------------------------------------------------------------------


def _create(
    session: Session,
    patient: str,
    form: str,
    operations: Sequence[Operation],
    tell: Tell | None = None,
) -> str:
    """Write a new referral, once for each form. Raises PreconditionFailed when a copy of the form
    that only saved it was at work at the same time.
    """
    try:
        return act(session, operations, tell, form=form)[0].id
    except DoneBefore:
        standing = _of_form(session, patient, form)
        if standing is None or (standing.state is State.DRAFT and tell is not None):
            raise PreconditionFailed("the same form was saved meanwhile") from None
        return standing.id


def _of_form(session: Session, patient: str, form: str) -> Referral | None:
    """The referral that this form has made before."""
    if not form:
        return None
    asked = [("patient", patient), ("identifier", identifier_query(form))]
    for stored in records.search(session, "ServiceRequest", asked).matches:
        return read_referral(content_of(stored), stored.version)
    return None


def _own_draft(session: Session, patient: str, draft: str) -> Case:
    case = load(session, draft)
    if case.referral.patient != patient:
        raise NotFound(f"ServiceRequest/{draft} is not known")
    _must_be_referrer(session, case)
    return case


def _must_be_referrer(session: Session, case: Case) -> None:
    referral = case.referral
    if session.person != referral.requester:
        must_be_at(session, referral.referring_unit)


def _put_parties(session: Session, request: Resource, receiver: str, name: str = "") -> Element:
    """Who refers, and to whom; answers the reference of the referring unit."""
    called = names(session, session.person, session.unit, *([receiver] if receiver else []))
    own = named(session.unit, called[session.unit])
    request["requester"] = named(session.person, called[session.person])
    put_extension(request, REFERRING_UNIT, valueReference=own)
    if receiver:
        request["performer"] = [named(receiver, name or called[receiver])]
    else:
        request.pop("performer", None)
    return own


def _asked(session: Session, referral_id: str, question: str) -> tuple[Case, Resource]:
    case = load(session, referral_id)
    for task, version in case.others:
        work = read_work(task, version)
        if work.id == question and work.code == codes.QUESTION_TASK:
            return case, task
    raise NotFound(f"Task/{question} is not known")


__all__ = [
    "answer_question",
    "cancel_referral",
    "change_referral",
    "draft_referral",
    "office_task",
    "put_received",
    "send_referral",
]
