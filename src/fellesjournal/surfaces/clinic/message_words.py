"""The words for conversations with citizens, as staff read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.care.conversations.queries import Waiting
from fellesjournal.care.conversations.resources import Conversation, Message, Outcome
from fellesjournal.care.conversations.tasks import AnswerTask

OUTCOMES: dict[str, str | Promise] = {
    Outcome.PHONED: _("The citizen was phoned"),
    Outcome.APPOINTMENT: _("An appointment was made"),
    Outcome.CORRECTED: _("It was corrected in the record"),
    Outcome.DONE: _("It was done"),
    Outcome.OTHER: _("Something else: say what"),
}
"""How a conversation ends without a written answer; the citizen is told."""

REFUSED: dict[str, str | Promise] = {
    "no-words": _("Write something first."),
    "too-long": _("It is too long: at most 4000 characters."),
    "no-outcome": _("Choose what came of it."),
    "closed": _("It is closed. The citizen can write again."),
    "not-a-colleague": _("Choose somebody who works at the unit now."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the queue in words."""

    waiting: Waiting
    task: AnswerTask
    days: int
    hours: int
    owner: str


@dataclass(frozen=True, slots=True)
class Said:
    """One message as staff read it."""

    id: str
    words: str
    by: str
    how: str
    at: datetime
    is_from_citizen: bool
    read: str


def queue_rows(found: Iterable[Waiting]) -> list[Row]:
    """Rows in their order."""
    return [
        Row(
            waiting=each,
            task=each.task,
            days=each.task.age.days,
            hours=int(each.task.age.total_seconds() // 3600),
            owner=each.task.owner_name if each.task.is_taken else "",
        )
        for each in found
    ]


def said(found: Conversation) -> list[Said]:
    """The messages of a conversation in their order."""
    return [_said(each, found) for each in found.messages]


def _said(each: Message, found: Conversation) -> Said:
    how = each.unit_name
    if each.is_from_citizen:
        how = gettext("on behalf of the patient") if each.sender != found.patient else ""
    return Said(
        id=each.id,
        words=each.words,
        by=each.sender_name or (gettext("The patient") if each.sender == found.patient else ""),
        how=how,
        at=each.sent,
        is_from_citizen=each.is_from_citizen,
        read="" if each.is_from_citizen else _read(each, found),
    )


def _read(each: Message, found: Conversation) -> str:
    if not each.read_by:
        return gettext("Not read yet")
    if any(who == found.patient for who, _ in each.read_by):
        return gettext("Read by the patient")
    return gettext("Read by who acts for the patient")


def answer_to(found: Conversation, name: str) -> str:
    """Whom an answer goes to: who wrote last, and the patient (``name``), who can read it too.

    The pages of HelsaMi show a conversation to her whose record it is, whoever began it.
    """
    last = next((each for each in reversed(found.messages) if each.is_from_citizen), None)
    if last is None or last.sender == found.patient or not last.sender_name:
        return gettext("Answer to %(name)s") % {"name": name}
    return gettext("Answer to %(sender)s, who acts for %(name)s. %(name)s can read it too.") % {
        "sender": last.sender_name,
        "name": name,
    }


def standing(found: Conversation, task: AnswerTask | None) -> str:
    """How a conversation stands, in one phrase."""
    if found.is_closed:
        return gettext("Closed")
    if task is None or task.is_open:
        return gettext("Awaits an answer")
    return gettext("Answered")


__all__ = ["OUTCOMES", "REFUSED", "Row", "Said", "answer_to", "queue_rows", "said", "standing"]
