"""What is kept of the rollout as documents: the programme, and the readiness of each organisation."""

from __future__ import annotations

from dataclasses import dataclass

from fellesjournal.access.policy.rules import Duty
from fellesjournal.leadership.documents.resources import Kind
from fellesjournal.leadership.rollout.programme import Programme
from fellesjournal.leadership.rollout.readiness import Check
from fellesjournal.leadership.rollout.trials import CaseRun


@dataclass(frozen=True, slots=True)
class Readiness:
    """What was shown for the gates of one organisation, and its test runs."""

    checks: tuple[Check, ...] = ()
    runs: tuple[CaseRun, ...] = ()

    def at(self, criterion: str, gate: int) -> Check | None:
        """What was shown for a criterion at a gate."""
        return next((c for c in self.checks if c.criterion == criterion and c.gate == gate), None)

    def with_check(self, check: Check) -> Readiness:
        """The same with this check in place of the one for its criterion and gate."""
        others = tuple(
            c for c in self.checks if (c.criterion, c.gate) != (check.criterion, check.gate)
        )
        return Readiness((*others, check), self.runs)


PROGRAMME: Kind[Programme] = Kind("rollout-programme", Programme, frozenset({Duty.ROLL_OUT}))
READINESS: Kind[Readiness] = Kind("rollout-readiness", Readiness, frozenset({Duty.ROLL_OUT}))
THE_PROGRAMME = "region"
"""The key of the one programme of an installation."""

__all__ = ["PROGRAMME", "READINESS", "THE_PROGRAMME", "Readiness"]
