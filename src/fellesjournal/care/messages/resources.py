"""Deliveries as FHIR Tasks, and letters as DocumentReferences.

A delivery (code ``delivery``): ``focus`` the document, ``for`` the patient, ``owner`` the unit that
answers for it, ``restriction.recipient`` to whom, ``businessStatus`` the state, ``output`` the
evidence in the order it came, ``restriction.period.end`` until when evidence is waited for. What
is done about one that failed is a Task of its own (code ``delivery-follow-up``, partOf it).
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fellesjournal.access.acts import Resource
from fellesjournal.care.messages.kinds import KIND_SYSTEM, Kind
from fellesjournal.care.messages.letters import Letter, as_pdf
from fellesjournal.care.messages.states import FAILED, Route, State, has_arrived, state_of
from fellesjournal.fhir import reading

TASK_SYSTEM = "https://fellesjournal.example/fhir/CodeSystem/task-code"
DELIVERY = "delivery"
FOLLOW_UP = "delivery-follow-up"
DELIVERY_SYSTEM = "https://fellesjournal.example/fhir/NamingSystem/delivery"
"""Identifies a delivery: the document's own number, and to whom."""
LETTER_SYSTEM = "https://fellesjournal.example/fhir/NamingSystem/letter"
"""Identifies a letter by the form it was written in: sent twice, it is one letter."""
MESSAGE_SYSTEM = "https://fellesjournal.example/fhir/NamingSystem/message"
"""Message numbers (MsgId): of deliveries that go out, and of documents that came."""
RECEIVED_SYSTEM = "https://fellesjournal.example/fhir/NamingSystem/received"
"""The work of reading what came, by the number of its message."""
STATE_SYSTEM = "https://fellesjournal.example/fhir/CodeSystem/delivery-state"
ROUTE_SYSTEM = "https://fellesjournal.example/fhir/CodeSystem/delivery-route"
ACTIONS = "urn:oid:2.16.578.1.12.4.1.1.7309"
"""What a document does to what was sent before: N new, M change, C cancellation (its category)."""
VISIBILITY = "urn:oid:2.16.578.1.12.4.1.1.9603"


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom, and on which way. ``reference`` is Patient/1, Organization/2 or RelatedPerson/3."""

    reference: str
    name: str
    route: Route


@dataclass(frozen=True, slots=True)
class Proof:
    """One piece of evidence: which state it proves, when it came, and where it stands.

    ``source`` names it: a receipt's number, who posted it, who opened it.
    """

    state: State
    at: str
    source: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One document on its way to one recipient, as it stands.

    ``message`` is its number: the same one however often it is handed over.
    """

    id: str
    message: str
    version: int
    document: str
    patient: str
    recipient: Recipient
    owner: str
    state: State
    evidence: tuple[Proof, ...]
    sent: datetime | None
    deadline: datetime | None
    urgent: bool
    kind: Kind

    @property
    def has_arrived(self) -> bool:
        """Whether there is evidence enough."""
        return has_arrived(self.recipient.route, self.state)

    @property
    def has_failed(self) -> bool:
        """Whether somebody must do something."""
        return self.state in FAILED


def letter_resource(
    letter: Letter,
    *,
    number: str,
    patient: str,
    author: str,
    unit: str,
    at: datetime,
    payload: bytes = b"",
) -> Resource:
    """A signed letter, with what people read on screen and what is printed; ``payload`` is the
    content of the message that carries it, where that was signed with it.
    """
    signed = [_content("application/xml", payload, letter)] if payload else []
    return {
        "resourceType": "DocumentReference",
        "meta": {"security": [{"system": VISIBILITY, "code": "N"}]},
        "identifier": [{"system": LETTER_SYSTEM, "value": number}],
        "status": "current",
        "docStatus": "final",
        "type": {"text": letter.title},
        "subject": {"reference": patient},
        "date": at.isoformat(),
        "author": [{"reference": author, "display": letter.author}],
        "custodian": {"reference": unit, "display": letter.sender},
        "description": letter.title,
        "content": [
            _content("text/plain; charset=utf-8", letter.text.encode(), letter),
            _content("application/pdf", as_pdf(letter), letter),
            *signed,
        ],
    }


def delivery_resource(
    *,
    number: str,
    document: str,
    patient: str,
    recipient: Recipient,
    unit: str,
    author: str,
    at: datetime,
    deadline: datetime,
    urgent: bool,
    kind: Kind = Kind.LETTER,
) -> Resource:
    """A delivery that has just been queued."""
    key = f"{number}#{recipient.reference}"
    return {
        "resourceType": "Task",
        "identifier": [
            {"system": DELIVERY_SYSTEM, "value": key},
            {"system": MESSAGE_SYSTEM, "value": message_number(number, recipient.reference)},
        ],
        "status": "requested",
        "businessStatus": _code(STATE_SYSTEM, State.QUEUED),
        "intent": "order",
        "priority": "urgent" if urgent else "routine",
        "code": {
            "coding": [*_code(TASK_SYSTEM, DELIVERY)["coding"], *_code(KIND_SYSTEM, kind)["coding"]]
        },
        "focus": {"reference": document},
        "for": {"reference": patient},
        "authoredOn": at.isoformat(),
        "requester": {"reference": author},
        "owner": {"reference": unit},
        "performerType": [_code(ROUTE_SYSTEM, recipient.route)],
        "restriction": {
            "period": {"end": deadline.isoformat()},
            "recipient": [{"reference": recipient.reference, "display": recipient.name}],
        },
    }


