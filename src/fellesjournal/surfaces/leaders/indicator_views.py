"""Indicators on screen: the tiles of one's own unit, one indicator by unit and over time, its
one-pager, and the same table as a file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET

from fellesjournal.access.directory.units import Unit
from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock
from fellesjournal.leadership.benefits import queries
from fellesjournal.leadership.benefits.plan import Confounder
from fellesjournal.leadership.decisions.actors import actors, speaks_for
from fellesjournal.leadership.figures.periods import Period, month, previous
from fellesjournal.leadership.figures.result import Status
from fellesjournal.leadership.indicators import reading
from fellesjournal.leadership.indicators.asking import Asked, Side
from fellesjournal.leadership.indicators.catalogue import INTERACTION, called
from fellesjournal.leadership.indicators.definition import Indicator
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders.files import PDF, as_file, asked_for, file_of
from fellesjournal.surfaces.leaders.indicator_paper import paper, sheet
from fellesjournal.surfaces.leaders.indicator_plot import plot
from fellesjournal.surfaces.leaders.indicator_tiles import tiles
from fellesjournal.surfaces.leaders.indicator_words import (
    Look,
    Shown,
    counting,
    one_pager,
    said,
    shown,
)
from fellesjournal.surfaces.leaders.pages import leading, page

_MONTHS_SHOWN = 6


@require_GET
@for_duty(Duty.SEE_FIGURES)
def indicators(request: HttpRequest) -> HttpResponse:
    """A tile for each indicator, with the value of one's own unit now and before."""
    session = leading(request)
    unit, found = tiles(session, reading.values(session))
    return page(request, "leaders/indicators.html", {"tiles": found, "unit": unit})


@require_GET
@for_duty(Duty.SEE_FIGURES)
def indicator(request: HttpRequest, indicator_id: str) -> HttpResponse:
    """One indicator: each unit, and one's own over time. ``?month=2026-11``, ``?side=to`` for
    handovers that came; ``?as=csv`` is a file.
    """
    found = _known(indicator_id)
    chosen = month_asked(request.GET.get("month", ""))
    look = _look(request, found, chosen)
    asked, rows, over_time = look.asked, look.rows, look.over_time
    if kind := asked_for(request):
        return as_file(kind, _name(asked), _table(asked, rows), lambda: sheet(look))
    told, empty = _with_observations(rows)
    context = {
        "indicator": found, "title": said(found.titles), "description": said(found.description),
        "rows": told, "empty": empty, "own": rows[0][1] if rows else None, "over_time": over_time,
        "plot": plot(found, over_time), "period": asked.period,
        "last_day": asked.period.end - timedelta(days=1),
        "before": previous(chosen).start, "after": chosen.end if chosen.end <= clock.today() else None,
        "month": chosen.start, "cut": look.cut, "side": str(asked.side),
        "is_at_other_end": found.has_sides and _is_empty(rows, over_time),
        "is_interaction": found in INTERACTION and found.has_sides,
        "confounders": _confounders(leading(request), found, asked.period),
    }  # fmt: skip
    return page(request, "leaders/indicator.html", context)


@require_GET
@for_duty(Duty.SEE_FIGURES)
def definition(request: HttpRequest, indicator_id: str) -> HttpResponse:
    """The one-pager: exactly id, title, description, category, services and functionality, and
    below it how the figure is counted. ``?as=pdf``, with ``month`` and ``side`` as :func:`indicator`
    has them, is the same as a file with the figure of one's own unit and its course.
    """
    found = _known(indicator_id)
    if asked_for(request) == PDF:
        look = _look(request, found, month_asked(request.GET.get("month", "")))
        return file_of(PDF, f"{_name(look.asked)}-one-page", paper(look))
    context = {
        "indicator": found, "title": said(found.titles), "lines": one_pager(found),
        "counting": counting(found),
    }  # fmt: skip
    return page(request, "leaders/indicator_definition.html", context)


