"""What is refused about a note, and why: each surface says it in words."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """The codes of refusals."""

    OTHER_PATIENT = "other-patient"
    SIGNED = "signed"
    NOT_SIGNED = "not-signed"
    CHANGED = "changed"
    NOT_AUTHOR = "not-author"
    EMPTY = "empty"
    UNMERGED = "unmerged"
    UNCLASSIFIED = "unclassified"
    UNREASONED = "unreasoned"
    LOCKED = "locked"


class NoteRefused(Exception):
    """Nothing was written. ``why`` tells it to the surface, the text to a developer."""

    def __init__(self, why: Why) -> None:
        self.why = why
        super().__init__(str(why))


__all__ = ["NoteRefused", "Why"]
