"""Messages as Communications, written and read.

The first message of a conversation stands for it: the others are ``partOf`` it. What a person says
is never changed; on the first message the platform notes who handles it and that it is closed, on
an answer who has read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from fellesjournal.access.conversing import (
    CATEGORY_SYSTEM,
    CONVERSATION,
    CORRECTION,
    is_conversation,
    unit_of,
)
from fellesjournal.access.labels import VISIBILITY
from fellesjournal.access.opened import readers
from fellesjournal.access.relations.derive import ANSWERING_UNIT
from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import Element

# A resource as JSON.
Resource = dict[str, Any]

KEYS = "https://fellesjournal.example/fhir/NamingSystem/conversation"
"""Numbers that a message or its Task is made at most once by."""
_EXTENSION = "https://fellesjournal.example/fhir/StructureDefinition/"
ANSWER_BY = f"{_EXTENSION}answer-by"
"""Our extension on a message to a unit: by when she was promised an answer (dateTime)."""
HANDLED_BY = f"{_EXTENSION}handled-by"
"""Our extension on a conversation: who at the unit has taken it."""
OUTCOME = "https://fellesjournal.example/fhir/CodeSystem/conversation-outcome"
"""Our codes of what came of a conversation."""
MOST_WORDS = 4000
MOST_TITLE = 120


class Outcome(StrEnum):
    """What came of it. All but ANSWERED close the conversation."""

    ANSWERED = "answered"
    PHONED = "phoned"
    APPOINTMENT = "appointment"
    CORRECTED = "corrected"
    DONE = "done"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Message:
    """One message. ``sender`` is a Patient or a Practitioner, ``unit`` hers when it is an answer;
    ``answer_by`` what was promised; ``read_by`` whom of the citizen's side it was read by.
    """

    id: str
    first: str
    words: str
    sent: datetime
    sender: str
    sender_name: str
    unit_name: str
    answers: str
    answer_by: datetime | None
    read_by: tuple[tuple[str, datetime | None], ...]

    @property
    def is_from_citizen(self) -> bool:
        """Whether the citizen wrote it, or somebody for her."""
        return self.sender.startswith("Patient/")

    def is_read_by(self, person: str) -> bool:
        """Whether this person (``Patient/1``) has read it."""
        return any(each == person for each, _ in self.read_by)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as it stands, its messages in the order they were sent.

    ``about`` is what she asks to have corrected, as ``Type/id``; "" for an ordinary one.
    ``shown_to_parents``: whoever acts for a child sees it, for a parent began it.
    """

    id: str
    patient: str
    title: str
    unit: str
    unit_name: str
    about: str
    is_closed: bool
    outcome: str
    outcome_words: str
    handled_by: str
    shown_to_parents: bool
    messages: tuple[Message, ...]

    @property
    def last(self) -> Message:
        """The newest message."""
        return self.messages[-1]

    @property
    def awaits_answer(self) -> bool:
        """Whether the unit is to answer."""
        return not self.is_closed and self.last.is_from_citizen

    @property
    def answer_by(self) -> datetime | None:
        """By when the unit has promised to answer what it has not answered."""
        if not self.awaits_answer:
            return None
        asked: list[datetime] = []
        for each in reversed(self.messages):
            if not each.is_from_citizen:
                break
            if each.answer_by is not None:
                asked.append(each.answer_by)
        return min(asked, default=None)

    def unread(self, person: str) -> tuple[Message, ...]:
        """The answers that this person of the citizen's side has not read."""
        return tuple(
            each
            for each in self.messages
            if not each.is_from_citizen and not each.is_read_by(person)
        )


def first_message(
    *,
    key: str,
    patient: str,
    sender: Element,
    unit: Element,
    title: str,
    words: str,
    at: datetime,
    answer_by: datetime,
    about: str = "",
    shown_to_parents: bool = False,
) -> Resource:
    """What a citizen begins a conversation with."""
    kinds = [CONVERSATION, CORRECTION] if about else [CONVERSATION]
    return {
        **_message(key, patient, sender, words, at, shown_to_parents=shown_to_parents),
        "extension": [_answer_by(answer_by)],
        "status": "in-progress",
        "category": [_category(kind) for kind in kinds],
        "topic": {"text": title},
        **({"about": [{"reference": about}]} if about else {}),
        "recipient": [unit],
    }


