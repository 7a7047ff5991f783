"""What else digits tell of a table: how long its day is, whether one quantity is printed in two ways,
whether a quotient is stable.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from fellesjournal.leadership.figures.audit.digits import Digits, Kind
from fellesjournal.leadership.figures.audit.spans import exactly
from fellesjournal.leadership.figures.audit.verdicts import Verdict, judge
from fellesjournal.leadership.figures.rounding import Mode
from fellesjournal.leadership.figures.signals import xmr

_PART = re.compile(r"(\d+) (d|t|min)")
DAYS = (24, 8)
"""Hours a published day may have: the clock's, or a working day's."""


def minutes_with(text: str, hours: int) -> int:
    """The minutes of a duration (``1 d 02 t 50 min``) whose day has so many hours."""
    worth = {"d": hours * 60, "t": 60, "min": 1}
    return sum(int(number) * worth[unit] for number, unit in _PART.findall(text))


def day_length(current: str, base: str, change: Digits) -> tuple[int, ...]:
    """With days of how many hours a printed change of two durations comes out."""
    shown = {mode: change.span(mode).times(Fraction(1, 100)) for mode in Mode}
    found = []
    for hours in DAYS:
        now, before = minutes_with(current, hours), minutes_with(base, hours)
        given = exactly(Fraction(now, before) - 1)
        if judge([given], shown)[0] is Verdict.CONSISTENT:
            found.append(hours)
    return tuple(found)


def printed_alike(one: Digits, other: Digits) -> Verdict:
    """Whether two cells that are said to be one quantity are printed as one. A quantity below one
    percent is either “<1 %” or rounded, not both.
    """
    if Kind.EMPTY in {one.kind, other.kind} or one.step != other.step:
        return Verdict.UNDECIDABLE
    same = (one.kind, one.value, one.is_below) == (other.kind, other.value, other.is_below)
    return Verdict.CONSISTENT if same else Verdict.INCONSISTENT


def is_stable(values: Sequence[Fraction]) -> bool:
    """Whether a series has no value outside the limits of its XmR chart."""
    every = [float(each) for each in values]
    return not xmr(every).signals(every)


__all__ = ["DAYS", "day_length", "is_stable", "minutes_with", "printed_alike"]
