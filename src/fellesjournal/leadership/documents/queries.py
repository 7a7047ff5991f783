"""Reading documents: the version that stands, all that stand of a kind, and how one came about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from fellesjournal.access import patients
from fellesjournal.access.sessions import Session
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import NotFound
from fellesjournal.leadership.documents.policies import must_be_author, must_read
from fellesjournal.leadership.documents.resources import Body, Document, Kind

_COLUMNS = "key, version, body::text, author, role, unit, at, reason"
_STANDING = (
    f"select distinct on (key) {_COLUMNS} from leadership.document"
    " where kind = %s and (%s::text is null or key = %s) order by key, version desc"
)
_BELOW = (
    f"select distinct on (key) {_COLUMNS} from leadership.document"
    " where kind = %s and starts_with(key, %s) order by key, version desc"
)
_OWN = (
    f"select {_COLUMNS} from leadership.document d where kind = %s and key = %s"
    " and exists (select from leadership.document first where first.kind = d.kind"
    "  and first.key = d.key and first.version = 1 and first.author = %s)"
    " order by version desc limit 1"
)
_TOGETHER = (
    f"select distinct on (kind) kind, {_COLUMNS} from leadership.document"
    " where kind = any(%s) and key = %s order by kind, version desc"
)
_ALL_TOGETHER = (
    f"select distinct on (kind, key) kind, {_COLUMNS} from leadership.document"
    " where kind = any(%s) order by kind, key, version desc"
)
_VERSIONS = (
    f"select {_COLUMNS} from leadership.document where kind = %s and key = %s order by version desc"
)


def standing(session: Session, kind: Kind[Body], key: str) -> Document[Body]:
    """The newest version of a document. Raises NotFound."""
    found = find(session, kind, key)
    if found is None:
        raise NotFound(f"{kind.name} {key} is not known")
    return found


def find(session: Session, kind: Kind[Body], key: str) -> Document[Body] | None:
    """The newest version of a document, if there is one."""
    must_read(session, kind)
    row = session.connection().execute(_STANDING, [kind.name, key, key]).fetchone()
    return None if row is None else _document(kind, row)


def together(session: Session, key: str, *kinds: Kind[Any]) -> dict[str, Document[Any]]:
    """The newest versions of documents of several kinds under one key, by kind, in one question; those
    that nobody has saved are missing.
    """
    for kind in kinds:
        must_read(session, kind)
    of_name = {kind.name: kind for kind in kinds}
    rows = session.connection().execute(_TOGETHER, [list(of_name), key])
    return {name: _document(of_name[name], row) for name, *row in rows}


def find_own(session: Session, kind: Kind[Body], key: str) -> Document[Body] | None:
    """The newest version of a document that she has begun herself, if there is one."""
    must_be_author(session, kind)
    row = session.connection().execute(_OWN, [kind.name, key, session.person]).fetchone()
    return None if row is None else _document(kind, row)


def all_standing(session: Session, kind: Kind[Body]) -> list[Document[Body]]:
    """The newest version of each document of a kind, by key."""
    must_read(session, kind)
    rows = session.connection().execute(_STANDING, [kind.name, None, None])
    return [_document(kind, row) for row in rows]


def standing_below(session: Session, kind: Kind[Body], start: str) -> list[Document[Body]]:
    """The newest version of each document of a kind whose key starts so, by key."""
    must_read(session, kind)
    rows = session.connection().execute(_BELOW, [kind.name, start])
    return [_document(kind, row) for row in rows]


@dataclass(frozen=True, slots=True)
class Together:
    """The newest version of each document of several kinds, as they stood at one moment."""

    rows: Mapping[str, list[tuple[Any, ...]]]

    def of(self, kind: Kind[Body]) -> list[Document[Body]]:
        """Those of a kind, by key. Raises KeyError for a kind that was not asked for."""
        return [_document(kind, row) for row in self.rows[kind.name]]


def all_together(session: Session, *kinds: Kind[Any]) -> Together:
    """As :func:`all_standing` for several kinds, in one statement."""
    for kind in kinds:
        must_read(session, kind)
    rows: dict[str, list[tuple[Any, ...]]] = {kind.name: [] for kind in kinds}
    for name, *row in session.connection().execute(_ALL_TOGETHER, [list(rows)]):
        rows[name].append(tuple(row))
    return Together(rows)


def versions(session: Session, kind: Kind[Body], key: str) -> list[Document[Body]]:
    """All versions of a document, newest first. Raises NotFound when there is none."""
    must_read(session, kind)
    rows = session.connection().execute(_VERSIONS, [kind.name, key]).fetchall()
    if not rows:
        raise NotFound(f"{kind.name} {key} is not known")
    return [_document(kind, row) for row in rows]


def names_of(session: Session, found: Iterable[Document[Any]]) -> Mapping[str, str]:
    """What the authors of documents are called, by reference; those who are not known are missing."""
    people = [(kind, key) for kind, _, key in (each.author.partition("/") for each in found) if key]
    return {
        stored.reference: reading.name_text(orjson.loads(stored.body or b"{}").get("name"))
        for stored in patients.read_known(session, people)
    }


def _document(kind: Kind[Body], row: Sequence[Any]) -> Document[Body]:
    key, version, body, *said = row
    return Document(key, version, kind.decoded(body), *said)


__all__ = [
    "Together", "all_standing", "all_together", "find", "find_own", "names_of", "standing",
    "standing_below", "together", "versions",
]  # fmt: skip
