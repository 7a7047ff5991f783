"""What a series of growing numbers may tell: no step so small that it is about somebody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from fellesjournal.leadership.figures.suppression import RULE, Rule


class Point(NamedTuple):
    """What is shown; ``is_carried``: it is what was shown before, for the step was small."""

    value: int
    is_carried: bool


def cumulative(values: Iterable[int], rule: Rule = RULE) -> Iterator[Point]:
    """A number that never falls, shown anew only when it has grown by enough since it was shown.

    Nothing is shown of a first number that is small: it stands as 0, carried.
    """
    shown = 0
    for value in values:
        if value < shown:
            raise ValueError("a cumulative number does not fall")
        step = value - shown
        if step == 0 or step >= rule.count:
            shown = value
            yield Point(shown, is_carried=False)
        else:
            yield Point(shown, is_carried=True)


def stepped(
    values: Sequence[int], before: Sequence[int | None], rule: Rule = RULE
) -> Iterator[Point]:
    """As :func:`cumulative`, of numbers that may fall, beside what was shown of each at an earlier look
    (None: nothing was): neither from one to the next nor from look to look there is a step of a few.
    """
    told = 0
    for value, was in zip(values, before, strict=True):
        wanted = was if was is not None and 0 < abs(value - was) < rule.count else value
        if wanted < told or (0 < wanted - told < rule.count and wanted != was):
            wanted = told
        told = wanted
        yield Point(told, is_carried=told != value)


__all__ = ["Point", "cumulative", "stepped"]
