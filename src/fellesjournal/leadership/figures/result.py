"""The type of every figure: what it counts, how it came about, and why it may be held back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from fellesjournal.leadership.figures.intervals import Interval
from fellesjournal.leadership.figures.periods import Period


class Status(StrEnum):
    """How far a figure can be relied on, or why it is not shown."""

    FINAL = "final"
    PROVISIONAL = "provisional"
    SUPPRESSED = "suppressed"
    NO_OBSERVATIONS = "no-observations"


@dataclass(frozen=True, slots=True)
class Definition:
    """Which definition a figure follows. Figures of different hashes are not compared."""

    indicator: str
    version: str
    hash: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One value of an indicator for a unit and a period, with all its panel tells.

    ``value`` is exact, in the unit of the indicator (a share is 0 to 1). Numerator, denominator,
    value and interval are None when ``status`` is suppressed: there is nothing to leak.
    ``excluded`` counts what was left out, by reason; None: so few that it is not told.
    ``coverage`` is the share of the whole that the platform sees, None when not known.
    ``elapsed_share`` is 1 for a period that is over.
    ``data_cut`` is the moment up to which what was recorded counts.
    """

    definition: Definition
    unit: str
    period: Period
    data_cut: datetime
    status: Status
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    value: Fraction | None = None
    interval: Interval | None = None
    reason: str = ""
    excluded: Mapping[str, int | None] = field(default_factory=dict)
    coverage: Fraction | None = None
    elapsed_share: float = 1.0
    source: str = ""

    def __post_init__(self) -> None:
        counts = (self.numerator, self.denominator, self.value, self.interval)
        if self.status is Status.SUPPRESSED and any(each is not None for each in counts):
            raise ValueError("a figure that is held back carries no count")

    @property
    def is_complete(self) -> bool:
        """Whether the period is over."""
        return self.elapsed_share >= 1


__all__ = ["Definition", "Figure", "Status"]
