"""How much anybody may ask for: by cost, so that a read is cheap and a whole record is dear.

Two kinds of memory, on purpose:

- :func:`spend` counts in this process only. It costs a microsecond, so that every request can
  be counted; with several processes the limit is that many times as high.
- :func:`note_failure` and :func:`must_wait` count failed proofs of identity in PostgreSQL, so
  that all processes agree and a restart forgets nothing.

A failure counts against the address it came from (for a client: the address and the client),
never against the person or client it named. Nobody can lock another out by failing in her name.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from django.conf import settings

from fellesjournal.access.identity import failures

_MOST_REMEMBERED = 20_000
_MINUTE = 60.0


@dataclass(slots=True)
class _Level:
    """How much is left, and when that was so."""

    left: float
    at: float


class Allowance:
    """So much per minute for each key, and as much at once after a quiet minute."""

    def __init__(self, per_minute: int) -> None:
        self.per_minute = per_minute
        self._levels: dict[str, _Level] = {}
        self._lock = threading.Lock()

    def spend(self, key: str, cost: float = 1.0) -> int:
        """Take ``cost`` from what is left for a key: 0 if there was enough, else the seconds
        to wait. A cost above a whole minute's allowance is let through when all is left.
        """
        if self.per_minute <= 0:
            return 0
        now = time.monotonic()
        cost = min(cost, float(self.per_minute))
        with self._lock:
            level = self._levels.get(key)
            if level is None:
                if len(self._levels) >= _MOST_REMEMBERED:
                    self._forget(now)
                level = self._levels[key] = _Level(float(self.per_minute), now)
            gained = (now - level.at) * self.per_minute / _MINUTE
            level.left = min(float(self.per_minute), level.left + gained)
            level.at = now
            if level.left >= cost:
                level.left -= cost
                return 0
            return int((cost - level.left) * _MINUTE / self.per_minute) + 1

    def _forget(self, now: float) -> None:
        """Whoever was quiet for a minute has all again: nothing is lost by forgetting."""
        self._levels = {k: v for k, v in self._levels.items() if now - v.at < _MINUTE}
        if len(self._levels) >= _MOST_REMEMBERED:
            self._levels.clear()


PERSON = Allowance(settings.ENVIRONMENT.rate_person)
"""The API, by person or client."""

BROWSER = Allowance(settings.ENVIRONMENT.rate_browser)
"""The pages, by browser."""

ADDRESS = Allowance(settings.ENVIRONMENT.rate_address)
"""What needs no identity: sign-ins begun, token endpoints, tokens that are not good."""

LOCKED_SECONDS = int(failures.WINDOW.total_seconds())
"""After this a lock has ended by itself."""


def address_of(forwarded: str, remote: str) -> str:
    """Where a request comes from: what the nearest proxy says, when there is one.

    ``forwarded`` is X-Forwarded-For, of which only the last entry is the proxy's own.
    """
    told = forwarded.rpartition(",")[2].strip() if settings.ENVIRONMENT.url else ""
    return told or remote


def note_failure(endpoint: str, address: str, name: str, reason: str) -> None:
    """Remember that a proof of identity failed; ``name`` is the client it was given for."""
    failures.note(_key(endpoint, address, name), reason, key=settings.SECRET_KEY)


def must_wait(endpoint: str, address: str, name: str) -> bool:
    """Whether this address must wait before it tries again for this client."""
    return failures.too_many(_key(endpoint, address, name), key=settings.SECRET_KEY)


def _key(endpoint: str, address: str, name: str) -> str:
    return f"{endpoint}\n{address}\n{name}"


__all__ = [
    "ADDRESS",
    "BROWSER",
    "LOCKED_SECONDS",
    "PERSON",
    "Allowance",
    "address_of",
    "must_wait",
    "note_failure",
]
