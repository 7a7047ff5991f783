"""Bearer tokens: whose session a client at the API has.

A stand-in until SMART on FHIR: a developer's token has system scope. Tokens are stored
as hashes, expire, and can be revoked.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from datetime import UTC, datetime, timedelta

from fellesjournal.access.sessions import Session, system_session
from fellesjournal.foundation.database.connection import connection

PREFIX = "fj_"
LIFETIME = timedelta(days=90)
# A revoked token may be taken for that long by a process that has just seen it.
REMEMBERED_SECONDS = 10.0
_MOST_REMEMBERED = 2048

# hash -> (forget at, expires, session). Only tokens that exist are remembered,
# so that guessing can't fill it.
_remembered: dict[bytes, tuple[float, datetime, Session]] = {}


def issue_token(
    *, person: str = "system:developer", purpose: str = "HSYSADMIN", lifetime: timedelta = LIFETIME
) -> str:
    """Make a token with system scope and return it; it can't be shown again."""
    token = PREFIX + secrets.token_urlsafe(32)
    connection().execute(
        "insert into access.token (hash, person, purpose, expires) values (%s, %s, %s, %s)",
        [_hash(token), person, purpose, datetime.now(UTC) + lifetime],
    )
    return token


def revoke_token(token: str) -> None:
    """End a token now; other processes follow within REMEMBERED_SECONDS."""
    connection().execute("update access.token set revoked = true where hash = %s", [_hash(token)])
    _remembered.pop(_hash(token), None)


def session_of(token: str) -> Session | None:
    """The session a token stands for; None when it is unknown, expired or revoked."""
    digest = _hash(token)
    now = time.monotonic()
    held = _remembered.get(digest)
    if held is not None and held[0] > now:
        return held[2] if held[1] > datetime.now(UTC) else None
    row = (
        connection()
        .execute(
            "select person, purpose, expires from access.token where hash = %s and not revoked",
            [digest],
        )
        .fetchone()
    )
    if row is None or row[2] <= datetime.now(UTC):
        _remembered.pop(digest, None)
        return None
    session = system_session(row[0], purpose=row[1])
    if len(_remembered) >= _MOST_REMEMBERED:
        _remembered.clear()
    _remembered[digest] = (now + REMEMBERED_SECONDS, row[2], session)
    return session


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
