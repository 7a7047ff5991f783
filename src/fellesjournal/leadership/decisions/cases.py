"""A case from its first level to its decision, as the municipality of Røros describes the joint
professional decision structure: at the lowest level with a mandate, by consensus, one level up
without it, never changed once decided.

What may follow what stands in ``FOLLOWS``; the acts themselves are in ``deciding``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from fellesjournal.leadership.decisions.assumptions import (
    DAYS_AT_A_LEVEL,
    DAYS_TO_RATIFY,
    FEWEST_AGREEING,
)
from fellesjournal.leadership.decisions.levels import CaseType


class Status(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    ACTED = "acted"
    """Done at once for safety; not decided yet."""
    DECIDED = "decided"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class Act(StrEnum):
    """What is done with a case."""

    AMEND = "amend"
    TAKE_POSITION = "take-position"
    ACT_FIRST = "act-first"
    ESCALATE = "escalate"
    DECIDE = "decide"
    WITHDRAW = "withdraw"
    SUPERSEDE = "supersede"
    FOLLOW_UP = "follow-up"


FOLLOWS: dict[Status, dict[Act, Status]] = {
    Status.OPEN: {
        Act.AMEND: Status.OPEN,
        Act.TAKE_POSITION: Status.OPEN,
        Act.ACT_FIRST: Status.ACTED,
        Act.ESCALATE: Status.OPEN,
        Act.DECIDE: Status.DECIDED,
        Act.WITHDRAW: Status.WITHDRAWN,
    },
    # what has been done can't be taken back by withdrawing the case
    Status.ACTED: {
        Act.TAKE_POSITION: Status.ACTED,
        Act.ESCALATE: Status.ACTED,
        Act.DECIDE: Status.DECIDED,
    },
    Status.DECIDED: {Act.SUPERSEDE: Status.SUPERSEDED, Act.FOLLOW_UP: Status.DECIDED},
    Status.SUPERSEDED: {},
    Status.WITHDRAWN: {},
}
"""Which act leads from which state to which; what does not stand here is refused."""


class SafetyClass(StrEnum):
    """How much a case concerns the safety of patients."""

    NONE = "none"
    RELEVANT = "relevant"
    URGENT = "urgent"


class Stance(StrEnum):
    """What an organisation says to a case. Standing aside does not stop the others."""

    AGREE = "agree"
    STAND_ASIDE = "stand_aside"
    OBJECT = "object"


class Outcome(StrEnum):
    """What was decided. Of what was done urgently, adopting it is ratifying it."""

    ADOPTED = "adopted"
    REJECTED = "rejected"


class Way(StrEnum):
    """How it was decided."""

    CONSENSUS = "consensus"
    CHAIR = "chair"
    """At the top level, against somebody; the dissent is recorded."""


@dataclass(frozen=True, slots=True)
class Position:
    """What an organisation said at a level, about which wording of the case."""

    level: int
    wording: int
    actor: str
    stance: Stance
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Escalation:
    """One level up, and why."""

    from_level: int
    to_level: int
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, at which level and how; who dissented and who said nothing."""

    level: int
    outcome: Outcome
    way: Way
    text: str
    by: str
    at: datetime
    dissent: tuple[Position, ...] = ()
    silent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Implementation:
    """A task that carries a decision out, the release it came with, who has seen that it works."""

    task: str
    release: str = ""
    verified_by: str = ""


@dataclass(frozen=True, slots=True)
class GovernanceCase:
    """A case. ``affected`` and ``requested_by`` are references of organisations; ``wording`` counts
    the versions of what is proposed, for a position is to one of them.
    """

    title: str
    kind: CaseType
    proposal: str
    affected: tuple[str, ...]
    requested_by: str
    level: int
    level_since: datetime
    status: Status = Status.OPEN
    cost: Decimal = Decimal(0)
    evidence: str = ""
    safety: SafetyClass = SafetyClass.NONE
    wording: int = 1
    positions: tuple[Position, ...] = ()
    escalations: tuple[Escalation, ...] = ()
    acted_at: datetime | None = None
    acted_text: str = ""
    decision: Decision | None = None
    supersedes: str = ""
    superseded_by: str = ""
    implementation: tuple[Implementation, ...] = ()

    def __post_init__(self) -> None:
        if not self.title.strip() or not self.proposal.strip():
            raise ValueError("a case has a title and a proposal")
        if not self.affected or len(set(self.affected)) != len(self.affected):
            raise ValueError("a case affects somebody, and names each once")
        if self.cost < 0:
            raise ValueError("a case does not cost less than nothing")
        if (self.status in {Status.DECIDED, Status.SUPERSEDED}) != (self.decision is not None):
            raise ValueError("a case is decided when it has a decision")

    @property
    def standing_positions(self) -> tuple[Position, ...]:
        """The last word of each organisation to this wording at this level."""
        last = {
            each.actor: each
            for each in self.positions
            if (each.level, each.wording) == (self.level, self.wording)
        }
        return tuple(last[actor] for actor in self.affected if actor in last)

    @property
    def silent(self) -> tuple[str, ...]:
        """Who is affected and has not answered here."""
        answered = {each.actor for each in self.standing_positions}
        return tuple(actor for actor in self.affected if actor not in answered)

    @property
    def objections(self) -> tuple[Position, ...]:
        """Who is against it here."""
        return tuple(each for each in self.standing_positions if each.stance is Stance.OBJECT)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the source of the structure leaves open."""

    days_at_a_level: int = int(DAYS_AT_A_LEVEL.value)
    days_to_ratify: int = int(DAYS_TO_RATIFY.value)
    fewest_agreeing: int = int(FEWEST_AGREEING.value)

    def answer_by(self, case: GovernanceCase) -> datetime:
        """Until when those affected answer at the level the case is at."""
        return case.level_since + timedelta(days=self.days_at_a_level)

    def ratify_by(self, case: GovernanceCase) -> datetime | None:
        """Until when what was done urgently is decided; None when nothing was."""
        if case.acted_at is None:
            return None
        return case.acted_at + timedelta(days=self.days_to_ratify)

    def has_quorum(self, case: GovernanceCase, now: datetime) -> bool:
        """Whether all affected have answered, or their deadline has passed."""
        return not case.silent or now >= self.answer_by(case)

    def has_consensus(self, case: GovernanceCase, now: datetime) -> bool:
        """Whether nobody objects, enough agree, and no answer is waited for any more."""
        agreeing = sum(each.stance is Stance.AGREE for each in case.standing_positions)
        enough = agreeing >= self.fewest_agreeing
        return self.has_quorum(case, now) and not case.objections and enough

    def lacks_consensus(self, case: GovernanceCase, now: datetime) -> bool:
        """Whether it is clear that there is none here: somebody objects, or too few have agreed
        when the deadline is over. Before that it is only not known yet.
        """
        return bool(case.objections) or (
            self.has_quorum(case, now) and not self.has_consensus(case, now)
        )


USUAL = Rules()


def may_follow(case: GovernanceCase) -> frozenset[Act]:
    """What the state of a case allows, before any other rule."""
    return frozenset(FOLLOWS[case.status])


__all__ = [
    "FOLLOWS", "USUAL", "Act", "Decision", "Escalation", "GovernanceCase", "Implementation",
    "Outcome", "Position", "Rules", "SafetyClass", "Stance", "Status", "Way", "may_follow",
]  # fmt: skip
