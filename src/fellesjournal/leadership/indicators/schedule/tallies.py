"""Minutes and appointments of a period, and what the formula table makes of them.

Assumption (configurable): the published dashboards name these rows without defining them. Tallies of
clinicians, units and days add up; shares are made of the sums.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from fractions import Fraction
from operator import attrgetter

from fellesjournal.leadership.figures.ratios import Ratio, ratio


class Key(StrEnum):
    """The rows, by the names they are published under."""

    CLINICIAN_UTILISATION = "clinician_utilisation"
    SCHEDULE_UTILISATION = "schedule_utilisation"
    APPOINTMENT_WAIT = "appointment_wait"
    NO_SHOW_TIME = "no_show_time"
    LATE_CANCEL_TIME = "late_cancel_time"
    CLINIC_CANCEL_TIME = "clinic_cancel_time"
    COMPLETED = "completed"
    NO_SHOW_RATE = "no_show_rate"
    REQUESTED_DATE_MET = "requested_date_met"
    UNUSED_OVERBOOKING = "unused_overbooking"


SHARES = frozenset({
    Key.CLINICIAN_UTILISATION, Key.SCHEDULE_UTILISATION, Key.NO_SHOW_RATE, Key.REQUESTED_DATE_MET,
})  # fmt: skip
DURATIONS = frozenset({Key.NO_SHOW_TIME, Key.LATE_CANCEL_TIME, Key.CLINIC_CANCEL_TIME})


@dataclass(frozen=True, slots=True)
class Tally:
    """What is counted; all minutes but the counts at the end.

    ``open`` (O): regular openings less what is held or closed, without overbooking. ``work`` (W): the
    same with what is held or closed. ``in_template`` and ``in_work``: completed minutes inside the
    one and the other; in work what is booked twice counts once. ``no_show``, ``late_cancel`` and
    ``clinic_cancel`` (the clinic called it off late): less what was booked anew. ``unused``: openings
    that passed with nobody in them.
    """

    open: int = 0
    work: int = 0
    in_template: int = 0
    in_work: int = 0
    no_show: int = 0
    late_cancel: int = 0
    clinic_cancel: int = 0
    unused_minutes: int = 0
    completed: int = 0
    no_shows: int = 0
    late_cancels: int = 0
    clinic_cancels: int = 0
    unused: int = 0
    requested: int = 0
    requested_met: int = 0

    def __add__(self, other: Tally) -> Tally:
        return together([self, other])


_VALUES = attrgetter(*(each.name for each in fields(Tally)))


def together(tallies: Iterable[Tally]) -> Tally:
    """All of them added up."""
    rows = [_VALUES(each) for each in tallies]
    return Tally(*map(sum, zip(*rows, strict=True))) if rows else Tally()


def value(tally: Tally, key: Key) -> Ratio:
    """A row of the table; minutes for durations. Raises ValueError for one that no tally tells."""
    match key:
        case Key.SCHEDULE_UTILISATION:
            return ratio(tally.in_template, tally.open)
        case Key.CLINICIAN_UTILISATION:
            return ratio(tally.in_work, tally.work)
        case Key.NO_SHOW_RATE:
            return ratio(tally.no_shows, tally.no_shows + tally.completed)
        case Key.REQUESTED_DATE_MET:
            return ratio(tally.requested_met, tally.requested)
        case Key.NO_SHOW_TIME:
            return Ratio(Fraction(tally.no_show))
        case Key.LATE_CANCEL_TIME:
            return Ratio(Fraction(tally.late_cancel))
        case Key.CLINIC_CANCEL_TIME:
            return Ratio(Fraction(tally.clinic_cancel))
        case Key.COMPLETED:
            return Ratio(Fraction(tally.completed))
        case _:
            raise ValueError(f"{key} is not worked out of a tally")


def counts(tally: Tally, key: Key) -> tuple[int, int] | None:
    """Numerator and denominator of a share; None for what is no share."""
    match key:
        case Key.SCHEDULE_UTILISATION:
            return tally.in_template, tally.open
        case Key.CLINICIAN_UTILISATION:
            return tally.in_work, tally.work
        case Key.NO_SHOW_RATE:
            return tally.no_shows, tally.no_shows + tally.completed
        case Key.REQUESTED_DATE_MET:
            return tally.requested_met, tally.requested
        case _:
            return None


def unused_overbooking(allowed_and_used: Iterable[tuple[int, int]]) -> int:
    """Overbookings that were allowed and not used, opening by opening: one that has more than it may
    does not take from another.
    """
    return sum(max(0, allowed - used) for allowed, used in allowed_and_used)


__all__ = [
    "DURATIONS", "SHARES", "Key", "Tally", "counts", "together", "unused_overbooking", "value",
]  # fmt: skip
