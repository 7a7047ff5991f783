"""The selection list: what is worth the work, by criteria and several people's scores; one item."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotAllowed, NotFound, PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.leadership.benefits import queries
from fellesjournal.leadership.benefits.actions import listing, planning
from fellesjournal.leadership.benefits.policies import may_realise
from fellesjournal.leadership.benefits.refusals import Refused
from fellesjournal.leadership.benefits.resources import ITEM
from fellesjournal.leadership.benefits.selection import Item
from fellesjournal.leadership.documents.queries import names_of, versions
from fellesjournal.leadership.documents.resources import Document
from fellesjournal.leadership.indicators.catalogue import CATALOGUE
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders import benefit_words as words
from fellesjournal.surfaces.leaders.amounts import plain
from fellesjournal.surfaces.leaders.benefit_drawing import drawn_plot
from fellesjournal.surfaces.leaders.benefit_forms import SeenForm
from fellesjournal.surfaces.leaders.benefit_lines import title_of
from fellesjournal.surfaces.leaders.pages import leading, page
from fellesjournal.surfaces.leaders.rollout_views import OVERTAKEN
from fellesjournal.surfaces.leaders.selection_forms import (
    CRITERIA,
    CriteriaForm,
    ItemForm,
    RetireForm,
    ScoreForm,
)


@require_http_methods(["GET", "POST"])
@for_duty(Duty.SEE_FIGURES)
def selection(request: HttpRequest) -> HttpResponse:
    """The list, weighed; whoever coordinates puts an indicator on it."""
    session = leading(request)
    may_list = may_realise(session)
    form = ItemForm(request.POST or None, initial={"version": 0})
    if request.method == "POST":
        if not may_list:
            raise NotAllowed("who coordinates benefits does this", code="forbidden")
        if form.is_valid() and (answer := _proposed(request, form)) is not None:
            return answer
    found = queries.weighed(session, clock.today())
    place = {each.id: n for n, each in enumerate(found.order, 1)}
    rows = [_row(each, found, place) for each in found.active]
    rows.sort(key=lambda each: (each["place"] is None, each["place"] or 0, each["item"].indicator))
    context = {
        "found": found,
        "rows": rows,
        "retired": [(each.body, title_of(each.body), each.reason) for each in found.retired],
        "plot": drawn_plot(found.order, found.front),
        "least_fit": plain(found.limits.least_fit),
        "form": form if may_list else None,
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "leaders/selection.html", context, status=status)


@require_GET
@for_duty(Duty.SEE_FIGURES)
def item(request: HttpRequest, item: str) -> HttpResponse:
    """One item: its criteria, who scored what, and how it came about."""
    return _item_page(request, item)


@require_POST
@for_duty(Duty.SEE_FIGURES)
def item_act(request: HttpRequest, item: str, act: str) -> HttpResponse:
    """Score, judge the criteria anew, retire or take back, pick for one's plan."""
    session = leading(request)
    kinds = {
        "score": ScoreForm, "criteria": CriteriaForm, "retire": RetireForm, "restore": RetireForm,
        "pick": SeenForm,
    }  # fmt: skip
    if act not in kinds:
        raise NotFound("there is no such page")
    form = kinds[act](request.POST)
    if not form.is_valid():
        return _item_page(request, item, {act: form}, status=422)
    try:
        _do(session, item, act, form)
    except Refused as refused:
        form.add_error(None, str(words.REFUSALS[refused.why]))
        return _item_page(request, item, {act: form}, status=422)
    except PreconditionFailed:
        messages.warning(request, str(OVERTAKEN))
    else:
        messages.success(request, gettext("Saved."))
    return redirect("leaders-selection-item", item)


def _do(session: Session, item: str, act: str, form: django_forms.Form) -> None:
    said = form.cleaned_data
    if isinstance(form, ScoreForm):
        listing.score(session, item, form.score())
    elif isinstance(form, CriteriaForm):
        listing.judge(session, item, form.criteria(), seen=said["version"], reason=said["reason"])
    elif act == "pick":
        planning.pick(session, session.unit.partition("/")[2], item, seen=said["version"])
    else:
        listing.retire(
            session, item, is_retired=act == "retire", seen=said["version"], reason=said["reason"]
        )


