"""Readiness: gates so many days before go-live, criteria with a threshold for each gate, and what
was shown for them. A gate passes when every mandatory criterion is green or waived with a risk.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

GATES = (90, 60, 30)
"""Days before go-live of each gate, the first one first."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """What a gate asks: a stage that is reached, or a number. Without any, the gate doesn't ask."""

    gate: int
    stage: str = ""
    at_least: Decimal | None = None
    at_most: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that must be ready. ``stages`` are in the order they are reached. A number is a
    measured one, and means that every stage before measuring is reached.
    """

    id: str
    thresholds: tuple[Threshold, ...]
    unit: str = ""
    stages: tuple[str, ...] = ()
    mandatory: bool = True

    def __post_init__(self) -> None:
        for threshold in self.thresholds:
            if threshold.stage and threshold.stage not in self.stages:
                raise ValueError(f"{self.id}: {threshold.stage!r} is none of its stages")

    def at(self, gate: int) -> Threshold | None:
        """What a gate asks, None when it doesn't."""
        return next((each for each in self.thresholds if each.gate == gate), None)

    @property
    def falls_when_more(self) -> bool:
        """Whether a higher number is worse."""
        return any(each.at_most is not None for each in self.thresholds)


@dataclass(frozen=True, slots=True)
class Waiver:
    """A signature that a gate may pass without a criterion, and the risk that is taken by it."""

    reason: str
    risk: str
    signed_by: str
    signed_at: datetime

    def __post_init__(self) -> None:
        if not (self.reason.strip() and self.risk.strip() and self.signed_by.strip()):
            raise ValueError("a waiver needs a reason, a risk and who signs")


@dataclass(frozen=True, slots=True)
class Check:
    """What was shown for a criterion at a gate: a number or a stage, where it can be seen, and whose
    it is.
    """

    criterion: str
    gate: int
    value: Decimal | None = None
    stage: str = ""
    evidence: str = ""
    owner: str = ""
    waiver: Waiver | None = None


class State(StrEnum):
    """How a criterion stands at a gate."""

    GREEN = "green"
    WAIVED = "waived"
    RED = "red"
    NO_EVIDENCE = "no-evidence"
    NOT_SHOWN = "not-shown"
    NOT_ASKED = "not-asked"


_PASSING = {State.GREEN, State.WAIVED, State.NOT_ASKED}


@dataclass(frozen=True, slots=True)
class Cell:
    """A criterion at a gate. ``fell`` tells that it was better at an earlier gate."""

    criterion: Criterion
    gate: int
    state: State
    check: Check | None
    fell: bool = False

    @property
    def passes(self) -> bool:
        """Whether the gate may pass with it."""
        return self.state in _PASSING or not self.criterion.mandatory


@dataclass(frozen=True, slots=True)
class Gate:
    """A gate of one organisation. ``blockers`` are tests that failed and keep it shut, whatever is
    waived.
    """

    days: int
    due: date
    cells: tuple[Cell, ...]
    blockers: tuple[str, ...] = ()

    @property
    def passes(self) -> bool:
        """Whether every mandatory criterion is green or waived, and nothing blocks."""
        return not self.blockers and all(cell.passes for cell in self.cells)

    @property
    def fallen(self) -> tuple[Cell, ...]:
        """The criteria that were better at an earlier gate."""
        return tuple(cell for cell in self.cells if cell.fell)

    @property
    def open(self) -> tuple[Cell, ...]:
        """The criteria that keep it shut."""
        return tuple(cell for cell in self.cells if not cell.passes)


def due(go_live: date, gate: int) -> date:
    """The day of a gate."""
    return go_live - timedelta(days=gate)


def gates_of(
    go_live: date,
    criteria: tuple[Criterion, ...],
    checks: Iterable[Check],
    blockers: tuple[str, ...] = (),
    gates: tuple[int, ...] = GATES,
) -> tuple[Gate, ...]:
    """The gates of an organisation, the first one first. The last check of a criterion at a gate
    counts. ``blockers`` shut the last gate. Raises ValueError for a check of an unknown criterion.
    """
    shown = {(check.criterion, check.gate): check for check in checks}
    if unknown := {name for name, _ in shown} - {each.id for each in criteria}:
        raise ValueError(f"no criterion is called {', '.join(sorted(unknown))}")
    ordered = tuple(sorted(gates, reverse=True))
    return tuple(
        Gate(
            days,
            due(go_live, days),
            tuple(
                Cell(
                    criterion,
                    days,
                    judged(criterion, days, shown.get((criterion.id, days))),
                    shown.get((criterion.id, days)),
                    _fell(
                        criterion,
                        [shown.get((criterion.id, each)) for each in ordered if each > days],
                        shown.get((criterion.id, days)),
                    ),
                )
                for criterion in criteria
            ),
            blockers if days == ordered[-1] else (),
        )
        for days in ordered
    )


def judged(criterion: Criterion, gate: int, check: Check | None) -> State:
    """How what was shown stands against what the gate asks."""
    asked = criterion.at(gate)
    if asked is None:
        return State.NOT_ASKED
    if check is None:
        return State.NOT_SHOWN
    met = _meets(criterion, asked, check)
    if met and check.evidence.strip():
        return State.GREEN
    if check.waiver is not None:
        return State.WAIVED
    if met:
        return State.NO_EVIDENCE
    return State.NOT_SHOWN if met is None else State.RED


def _meets(criterion: Criterion, asked: Threshold, check: Check) -> bool | None:
    """Whether the threshold is met; None when nothing was shown."""
    if check.value is None and not check.stage:
        return None
    if asked.stage:
        return check.value is not None or _rank(criterion, check) >= criterion.stages.index(
            asked.stage
        )
    if check.value is None:
        return False
    return (asked.at_least is None or check.value >= asked.at_least) and (
        asked.at_most is None or check.value <= asked.at_most
    )


def _rank(criterion: Criterion, check: Check) -> int:
    return criterion.stages.index(check.stage) if check.stage in criterion.stages else -1


def _fell(criterion: Criterion, earlier: list[Check | None], now: Check | None) -> bool:
    """Whether it stands worse now than at some earlier gate."""
    if now is None:
        return False
    return any(_worse(criterion, now, before) for before in earlier if before is not None)


def _worse(criterion: Criterion, now: Check, before: Check) -> bool:
    if now.value is not None and before.value is not None:
        return now.value > before.value if criterion.falls_when_more else now.value < before.value
    if now.value is None and before.value is not None:
        return bool(now.stage)  # it was measured, and is only a stage again
    return (
        now.value is None and bool(now.stage) and _rank(criterion, now) < _rank(criterion, before)
    )


__all__ = [
    "GATES",
    "Cell",
    "Check",
    "Criterion",
    "Gate",
    "State",
    "Threshold",
    "Waiver",
    "due",
    "gates_of",
    "judged",
]
