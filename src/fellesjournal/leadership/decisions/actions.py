"""What people do with cases and plans: a rule of the structure, then a new version.

A leader speaks for the organisation that her unit belongs to (Assumption, configurable: the source
does not say who may); every position names her. Those who lead the work of the structure record
what a forum has decided, and where a case rises to.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotAllowed, Unprocessable
from fellesjournal.foundation import clock
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.leadership.decisions import deciding
from fellesjournal.leadership.decisions.action_plans import ActionPlan, answered, read
from fellesjournal.leadership.decisions.action_plans import Status as ItemStatus
from fellesjournal.leadership.decisions.actors import actors, speaks_for
from fellesjournal.leadership.decisions.cases import (
    GovernanceCase,
    Outcome,
    Rules,
    Stance,
    Status,
)
from fellesjournal.leadership.decisions.levels import level_of
from fellesjournal.leadership.decisions.structure import (
    CASES,
    LEADING,
    PLANS,
    Structure,
    structure_of,
)
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.documents.policies import has_duty
from fellesjournal.leadership.documents.queries import standing
from fellesjournal.leadership.documents.resources import Document


def propose(session: Session, *, key: str, case: GovernanceCase) -> Document[GovernanceCase]:
    """Put a new case before the forum of its level. Raises as ``documents.actions.save``; a case
    that supersedes another needs that one to be decided.
    """
    if case.supersedes and standing(session, CASES, case.supersedes).body.decision is None:
        raise NotAllowed("only what is decided can be superseded", code="business-rule")
    return save(session, CASES, key=key, body=case, seen=0, reason="proposed")


def take_position(
    session: Session, *, key: str, seen: int, stance: Stance, reason: str, actor: str = ""
) -> Document[GovernanceCase]:
    """Say what the organisation thinks that her unit belongs to. ``actor`` names it for the platform
    itself, which belongs to none; of a person it is never believed.

    Raises Refused, NotAllowed when she speaks for nobody or names another, and as
    ``documents.actions.save``.
    """
    speaker = actor if session.is_unbounded else _speaker(session)
    if not speaker:
        raise NotAllowed("her unit belongs to none of those who decide", code="forbidden")
    if actor and actor != speaker:
        raise NotAllowed("nobody speaks for another organisation", code="forbidden")

    def change(case: GovernanceCase) -> GovernanceCase:
        return deciding.positioned(
            case, actor=speaker, stance=stance, reason=reason, by=session.person, now=clock.now()
        )

    return _changed(session, key, seen, change, f"position: {stance}")


def escalate(
    session: Session, *, key: str, seen: int, reason: str, rules: Rules
) -> Document[GovernanceCase]:
    """Send a case one level up. Raises Refused, NotAllowed, and as ``documents.actions.save``."""
    _must_lead(session)
    levels = structure_of(session).levels

    def change(case: GovernanceCase) -> GovernanceCase:
        return deciding.escalated(
            case, levels, to=case.level + 1, reason=reason, by=session.person, now=clock.now(),
            rules=rules,
        )  # fmt: skip

    return _changed(session, key, seen, change, "one level up")


def decide(
    session: Session, *, key: str, seen: int, outcome: Outcome, text: str, rules: Rules
) -> Document[GovernanceCase]:
    """Record what is decided; what the case supersedes is superseded in the same transaction.

    Raises Refused, NotAllowed for who neither leads the work nor chairs the level, and as
    ``documents.actions.save``.
    """
    structure = structure_of(session)
    _must_lead_or_chair(session, structure, standing(session, CASES, key).body)

    def change(case: GovernanceCase) -> GovernanceCase:
        return deciding.decided(
            case, structure.levels, outcome=outcome, text=text, by=session.person, now=clock.now(),
            rules=rules,
        )  # fmt: skip

    with transaction():
        made = _changed(session, key, seen, change, f"decided: {outcome}")
        if made.body.supersedes and outcome is Outcome.ADOPTED:
            _supersede(session, made)
    return made


def act_first(session: Session, *, key: str, seen: int, text: str) -> Document[GovernanceCase]:
    """Record that something urgent for safety has been done. Raises as ``escalate``."""
    _must_lead(session)

    def change(case: GovernanceCase) -> GovernanceCase:
        return deciding.acted_first(case, text=text, now=clock.now())

    return _changed(session, key, seen, change, "done first, to be ratified")


def keep_plan(
    session: Session, *, key: str, plan: ActionPlan, seen: int, reason: str
) -> Document[ActionPlan]:
    """Keep a plan as it was read in: free text of a status stays text, and is asked about."""
    kept = ActionPlan(plan.name, tuple(read(item) for item in plan.items))
    return save(session, PLANS, key=key, body=kept, seen=seen, reason=reason)


def answer_status(
    session: Session, *, key: str, seen: int, no: str, status: ItemStatus, done_on: date | None
) -> Document[ActionPlan]:
    """Say what the text of an item's status means. Raises Unprocessable for what can't be, and as
    ``documents.actions.save``.
    """
    stands = standing(session, PLANS, key)
    try:
        after = answered(stands.body, no, status, done_on)
    except ValueError as error:
        raise Unprocessable(str(error), code="value") from None
    return save(session, PLANS, key=key, body=after, seen=seen, reason=f"status of {no}: {status}")


def _changed(
    session: Session,
    key: str,
    seen: int,
    change: Callable[[GovernanceCase], GovernanceCase],
    reason: str,
) -> Document[GovernanceCase]:
    """The change is worked out on what stands; ``seen`` says whether she has looked at it."""
    stands = standing(session, CASES, key)
    return save(session, CASES, key=key, body=change(stands.body), seen=seen, reason=reason)


def _supersede(session: Session, made: Document[GovernanceCase]) -> None:
    old = standing(session, CASES, made.body.supersedes)
    if old.body.status is not Status.DECIDED:
        return  # another case has superseded it meanwhile
    after = deciding.superseded(old.body, made.key, made.body)
    save(session, CASES, key=old.key, body=after, seen=old.version, reason="superseded")


def _speaker(session: Session) -> str:
    return speaks_for(session, {each.reference: each.name for each in actors(session)})


def _must_lead(session: Session) -> None:
    if not has_duty(session, LEADING):
        raise NotAllowed("who leads the work of the structure does this", code="forbidden")


def _must_lead_or_chair(session: Session, structure: Structure, case: GovernanceCase) -> None:
    if session.person != level_of(structure.levels, case.level).chair:
        _must_lead(session)


__all__ = [
    "act_first",
    "answer_status",
    "decide",
    "escalate",
    "keep_plan",
    "propose",
    "take_position",
]
