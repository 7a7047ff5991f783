"""What the clock starts: the counts of HelsaMi follow the sign-ins."""

from __future__ import annotations

from fellesjournal.access.sessions import Session
from fellesjournal.leadership.indicators.he1.counting import count


def count_use(session: Session) -> None:
    """Take in who has signed in since the last time."""
    count(session)


__all__ = ["count_use"]
