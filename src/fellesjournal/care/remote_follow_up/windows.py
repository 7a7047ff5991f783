"""Whether what was agreed has been measured: periods are counted from the day a plan begins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from fellesjournal.care.remote_follow_up.plans import Agreed, Plan
from fellesjournal.care.remote_follow_up.readings import Reading
from fellesjournal.foundation import clock


@dataclass(frozen=True, slots=True)
class Window:
    """One period: from ``starts`` up to, and not with, ``ends``."""

    starts: date
    ends: date

    @property
    def last(self) -> date:
        """Its last day."""
        return self.ends - timedelta(days=1)


def window_on(plan: Plan, agreed: Agreed, day: date) -> Window | None:
    """The period that a day lies in; None outside of the plan."""
    if not plan.is_ongoing(day):
        return None
    passed = (day - plan.starts).days // agreed.days
    starts = plan.starts + timedelta(days=passed * agreed.days)
    return Window(starts, starts + timedelta(days=agreed.days))


def last_complete(plan: Plan, agreed: Agreed, day: date) -> Window | None:
    """The newest period that was over before a day; None while the first is not."""
    passed = (day - plan.starts).days // agreed.days
    if passed < 1 or plan.status != "active":
        return None
    starts = plan.starts + timedelta(days=(passed - 1) * agreed.days)
    if plan.ends is not None and starts > plan.ends:
        return None
    return Window(starts, starts + timedelta(days=agreed.days))


def measured_in(window: Window, agreed: Agreed, readings: Iterable[Reading]) -> int:
    """How often it was measured in a period, by the time she says she measured."""
    return sum(
        each.measure is agreed.measure
        and not each.is_withdrawn
        and window.starts <= each.at.astimezone(clock.NORWAY).date() < window.ends
        for each in readings
    )


__all__ = ["Window", "last_complete", "measured_in", "window_on"]
