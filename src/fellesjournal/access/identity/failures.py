"""Refused sign-ins, and when an address has had too many of them."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import connection

# A hospital shares few addresses among thousands of people, so only what went wrong counts,
# and a slip now and then must not shut a ward out.
WINDOW = timedelta(minutes=10)
MOST = 30
_KEPT = timedelta(days=90)


def note(address: str, reason: str, *, key: str) -> None:
    """Remember a refusal. ``key`` keys the hash of the address; ``reason`` is a code."""
    connection().execute(
        "insert into access.sign_in_failure (at, address, reason) values (%s, %s, %s)",
        [clock.now(), _hash(address, key), reason[:60]],
    )


def too_many(address: str, *, key: str) -> bool:
    """Whether an address must wait before it may try again."""
    row = (
        connection()
        .execute(
            "select count(*) from access.sign_in_failure where address = %s and at > %s",
            [_hash(address, key), clock.now() - WINDOW],
        )
        .fetchone()
    )
    return row is not None and row[0] >= MOST


def forget_old() -> int:
    """Remove old rows; answers how many."""
    return (
        connection()
        .execute("delete from access.sign_in_failure where at < %s", [clock.now() - _KEPT])
        .rowcount
    )


def _hash(address: str, key: str) -> bytes:
    return hmac.new(key.encode(), address.encode("utf-8", "replace"), hashlib.sha256).digest()
