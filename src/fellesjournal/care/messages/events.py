"""What this package tells others, and itself later."""

from __future__ import annotations

from fellesjournal.foundation.outbox.events import Event

DELIVERY_QUEUED = "delivery-queued"
DELIVERY_DUE = "delivery-due"
DELIVERY_ARRIVED = "delivery-arrived"
DELIVERY_FAILED = "delivery-failed"
DELIVERY_READ = "delivery-read"
LETTER_OPENED = "letter-opened"
REFERRAL_CAME = "referral-message-received"
STATUS_CAME = "referral-status-received"
QUESTION_ANSWERED = "referral-question-answered"


def of_delivery(name: str, delivery_id: str, patient: str, state: str = "") -> Event:
    """Something about one delivery; those about the same one are heard of in their order.
    ``state`` is the one that it came to.
    """
    facts = {"delivery": f"Task/{delivery_id}", "patient": patient}
    return Event(name, f"Task/{delivery_id}", facts | ({"state": state} if state else {}))


def of_reading(delivery_id: str, patient: str, task: str) -> Event:
    """The receiving unit has read what was delivered; ``task`` is the evidence."""
    return Event(
        DELIVERY_READ,
        f"Task/{delivery_id}",
        {"delivery": f"Task/{delivery_id}", "patient": patient, "task": task},
    )


def referral_came(document: str, patient: str, *, unit: str, service: str, sender: str) -> Event:
    """A referral came as a message, and is kept as ``document``; its office has to act on it."""
    facts = {"document": document, "patient": patient, "unit": unit, "sender": sender}
    more = {"service": service} if service else {}
    return Event(REFERRAL_CAME, patient, facts | more)


def answer_came(referral: str, question: str, document: str, patient: str, *, code: str) -> Event:
    """A message answers a referral that we sent (``code`` of 9148), or a question about one."""
    facts = {"referral": referral, "document": document, "patient": patient}
    if question:
        return Event(QUESTION_ANSWERED, patient, facts | {"question": question})
    return Event(STATUS_CAME, patient, facts | {"code": code})


def letter_opened(document_id: str, patient: str, person: str) -> Event:
    """The citizen, or who acts for her, has opened a letter in HelsaMi."""
    return Event(
        LETTER_OPENED,
        f"DocumentReference/{document_id}",
        {"document": f"DocumentReference/{document_id}", "patient": patient, "person": person},
    )


__all__ = [
    "DELIVERY_ARRIVED",
    "DELIVERY_DUE",
    "DELIVERY_FAILED",
    "DELIVERY_QUEUED",
    "DELIVERY_READ",
    "LETTER_OPENED",
    "QUESTION_ANSWERED",
    "REFERRAL_CAME",
    "STATUS_CAME",
    "answer_came",
    "letter_opened",
    "of_delivery",
    "of_reading",
    "referral_came",
]
