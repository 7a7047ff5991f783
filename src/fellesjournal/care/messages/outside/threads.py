"""What a message from outside answers: a referral or a question that we sent, and to whom."""

from __future__ import annotations

from dataclasses import dataclass

from fellesjournal.access import acts, records
from fellesjournal.access.sessions import Session
from fellesjournal.care.messages.kinds import Kind
from fellesjournal.care.messages.outside.addressing import Addressee, numbers_of
from fellesjournal.care.messages.outside.envelopes import related_of
from fellesjournal.care.messages.outside.evidence import NUMBER
from fellesjournal.care.messages.outside.incoming import Incoming
from fellesjournal.care.messages.queries import delivery_by
from fellesjournal.care.messages.resources import DELIVERY, MESSAGE_SYSTEM, TASK_SYSTEM, Delivery
from fellesjournal.care.messages.states import Route
from fellesjournal.national.dialogue import ANSWER, PROFESSIONAL, REFERRAL_STATUS


@dataclass(frozen=True, slots=True)
class Answered:
    """``referral`` (ServiceRequest/1), and ``question`` (Task/1) where one is answered."""

    referral: str
    question: str = ""


_ANSWERS = {
    REFERRAL_STATUS: Kind.REFERRAL,
    ANSWER: Kind.QUESTION,
    # Assumption (configurable): some systems answer a request with professional dialogue
    PROFESSIONAL: Kind.QUESTION,
}


def answered_by(session: Session, message: Incoming, sender: Addressee | None) -> Answered | None:
    """What a message answers: by the number it refers to, of a delivery of the kind that is so
    answered, to the unit it comes from (INV-1). None for all else: it is a message to read.
    """
    wanted = _ANSWERS.get(message.kind)
    if wanted is None or sender is None or not NUMBER.fullmatch(message.parent):
        return None
    sent = _sent(session, message.parent)
    if sent is None or sent.kind is not wanted or not _is_to(session, sent, message, sender):
        return None
    document, _ = acts.read(session, "DocumentReference", sent.document.partition("/")[2])
    related = related_of(document)
    if "ServiceRequest" not in related:
        return None
    return Answered(related["ServiceRequest"], related.get("Task", ""))


def _sent(session: Session, number: str) -> Delivery | None:
    query = [("identifier", f"{MESSAGE_SYSTEM}|{number}"), ("code", f"{TASK_SYSTEM}|{DELIVERY}")]
    for each in records.search(session, "Task", query).matches:
        found = delivery_by(session, f"Task/{each.id}")
        if found.recipient.route is Route.NATIONAL:
            return found
    return None


def _is_to(session: Session, sent: Delivery, message: Incoming, sender: Addressee) -> bool:
    if sender.reference == sent.recipient.reference:
        return True
    unit, _ = acts.read(session, *sent.recipient.reference.split("/"))
    said = message.sender
    return said is not None and not numbers_of(session, unit).isdisjoint({said.party, said.entity})


__all__ = ["Answered", "answered_by"]
