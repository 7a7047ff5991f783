"""Indicators on screen: the tiles of one's own unit, one indicator by unit and over time, its
one-pager, and the same table as a file.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET

from fellesjournal.access.directory.units import Unit
from fellesjournal.access.policy.rules import Duty
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock
from fellesjournal.foundation.ui.sparkline import Sparkline, sparkline
from fellesjournal.leadership.figures.periods import Period, month, previous
from fellesjournal.leadership.figures.result import Figure, Status
from fellesjournal.leadership.figures.rounding import in_words
from fellesjournal.leadership.indicators import reading
from fellesjournal.leadership.indicators.catalogue import CATALOGUE, called
from fellesjournal.leadership.indicators.definition import Indicator, Scoring, Text
from fellesjournal.leadership.indicators.measuring import Measured
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders.pages import leading, page

_MONTHS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure in words. ``value`` is "" when ``why_not`` says why there is none."""

    figure: Figure
    value: str
    interval: str
    counts: str
    why_not: str
    companions: tuple[tuple[str, str], ...] = ()
    excluded: tuple[tuple[str, int], ...] = ()


@require_GET
@for_duty(Duty.SEE_FIGURES)
def indicators(request: HttpRequest) -> HttpResponse:
    """A tile for each indicator, with the value of one's own unit now and before."""
    session = leading(request)
    own = reading.own_units(session)
    tiles = []
    for each in CATALOGUE.values():
        cut = reading.seen_until(session, each)
        now = reading.period_of(each, clock.today())
        values = (
            [_shown(each, found) for found in reading.course(session, each, own.own, now, cut, 2)]
            if cut is not None
            else []
        )
        tiles.append((each, said(each.titles), values[-1] if values else None,
                      values[0] if values else None))  # fmt: skip
    context = {"tiles": tiles, "unit": own.tree[0].name}
    return page(request, "leaders/indicators.html", context)


@require_GET
@for_duty(Duty.SEE_FIGURES)
def indicator(request: HttpRequest, indicator_id: str) -> HttpResponse:
    """One indicator: each unit, and one's own over time. ``?month=2026-11``; ``?as=csv`` is a file."""
    found = _known(indicator_id)
    session = leading(request)
    own = reading.own_units(session)
    cut = reading.seen_until(session, found)
    chosen = _month(request.GET.get("month", ""))
    last_day = min(chosen.end - timedelta(days=1), clock.today())
    period = reading.period_of(found, last_day)
    rows: list[tuple[Unit, Shown]] = []
    over_time: list[Shown] = []
    if cut is not None:
        values = reading.figures(session, found, period, own.groups, cut)
        rows = [(unit, _shown(found, values[unit.reference])) for unit in own.tree]
        over_time = [
            _shown(found, each)
            for each in reading.course(session, found, own.own, period, cut, _MONTHS_SHOWN)
        ]
    if request.GET.get("as") == "csv":
        return _csv(found, period, rows)
    context = {
        "indicator": found, "title": said(found.titles), "description": said(found.description),
        "rows": rows, "own": rows[0][1] if rows else None, "over_time": over_time,
        "curve": _curve(over_time), "period": period, "last_day": period.end - timedelta(days=1),
        "before": previous(chosen).start, "after": chosen.end if chosen.end <= clock.today() else None,
        "month": chosen.start, "cut": cut,
    }  # fmt: skip
    return page(request, "leaders/indicator.html", context)


@require_GET
@for_duty(Duty.SEE_FIGURES)
def definition(request: HttpRequest, indicator_id: str) -> HttpResponse:
    """The one-pager: exactly id, title, description, category, services and functionality, and
    below it how the figure is counted.
    """
    found = _known(indicator_id)
    context = {
        "indicator": found, "title": said(found.titles),
        "lines": [
            (gettext("ID"), ", ".join([found.id, *found.aliases])),
            (gettext("Title"), said(found.titles)),
            (gettext("Description"), said(found.description)),
            (gettext("Category and dashboard"), said(found.categories)),
            (gettext("Relevant services"), said(found.services)),
            (gettext("Functionality"), said(found.functionality)),
        ],
        "numerator": said(found.numerator), "denominator": said(found.denominator),
        "exclusions": [said(each) for each in found.exclusions.values()],
        "companions": [said(each.titles) for each in found.companions],
    }  # fmt: skip
    return page(request, "leaders/indicator_definition.html", context)


