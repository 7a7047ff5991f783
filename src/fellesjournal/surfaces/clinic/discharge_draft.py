"""What a discharge summary begins with: what the record knows already, so that nobody types it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext, override

from fellesjournal.access.sessions import Session
from fellesjournal.care.chart.queries import BANNER, Chart, chart_of
from fellesjournal.care.chart.results import Trend
from fellesjournal.care.medication.queries import list_of
from fellesjournal.care.medication.rendering import as_plain_text, difference_as_plain_text
from fellesjournal.care.medication.stays import changed_in
from fellesjournal.care.stays.resources import Stay
from fellesjournal.foundation.ui.templatetags.ui import day
from fellesjournal.surfaces.measurements import trend_row

_READ = ("Condition", "Observation", *BANNER)


@dataclass(frozen=True, slots=True)
class Draft:
    """The texts to begin with, by the key of their part; ``results`` are lines to choose from,
    ``chart`` what all of it was read from.
    """

    texts: Mapping[str, str]
    results: tuple[str, ...]
    chart: Chart


def begin(session: Session, stay: Stay, language: str) -> Draft:
    """What the record knows of a stay, in the language of the letter (nb, nn, en)."""
    chart = chart_of(session, stay.patient.partition("/")[2], only=_READ)
    with override(language):
        results = tuple(_results(chart, stay))
        texts = {"reason": stay.reason, "diagnoses": "\n".join(_diagnoses(chart))}
    return Draft(texts | {"medication": medication_text(session, stay, language)}, results, chart)


def medication_text(session: Session, stay: Stay, language: str) -> str:
    """The medication list with its number, in the one rendering of all letters (INV-17)."""
    found = list_of(session, stay.patient.partition("/")[2])
    with override(language):
        if not found.number:
            head = gettext("No shared medication list has been made. In the record:")
        else:
            head = gettext("Medication list no. %(number)s of %(day)s:") % {
                "number": found.number,
                "day": day(found.changed),
            }
        lines = as_plain_text(found, language) or gettext("No medicines.")
        changed = changed_in(session, stay.patient.partition("/")[2], stay.reference, found)
        changes = difference_as_plain_text(changed, language) if changed else ""
        if changes:
            changed_words = gettext("Changed during the stay:")
            return f"{head}\n{lines}\n\n{changed_words}\n{changes}"
    return f"{head}\n{lines}"


def _diagnoses(chart: Chart) -> Iterator[str]:
    for problem in chart.problems:
        if problem.active:
            yield f"{problem.text} ({problem.code})" if problem.code else problem.text


def _results(chart: Chart, stay: Stay) -> Iterator[str]:
    """The newest value of each thing measured during the stay."""
    for trend in (*chart.labs, *chart.vitals):
        at = trend.latest.at
        if at is not None and stay.since is not None and at.at >= stay.since.at:
            yield _result(trend)


def _result(trend: Trend) -> str:
    row = trend_row(trend)
    value = " ".join(filter(None, [row.value, row.unit]))
    flag = f" ({row.flag_label})" if row.flag_label else ""
    at = trend.latest.at
    when = f", {timezone.localtime(at.at):%d.%m.%Y}" if at is not None else ""
    return f"{row.name}: {value}{flag}{when}"


__all__ = ["Draft", "begin", "medication_text"]