def further_message(
    conversation: Conversation,
    *,
    key: str,
    sender: Element,
    words: str,
    at: datetime,
    answer_by: datetime,
) -> Resource:
    """What a citizen writes more in a conversation."""
    return {
        **_part(conversation, key, sender, words, at),
        "extension": [_answer_by(answer_by)],
        "recipient": [pointer(conversation.unit, conversation.unit_name)],
    }


def answer_message(
    conversation: Conversation,
    *,
    key: str,
    sender: Element,
    unit: Element,
    words: str,
    at: datetime,
) -> Resource:
    """What somebody at a unit answers."""
    return {
        **_part(conversation, key, sender, words, at),
        "extension": [{"url": ANSWERING_UNIT, "valueReference": unit}],
        "recipient": [{"reference": conversation.patient}],
    }


def _part(
    conversation: Conversation, key: str, sender: Element, words: str, at: datetime
) -> Resource:
    shown = conversation.shown_to_parents
    return {
        **_message(key, conversation.patient, sender, words, at, shown_to_parents=shown),
        "partOf": [{"reference": f"Communication/{conversation.id}"}],
        "inResponseTo": [{"reference": f"Communication/{conversation.last.id}"}],
        "status": "completed",
        "category": [_category(CONVERSATION)],
    }


def _message(
    key: str, patient: str, sender: Element, words: str, at: datetime, *, shown_to_parents: bool
) -> Resource:
    # 9603 N: without it a parent of a child from 12 to 15 would not see what she wrote herself.
    labels = {"meta": {"security": [{"system": VISIBILITY, "code": "N"}]}}
    return {
        "resourceType": "Communication",
        **(labels if shown_to_parents else {}),
        "identifier": [{"system": KEYS, "value": key}],
        "subject": {"reference": patient},
        "sent": at.isoformat(timespec="milliseconds"),
        "sender": sender,
        "payload": [{"contentString": words}],
    }


def handled(first: Resource, by: Element | None) -> Resource:
    """The conversation when somebody handles it, or nobody does yet."""
    kept = [each for each in first.get("extension", ()) if each.get("url") != HANDLED_BY]
    if by is not None:
        kept.append({"url": HANDLED_BY, "valueReference": by})
    bare = {name: value for name, value in first.items() if name != "extension"}
    return {**bare, "extension": kept} if kept else bare


def standing(first: Resource, outcome: str, words: str) -> Resource:
    """The conversation open (outcome ""), or closed with what came of it."""
    open_again = {name: value for name, value in first.items() if name != "statusReason"}
    if not outcome:
        return {**open_again, "status": "in-progress"}
    reason: Resource = {"coding": [{"system": OUTCOME, "code": outcome}]}
    return {
        **open_again,
        "status": "completed",
        "statusReason": reason | ({"text": words} if words else {}),
    }


def at_unit(first: Resource, unit: Element) -> Resource:
    """The conversation when another unit answers in it than the one she wrote to."""
    if unit_of(first) == reading.reference_target(unit):
        return first
    kept = [each for each in first.get("extension", ()) if each.get("url") != ANSWERING_UNIT]
    return {**first, "extension": [*kept, {"url": ANSWERING_UNIT, "valueReference": unit}]}


def conversations_of(bodies: Iterable[Element]) -> list[Conversation]:
    """The conversations among some Communications, the one with the newest message first.

    What belongs to one whose first message is not there is left out, and so is every other kind of
    Communication: a request for renewal with its answer has the same shape, and is no conversation.
    """
    listed = [each for each in bodies if is_conversation(each)]
    parts: dict[str, list[Message]] = {}
    for each in listed:
        message = message_of(each)
        parts.setdefault(message.first, []).append(message)
    found = [
        _conversation(each, parts[str(each["id"])])
        for each in listed
        if message_of(each).first == str(each["id"])
    ]
    return sorted(found, key=lambda each: (each.last.sent, each.id), reverse=True)


