"""What was measured last, beside the fields where the next value is written; judged by nobody here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from fellesjournal.care.chart.results import Trend, Value
from fellesjournal.fhir.reading import Moment
from fellesjournal.fhir.vital_signs import LOINC, PANEL, VITALS
from fellesjournal.foundation.ui.templatetags.ui import day, number
from fellesjournal.surfaces.clinic.noting_forms import VITAL_LABELS
from fellesjournal.surfaces.measurements import printed, printed_unit

_PRESSURE = "systolic"
"""Both pressures stand in one value, shown at the field of the upper."""


@dataclass(frozen=True, slots=True)
class Last:
    """The newest value of one measurement, as it is shown, and when; ``number`` where it is one, in the
    unit that is written here.
    """

    value: str
    at: Moment
    number: Decimal | None = None


def last_measured(trends: Iterable[Trend]) -> dict[str, Last]:
    """The newest value that has a time, by field of the form; none for what was never measured."""
    newest = {each.key: each.latest for each in trends if each.latest.at}
    codes = {name: f"{LOINC}|{vital.loinc}" for name, vital in VITALS.items()}
    codes |= {_PRESSURE: f"{LOINC}|{PANEL[0]}"}
    return {name: _last(name, newest[code]) for name, code in codes.items() if code in newest}


def _last(name: str, value: Value) -> Last:
    assert value.at is not None  # those without a time are not asked for
    is_one = len(value.numbers) == 1 and not value.comparator
    is_written_so = value.unit in {VITALS[name].unit, VITALS[name].ucum}
    return Last(
        f"{printed(value)} {printed_unit(value.unit)}", value.at,
        value.numbers[0] if is_one and is_written_so else None,
    )  # fmt: skip


def compared_words(measured: Mapping[str, Decimal], before: Mapping[str, Last]) -> str:
    """The values before those that were measured now, each with its day and how far it has moved since:
    ``weight 80.7 kg (22.11.2026), +2.5 since``; "" when all are the first. Nothing is judged.
    """
    return "; ".join(
        f"{_called(name)} {before[name].value} ({day(before[name].at)}){_moved(value, before[name])}"
        for name, value in measured.items()
        if name in before
    )


def moved(trend: Trend) -> str:
    """How far the newest value is from the one before it in the same unit, and when that was:
    ``+2.5 since 22.11.2026``; "" when it is the first, or no single number. Nothing is judged.
    """
    found = [each for each in trend.plotted if len(each.numbers) == 1 and not each.comparator]
    if len(found) < 2 or found[-1] is not trend.latest:
        return ""
    newest, before = found[-1].numbers[0], found[-2]
    if newest == before.numbers[0]:
        return gettext("the same as %(day)s") % {"day": day(before.at)}
    return gettext("%(difference)s since %(day)s") % {
        "difference": _signed(newest - before.numbers[0]), "day": day(before.at),
    }  # fmt: skip


def _moved(value: Decimal, last: Last) -> str:
    if last.number is None or value == last.number:
        return ""
    return gettext(", %(difference)s since") % {"difference": _signed(value - last.number)}


def _signed(difference: Decimal) -> str:
    return ("+" if difference > 0 else "−") + number(abs(difference))


def _called(name: str) -> str:
    words = gettext("Blood pressure") if name == _PRESSURE else str(VITAL_LABELS[name])
    return words[:1].lower() + words[1:]


__all__ = ["Last", "compared_words", "last_measured", "moved"]
