"""The levels as they are set up, and the kinds of documents that decisions are kept as."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.leadership.decisions.action_plans import ActionPlan
from fellesjournal.leadership.decisions.cases import GovernanceCase
from fellesjournal.leadership.decisions.committees import Community, Meeting
from fellesjournal.leadership.decisions.findings import Review
from fellesjournal.leadership.decisions.levels import CaseType, ForumLevel, Mandate
from fellesjournal.leadership.decisions.usability import UsabilityIssue
from fellesjournal.leadership.documents.queries import find
from fellesjournal.leadership.documents.resources import Kind

LEADING = frozenset({Duty.REALISE_BENEFITS, Duty.ROLL_OUT})
"""Who prepares cases for forums, records what they decide and keeps plans."""


@dataclass(frozen=True, slots=True)
class Structure:
    """The levels of the joint decision structure, lowest first."""

    levels: tuple[ForumLevel, ...]


_PROFESSIONAL = frozenset({CaseType.CLINICAL_CONTENT, CaseType.WORKFLOW, CaseType.DATA})

STRUCTURE = Structure((
    ForumLevel(1, "Professional forum", Mandate(_PROFESSIONAL, Decimal(100_000))),
    ForumLevel(2, "Priority council", Mandate(frozenset(CaseType), Decimal(5_000_000))),
    ForumLevel(3, "Steering group", Mandate(frozenset(CaseType))),
))  # fmt: skip
"""Assumption (configurable): the source names no levels, no mandates and no chair. A document in its
place holds what an area has agreed on.
"""

CASES: Kind[GovernanceCase] = Kind(
    "governance-case", GovernanceCase, saved_by=LEADING | {Duty.SEE_FIGURES}
)
STRUCTURES: Kind[Structure] = Kind("decision-structure", Structure, saved_by=LEADING)
PLANS: Kind[ActionPlan] = Kind("action-plan", ActionPlan, saved_by=LEADING)
ISSUES: Kind[UsabilityIssue] = Kind("usability-issue", UsabilityIssue, saved_by=LEADING)
COMMUNITIES: Kind[Community] = Kind("health-community", Community, saved_by=LEADING)
MEETINGS: Kind[Meeting] = Kind("committee-meeting", Meeting, saved_by=LEADING)
REVIEWS: Kind[Review] = Kind("external-review", Review, saved_by=LEADING | {Duty.SEE_FIGURES})
"""A leader answers the findings that are addressed to her organisation."""
THE_ONE = "current"


def structure_of(session: Session) -> Structure:
    """The structure that has been agreed on, or the one that is delivered."""
    found = find(session, STRUCTURES, THE_ONE)
    return STRUCTURE if found is None else found.body


__all__ = [
    "CASES", "COMMUNITIES", "ISSUES", "LEADING", "MEETINGS", "PLANS", "REVIEWS", "STRUCTURE",
    "STRUCTURES", "THE_ONE", "Structure", "structure_of",
]  # fmt: skip
