"""Authorization codes (RFC 6749 § 4.1, RFC 7636): sixty seconds, one use, bound on all sides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from fellesjournal.access.smart import authorizations
from fellesjournal.access.smart.authorizations import Authorization
from fellesjournal.access.smart.secret_values import digest, fresh, moment
from fellesjournal.foundation.database.connection import connection

LIFETIME = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Code:
    """A code that was taken just now; with the names authlib's PKCE check asks for."""

    authorization: Authorization
    redirect: str
    code_challenge: str
    jkt: str
    code_challenge_method: str = "S256"

    def get_redirect_uri(self) -> str:
        """Where the code was sent."""
        return self.redirect

    def get_scope(self) -> str:
        """What was agreed to."""
        return self.authorization.scope


def issue(authorization: Authorization, *, redirect: str, challenge: str, jkt: str = "") -> str:
    """A new code. ``jkt`` binds it to a DPoP key (RFC 9449 § 10)."""
    code = fresh()
    connection().execute(
        "insert into access.smart_code"
        " (hash, authorization_id, client_id, redirect, challenge, jkt, ends)"
        " values (%s, %s, %s, %s, %s, %s, %s)",
        [
            digest(code),
            authorization.id,
            authorization.client_id,
            redirect,
            challenge,
            jkt,
            moment(LIFETIME),
        ],
    )
    return code


def take(code: str, client_id: str) -> Code | None:
    """Use a code up; None for one that is unknown, over, used, or another client's.

    Whatever was wrong, the code is worth nothing afterwards. Presented a second time, or by
    a client that it was not made for, somebody holds what he should not: all that was issued
    on it ends (RFC 6749 § 4.1.2, RFC 9700 § 4.5).
    """
    now = moment()
    row = (
        connection()
        .execute(
            "update access.smart_code c set used = %s from access.smart_authorization a"
            " where c.hash = %s and c.used is null and a.id = c.authorization_id"
            " returning c.client_id, c.redirect, c.challenge, c.jkt, c.ends,"
            f" {authorizations.COLUMNS}",
            [now, digest(code)],
        )
        .fetchone()
    )
    if row is None:
        _betrayed(code)
        return None
    owner, redirect, challenge, jkt, ends = row[:5]
    found = authorizations.of_row(row[5:])
    if owner != client_id:
        authorizations.revoke(found.id, "code presented by another client")
        return None
    if ends <= now or found.revoked is not None:
        return None
    return Code(found, redirect, challenge, jkt)


def _betrayed(code: str) -> None:
    row = (
        connection()
        .execute(
            "select authorization_id from access.smart_code where hash = %s and used is not null",
            [digest(code)],
        )
        .fetchone()
    )
    if row is not None:
        authorizations.revoke(row[0], "code presented twice")
