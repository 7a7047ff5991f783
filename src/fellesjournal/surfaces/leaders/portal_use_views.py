"""HE1 on screen: who has taken HelsaMi into use, by municipality, week and age; the same as a file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock
from fellesjournal.foundation.ui.sparkline import sparkline
from fellesjournal.leadership.documents.settings import values_on
from fellesjournal.leadership.figures.periods import week, week_of
from fellesjournal.leadership.figures.series import Point
from fellesjournal.leadership.indicators.he1 import reading
from fellesjournal.leadership.indicators.he1.assumptions import AGES, WEEKS_SHOWN
from fellesjournal.leadership.indicators.he1.definition import (
    DESCRIPTION,
    TITLE,
    definition,
    functions_definition,
)
from fellesjournal.leadership.indicators.he1.growth import roros
from fellesjournal.leadership.indicators.he1.reading_functions import functions_in
from fellesjournal.leadership.indicators.he1.series import AgeRate, Place
from fellesjournal.leadership.indicators.he1.shares import ALL
from fellesjournal.leadership.rollout.barriers import Barriers, stated
from fellesjournal.registry.municipalities import municipalities
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders import portal_use_words as words
from fellesjournal.surfaces.leaders.amounts import percent, plain
from fellesjournal.surfaces.leaders.barrier_words import BarrierRow, barrier_rows
from fellesjournal.surfaces.leaders.files import as_file, asked_for
from fellesjournal.surfaces.leaders.indicator_words import said
from fellesjournal.surfaces.leaders.pages import leading, page
from fellesjournal.surfaces.leaders.portal_function_words import (
    function_file,
    function_rows,
    told_by_the_log,
)
from fellesjournal.surfaces.leaders.portal_use_files import file_name, table_of
from fellesjournal.surfaces.leaders.portal_use_paper import place_sheet, places_sheet
from fellesjournal.surfaces.leaders.portal_use_words import Chosen, Row

_WEEK = re.compile(r"(\d{4})-W(\d\d)", re.ASCII)
_FIRST = date(2020, 1, 6)


@require_GET
@for_duty(Duty.SEE_FIGURES)
def portal_use(request: HttpRequest) -> HttpResponse:
    """Each municipality by a week. ``?week=2026-W47``; ``?as=csv`` is a file."""
    session = leading(request)
    until = reading.counted_until(session)
    chosen = chosen_week(request, _weeks_shown(session))
    found = _places(
        reading.looked_at(session, reading.counts(session, chosen.weeks), chosen.weeks)[0]
    )
    rows = _rows(found)
    if kind := asked_for(request):
        rows_of_file = table_of(found[1:] if len(found) > 1 else found, chosen)
        shown = list(zip(found, rows, strict=True))
        return as_file(
            kind, file_name(chosen), rows_of_file, lambda: places_sheet(chosen, until, shown)
        )
    context = frame(chosen, until) | {
        "rows": rows,
        "published": _published(),
    }
    return page(request, "leaders/portal_use.html", context)


@require_GET
@for_duty(Duty.SEE_FIGURES)
def portal_place(request: HttpRequest, number: str) -> HttpResponse:
    """One municipality ("all" for all of them) by week, by function and by age; ``?as=csv`` is a file,
    ``?of=functions&as=csv`` one of the functions.
    """
    session = leading(request)
    until = reading.counted_until(session)
    chosen = chosen_week(request, _weeks_shown(session))
    counts = reading.counts(session, chosen.weeks)
    known = {words.place_key(each): each for each in (ALL, *counts.places)}
    if number not in known:
        raise NotFound("there is no such page")
    found, of_ages = reading.looked_at(session, counts, chosen.weeks, known[number])
    place = next(each for each in found if each.number == known[number])
    name = words.place_name(place.number)
    shares = functions_in(session, found, chosen.last, until)
    used = () if shares is None else shares[place.number]
    functions = function_rows(used)
    barriers = _barriers(session, place.number)
    weeks = [(each, _week_row(each, place, n)) for n, each in enumerate(place.weeks)][::-1]
    by_age = [(each, _age_row(each)) for each in of_ages]
    if kind := asked_for(request):
        is_of_functions = request.GET.get("of") == "functions"
        rows_of_file = (
            function_file(used, place.number, chosen)
            if is_of_functions
            else table_of([place], chosen)
        )
        return as_file(
            kind, f"{file_name(chosen)}-functions" if is_of_functions else file_name(chosen), rows_of_file,
            lambda: place_sheet(chosen, until, name, weeks, by_age, functions, barriers),
        )  # fmt: skip
    context = frame(chosen, until) | {
        "number": number,
        "name": name,
        "weeks": [row for _, row in weeks],
        "users": _curve(
            [[each.gross for each in place.weeks], [each.living for each in place.weeks]], chosen
        ),
        "active": _active_curve(place, chosen),
        "rate": words.rate_of(place.rate),
        "ages": [row for _, row in by_age],
        "first": place.weeks[0],
        "last": place.last,
        "finding": _finding(place),
        "functions": functions,
        "barriers": barriers,
        "told_by_the_log": told_by_the_log(),
        "functions_definition": functions_definition(),
    }
    return page(request, "leaders/portal_place.html", context)


def _barriers(session: Session, place: str) -> list[BarrierRow]:
    if place not in municipalities():
        return []
    stands = stated(session, place)
    return barrier_rows(Barriers() if stands is None else stands.body)


def _weeks_shown(session: Session) -> int:
    now = values_on(session, [WEEKS_SHOWN], clock.today())
    return min(53, max(2, int(now[WEEKS_SHOWN.key])))


def chosen_week(request: HttpRequest, count: int) -> Chosen:
    """The week asked for; this one for anything else, or for what has not begun."""
    this = week_of(clock.today()).start
    match = _WEEK.fullmatch(request.GET.get("week", ""))
    last = this
    if match is not None:
        try:
            last = week(int(match[1]), int(match[2])).start
        except ValueError:
            last = this
    last = last if _FIRST <= last <= this else this
    return Chosen(reading.weeks_until(last, count), last < this)


def _places(found: Sequence[Place]) -> list[Place]:
    """All together first, then by name; what is not known of last."""
    whole, *each = found
    return [
        whole,
        *sorted(each, key=lambda place: (not place.number, words.place_name(place.number))),
    ]


def frame(chosen: Chosen, until: object) -> dict[str, Any]:
    """What the pages of HE1 have in common."""
    before = chosen.last - timedelta(days=7)
    return {
        "title": said(TITLE),
        "description": said(DESCRIPTION),
        "until": until,
        "week": words.week_name(chosen.last),
        "is_over": chosen.is_over,
        "week_key": words.week_key(chosen.last),
        "before": words.week_key(before),
        "before_name": words.week_name(before),
        "after": words.week_key(chosen.last + timedelta(days=7)) if chosen.is_over else "",
        "after_name": words.week_name(chosen.last + timedelta(days=7)),
        "sunday": chosen.last + timedelta(days=6),
        "definition": definition(),
    }


def _rows(found: list[Place]) -> list[Row]:
    highest = max((each.rate.share for each in found if each.rate.share), default=Fraction(1))
    return [_row(each, highest) for each in found]


def _row(place: Place, highest: Fraction) -> Row:
    last = place.last
    return Row(
        words.place_key(place.number),
        words.place_name(place.number),
        words.point_of(last.gross, place.number),
        words.living_of(last.living, place.number),
        words.count_of(last.active),
        words.count_of(last.represented),
        *words.rate_of(place.rate),
        bar=f"{float(place.rate.share / highest) * 100:.1f}" if place.rate.share else "",
    )


def _week_row(each: Any, place: Place, n: int) -> dict[str, Any]:
    before = place.weeks[n - 1].gross if n else None
    is_told = before is not None and not each.gross.is_carried and not before.is_carried
    growth = ""
    if is_told and before is not None and before.value:
        growth = f"+{percent(Fraction(each.gross.value, before.value) - 1)}"  # it never falls
    return {
        "name": words.week_name(each.start),
        "is_over": each.start < week_of(clock.today()).start,
        "gross": words.point_of(each.gross, place.number),
        "living": words.living_of(each.living, place.number),
        "growth": growth,
        "active": words.count_of(each.active),
        "represented": words.count_of(each.represented),
    }


def age_name(age: int) -> str:
    """The group of ages that begins at one."""
    later = [each for each in AGES if each > age]
    if not later:
        return gettext("%(from)s years and older") % {"from": age}
    return gettext("%(from)s–%(to)s years") % {"from": age, "to": later[0] - 1}


def _age_row(each: AgeRate) -> dict[str, Any]:
    rate, interval, counts = words.rate_of(each.rate)
    gap = "–" if each.gap is None else plain(each.gap * 1000, 1)
    return {
        "name": age_name(each.age),
        "rate": rate,
        "interval": interval,
        "counts": counts,
        "gap": f"+{gap}" if each.gap is not None and each.gap > 0 else gap,
    }


def _curve(series: list[list[Point]], chosen: Chosen) -> Any:
    lines = [
        [
            (float(day.toordinal()), float(point.value))
            for day, point in zip(chosen.weeks, points, strict=True)
        ]
        for points in series
    ]
    return sparkline(lines, width=600, height=140)


def _active_curve(place: Place, chosen: Chosen) -> Any:
    points = [
        (float(day.toordinal()), float(each.active))
        for day, each in zip(chosen.weeks, place.weeks, strict=True)
        if each.active is not None
    ]
    return sparkline([points], width=600, height=120) if len(points) > 1 else None


def _finding(place: Place) -> str:
    first, last = place.weeks[0], place.last
    return gettext("From %(before)s to %(now)s users in %(weeks)s weeks") % {
        "before": plain(first.gross.value),
        "now": plain(last.gross.value),
        "weeks": len(place.weeks) - 1,
    }


def _published() -> dict[str, Any]:
    found = roros()
    return {
        "source": found.source,
        "day": found.day,
        "week": found.week,
        "year": found.year,
        "level": gettext(found.said),
        "growth": found.growth_said,
        "phone": percent(found.phone),
        "before": words.span_of(found.before),
        "read_as": words.span_of(found.level),
    }