def message_number(number: str, recipient: str) -> str:
    """The number (MsgId) of a document's message to a recipient, told before it is sent."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{number}#{recipient}"))


def with_proof(task: Resource, proof: Proof) -> Resource | None:
    """The delivery with one more piece of evidence; None when it is known already."""
    known = proofs(task)
    if any((each.state, each.source) == (proof.state, proof.source) for each in known):
        return None
    changed = dict(task)
    changed["output"] = [
        *task.get("output", ()),
        {
            "type": _code(STATE_SYSTEM, proof.state),
            "valueString": f"{proof.at} {proof.source}",
        },
    ]
    return _as_stands(changed, state_of(each.state for each in (*known, proof)))


def expired(task: Resource) -> Resource:
    """The delivery, for which no evidence came in time. What comes later still counts."""
    return _as_stands(dict(task), State.EXPIRED)


def follow_up_resource(delivery: Delivery, *, at: datetime, deadline: datetime) -> Resource:
    """Owned work: find out why it did not arrive, and see that it does."""
    return {
        "resourceType": "Task",
        "identifier": [{"system": DELIVERY_SYSTEM, "value": f"{delivery.id}#follow-up"}],
        "partOf": [{"reference": f"Task/{delivery.id}"}],
        "status": "requested",
        "intent": "order",
        "priority": "urgent",
        "code": _code(TASK_SYSTEM, FOLLOW_UP),
        "focus": {"reference": delivery.document},
        "for": {"reference": delivery.patient},
        "authoredOn": at.isoformat(),
        "owner": {"reference": delivery.owner},
        "reasonCode": _code(STATE_SYSTEM, delivery.state),
        "restriction": {
            "period": {"end": deadline.isoformat()},
            "recipient": [
                {
                    "reference": delivery.recipient.reference,
                    "display": delivery.recipient.name,
                }
            ],
        },
    }


def delivery(task: Resource, version: int) -> Delivery:
    """Read a delivery."""
    restriction = task.get("restriction", {})
    to = restriction.get("recipient", [{}])[0]
    return Delivery(
        id=str(task.get("id", "")),
        message=next(
            (
                str(each.get("value"))
                for each in task.get("identifier", ())
                if each.get("system") == MESSAGE_SYSTEM
            ),
            "",
        ),
        version=version,
        document=str(task.get("focus", {}).get("reference", "")),
        patient=str(task.get("for", {}).get("reference", "")),
        recipient=Recipient(
            str(to.get("reference", "")),
            str(to.get("display", "")),
            Route(_code_in(task.get("performerType", [{}])[0], ROUTE_SYSTEM)),
        ),
        owner=str(task.get("owner", {}).get("reference", "")),
        state=State(_code_in(task.get("businessStatus", {}), STATE_SYSTEM)),
        evidence=tuple(proofs(task)),
        sent=_instant(task.get("authoredOn")),
        deadline=_instant(restriction.get("period", {}).get("end")),
        urgent=task.get("priority") == "urgent",
        kind=kind_of(task),
    )


def kind_of(task: Resource) -> Kind:
    """What is delivered; what is marked with no kind is a letter."""
    said = _code_in(task.get("code", {}), KIND_SYSTEM)
    return Kind(said) if said in set(Kind) else Kind.LETTER


def proofs(task: Resource) -> list[Proof]:
    """The evidence of a delivery, in the order it came."""
    found = []
    for output in task.get("output", ()):
        at, _, source = str(output.get("valueString", "")).partition(" ")
        found.append(Proof(State(_code_in(output.get("type", {}), STATE_SYSTEM)), at, source))
    return found


def _as_stands(task: Resource, state: State) -> Resource:
    task["businessStatus"] = _code(STATE_SYSTEM, state)
    route = Route(_code_in(task.get("performerType", [{}])[0], ROUTE_SYSTEM))
    if has_arrived(route, state):
        task["status"] = "completed"
    elif state in FAILED:
        task["status"] = "failed"
    else:
        task["status"] = "in-progress"
    return task


def _content(kind: str, data: bytes, letter: Letter) -> dict[str, Any]:
    return {
        "attachment": {
            "contentType": kind,
            "language": {"nb": "nb-NO", "nn": "nn-NO", "en": "en"}[letter.lang],
            "data": base64.b64encode(data).decode(),
            "title": letter.title,
            "creation": letter.day.isoformat(),
        }
    }


def _code(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": str(code)}]}


def _code_in(concept: dict[str, Any], system: str) -> str:
    codings: Iterable[dict[str, Any]] = concept.get("coding", ())
    return next((str(each.get("code")) for each in codings if each.get("system") == system), "")


def _instant(value: object) -> datetime | None:
    read = reading.moment(value)
    return None if read is None else read.at


def recipients_in_order(recipients: Sequence[Recipient]) -> list[Recipient]:
    """Each recipient once, as first named."""
    return list({each.reference: each for each in recipients}.values())


__all__ = [
    "ACTIONS",
    "DELIVERY",
    "DELIVERY_SYSTEM",
    "FOLLOW_UP",
    "LETTER_SYSTEM",
    "MESSAGE_SYSTEM",
    "RECEIVED_SYSTEM",
    "ROUTE_SYSTEM",
    "STATE_SYSTEM",
    "TASK_SYSTEM",
    "Delivery",
    "Proof",
    "Recipient",
    "delivery",
    "delivery_resource",
    "expired",
    "follow_up_resource",
    "kind_of",
    "letter_resource",
    "message_number",
    "proofs",
    "recipients_in_order",
    "with_proof",
]
