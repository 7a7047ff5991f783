"""Sending letters, noting evidence, and taking up what did not arrive."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from fellesjournal.access import acts
from fellesjournal.access.acts import Resource, Stored, act, change, create
from fellesjournal.access.sessions import Session
from fellesjournal.care.messages import events
from fellesjournal.care.messages.kinds import Kind
from fellesjournal.care.messages.letters import Letter, fingerprint
from fellesjournal.care.messages.queries import Sent, letter_by
from fellesjournal.care.messages.resources import (
    ACTIONS,
    DELIVERY,
    DELIVERY_SYSTEM,
    FOLLOW_UP,
    LETTER_SYSTEM,
    STATE_SYSTEM,
    Delivery,
    Proof,
    Recipient,
    delivery,
    delivery_resource,
    expired,
    follow_up_resource,
    letter_resource,
    recipients_in_order,
    with_proof,
)
from fellesjournal.care.messages.states import Route, State, patience
from fellesjournal.fhir.issues import BadRequest, Conflict, NotFound
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.foundation.outbox.events import Event, publish

FOLLOW_UP_WITHIN = timedelta(days=1)
"""Assumption (configurable): what did not arrive is taken up within a day."""

OUTCOMES = ("sent-again", "told-by-telephone", "handed-over", "arrived-late", "not-needed")
"""How the work on a delivery that failed may end; codes of FOLLOW_UP_OUTCOME_SYSTEM."""
FOLLOW_UP_OUTCOME_SYSTEM = "https://fellesjournal.example/fhir/CodeSystem/delivery-outcome"
_MOST_WORDS = 2000


class NotPreviewed(Conflict):
    """What would be sent is not what was shown before (INV-41)."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends: a person (or unit) who has decided it, and the unit that answers for it."""

    person: str
    unit: str


def send_letter(
    session: Session,
    letter: Letter,
    *,
    patient: str,
    recipients: Sequence[Recipient],
    number: str,
    previewed: str,
    urgent: bool = False,
) -> list[Delivery]:
    """Sign a letter and queue one delivery for each recipient, in one transaction (INV-1).

    ``number`` identifies the form it was written in: sent twice, it is sent once, and the same
    deliveries are answered (INV-8). ``previewed`` is the fingerprint of the letter as it was
    shown. Raises NotPreviewed, BadRequest without a recipient or without text (INV-41).
    """
    to = recipients_in_order(recipients)
    if not to:
        raise BadRequest("a letter needs a recipient", code="required")
    if not any(paragraph.strip() for part in letter.sections for paragraph in part.paragraphs):
        raise BadRequest("a letter without text is not sent", code="required")
    if fingerprint(letter) != previewed:
        raise NotPreviewed("the letter has changed since it was shown; look at it again")
    known_as = f"urn:uuid:{uuid.uuid4()}"
    document = create(
        letter_resource(
            letter,
            number=number,
            patient=patient,
            author=session.person,
            unit=session.unit,
            at=clock.now(),
        ),
        known_as=known_as,
        unless=f"identifier={LETTER_SYSTEM}|{number}",
    )
    tasks = deliveries(
        session, number=number, document=known_as, patient=patient, recipients=to, urgent=urgent
    )
    stood = act(session, [document, *tasks], lambda stored: queued(stored[1:]))
    return [_delivery(stored) for stored in stood[1:]]


def deliveries(
    session: Session,
    *,
    number: str,
    document: str,
    patient: str,
    recipients: Sequence[Recipient],
    urgent: bool,
    kind: Kind = Kind.LETTER,
    sender: Sender | None = None,
) -> list[acts.Operation]:
    """The operations that queue a document for each recipient; for acts that write it too.

    ``sender`` is who answers for it, when the platform queues it for somebody.
    """
    at = clock.now()
    by = Sender(session.person, session.unit) if sender is None else sender
    return [
        create(
            delivery_resource(
                number=number,
                document=document,
                patient=patient,
                recipient=each,
                unit=by.unit,
                author=by.person,
                at=at,
                deadline=at + patience(each.route, urgent=urgent),
                urgent=urgent,
                kind=kind,
            ),
            unless=f"identifier={DELIVERY_SYSTEM}|{number}%23{each.reference}",
        )
        for each in recipients_in_order(recipients)
    ]


