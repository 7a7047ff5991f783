"""The projection of bed-days: where, which steps, and what follows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_GET

from fellesjournal.access.policy.rules import Duty
from fellesjournal.fhir.issues import PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.leadership.documents.resources import Document
from fellesjournal.leadership.documents.settings import values_on
from fellesjournal.leadership.figures.rounding import in_words
from fellesjournal.leadership.projections.assumptions import DAYS_OPEN, OCCUPANCY
from fellesjournal.leadership.projections.beds import CapacityRule, Gap, beds
from fellesjournal.leadership.projections.fans import FanYear
from fellesjournal.leadership.projections.imports import sources_for
from fellesjournal.leadership.projections.queries import Projection, projection
from fellesjournal.leadership.projections.rates import Flag, Use
from fellesjournal.leadership.projections.recorded import (
    Recorded,
    bands_of,
    name_of,
    with_rates,
)
from fellesjournal.leadership.projections.resources import Origin, Table
from fellesjournal.leadership.projections.sources import Sources
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders.drawing import Bar, fan, waterfall
from fellesjournal.surfaces.leaders.pages import leading, page
from fellesjournal.surfaces.leaders.projection_forms import ProjectionForm, region_name
from fellesjournal.surfaces.leaders.projection_record_views import choices
from fellesjournal.surfaces.leaders.projection_record_words import USES, title


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the way from today to the last year, with its numbers as they are written."""

    title: str
    bar: Bar
    change: str
    order_free: str
    after: str
    beds: int


@require_GET
@for_duty(Duty.SEE_FIGURES)
def projections(request: HttpRequest) -> HttpResponse:
    """The form, and the projection of what is asked for; at first that of the whole area."""
    session = leading(request)
    try:
        kept, chosen = choices(session, request.GET.get("rates", ""))
    except PreconditionFailed:
        messages.error(request, gettext("These rates are no longer those that were counted."))
        return redirect("leaders-projection-recorded")
    form = ProjectionForm(request.GET or None, kept=kept)
    if not form.is_bound:
        said = {name: field.initial for name, field in form.fields.items()}
        form = ProjectionForm(said, kept=kept)
    if not form.is_valid():
        return page(request, "leaders/projections.html", {"form": form}, status=422)
    now = values_on(session, [OCCUPANCY, DAYS_OPEN], clock.today())
    rule = CapacityRule(now[OCCUPANCY.key], int(now[DAYS_OPEN.key]))
    by, origins = sources_for(session, form.cleaned_data["region"])
    if chosen is not None:
        counted = _with_rates(form, by, chosen.body)
        if counted is None:
            return page(request, "leaders/projections.html", {"form": form}, status=422)
        by = counted
    asked = form.scenario(rule)
    last = asked.last_year if request.GET else min(asked.last_year, by.last_year)
    if not by.now.year < last <= by.last_year:
        years = {"first": by.now.year + 1, "last": by.last_year}
        form.add_error("last_year", gettext("A year from %(first)s to %(last)s.") % years)
        return page(request, "leaders/projections.html", {"form": form}, status=422)
    found = projection(replace(asked, base_year=by.now.year, last_year=last), by)
    context = {
        "form": form, **_shown(found), "gap": _gap(found, form.cleaned_data["beds_there"]),
        **_origins(by, origins, chosen),
    }  # fmt: skip
    return page(request, "leaders/projections.html", context)


