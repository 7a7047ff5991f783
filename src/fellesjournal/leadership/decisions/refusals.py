"""What a rule of this package refuses, and by which name."""

from __future__ import annotations

from enum import StrEnum


class Why(StrEnum):
    """The rule that was in the way."""

    STATE = "state"
    NOT_AFFECTED = "not-affected"
    REASON_MISSING = "reason-missing"
    NO_MANDATE = "no-mandate"
    ONE_LEVEL = "one-level"
    CONSENSUS = "consensus"
    NO_CONSENSUS = "no-consensus"
    NO_QUORUM = "no-quorum"
    TOP_LEVEL = "top-level"
    NOT_CHAIR = "not-chair"
    NOT_URGENT = "not-urgent"
    NOT_DECIDED = "not-decided"
    EVIDENCE_MISSING = "evidence-missing"
    SECOND_PERSON = "second-person"
    MEASURE_MISSING = "measure-missing"


class Refused(Exception):
    """An act that a rule does not allow. ``why`` is for programs, the text for people."""

    def __init__(self, why: Why, text: str) -> None:
        super().__init__(text)
        self.why = why


__all__ = ["Refused", "Why"]
