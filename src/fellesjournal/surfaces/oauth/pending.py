"""An authorization request while a person decides about it, kept in her web session."""

from __future__ import annotations

import secrets
import time
from dataclasses import asdict, dataclass, field, replace

from django.http import HttpRequest

_KEY = "oauth-pending"
_MOST = 5
_SECONDS = 15 * 60.0


@dataclass(frozen=True, slots=True)
class Pending:
    """What was asked (``parameters`` by name) and what is known so far. ``scope`` is already
    narrowed to what this client may ask of this person.
    """

    key: str
    parameters: dict[str, list[str]]
    scope: str
    person: str
    patient: str = ""
    encounter: str = ""
    intent: str = ""
    launched: bool = False
    since: float = field(default_factory=time.time)

    @property
    def client_id(self) -> str:
        """The app that asks."""
        return self.parameters["client_id"][0]

    def value(self, name: str) -> str:
        """A parameter, or empty."""
        return (self.parameters.get(name) or [""])[0]


def keep(request: HttpRequest, pending: Pending) -> Pending:
    """Keep a request (a new one under a new key), and the few latest before it."""
    pending = pending if pending.key else replace(pending, key=secrets.token_urlsafe(12))
    kept = {key: each for key, each in _all(request).items() if key != pending.key}
    newest = sorted(kept.items(), key=lambda item: item[1].since)[-(_MOST - 1) :]
    request.session[_KEY] = [asdict(each) for _, each in newest] + [asdict(pending)]
    return pending


def pending_of(request: HttpRequest, key: str, person: str) -> Pending | None:
    """A request by its key; None when it is over, or another person's."""
    found = _all(request).get(key)
    return found if found is not None and found.person == person else None


def drop(request: HttpRequest, key: str) -> None:
    """It was decided."""
    request.session[_KEY] = [asdict(each) for each in _all(request).values() if each.key != key]


def _all(request: HttpRequest) -> dict[str, Pending]:
    found = [Pending(**each) for each in request.session.get(_KEY, [])]
    return {each.key: each for each in found if each.since > time.time() - _SECONDS}