def send_for(
    session: Session,
    letter: Letter,
    *,
    sender: Sender,
    patient: str,
    recipients: Sequence[Recipient],
    number: str,
    kind: Kind,
    about: Sequence[str] = (),
    action: str = "",
    urgent: bool = False,
    payload: bytes = b"",
) -> list[Delivery]:
    """What follows from something a person has decided: the platform writes and queues it.

    ``about`` are the resources it tells of, ``action`` (7309) what it does to what was sent of
    them before, ``payload`` the content of its message where that is signed too. The same
    ``number`` again is the same document and the same deliveries (INV-8).
    """
    known_as = f"urn:uuid:{uuid.uuid4()}"
    document = letter_resource(
        letter,
        number=number,
        patient=patient,
        author=sender.person,
        unit=sender.unit,
        at=clock.now(),
        payload=payload,
    )
    if action:
        document["category"] = [{"coding": [{"system": ACTIONS, "code": action}]}]
    if about:
        document["context"] = {"related": [{"reference": each} for each in about]}
    tasks = deliveries(
        session,
        number=number,
        document=known_as,
        patient=patient,
        recipients=recipients,
        urgent=urgent,
        kind=kind,
        sender=sender,
    )
    written = create(document, known_as=known_as, unless=f"identifier={LETTER_SYSTEM}|{number}")
    stood = act(session, [written, *tasks], lambda stored: queued(stored[1:]))
    return [_delivery(stored) for stored in stood[1:]]


def queued(stored: Sequence[Stored]) -> Iterator[Event]:
    """The events of deliveries that have just been queued; asks for each when it will be due."""
    for each in map(_delivery, stored):
        if each.version > 1 or each.state is not State.QUEUED:
            continue  # sent before
        yield events.of_delivery(events.DELIVERY_QUEUED, each.id, each.patient)
        publish(events.of_delivery(events.DELIVERY_DUE, each.id, each.patient), due=each.deadline)


def open_letter(session: Session, document_id: str) -> Sent:
    """The citizen, or who acts for her, opens a letter; whoever sent it is told. Raises NotFound."""
    with transaction():
        found = letter_by(session, session.subject.removeprefix("Patient/"), document_id)
        publish(events.letter_opened(document_id, session.subject, session.person))
        return found


def prove(session: Session, delivery_id: str, state: State, source: str) -> Delivery:
    """Note evidence. The same evidence again changes nothing (INV-8)."""

    def once() -> Delivery:
        task, version = acts.read(session, "Task", delivery_id)
        changed = with_proof(task, Proof(state, clock.now().isoformat(), source))
        if changed is None:
            return delivery(task, version)
        (stood,) = act(session, [change(changed, seen=version)], _moved)
        return _delivery(stood)

    return acts.meanwhile(once)


def post(session: Session, delivery_id: str) -> Delivery:
    """Somebody has put the printed letter into the post, and says so with her name.

    Raises Conflict for what does not go on paper, NotFound for what is not her unit's delivery.
    """
    task, version = _own(session, delivery_id, DELIVERY)
    if delivery(task, version).recipient.route is not Route.PAPER:
        raise Conflict("this does not go on paper")
    return prove(session, delivery_id, State.POSTED, session.person)


