"""Indicators over the API: a Measure of the catalogue, and ``Measure/[id]/$evaluate-measure``.

http://hl7.org/fhir/R4/measure-operation-evaluate-measure.html. Only for whose role sees figures, by
the same door as the leaders' pages (``leadership/indicators/reading.py``): the same units and periods,
the same figures, and what is held back there is held back here. For others, a Measure of the catalogue
is not known; Measures that clients have stored are as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import takewhile

import orjson

from fellesjournal.access.attempts import Unavailable
from fellesjournal.access.directory.units import Unit
from fellesjournal.access.smart.sessions import check_letter
from fellesjournal.fhir.issues import BadRequest, NotFound, NotSupported, Unprocessable
from fellesjournal.foundation import clock
from fellesjournal.leadership.figures.periods import Period, month_of
from fellesjournal.leadership.indicators import reading
from fellesjournal.leadership.indicators.asking import Asked, Side
from fellesjournal.leadership.indicators.catalogue import CATALOGUE
from fellesjournal.leadership.indicators.definition import Indicator
from fellesjournal.leadership.indicators.reading import Units
from fellesjournal.leadership.indicators.reports import OfUnit, measure, report
from fellesjournal.surfaces.fhir_api import parameters, subsets
from fellesjournal.surfaces.fhir_api.request import GENERAL, Request
from fellesjournal.surfaces.fhir_api.response import Response

_PARAMETERS = frozenset({"periodStart", "periodEnd", "reportType", "subject", "side"})
_SUMMARY = frozenset({"population", "summary"})
"""What R4 calls a report of all together, and what R5 and the resource itself call it."""


def read(request: Request, measure_id: str) -> Response | None:
    """A Measure of the catalogue; None for another, and for whose role sees no figures."""
    assert request.session is not None  # routing lets no request without one come here
    found = CATALOGUE.get(measure_id)
    if found is None or not reading.may_see(request.session):
        return None
    body = orjson.dumps(measure(found))
    subset = subsets.subset_of(request) if request.query else None
    return Response(200, body if subset is None else subset("Measure", body))


def evaluate(request: Request) -> Response:
    """The MeasureReport (summary) of one's own unit, or of ``subject`` below it.

    Raises NotFound for who sees no figures, BadRequest and Unprocessable for a period that the pages do
    not show: of others, differences would tell of few.
    """
    session = request.session
    assert session is not None  # routing lets no request without one come here
    _, measure_id, _ = request.path
    found = CATALOGUE.get(measure_id)
    if found is None or not reading.may_see(session):
        raise NotFound(f"Measure/{measure_id[:100]} is not known")
    for type_name in ("Measure", "MeasureReport"):
        check_letter(session, type_name, "r")
    asked = _asked(request)
    own = reading.own_units(session)
    seen = reading.seen_until(session, [found])
    if found.id not in seen:
        raise Unavailable("the figures are being counted for the first time; ask again in a minute")
    question = Asked(found, _period(found, asked), _side(found, asked), reading.values(session))
    below = _below(own, asked.get("subject", ""))
    (shown,) = reading.figures(session, [question], own.groups, seen)
    units = [OfUnit(each.reference, each.name, shown[each.reference]) for each in below]
    made = report(question, units, at=clock.now(), base=request.base)
    return Response(200, orjson.dumps(made))


def _asked(request: Request) -> dict[str, str]:
    asked: dict[str, str] = {}
    for name, value in parameters.as_query(request):
        if name not in _PARAMETERS | GENERAL and not request.prefer.lenient:
            raise NotSupported(f"the parameter {name[:100]!r} means nothing for $evaluate-measure")
        asked[name] = value
    if asked.get("reportType", "summary") not in _SUMMARY:
        raise NotSupported("reportType: only population (a summary); nobody is told of here")
    return asked


def _period(indicator: Indicator, asked: dict[str, str]) -> Period:
    """A period that the page has too: a month, or the window that ends on the last day of one (today, in
    this one).
    """
    ends = _day(asked.get("periodEnd", ""), "periodEnd") or clock.today()
    chosen = month_of(min(ends, clock.today()))
    last = min(chosen.end - timedelta(days=1), clock.today())
    period = reading.period_of(indicator, last)
    starts = _day(asked.get("periodStart", ""), "periodStart") or period.start
    if starts != period.start or ends not in {last, period.end - timedelta(days=1)}:
        raise Unprocessable(
            f"figures are of {'a window' if indicator.window_days else 'a month'}: here"
            f" periodStart={period.start} and periodEnd={period.end - timedelta(days=1)}",
            code="business-rule",
        )
    return period


def _day(text: str, name: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadRequest(f"{name} is a day such as 2026-11-01", code="value") from None


def _side(indicator: Indicator, asked: dict[str, str]) -> Side:
    said = asked.get("side", Side.FROM)
    if said not in set(Side) or (said == Side.TO and not indicator.has_sides):
        raise BadRequest("side is from or to, of an indicator of handovers", code="value")
    return Side(said)


def _below(own: Units, subject: str) -> Sequence[Unit]:
    """The unit asked for and all below it. Raises NotFound for one that is not hers."""
    if not subject:
        return own.tree
    at = next((n for n, unit in enumerate(own.tree) if unit.reference == subject), None)
    if at is None:
        raise NotFound(f"{subject[:100]} is no unit of yours")
    top = own.tree[at]
    return [top, *takewhile(lambda unit: unit.depth > top.depth, own.tree[at + 1 :])]


__all__ = ["evaluate", "read"]
