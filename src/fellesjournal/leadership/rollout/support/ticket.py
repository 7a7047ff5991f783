"""A report of a problem, with all that was done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from fellesjournal.leadership.rollout.tickets import Category

GROUP = "support/"
"""Before the key of an organisation: those who help it own what none of them has taken."""
SEVERITIES = (1, 2, 3)
"""1: the work stands still; 2: it is hindered; 3: it is a nuisance."""


class State(StrEnum):
    """How far a report has come."""

    WAITING = "waiting"
    TAKEN = "taken"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Place:
    """Where it happened: ``page`` is the name of a route, never an address; ``module`` the part of the
    program; ``version`` the program's; ``reference`` the number that an error page showed.
    """

    page: str = ""
    module: str = ""
    version: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Something that was said to it: by whom (a reference), when and what."""

    by: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class SupportTicket:
    """A report of a problem. ``organisation`` is a key (``organisations.Organisation``), "" of citizens;
    ``owner`` is a person, or GROUP and the organisation until somebody has taken it. ``closed`` is when
    it was closed last; ``done`` what was done, "" of a duplicate, which names the number of the other;
    ``issue`` the key of what it has become in the queue of usability.
    Raises ValueError without an owner, and for what closed and can't be.
    """

    said: str
    category: Category
    severity: int
    safety: bool
    opened: datetime
    due: datetime
    organisation: str
    organisation_name: str
    unit: str
    unit_name: str
    owner: str
    is_citizen: bool = False
    place: Place = Place()
    first_response: datetime | None = None
    answers: tuple[Words, ...] = ()
    closed: datetime | None = None
    done: str = ""
    duplicate_of: int | None = None
    reopened: tuple[Words, ...] = ()
    escalated: datetime | None = None
    issue: str = ""

    def __post_init__(self) -> None:
        if not self.owner:
            raise ValueError("somebody owns every report")
        if self.severity not in SEVERITIES:
            raise ValueError(f"{self.severity} is no severity")
        if bool(self.done or self.duplicate_of) != bool(self.closed):
            raise ValueError("what is closed says how, and nothing else does")

    @property
    def state(self) -> State:
        """How far it has come."""
        if self.closed:
            return State.CLOSED
        return State.WAITING if self.owner.startswith(GROUP) else State.TAKEN

    def is_late(self, at: datetime) -> bool:
        """Whether it is open after its deadline."""
        return self.closed is None and at >= self.due


__all__ = ["GROUP", "SEVERITIES", "Place", "State", "SupportTicket", "Words"]
