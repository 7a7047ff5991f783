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


def live_cases(session: Session, actor: str, rules: Rules) -> list[Listed]:
    """Cases that are not decided: first those that wait for an organisation, then by deadline."""
    found = [
        listed(each, actor, rules)
        for each in all_standing(session, CASES)
        if each.body.status in LIVE
    ]
    return sorted(found, key=lambda each: (not each.waits_for_us, each.due, each.key))


def ended_cases(session: Session) -> list[Document[GovernanceCase]]:
    """Cases that are decided, superseded or withdrawn, newest first."""
    found = [each for each in all_standing(session, CASES) if each.body.status not in LIVE]
    return sorted(found, key=lambda each: each.at, reverse=True)


def listed(found: Document[GovernanceCase], actor: str, rules: Rules) -> Listed:
    """A case as a list shows it."""
    case = found.body
    ratify = rules.ratify_by(case)
    due = min(rules.answer_by(case), ratify) if ratify else rules.answer_by(case)
    return Listed(found.key, case, due, clock.now() >= due, actor in case.silent)


__all__ = ["LIVE", "Listed", "ended_cases", "listed", "live_cases", "rules_today"]
