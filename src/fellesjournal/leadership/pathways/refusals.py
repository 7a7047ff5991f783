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
    GONE = "gone"
    """What was to be changed is not there any more."""
    IN_USE = "in-use"
    TOO_MANY = "too-many"


class Refused(Exception):
    """What a rule does not allow. ``why`` is for programs, the text for people."""

    def __init__(self, why: Why, text: str) -> None:
        super().__init__(text)
        self.why = why


class Misread(StrEnum):
    """What is wrong with a file that was to be a drawing."""

    TOO_LARGE = "too-large"
    NO_XML = "no-xml"
    NO_BPMN = "no-bpmn"
    NO_ACTIVITY = "no-activity"
    TOO_MANY = "too-many"
    STEP = "step"
    HANDOVER = "handover"
    PATHWAY = "pathway"


class Unreadable(Refused):
    """A file that can't be read as a pathway: what is wrong, with what, and at which line and column
    from 1; 0 where it is wrong as a whole.
    """

    def __init__(self, fault: Misread, about: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(Why.UNREADABLE, f"{fault} {about}, line {line}, column {column}")
        self.fault = fault
        self.about = about
        self.line = line
        self.column = column


__all__ = ["Misread", "Refused", "Unreadable", "Why"]
