"""Reading the record: one resource, a version, a history, a search. Each act is logged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import psycopg

from fellesjournal.access import addresses, log, redaction
from fellesjournal.access.sessions import Session
from fellesjournal.fhir import bodies, primitives
from fellesjournal.fhir.definitions import type_number
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation.database.connection import in_transaction
from fellesjournal.store import history as store_history
from fellesjournal.store import read as store_read
from fellesjournal.store.history import Event, HistoryPage
from fellesjournal.store.read import Stored
from fellesjournal.store.search import SearchPage
from fellesjournal.store.search import search as store_search


def read(session: Session, type_name: str, fhir_id: str) -> Stored:
    """The version that stands. Raises NotFound, or Gone when it was deleted."""
    row = session.ask(*_reading(session, type_name, fhir_id, "read")).fetchone()
    stored = store_read.stored(row, type_name, fhir_id)
    session.remember([stored])
    return redaction.shown_one(session, stored)


def read_in(
    database: psycopg.Connection[Any], session: Session, type_name: str, fhir_id: str, *, act: str
) -> Stored:
    """As :func:`read`, whole, for what is worked out from it: on a connection that may be inside
    a transaction. Never for an answer: see redaction.py.
    """
    row = database.execute(*_reading(session, type_name, fhir_id, act)).fetchone()
    return store_read.stored(row, type_name, fhir_id)


def _reading(session: Session, type_name: str, fhir_id: str, act: str) -> tuple[str, list[Any]]:
    statement = log.with_line_or_refusal(store_read.head_statement(session.visibility))
    asked = [type_number(type_name), fhir_id]
    return statement, [*asked, *log.who(session, act, type_name), *asked]


def read_version(session: Session, type_name: str, fhir_id: str, version: int) -> Stored:
    """One version. Raises NotFound, or Gone when that version is a delete."""
    statement = log.with_line_or_refusal(store_read.version_statement(session.visibility))
    asked = [type_number(type_name), fhir_id]
    values = [*asked, version, *log.who(session, "vread", type_name), *asked]
    row = session.ask(statement, values).fetchone()
    (shown,) = redaction.shown(session, [store_read.stored(row, type_name, fhir_id)])
    return shown


def history(
    session: Session,
    *,
    type_name: str | None = None,
    fhir_id: str | None = None,
    since: datetime | None = None,
    at: tuple[datetime, datetime] | None = None,
    count: int = 20,
    before: int | None = None,
    ceiling: int | None = None,
) -> HistoryPage:
    """A page of versions, newest first: of one resource, of a type, or of everything.

    Raises NotFound when one resource is asked for that never was, or may not be seen.
    """
    database = session.connection()
    rid = None
    if type_name is not None and fhir_id is not None:
        rid = _number_of(database, session, type_name, fhir_id)
    page = store_history.history(
        database,
        session.visibility,
        type_name=type_name,
        rid=rid,
        since=None if since is None else bodies.seq_at(since),
        at=None if at is None else (bodies.seq_at(at[0]), bodies.seq_at(at[1])),
        count=count,
        before=before,
        ceiling=ceiling,
    )
    log.line(database, session, "history", type_name, _touched(page.events))
    return redaction.shown_history(session, page)


def search(
    session: Session,
    type_name: str | None,
    query: Sequence[tuple[str, str]],
    *,
    compartment: tuple[str, str] | None = None,
    cursor: str | None = None,
    lenient: bool = False,
    own_bases: tuple[str, ...] = (),
) -> SearchPage:
    """One page of a search; see ``store.search``. Everything on the page is logged, what was
    included too. Raises BadRequest for anything in the query that is not understood.
    """
    numbers = _numbers_at_hand(session, query)
    database = session.connection()

    def note(shown: Sequence[tuple[int, int]]) -> tuple[str, list[Any]]:
        return log.line_on(session, "search", type_name, shown)

    page = store_search(
        database,
        query,
        type_name,
        redaction.searched(session),
        compartment=compartment,
        cursor=cursor,
        lenient=lenient,
        own_bases=tuple({*own_bases, *addresses.own_bases()}),
        note=note,
        numbers=numbers,
    )
    if numbers is not None and session.numbers is not None:
        session.numbers.update({key: rid for key, rid in numbers.items() if rid is not None})
    session.remember([*page.matches, *page.included])
    return redaction.shown_page(session, page)


def _numbers_at_hand(
    session: Session, query: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], int | None] | None:
    """Numbers of resources for a search; None inside a transaction, for what that has made is undone
    with it. Who has not entered yet does so with the look-up of the patient that the query names;
    one who was never heard of is known as such, and costs what any other does.
    """
    if in_transaction():
        return None
    known: dict[tuple[str, str], int | None] = dict(session.numbers or {})
    named = {value.removeprefix("Patient/") for name, value in query if name == "patient"}
    if len(named) == 1:
        (fhir_id,) = named
        if primitives.is_id(fhir_id) and ("Patient", fhir_id) not in known:
            row = session.ask(store_read.NUMBER, [type_number("Patient"), fhir_id]).fetchone()
            known["Patient", fhir_id] = row[0] if row else None
    return known


def _touched(events: Sequence[Event]) -> list[tuple[int, int]]:
    return list({(event.stored.rid, event.stored.patient): None for event in events})


def _number_of(
    database: psycopg.Connection[Any], session: Session, type_name: str, fhir_id: str
) -> int:
    row = database.execute(
        "select r.rid from store.resource r where r.type = %s and r.fhir_id = %s and r.version > 0 and "
        + session.visibility.sql("r"),
        [type_number(type_name), fhir_id],
    ).fetchone()
    if row is None:
        log.refused(database, session, "history", type_name, fhir_id)
        raise NotFound(f"{type_name}/{fhir_id} is not known")
    return int(row[0])
