"""How one patient's way went against the pathway: what was done, left out, out of order, late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from fellesjournal.leadership.figures.ratios import Ratio, ratio
from fellesjournal.leadership.figures.times import between
from fellesjournal.leadership.pathways.pathway import Pathway


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was done, at a moment, as the record tells it."""

    step: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Conformance:
    """Steps of the pathway that were done and not done; what was done outside it; handovers whose
    second step came before the first, or later than its deadline.
    """

    done: tuple[str, ...]
    left_out: tuple[str, ...]
    outside: tuple[str, ...]
    out_of_order: tuple[tuple[str, str], ...]
    late: tuple[tuple[str, str], ...]

    @property
    def share_done(self) -> Ratio:
        """Steps done by all steps of the pathway."""
        return ratio(Fraction(len(self.done)), len(self.done) + len(self.left_out))


def conformance(pathway: Pathway, log: Sequence[Done]) -> Conformance:
    """The way of one patient. A step that was done twice counts by its first time."""
    first: dict[str, datetime] = {}
    for each in log:
        first[each.step] = min(each.at, first.get(each.step, each.at))
    both = [h for h in pathway.handovers if h.start in first and h.end in first]
    passed = {h: between(first[h.start], first[h.end]) for h in both}
    return Conformance(
        tuple(step.key for step in pathway.steps if step.key in first),
        tuple(step.key for step in pathway.steps if step.key not in first),
        tuple(key for key in first if key not in pathway.keys),
        tuple((h.start, h.end) for h in both if passed[h] < timedelta()),
        tuple(
            (h.start, h.end)
            for h in both
            if h.deadline_hours is not None and passed[h] > timedelta(hours=h.deadline_hours)
        ),
    )


__all__ = ["Conformance", "Done", "conformance"]
