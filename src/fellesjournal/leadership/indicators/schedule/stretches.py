"""Stretches of time, from a moment to before another: put together, cut, measured in whole minutes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

Stretch = tuple[datetime, datetime]
"""Aware moments, half-open."""


def merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same time without overlaps, in order."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def common(one: Iterable[Stretch], other: Iterable[Stretch]) -> list[Stretch]:
    """The time that is in both; each given without overlaps."""
    others = list(other)
    return [
        (max(start, a), min(end, b))
        for start, end in one
        for a, b in others
        if start < b and a < end
    ]


def meets(one: Stretch, others: Iterable[Stretch]) -> bool:
    """Whether some of its time is in others."""
    start, end = one
    return any(start < b and a < end for a, b in others)


def without(one: Iterable[Stretch], other: Iterable[Stretch]) -> list[Stretch]:
    """The time of one that is not in the other; the other without overlaps and in order."""
    others = list(other)
    found: list[Stretch] = []
    for start, end in one:
        at = start
        for a, b in others:
            if b <= at or a >= end:
                continue
            if at < a:
                found.append((at, a))
            at = max(at, b)
        if at < end:
            found.append((at, end))
    return found


def minutes(stretches: Iterable[Stretch]) -> int:
    """How long they are together; what overlaps counts for each."""
    return sum(int((end - start).total_seconds()) // 60 for start, end in stretches)


__all__ = ["Stretch", "common", "meets", "merged", "minutes", "without"]
