"""The acts on a case. Each returns the case as it is afterwards, or says which rule is in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from fellesjournal.leadership.decisions.cases import (
    FOLLOWS,
    USUAL,
    Act,
    Decision,
    Escalation,
    GovernanceCase,
    Implementation,
    Outcome,
    Position,
    Rules,
    SafetyClass,
    Stance,
    Status,
    Way,
)
from fellesjournal.leadership.decisions.levels import (
    CaseType,
    ForumLevel,
    level_of,
    lowest_with_mandate,
)
from fellesjournal.leadership.decisions.refusals import Refused, Why


def proposed(
    levels: Sequence[ForumLevel],
    *,
    title: str,
    kind: CaseType,
    proposal: str,
    affected: tuple[str, ...],
    requested_by: str,
    now: datetime,
    cost: Decimal = Decimal(0),
    evidence: str = "",
    safety: SafetyClass = SafetyClass.NONE,
    supersedes: str = "",
) -> GovernanceCase:
    """A new case at the lowest level with a mandate; levels below it are no escalation.

    Raises Refused without such a level, ValueError for a case that says too little.
    """
    start = lowest_with_mandate(levels, kind, cost)
    return GovernanceCase(
        title, kind, proposal, affected, requested_by, start.order, now,
        cost=cost, evidence=evidence, safety=safety, supersedes=supersedes,
    )  # fmt: skip


def amended(case: GovernanceCase, proposal: str, now: datetime) -> GovernanceCase:
    """Another wording: everybody answers anew, with the whole time. Raises Refused once decided."""
    status = _after(case, Act.AMEND)
    return replace(
        case, status=status, proposal=proposal, wording=case.wording + 1, level_since=now
    )


def positioned(
    case: GovernanceCase, *, actor: str, stance: Stance, reason: str, by: str, now: datetime
) -> GovernanceCase:
    """With the position of an organisation; an earlier one of hers stays in the trail.

    Raises Refused for who is not affected, and for an objection or standing aside without reason.
    """
    status = _after(case, Act.TAKE_POSITION)
    if actor not in case.affected:
        raise Refused(Why.NOT_AFFECTED, "only those affected take a position")
    if stance is not Stance.AGREE and not reason.strip():
        raise Refused(Why.REASON_MISSING, "say why, so that the next level knows")
    said = Position(case.level, case.wording, actor, stance, reason.strip(), by, now)
    return replace(case, status=status, positions=(*case.positions, said))


def acted_first(case: GovernanceCase, *, text: str, now: datetime) -> GovernanceCase:
    """Done at once, to be ratified. Raises Refused unless the case is urgent for safety."""
    status = _after(case, Act.ACT_FIRST)
    if case.safety is not SafetyClass.URGENT:
        raise Refused(Why.NOT_URGENT, "only what is urgent for safety is done before it is decided")
    if not text.strip():
        raise Refused(Why.REASON_MISSING, "say what was done")
    return replace(case, status=status, acted_at=now, acted_text=text.strip())


def escalated(
    case: GovernanceCase,
    levels: Sequence[ForumLevel],
    *,
    to: int,
    reason: str,
    by: str,
    now: datetime,
    rules: Rules = USUAL,
) -> GovernanceCase:
    """Exactly one level up, where everybody answers anew.

    Raises Refused for any other level, from the top, with consensus, and before it is clear that
    there is none. A level that has no mandate any more (another amount) passes the case on.
    """
    status = _after(case, Act.ESCALATE)
    if to != case.level + 1:
        raise Refused(Why.ONE_LEVEL, "a case rises by exactly one level")
    above = level_of(levels, to)
    may_decide = level_of(levels, case.level).mandate.holds(case.kind, case.cost)
    if may_decide and rules.has_consensus(case, now):
        raise Refused(Why.CONSENSUS, "those affected agree: it is decided here")
    if may_decide and not rules.lacks_consensus(case, now):
        raise Refused(Why.NO_QUORUM, "not all have answered, and nobody objects yet")
    if not reason.strip():
        raise Refused(Why.REASON_MISSING, "say why it rises")
    step = Escalation(case.level, above.order, reason.strip(), by, now)
    return replace(
        case, status=status, level=above.order, level_since=now,
        escalations=(*case.escalations, step),
    )  # fmt: skip


def decided(
    case: GovernanceCase,
    levels: Sequence[ForumLevel],
    *,
    outcome: Outcome,
    text: str,
    by: str,
    now: datetime,
    rules: Rules = USUAL,
) -> GovernanceCase:
    """Decided at the level it is at: by consensus, or at the top by its chair with the dissent.

    Raises Refused without mandate, without quorum, and without consensus below the top.
    """
    status = _after(case, Act.DECIDE)
    level = level_of(levels, case.level)
    if not level.mandate.holds(case.kind, case.cost):
        raise Refused(Why.NO_MANDATE, "this level has no mandate for the case")
    if not rules.has_quorum(case, now):
        raise Refused(Why.NO_QUORUM, "not all have answered, and their deadline has not passed")
    way = Way.CONSENSUS if rules.has_consensus(case, now) else Way.CHAIR
    if way is Way.CHAIR:
        _chair_may(level, levels, by)
    if not text.strip():
        raise Refused(Why.REASON_MISSING, "say what is decided")
    made = Decision(
        case.level, outcome, way, text.strip(), by, now, dissent=case.objections, silent=case.silent
    )
    return replace(case, status=status, decision=made)


def withdrawn(case: GovernanceCase) -> GovernanceCase:
    """Taken back by who asked for it. Raises Refused when it has been done or decided."""
    return replace(case, status=_after(case, Act.WITHDRAW))


def superseded(case: GovernanceCase, by: str, successor: GovernanceCase) -> GovernanceCase:
    """Replaced by another case (its key). What was decided holds until the other one is decided.

    Raises Refused for a successor that is not decided, or is about another case.
    """
    status = _after(case, Act.SUPERSEDE)
    if successor.status is not Status.DECIDED:
        raise Refused(Why.NOT_DECIDED, "the old decision holds until the new one is made")
    return replace(case, status=status, superseded_by=by)


def followed_up(case: GovernanceCase, step: Implementation) -> GovernanceCase:
    """With a task that carries it out, in place of an earlier word on the same task.

    Raises Refused before the decision, and when what works has not been released.
    """
    status = _after(case, Act.FOLLOW_UP)
    if step.verified_by and not step.release:
        raise Refused(Why.EVIDENCE_MISSING, "what is seen to work came with a release")
    others = tuple(each for each in case.implementation if each.task != step.task)
    return replace(case, status=status, implementation=(*others, step))


def _after(case: GovernanceCase, act: Act) -> Status:
    after = FOLLOWS[case.status].get(act)
    if after is None:
        raise Refused(Why.STATE, f"a case that is {case.status} has no {act}")
    return after


def _chair_may(level: ForumLevel, levels: Sequence[ForumLevel], by: str) -> None:
    if level.order != levels[-1].order:
        raise Refused(Why.NO_CONSENSUS, "without consensus it rises, it is not decided here")
    if (
        not level.chair or by != level.chair
    ):  # a level without a chair decides nothing against anybody
        raise Refused(Why.NOT_CHAIR, "at the top level the chair decides")


__all__ = [
    "acted_first", "amended", "decided", "escalated", "followed_up", "positioned", "proposed",
    "superseded", "withdrawn",
]  # fmt: skip
