"""Measurements made ready for pages, of staff and citizens alike: values, flags, curves, sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from fellesjournal.care.chart.results import NO, YES, Flag, Trend, Value
from fellesjournal.fhir.reading import Moment
from fellesjournal.foundation.ui.sparkline import Sparkline, sparkline
from fellesjournal.foundation.ui.templatetags.ui import number

# A small curve shows the recent course; the page of one trend shows everything.
_PLOTTED_SMALL = 30
# Units as clinicians write them, where UCUM's code came instead.
_UNITS = {"mm[Hg]": "mmHg", "Cel": "°C", "{score}": "", "10*3/uL": "10³/µL", "10*6/uL": "10⁶/µL",
          "kg/m2": "kg/m²", "mL/min/{1.73_m2}": "mL/min/1,73 m²", "[degF]": "°F",
          "mL/min/1,73m2": "mL/min/1,73 m²", "mL/min/1.73m2": "mL/min/1,73 m²",
          "10*-3 IU/L": "mIU/L", "10*-3.[iU]/L": "mIU/L", "m[IU]/L": "mIU/L", "m[iU]/L": "mIU/L",
          "[iU]/L": "IU/L", "(score)": "", "{INR}": "", "INR": "",
          "{beats}/min": "/min", "{breaths}/min": "/min"}  # fmt: skip


_POWER = re.compile(r"10[*^](-?\d+)")
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

FLAGS: dict[StrEnum, Promise] = {
    Flag.HIGH: pgettext_lazy("result", "high"),
    Flag.LOW: pgettext_lazy("result", "low"),
    Flag.VERY_HIGH: pgettext_lazy("result", "very high"),
    Flag.VERY_LOW: pgettext_lazy("result", "very low"),
    Flag.ABNORMAL: pgettext_lazy("result", "abnormal"),
}
"""How a value lies to its reference, in a word."""
BY_AGREEMENT: dict[StrEnum, Promise] = {
    Flag.HIGH: _("above the agreed limit"),
    Flag.LOW: _("below the agreed limit"),
}
"""How a value lies to the limit agreed with the patient: one may be over it and not be high."""
NAMES: dict[str, Promise] = {
    # vital signs by LOINC: the same word whoever sent them
    "http://loinc.org|85354-9": _("Blood pressure"),
    "http://loinc.org|55284-4": _("Blood pressure"),
    "http://loinc.org|8867-4": _("Pulse"),
    "http://loinc.org|9279-1": _("Respiratory rate"),
    "http://loinc.org|2708-6": _("Oxygen saturation"),
    "http://loinc.org|59408-5": _("Oxygen saturation"),
    "http://loinc.org|8310-5": _("Temperature"),
    "http://loinc.org|29463-7": _("Weight"),
    "http://loinc.org|8302-2": _("Height"),
    "http://loinc.org|39156-5": _("Body mass index"),
    "http://loinc.org|9843-4": _("Head circumference"),
    "http://loinc.org|72166-2": _("Smoking status"),
}
"""What is measured, by system and code: the same word whoever sent it."""


@dataclass(frozen=True, slots=True)
class TrendRow:
    """One row of a results table. ``previous`` is the value before, with its unit and its time,
    where the page tells of one report; "" elsewhere.
    """

    trend: Trend
    name: str
    value: str
    unit: str
    flag_label: str
    reference: str
    finding: str
    curve: Sparkline | None
    since: Moment | None
    previous: str = ""
    previous_at: Moment | None = None


@dataclass(frozen=True, slots=True)
class TrendRows:
    """The rows of one results table; ``references`` and ``curves`` say that any has one."""

    rows: tuple[TrendRow, ...]
    references: bool
    curves: bool


def printed(value: Value) -> str:
    """The value without its unit: ``128/76``, ``<5``, ``Former smoker``."""
    if len(value.numbers) > 1:
        return "/".join(number(_whole(part)) for part in value.numbers)
    if value.numbers:
        return value.comparator + number(value.numbers[0])
    return {YES: gettext("yes"), NO: gettext("no")}.get(value.text, value.text)


def _whole(part: Decimal) -> Decimal:
    """A pair such as 128/76 is read in whole numbers, however an instrument wrote it."""
    exponent = part.as_tuple().exponent
    return round(part, 0) if isinstance(exponent, int) and exponent < -2 else part


def printed_unit(unit: str) -> str:
    """The unit as clinicians write it."""
    if unit in _UNITS:
        return _UNITS[unit]
    return _POWER.sub(lambda power: "10" + power[1].translate(_RAISED), unit)


def printed_reference(value: Value) -> str:
    """``12–16``, ``<5``, or the laboratory's own words."""
    if value.low is not None and value.high is not None:
        return f"{number(value.low)}–{number(value.high)}"
    if value.high is not None:
        return f"≤{number(value.high)}"
    if value.low is not None:
        return f"≥{number(value.low)}"
    return value.reference


