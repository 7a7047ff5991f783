"""Tests before go-live: runs of a case with defect and retest, and messages that count as tested when
the receiver says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from fellesjournal.leadership.figures.ratios import Ratio, ratio


class Severity(StrEnum):
    """How bad a defect or a finding is."""

    BLOCKER = "blocker"
    MAJOR = "major"
    MINOR = "minor"


class Result(StrEnum):
    """How a run ended."""

    PASSED = "passed"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Defect:
    """What a run found."""

    id: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class CaseRun:
    """One run of a test case in a version by a role. ``retest_of`` names the defect that it was run
    again for. Raises ValueError for a run that passed with a defect.
    """

    case: str
    version: str
    role: str
    result: Result
    day: date
    defect: Defect | None = None
    retest_of: str = ""

    def __post_init__(self) -> None:
        if self.result is Result.PASSED and self.defect is not None:
            raise ValueError(f"{self.case}: a run with a defect has not passed")


def open_defects(
    runs: Iterable[CaseRun], severity: Severity = Severity.BLOCKER
) -> tuple[Defect, ...]:
    """Defects of a severity without a passed retest after the last run that found them; a retest of
    the same day counts when it stands later in the list.
    """
    standing: dict[str, Defect] = {}
    for run in sorted(runs, key=lambda run: run.day):
        if run.result is Result.PASSED:
            standing.pop(run.retest_of, None)
        elif run.defect is not None:
            standing[run.defect.id] = run.defect
    return tuple(each for each in standing.values() if each.severity is severity)


@dataclass(frozen=True, slots=True)
class MessageTrial:
    """A message of a template to a receiver. ``sent`` is what the sender sees and proves nothing;
    ``content_confirmed_by`` is who at the receiver has read and confirmed what it says.
    """

    template: str
    receiver: str
    sent: bool = False
    content_confirmed_by: str = ""

    @property
    def passes(self) -> bool:
        """Whether the receiver has confirmed the content."""
        return bool(self.content_confirmed_by.strip())


def messages_passed(trials: Iterable[MessageTrial], routes: Iterable[tuple[str, str]]) -> Ratio:
    """The share of the routes (template and receiver) over which a message was confirmed."""
    wanted = set(routes)
    passed = {(trial.template, trial.receiver) for trial in trials if trial.passes}
    return ratio(len(wanted & passed), len(wanted))


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a dress rehearsal: the real role that does it, planned and taken minutes, and at what
    time of the day the script has it (``08:00``).
    """

    title: str
    role: str
    planned_minutes: int
    taken_minutes: int | None = None
    at: str = ""


@dataclass(frozen=True, slots=True)
class Retest:
    """That a finding was tried again: when, by whom, and whether it was mended."""

    day: date
    by: str
    passed: bool


@dataclass(frozen=True, slots=True)
class RehearsalFinding:
    """What was found in a dress rehearsal, and who mends it."""

    text: str
    severity: Severity
    owner: str
    closed: bool = False
    retests: tuple[Retest, ...] = ()


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A scripted day of a service, played by those who will work it."""

    service: str
    day: date
    steps: tuple[Step, ...]
    findings: tuple[RehearsalFinding, ...] = ()
    id: str = ""

    @property
    def open_blockers(self) -> tuple[RehearsalFinding, ...]:
        """Findings that must be closed first."""
        return tuple(
            each for each in self.findings if each.severity is Severity.BLOCKER and not each.closed
        )

    @property
    def not_played(self) -> tuple[Step, ...]:
        """Steps without a time: nobody has done them."""
        return tuple(step for step in self.steps if step.taken_minutes is None)

    @property
    def passes(self) -> bool:
        """Whether it was played to the end and no blocker is open."""
        return bool(self.steps) and not self.not_played and not self.open_blockers


def gate_blockers(runs: Iterable[CaseRun]) -> tuple[str, ...]:
    """What shuts the last gate whatever is waived: blockers without a passed retest."""
    return tuple(defect.id for defect in open_defects(runs))


__all__ = [
    "CaseRun",
    "Defect",
    "MessageTrial",
    "Rehearsal",
    "RehearsalFinding",
    "Result",
    "Retest",
    "Severity",
    "Step",
    "gate_blockers",
    "messages_passed",
    "open_defects",
]
