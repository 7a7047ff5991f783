"""Who reacts to what. The lists themselves stand in one place, ``config/wiring.py``, which the
setting WIRING names: packages that react to each other know neither each other nor this.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, slots=True)
class Subscription:
    """``name`` reacts to ``event``. Names stay when code moves: messages wait under them.

    ``react(session, payload)`` runs in the transaction that marks the message done, as the
    platform with the ``purpose`` named (a code of v3-ActReason).
    """

    event: str
    name: str
    react: Callable[..., None]
    purpose: str


@dataclass(frozen=True, slots=True)
class Timer:
    """``job(session)`` is started each time ``every`` has passed, on one worker only.

    A job must bear being started twice, and being killed anywhere: it looks for what is due
    and does one transaction for each thing it finds.
    """

    name: str
    every: timedelta
    job: Callable[..., None]
    purpose: str


@dataclass(frozen=True, slots=True)
class WrittenRule:
    """Each version of a resource that ``when`` holds for is told as ``event``, by whatever way it
    came in; the facts are ``resource`` (``DiagnosticReport/1``) and ``version``. With ``deletes``
    its deletion is told as well.
    """

    event: str
    # Any: a resource as JSON
    when: Callable[[Mapping[str, Any]], bool]
    deletes: bool = False


@cache
def subscriptions() -> Mapping[str, Sequence[Subscription]]:
    """Who reacts to each event."""
    found: dict[str, list[Subscription]] = {}
    for each in import_string(f"{settings.WIRING}.SUBSCRIPTIONS"):
        found.setdefault(each.event, []).append(each)
    return found


@cache
def timers() -> Mapping[str, Timer]:
    """The jobs of the clock, by name."""
    return {each.name: each for each in import_string(f"{settings.WIRING}.TIMERS")}


@cache
def written() -> Mapping[str, Sequence[WrittenRule]]:
    """What the write path tells of, by type of resource: each rule that holds is an event."""
    found: Mapping[str, Sequence[WrittenRule]] = import_string(f"{settings.WIRING}.WRITTEN")
    return found


def subscription(event: str, name: str) -> Subscription | None:
    """The subscription of a message; None when this version of the program has it no more."""
    return next((each for each in subscriptions().get(event, ()) if each.name == name), None)


Call = Callable[[Callable[..., None], str, str, tuple[Any, ...]], None]
"""How a reaction or job is called: with its function, its name, its purpose, its arguments.

Given by ``access/jobs.py``, which lets it in by the one door.
"""

__all__ = [
    "Call",
    "Subscription",
    "Timer",
    "WrittenRule",
    "subscription",
    "subscriptions",
    "timers",
    "written",
]
