"""Readings from home in words and curves, for citizens and staff alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from fellesjournal.care.chart.results import Flag, Section, Trend, Value
from fellesjournal.care.remote_follow_up.measures import MEASURES, PART_OF, Measure
from fellesjournal.care.remote_follow_up.plans import Agreed, Limit, Plan, watching
from fellesjournal.care.remote_follow_up.queries import Course
from fellesjournal.care.remote_follow_up.readings import Reading
from fellesjournal.fhir.reading import Moment, moment
from fellesjournal.fhir.vital_signs import VITALS
from fellesjournal.foundation import clock
from fellesjournal.foundation.ui.templatetags.ui import number
from fellesjournal.surfaces.measurements import TrendRow, trend_row

NAMES: Mapping[str, Promise] = {
    "blood-pressure": _("Blood pressure"),
    "pulse": _("Pulse"),
    "weight": _("Weight"),
    "saturation": _("Oxygen saturation"),
}
PARTS: Mapping[str, Promise] = {
    "systolic": _("Upper pressure"),
    "diastolic": _("Lower pressure"),
    "pulse": _("Pulse"),
    "weight": _("Weight"),
    "saturation": _("Oxygen saturation"),
}
_WEEK, _MOST_PLOTTED = 7, 90
_WIDTH, _HEIGHT = 640, 180


@dataclass(frozen=True, slots=True)
class PartCourse:
    """The course of one number, with the limit that is agreed now in words ("" without one)."""

    part: str
    name: str
    unit: str
    row: TrendRow
    limit: str


@dataclass(frozen=True, slots=True)
class PartLine:
    """One number of a reading. ``lies`` says in words how it lay to what was agreed."""

    name: str
    value: str
    unit: str
    lies: str
    is_outside: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A reading as a page shows it."""

    reading: Reading
    name: str
    value: str
    unit: str
    at: Moment | None
    parts: tuple[PartLine, ...]

    @property
    def is_outside(self) -> bool:
        """Whether any number lay outside what was agreed."""
        return any(each.is_outside for each in self.parts)


@dataclass(frozen=True, slots=True)
class AgreedLine:
    """What is agreed about one kind of measurement, in words."""

    name: str
    often: str
    limits: tuple[str, ...]


def shown(each: Reading) -> Shown:
    """A reading in words."""
    return Shown(
        reading=each,
        name=str(NAMES[each.measure.key]),
        value="/".join(number(value) for value in each.numbers.values())
        or gettext("in another unit"),
        unit=unit_of(each.measure.parts[0]) if each.numbers else "",
        at=moment(each.at.isoformat()),
        parts=tuple(_part_line(each, part, value) for part, value in each.numbers.items()),
    )


def _part_line(each: Reading, part: str, value: Decimal) -> PartLine:
    low, high = each.limits.get(part, (None, None))
    lies = each.outside.get(part, "")
    words = ""
    if lies == "H" and high is not None:
        words = gettext("above the agreed limit of %(limit)s") % {"limit": number(high)}
    elif lies == "L" and low is not None:
        words = gettext("below the agreed limit of %(limit)s") % {"limit": number(low)}
    elif lies:
        words = gettext("outside the agreed limit")
    elif low is not None or high is not None:
        words = gettext("within the agreed limit")
    return PartLine(str(PARTS[part]), number(value), unit_of(part), words, bool(lies))


def unit_of(part: str) -> str:
    """The unit of a number, as it is written."""
    return VITALS[part].unit


def limit_words(part: str, limit: Limit) -> str:
    """``at most 140 mmHg``, ``between 50 and 100 /min``, ``at least 88 %``."""
    said = {"low": number(limit.low), "high": number(limit.high), "unit": unit_of(part)}
    if limit.low is not None and limit.high is not None:
        return gettext("between %(low)s and %(high)s %(unit)s") % said
    if limit.high is not None:
        return gettext("at most %(high)s %(unit)s") % said
    return gettext("at least %(low)s %(unit)s") % said if limit.low is not None else ""


def often_words(times: int, days: int) -> str:
    """``once a day``, ``3 times a week``, ``once every 2 days``."""
    said = {"n": times, "days": days, "weeks": days // _WEEK}
    if days == 1:
        return ngettext("once a day", "%(n)s times a day", times) % said
    if days == _WEEK:
        return ngettext("once a week", "%(n)s times a week", times) % said
    if days % _WEEK == 0:
        return (
            ngettext("once every %(weeks)s weeks", "%(n)s times every %(weeks)s weeks", times)
            % said
        )
    return ngettext("once every %(days)s days", "%(n)s times every %(days)s days", times) % said


def agreed_line(agreed: Agreed) -> AgreedLine:
    """What is agreed, in words."""
    return AgreedLine(
        str(NAMES[agreed.measure.key]),
        often_words(agreed.times, agreed.days),
        tuple(
            f"{PARTS[part]}: {words}"
            for part, limit in agreed.limits.items()
            if (words := limit_words(part, limit))
        ),
    )


def agreed_lines(plan: Plan) -> list[AgreedLine]:
    """Everything a plan agrees, in words."""
    return [agreed_line(each) for each in plan.agreed]


def courses(course: Course) -> list[PartCourse]:
    """A curve for each number that has been measured, what is followed first."""
    standing = [each for each in course.readings if not each.is_withdrawn]
    found = []
    for measure in MEASURES.values():
        limits = _limits(course, measure)
        for part in measure.parts:
            values = [each for each in standing if part in each.numbers]
            if values:
                found.append(_part_course(part, values, limits.get(part, Limit())))
    followed = {
        part for plan in course.ongoing for agreed in plan.agreed for part in agreed.measure.parts
    }
    return sorted(found, key=lambda each: each.part not in followed)


def _limits(course: Course, measure: Measure) -> Mapping[str, Limit]:
    found = watching(course.plans, measure, clock.today())
    return found[0][1].limits if found else {}


def _part_course(part: str, values: Iterable[Reading], limit: Limit) -> PartCourse:
    name, unit = str(PARTS[part]), unit_of(part)
    trend = Trend(
        key=part,
        name=name,
        section=Section.VITALS,
        values=tuple(_value(each, part, unit, limit) for each in values),
    )
    row = trend_row(trend, most=_MOST_PLOTTED, width=_WIDTH, height=_HEIGHT)
    return PartCourse(part, name, unit, row, limit_words(part, limit))


def _value(each: Reading, part: str, unit: str, limit: Limit) -> Value:
    flags = {"H": Flag.HIGH, "L": Flag.LOW}
    return Value(
        at=moment(each.at.isoformat()),
        numbers=(each.numbers[part],),
        text="",
        comparator="",
        unit=unit,
        flag=flags.get(each.outside.get(part, ""), Flag.NONE),
        low=limit.low,
        high=limit.high,
        reference="",
        performer="",
        status=each.status,
        by_patient=True,
    )


def measure_name(key: str) -> str:
    """What is measured, by its key."""
    return str(NAMES.get(key, key))


__all__ = [
    "NAMES",
    "PARTS",
    "PART_OF",
    "AgreedLine",
    "PartCourse",
    "PartLine",
    "Shown",
    "agreed_line",
    "agreed_lines",
    "courses",
    "limit_words",
    "measure_name",
    "often_words",
    "shown",
    "unit_of",
]
