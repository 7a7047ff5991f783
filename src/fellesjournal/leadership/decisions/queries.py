"""What pages show of cases and plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fellesjournal.access.sessions import Session
from fellesjournal.foundation import clock
from fellesjournal.leadership.decisions.assumptions import (
    ASSUMPTIONS,
    DAYS_AT_A_LEVEL,
    DAYS_TO_RATIFY,
    FEWEST_AGREEING,
)
from fellesjournal.leadership.decisions.cases import GovernanceCase, Rules, Status
from fellesjournal.leadership.decisions.structure import CASES
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
    now = values_on(session, ASSUMPTIONS, clock.today())
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
    found = all_standing(session, CASES)
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


__all__ = ["LIVE", "AllCases", "Listed", "all_cases", "listed", "rules_today"]
