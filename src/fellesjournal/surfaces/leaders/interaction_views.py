"""Who hands over to whom: each of the ten indicators of interaction by pairs of organisations, with how much
of it both ends can follow; and by units where an indicator is of no pair.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.foundation import clock
from fellesjournal.leadership.figures.periods import previous
from fellesjournal.leadership.figures.ratios import ratio
from fellesjournal.leadership.indicators import reading
from fellesjournal.leadership.indicators.asking import Asked
from fellesjournal.leadership.indicators.catalogue import INTERACTION
from fellesjournal.leadership.indicators.coverage import both_by_chance
from fellesjournal.leadership.indicators.definition import Indicator
from fellesjournal.leadership.indicators.pairs import COVERAGE, SILENT
from fellesjournal.leadership.indicators.parts import Part, Shown
from fellesjournal.leadership.indicators.reading import Units
from fellesjournal.leadership.indicators.sa6 import SA6
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders.amounts import percent
from fellesjournal.surfaces.leaders.files import as_file, asked_for
from fellesjournal.surfaces.leaders.indicator_views import month_asked
from fellesjournal.surfaces.leaders.indicator_words import said, shown
from fellesjournal.surfaces.leaders.interaction_paper import sheet
from fellesjournal.surfaces.leaders.pages import leading, page
from fellesjournal.surfaces.leaders.pair_words import NOT_OF_PAIRS, Cell, Line, finding, lines


@require_GET
@for_duty(Duty.SEE_FIGURES)
def interaction(request: HttpRequest) -> HttpResponse:
    """What we hand over to whom, and what comes from whom. ``?indicator=SA4``, ``?month=2026-11``,
    ``?as=csv`` is a file.
    """
    session = leading(request)
    indicator = _asked(request.GET.get("indicator", ""))
    seen = reading.seen_until(session, [indicator])
    own = reading.own_units(session, is_made=indicator.id in seen)
    period = month_asked(request.GET.get("month", ""))
    cut = seen.get(indicator.id)
    context: dict[str, Any] = {
        "indicator": indicator, "title": said(indicator.titles), "description": said(indicator.description),
        "indicators": [(each.id, said(each.titles)) for each in INTERACTION],
        "month": period.start, "before": previous(period).start,
        "after": period.end if period.end <= clock.today() else None, "cut": cut,
        "no_pairs": NOT_OF_PAIRS.get(indicator.id, ""), "is_document": indicator.id == SA6.id,
    }  # fmt: skip
    if cut is None:
        return page(request, "leaders/interaction.html", context)
    asked = Asked(indicator, period, values=reading.values(session))
    if indicator.has_sides:
        context |= _pairs(session, asked, own)
        if kind := asked_for(request):
            name = f"{indicator.id}-pairs-{period.start}-{period.end}"
            rows = _table(asked, context["own"], context["lines"], cut)
            return as_file(kind, name, rows, lambda: sheet(asked, cut, context))
    else:
        context |= _units(session, asked, own, cut)
    return page(request, "leaders/interaction.html", context)


def _asked(name: str) -> Indicator:
    """The indicator asked for; that of documents for anything else."""
    return next((each for each in INTERACTION if each.id == name), SA6)


def _pairs(session: Session, asked: Asked, own: Units) -> dict[str, Any]:
    found, names = reading.pairs_of(session, asked, own)
    made = lines(found, asked.indicator, own.organisation, names, own.inside)
    others = {number for each in found for number in (each.sender, each.receiver)}
    others.discard(own.organisation)
    name = names.get(own.organisation, own.tree[0].name)
    keys = {each.key for each in asked.indicator.companions}
    return {
        "lines": made, "own": name, "finding": finding(made, name, asked.indicator),
        "rows": list(_flat(name, made)), "has_coverage": COVERAGE in keys, "has_silent": SILENT in keys,
        **_platform(len(others & own.inside), len(others)),
    }  # fmt: skip


def _units(session: Session, asked: Asked, own: Units, cut: datetime) -> dict[str, Any]:
    values = reading.figures(session, [asked], own.groups, {asked.indicator.id: cut})[0]
    return {
        "units": [(unit, shown(asked.indicator, values[unit.reference])) for unit in own.tree],
        "own": own.tree[0].name,
    }


def _flat(own: str, made: Iterable[Line]) -> Iterator[tuple[str, str, Cell]]:
    """From, to, and what is shown of it, for each pair with something."""
    for line in made:
        if line.given.part is not None:
            yield own, line.name, line.given
        if line.came.part is not None:
            yield line.name, own, line.came


def _platform(inside: int, of: int) -> dict[str, Any]:
    """How many of those at the other end use the platform, in words."""
    share = ratio(inside, of).value
    if share is None:
        return {"inside": 0, "of": 0}
    return {
        "inside": inside, "of": of, "share": percent(share), "chance": percent(both_by_chance(share)),
    }  # fmt: skip


def _table(
    asked: Asked, own: str, made: Sequence[Line], cut: datetime
) -> Iterator[Sequence[object]]:
    """The pairs as they stand on the page: what is held back there is held back here."""
    yield ("indicator", "definition", "start", "end", "from", "to", "value", "numerator", "denominator",
           "status", "coverage", "cut")  # fmt: skip
    for sender, receiver, cell in _flat(own, made):
        part = cell.part
        yield (
            asked.indicator.id, asked.definition.hash, asked.period.start, asked.period.end, sender, receiver,
            *_numbers(part), _status(part), cell.coverage or gettext("not counted"),
            cut.isoformat(timespec="seconds"),
        )  # fmt: skip


def _numbers(part: Shown | None) -> tuple[object, object, object]:
    if not isinstance(part, Part) or not part.denominator:
        return "", "", ""
    if part.numerator is None:
        return "" if part.value is None else float(part.value), "", part.denominator
    return part.numerator / part.denominator, part.numerator, part.denominator


def _status(part: Shown | None) -> str:
    if not isinstance(part, Part):
        return "suppressed"
    return "as before" if part.is_carried else "shown"
