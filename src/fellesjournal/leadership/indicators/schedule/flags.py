"""What needs a stated cause before anybody steers by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from fellesjournal.leadership.figures.signals import outliers
from fellesjournal.leadership.indicators.schedule.assumptions import LOW_UTILISATION

_MANY = 10
"""Assumption (configurable): so many unused openings for each one kept are too many to be real."""
_ENOUGH = 4
"""Fewer months have no typical one to lie far from."""


class Flag(StrEnum):
    """Why a figure is looked at twice."""

    OVER_100 = "over-100"
    NOT_CURATED = "denominator-not-curated"
    OUTLIER = "outlier"
    LOW_UTILISATION = "low-utilisation"
    HIGH_LATE_CANCEL = "high-late-cancel"
    HIGH_NO_SHOW = "high-no-show"
    LOW_REQUESTED_MET = "low-requested-date-met"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The rules of one specialty, as shares: flagged below or above them. None: no rule. In the
    published dashboard the fields are there, and empty.
    """

    utilisation: Fraction | None = None
    late_cancel: Fraction | None = None
    no_show: Fraction | None = None
    requested_met: Fraction | None = None


def of_utilisation(
    share: Fraction | None,
    completed: int,
    unused: int,
    low: Fraction = Fraction(LOW_UTILISATION.value),
) -> tuple[Flag, ...]:
    """The flags of a utilisation: above one, and next to nothing beside heaps of unused openings."""
    if share is None:
        return ()
    if share > 1:
        return (Flag.OVER_100,)
    return (Flag.NOT_CURATED,) if share < low and unused >= _MANY * max(1, completed) else ()


def by_rules(
    rules: Thresholds,
    *,
    utilisation: Fraction | None = None,
    late_cancel: Fraction | None = None,
    no_show: Fraction | None = None,
    requested_met: Fraction | None = None,
) -> tuple[Flag, ...]:
    """The flags of a specialty by its rules: what has no rule, or no value, has no flag."""
    return tuple(
        flag
        for flag, value, limit, is_low in (
            (Flag.LOW_UTILISATION, utilisation, rules.utilisation, True),
            (Flag.HIGH_LATE_CANCEL, late_cancel, rules.late_cancel, False),
            (Flag.HIGH_NO_SHOW, no_show, rules.no_show, False),
            (Flag.LOW_REQUESTED_MET, requested_met, rules.requested_met, True),
        )
        if value is not None and limit is not None and (value < limit if is_low else value > limit)
    )


def of_months(values: Sequence[Fraction | None]) -> frozenset[int]:
    """The places of months that lie far from the others; months without a value are none of them."""
    known = [(at, float(value)) for at, value in enumerate(values) if value is not None]
    if len(known) < _ENOUGH:
        return frozenset()
    return frozenset(known[place][0] for place in outliers([value for _, value in known]))


__all__ = ["Flag", "Thresholds", "by_rules", "of_months", "of_utilisation"]
