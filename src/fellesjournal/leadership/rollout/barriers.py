"""What keeps people in a municipality from HelsaMi, as who leads there states it: one of five barriers at a time,
how much it holds back, on what ground, and what is done about it by whom. Each statement is a new version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fellesjournal.access.directory.rules import is_within
from fellesjournal.access.directory.systems import municipality_unit
from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotAllowed, NotFound
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.documents.policies import has_duty
from fellesjournal.leadership.documents.queries import all_standing, find, versions
from fellesjournal.leadership.documents.resources import Document, Kind
from fellesjournal.leadership.rollout.adoption import Barrier
from fellesjournal.registry.municipalities import municipalities


class Hold(StrEnum):
    """How much a barrier holds back, as it is judged."""

    NOT_ASSESSED = "not-assessed"
    LITTLE = "little"
    SOME = "some"
    MUCH = "much"


@dataclass(frozen=True, slots=True)
class Statement:
    """A barrier as it was judged on a day; ``measure`` and ``owner`` both or none."""

    barrier: Barrier
    hold: Hold
    ground: str
    on: date
    measure: str = ""
    owner: str = ""

    def __post_init__(self) -> None:
        if not self.ground.strip():
            raise ValueError("a statement says on what ground")
        if bool(self.measure.strip()) != bool(self.owner.strip()):
            raise ValueError("a measure has an owner, and an owner a measure")


@dataclass(frozen=True, slots=True)
class Barriers:
    """What stands of one municipality, each barrier at most once."""

    statements: tuple[Statement, ...] = ()

    def of(self, barrier: Barrier) -> Statement | None:
        """What stands of a barrier; None while nobody has said anything."""
        return next((each for each in self.statements if each.barrier is barrier), None)

    def hold(self, barrier: Barrier) -> Hold:
        """How much a barrier holds back."""
        stands = self.of(barrier)
        return Hold.NOT_ASSESSED if stands is None else stands.hold

    def stating(self, statement: Statement) -> Barriers:
        """The same with this statement in place of the one of its barrier."""
        others = tuple(each for each in self.statements if each.barrier is not statement.barrier)
        return Barriers((*others, statement))


STATING = frozenset({Duty.ROLL_OUT, Duty.REALISE_BENEFITS})
BARRIERS: Kind[Barriers] = Kind("rollout-barriers", Barriers, saved_by=STATING)
"""By the number of the municipality; who sees figures reads it."""


def may_state(session: Session, municipality: str) -> bool:
    """Whether she leads the rollout or the benefits of a municipality (by its number): her unit is its
    Organization, or above it.
    """
    if session.is_unbounded:
        return True
    if not has_duty(session, STATING):
        return False
    unit = municipality_unit(session, municipality)
    return bool(unit) and is_within(session.connection(), unit)


def state(
    session: Session, municipality: str, statement: Statement, *, seen: int
) -> Document[Barriers]:
    """State one barrier of a municipality anew; what was stated before stays in the history.

    Raises NotFound for a number that is none, NotAllowed for who does not lead there, and as
    ``documents.actions.save``.
    """
    if municipality not in municipalities():
        raise NotFound("there is no such page")
    stands = find(session, BARRIERS, municipality)
    if not may_state(session, municipality):
        raise NotAllowed(
            "who leads the rollout or the benefits there states this", code="forbidden"
        )
    body = (Barriers() if stands is None else stands.body).stating(statement)
    return save(session, BARRIERS, key=municipality, body=body, seen=seen, reason=statement.ground)


def stated(session: Session, municipality: str) -> Document[Barriers] | None:
    """What stands of a municipality; None while nobody has stated anything. Raises NotFound for who
    does not see figures.
    """
    return find(session, BARRIERS, municipality)


def stated_everywhere(session: Session) -> Mapping[str, Barriers]:
    """What stands, by municipality. Raises NotFound."""
    return {each.key: each.body for each in all_standing(session, BARRIERS)}


@dataclass(frozen=True, slots=True)
class Said:
    """One statement of the history, and the version it came with."""

    statement: Statement
    version: Document[Barriers]


def history(session: Session, municipality: str) -> list[Said]:
    """Every statement that was made, newest first. Raises NotFound where there is none."""
    every = versions(session, BARRIERS, municipality)
    return [Said(each.body.statements[-1], each) for each in every]


def summary(everywhere: Iterable[Barriers]) -> Mapping[Barrier, Mapping[Hold, int]]:
    """In how many municipalities each barrier holds back so much; those that say nothing are not assessed."""
    known, every = list(everywhere), len(municipalities())
    counts = {
        barrier: {hold: sum(each.hold(barrier) is hold for each in known) for hold in Hold}
        for barrier in Barrier
    }
    return {
        barrier: {**found, Hold.NOT_ASSESSED: found[Hold.NOT_ASSESSED] + every - len(known)}
        for barrier, found in counts.items()
    }


__all__ = [
    "BARRIERS", "STATING", "Barriers", "Hold", "Said", "Statement", "history", "may_state", "state", "stated",
    "stated_everywhere", "summary",
]  # fmt: skip
