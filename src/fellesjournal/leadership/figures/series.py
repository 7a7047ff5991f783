"""What a series of growing numbers may tell: no step so small that it is about somebody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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


__all__ = ["Point", "cumulative"]
