"""The course of one figure: what a rule looks at that waits for something to come back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fellesjournal.leadership.figures.result import Figure


@dataclass(frozen=True, slots=True)
class Course:
    """The figures of one unit, oldest first, as they are published; and which way is better."""

    figures: Sequence[Figure]
    up_is_better: bool


__all__ = ["Course"]
