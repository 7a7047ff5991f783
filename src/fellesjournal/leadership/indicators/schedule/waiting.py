"""The third next available time: how long who asks today would wait, chance openings left aside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

THIRD = 3


@dataclass(frozen=True, slots=True, order=True)
class Wait:
    """So many days; ``is_censored``: more than so many, for nobody looked further."""

    days: int
    is_censored: bool = False


def third_next(days: Iterable[int], horizon: int) -> Wait:
    """The days to the third open time (of one clinician and one kind), in any order; a wait of more
    than ``horizon`` when there are not three within it. It is never left out.
    """
    within = sorted(day for day in days if 0 <= day <= horizon)
    if len(within) < THIRD:
        return Wait(horizon, is_censored=True)
    return Wait(within[THIRD - 1])


def middle(waits: Sequence[Wait]) -> Wait | None:
    """The median of several, the lower of two; what is censored counts as longest. None without any."""
    if not waits:
        return None
    return sorted(waits, key=lambda each: (each.is_censored, each.days))[(len(waits) - 1) // 2]


__all__ = ["THIRD", "Wait", "middle", "third_next"]
