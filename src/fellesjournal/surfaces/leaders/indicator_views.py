"""Indicators on screen: the tiles of one's own unit, one indicator by unit and over time, its
one-pager, and the same table as a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET

from fellesjournal.access.directory.units import Unit
from fellesjournal.access.policy.rules import Duty
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock
from fellesjournal.foundation.ui.sparkline import Sparkline, sparkline
from fellesjournal.foundation.ui.templatetags.ui import written
from fellesjournal.leadership.figures.periods import Period, month, previous
from fellesjournal.leadership.figures.result import Figure, Status
from fellesjournal.leadership.figures.rounding import in_words
from fellesjournal.leadership.indicators import reading
from fellesjournal.leadership.indicators.asking import Asked, Side, assumptions_of
from fellesjournal.leadership.indicators.catalogue import CATALOGUE, called
from fellesjournal.leadership.indicators.definition import Indicator, Scoring, Text
from fellesjournal.leadership.indicators.measuring import Measured
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders.files import as_file, asked_for
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
    carried: str = ""
    """Since when it stands as it is, where too few are new to show more."""
    companions: tuple[tuple[str, str], ...] = ()
    excluded: tuple[tuple[str, str], ...] = ()


@require_GET
@for_duty(Duty.SEE_FIGURES)
def indicators(request: HttpRequest) -> HttpResponse:
    """A tile for each indicator, with the value of one's own unit now and before."""
    session = leading(request)
    own = reading.own_units(session)
    seen = reading.seen_until(session, list(CATALOGUE.values()))
    values = reading.values(session)
    asked = [
        question
        for each in CATALOGUE.values()
        if each.id in seen
        for side in _sides(each)
        for question in reading.course(
            Asked(each, reading.period_of(each, clock.today()), side, values), 2
        )
    ]
    found = reading.figures(session, asked, own.groups, seen) if asked else []
    tiles: dict[str, list[Shown]] = {}
    for question, units in zip(asked, found, strict=True):
        shown = _shown(question.indicator, units[own.tree[0].reference])
        tiles.setdefault(question.indicator.id, []).append(shown)
    context = {
        "tiles": [
            (each, said(each.titles), *_newest(tiles.get(each.id, [])))
            for each in CATALOGUE.values()
        ],
        "unit": own.tree[0].name,
    }
    return page(request, "leaders/indicators.html", context)


@require_GET
@for_duty(Duty.SEE_FIGURES)
def indicator(request: HttpRequest, indicator_id: str) -> HttpResponse:
    """One indicator: each unit, and one's own over time. ``?month=2026-11``, ``?side=to`` for
    handovers that came; ``?as=csv`` is a file.
    """
    found = _known(indicator_id)
    session = leading(request)
    own = reading.own_units(session)
    seen = reading.seen_until(session, [found])
    chosen = month_asked(request.GET.get("month", ""))
    side = _side(found, request.GET.get("side", ""))
    last_day = min(chosen.end - timedelta(days=1), clock.today())
    asked = Asked(found, reading.period_of(found, last_day), side, reading.values(session))
    rows: list[tuple[Unit, Shown]] = []
    over_time: list[Shown] = []
    if found.id in seen:
        course = reading.course(asked, _MONTHS_SHOWN)
        values = reading.figures(session, course, own.groups, seen)
        rows = [(unit, _shown(found, values[-1][unit.reference])) for unit in own.tree]
        over_time = [_shown(found, each[own.tree[0].reference]) for each in values]
    if kind := asked_for(request):
        return as_file(kind, _name(asked), _table(asked, rows))
    context = {
        "indicator": found, "title": said(found.titles), "description": said(found.description),
        "rows": rows, "own": rows[0][1] if rows else None, "over_time": over_time,
        "curve": _curve(over_time), "period": asked.period,
        "last_day": asked.period.end - timedelta(days=1),
        "before": previous(chosen).start, "after": chosen.end if chosen.end <= clock.today() else None,
        "month": chosen.start, "cut": seen.get(found.id), "side": str(side),
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
        "balance": said(found.balance) if found.balance else "",
        "assumptions": [(gettext(each.title), each.key) for each in assumptions_of(found)],
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


def _sides(indicator: Indicator) -> tuple[Side, ...]:
    return (Side.FROM, Side.TO) if indicator.has_sides else (Side.FROM,)


def _side(indicator: Indicator, asked: str) -> Side:
    """The side asked for; what was sent for anything else."""
    return Side.TO if indicator.has_sides and asked == Side.TO else Side.FROM


def _newest(values: list[Shown]) -> tuple[Shown | None, Shown | None]:
    """Of (before, now) at one side or two: those of the side where there is something to count."""
    pairs = list(zip(values[::2], values[1::2], strict=True))
    counted = [each for each in pairs if each[1].figure.status is not Status.NO_OBSERVATIONS]
    if not pairs:
        return None, None
    before, now = (counted or pairs)[0]
    return now, before


def month_asked(asked: str) -> Period:
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
    unit = indicator.unit
    words = _share if is_share else lambda value: f"{_number(value)} {unit}".strip()
    interval = figure.interval
    return Shown(
        figure,
        value="" if figure.value is None else words(figure.value),
        interval="" if interval is None else f"{_share(interval.low)}–{_share(interval.high)}",
        counts="" if figure.numerator is None or figure.denominator is None
        else f"{_whole(figure.numerator)} / {_whole(figure.denominator)}",
        why_not=_why_not(figure),
        carried=written(localtime(figure.data_cut), "j. F H:i") if found.is_carried else "",
        companions=tuple(
            (
                said(each.titles),
                _companion(beside.value, is_hidden=beside.is_hidden, is_share=each.is_share, unit=each.unit),
            )
            for each, beside in zip(indicator.companions, found.companions, strict=True)
        ),
        excluded=tuple(
            (said(indicator.exclusions[name]), gettext("held back: few") if count is None else _whole(count))
            for name, count in figure.excluded.items()
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


def _whole(value: Fraction | int) -> str:
    return in_words(value, 0, get_language() or "nb")


def _curve(over_time: list[Shown]) -> Sparkline | None:
    points = [
        (float(each.figure.period.start.toordinal()), float(each.figure.value))
        for each in over_time
        if each.figure.value is not None
    ]
    return sparkline([points], width=600, height=120) if len(points) > 1 else None


def _name(asked: Asked) -> str:
    return f"{asked.indicator.id}-{asked.period.start}-{asked.period.end}"


def _table(asked: Asked, rows: list[tuple[Unit, Shown]]) -> Iterator[Sequence[object]]:
    """The table as it stands on the page: what is held back there is held back here."""
    indicator, period = asked.indicator, asked.period
    yield ("indicator", "definition", "side", "start", "end", "unit", "name", "value", "numerator",
           "denominator", "ci_low", "ci_high", "status", "reason", "cut")  # fmt: skip
    for unit, shown in rows:
        figure = shown.figure
        low, high = figure.interval or ("", "")
        value = "" if figure.value is None else float(figure.value)
        yield (
            indicator.id, figure.definition.hash, asked.side, period.start, period.end, unit.reference,
            unit.name, value, _plain(figure.numerator), _plain(figure.denominator), low, high,
            figure.status, figure.reason, figure.data_cut.isoformat(timespec="seconds"),
        )  # fmt: skip


def _plain(value: Fraction | None) -> int | str:
    if value is None:
        return ""
    return int(value) if value.denominator == 1 else str(value)
