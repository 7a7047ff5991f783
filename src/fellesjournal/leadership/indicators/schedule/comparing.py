"""A month beside others: the whole month before, the same part of it, and the year so far.

A month that is not over is never set against a whole one alone, and the year so far has columns of
its own: printed beside a month without a word, one is taken for the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from fellesjournal.foundation.clock import NORWAY
from fellesjournal.leadership.figures.periods import Period, month_of, previous
from fellesjournal.leadership.figures.ratios import Ratio, change
from fellesjournal.leadership.figures.times import add_months


@dataclass(frozen=True, slots=True)
class Parts:
    """The periods of a comparison. ``so_far`` is the month up to the cut, ``like`` as many days of the
    month before; ``year`` and ``year_before`` from January to the cut, a year apart. ``elapsed`` is the
    share of the month that has passed, 1 when it is over.
    """

    month: Period
    so_far: Period
    before: Period
    like: Period
    year: Period
    year_before: Period
    elapsed: float

    @property
    def is_over(self) -> bool:
        """Whether the month is whole."""
        return self.elapsed >= 1


def parts(day: date, now: datetime) -> Parts:
    """The periods for the month that a day is in, at an aware moment: today is not counted, for it is
    not over. On the first of a month there is nothing so far, and the day itself stands for it.
    """
    month = month_of(day)
    today = now.astimezone(NORWAY).date()
    cut = min(month.end, max(today, month.start + timedelta(days=1)))
    before = previous(month)
    days = (cut - month.start).days
    whole = cut == month.end
    like_end = before.end if whole else min(before.end, before.start + timedelta(days=days))
    start = date(month.start.year, 1, 1)
    year_before = Period(add_months(start, -12), add_months(cut, -12))
    return Parts(
        month, Period(month.start, cut), before, Period(before.start, like_end),
        Period(start, cut), year_before, 1.0 if whole else days / month.days,
    )  # fmt: skip


def like_for_like(now: Fraction | int, base: Fraction | int, elapsed: Fraction) -> Ratio:
    """How much more ``now`` is than the same share of a whole base, where only the whole is known."""
    return change(now, Fraction(base) * elapsed)


__all__ = ["Parts", "like_for_like", "parts"]
