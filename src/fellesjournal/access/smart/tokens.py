"""Access and refresh tokens: issued, looked up, rotated, ended.

Tokens are opaque. A signed token would cost every request a signature check (an ES256 check
alone takes 0.06 ms of processor, of 0.25 ms that policy, log and token may cost
together) and could still not be ended before its time without a look-up. An opaque one costs
a hash and a look in a dictionary; what it stands for is read anew every REMEMBERED_SECONDS,
and that it still stands is asked by the statement that enters the database (access/tokens.py).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from fellesjournal.access.smart import authorizations
from fellesjournal.access.smart.authorizations import Authorization
from fellesjournal.access.smart.secret_values import digest, fresh, moment
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection, transaction

Made = TypeVar("Made")

ACCESS_PREFIX = "fja_"
REFRESH_PREFIX = "fjr_"
ACCESS_LIFETIME = timedelta(minutes=15)
SERVICE_LIFETIME = timedelta(minutes=5)
REMEMBERED_SECONDS = 2.0
_MOST_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Token:
    """A token that is good now. ``jkt``: the thumbprint of the key it is bound to, or empty."""

    authorization: Authorization
    refresh: bool
    scope: str
    jkt: str
    made: int
    ends: int


@dataclass(frozen=True, slots=True)
class Issued:
    """New tokens in the clear; ``refresh`` is empty when none was issued."""

    access: str
    refresh: str
    scope: str
    expires_in: int
    jkt: str


# hash -> (forget at, token, what it stands for). Only tokens that are good are remembered.
_remembered: dict[bytes, tuple[float, Token, Any]] = {}


def issue(
    authorization: Authorization,
    *,
    scope: str,
    with_refresh: bool,
    jkt: str = "",
    refresh_jkt: str = "",
    lifetime: timedelta = ACCESS_LIFETIME,
) -> Issued:
    """New tokens on an authorization; neither outlives it.

    ``scope`` is the access token's; a refresh token keeps the whole of what was agreed to.
    """
    now = moment()
    ends = min(moment(lifetime), authorization.ends)
    access = fresh(ACCESS_PREFIX)
    rows = [(access, False, scope, jkt, ends)]
    refresh = ""
    if with_refresh:
        refresh = fresh(REFRESH_PREFIX)
        rows.append((refresh, True, authorization.scope, refresh_jkt, authorization.ends))
    for token, is_refresh, held, bound, until in rows:
        connection().execute(
            "insert into access.smart_token"
            " (hash, authorization_id, refresh, scope, jkt, made, ends)"
            " values (%s, %s, %s, %s, %s, %s, %s)",
            [digest(token), authorization.id, is_refresh, held, bound, now, until],
        )
    return Issued(access, refresh, scope, (ends - now) // 1_000_000, jkt)


_FIND = (
    "select t.refresh, t.scope, t.jkt, t.made, t.ends, t.used,"
    f" {authorizations.COLUMNS} from access.smart_token t"
    " join access.smart_authorization a on a.id = t.authorization_id"
    " join access.smart_client c on c.client_id = a.client_id"
    " where t.hash = %s and t.revoked is null and a.revoked is null and c.disabled is null"
    " and t.ends > %s"
    # what was let in for as long as the person is signed in ends with her session
    " and (a.web_session = '' or exists (select from access.web_session w"
    " where w.id = a.web_session::uuid and w.ended is null and w.ends > %s))"
)


def find(token: str) -> Token | None:
    """What a token stands for, straight from the table; None unless it is good."""
    row = connection().execute(_FIND, [digest(token), moment(), clock.now()]).fetchone()
    if row is None or row[5] is not None:
        return None
    return Token(authorizations.of_row(row[6:]), *row[:5])


def accepted(token: str, stands_for: Callable[[Token], Made]) -> tuple[Token, Made] | None:
    """A good access token and what ``stands_for`` makes of it, both as they were at most
    REMEMBERED_SECONDS ago: for each API request. Always call it with the same function.
    """
    key = digest(token)
    now = time.monotonic()
    held = _remembered.get(key)
    if held is not None and held[0] > now:
        return held[1:] if held[1].ends > moment() else None
    found = find(token)
    if found is None or found.refresh:
        _remembered.pop(key, None)
        return None
    made = stands_for(found)
    if len(_remembered) >= _MOST_REMEMBERED:
        _remembered.clear()
    _remembered[key] = (now + REMEMBERED_SECONDS, found, made)
    return found, made


def use_refresh(token: str) -> bool:
    """Use a refresh token up: True for the one who is first."""
    done = connection().execute(
        "update access.smart_token set used = %s where hash = %s and used is null",
        [moment(), digest(token)],
    )
    return done.rowcount == 1


def betrayed_refresh(token: str) -> None:
    """A refresh token presented after its use was stolen from one of the two: end all.

    RFC 9700 § 4.14.2: nobody can tell who of the two is the thief.
    """
    with transaction():
        row = (
            connection()
            .execute(
                "select authorization_id from access.smart_token"
                " where hash = %s and refresh and used is not null",
                [digest(token)],
            )
            .fetchone()
        )
        if row is not None:
            authorizations.revoke(row[0], "refresh token presented twice")
    forget()


def revoke(token: str) -> None:
    """End one token now; a refresh token takes all of its authorization with it (RFC 7009)."""
    row = (
        connection()
        .execute(
            "update access.smart_token set revoked = %s where hash = %s and revoked is null"
            " returning refresh, authorization_id",
            [moment(), digest(token)],
        )
        .fetchone()
    )
    if row is not None and row[0]:
        authorizations.revoke(row[1], "revoked by the client")
    forget()


def forget() -> None:
    """Look every token up anew; in other processes it takes REMEMBERED_SECONDS."""
    _remembered.clear()
