"""What a rule of this package refuses, and by which name."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from fellesjournal.leadership.benefits.plan import Finding


class Why(StrEnum):
    """The rule that was in the way."""

    PHASE = "phase"
    NOT_LISTED = "not-listed"
    NOT_IN_PLAN = "not-in-plan"
    CIRCLE = "circle"
    NOT_COMPLETE = "period-not-over"
    NO_FIGURE = "no-figure"
    FROZEN = "already-frozen"
    BASELINE_FIRST = "baseline-first"
    ANOTHER_DEFINITION = "another-definition"
    SAME_PERIOD = "same-period"
    DATES = "dates"
    CLAIMED = "already-claimed"
    SAME_MEASURE = "same-measure"
    LAST_MEASURE = "last-measure"
    CAPACITY = "capacity-is-no-budget"
    STAFFED = "more-than-staffed"
    ELSEWHERE = "belongs-elsewhere"
    CHANGED = "changed-meanwhile"


class Refused(Exception):
    """An act that a rule does not allow. ``why`` is for programs, the text for people who develop."""

    def __init__(self, why: Why, text: str) -> None:
        super().__init__(text)
        self.why = why


class Held(Exception):
    """A phase that can't be left, or roles that can't be filled so: ``findings`` are what is missing."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(", ".join(each.code for each in findings))
        self.findings = tuple(findings)


__all__ = ["Held", "Refused", "Why"]
