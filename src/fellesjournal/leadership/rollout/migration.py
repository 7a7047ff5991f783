"""Moving records from the old systems: nothing is lost without being counted, and samples say how
many errors can be ruled out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Source(StrEnum):
    """The systems that are replaced."""

    NURSING_AND_CARE = "nursing-and-care"
    PHYSIOTHERAPY = "physiotherapy"
    CHILD_HEALTH = "child-health"
    GP_AND_OUT_OF_HOURS = "gp-and-out-of-hours"


class Mode(StrEnum):
    """Moved by a program, or by hand."""

    AUTO = "auto"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Excluded:
    """How many were left out on purpose, and why."""

    reason: str
    count: int

    def __post_init__(self) -> None:
        if self.count < 0 or not self.reason.strip():
            raise ValueError("what is left out has a reason and a count")


@dataclass(frozen=True, slots=True)
class Job:
    """One kind of object from one source. The checksums are of all that was to be moved, on both
    sides; empty ones were not taken.
    """

    source: Source
    object_type: str
    mode: Mode
    source_count: int
    loaded: int
    rejected: int
    excluded: tuple[Excluded, ...] = ()
    checksum: str = ""
    checksum_found: str = ""
    sample_n: int = 0
    sample_errors: int = 0

    def __post_init__(self) -> None:
        counts = (self.source_count, self.loaded, self.rejected, self.sample_n, self.sample_errors)
        if min(counts) < 0:
            raise ValueError("a count is not negative")
        if self.sample_errors > self.sample_n or self.sample_n > self.source_count:
            raise ValueError("a sample has no more errors than objects, and no more than there are")

    @property
    def left_out(self) -> int:
        """How many were excluded, for any reason."""
        return sum(each.count for each in self.excluded)

    @property
    def unaccounted(self) -> int:
        """Source less loaded, rejected and excluded: 0 when it balances, positive when objects are
        lost, negative when there are more than came.
        """
        return self.source_count - self.loaded - self.rejected - self.left_out

    @property
    def balances(self) -> bool:
        """Whether every object is accounted for, and the checksums agree where they were taken."""
        alike = not (self.checksum and self.checksum_found) or self.checksum == self.checksum_found
        return self.unaccounted == 0 and alike

    def error_bound(self, confidence: Decimal) -> float | None:
        """The share of errors that the sample rules out, None without a sample."""
        if self.sample_n == 0:
            return None
        return error_bound(self.sample_n, self.sample_errors, float(confidence))

    def sample_wanted(self, margin: Decimal, confidence: Decimal) -> int:
        """How many to look at, without an error, to rule out a share of errors; all when fewer came."""
        return min(self.source_count, sample_size(float(margin), float(confidence)))


def sample_size(margin: float, confidence: float = 0.95) -> int:
    """The smallest sample that rules out this share of errors when none is found: (1 - margin)^n is at
    most 1 - confidence. Raises ValueError for shares outside 0 to 1.
    """
    if not (0 < margin < 1 and 0 < confidence < 1):
        raise ValueError("margin and confidence are shares between 0 and 1")
    n = max(1, math.floor(math.log(1 - confidence) / math.log(1 - margin)))
    return n if (1 - margin) ** n <= 1 - confidence else n + 1


def error_bound(n: int, errors: int, confidence: float = 0.95) -> float:
    """The share of errors at which so few are found with probability 1 - confidence (the exact one-sided
    bound of Clopper and Pearson). Raises ValueError for no sample.
    """
    if not 0 <= errors <= n or n == 0:
        raise ValueError(f"{errors} errors of {n} is no sample")
    if errors == n:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(100):
        middle = (low + high) / 2
        if _at_most(errors, n, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _at_most(errors: int, n: int, share: float) -> float:
    if share in {0.0, 1.0}:
        return 1.0 - share
    return math.fsum(
        math.exp(
            math.lgamma(n + 1)
            - math.lgamma(k + 1)
            - math.lgamma(n - k + 1)
            + k * math.log(share)
            + (n - k) * math.log1p(-share)
        )
        for k in range(errors + 1)
    )


class Manual(StrEnum):
    """What is moved by hand, the riskiest first."""

    MEDICINES = "medicines"
    ALLERGIES = "allergies"
    APPOINTMENTS = "appointments"
    DECISIONS = "decisions"


@dataclass(frozen=True, slots=True)
class ManualItem:
    """A line of the list of what is moved by hand: who did it, and who else looked at it."""

    id: str
    kind: Manual
    done_by: str = ""
    checked_by: str = ""

    @property
    def is_checked(self) -> bool:
        """Whether two different people stand for it."""
        return bool(self.done_by and self.checked_by and self.done_by != self.checked_by)


@dataclass(frozen=True, slots=True)
class ManualList:
    """The list of a service. It is signed when every line is checked by two people."""

    service: str
    items: tuple[ManualItem, ...]
    signed_by: str = ""
    signed_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.signed_by and self.unchecked:
            raise ValueError("a list is signed when two people have checked every line")
        if bool(self.signed_by) != (self.signed_at is not None):
            raise ValueError("a signature has a name and a time")

    @property
    def in_order(self) -> tuple[ManualItem, ...]:
        """The lines, the riskiest kind first."""
        order = list(Manual)
        return tuple(sorted(self.items, key=lambda item: (order.index(item.kind), item.id)))

    @property
    def unchecked(self) -> tuple[ManualItem, ...]:
        """The lines for which two people don't stand, the riskiest first."""
        return tuple(item for item in self.in_order if not item.is_checked)


def balanced(jobs: Iterable[Job]) -> bool:
    """Whether every job of a rehearsal balances; no job is no rehearsal."""
    every = tuple(jobs)
    return bool(every) and all(job.balances for job in every)


__all__ = [
    "Excluded",
    "Job",
    "Manual",
    "ManualItem",
    "ManualList",
    "Mode",
    "Source",
    "balanced",
    "error_bound",
    "sample_size",
]
