"""Saving: a new version beside the old ones, or nothing."""

from __future__ import annotations

from psycopg import errors

from fellesjournal.access.readlog import lines
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound, PreconditionFailed, Unprocessable
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.foundation.outbox.events import Event, publish
from fellesjournal.leadership.documents.events import DOCUMENT_SAVED
from fellesjournal.leadership.documents.policies import (
    has_duty,
    must_be_author,
    must_follow,
    must_save,
)
from fellesjournal.leadership.documents.queries import find_own
from fellesjournal.leadership.documents.resources import Body, Document, Kind

_INSERT = (
    "insert into leadership.document (kind, key, version, body, author, role, unit, at, reason)"
    " select %s, %s, %s, %s::jsonb, %s, %s, %s, %s, %s where %s = coalesce("
    "  (select max(version) from leadership.document where kind = %s and key = %s), 0)"
)
LONGEST_KEY = 200
_LAST_VERSION = 2**31 - 1
"""Of the column; a form that names a later one has seen no version of ours."""


def save(
    session: Session, kind: Kind[Body], *, key: str, body: Body, seen: int, reason: str
) -> Document[Body]:
    """Save a new version of a document, as long as version ``seen`` still stands (0: there is
    none yet). The version, its log line and the event of it commit together.

    Raises PreconditionFailed when somebody else has saved meanwhile, Unprocessable without a
    reason, NotAllowed, NotFound.
    """
    _must_save(session, kind, key, body, seen)
    if not reason.strip():
        raise Unprocessable("say why: a version stands with its reason", code="required")
    if not 0 < len(key) <= LONGEST_KEY:
        raise Unprocessable(f"a key has 1 to {LONGEST_KEY} characters", code="value")
    if not 0 <= seen < _LAST_VERSION:
        raise _changed()
    made = Document(
        key, seen + 1, body, session.person, session.role, session.unit, clock.now(), reason.strip()
    )
    with transaction():
        _insert(session, kind, made)
        lines.line(session.connection(), session, "post", None, [])
        facts = {"kind": kind.name, "key": key, "version": str(made.version)}
        publish(Event(DOCUMENT_SAVED, f"{kind.name}/{key}", facts))
    return made


def _must_save(session: Session, kind: Kind[Body], key: str, body: Body, seen: int) -> None:
    if kind.by_author is None or has_duty(session, kind.saved_by):
        must_save(session, kind)
        return
    must_be_author(session, kind)
    stands = find_own(session, kind, key) if seen else None
    if seen and stands is None:
        raise NotFound("there is no such page")
    must_follow(kind, None if stands is None else stands.body, body)


def _insert(session: Session, kind: Kind[Body], made: Document[Body]) -> None:
    values = [
        kind.name, made.key, made.version, kind.encoded(made.body), made.author, made.role,
        made.unit, made.at, made.reason, made.version - 1, kind.name, made.key,
    ]  # fmt: skip
    try:
        done = session.connection().execute(_INSERT, values)
    except errors.UniqueViolation:  # in the same moment
        raise _changed() from None
    if done.rowcount == 0:
        raise _changed()


def _changed() -> PreconditionFailed:
    return PreconditionFailed("somebody else has saved a version meanwhile; look at it first")


__all__ = ["save"]
