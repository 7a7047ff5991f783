"""What pages show of cases, communities, meetings and the queue of usability."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from fellesjournal.access.sessions import Session
from fellesjournal.foundation import clock
from fellesjournal.leadership.decisions.assumptions import (
    ASSUMPTIONS,
    DAYS_AT_A_LEVEL,
    DAYS_TO_RATIFY,
    FEWEST_AGREEING,
    SAFETY_FIRST,
)
from fellesjournal.leadership.decisions.cases import GovernanceCase, Rules, Status
from fellesjournal.leadership.decisions.committees import COMMUNITIES as DELIVERED
from fellesjournal.leadership.decisions.committees import Community, Meeting
from fellesjournal.leadership.decisions.structure import CASES, COMMUNITIES, ISSUES, MEETINGS
from fellesjournal.leadership.decisions.usability import UsabilityIssue, ranked
from fellesjournal.leadership.documents.queries import all_standing
from fellesjournal.leadership.documents.resources import Document
from fellesjournal.leadership.documents.settings import values_on

LIVE = frozenset({Status.OPEN, Status.ACTED})


@dataclass(frozen=True, slots=True)
class Listed:
    """A case in a list: by when it is answered (or ratified), whether that has passed, and whether
    it waits for the organisation that is asked for.
    """

    key: str
    case: GovernanceCase
    due: datetime
    is_late: bool
    waits_for_us: bool


def rules_today(session: Session) -> Rules:
    """The rules with what is set today where the source is silent."""
    return rules_of(values_on(session, ASSUMPTIONS, clock.today()))


def rules_of(now: Mapping[str, Decimal]) -> Rules:
    """The rules with what is set, by key of the assumption."""
    return Rules(
        int(now[DAYS_AT_A_LEVEL.key]), int(now[DAYS_TO_RATIFY.key]), int(now[FEWEST_AGREEING.key])
    )


@dataclass(frozen=True, slots=True)
class AllCases:
    """Cases that are not decided, first those that wait for an organisation, then by deadline; and
    those that are decided, superseded or withdrawn, newest first.
    """

    live: list[Listed]
    ended: list[Document[GovernanceCase]]


def all_cases(session: Session, actor: str, rules: Rules) -> AllCases:
    """Every case, as an organisation sees them ("" for none)."""
    return sorted_cases(all_standing(session, CASES), actor, rules)


def sorted_cases(found: list[Document[GovernanceCase]], actor: str, rules: Rules) -> AllCases:
    """As :func:`all_cases`, of documents that were read already."""
    live = [listed(each, actor, rules) for each in found if each.body.status in LIVE]
    ended = [each for each in found if each.body.status not in LIVE]
    return AllCases(
        sorted(live, key=lambda each: (not each.waits_for_us, each.due, each.key)),
        sorted(ended, key=lambda each: each.at, reverse=True),
    )


def listed(found: Document[GovernanceCase], actor: str, rules: Rules) -> Listed:
    """A case as a list shows it."""
    case = found.body
    ratify = rules.ratify_by(case)
    due = min(rules.answer_by(case), ratify) if ratify else rules.answer_by(case)
    return Listed(found.key, case, due, clock.now() >= due, actor in case.silent)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A place in the queue of usability, and what is said of the same thing besides."""

    issue: UsabilityIssue
    duplicates: tuple[UsabilityIssue, ...]


@dataclass(frozen=True, slots=True)
class Queue:
    """What is to be done first, first; and what was closed, newest first."""

    open: list[Ranked]
    closed: list[UsabilityIssue]


def usability_queue(session: Session) -> Queue:
    """The queue of usability, with what is set today for when safety comes first."""
    found = sorted(all_standing(session, ISSUES), key=lambda each: each.at, reverse=True)
    now = values_on(session, ASSUMPTIONS, clock.today())
    rows = ranked([each.body for each in found], safety_first=int(now[SAFETY_FIRST.key]))
    return Queue(
        [Ranked(first, rest) for first, rest in rows],
        [each.body for each in found if each.body.closed],
    )


@dataclass(frozen=True, slots=True)
class CommunityNow:
    """A community as it stands; ``version`` 0 while it is as delivered."""

    key: str
    version: int
    body: Community


def communities(session: Session) -> list[CommunityNow]:
    """Every health community: as agreed on, or as delivered."""
    kept = {each.key: each for each in all_standing(session, COMMUNITIES)}
    delivered = {key: CommunityNow(key, 0, body) for key, body in DELIVERED.items()}
    found = delivered | {
        key: CommunityNow(key, each.version, each.body) for key, each in kept.items()
    }
    return sorted(found.values(), key=lambda each: each.body.name)


def meetings(session: Session) -> list[Document[Meeting]]:
    """All meetings: those to come first, the next first; then those that were, newest first."""
    today = clock.today()
    found = all_standing(session, MEETINGS)
    ahead = sorted((each for each in found if each.body.day >= today), key=lambda m: m.body.day)
    past = [each for each in found if each.body.day < today]
    return [*ahead, *sorted(past, key=lambda each: each.body.day, reverse=True)]


__all__ = [
    "LIVE", "AllCases", "CommunityNow", "Listed", "Queue", "Ranked", "all_cases", "communities",
    "listed", "meetings", "rules_today", "usability_queue",
]  # fmt: skip
