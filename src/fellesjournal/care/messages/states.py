"""Where a delivery stands: told by the evidence there is, and by nothing else (INV-1).

Evidence may come late, twice and in any order. The state is therefore no step taken from the
state before, but a function of all the evidence there is: the strongest piece decides, so that
every order of the same receipts ends in the same state (INV-8, INV-15). That a deadline passes
is no evidence; it makes a delivery overdue, and whoever owns it gets a task (INV-2).

The states are those of the national delivery flow (norway.md section 6: queued, handed over,
transport acknowledged, accepted, accepted with errors, rejected, expired) and of the delivery
report of letters to citizens (delivered, opened, paper received, returned, error).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType


class Route(StrEnum):
    """The way a document takes to one recipient."""

    INSIDE = "inside"
    """To a unit that works on the platform: into its worklist."""
    HELSAMI = "helsami"
    """To a citizen who reads HelsaMi."""
    PAPER = "paper"
    """Printed and posted."""
    NATIONAL = "national"
    """To a unit on another system, as a national message."""


class State(StrEnum):
    """Where a delivery stands; the values are codes of DELIVERY_STATE_SYSTEM."""

    QUEUED = "queued"
    HANDED_OVER = "handed-over"
    TRANSPORT_ACKED = "transport-acked"
    DELIVERED = "delivered"
    OPENED = "opened"
    POSTED = "posted"
    ACCEPTED = "accepted"
    ACCEPTED_WITH_ERRORS = "accepted-with-errors"
    RETURNED = "returned"
    REJECTED = "rejected"
    EXPIRED = "expired"


# Weakest first. A refusal outweighs a receipt: whoever sent contradicting ones is asked.
STRENGTH = MappingProxyType(
    {
        State.QUEUED: 0,
        State.HANDED_OVER: 1,
        State.TRANSPORT_ACKED: 2,
        State.DELIVERED: 3,
        State.POSTED: 3,
        State.OPENED: 4,
        State.ACCEPTED: 4,
        State.ACCEPTED_WITH_ERRORS: 5,
        State.RETURNED: 6,
        State.REJECTED: 6,
    }
)

ARRIVED = MappingProxyType(
    {
        Route.INSIDE: frozenset({State.DELIVERED, State.OPENED, State.ACCEPTED}),
        Route.HELSAMI: frozenset({State.OPENED}),
        Route.PAPER: frozenset({State.POSTED}),
        Route.NATIONAL: frozenset({State.ACCEPTED}),
    }
)
"""The states in which a delivery has come to its end well, by route."""

FAILED = frozenset({State.REJECTED, State.RETURNED, State.EXPIRED, State.ACCEPTED_WITH_ERRORS})
"""The states in which somebody must do something. Accepted with errors is one of them: a part
of the message was not understood."""

DEADLINES = MappingProxyType(
    {
        # Assumptions (configurable), norway.md section 6: an answer within 24 hours for what is
        # urgent and 72 otherwise; a citizen opens within three days, or it is printed.
        Route.INSIDE: (timedelta(minutes=15), timedelta(minutes=15)),
        Route.HELSAMI: (timedelta(days=3), timedelta(days=3)),
        Route.PAPER: (timedelta(days=1), timedelta(days=2)),
        Route.NATIONAL: (timedelta(hours=24), timedelta(hours=72)),
    }
)
"""How long evidence may take, by route: for urgent documents, and for all others."""


def state_of(evidence: Iterable[State]) -> State:
    """The state that all the evidence together tells; QUEUED without any."""
    return max(evidence, key=lambda each: (STRENGTH[each], each.value), default=State.QUEUED)


def has_arrived(route: Route, state: State) -> bool:
    """Whether nothing more is waited for."""
    return state in ARRIVED[route]


def is_open(route: Route, state: State) -> bool:
    """Whether evidence is still waited for."""
    return not has_arrived(route, state) and state not in FAILED


def patience(route: Route, *, urgent: bool) -> timedelta:
    """How long evidence may take before the delivery is overdue."""
    return DEADLINES[route][0 if urgent else 1]


__all__ = [
    "ARRIVED",
    "DEADLINES",
    "FAILED",
    "STRENGTH",
    "Route",
    "State",
    "has_arrived",
    "is_open",
    "patience",
    "state_of",
]
