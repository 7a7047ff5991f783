"""How HelsaMi is taken into use: on a map, week by week, the gap between ages, and what keeps people out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from fellesjournal.access.policy.rules import Duty
from fellesjournal.leadership.indicators.he1 import reading
from fellesjournal.leadership.indicators.he1.definition import definition
from fellesjournal.leadership.indicators.he1.series import GROWN_UP, AgeRate, Place
from fellesjournal.leadership.indicators.he1.shares import ALL
from fellesjournal.leadership.rollout.adoption import Barrier, Uptake, age_gaps
from fellesjournal.leadership.rollout.barriers import Barriers, stated_everywhere
from fellesjournal.registry.tiles import YEAR, tiles
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders import adoption_words
from fellesjournal.surfaces.leaders import portal_use_words as words
from fellesjournal.surfaces.leaders.amounts import plain
from fellesjournal.surfaces.leaders.barrier_words import (
    HOLDS,
    MOST_FIRST,
    hold_steps,
    summary_rows,
)
from fellesjournal.surfaces.leaders.files import CSV, XLSX, as_file, asked_for
from fellesjournal.surfaces.leaders.pages import leading, page
from fellesjournal.surfaces.leaders.portal_use_views import age_name, chosen_week, frame
from fellesjournal.surfaces.leaders.portal_use_words import Chosen
from fellesjournal.surfaces.leaders.tile_map import Place as OnMap
from fellesjournal.surfaces.leaders.tile_map import TileMap, tile_map

_WEEKS = 7
"""One more than there are small maps: each shows what a week has added to the one before."""


@require_GET
@for_duty(Duty.SEE_FIGURES)
def adoption(request: HttpRequest) -> HttpResponse:
    """Each municipality by a week and the six up to it. ``?week=2026-W47``; ``?as=csv`` is a file."""
    session = leading(request)
    until = reading.counted_until(session)
    chosen = chosen_week(request, _WEEKS)
    counts = reading.counts(session, chosen.weeks)
    found, ages = reading.looked_at(session, counts, chosen.weeks, ALL)
    whole, *each = found
    places = sorted(each, key=lambda place: (not place.number, words.place_name(place.number)))
    everywhere = stated_everywhere(session)
    kind = asked_for(request)
    if kind in {CSV, XLSX}:
        rows = _table(places, chosen, everywhere)
        name = f"HE1-map-{words.week_key(chosen.last)}"
        return as_file(kind, name, rows, _no_paper)
    key = words.week_key(chosen.last)
    context = frame(chosen, until) | {
        "map": tile_map("rate", _on_map(places, key), written=plain),
        "finding": adoption_words.finding(whole, places),
        "rate": words.rate_of(whole.rate),
        "rows": [_row(place) for place in places],
        "weeks": [words.week_name(week) for week in chosen.weeks[1:]],
        "growth": _growth(places, chosen),
        "courses": [_course(place) for place in places],
        "ages": _ages(ages),
        "barriers": summary_rows(everywhere),
        "holds": [HOLDS[hold] for hold in MOST_FIRST],
        "stated": _stated(places, everywhere),
        "functions": adoption_words.functions(),
        "year": YEAR,
    }
    return page(request, "leaders/adoption.html", context)


def _no_paper() -> Any:
    raise NotImplementedError("this table is no paper")


def _on_map(places: Sequence[Place], week: str) -> Mapping[str, OnMap]:
    found = {}
    for place in places:
        if place.number not in tiles():
            continue
        rate, interval, counts = words.rate_of(place.rate)
        share = place.rate.share
        href = reverse("leaders-portal-place", args=[place.number])
        found[place.number] = OnMap(
            None if share is None else share * 1000,
            gettext("%(rate)s of 1000 (%(interval)s; %(counts)s)")
            % {"rate": rate, "interval": interval, "counts": counts}
            if counts
            else adoption_words.without_rate(place),
            place.rate.is_hidden,
            f"{href}?week={week}",
        )
    return found


def _growth(places: Sequence[Place], chosen: Chosen) -> list[tuple[str, str, TileMap]]:
    """A small map for each week: what is shown to have come to each municipality in it. They share a scale."""
    on_map = [place for place in places if place.number in tiles()]
    steps = {
        place.number: [
            now.gross.value - before.gross.value
            for before, now in zip(place.weeks, place.weeks[1:], strict=False)
        ]
        for place in on_map
    }
    highest = Fraction(max((step for own in steps.values() for step in own), default=0))
    found = []
    for n, week in enumerate(chosen.weeks[1:]):
        grown = {
            number: OnMap(Fraction(own[n]), plain(own[n]))
            for number, own in steps.items()
            if own[n]
        }
        name = words.week_name(week)
        total = sum(own[n] for own in steps.values())
        said = gettext("%(count)s more are shown") % {"count": plain(total)}
        found.append((name, said, tile_map(f"week-{n}", grown, highest=highest)))
    return found


def _row(place: Place) -> dict[str, Any]:
    rate, interval, counts = words.rate_of(place.rate)
    return {
        "key": words.place_key(place.number), "name": words.place_name(place.number), "rate": rate,
        "interval": interval, "counts": counts,
    }  # fmt: skip


def _course(place: Place) -> tuple[str, list[str]]:
    return words.place_name(place.number), [
        words.point_of(week.gross, place.number) for week in place.weeks[1:]
    ]


def _ages(found: Sequence[AgeRate]) -> list[dict[str, str]]:
    """Each age of all municipalities together, and how many more it would have with the share of all from the age
    on that rates begin at.
    """
    told = {
        str(each.age): Uptake(ALL, 0, 1, str(each.age), each.rate.users, each.rate.residents)
        for each in found
        if each.age >= GROWN_UP and each.rate.users is not None and each.rate.residents
    }
    gaps = {gap.age_group: gap for gap in age_gaps(told.values())}
    rows = []
    for each in found:
        gap = gaps.get(str(each.age))
        rate, interval, counts = words.rate_of(each.rate)
        missing = "–" if gap is None or gap.missing is None else plain(gap.missing)
        rows.append(
            {"name": age_name(each.age), "rate": rate, "interval": interval, "counts": counts, "missing": missing}
        )  # fmt: skip
    return rows


def _stated(places: Sequence[Place], everywhere: Mapping[str, Barriers]) -> list[dict[str, Any]]:
    """What stands of each municipality of which anything does, beside its rate."""
    rates = {place.number: words.rate_of(place.rate)[0] for place in places}
    return [
        {
            "key": number, "name": words.place_name(number), "rate": rates.get(number, "–"),
            "holds": hold_steps(stands),
        }
        for number, stands in sorted(everywhere.items(), key=lambda each: words.place_name(each[0]))
    ]  # fmt: skip


def _table(
    places: Sequence[Place], chosen: Chosen, everywhere: Mapping[str, Barriers]
) -> Iterator[Sequence[object]]:
    """As it stands on the page: what is held back or carried there is so here."""
    weeks = [words.week_key(week) for week in chosen.weeks]
    yield [
        "indicator",
        "definition",
        "municipality",
        "name",
        "per_1000",
        "users_16",
        "residents_16",
        *weeks,
        *(f"barrier_{barrier}" for barrier in Barrier),
    ]
    for place in places:
        rate = place.rate
        yield [
            "HE1", definition().hash, words.place_key(place.number), words.place_name(place.number),
            "suppressed" if rate.is_hidden else "" if rate.share is None else float(rate.share * 1000),
            "suppressed" if rate.users is None else rate.users,
            "suppressed" if rate.residents is None else rate.residents,
            *(week.gross.value for week in place.weeks),
            *(everywhere.get(place.number, Barriers()).hold(barrier) for barrier in Barrier),
        ]  # fmt: skip
