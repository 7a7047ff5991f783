"""When a number has fallen: a rule that an operator can check by hand (INV-7). No database.

What a day is held against are the last days of its kind that were counted: other Mondays for a
Monday, and Sundays for a public holiday. Of those the middle number (the median) is expected. A day
falls when it has less than the limit's share of what is expected (less than half), and is further
below than chance alone makes it: by more than twice the square root of the expected number, which
is how much a count of independent things swings (the standard deviation of a Poisson count is the
square root of its mean). So 0 of 5, 3 of 10 and 49 of 100 alert, and 1 of 5 does not. Where nothing,
or next to nothing, is expected, nothing can fall.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from statistics import median

from fellesjournal.registry.working_days import public_holidays

_SUNDAY = 6
_SWINGS = 2


@dataclass(frozen=True, slots=True)
class Limits:
    """``fall`` is how many percent below the expected is too much; ``weeks`` how many days of the
    same kind are looked back at; ``least`` how many of them must be known to say anything.
    """

    fall: int = 50
    weeks: int = 4
    least: int = 3


def kind_of_day(day: date) -> int:
    """0 to 6, Monday to Sunday; a public holiday is as a Sunday."""
    return _SUNDAY if day in public_holidays(day.year) else day.weekday()


def expected(earlier: Sequence[int], limits: Limits) -> float | None:
    """The middle one of earlier days of the kind; None when too few of them are known."""
    return float(median(earlier)) if len(earlier) >= limits.least else None


def has_fallen(number: int, awaited: float, limits: Limits) -> bool:
    """Whether a number is so far below what is expected that somebody must look."""
    share = awaited * (100 - limits.fall) / 100
    return number < share and awaited - number > _SWINGS * sqrt(awaited)


__all__ = ["Limits", "expected", "has_fallen", "kind_of_day"]
