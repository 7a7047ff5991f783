"""Why something about a stay can't be done."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """What stands in the way; pages put it into words."""

    NOT_YOURS = "not-yours"
    NOT_A_DOCTOR = "not-a-doctor"
    ALREADY_IN = "already-in"
    OVER = "over"
    ALREADY_READY = "already-ready"
    NOT_READY = "not-ready"
    MISSING = "missing"
    NOT_THEN = "not-then"
    SIGNED = "signed"
    CHANGED = "changed"
    NO_REASON = "no-reason"


class StayRefused(Exception):
    """A step that can't be taken. ``fields`` names what is missing."""

    def __init__(self, why: Why, *fields: str) -> None:
        super().__init__(f"{why}: {', '.join(fields)}" if fields else str(why))
        self.why = why
        self.fields = fields


__all__ = ["StayRefused", "Why"]