def trend_rows(trends: Sequence[Trend]) -> TrendRows:
    """A table of trends."""
    rows = tuple(trend_row(trend) for trend in trends)
    return TrendRows(
        rows,
        references=any(row.reference for row in rows),
        curves=any(row.curve for row in rows),
    )


def trend_row(
    trend: Trend, *, most: int = _PLOTTED_SMALL, width: int = 96, height: int = 28
) -> TrendRow:
    """A trend with its curve (of at most the newest ``most`` values) and what it shows."""
    latest = trend.latest
    plotted = trend.plotted[-most:]
    name = str(NAMES.get(trend.key) or trend.name)
    return TrendRow(
        trend=trend,
        value=printed(latest),
        unit=printed_unit(latest.unit),
        flag_label=_flag_label(latest),
        reference=printed_reference(latest),
        name=name,
        finding=_finding(name, plotted),
        curve=_curve(plotted, width, height),
        since=plotted[0].at if plotted else None,
    )


def _flag_label(value: Value) -> str:
    words = FLAGS | BY_AGREEMENT if value.by_agreement else FLAGS
    return str(words.get(value.flag, ""))


def _curve(plotted: Sequence[Value], width: int, height: int) -> Sparkline | None:
    if not plotted:
        return None
    parts = len(plotted[-1].numbers)
    series = [
        [
            (value.at.at.timestamp(), float(value.numbers[part]))
            for value in plotted
            if value.at is not None and len(value.numbers) == parts
        ]
        for part in range(parts)
    ]
    latest = plotted[-1]
    return sparkline(
        series, low=_float(latest.low), high=_float(latest.high), width=width, height=height
    )


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _finding(name: str, plotted: Sequence[Value]) -> str:
    """What the curve shows, for those who can't see it."""
    if len(plotted) < 2:
        return ""
    first, last = plotted[0], plotted[-1]
    said = gettext("%(name)s: %(count)s values, first %(first)s, now %(last)s %(unit)s") % {
        "name": name,
        "count": len(plotted),
        "first": printed(first),
        "last": printed(last),
        "unit": printed_unit(last.unit),
    }
    return f"{said.strip()}{_extremes(plotted)}"


def _extremes(plotted: Sequence[Value]) -> str:
    """The lowest and the highest value, where they are neither the first nor the last.

    Not of pairs such as blood pressure, which have no order.
    """
    single = [each for each in plotted if len(each.numbers) == 1]
    if len(single) != len(plotted):
        return ""
    lowest = min(single, key=lambda each: each.numbers[0])
    highest = max(single, key=lambda each: each.numbers[0])
    ends = {plotted[0].numbers[0], plotted[-1].numbers[0]}
    if {lowest.numbers[0], highest.numbers[0]} <= ends:
        return ""
    return "; " + gettext("lowest %(lowest)s, highest %(highest)s") % {
        "lowest": printed(lowest),
        "highest": printed(highest),
    }


__all__ = [
    "FLAGS",
    "NAMES",
    "TrendRow",
    "TrendRows",
    "printed",
    "printed_reference",
    "printed_unit",
    "trend_row",
    "trend_rows",
]