def _look(request: HttpRequest, found: Indicator, chosen: Period) -> Look:
    """What a leader sees of an indicator, in a month and at the side she asks for."""
    session = leading(request)
    own = reading.own_units(session)
    seen = reading.seen_until(session, [found])
    side = _side(found, request.GET.get("side", ""))
    last_day = min(chosen.end - timedelta(days=1), clock.today())
    asked = Asked(found, reading.period_of(found, last_day), side, reading.values(session))
    if found.id not in seen:
        return Look(asked, own.tree[0], [], [], None)
    course = reading.course(asked, _MONTHS_SHOWN)
    values = reading.figures(session, course, own.groups, seen)
    return Look(
        asked,
        own.tree[0],
        [(unit, shown(found, values[-1][unit.reference])) for unit in own.tree],
        [shown(found, each[own.tree[0].reference]) for each in values],
        seen[found.id],
    )


def _confounders(session: Session, found: Indicator, period: Period) -> list[Confounder]:
    """What else moved the figure until the end of a period, as the plan of her organisation says."""
    names = {each.reference: each.name for each in actors(session)}
    unit = (speaks_for(session, names) or session.unit).removeprefix("Organization/")
    plan = queries.plan(session, unit)
    return [
        each
        for each in (plan.body.confounders if plan else ())
        if found.id in each.indicators and each.day < period.end
    ]


def _with_observations(
    rows: Sequence[tuple[Unit, Shown]],
) -> tuple[list[tuple[Unit, Shown]], list[Unit]]:
    """The rows that say something, with the first of all, and the units below it with nothing to count:
    a table of nothing is long on a phone.
    """
    told = [
        row
        for n, row in enumerate(rows)
        if not n or row[1].figure.status is not Status.NO_OBSERVATIONS
    ]
    names = {id(unit) for unit, _ in told}
    return told, [unit for unit, _ in rows if id(unit) not in names]


def _is_empty(rows: Sequence[tuple[Unit, Shown]], over_time: Sequence[Shown]) -> bool:
    """Whether there is nothing to count at this end, now or before."""
    every = [*(each for _, each in rows), *over_time]
    return all(each.figure.status is Status.NO_OBSERVATIONS for each in every)


def _known(indicator_id: str) -> Indicator:
    found = called(indicator_id)
    if found is None:
        raise NotFound("there is no such page")
    return found


def _side(indicator: Indicator, asked: str) -> Side:
    """The side asked for; what was sent for anything else."""
    return Side.TO if indicator.has_sides and asked == Side.TO else Side.FROM


def month_asked(asked: str) -> Period:
    """The month asked for as 2026-11; this one for anything else, or what has not begun."""
    today = clock.today()
    try:
        first = date.fromisoformat(f"{asked}-01")
    except ValueError:
        first = today
    return month(first.year, first.month) if first <= today else month(today.year, today.month)


def _name(asked: Asked) -> str:
    return f"{asked.indicator.id}-{asked.period.start}-{asked.period.end}"


def _table(asked: Asked, rows: Sequence[tuple[Unit, Shown]]) -> Iterator[Sequence[object]]:
    """The table as it stands on the page: what is held back there is held back here."""
    indicator, period = asked.indicator, asked.period
    yield ("indicator", "definition", "side", "start", "end", "unit", "name", "value", "numerator",
           "denominator", "ci_low", "ci_high", "status", "reason", "cut", "title", "left out")  # fmt: skip
    title = said(indicator.titles)
    for unit, each in rows:
        figure = each.figure
        low, high = figure.interval or ("", "")
        value = "" if figure.value is None else float(figure.value)
        yield (
            indicator.id, figure.definition.hash, asked.side, period.start, period.end, unit.reference,
            unit.name, value, _plain(figure.numerator), _plain(figure.denominator), low, high,
            figure.status, figure.reason, localtime(figure.data_cut).isoformat(timespec="seconds"),
            title, ", ".join(f"{reason}: {count}" for reason, count in each.excluded),
        )  # fmt: skip


def _plain(value: Fraction | None) -> int | str:
    if value is None:
        return ""
    return int(value) if value.denominator == 1 else str(value)