def expire(session: Session, delivery_id: str) -> None:
    """The deadline has passed: without evidence, somebody gets a task (INV-2).

    A letter that the citizen has not opened goes on paper instead (INV-9).
    """
    task, version = acts.read(session, "Task", delivery_id)
    found = delivery(task, version)
    if found.has_arrived or found.has_failed:
        return
    late = change(expired(task), seen=version)
    if found.recipient.route is Route.HELSAMI:
        act(session, [late, _on_paper(task, found)], lambda stored: queued(stored[1:]))
    else:
        act(session, [late, _follow_up(found)], _moved)


def take_up(session: Session, failed: Delivery) -> None:
    """Owned work about a delivery that was refused or came back. Once for each delivery."""
    act(session, [_follow_up(failed)])


def close_follow_up(session: Session, task_id: str, *, outcome: str, words: str) -> None:
    """End the work on a delivery that failed; only with an outcome (INV-2).

    Raises BadRequest for an unknown outcome, or "not-needed" without words; Conflict when it has
    ended already; NotFound for what is not her unit's follow-up.
    """
    if outcome not in OUTCOMES:
        raise BadRequest("say how it ended", code="required")
    if outcome == "not-needed" and not words.strip():
        raise BadRequest("say why it is not needed", code="required")
    task, version = _own(session, task_id, FOLLOW_UP)
    if task.get("status") not in {"requested", "accepted", "in-progress"}:
        raise Conflict("this has ended already")
    task["status"] = "completed"
    task["output"] = [
        {
            "type": {"coding": [{"system": FOLLOW_UP_OUTCOME_SYSTEM, "code": outcome}]},
            "valueString": words.strip()[:_MOST_WORDS] or "-",
        }
    ]
    act(session, [change(task, seen=version)])


def _moved(stored: Sequence[Stored]) -> Iterator[Event]:
    """Of a delivery that now stands otherwise."""
    found = _delivery(stored[0])
    if found.has_failed:
        yield events.of_delivery(events.DELIVERY_FAILED, found.id, found.patient)
    elif found.has_arrived:
        yield events.of_delivery(events.DELIVERY_ARRIVED, found.id, found.patient, str(found.state))


def _on_paper(task: Resource, unread: Delivery) -> acts.Operation:
    at = clock.now()
    number = task["identifier"][0]["value"].partition("#")[0]
    return create(
        {
            **delivery_resource(
                number=f"{number}#paper",
                document=unread.document,
                patient=unread.patient,
                recipient=Recipient(unread.recipient.reference, unread.recipient.name, Route.PAPER),
                unit=unread.owner,
                author=str(task["requester"]["reference"]),
                at=at,
                deadline=at + patience(Route.PAPER, urgent=unread.urgent),
                urgent=unread.urgent,
                kind=unread.kind,
            ),
            "partOf": [{"reference": f"Task/{unread.id}"}],
        }
    )


def _follow_up(failed: Delivery) -> acts.Operation:
    at = clock.now()
    return create(
        follow_up_resource(failed, at=at, deadline=at + FOLLOW_UP_WITHIN),
        unless=f"identifier={DELIVERY_SYSTEM}|{failed.id}%23follow-up",
    )


def _delivery(stored: Stored) -> Delivery:
    return delivery(acts.content(stored), stored.version)


def _own(session: Session, task_id: str, code: str) -> tuple[Resource, int]:
    task, version = acts.read(session, "Task", task_id)
    if not _is(task, code) or task.get("owner", {}).get("reference") != session.unit:
        raise NotFound(f"Task/{task_id} is not known")
    return task, version


def _is(task: dict[str, Any], code: str) -> bool:
    return any(each.get("code") == code for each in task.get("code", {}).get("coding", ()))


__all__ = [
    "FOLLOW_UP_OUTCOME_SYSTEM",
    "FOLLOW_UP_WITHIN",
    "OUTCOMES",
    "STATE_SYSTEM",
    "NotPreviewed",
    "Sender",
    "close_follow_up",
    "deliveries",
    "expire",
    "open_letter",
    "post",
    "prove",
    "queued",
    "send_for",
    "send_letter",
    "take_up",
]