def said(text: Text) -> str:
    """A text of a definition in the language of the page."""
    return text.get(get_language() or "nb", text["nb"])


def _known(indicator_id: str) -> Indicator:
    found = called(indicator_id)
    if found is None:
        raise NotFound("there is no such page")
    return found


def _month(asked: str) -> Period:
    """The month asked for as 2026-11; this one for anything else, or what has not begun."""
    today = clock.today()
    try:
        first = date.fromisoformat(f"{asked}-01")
    except ValueError:
        first = today
    return month(first.year, first.month) if first <= today else month(today.year, today.month)


def _shown(indicator: Indicator, found: Measured) -> Shown:
    figure = found.figure
    is_share = indicator.scoring is Scoring.PROPORTION
    words = _share if is_share else _number
    interval = figure.interval
    return Shown(
        figure,
        value="" if figure.value is None else words(figure.value),
        interval="" if interval is None else f"{_share(interval.low)}–{_share(interval.high)}",
        counts="" if figure.numerator is None or figure.denominator is None
        else f"{_whole(figure.numerator)} / {_whole(figure.denominator)}",
        why_not=_why_not(figure),
        companions=tuple(
            (
                said(each.titles),
                _companion(beside.value, is_hidden=beside.is_hidden, is_share=each.is_share, unit=each.unit),
            )
            for each, beside in zip(indicator.companions, found.companions, strict=True)
        ),
        excluded=tuple(
            (said(indicator.exclusions[name]), count) for name, count in figure.excluded.items()
        ),
    )  # fmt: skip


def _why_not(figure: Figure) -> str:
    if figure.status is Status.NO_OBSERVATIONS:
        return gettext("nothing to count")
    if figure.status is Status.SUPPRESSED and figure.reason == "few":
        return gettext("held back: few")
    if figure.status is Status.SUPPRESSED:
        return gettext("held back: it would tell another")
    return ""


def _companion(value: Fraction | None, *, is_hidden: bool, is_share: bool, unit: str) -> str:
    if value is None:
        return gettext("held back: few") if is_hidden else "–"
    return _share(value) if is_share else f"{_number(value)} {unit}".strip()


def _share(value: Fraction | float) -> str:
    return in_words(value, 1, get_language() or "nb", percent=True)


def _number(value: Fraction | float) -> str:
    return in_words(value, 2, get_language() or "nb")


def _whole(value: Fraction) -> str:
    return in_words(value, 0, get_language() or "nb")


def _curve(over_time: list[Shown]) -> Sparkline | None:
    points = [
        (float(each.figure.period.start.toordinal()), float(each.figure.value))
        for each in over_time
        if each.figure.value is not None
    ]
    return sparkline([points], width=600, height=120) if len(points) > 1 else None


def _csv(indicator: Indicator, period: Period, rows: list[tuple[Unit, Shown]]) -> HttpResponse:
    """The table as it stands on the page: what is held back there is held back here."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    name = f"{indicator.id}-{period.start}-{period.end}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    writer: Any = csv.writer(answer, delimiter=";")
    writer.writerow(["indicator", "definition", "start", "end", "unit", "name", "value", "numerator",
                     "denominator", "ci_low", "ci_high", "status", "reason"])  # fmt: skip
    for unit, shown in rows:
        figure = shown.figure
        low, high = figure.interval or ("", "")
        value = "" if figure.value is None else float(figure.value)
        writer.writerow([
            indicator.id, figure.definition.hash, period.start, period.end, unit.reference, unit.name,
            value, _plain(figure.numerator), _plain(figure.denominator), low, high, figure.status,
            figure.reason,
        ])  # fmt: skip
    return answer


def _plain(value: Fraction | None) -> str:
    return "" if value is None else str(value)
