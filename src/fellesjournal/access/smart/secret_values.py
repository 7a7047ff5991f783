"""Values that are shown once and kept as a hash: codes, tokens, client secrets, handles."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from fellesjournal.foundation import clock


def fresh(prefix: str = "") -> str:
    """A new secret of 256 random bits, with a prefix that scanners of source code can look for."""
    return prefix + secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """How a secret is stored. Unsalted: 256 random bits can't be searched."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def moment(after: timedelta | None = None) -> int:
    """Now, or so much later, in microseconds since 1970."""
    return clock.microseconds(clock.now() + (after or timedelta()))
