"""Rates from the record: those that are kept, counting anew, and what one of them says of a place.

Here what is counted meets what projects: ``indicators/used`` and ``projections`` know nothing of each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import PreconditionFailed
from fellesjournal.foundation.database.connection import transaction
from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.foundation.ui.templatetags.ui import on_day
from fellesjournal.leadership.documents.policies import has_duty
from fellesjournal.leadership.documents.queries import names_of
from fellesjournal.leadership.documents.resources import Document
from fellesjournal.leadership.figures.periods import Period, year
from fellesjournal.leadership.figures.rounding import in_words
from fellesjournal.leadership.indicators.used.reading import (
    OfService,
    Why,
    Year,
    last_year,
    used_in,
)
from fellesjournal.leadership.indicators.used.services import AGES_FROM, LeftOut
from fellesjournal.leadership.projections.people import Ages, Sex
from fellesjournal.leadership.projections.rates import Flag, Rate, Use
from fellesjournal.leadership.projections.recorded import (
    USES,
    Count,
    Recorded,
    RecordedRate,
    RecordedService,
    all_kept,
    bands_of,
    called,
    keep,
    name_of,
    rates_of,
)
from fellesjournal.leadership.projections.regions import EVERYBODY, regions
from fellesjournal.leadership.projections.resources import SAVED_BY
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders import projection_record_words as words
from fellesjournal.surfaces.leaders.pages import leading, page
from fellesjournal.surfaces.leaders.projection_forms import region_choices, region_name

_YEARS = 2
"""So many calendar years back can be chosen besides the last twelve months."""


class CountForm(PlainForm):
    """Which twelve months are counted, by the day after them, and why."""

    ends = forms.ChoiceField(label=_("Twelve months"))
    reason = forms.CharField(label=_("What they are for"), max_length=300)

    def __init__(self, periods: list[Period], *args: Any) -> None:
        super().__init__(*args)
        field = self.fields["ends"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each.end.isoformat(), _days(each.start, each.end)) for each in periods]


class RegionForm(PlainForm):
    """Of which place the rates are shown."""

    region = forms.ChoiceField(label=_("Where"), choices=region_choices, initial=EVERYBODY)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table of rates, as it is written; ``pooled``: of which ages together, "" for its own."""

    who: str
    ages: str
    cells: tuple[tuple[Any, str], ...]
    lived: str
    pooled: str
    of_place: str


@require_GET
@for_duty(Duty.SEE_FIGURES)
def recorded(request: HttpRequest) -> HttpResponse:
    """The rates that are kept, and the form to count anew."""
    session = leading(request)
    return _page(request, session, CountForm(_periods(session)))


@require_POST
@for_duty(*sorted(SAVED_BY))
def count_it(request: HttpRequest) -> HttpResponse:
    """Count twelve months and keep what may be told of them; nothing is kept where nothing may be."""
    session = leading(request)
    periods = _periods(session)
    form = CountForm(periods, request.POST)
    if not form.is_valid():
        return _page(request, session, form, status=422)
    chosen = next(each for each in periods if each.end.isoformat() == form.cleaned_data["ends"])
    try:
        with transaction():  # what is told and what is remembered of it
            found = used_in(session, chosen)
            why = found if isinstance(found, Why) else _nothing(found)
            if not isinstance(found, Why) and why is None:
                kept = keep(session, _count(found), reason=form.cleaned_data["reason"])
    except PreconditionFailed:
        messages.warning(request, gettext("Somebody has counted meanwhile. Look at it first."))
        return redirect("leaders-projection-recorded")
    if why is not None:
        form.add_error("ends", str(words.WHY[why]))
        return _page(request, session, form, status=422)
    messages.success(request, gettext("Counted and kept. Projections can go by it."))
    return redirect("leaders-projection-recorded-one", name_of(kept))


@require_GET
@for_duty(Duty.SEE_FIGURES)
def recorded_one(request: HttpRequest, name: str) -> HttpResponse:
    """A count that is kept: where it comes from, and its rates for a place."""
    session = leading(request)
    try:
        found = called(session, name)
    except PreconditionFailed:
        messages.error(request, gettext("These rates are no longer those that were counted."))
        return redirect("leaders-projection-recorded")
    form = RegionForm(request.GET if "region" in request.GET else {"region": EVERYBODY})
    region = form.cleaned_data["region"] if form.is_valid() else EVERYBODY
    count = found.body.count
    context = {
        "form": form, "found": found, "count": count, "name": name, "region": region,
        "place": region_name(region), "days": _days(count.starts, count.ends),
        "author": names_of(session, [found]).get(found.author, found.author),
        "services": [_service(count, each, region) for each in count.services],
    }  # fmt: skip
    return page(
        request, "leaders/projection_recorded_one.html", context, 200 if form.is_valid() else 422
    )


def _page(
    request: HttpRequest, session: Session, form: CountForm, status: int = 200
) -> HttpResponse:
    kept = all_kept(session)
    names = names_of(session, kept)
    may_count = has_duty(session, SAVED_BY)
    context = {
        "kept": [
            (name_of(each), words.title(each), each, names.get(each.author, each.author))
            for each in kept
        ],
        "form": form if may_count and form.fields["ends"].choices else None,  # type: ignore[attr-defined]  # a ChoiceField
        "is_waiting": may_count and not form.fields["ends"].choices,  # type: ignore[attr-defined]  # a ChoiceField
    }
    return page(request, "leaders/projection_recorded.html", context, status)


