"""Short ways to write resources in tests of the store."""

from __future__ import annotations

import json
from typing import Any

from fellesjournal.fhir import bodies
from fellesjournal.foundation.database.connection import connection
from fellesjournal.store.commit import Change, Committed, Method, commit
from fellesjournal.store.facts import hasher

NOTHING_BESIDE = ("select 1 from done where false", list[Any]())


def body(**members: Any) -> bodies.Body:
    """A body from keyword arguments."""
    return bodies.parse(json.dumps(members).encode())


def put(
    type_name: str,
    fhir_id: str,
    expected: int | None = None,
    method: Method = Method.PUT,
    **members: Any,
) -> Change:
    """A change that puts a resource of this type and id."""
    return Change(
        type_name, fhir_id, method, body(resourceType=type_name, id=fhir_id, **members), expected
    )


def delete(type_name: str, fhir_id: str, expected: int | None = None) -> Change:
    """A change that deletes."""
    return Change(type_name, fhir_id, Method.DELETE, None, expected)


def written(*changes: Change) -> list[Committed]:
    """Commit changes on this thread's connection."""
    database = connection()
    return commit(database, changes, hasher(database), beside=NOTHING_BESIDE)


def rows(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """What a statement answers."""
    return connection().execute(statement, values).fetchall()
