"""Whose session a client at the API has, by the token that it shows.

There are two kinds: those of SMART (``access.smart``), and a developer's token with system
scope, which ``fellesjournal token`` prints. Both are stored as hashes, expire, and can be
revoked.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from fellesjournal.access.sessions import Session, system_session
from fellesjournal.access.smart import dpop
from fellesjournal.access.smart import tokens as smart_tokens
from fellesjournal.access.smart.sessions import session_of as session_of_smart
from fellesjournal.foundation.database.connection import connection

PREFIX = "fj_"
LIFETIME = timedelta(days=90)
# A developer's token may be taken for that long by a process that has just seen it.
REMEMBERED_SECONDS = 1.0
# Whether a token of SMART still stands is asked at each entrance.
_SMART_STANDS = (
    "exists (select from access.smart_token t"
    " join access.smart_authorization a on a.id = t.authorization_id"
    " join access.smart_client c on c.client_id = a.client_id"
    " where t.hash = %s and t.revoked is null and a.revoked is null and c.disabled is null"
    " and (a.web_session = '' or exists (select from access.web_session w"
    " where w.id = a.web_session::uuid and w.ended is null and w.ends > clock_timestamp())))"
)
_MOST_REMEMBERED = 2048

# hash -> (forget at, expires, session). Only tokens that exist are remembered,
# so that guessing can't fill it.
_remembered: dict[bytes, tuple[float, datetime, Session]] = {}


@dataclass(frozen=True, slots=True)
class Presented:
    """A token as a request shows it. ``scheme`` is ``bearer`` or ``dpop``; ``address`` tells
    the address asked for, when the proof of a bound token must be compared with it.
    """

    token: str
    scheme: str
    method: str
    address: Callable[[], str]
    proof: str = ""


def session_presented(shown: Presented) -> Session | None:
    """The session of a token of either kind; None for one that is not good, or not here.

    A token bound to a key (RFC 9449) is good with a proof by that key for this very request,
    and never as a mere bearer token.
    """
    if not shown.token.startswith(smart_tokens.ACCESS_PREFIX):
        return session_of(shown.token) if shown.scheme == "bearer" else None
    found = smart_tokens.accepted(shown.token, session_of_smart)
    if found is None:
        return None
    token, remembered = found
    # what a citizen may see turns on her age and on others' rights: asked at each request
    is_citizen = token.authorization.kind == "citizen"
    session: Session = session_of_smart(token) if is_citizen else remembered
    session = session.held_to(_SMART_STANDS, _hash(shown.token))
    if not token.jkt:
        return session if shown.scheme == "bearer" else None
    if shown.scheme != "dpop":
        return None
    try:
        key = dpop.key_of_proof(
            shown.proof, method=shown.method, url=shown.address(), access_token=shown.token
        )
    except dpop.BadProof:
        return None
    return session if key == token.jkt else None


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
    """The session a developer's token stands for; None when unknown, expired or revoked."""
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
