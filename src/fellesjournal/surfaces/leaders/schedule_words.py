"""The schedule dashboard in words: its rows, its cells, what is flagged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.leadership.figures.durations import written
from fellesjournal.leadership.figures.periods import Period
from fellesjournal.leadership.figures.ratios import Ratio, Why
from fellesjournal.leadership.figures.signals import XmR
from fellesjournal.leadership.indicators.schedule.dashboard import Value
from fellesjournal.leadership.indicators.schedule.flags import Flag
from fellesjournal.leadership.indicators.schedule.tallies import DURATIONS, SHARES, Key
from fellesjournal.leadership.indicators.schedule.waiting import Wait
from fellesjournal.surfaces.leaders.amounts import percent, plain

KEYS: Mapping[Key, Promise] = {
    Key.CLINICIAN_UTILISATION: _("Use of clinicians' time"),
    Key.SCHEDULE_UTILISATION: _("Use of the schedule"),
    Key.APPOINTMENT_WAIT: _("Third next available time"),
    Key.NO_SHOW_TIME: _("Time lost, did not come"),
    Key.LATE_CANCEL_TIME: _("Time lost, called off late"),
    Key.CLINIC_CANCEL_TIME: _("Time lost, called off late by the clinic"),
    Key.COMPLETED: _("Completed appointments"),
    Key.NO_SHOW_RATE: _("Share who did not come"),
    Key.REQUESTED_DATE_MET: _("On or before the requested date"),
    Key.UNUSED_OVERBOOKING: _("Overbookings allowed and not used"),
}
FORMULAS: Mapping[Key, Promise] = {
    Key.CLINICIAN_UTILISATION: _(
        "completed minutes inside the schedule by its open, held and closed minutes; booked twice counts once"
    ),
    Key.SCHEDULE_UTILISATION: _(
        "completed (or arrived) minutes inside openings by open minutes less held and closed; may pass 100 %"
    ),
    Key.APPOINTMENT_WAIT: _(
        "days to the third open time, held time left out; the median over clinicians and kinds; fewer"
        " than three are “more than” so many days, and never left out"
    ),
    Key.NO_SHOW_TIME: _("planned minutes of those who did not come, less minutes given to others"),
    Key.LATE_CANCEL_TIME: _(
        "the same of what was called off later than the limit; what the clinic called off stands in a row of its own"
    ),
    Key.NO_SHOW_RATE: _("did not come by did not come and completed"),
    Key.REQUESTED_DATE_MET: _("completed on or before the requested date by those with one"),
}  # fmt: skip
FLAGS: Mapping[Flag, Promise] = {
    Flag.OVER_100: _("over 100 %: say why before steering by it"),
    Flag.NOT_CURATED: _("denominator not curated: openings are set up that nobody is to use"),
    Flag.LOW_UTILISATION: _("low utilisation"),
    Flag.HIGH_LATE_CANCEL: _("many called off late"),
    Flag.HIGH_NO_SHOW: _("high no-show rate"),
    Flag.LOW_REQUESTED_MET: _("requested date seldom met"),
    Flag.OUTLIER: _("far from the other months: say why before steering by it"),
}
COLUMNS: Mapping[str, Promise] = {
    "last month": _("Last month"),
    "change": _("Change from last month"),
    "HDM": _("Month to date"),
    "last year": _("Last year"),
    "change (2)": _("Change from last year"),
    "goal": _("Goal"),
}
"""The columns of the published table, by what they are called in the data."""
UNUSED: Mapping[str, Promise] = {
    "bookings": _("Bookings"),
    "booking_time": _("Booking time"),
    "permitted_overbookings": _("Permitted overbookings"),
    "overbooking_time": _("Overbooking time"),
    "unavailabilities": _("Unavailabilities"),
    "unavailable_time": _("Unavailable time"),
}
KINDS: Mapping[str, Promise] = {
    "": _("Visit"),
    "6": _("Video"),
    "7": _("Telephone"),
    "Hastetime": _("Urgent visit"),
}


def kind(code: str) -> str:
    """A kind of contact; its code when it has no name here."""
    return str(KINDS.get(code, code))


def cell(key: Key, found: Value) -> str:
    """A number as it is written for its key, or why there is none."""
    if found.is_hidden:
        return gettext("held back: few")
    text = number(key, found.ratio.value)
    return gettext("%(count)s, as before") % {"count": text} if found.is_carried else text


def number(key: Key, value: Fraction | None) -> str:
    """A value of a key; a dash for none."""
    if value is None:
        return "–"
    if key in SHARES:
        return percent(value)
    return written(int(value)) if key in DURATIONS else plain(value)


def counted(found: Value) -> str:
    """What a share was made of."""
    if found.of is None or found.is_hidden or not found.of[1]:
        return ""
    return f"{plain(Fraction(found.of[0]))} / {plain(Fraction(found.of[1]))}"


def change(found: Ratio) -> str:
    """A change in percent; why there is none."""
    if found.value is None:
        return gettext("base is nought") if found.reason is Why.BASE_ZERO else "–"
    text = percent(found.value)
    return f"+{text}" if found.value > 0 else text


def signal(chart: XmR, outside: Sequence[Period]) -> str:
    """What a control chart says, with its rule."""
    said = gettext(
        "Mean %(mean)s, mean moving range %(range)s, limits %(low)s to %(high)s (mean ± %(factor)s moving"
        " ranges)."
    ) % {
        "factor": plain(Fraction(266, 100), 2), "mean": plain(chart.mean, 1), "range": plain(chart.moving_range, 1),
        "low": plain(chart.low, 1), "high": plain(chart.high, 1),
    }  # fmt: skip
    if not outside:
        none = gettext("No month lies outside: no signal.")
        return f"{said} {none}"
    months = ", ".join(f"{each.start:%Y-%m}" for each in outside)
    there = gettext("Outside: %(months)s.") % {"months": months}
    return f"{said} {there}"


def days(found: Wait | None) -> str:
    """A wait in days; more than so many when nobody found a third time."""
    if found is None:
        return "–"
    return f">{plain(Fraction(found.days))}" if found.is_censored else plain(Fraction(found.days))


__all__ = [
    "FLAGS", "FORMULAS", "KEYS", "KINDS", "UNUSED", "cell", "change", "counted", "days", "kind", "number", "signal",
]  # fmt: skip
