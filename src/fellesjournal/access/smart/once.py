"""What may be presented once: client assertions (RFC 7523) and DPoP proofs (RFC 9449)."""

from __future__ import annotations

from fellesjournal.access.smart.secret_values import digest, moment
from fellesjournal.foundation.database.connection import connection

_TABLES = {"assertion": "smart_once", "proof": "smart_proof"}


def first_time(kind: str, identity: str, *, ends: int) -> bool:
    """Mark an identity as used until ``ends`` (microseconds); False when it was before.

    ``kind`` is ``assertion`` (kept over a crash) or ``proof`` (not).
    """
    done = connection().execute(
        f"insert into access.{_TABLES[kind]} (hash, ends) values (%s, %s) on conflict do nothing",
        [digest(identity), ends],
    )
    return done.rowcount == 1


def forget_ended() -> int:
    """Remove what has ended for long: used marks, codes, handles and tokens. Answers how many."""
    now = moment()
    week_ago = now - 7 * 86_400_000_000
    removed = 0
    for table in _TABLES.values():
        removed += (
            connection().execute(f"delete from access.{table} where ends < %s", [now]).rowcount
        )
    # a used code or token is kept for a while: presented again, it betrays a thief
    for table in ("smart_code", "smart_token", "smart_launch"):
        removed += (
            connection().execute(f"delete from access.{table} where ends < %s", [week_ago]).rowcount
        )
    return removed