def _periods(session: Session) -> list[Period]:
    """The last twelve whole months and the last calendar years that are over; none until tables are made."""
    last = last_year(session)
    if last is None:
        return []
    years = [year(last.end.year - before) for before in range(1, _YEARS + 1)]
    return list(dict.fromkeys([last, *years]))


def _nothing(found: Year) -> Why | None:
    """Why nothing of it can be kept; None when something can."""
    if any(each.used for each in found.services):
        return None
    reasons = [each.why for each in found.services if each.why is not None]
    return Why.TOO_FEW if Why.TOO_FEW in reasons else reasons[0]


def _count(found: Year) -> Count:
    return Count(
        found.period.start, found.period.end, found.cut, found.definition.hash, AGES_FROM,
        tuple(
            RecordedService(
                each.name, each.since,
                0 if each.since is None else (found.period.end - each.since).days,
                tuple((str(why), count) for why, count in each.left_out), each.why or "",
            )
            for each in found.services
        ),
        tuple(rate for each in found.services for rate in _rates(each, found.period.days)),
    )  # fmt: skip


def _rates(service: OfService, days: int) -> Iterator[RecordedRate]:
    """Person-years stand to a tenth: days would tell when somebody died."""
    for each in service.used:
        lived = (Decimal(each.days) / days).quantize(Decimal("0.1"), ROUND_HALF_UP)
        for use in USES[service.name] if lived else ():
            amount = Fraction(each.acts) if use is Use.STAYS else each.amount
            yield RecordedRate(each.place, Sex(each.sex), each.low, each.high, use, amount, lived)


def _service(count: Count, service: RecordedService, region: str) -> dict[str, Any]:
    uses = USES[service.name]
    own = [rate for rate in count.rates if rate.use == uses[-1]]
    whole = (count.ends - count.starts).days
    return {
        "name": words.SERVICES[service.name], "what": words.WHAT[service.name],
        "uses": [words.USES[use] for use in uses],
        "why": words.WHY[Why(service.why)] if service.why else "",
        "since": service.since, "days": service.days,
        "factor": _number(Fraction(whole, service.days), 2) if 0 < service.days < whole else "",
        "left_out": [(words.LEFT_OUT[LeftOut(why)], n) for why, n in service.left_out],
        "rows": _rows(count, uses, region) if own else [],
        "totals": [(words.USES[use], _number(_of_all(count, use), 0)) for use in uses] if own else [],
    }  # fmt: skip


def _of_all(count: Count, use: Use) -> Fraction:
    of = (rate.amount for rate in count.rates if (rate.region, rate.use) == (EVERYBODY, use))
    return sum(of, Fraction())


def _rows(count: Count, uses: tuple[Use, ...], region: str) -> list[Row]:
    """A row for each pool of ages; its rates are those of every age in it."""
    table = rates_of(count, region)
    found = []
    pools = [r for r in count.rates if (r.region, r.use) == (EVERYBODY, uses[-1])]
    for pool in sorted(pools, key=lambda each: (each.sex, each.low)):
        sex = Sex.FEMALE if pool.sex is Sex.ALL else pool.sex
        inside = [ages for ages in bands_of(count) if pool.ages.holds(ages)]
        rates = [
            next(of[use] for cell, of in table.items() if (cell.sex, cell.ages) == (sex, inside[0]) and use in of)
            for use in uses
        ]  # fmt: skip
        parts = len(inside) * (2 if pool.sex is Sex.ALL else 1)
        together = [str(each) for each in inside] if len(inside) > 1 else []
        if pool.sex is Sex.ALL:
            together.append(gettext("women and men"))
        found.append(Row(
            str(words.SEXES[pool.sex]), _ages(pool.ages),
            tuple((words.USES[use], _number(rate.value, 3)) for use, rate in zip(uses, rates, strict=True)),
            _number(rates[0].person_years * parts, 1), ", ".join(together), _of(rates[0], count, pool, region),
        ))  # fmt: skip
    return found


def _of(rate: Rate, count: Count, pool: RecordedRate, region: str) -> str:
    """Whose rate it is, where it is not the place's own."""
    if rate.flag is Flag.OWN:
        return ""
    same = (pool.use, pool.sex, pool.ages)
    wider = {r.region for r in count.rates if (r.use, r.sex, r.ages) == same}
    inside = set(regions()[region].numbers)
    around = [
        each for key, each in regions().items()
        if key in wider and each.kind in {"county", "all"} and inside <= set(each.numbers)
    ]  # fmt: skip
    return region_name(min(around, key=lambda each: len(each.numbers)).key)


def _ages(ages: Ages) -> str:
    return gettext("all ages") if ages == Ages(0) else str(ages)


def _days(start: date, end: date) -> str:
    last = end - timedelta(days=1)
    return f"{on_day(start)}\N{EN DASH}{on_day(last)}"


def _number(value: Fraction, places: int) -> str:
    return in_words(value, places, get_language() or "nb")


def choices(
    session: Session, asked: str
) -> tuple[list[tuple[str, str]], Document[Recorded] | None]:
    """Kept counts for a list to choose from, and the one that is asked for by its name; an older version of
    one too. Raises as ``recorded.called``.
    """
    kept = {name_of(each): each for each in all_kept(session)}
    chosen = called(session, asked) if asked else None
    if chosen is not None:
        kept.setdefault(asked, chosen)
    return [(name, words.title(each)) for name, each in kept.items()], chosen


__all__ = ["choices", "count_it", "recorded", "recorded_one"]
