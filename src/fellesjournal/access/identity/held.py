"""Things that may be used once and not for long: codes, pushed requests, ids of proofs.

In the database, so that all server processes agree; by hash, so that reading the table gives
nobody a code.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import timedelta
from typing import Any

from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection


def hold(kind: str, content: dict[str, Any], *, seconds: int) -> str:
    """Keep ``content`` (JSON) for so long; answers the secret name it can be had by."""
    name = secrets.token_urlsafe(32)
    connection().execute(
        "insert into access.held (kind, key, content, expires) values (%s, %s, %s, %s)",
        [kind, _hash(name), json.dumps(content), clock.now() + timedelta(seconds=seconds)],
    )
    return name


def look(kind: str, name: str) -> dict[str, Any] | None:
    """What is held under a name, which stays; None when unknown or expired."""
    row = (
        connection()
        .execute(
            "select content from access.held where kind = %s and key = %s and expires > %s",
            [kind, _hash(name), clock.now()],
        )
        .fetchone()
    )
    return None if row is None else _content(row[0])


def take(kind: str, name: str) -> dict[str, Any] | None:
    """What is held under a name, once: of two that ask at the same time one gets it."""
    row = (
        connection()
        .execute(
            "delete from access.held where kind = %s and key = %s returning content, expires",
            [kind, _hash(name)],
        )
        .fetchone()
    )
    return None if row is None or row[1] <= clock.now() else _content(row[0])


def first_use(kind: str, name: str, *, seconds: int) -> bool:
    """Whether a name (such as a ``jti``) is used for the first time within so many seconds."""
    row = (
        connection()
        .execute(
            "insert into access.held (kind, key, content, expires) values (%s, %s, '{}', %s)"
            " on conflict (kind, key) do update set expires = excluded.expires"
            " where access.held.expires <= %s returning 1",
            [kind, _hash(name), clock.now() + timedelta(seconds=seconds), clock.now()],
        )
        .fetchone()
    )
    return row is not None


def forget_expired() -> int:
    """Remove what has expired; answers how many rows."""
    return (
        connection().execute("delete from access.held where expires <= %s", [clock.now()]).rowcount
    )


def _hash(name: str) -> bytes:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()


def _content(text: str) -> dict[str, Any]:
    content = json.loads(text)
    assert isinstance(content, dict)
    return content
