"""What was measured last, beside the fields where the next value is written; judged by nobody here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from fellesjournal.care.chart.results import Trend
from fellesjournal.fhir.reading import Moment
from fellesjournal.fhir.vital_signs import LOINC, PANEL, VITALS
from fellesjournal.foundation.ui.templatetags.ui import day
from fellesjournal.surfaces.clinic.noting_forms import VITAL_LABELS
from fellesjournal.surfaces.measurements import printed, printed_unit

_PRESSURE = "systolic"
"""Both pressures stand in one value, shown at the field of the upper."""


@dataclass(frozen=True, slots=True)
class Last:
    """The newest value of one measurement, as it is shown, and when."""

    value: str
    at: Moment


def last_measured(trends: Iterable[Trend]) -> dict[str, Last]:
    """The newest value that has a time, by field of the form; none for what was never measured."""
    newest = {
        each.key: Last(f"{printed(each.latest)} {printed_unit(each.latest.unit)}", each.latest.at)
        for each in trends
        if each.latest.at
    }
    codes = {name: f"{LOINC}|{vital.loinc}" for name, vital in VITALS.items()}
    codes |= {_PRESSURE: f"{LOINC}|{PANEL[0]}"}
    return {name: newest[code] for name, code in codes.items() if code in newest}


def compared_words(measured: Iterable[str], before: Mapping[str, Last]) -> str:
    """The values before those that were measured now, each with its day: ``weight 80.7 kg (22.11.2026)``;
    "" when all are the first. Nothing is judged: who reads compares.
    """
    return ", ".join(
        f"{_called(name)} {before[name].value} ({day(before[name].at)})"
        for name in measured
        if name in before
    )


def _called(name: str) -> str:
    words = gettext("Blood pressure") if name == _PRESSURE else str(VITAL_LABELS[name])
    return words[:1].lower() + words[1:]


__all__ = ["Last", "compared_words", "last_measured"]
