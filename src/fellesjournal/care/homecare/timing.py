"""When something planned falls due on a day: actions of a plan and doses of a prescription.

Pure functions over FHIR Timing (https://hl7.org/fhir/R4/datatypes.html#Timing). What a timing
says in a way that is not understood here is answered as :data:`UNREADABLE`, never as "nothing
today": the page then shows the words of the prescription and asks the carer to read them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from fellesjournal.access.acts import Resource
from fellesjournal.care.homecare.codes import ENDS_AT, extension
from fellesjournal.fhir import reading
from fellesjournal.foundation.clock import NORWAY

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# Assumption (configurable): the times at which doses of the four parts of the day are planned.
CLOCK_OF = {
    "MORN": time(8), "NOON": time(12), "AFT": time(15), "EVE": time(18), "NIGHT": time(22),
    "ACM": time(8), "PCM": time(8), "CM": time(8), "CD": time(12), "CV": time(18), "HS": time(22),
    "MORN.early": time(6), "MORN.late": time(10), "EVE.late": time(20),
}  # fmt: skip
# Assumption (configurable): how a plain "so many times a day" is spread over the day.
SPREAD = {
    1: (time(8),),
    2: (time(8), time(20)),
    3: (time(8), time(14), time(20)),
    4: (time(8), time(12), time(18), time(22)),
}


_KNOWN = frozenset(
    {"frequency", "period", "periodUnit", "when", "dayOfWeek", "timeOfDay", "boundsDuration",
     "boundsPeriod", "duration", "durationUnit"}
)  # fmt: skip
"""What a dose's rhythm may consist of for us to say that we have understood all of it."""


class Unreadable(Exception):
    """A timing that is not understood here; somebody must read its words."""


@dataclass(frozen=True, slots=True)
class Window:
    """A time window of one day in Norway, with aware ends; half-open."""

    starts: datetime
    ends: datetime

    @property
    def day(self) -> date:
        """The day it begins on."""
        return self.starts.astimezone(NORWAY).date()


def window(day: date, begins: time, ends: time) -> Window:
    """The window of a day between two times of the wall clock; past midnight if need be."""
    last = day if ends > begins else day + timedelta(days=1)
    return Window(
        datetime.combine(day, begins, tzinfo=NORWAY), datetime.combine(last, ends, tzinfo=NORWAY)
    )


def action_window(timing: Resource, day: date) -> Window | None:
    """The window of a planned action on a day; None when it is not due then.

    Raises Unreadable for a timing without one time of day and the end of its window.
    """
    repeat = timing.get("repeat") or {}
    begins = _times(repeat.get("timeOfDay"))
    ends = extension(repeat, ENDS_AT)
    if len(begins) != 1 or ends is None:
        raise Unreadable("an action is planned with one time window")
    if not _falls_on(repeat, day):
        return None
    return window(day, begins[0], time.fromisoformat(str(ends["valueTime"])))


def dose_times(dosage: Resource, day: date, since: date) -> list[datetime]:
    """The moments at which doses of one dosage instruction are planned on a day, in order.

    ``since`` is the first day of the prescription, from which periods longer than a day count
    unless the timing has bounds. As needed: none. Raises Unreadable.
    """
    if dosage.get("asNeededBoolean") is True or "asNeededCodeableConcept" in dosage:
        return []
    timing = dosage.get("timing")
    if not isinstance(timing, dict):
        raise Unreadable("a dosage without a timing")
    if timing.get("event"):
        return sorted(
            found.at
            for each in timing["event"]
            if (found := reading.moment(each)) is not None
            and found.at.astimezone(NORWAY).date() == day
        )
    repeat = timing.get("repeat")
    if not isinstance(repeat, dict):
        raise Unreadable("a timing that says nothing that repeats")
    if set(repeat) - _KNOWN or "modifierExtension" in dosage or "modifierExtension" in timing:
        raise Unreadable("a timing that says more than is understood here")
    if not _falls_on(repeat, day, since):
        return []
    return [datetime.combine(day, each, tzinfo=NORWAY) for each in _times_of_day(repeat)]


