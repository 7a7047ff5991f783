"""What is taken for granted in the rollout without a public source, each value with its unit and
its reason. A stored settings document of the same shape replaces it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Assumption (configurable), every one.

    - ``promise``: the last day on which everyone has been offered a place.
    - ``delay_follows_last_main``: the delay that moves second waves is the slip of the last main
      delivery; otherwise the largest slip of any main delivery.
    - ``deadlines_never_earlier``: a recomputed deadline is never before the one that was told.
    - ``double_operation_months``: months both systems run after go-live, in the Gantt chart.
    - ``sample_margin``, ``sample_confidence``: how many errors (share) a checked sample of a
      migration must rule out, and how surely.
    - ``curve_*``: tickets per user on the first day above the level (a), days of fading (tau) and
      lasting level per user and day (b), until they are fitted on reference sites.
    - ``weekday_factors``: Monday to Sunday against the mean day; all alike until they are fitted.
    - ``safety_hours``: hours after which an open safety ticket is shown.
    - ``silent_share``: observed by expected below which few tickets may mean under-reporting.
    - ``adoption_floor``: users or people below which no rate is shown.
    """

    promise: date = date(2023, 12, 31)
    delay_follows_last_main: bool = True
    deadlines_never_earlier: bool = True
    double_operation_months: int = 9
    sample_margin: Decimal = Decimal("0.05")
    sample_confidence: Decimal = Decimal("0.95")
    curve_a: Decimal = Decimal("0.12")
    curve_tau_days: Decimal = Decimal(5)
    curve_b: Decimal = Decimal("0.02")
    weekday_factors: tuple[Decimal, ...] = (Decimal(1),) * 7
    safety_hours: int = 24
    silent_share: Decimal = Decimal("0.5")
    adoption_floor: int = 5


ASSUMED = Assumptions()

__all__ = ["ASSUMED", "Assumptions"]
