"""One measure of a plan, to be written anew or taken away."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound, PreconditionFailed
from fellesjournal.leadership.benefits import queries
from fellesjournal.leadership.benefits.actions import doing
from fellesjournal.leadership.benefits.plan import Measure, Plan
from fellesjournal.leadership.benefits.policies import must_plan
from fellesjournal.leadership.benefits.refusals import Refused
from fellesjournal.leadership.documents.resources import Document
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders.benefit_forms import SeenForm
from fellesjournal.surfaces.leaders.benefit_lines import titles_of
from fellesjournal.surfaces.leaders.benefit_measure_forms import MeasureDropForm, MeasureForm
from fellesjournal.surfaces.leaders.benefit_views import say_why
from fellesjournal.surfaces.leaders.pages import leading, page
from fellesjournal.surfaces.leaders.rollout_views import OVERTAKEN


@require_GET
@for_duty(Duty.REALISE_BENEFITS)
def measure(request: HttpRequest, unit: str, indicator: str, place: int) -> HttpResponse:
    """The ``place``-th measure of a line, counted from 1."""
    return _measure_page(request, unit, indicator, place)


@require_POST
@for_duty(Duty.REALISE_BENEFITS)
def measure_act(
    request: HttpRequest, unit: str, indicator: str, place: int, act: str
) -> HttpResponse:
    """Write it anew (``change``) or take it away (``drop``)."""
    session = leading(request)
    stands, found = _standing(session, unit, indicator, place)
    form = _forms(stands, found, request.POST).get(act)
    if form is None:
        raise NotFound("there is no such page")
    if not form.is_valid():
        return _measure_page(request, unit, indicator, place, {act: form}, status=422)
    try:
        _do(session, unit, indicator, found.title, form)
    except Refused as refused:
        say_why(form, refused)
        return _measure_page(request, unit, indicator, place, {act: form}, status=422)
    except PreconditionFailed:
        messages.warning(request, str(OVERTAKEN))
    else:
        messages.success(request, gettext("Saved."))
    return redirect("leaders-benefit-line", unit, indicator)


def _do(session: Session, unit: str, indicator: str, title: str, form: SeenForm) -> None:
    seen = form.cleaned_data["version"]
    if isinstance(form, MeasureForm):
        doing.change_measure(session, unit, indicator, title, form.measure(), seen=seen)
    else:
        reason = form.cleaned_data["reason"]
        doing.drop_measure(session, unit, indicator, title, seen=seen, reason=reason)


def _standing(
    session: Session, unit: str, indicator: str, place: int
) -> tuple[Document[Plan], Measure]:
    """The plan, and the measure at a place of one of its lines."""
    must_plan(session, f"Organization/{unit}")
    stands = queries.plan(session, unit)
    line = None if stands is None else stands.body.line(indicator)
    if stands is None or line is None or not 1 <= place <= len(line.measures):
        raise NotFound("there is no such page")
    return stands, doing.measure_of(stands.body, indicator, line.measures[place - 1])


def _forms(stands: Document[Plan], found: Measure, data: Any = None) -> dict[str, SeenForm]:
    first = {"version": stands.version}
    now = {**asdict(found), "cost": found.cost or None, **first}
    return {
        "change": MeasureForm(data, initial=now, auto_id="change_%s"),
        "drop": MeasureDropForm(data, initial=first, auto_id="drop_%s"),
    }


def _measure_page(
    request: HttpRequest,
    unit: str,
    indicator: str,
    place: int,
    forms: dict[str, SeenForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    session = leading(request)
    stands, found = _standing(session, unit, indicator, place)
    context = {
        "unit": unit,
        "indicator": indicator,
        "title": titles_of(queries.items(session)).get(indicator, indicator),
        "measure": found,
        "place": place,
        "forms": {**_forms(stands, found), **(forms or {})},
    }
    return page(request, "leaders/benefit_measure.html", context, status=status)


__all__ = ["measure", "measure_act"]