def _shown(found: Projection) -> dict[str, Any]:
    municipal = dict(found.municipal).get(Use.MUNICIPAL_BED_DAYS)
    return {
        "place": region_name(found.scenario.region),
        "scenario": found.scenario,
        "occupancy": _share(Fraction(found.scenario.capacity.occupancy), 0),
        "rows": _rows(found),
        "others": [(USES[use], _whole(now), _whole(then)) for use, now, then in found.others],
        "result": _whole(found.result),
        "base": _whole(found.base),
        "net": _share(found.net.value or Fraction(), 1),
        "grows": found.result >= found.base,
        "beds_now": found.base_beds,
        "beds_then": found.beds,
        "people": (_whole(found.people_now), _whole(found.people_then)),
        "oldest": (_whole(found.oldest_now), _whole(found.oldest_then)),
        "size": _whole(found.growth.size, sign=True),
        "structure": _whole(found.growth.structure, sign=True),
        "municipal": None if municipal is None else _whole(municipal),
        "places": None if municipal is None else beds(municipal, found.scenario.capacity),
        "fan": fan(found.fan),
        "fan_rows": [(each.year, *_of_year(each)) for each in found.fan],
        "ticks": [(each.at, _whole(each.value)) for each in fan(found.fan).values],
    }


def _with_rates(form: ProjectionForm, by: Sources, found: Recorded) -> Sources | None:
    """The same people with rates from the record; None, and why at its field, where they do not fit."""
    if not any(rate.use is Use.BED_DAYS for rate in found.count.rates):
        form.add_error(
            "rates", gettext("No bed-days were counted there, so none can be projected.")
        )
        return None
    try:
        return with_rates(by, found, form.cleaned_data["region"])
    except ValueError:
        ages = ", ".join(map(str, bands_of(found.count)))
        why = gettext(
            "The ages of the population that was read in do not fit these rates (%(ages)s)."
        )
        form.add_error("rates", why % {"ages": ages})
        return None


def _origins(
    by: Sources, origins: dict[Table, Document[Origin]], chosen: Document[Recorded] | None
) -> dict[str, Any]:
    """Where the people and the rates are from; None for those of the example."""
    rates = {
        "all": by.all_rates,
        "borrowed": by.flagged(Flag.BORROWED),
        "empty": by.flagged(Flag.EMPTY),
    }
    return {
        "people_of": origins[Table.POPULATION].body if by.has_people else None,
        "rates_of": origins[Table.ACTIVITY].body if by.has_rates and chosen is None else None,
        "recorded": None if chosen is None else (name_of(chosen), title(chosen), chosen.body),
        "pooled": ", ".join(map(str, by.years)),
        "rates": rates if by.has_rates else None,
        "alternatives": len(by.later),
    }


def _of_year(each: FanYear) -> list[str]:
    values = (Fraction(each.main), each.low, each.high, each.lowest, each.highest)
    return [_whole(value) for value in values]


def _rows(found: Projection) -> list[Row]:
    bars = waterfall(found.base, [each.change for each in found.steps])
    today = gettext("%(year)s, today's population") % {"year": found.scenario.base_year}
    first = Row(today, bars[0], "", "", _whole(found.base), found.base_beds)
    steps = [
        Row(
            gettext(each.title), bar, _whole(each.change, sign=True),
            _whole(each.order_free, sign=True), _whole(each.after), each.beds,
        )
        for each, bar in zip(found.steps, bars[1:], strict=False)
    ]  # fmt: skip
    net = found.result - found.base
    last = Row(
        str(found.scenario.last_year), bars[-1], _whole(net, sign=True), _whole(net, sign=True),
        _whole(found.result), found.beds,
    )  # fmt: skip
    return [first, *steps, last]


def _gap(found: Projection, there: int | None) -> int | None:
    """Beds that are lacking in the last year; None when it was not said how many there are."""
    return None if there is None else int(Gap(Fraction(found.beds), Fraction(there)).lacking)


def _whole(value: Fraction | float, *, sign: bool = False) -> str:
    text = in_words(value, 0, get_language() or "nb")
    return f"+{text}" if sign and value > 0 else text.replace("-", "\N{MINUS SIGN}")


def _share(value: Fraction, places: int) -> str:
    text = in_words(value, places, get_language() or "nb", percent=True)
    return f"+{text}" if places and value > 0 else text.replace("-", "\N{MINUS SIGN}")


__all__ = ["projections"]