def _proposed(request: HttpRequest, form: ItemForm) -> HttpResponse | None:
    """To the item when it is on the list; None when it was there before."""
    made = form.item()
    try:
        listing.propose_item(leading(request), made, reason=form.cleaned_data["reason"])
    except PreconditionFailed:
        form.add_error(
            "indicator", gettext("It is on the list already; a retired one can be taken back.")
        )
        return None
    messages.success(request, gettext("Saved."))
    return redirect("leaders-selection-item", made.indicator)


def _row(found: Document[Item], weighed: queries.Weighed, place: dict[str, int]) -> dict[str, Any]:
    one = found.body.candidate
    limits = weighed.limits
    return {
        "item": found.body,
        "title": title_of(found.body),
        "criteria": _criteria(found.body),
        "place": place.get(found.body.indicator),
        "scores": None if one is None else (_median(one.size), _median(one.difficulty), _median(one.fit)),
        "scorers": len(found.body.scored),
        "spread": None if one is None else one.spread,
        "discuss": one is not None and limits.is_to_be_discussed(one),
        "priority": "" if one is None or not limits.lets_through(one) else plain(one.priority, 2),
        "is_front": found.body.indicator in weighed.front,
        "is_low_hanging": one is not None and limits.is_low_hanging(one),
        "fits_badly": one is not None and one.is_listed and not limits.lets_through(one),
    }  # fmt: skip


def _median(value: Fraction) -> str:
    """A median of whole numbers: whole, or a half."""
    return plain(value, 0 if value.denominator == 1 else 1)


def _criteria(one: Item) -> list[tuple[Any, bool, str]]:
    return [
        (title, judged.is_met, judged.reason)
        for name, title in CRITERIA.items()
        for judged in (getattr(one.criteria, name),)
    ]


def _item_page(
    request: HttpRequest,
    indicator: str,
    forms: dict[str, django_forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    session = leading(request)
    trail = versions(session, ITEM, indicator)
    stands = trail[0]
    people = names_of(session, trail)
    weighed = queries.weighed(session, clock.today())
    unit = session.unit.partition("/")[2]
    may_list = may_realise(session)
    own = queries.plan(session, unit) if may_list else None
    first = {"version": stands.version}
    mine = next((each.score for each in stands.body.scored if each.by == session.person), None)
    score = {} if mine is None else {name: getattr(mine, name) for name in mine.__slots__}
    open_forms: dict[str, django_forms.Form] = {"score": ScoreForm(initial=score)}
    if may_list:
        act = "restore" if stands.body.is_retired else "retire"
        open_forms |= {
            "criteria": CriteriaForm(initial={**first, **_judged(stands.body)}),
            act: RetireForm(initial=first, auto_id="retire_%s"),
        }
    if own is not None and stands.body.is_listed and indicator not in own.body.listed:
        open_forms["pick"] = SeenForm(initial={"version": own.version}, auto_id="pick_%s")
    context = {
        "item": stands.body,
        "row": _row(stands, weighed, {each.id: n for n, each in enumerate(weighed.order, 1)}),
        "has_one_pager": indicator in CATALOGUE,
        "scored": [
            (people.get(each.by, each.by), each.score, each.at) for each in stands.body.scored
        ],
        "trail": [(each, people.get(each.author, ""), words.reason(each.reason)) for each in trail],
        "is_picked": own is not None and indicator in own.body.listed,
        "has_no_plan": may_list and own is None,
        "unit": unit,
        "forms": {**open_forms, **(forms or {})},
    }
    return page(request, "leaders/selection_item.html", context, status=status)


def _judged(one: Item) -> dict[str, str]:
    said: dict[str, str] = {}
    for name in CRITERIA:
        judged = getattr(one.criteria, name)
        said |= {name: "yes" if judged.is_met else "no", f"{name}_why": judged.reason}
    return said


__all__ = ["item", "item_act", "selection"]
