"""What may be done with a report of a problem, and when it must be answered. Pure arithmetic."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum

from fellesjournal.leadership.rollout.assumptions import Assumptions
from fellesjournal.leadership.rollout.support.ticket import GROUP, SupportTicket, Words
from fellesjournal.leadership.rollout.tickets import Category

LONGEST = 2000
"""Characters of what is written, by anybody."""
_PERSON_NUMBER = re.compile(r"(?<!\d)\d(?:[ .\-\u00a0\u2009]?\d){10}(?!\d)")


FOR_THE_QUEUE = frozenset({Category.DEFECT, Category.ENHANCEMENT})
"""What changing the platform can put right."""


class Why(Enum):
    """Why something can't be done with a report."""

    CLOSED = "it is closed"
    OPEN = "it is open"
    TAKEN = "somebody else has it"
    ITSELF = "nothing is a duplicate of itself"
    OTHER_DUPLICATE = "the other is a duplicate itself"
    OTHER_CLOSED = "the other is closed"
    NOT_FOR_QUEUE = "nothing of the platform has to change, or it stands in the queue"
    STANDS_FOR_HARM = "another that can harm a patient is a duplicate of it"
    OTHER_HARMLESS = "the other does not say that it can harm"


class Refused(Exception):
    """A rule says no; ``why`` tells which."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


def looks_like_person_number(text: str) -> bool:
    """Whether eleven digits stand together, parted or not: right or wrong, they don't belong here."""
    return _PERSON_NUMBER.search(text) is not None


def due(at: datetime, *, severity: int, safety: bool, assumed: Assumptions) -> datetime:
    """By when it must be closed: what can harm a patient never later than by the hours of those."""
    hours: Mapping[int, Decimal] = {
        1: assumed.standstill_hours, 2: assumed.hindrance_hours, 3: assumed.nuisance_hours,
    }  # fmt: skip
    most = min(hours[severity], assumed.safety_hours) if safety else hours[severity]
    return at + timedelta(hours=float(most))


def begun(ticket: SupportTicket) -> SupportTicket:
    """The report as it is made: owned by those who help its organisation, and nothing done."""
    return replace(
        ticket, owner=GROUP + ticket.organisation, first_response=None, answers=(), closed=None,
        done="", duplicate_of=None, reopened=(), escalated=None, issue="",
    )  # fmt: skip


def taken(ticket: SupportTicket, by: str) -> SupportTicket:
    """Somebody sees to it. Raises Refused when it is closed, or hers or somebody else's already."""
    _must_be_open(ticket)
    if not ticket.owner.startswith(GROUP):
        raise Refused(Why.TAKEN)
    return replace(ticket, owner=by)


def given_back(ticket: SupportTicket) -> SupportTicket:
    """It is theirs again who help the organisation. Raises Refused when it is closed."""
    _must_be_open(ticket)
    return replace(ticket, owner=GROUP + ticket.organisation)


def answered(ticket: SupportTicket, words: Words) -> SupportTicket:
    """She is told something; what nobody had is now whose words they are. Raises Refused when closed."""
    _must_be_open(ticket)
    owner = words.by if ticket.owner.startswith(GROUP) else ticket.owner
    return replace(
        ticket, owner=owner, answers=(*ticket.answers, words),
        first_response=ticket.first_response or words.at,
    )  # fmt: skip


def closed(ticket: SupportTicket, words: Words) -> SupportTicket:
    """Closed with what was done, which is an answer too. Raises Refused when it is closed."""
    _must_be_open(ticket)
    return replace(
        ticket, owner=words.by, closed=words.at, done=words.text,
        first_response=ticket.first_response or words.at,
    )  # fmt: skip


def duplicate(
    ticket: SupportTicket, *, number: int, other: SupportTicket, of: int, by: str, at: datetime
) -> SupportTicket:
    """Closed because another report says the same. Raises Refused unless the other is open and no
    duplicate: then nobody would work on it. What can harm a patient goes into no other that can't.
    """
    _must_be_open(ticket)
    if number == of:
        raise Refused(Why.ITSELF)
    if other.duplicate_of is not None:
        raise Refused(Why.OTHER_DUPLICATE)
    if other.closed is not None:
        raise Refused(Why.OTHER_CLOSED)
    if ticket.safety and not other.safety:
        raise Refused(Why.OTHER_HARMLESS)
    return replace(
        ticket, owner=by, closed=at, duplicate_of=of, first_response=ticket.first_response or at
    )


def opened_again(ticket: SupportTicket, words: Words, *, due: datetime) -> SupportTicket:
    """Not solved after all: theirs again who help, by a new deadline. Raises Refused when it is open."""
    if ticket.closed is None:
        raise Refused(Why.OPEN)
    return replace(
        ticket, owner=GROUP + ticket.organisation, closed=None, done="", duplicate_of=None, due=due,
        escalated=None, reopened=(*ticket.reopened, words),
    )  # fmt: skip


def weighed(
    ticket: SupportTicket,
    words: Words,
    *,
    category: Category,
    severity: int,
    safety: bool,
    assumed: Assumptions,
) -> SupportTicket:
    """Weighed anew, with a reason that who reported it reads as an answer. Its deadline is reckoned from
    when it was opened, or opened again, and never becomes later than it was as long as it can harm a
    patient. Raises Refused when it is closed.
    """
    since = ticket.reopened[-1].at if ticket.reopened else ticket.opened
    until = due(since, severity=severity, safety=safety, assumed=assumed)
    until = min(until, ticket.due) if safety else until
    told = answered(ticket, words)
    return replace(
        told, owner=ticket.owner, category=category, severity=severity, safety=safety, due=until
    )


def may_be_queued(ticket: SupportTicket) -> bool:
    """Whether it may stand in the queue of usability: it is open, asks for a change, and stands not
    there yet.
    """
    return ticket.closed is None and ticket.category in FOR_THE_QUEUE and not ticket.issue


def queued(ticket: SupportTicket, issue: str) -> SupportTicket:
    """It stands in the queue of usability, and stays open until it is put right. Raises Refused."""
    _must_be_open(ticket)
    if not may_be_queued(ticket):
        raise Refused(Why.NOT_FOR_QUEUE)
    return replace(ticket, issue=issue)


def risen(ticket: SupportTicket, at: datetime) -> SupportTicket:
    """Late, and shown as such to all who lead the rollout, once; the same when there is nothing to do."""
    if not ticket.is_late(at) or ticket.escalated is not None:
        return ticket
    return replace(ticket, escalated=at)


def _must_be_open(ticket: SupportTicket) -> None:
    if ticket.closed is not None:
        raise Refused(Why.CLOSED)


__all__ = [
    "FOR_THE_QUEUE", "LONGEST", "Refused", "Why", "answered", "begun", "closed", "due", "duplicate",
    "given_back", "looks_like_person_number", "may_be_queued", "opened_again", "queued", "risen",
    "taken", "weighed",
]  # fmt: skip
