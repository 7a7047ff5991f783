"""Dress rehearsals of an organisation: playing the script step by step, what is found, and closing it
after a retest that passed. What can't be is refused with a ValueError, what is not there with a
LookupError.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from fellesjournal.access.policy.rules import Duty
from fellesjournal.leadership.documents.resources import Kind
from fellesjournal.leadership.rollout.trials import Rehearsal, RehearsalFinding, Retest, Step

LONGEST_STEP = 24 * 60
"""Minutes: a rehearsal is a day."""


@dataclass(frozen=True, slots=True)
class Script:
    """A day of a service as it is to be played; ``service`` and titles are codes with words."""

    service: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Rehearsals:
    """Every dress rehearsal of an organisation."""

    rehearsals: tuple[Rehearsal, ...] = ()

    def rehearsal(self, rehearsal_id: str) -> Rehearsal | None:
        """The one of this id."""
        return next((each for each in self.rehearsals if each.id == rehearsal_id), None)

    def planned(self, service: str, day: date, steps: Sequence[Step]) -> Rehearsals:
        """The same with one more to be played."""
        if not steps:
            raise ValueError("a script has a step")
        made = Rehearsal(service, day, tuple(steps), id=f"d{len(self.rehearsals) + 1}")
        return Rehearsals((*self.rehearsals, made))

    def with_rehearsal(self, changed: Rehearsal) -> Rehearsals:
        """The same with this in place of the one of its id."""
        return Rehearsals(
            tuple(changed if each.id == changed.id else each for each in self.rehearsals)
        )


def played(rehearsal: Rehearsal, place: int, minutes: int) -> Rehearsal:
    """A step was done in so many minutes; written again, the later number stands."""
    if not 0 <= place < len(rehearsal.steps):
        raise LookupError("there is no such step")
    if not 0 <= minutes <= LONGEST_STEP:
        raise ValueError("a step takes no more than a day")
    steps = list(rehearsal.steps)
    steps[place] = replace(steps[place], taken_minutes=minutes)
    return replace(rehearsal, steps=tuple(steps))


def found(rehearsal: Rehearsal, finding: RehearsalFinding) -> Rehearsal:
    """Something was found."""
    if not (finding.text.strip() and finding.owner.strip()):
        raise ValueError("a finding says what it is, and who mends it")
    return replace(rehearsal, findings=(*rehearsal.findings, finding))


def retested(rehearsal: Rehearsal, place: int, retest: Retest) -> Rehearsal:
    """A finding was tried again: it is closed when that passed, and open again when it did not."""
    if not 0 <= place < len(rehearsal.findings):
        raise LookupError("there is no such finding")
    if not retest.by.strip():
        raise ValueError("a retest says who tried")
    findings = list(rehearsal.findings)
    before = findings[place]
    findings[place] = replace(before, closed=retest.passed, retests=(*before.retests, retest))
    return replace(rehearsal, findings=tuple(findings))


REHEARSALS: Kind[Rehearsals] = Kind("rollout-rehearsals", Rehearsals, frozenset({Duty.ROLL_OUT}))

__all__ = ["LONGEST_STEP", "REHEARSALS", "Rehearsals", "Script", "found", "played", "retested"]
