"""One benefit of a plan, and the map from functionality to goal."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound, PreconditionFailed
from fellesjournal.foundation.ui.forms import form_key
from fellesjournal.leadership.benefits import queries
from fellesjournal.leadership.benefits.actions import planning
from fellesjournal.leadership.benefits.benefit_map import NodeKind, kind_of, map_of
from fellesjournal.leadership.benefits.plan import Benefit, Plan
from fellesjournal.leadership.benefits.policies import may_plan, must_plan
from fellesjournal.leadership.benefits.refusals import Refused
from fellesjournal.leadership.documents.resources import Document
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders import benefit_words as words
from fellesjournal.surfaces.leaders.benefit_drawing import drawn_map
from fellesjournal.surfaces.leaders.benefit_forms import (
    BenefitForm,
    ConnectForm,
    DisconnectForm,
    SeenForm,
)
from fellesjournal.surfaces.leaders.benefit_lines import titles_of
from fellesjournal.surfaces.leaders.benefit_views import say_why
from fellesjournal.surfaces.leaders.pages import leading, page
from fellesjournal.surfaces.leaders.rollout_views import OVERTAKEN
from fellesjournal.surfaces.leaders.unit_names import names_of_units

NEW = "new"


@require_http_methods(["GET", "POST"])
@for_duty(Duty.REALISE_BENEFITS)
def benefit(request: HttpRequest, unit: str, benefit: str) -> HttpResponse:
    """Write a benefit; ``new`` for one that isn't there yet."""
    session = leading(request)
    must_plan(session, f"Organization/{unit}")
    stands = _standing(session, unit)
    before = stands.body.benefit(benefit)
    if before is None and benefit != NEW:
        raise NotFound("there is no such page")
    form = BenefitForm(
        request.POST or None, picked=_picked(session, stands.body),
        initial={"version": stands.version, **(_said(before) if before else {})},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        key = form_key(request) if before is None else benefit
        answer = _kept(request, unit, form, key)
        if answer is not None:
            return answer
    status = 422 if request.method == "POST" else 200
    context = {
        "unit": unit, "form": form, "benefit": before,
        "name": names_of_units(session, [stands.body.unit]).get(stands.body.unit, unit),
    }  # fmt: skip
    return page(request, "leaders/benefit.html", context, status=status)


@require_http_methods(["GET", "POST"])
@for_duty(Duty.SEE_FIGURES)
def benefit_map(request: HttpRequest, unit: str) -> HttpResponse:
    """The map of a plan, its table, and a way more or less on it."""
    session = leading(request)
    stands = _standing(session, unit)
    body = stands.body
    may_draw = may_plan(session, body.unit)
    first = {"version": stands.version}
    removes = "before" in request.POST
    form = ConnectForm(
        request.POST if request.method == "POST" and not removes else None, plan=body, initial=first
    )
    if request.method == "POST":
        must_plan(session, body.unit)
        sent: SeenForm = DisconnectForm(request.POST) if removes else form
        if sent.is_valid():
            answer = _drawn(request, unit, sent)
            if answer is not None:
                return answer
    found = map_of(body)
    text = {each.id: each.text for each in found.nodes}
    context = {
        "unit": unit, "stands": stands, "plan": body, "form": form, "may_draw": may_draw,
        "name": names_of_units(session, [body.unit]).get(body.unit, unit),
        "drawing": drawn_map(found, words.goal),
        "ways": [
            {
                "edge": each,
                "before": _node(text[each[0]], kind_of(each[0])),
                "before_kind": words.NODES[kind_of(each[0])],
                "after": _node(text[each[1]], kind_of(each[1])),
                "after_kind": words.NODES[kind_of(each[1])],
                "is_kept": each in body.edges,
            }
            for each in found.edges
        ],
        "loose": [
            (each, not each.owner, not each.indicators)
            for each in body.benefits
            if not each.owner or not each.indicators
        ],
        "used": {
            "functionality": _texts(found.nodes, NodeKind.FUNCTIONALITY),
            "process": _texts(found.nodes, NodeKind.PROCESS),
        },
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return page(request, "leaders/benefit_map.html", context, status=status)


def _kept(request: HttpRequest, unit: str, form: BenefitForm, key: str) -> HttpResponse | None:
    """To the plan when it is kept; None with the reason in the form when a rule refuses."""
    try:
        planning.keep_benefit(
            leading(request), unit, form.benefit(key), seen=form.cleaned_data["version"]
        )
    except Refused as refused:
        say_why(form, refused)
        return None
    except PreconditionFailed:
        messages.warning(request, str(OVERTAKEN))
    else:
        messages.success(request, gettext("Saved."))
    return redirect("leaders-benefit-plan", unit)


def _drawn(request: HttpRequest, unit: str, form: SeenForm) -> HttpResponse | None:
    session, said = leading(request), form.cleaned_data
    try:
        if isinstance(form, DisconnectForm):
            edge = (said["before"], said["after"])
            planning.disconnect(session, unit, edge, seen=said["version"])
        else:
            planning.connect(
                session, unit, functionality=said["functionality"], process=said["process"],
                benefit=said["benefit"], onward=said["onward"], seen=said["version"],
            )  # fmt: skip
    except Refused as refused:
        say_why(form, refused)
        return None
    except PreconditionFailed:
        messages.warning(request, str(OVERTAKEN))
    else:
        messages.success(request, gettext("Saved."))
    return redirect("leaders-benefit-map", unit)


def _standing(session: Session, unit: str) -> Document[Plan]:
    found = queries.plan(session, unit)
    if found is None:
        raise NotFound("there is no such page")
    return found


def _picked(session: Session, body: Plan) -> list[tuple[str, str]]:
    titles = titles_of(queries.items(session))
    return [(each, f"{each}: {titles.get(each, each)}") for each in body.listed]


def _said(one: Benefit) -> dict[str, Any]:
    return {name: getattr(one, name) for name in BenefitForm.base_fields if name != "version"}


def _node(text: str, kind: NodeKind) -> str:
    return words.goal(text) if kind is NodeKind.GOAL else text


def _texts(nodes: Any, kind: NodeKind) -> list[str]:
    return [each.text for each in nodes if each.kind is kind]


__all__ = ["NEW", "benefit", "benefit_map"]
