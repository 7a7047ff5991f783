"""What a rule of this package refuses, and by which name."""

from __future__ import annotations

from enum import StrEnum

from fellesjournal.fhir.issues import Conflict


class Why(StrEnum):
    """The rule that was in the way."""

    FOLLOWED = "followed"
    """She follows this pathway already."""
    NO_OWNER = "no-owner"
    CIRCLE = "circle"
    ENDED = "ended"
    NO_REASON = "no-reason"
    CHANGED = "changed"
    """Another version of the pathway stands than the one she chose owners for."""


class PathwayRefused(Conflict):
    """What a rule does not allow (409). ``about``: which lanes or steps."""

    def __init__(self, why: Why, *about: str) -> None:
        super().__init__(f"{why}: {', '.join(about)}" if about else str(why))
        self.why = why
        self.about = about


__all__ = ["PathwayRefused", "Why"]
