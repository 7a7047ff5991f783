"""What stands in the record, and what stood before a write: asked by the rules of the write path.

A rule looks at more than the writer may be shown (whose unit a calendar is, what a summary said),
and tells nothing of it but yes or no; where its answer would tell, it asks by ``seen``.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import orjson
import psycopg

from fellesjournal.access.sessions import Session
from fellesjournal.fhir.definitions import type_number
from fellesjournal.store.commit import Committed
from fellesjournal.store.visibility import EVERYTHING, Visibility

Json = dict[str, Any]


def standing(
    database: psycopg.Connection[Any], reference: str, among: Collection[str]
) -> Json | None:
    """The body of ``Type/id`` if it is of one of these types and stands; None otherwise."""
    kind, _, fhir_id = reference.partition("/")
    return _body(database, kind, fhir_id, EVERYTHING) if kind in among else None


def all_standing(database: psycopg.Connection[Any], kind: str, ids: Collection[str]) -> list[Json]:
    """The bodies of resources of one type as they stand, in the order of their ids."""
    rows = database.execute(
        "select v.body from store.resource r"
        " join store.version v on v.rid = r.rid and v.version = r.version"
        " where r.type = %s and r.fhir_id = any(%s) and not r.deleted and v.body is not null"
        ' order by r.fhir_id collate "C"',
        [type_number(kind), list(ids)],
    )
    return [orjson.loads(body) for (body,) in rows]


def seen(session: Session, reference: str) -> Json | None:
    """The body of ``Type/id`` as it stands; None for what this session can't see, or is not there."""
    kind, _, fhir_id = reference.partition("/")
    try:
        return _body(session.connection(), kind, fhir_id, session.visibility)
    except KeyError:  # no such type
        return None


def before(session: Session, done: Committed) -> Json | None:
    """The body that a write has replaced; None when there was none."""
    if done.stood == 0 or done.was_deleted:
        return None
    row = session.connection().execute(
        "select body from store.version where rid = %s and version = %s", [done.rid, done.stood]
    ).fetchone()  # fmt: skip
    return None if row is None or row[0] is None else orjson.loads(row[0])


def _body(
    database: psycopg.Connection[Any], kind: str, fhir_id: str, visibility: Visibility
) -> Json | None:
    row = database.execute(
        "select v.body from store.resource r"
        " join store.version v on v.rid = r.rid and v.version = r.version"
        " where r.type = %s and r.fhir_id = %s and not r.deleted and v.body is not null and "
        + visibility.sql("r"),
        [type_number(kind), fhir_id],
    ).fetchone()
    return None if row is None else orjson.loads(row[0])


__all__ = ["all_standing", "before", "seen", "standing"]
