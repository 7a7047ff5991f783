"""Readiness: the heat map of gates, what was shown for a criterion, and waivers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound, PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.leadership.documents.queries import all_together
from fellesjournal.leadership.rollout import actions, queries
from fellesjournal.leadership.rollout.derived import BLOCKERS, Derived
from fellesjournal.leadership.rollout.fixtures import readiness_data
from fellesjournal.leadership.rollout.readiness import (
    GATES,
    Cell,
    Check,
    Criterion,
    Threshold,
)
from fellesjournal.leadership.rollout.resources import Readiness
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders import rollout_words as words
from fellesjournal.surfaces.leaders.amounts import plain
from fellesjournal.surfaces.leaders.pages import leading, may, page
from fellesjournal.surfaces.leaders.readiness_data import KINDS, all_with_data, gate_cell, with_data
from fellesjournal.surfaces.leaders.rollout_forms import CheckForm, WaiverForm
from fellesjournal.surfaces.leaders.rollout_next import to_come_first
from fellesjournal.surfaces.leaders.rollout_views import OVERTAKEN


@require_GET
@for_duty(Duty.SEE_FIGURES)
def overview(request: HttpRequest) -> HttpResponse:
    """Every organisation with a plan, and how each of its gates stands."""
    session, day = leading(request), clock.today()
    programme = queries.programme(session).body
    shown = all_with_data(all_together(session, *KINDS), programme, day)
    context = {
        "gates": [words.gate_name(gate) for gate in GATES],
        "rows": [
            {
                "actor": programme.actor(plan.actor),
                "gates": [gate_cell(gate, day) for gate in gates],
            }
            for plan in to_come_first(programme, day)
            if (gates := queries.gates(programme, plan.actor, shown.get(plan.actor, Readiness())))
        ],
    }
    return page(request, "leaders/readiness.html", context)


@require_GET
@for_duty(Duty.SEE_FIGURES)
def heat_map(request: HttpRequest, actor: str) -> HttpResponse:
    """Each criterion at each gate of one organisation."""
    session, day = leading(request), clock.today()
    programme, stands = queries.programme(session).body, queries.readiness(session, actor)
    shown, _ = with_data(session, programme, actor, stands.body, day)
    gates = queries.gates(programme, actor, shown)
    if not gates:
        raise NotFound("there is no such page")
    context = {
        "organisation": programme.actor(actor),
        "gates": [gate_cell(gate, day) for gate in gates],
        "rows": [
            {
                "name": words.criterion(criterion.id),
                "cells": [_cell(gate.cells[at]) for gate in gates],
            }
            for at, criterion in enumerate(readiness_data().criteria)
        ],
        "source": readiness_data().source,
    }
    return page(request, "leaders/heat_map.html", context)


@require_http_methods(["GET", "POST"])
@for_duty(Duty.SEE_FIGURES)
def check(request: HttpRequest, actor: str, gate: int, criterion: str) -> HttpResponse:
    """What was shown for a criterion at a gate: write it down, or sign a waiver."""
    session = leading(request)
    found = next((each for each in readiness_data().criteria if each.id == criterion), None)
    programme, stands = queries.programme(session).body, queries.readiness(session, actor)
    shown, follows = with_data(session, programme, actor, stands.body, clock.today())
    gates = queries.gates(programme, actor, shown)
    asked = found.at(gate) if found else None
    if found is None or asked is None or not gates:
        raise NotFound("there is no such page")
    now = shown.at(criterion, gate)
    waives = "waive" in request.POST
    form = CheckForm(
        request.POST if request.method == "POST" and not waives else None,
        criterion=found,
        initial={"version": stands.version, **_said(now)},
    )
    waiver = WaiverForm(request.POST if waives else None, initial={"version": stands.version})
    is_counted = _follows(follows, criterion, gate)
    may_write = waives or not is_counted
    if request.method == "POST" and may_write and (waiver if waives else form).is_valid():
        return _saved(request, actor, found, gate, form, waiver if waives else None)
    cell = next(
        cell
        for each in gates
        if each.days == gate
        for cell in each.cells
        if cell.criterion == found
    )
    context = {
        "organisation": programme.actor(actor),
        "name": words.criterion(criterion),
        "gate": words.gate_name(gate),
        "asked": asked_in_words(found, asked),
        "state": words.STATES[cell.state],
        "cell": cell,
        "shown": shown_in_words(found, now) if now else "",
        "signed_by": _signer(session, now),
        "form": form,
        "comes_from": _source(actor, criterion) if is_counted else "",
        "waiver_form": waiver,
        "may_save": may(request, Duty.ROLL_OUT),
    }
    return page(
        request, "leaders/check.html", context, status=422 if request.method == "POST" else 200
    )


def asked_in_words(criterion: Criterion, asked: Threshold) -> str:
    """What a gate asks."""
    if asked.stage:
        return words.stage(asked.stage)
    if asked.at_most is not None:
        return gettext("at most %(value)s") % {"value": _amount(criterion, asked.at_most)}
    return gettext("at least %(value)s") % {"value": _amount(criterion, asked.at_least)}


def shown_in_words(criterion: Criterion, shown: Check) -> str:
    """What was shown: a number, else a stage."""
    return words.stage(shown.stage) if shown.value is None else _amount(criterion, shown.value)


def _amount(criterion: Criterion, value: Decimal | None) -> str:
    """A number as short as it is: ``99,9 %``, ``2``."""
    exact = value or Decimal(0)
    places = next((n for n in range(2) if round(exact, n) == exact), 2)
    text = plain(exact, places)
    return f"{text}\N{NO-BREAK SPACE}%" if criterion.unit == "%" else text


def _cell(cell: Cell) -> dict[str, Any]:
    asked = cell.criterion.at(cell.gate)
    return {
        "criterion": cell.criterion.id,
        "gate": cell.gate,
        "gate_name": words.gate_name(cell.gate),
        "state": cell.state.value,
        "text": words.STATES[cell.state],
        "asked": asked_in_words(cell.criterion, asked) if asked else "",
        "shown": shown_in_words(cell.criterion, cell.check) if cell.check else "",
        "fell": cell.fell,
    }


def _follows(found: tuple[Derived, ...], criterion: str, gate: int) -> bool:
    """Whether the figure follows from data, and is not typed."""
    return any((each.criterion, each.gate) == (criterion, gate) for each in found)


def _source(actor: str, criterion: str) -> str:
    """Where the data of a figure are."""
    route = "leaders-rehearsals" if criterion == BLOCKERS else "leaders-training-one"
    return reverse(route, args=[actor])


def _said(now: Check | None) -> dict[str, object]:
    if now is None:
        return {}
    return {"value": now.value, "stage": now.stage, "evidence": now.evidence, "owner": now.owner}


def _signer(session: Session, now: Check | None) -> str:
    if now is None or now.waiver is None:
        return ""
    return queries.name_of(session, now.waiver.signed_by)


def _saved(
    request: HttpRequest,
    actor: str,
    criterion: Criterion,
    gate: int,
    form: CheckForm,
    waiver: WaiverForm | None,
) -> HttpResponse:
    session = leading(request)
    try:
        if waiver is not None:
            said = waiver.cleaned_data
            actions.sign_waiver(
                session, actor, criterion=criterion.id, gate=gate, seen=said["version"],
                reason=said["reason"], risk=said["risk"],
            )  # fmt: skip
        else:
            said = form.cleaned_data
            actions.show_check(
                session, actor, criterion=criterion.id, gate=gate, seen=said["version"],
                reason=said["reason"], value=said.get("value"), stage=said.get("stage", ""),
                evidence=said["evidence"], owner=said["owner"],
            )  # fmt: skip
    except PreconditionFailed:
        messages.warning(request, str(OVERTAKEN))
        return redirect("leaders-check", actor, gate, criterion.id)
    messages.success(request, gettext("Saved."))
    return redirect("leaders-heat-map", actor)
