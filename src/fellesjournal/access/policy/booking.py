"""How far citizens book by themselves: every limit with its reason, in one place.

All are assumptions of the project (configurable, this module is the place); each unit decides its
own when units have settings.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Limit:
    """A number, its unit ("hours", "days" or ""), and why it is what it is."""

    number: int
    unit: str
    source: str

    @property
    def time(self) -> timedelta:
        """The number as a duration."""
        return timedelta(**{self.unit: self.number})


@dataclass(frozen=True, slots=True)
class BookingLimits:
    """All limits of booking. Replace one to configure it."""

    late: Limit = Limit(
        24, "hours", "assumption: what is cancelled later can hardly be given to somebody else"
    )
    soonest: Limit = Limit(1, "hours", "assumption: the day list is looked at before it changes")
    horizon: Limit = Limit(90, "days", "assumption: later than that is agreed with the office")
    most: Limit = Limit(
        3,
        "",
        "assumption: living bookings a citizen has made in one schedule; nobody keeps a whole day",
    )
    reason: Limit = Limit(500, "", "assumption: characters; a reason, not a letter")
    arrives_before: Limit = Limit(
        12, "hours", "assumption: who is marked as arrived earlier than this is a slip of the hand"
    )
    notice_days: Limit = Limit(
        5, "days", "assumption (INV-10): without confirmed notice by then somebody calls"
    )

    def rows(self) -> list[tuple[str, Limit]]:
        """Every limit by name, in order, for administrators."""
        return [(item.name, getattr(self, item.name)) for item in fields(self)]


LIMITS = BookingLimits()
