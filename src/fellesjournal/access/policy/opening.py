"""Opening a closed record on purpose: for which reasons, for how long, who reviews it by when.

norway.md L5: break-glass only for weighty reasons, with a coded reason and a text, a time box,
a line the citizen sees and a review. Which reasons weigh enough and how long is enough is not
given by statute: all of this is an assumption (configurable, this module is the place).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from types import MappingProxyType

BREAK_GLASS_REASON_SYSTEM = "https://fellesjournal.example/fhir/CodeSystem/break-glass-reason"
"""Our own code system: why the glass was broken."""

EXTRA_STEP_REASON_SYSTEM = "https://fellesjournal.example/fhir/CodeSystem/extra-step-reason"
"""Our own code system: why a special category was opened."""

BREAK_GLASS_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "danger": "Danger to life, or of serious harm",
        "urgent-care": "The patient needs urgent care here and now",
        "cannot-answer": "The patient can't tell what we must know",
        "child-at-risk": "A child may be in danger",
        "other": "Another weighty reason, told in the text",
    }
)
EXTRA_STEP_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "needed-now": "Needed for the care I give now",
        "patient-asked": "The patient has asked me to",
        "assessment": "Needed for an assessment or a decision",
    }
)


@dataclass(frozen=True, slots=True)
class OpeningRules:
    """How long an opening lasts, and what it asks for. Replace one to configure it."""

    time_box: timedelta = timedelta(minutes=60)
    choices: tuple[timedelta, ...] = (
        timedelta(minutes=30), timedelta(minutes=60), timedelta(hours=4),
    )  # fmt: skip
    longest: timedelta = timedelta(hours=4)
    step_lasts: timedelta = timedelta(minutes=60)
    reviewed_within: timedelta = timedelta(days=7)
    followed_up_within: timedelta = timedelta(days=30)
    least_words: int = 10
    most_words: int = 1000

    def rows(self) -> list[tuple[str, str, str]]:
        """Every setting by name, its value in words and its reason, in order."""
        return [
            (item.name, _value(getattr(self, item.name)), _WHY[item.name]) for item in fields(self)
        ]


_WHY: Mapping[str, str] = MappingProxyType(
    {
        "time_box": "assumption: what an emergency takes when nothing else is chosen",
        "choices": "assumption: what the page offers",
        "longest": "assumption: half a duty; after that there is a ground, or a new opening",
        "step_lasts": "assumption: one consultation with its note",
        "reviewed_within": "assumption: while those who took part remember",
        "followed_up_within": "assumption: as long as a citizen's report may take",
        "least_words": "assumption: fewer characters explain nothing",
        "most_words": "assumption: a reason, not a note in the record",
    }
)


def _value(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(_value, value))
    if isinstance(value, timedelta):
        minutes = value // timedelta(minutes=1)
        return f"{minutes // 1440} days" if minutes % 1440 == 0 else f"{minutes} minutes"
    return f"{value} characters"


RULES = OpeningRules()