def _times_of_day(repeat: Resource) -> Sequence[time]:
    exact = _times(repeat.get("timeOfDay"))
    if exact:
        return sorted(exact)
    parts = repeat.get("when")
    often, days = repeat.get("frequency", 1), len(repeat.get("dayOfWeek", ())) or 1
    if parts:
        if any(part not in CLOCK_OF for part in parts):
            raise Unreadable("a part of the day that is not known")
        if repeat.get("frequency", len(parts)) not in {len(parts), len(parts) * days}:
            raise Unreadable("as many parts of the day as doses, or it is not clear which")
        return sorted({CLOCK_OF[part] for part in parts})
    if days > 1 and often not in {1, days}:
        raise Unreadable("several doses on each of some weekdays, at no time of the day")
    if repeat.get("periodUnit") == "h":
        return list(_every(_whole(repeat.get("period"))))
    if repeat.get("periodUnit") in {"d", "wk", "mo", "a"}:
        often = often if repeat.get("periodUnit") == "d" and _whole(repeat["period"]) == 1 else 1
        if often in SPREAD:
            return SPREAD[often]
    raise Unreadable("a frequency that is not known")


def _every(hours: int) -> Iterator[time]:
    if 24 % hours:
        raise Unreadable("hours that don't divide a day")
    # Assumption (configurable): counted from eight in the morning.
    for hour in sorted((8 + step) % 24 for step in range(0, 24, hours)):
        yield time(hour)


def _falls_on(repeat: Resource, day: date, since: date | None = None) -> bool:
    bounds = repeat.get("boundsPeriod") or {}
    first, last = _day(bounds.get("start")), _day(bounds.get("end"))
    if "boundsDuration" in repeat:
        first = first or since
        last = _last_of(repeat["boundsDuration"], first)
    if (first and day < first) or (last and day > last):
        return False
    days = repeat.get("dayOfWeek")
    period, unit = _whole(repeat.get("period", 1)), repeat.get("periodUnit", "d")
    anchor = first or since
    if days:
        if any(each not in WEEKDAYS for each in days):
            raise Unreadable("a weekday that is not known")
        if WEEKDAYS[day.weekday()] not in days:
            return False
        if unit != "wk" or period == 1:
            return True
        return _weeks_between(_anchor(anchor), day) % period == 0
    if unit == "h" or (unit == "d" and period == 1):
        return True
    often = repeat.get("frequency", 1)
    # as our own prescriptions say it: on a day of each period, once at each part of the day named
    if often not in {1, len(repeat.get("when", ()))}:
        raise Unreadable("several times in a period of more than a day, without weekdays")
    return _periods_fit(_anchor(anchor), day, period, str(unit))


def _periods_fit(anchor: date, day: date, period: int, unit: str) -> bool:
    apart = (day - anchor).days
    if unit in {"d", "wk"}:
        return apart % (period * (7 if unit == "wk" else 1)) == 0
    if unit in {"mo", "a"}:
        months = (day.year - anchor.year) * 12 + day.month - anchor.month
        same = day.day == min(anchor.day, _last_day_of_month(day))
        return same and months % (period * (12 if unit == "a" else 1)) == 0
    raise Unreadable("a unit of time that is not known")


def _last_day_of_month(day: date) -> int:
    return ((day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)).day


def _weeks_between(anchor: date, day: date) -> int:
    monday = anchor - timedelta(days=anchor.weekday())
    return (day - monday).days // 7


def _anchor(day: date | None) -> date:
    if day is None:
        raise Unreadable("a period of more than a day, counted from no day")
    return day


def _whole(value: object) -> int:
    try:
        number = int(str(value))
    except ValueError:
        raise Unreadable("a period that is no whole number") from None
    if number < 1:
        raise Unreadable("a period that is no positive number")
    return number


def _times(values: object) -> list[time]:
    try:
        return [time.fromisoformat(str(each)) for each in values or ()]  # type: ignore[attr-defined]  # a list, by validation
    except ValueError:
        raise Unreadable("a time of day that can't be read") from None


def _day(text: object) -> date | None:
    found = reading.moment(text)
    return None if found is None else found.at.astimezone(NORWAY).date()


def _last_of(duration: Resource, first: date | None) -> date | None:
    if first is None or duration.get("code") not in {"d", "wk"}:
        raise Unreadable("a duration from no day, or in a unit that is not known")
    days = _whole(duration.get("value")) * (7 if duration["code"] == "wk" else 1)
    return first + timedelta(days=days - 1)


__all__ = [
    "CLOCK_OF", "WEEKDAYS", "Unreadable", "Window", "action_window", "dose_times", "window",
]  # fmt: skip