def _conversation(first: Element, messages: Sequence[Message]) -> Conversation:
    unit = _answering(first)
    is_closed = first.get("status") == "completed"
    reason = first.get("statusReason") if is_closed else None
    meta = first.get("meta")
    labels = reading.elements(meta.get("security") if isinstance(meta, dict) else None)
    return Conversation(
        id=str(first["id"]),
        patient=reading.reference_target(first.get("subject")),
        title=reading.concept_text(first.get("topic")),
        unit=reading.reference_target(unit),
        unit_name=reading.reference_text(unit),
        about=next(map(reading.reference_target, reading.elements(first.get("about"))), ""),
        is_closed=is_closed,
        outcome=reading.first_code(reason),
        outcome_words=reading.string(reason.get("text")) if isinstance(reason, dict) else "",
        handled_by=reading.reference_text(_value(first, HANDLED_BY, "valueReference")),
        shown_to_parents=any(
            (each.get("system"), each.get("code")) == (VISIBILITY, "N") for each in labels
        ),
        messages=_in_order(messages),
    )


def _in_order(messages: Sequence[Message]) -> tuple[Message, ...]:
    """As they were sent; of two of the same moment what answers comes after what it answers."""
    before = {each.id: each.answers for each in messages}
    turns: dict[str, int] = {}
    for each in messages:
        seen, at = set[str](), each.id
        while (at := before.get(at, "")) and at not in seen:
            seen.add(at)
        turns[each.id] = len(seen)
    return tuple(sorted(messages, key=lambda each: (each.sent, turns[each.id], each.id)))


def message_of(data: Element) -> Message:
    """One Communication of a conversation, read."""
    own = str(data.get("id", ""))
    parent = next(map(reading.reference_target, reading.elements(data.get("partOf"))), "")
    payload = [
        reading.string(each.get("contentString")) for each in reading.elements(data.get("payload"))
    ]
    sent = reading.first_moment(data, "sent")
    before = next(map(reading.reference_target, reading.elements(data.get("inResponseTo"))), "")
    return Message(
        id=own,
        first=parent.removeprefix("Communication/") or own,
        words="\n\n".join(filter(None, payload)),
        sent=sent.at if sent else _EVER,
        sender=reading.reference_target(data.get("sender")),
        sender_name=reading.reference_text(data.get("sender")),
        unit_name=reading.reference_text(_value(data, ANSWERING_UNIT, "valueReference")),
        answers=before.removeprefix("Communication/"),
        answer_by=_at(_value(data, ANSWER_BY, "valueDateTime")),
        read_by=tuple(readers(data)),
    )


def _answering(first: Element) -> object:
    moved = _value(first, ANSWERING_UNIT, "valueReference")
    return moved or next(reading.elements(first.get("recipient")), None)


def _value(data: Element, url: str, name: str) -> object:
    found = (each for each in reading.elements(data.get("extension")) if each.get("url") == url)
    return next((each.get(name) for each in found), None)


def _at(text: object) -> datetime | None:
    found = reading.moment(text)
    return None if found is None else found.at


def _answer_by(at: datetime) -> Resource:
    return {"url": ANSWER_BY, "valueDateTime": at.isoformat(timespec="seconds")}


def _category(code: str) -> Resource:
    return {"coding": [{"system": CATEGORY_SYSTEM, "code": code}]}


def pointer(reference: str, name: str = "") -> Resource:
    """A Reference with what it is called."""
    return {"reference": reference, "display": name} if name else {"reference": reference}


_EVER = datetime.fromisoformat("0001-01-02T00:00:00+00:00")

__all__ = [
    "KEYS", "MOST_TITLE", "MOST_WORDS", "Conversation", "Message", "Outcome", "Resource",
    "answer_message", "at_unit", "conversations_of", "first_message", "further_message", "handled",
    "message_of", "pointer", "standing",
]  # fmt: skip
