"""What people do with reports of problems: a rule, then a new version with its reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import Unprocessable
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.foundation.outbox.events import publish
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.rollout.queries import assumptions
from fellesjournal.leadership.rollout.support import queries, rules
from fellesjournal.leadership.rollout.support.events import due_event
from fellesjournal.leadership.rollout.support.organisations import Organisation, organisation_of
from fellesjournal.leadership.rollout.support.resources import SUPPORT_TICKETS
from fellesjournal.leadership.rollout.support.rules import LONGEST, Refused, Why
from fellesjournal.leadership.rollout.support.ticket import (
    GROUP,
    SEVERITIES,
    Place,
    SupportTicket,
    Words,
)
from fellesjournal.leadership.rollout.tickets import Category

Step = Callable[[SupportTicket], SupportTicket]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What somebody says of a problem."""

    said: str
    category: Category
    severity: int
    safety: bool
    place: Place = field(default_factory=Place)


def report(session: Session, made: Report, *, key: str) -> int:
    """Report a problem; answers its number. ``key`` is the form's own, so that it is done once.

    Raises Unprocessable for no words, too many, and what looks like a person number;
    PreconditionFailed for a form that was sent before; NotFound for an app.
    """
    is_citizen = session.kind == "citizen"
    where = Organisation("", "") if is_citizen else organisation_of(session)
    now = clock.now()
    if made.severity not in SEVERITIES:
        raise Unprocessable("there is no such severity", code="value")
    ticket = SupportTicket(
        _told(made.said), made.category, made.severity, made.safety, now,
        rules.due(now, severity=made.severity, safety=made.safety, assumed=assumptions(session, clock.today())),
        where.key, where.name, session.unit, where.unit_name, GROUP + where.key, is_citizen, made.place,
    )  # fmt: skip
    stored = f"{where.key or 'helsami'}/{key}"
    with transaction():
        save(session, SUPPORT_TICKETS, key=stored, body=ticket, seen=0, reason="reported")
        publish(due_event(stored), due=ticket.due)
        return queries.number_of(session, stored)


def open_again(session: Session, number: int, *, text: str, seen: int) -> None:
    """What she has reported is not solved. Raises Refused when it is open, Unprocessable as
    :func:`report`, NotFound for what others have reported, PreconditionFailed.
    """
    filed = queries.own_ticket(session, number)
    now, ticket = clock.now(), filed.ticket
    until = rules.due(
        now,
        severity=ticket.severity,
        safety=ticket.safety,
        assumed=assumptions(session, clock.today()),
    )
    words = Words(session.person, now, _told(text))
    after = rules.opened_again(ticket, words, due=until)
    with transaction():
        save(session, SUPPORT_TICKETS, key=filed.key, body=after, seen=seen, reason="opened again")
        publish(due_event(filed.key), due=until)


def take(session: Session, number: int, *, seen: int) -> None:
    """See to it. Raises Refused when somebody has, PreconditionFailed when somebody does at the same
    moment, and as ``documents.actions.save``.
    """
    _changed(session, number, seen, partial(rules.taken, by=session.person), "taken")


def give_back(session: Session, number: int, *, seen: int) -> None:
    """Let another see to it. Raises Refused when it is closed, and as :func:`take`."""
    _changed(session, number, seen, rules.given_back, "given back")


def answer(session: Session, number: int, *, text: str, seen: int) -> None:
    """Tell who reported it something. Raises as :func:`close`."""
    words = Words(session.person, clock.now(), _told(text))
    _changed(session, number, seen, partial(rules.answered, words=words), "answered")


def close(session: Session, number: int, *, done: str, seen: int) -> None:
    """Close it with what was done. Raises Refused when it is closed, Unprocessable without words or
    with what looks like a person number, and as :func:`take`.
    """
    words = Words(session.person, clock.now(), _told(done))
    _changed(session, number, seen, partial(rules.closed, words=words), "closed")


def close_as_duplicate(session: Session, number: int, *, of: int, seen: int) -> None:
    """Close it because another says the same. Raises Refused for an other that can't stand for it,
    NotFound without such a one, and as :func:`take`.
    """
    with transaction():
        queries.wait_for_turn(session)
        other = queries.ticket(session, of).ticket
        step = partial(
            rules.duplicate, number=number, other=other, of=of, by=session.person, at=clock.now()
        )
        _changed(session, number, seen, step, "duplicate")


def weigh(
    session: Session, number: int, *, category: Category, severity: int, safety: bool, reason: str,
    seen: int,
) -> None:  # fmt: skip
    """Weigh it anew, with a reason that who reported it reads. Raises Refused when it is closed, and when
    it is to be harmless while it stands for another that is not; else as :func:`close`.
    """
    words = Words(session.person, clock.now(), _told(reason))
    step = partial(
        rules.weighed, words=words, category=category, severity=severity, safety=safety,
        assumed=assumptions(session, clock.today()),
    )  # fmt: skip
    with transaction():
        queries.wait_for_turn(session)
        if not safety and queries.stands_for_harm(session, number):
            raise Refused(Why.STANDS_FOR_HARM)
        after = _changed(session, number, seen, step, "weighed anew")
        publish(due_event(queries.ticket(session, number).key), due=after.due)


def queue(session: Session, number: int, *, issue: str, seen: int) -> None:
    """Note what it has become in the queue of usability. Raises Refused when it can't stand there, and
    as :func:`take`. Of the same transaction as the issue itself.
    """
    _changed(session, number, seen, partial(rules.queued, issue=issue), "in the queue")


def _changed(session: Session, number: int, seen: int, step: Step, reason: str) -> SupportTicket:
    filed = queries.ticket(session, number)
    after = step(filed.ticket)
    save(session, SUPPORT_TICKETS, key=filed.key, body=after, seen=seen, reason=reason)
    return after


def _told(text: str) -> str:
    told = text.strip()
    if not told:
        raise Unprocessable("say something", code="required")
    if len(told) > LONGEST:
        raise Unprocessable(f"at most {LONGEST} characters", code="too-long")
    if rules.looks_like_person_number(told):
        raise Unprocessable("this looks like a person number", code="value")
    return told


__all__ = [
    "Report", "answer", "close", "close_as_duplicate", "give_back", "open_again", "queue", "report", "take",
    "weigh",
]  # fmt: skip
