"""Why something about a contact can't be done."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """What stands in the way; pages put it into words."""

    NOT_HERE = "not-here"
    ALREADY_WAITS = "already-waits"
    OVER = "over"
    TAKEN = "taken"
    NOT_TAKEN = "not-taken"
    HERE_ALREADY = "here-already"
    NO_REASON = "no-reason"
    NO_SUCH_LEVEL = "no-such-level"
    NO_WORDS = "no-words"


class ContactRefused(Exception):
    """A step that can't be taken. ``who`` has taken her; ``contact`` is the id of one there is."""

    def __init__(self, why: Why, *, who: str = "", contact: str = "") -> None:
        super().__init__(str(why))
        self.why = why
        self.who = who
        self.contact = contact


__all__ = ["ContactRefused", "Why"]
