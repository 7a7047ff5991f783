"""Where findings and figures meet: the packages of leadership know nothing of each other."""

from __future__ import annotations

from fellesjournal.access.sessions import Session
from fellesjournal.leadership.decisions.recurring import reopen
from fellesjournal.leadership.indicators.courses import course_of


def reopen_findings(session: Session) -> None:
    """Open each closed finding again whose figure shows what was found."""
    reopen(session, course_of)


__all__ = ["reopen_findings"]
