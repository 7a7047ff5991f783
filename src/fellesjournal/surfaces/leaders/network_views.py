"""The network: organisations compared at the same age, practices to copy, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotAllowed, PreconditionFailed
from fellesjournal.foundation.ui.forms import form_key
from fellesjournal.leadership.benefits import queries
from fellesjournal.leadership.benefits.actions import sharing
from fellesjournal.leadership.benefits.network import (
    Compared,
    Place,
    Practice,
    compare,
    effect,
    told,
)
from fellesjournal.leadership.benefits.plan import Plan
from fellesjournal.leadership.benefits.policies import may_plan, may_realise
from fellesjournal.leadership.benefits.refusals import Refused
from fellesjournal.leadership.benefits.resources import PRACTICE
from fellesjournal.leadership.documents.queries import standing
from fellesjournal.leadership.documents.resources import Document
from fellesjournal.leadership.indicators.catalogue import CATALOGUE
from fellesjournal.leadership.rollout import queries as rollout
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders import benefit_words as words
from fellesjournal.surfaces.leaders.amounts import percent, plain
from fellesjournal.surfaces.leaders.benefit_lines import moved_in, value_in
from fellesjournal.surfaces.leaders.benefit_views import say_why
from fellesjournal.surfaces.leaders.benefit_worth import actor_of
from fellesjournal.surfaces.leaders.funnel_drawing import drawn_funnel
from fellesjournal.surfaces.leaders.indicator_words import said
from fellesjournal.surfaces.leaders.network_forms import CompareForm, CopyForm, PracticeForm
from fellesjournal.surfaces.leaders.pages import leading, page
from fellesjournal.surfaces.leaders.rollout_views import OVERTAKEN
from fellesjournal.surfaces.leaders.unit_names import names_of_units


@require_http_methods(["GET", "POST"])
@for_duty(Duty.SEE_FIGURES)
def network(request: HttpRequest) -> HttpResponse:
    """Organisations against the funnel, and practices; ``?indicator=LE1&months=12``."""
    session = leading(request)
    plans = [each.body for each in queries.plans(session)]
    indicators = _indicators(plans)
    may_share = may_realise(session)
    form = PracticeForm(request.POST or None, indicators=indicators, auto_id="practice_%s")
    if request.method == "POST":
        if not may_share:
            raise NotAllowed("who coordinates benefits does this", code="forbidden")
        if form.is_valid():
            return _shared(request, form)
    asked = CompareForm(request.GET if "indicator" in request.GET else None, indicators=indicators)
    first = indicators[0][0] if indicators else ""
    is_asked = asked.is_bound and asked.is_valid()
    indicator = asked.cleaned_data["indicator"] if is_asked else first
    months = asked.cleaned_data["months"] if is_asked else None
    practices = queries.practices(session)
    units = [each.unit for each in plans] + [each.body.unit for each in practices]
    names = names_of_units(session, units)
    context = {
        "form": asked if asked.is_bound else CompareForm(
            indicators=indicators, initial={"indicator": first}
        ),
        "practices": [
            (each, names.get(each.body.unit, each.body.unit), _title(each.body.indicator))
            for each in practices
        ],
        "practice_form": form if may_share and indicators else None,
        **_comparison(session, plans, indicator, months, names),
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return page(request, "leaders/network.html", context, status=status)


@require_http_methods(["GET", "POST"])
@for_duty(Duty.SEE_FIGURES)
def practice(request: HttpRequest, key: str) -> HttpResponse:
    """One practice: what is done, who has copied it, and what became of the figures since."""
    session = leading(request)
    found = standing(session, PRACTICE, key).body
    unit = session.unit.partition("/")[2]
    plans = {each.body.unit: each for each in queries.plans(session)}
    own = plans.get(session.unit)
    form = _copy_form(request, session, found, own)
    if request.method == "POST":
        if form is None:
            raise NotAllowed("there is no plan to copy it into", code="forbidden")
        if form.is_valid() and (answer := _copied(request, unit, key, form)) is not None:
            return answer
    names = names_of_units(session, [found.unit, *(each.unit for each in found.adopters)])
    context = {
        "practice": found,
        "title": _title(found.indicator),
        "name": names.get(found.unit, found.unit),
        "unit": found.unit.partition("/")[2],
        "effects": [
            {
                "name": names.get(each.unit, each.unit),
                "unit": each.unit.partition("/")[2],
                "day": each.day,
                **_effect(found, plans.get(each.unit), each.day),
            }
            for each in found.adopters
        ],
        "form": form,
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "leaders/practice.html", context, status=status)


def _shared(request: HttpRequest, form: PracticeForm) -> HttpResponse:
    session, key = leading(request), form_key(request)
    try:
        sharing.share(session, key, form.practice(session.unit), reason=form.cleaned_data["reason"])
    except PreconditionFailed:
        messages.info(request, gettext("This was sent before."))
    else:
        messages.success(request, gettext("Saved."))
    return redirect("leaders-practice", key)


def _copy_form(
    request: HttpRequest, session: Session, found: Practice, own: Document[Plan] | None
) -> CopyForm | None:
    """The form to take it over: for who coordinates a plan that has the indicator, and not yet this."""
    if own is None or own.body.line(found.indicator) is None or not may_plan(session, session.unit):
        return None
    has_it = session.unit in {found.unit, *(each.unit for each in found.adopters)}
    if has_it and request.method == "GET":
        return None
    return CopyForm(request.POST or None, initial={"version": own.version})


def _copied(request: HttpRequest, unit: str, key: str, form: CopyForm) -> HttpResponse | None:
    said_ = form.cleaned_data
    try:
        sharing.copy(
            leading(request), unit, key, responsible=said_["responsible"], seen=said_["version"]
        )
    except Refused as refused:
        say_why(form, refused)
        return None
    except PreconditionFailed:
        messages.warning(request, str(OVERTAKEN))
    else:
        messages.success(request, gettext("It is a measure of our plan now."))
    return redirect("leaders-practice", key)


def _indicators(plans: Sequence[Plan]) -> list[tuple[str, str]]:
    """The indicators that plans have a baseline of, with their titles."""
    used = {line.indicator for plan in plans for line in plan.lines if line.baseline}
    return [(each, f"{each}: {_title(each)}") for each in sorted(used & set(CATALOGUE))]


def _title(indicator: str) -> str:
    found = CATALOGUE.get(indicator)
    return indicator if found is None else said(found.titles)


def _comparison(
    session: Session,
    plans: Sequence[Plan],
    indicator: str,
    months: int | None,
    names: Mapping[str, str],
) -> dict[str, Any]:
    """The funnel with its table; nothing when no plan has a figure."""
    if indicator not in CATALOGUE:
        return {"rows": [], "others": [], "without": []}
    live = _go_lives(session)
    values = [
        one
        for plan in plans
        if (one := told(plan, indicator, live.get(_actor(plan)), months)) is not None
    ]
    found = compare(values, CATALOGUE[indicator].hash)
    have_one = {each.unit for each in values}
    return {
        "without": [names.get(each.unit, each.unit) for each in plans if each.unit not in have_one],
        "indicator": indicator,
        "indicator_title": _title(indicator),
        "share": "" if found.share is None else percent(found.share),
        "rows": [_row(each, indicator, names) for each in found.compared],
        "others": [names.get(each, each) for each in found.others],
        "chart": drawn_funnel(found, [names.get(each.told.unit, "") for each in found.compared]),
    }


def _go_lives(session: Session) -> dict[str, date]:
    """When each organisation of the rollout goes live, by its number."""
    programme = rollout.programme(session).body
    return {each.actor: each.go_live(programme.wave(each.wave)) for each in programme.plans}


def _actor(plan: Plan) -> str:
    return actor_of(plan.unit.partition("/")[2])


def _row(one: Compared, indicator: str, names: Mapping[str, str]) -> dict[str, Any]:
    measured = one.told.measured
    return {
        "unit": one.told.unit.partition("/")[2],
        "name": names.get(one.told.unit, one.told.unit),
        "months": one.told.months,
        "last_day": measured.end - timedelta(days=1),
        "value": value_in(indicator, measured.value),
        "counts": f"{plain(measured.numerator or 0)} / {plain(measured.denominator)}",
        "limits": f"{value_in(indicator, max(0.0, one.limits.low))}–"
        f"{value_in(indicator, min(1.0, one.limits.high))}",
        "place": words.PLACES[one.place],
        "is_outside": one.place in {Place.ABOVE, Place.BELOW},
    }


def _effect(found: Practice, plan: Document[Plan] | None, day: date) -> dict[str, str]:
    line = None if plan is None else plan.body.line(found.indicator)
    came = effect(line, day)
    difference = came.difference
    return {
        "before": "" if came.before is None else value_in(found.indicator, came.before.value),
        "after": "" if came.after is None else value_in(found.indicator, came.after.value),
        "difference": "" if difference is None else moved_in(found.indicator, difference),
        "verdict": ""
        if difference is None
        else gettext("more than chance")
        if came.is_more_than_chance
        else gettext("not distinguishable from chance"),
    }


__all__ = ["network", "practice"]
