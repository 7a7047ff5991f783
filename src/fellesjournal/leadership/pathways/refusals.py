"""What a rule of this package refuses, and by which name."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """The rule that was in the way."""

    GUARD = "guard"
    STATE = "state"
    NEEDS_PLATFORM = "needs-platform"
    NO_CONFOUNDERS = "no-confounders"
    CLAIM = "claim"
    UNREADABLE = "unreadable"


class Refused(Exception):
    """What a rule does not allow. ``why`` is for programs, the text for people."""

    def __init__(self, why: Why, text: str) -> None:
        super().__init__(text)
        self.why = why


__all__ = ["Refused", "Why"]
