"""Two versions of a cost model side by side, and one line through its estimates up to what was paid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from fellesjournal.leadership.costs.lines import CostLine, CostModel, Kind
from fellesjournal.leadership.figures.ratios import Ratio, change


class Difference(StrEnum):
    """What became of a line."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line in both versions; None where it isn't."""

    id: str
    before: CostLine | None
    after: CostLine | None

    @property
    def what(self) -> Difference:
        """What became of it: any difference counts, not only that of the amount."""
        if self.before is None:
            return Difference.ADDED
        if self.after is None:
            return Difference.REMOVED
        return Difference.SAME if self.before == self.after else Difference.CHANGED

    @property
    def amount(self) -> Decimal:
        """By how much the amount is more."""
        before = self.before.amount if self.before else Decimal(0)
        after = self.after.amount if self.after else Decimal(0)
        return after - before


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every line of both versions, and what was cleared up or opened."""

    before: str
    after: str
    lines: tuple[LineChange, ...]
    cleared: tuple[str, ...]
    opened: tuple[str, ...]

    def amount(self, kind: Kind) -> Decimal:
        """By how much a kind is more; a line that changed its kind left one and came to the other."""
        return sum(
            (
                (each.after.amount if each.after and each.after.kind is kind else 0)
                - (each.before.amount if each.before and each.before.kind is kind else Decimal(0))
                for each in self.lines
            ),
            Decimal(0),
        )


def compared(before: CostModel, after: CostModel) -> Comparison:
    """The lines in the order of the new version, then what was removed."""
    old = {line.id: line for line in before.lines}
    new = {line.id: line for line in after.lines}
    ids = [*new, *(each for each in old if each not in new)]
    return Comparison(
        before.version,
        after.version,
        tuple(LineChange(each, old.get(each), new.get(each)) for each in ids),
        tuple(x for x in before.open_clarifications if x not in after.open_clarifications),
        tuple(x for x in after.open_clarifications if x not in before.open_clarifications),
    )


class At(StrEnum):
    """When an estimate was made, in order."""

    DECISION = "decision"
    REPORT_13M = "report_13m"
    GO_LIVE = "go_live"
    ACTUAL = "actual"


@dataclass(frozen=True, slots=True)
class EstimatePoint:
    """What a line was thought to cost at a point, or did cost."""

    line: str
    at: At
    value: Decimal


@dataclass(frozen=True, slots=True)
class Development:
    """A line through its points, in order. ``growth`` is from the first estimate to the last value."""

    line: str
    points: tuple[EstimatePoint, ...]

    @property
    def growth(self) -> Ratio:
        """How much more the last value is than the first, as a share."""
        return change(Fraction(self.points[-1].value), Fraction(self.points[0].value))

    @property
    def missing(self) -> tuple[At, ...]:
        """Points at which nobody gave a value."""
        given = {point.at for point in self.points}
        return tuple(at for at in At if at not in given)


def developments(points: Iterable[EstimatePoint]) -> tuple[Development, ...]:
    """Each line through its points. Raises ValueError for two values at one point."""
    order = list(At)
    by_line: dict[str, list[EstimatePoint]] = {}
    for point in points:
        row = by_line.setdefault(point.line, [])
        if any(each.at is point.at for each in row):
            raise ValueError(f"{point.line} has two values at {point.at}")
        row.append(point)
    return tuple(
        Development(line, tuple(sorted(row, key=lambda each: order.index(each.at))))
        for line, row in by_line.items()
    )


__all__ = [
    "At",
    "Comparison",
    "Development",
    "Difference",
    "EstimatePoint",
    "LineChange",
    "compared",
    "developments",
]
