"""Reading reports of problems: one's own, and for those who help the open ones and any."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from fellesjournal.access import patients
from fellesjournal.access.sessions import Session
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock
from fellesjournal.leadership.documents.policies import must_be_author, must_read
from fellesjournal.leadership.rollout.support.resources import SUPPORT_TICKETS
from fellesjournal.leadership.rollout.support.ticket import GROUP, SupportTicket

MOST = 100
"""So many are shown at once; the rest when these are worked off, or below a narrower question."""
_DOCUMENT = (
    f"join leadership.document d on d.kind = '{SUPPORT_TICKETS.name}'"
    " and d.key = t.key and d.version = t.version"
)


def _chosen(where: str, order: str) -> str:
    """A statement that chooses and counts by columns, and reads the documents of what it chose last."""
    return (
        "with t as (select *, count(*) over () as total from leadership.ticket t"
        f" where {where} order by {order} limit %s)"
        f" select t.number, t.key, t.version, t.reporter, d.body::text, t.total from t {_DOCUMENT}"
        f" order by {order}"
    )


_OPEN = _chosen(
    "t.closed is null and (%s::text is null or t.organisation = %s)"
    " and (%s::text is null or t.owner = %s) and (not %s or starts_with(t.owner, %s))",
    "t.escalated is null, t.escalated is not null and not t.safety, t.due, t.number",
)
_UNSAFE = _chosen("t.closed is null and t.safety and t.due <= %s", "t.due, t.number")
_OWN = _chosen("t.reporter = %s", "t.number desc")
_OWN_ONE = _chosen("t.number = %s and t.reporter = %s", "t.number")
_ONE = _chosen("t.number = %s", "t.number")
_BY_KEY = _chosen("t.key = %s", "t.number")
_ORGANISATIONS = (
    "select o.organisation, (select d.body->>'organisation_name' from leadership.ticket t"
    f"  {_DOCUMENT} where t.organisation = o.organisation order by t.opened desc limit 1)"
    " from (select distinct organisation from leadership.ticket where organisation <> '') o"
)


@dataclass(frozen=True, slots=True)
class Filed:
    """A report as it stands: its number, the version that stands, and who made it (a reference)."""

    number: int
    key: str
    version: int
    reporter: str
    ticket: SupportTicket


@dataclass(frozen=True, slots=True)
class Listed:
    """The first of those that were asked for, and how many there are in all."""

    rows: tuple[Filed, ...]
    total: int


def open_tickets(
    session: Session,
    *,
    organisation: str | None = None,
    owner: str | None = None,
    is_untaken: bool = False,
    most: int = MOST,
) -> Listed:
    """What is not closed: first what was late and can harm, then what else was late, then by deadline.
    Raises NotFound.
    """
    must_read(session, SUPPORT_TICKETS)
    asked = [organisation, organisation, owner, owner, is_untaken, GROUP, most]
    return _listed(session, _OPEN, asked)


def unsafe_tickets(session: Session, *, most: int = MOST) -> Listed:
    """What can harm a patient and has passed its deadline, the latest first. Raises NotFound."""
    must_read(session, SUPPORT_TICKETS)
    return _listed(session, _UNSAFE, [clock.now(), most])


def own_tickets(session: Session, *, most: int = MOST) -> Listed:
    """What somebody has reported herself, newest first. Raises NotFound for an app."""
    must_be_author(session, SUPPORT_TICKETS)
    return _listed(session, _OWN, [session.person, most])


def own_ticket(session: Session, number: int) -> Filed:
    """One of those she has reported herself. Raises NotFound: of others she is told nothing."""
    must_be_author(session, SUPPORT_TICKETS)
    found = _listed(session, _OWN_ONE, [number, session.person, 1])
    return _the_one(found)


def done_elsewhere(session: Session, number: int) -> tuple[datetime, str] | None:
    """When and how the report was closed that hers is a duplicate of; None while it is open, and when
    hers is none. Nothing else of the other is told. Raises NotFound for an app.
    """
    must_be_author(session, SUPPORT_TICKETS)
    row = session.connection().execute(
        "select other.closed, d.body->>'done' from leadership.ticket mine"
        " join leadership.ticket other on other.number = mine.duplicate_of"
        f" join leadership.document d on d.kind = '{SUPPORT_TICKETS.name}'"
        "  and d.key = other.key and d.version = other.version"
        " where mine.number = %s and mine.reporter = %s and other.closed is not null",
        [number, session.person],
    ).fetchone()  # fmt: skip
    return None if row is None else (row[0], row[1])


def ticket(session: Session, number: int) -> Filed:
    """Any report. Raises NotFound."""
    must_read(session, SUPPORT_TICKETS)
    return _the_one(_listed(session, _ONE, [number, 1]))


def ticket_of(session: Session, key: str) -> Filed:
    """Any report, by the key of its document. Raises NotFound."""
    must_read(session, SUPPORT_TICKETS)
    return _the_one(_listed(session, _BY_KEY, [key, 1]))


def wait_for_turn(session: Session) -> None:
    """Inside a transaction: one at a time decides which report stands for which, and what can harm."""
    session.connection().execute(
        "select pg_advisory_xact_lock(hashtextextended(%s, 0))", ["support-ticket"]
    )


def stands_for_harm(session: Session, number: int) -> bool:
    """Whether another that can harm a patient is a duplicate of it."""
    must_read(session, SUPPORT_TICKETS)
    row = session.connection().execute(
        "select exists (select from leadership.ticket where duplicate_of = %s and safety)",
        [number],
    ).fetchone()  # fmt: skip
    return row == (True,)


def number_of(session: Session, key: str) -> int:
    """The number of a report she has made herself. Raises NotFound."""
    must_be_author(session, SUPPORT_TICKETS)
    row = session.connection().execute(
        "select number from leadership.ticket where key = %s and reporter = %s",
        [key, session.person],
    ).fetchone()  # fmt: skip
    if row is None:
        raise NotFound("there is no such page")
    return int(row[0])


def organisations(session: Session) -> Mapping[str, str]:
    """The organisations that anybody has reported from, by key, under the name each had then."""
    must_read(session, SUPPORT_TICKETS)
    rows = session.connection().execute(_ORGANISATIONS)
    return dict(rows.fetchall())


def late_keys(session: Session) -> list[str]:
    """The keys of what is late and nobody has been told of. For the clock."""
    must_read(session, SUPPORT_TICKETS)
    rows = session.connection().execute(
        "select key from leadership.ticket"
        " where closed is null and escalated is null and due <= %s order by due",
        [clock.now()],
    )
    return [key for (key,) in rows]


def taken_keys(session: Session) -> Mapping[str, list[str]]:
    """The keys of what is open and taken, by who has it. For the clock."""
    must_read(session, SUPPORT_TICKETS)
    rows = session.connection().execute(
        "select owner, array_agg(key order by number) from leadership.ticket"
        " where closed is null and not starts_with(owner, %s) group by owner", [GROUP],
    )  # fmt: skip
    return dict(rows.fetchall())


def names_of(session: Session, references: Iterable[str]) -> Mapping[str, str]:
    """What staff are called, by reference; citizens are not looked up: who they are is nobody's
    business here.
    """
    parted = [each.partition("/") for each in references]
    people = [(kind, key) for kind, _, key in parted if kind == "Practitioner"]
    return {
        stored.reference: reading.name_text(orjson.loads(stored.body or b"{}").get("name"))
        for stored in patients.read_known(session, people)
    }


def _listed(session: Session, statement: str, values: list[Any]) -> Listed:
    rows = session.connection().execute(statement, values).fetchall()
    filed = tuple(
        Filed(number, key, version, reporter, SUPPORT_TICKETS.decoded(body))
        for number, key, version, reporter, body, _ in rows
    )
    return Listed(filed, rows[0][-1] if rows else 0)


def _the_one(found: Listed) -> Filed:
    if not found.rows:
        raise NotFound("there is no such page")
    return found.rows[0]


__all__ = [
    "MOST", "Filed", "Listed", "done_elsewhere", "late_keys", "names_of", "number_of",
    "open_tickets", "organisations", "own_ticket", "own_tickets", "stands_for_harm", "taken_keys",
    "ticket", "ticket_of", "unsafe_tickets", "wait_for_turn",
]  # fmt: skip
