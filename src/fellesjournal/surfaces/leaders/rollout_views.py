"""Waves, what-if and the plans of organisations."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound, PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.foundation.ui.templatetags.ui import on_day
from fellesjournal.leadership.costs import delays
from fellesjournal.leadership.costs import queries as costs
from fellesjournal.leadership.costs.delays import Priced
from fellesjournal.leadership.documents.queries import all_together
from fellesjournal.leadership.rollout import actions, queries, regions, training_queries
from fellesjournal.leadership.rollout.assumptions import Assumptions
from fellesjournal.leadership.rollout.fixtures import (
    municipal_actors,
    package_data,
    region_data,
    wave_data,
)
from fellesjournal.leadership.rollout.gantt import MarkKind, Row, rows
from fellesjournal.leadership.rollout.plans import Plan
from fellesjournal.leadership.rollout.programme import (
    NotEligible,
    Programme,
    assigned,
    contradictions,
)
from fellesjournal.leadership.rollout.scenarios import Consequences, Scenario, Slip, consequences
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders import rollout_words as words
from fellesjournal.surfaces.leaders.amounts import kroner
from fellesjournal.surfaces.leaders.gantt_drawing import HEIGHT, WIDTH, scale_of, strip
from fellesjournal.surfaces.leaders.pages import leading, may, page
from fellesjournal.surfaces.leaders.readiness_data import KINDS as READY
from fellesjournal.surfaces.leaders.readiness_data import all_with_data, gate_cell
from fellesjournal.surfaces.leaders.rollout_forms import PlanForm, SaveSlipForm, WhatIfForm
from fellesjournal.surfaces.leaders.rollout_next import Next, next_of

OVERTAKEN = _("Somebody else has changed this meanwhile. Look at it, then save again.")


@require_http_methods(["GET", "POST"])
@for_duty(Duty.SEE_FIGURES)
def waves(request: HttpRequest) -> HttpResponse:
    """The Gantt chart, what contradicts itself in it, and what a slip would change."""
    session = leading(request)
    stands = queries.programme(session)
    coming = next_of(stands.body, clock.today())
    form = WhatIfForm(
        request.GET if "wave" in request.GET else None,
        waves=stands.body.waves,
        initial={"wave": coming.wave if coming else stands.body.waves[-1].id},
    )
    asked = form.is_bound and form.is_valid()
    day = (form.cleaned_data.get("day") if asked else None) or clock.today()
    assumed = queries.assumptions(session, day)
    what_if = None
    if asked:
        slip = Slip(form.cleaned_data["wave"], form.cleaned_data["months"])
        what_if = _what_if(session, stands.body, slip, day, assumed)
    save_form = SaveSlipForm(request.POST or None, initial={"version": stands.version})
    if request.method == "POST":
        if what_if is None:
            raise NotFound("there is no such page")
        if save_form.is_valid():
            return _saved(request, what_if.after, save_form.cleaned_data)
    context = {
        "form": form,
        "save_form": save_form,
        "day": day,
        "coming": coming,
        "ready": _ready(session, stands.body, coming) if coming else [],
        "chart": _chart(what_if.after if what_if else stands.body, day),
        "findings": words.shown(contradictions(stands.body, day, assumed=assumed)),
        "what_if": what_if and _told(what_if),
        "may_save": may(request, Duty.ROLL_OUT),
        "source": wave_data().source,
    }
    refused = request.method == "POST" or (form.is_bound and not asked)
    return page(request, "leaders/waves.html", context, status=422 if refused else 200)


@require_GET
@for_duty(Duty.SEE_FIGURES)
def organisations(request: HttpRequest) -> HttpResponse:
    """Every organisation with its region, wave, go-live and what is wrong, and how far the region is."""
    session = leading(request)
    programme, day = queries.programme(session).body, clock.today()
    found = contradictions(programme, day, assumed=queries.assumptions(session, day))
    broken = {each.subject for each in found}
    listed = region_data()
    context = {
        "rows": sorted(
            (_organisation_row(programme, each, each.name in broken) for each in programme.actors),
            key=lambda row: (row["go_live"] or date.max, row["actor"].region or "~"),
        ),
        "findings": words.shown(
            (*regions.problems(listed.listed, municipal_actors()), *listed.status.findings())
        ),
        "status": listed.status,
        "groups": [(words.GROUPS[each.label], each.count) for each in listed.status.groups],
        "source": listed.source,
    }
    return page(request, "leaders/organisations.html", context)


@require_http_methods(["GET", "POST"])
@for_duty(Duty.SEE_FIGURES)
def plan(request: HttpRequest, actor: str) -> HttpResponse:
    """The plan of one organisation: its dates, deadlines, contradictions, and how to change it."""
    session = leading(request)
    stands, day = queries.programme(session), clock.today()
    programme = stands.body
    organisation = _organisation(programme, actor)
    now = programme.plan(actor)
    form = PlanForm(
        request.POST or None,
        waves=programme.waves,
        initial={"version": stands.version, **(_said(programme, now) if now else {})},
    )
    refused: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        reason, version = said.pop("reason"), said.pop("version")
        made = replace(now or Plan(actor, said["wave"]), **said)
        try:
            after = assigned(programme, made)
        except NotEligible as error:
            refused = words.shown(error.findings)
        else:
            return _saved(request, after, {"reason": reason, "version": version}, actor)
    found = contradictions(programme, day, assumed=queries.assumptions(session, day))
    context = {
        "organisation": organisation,
        "plan": now,
        "go_live": now and now.go_live(programme.wave(now.wave)),
        "wave": now and programme.wave(now.wave),
        "deadlines": _deadlines(programme, now, day) if now else [],
        "gates": _gates(session, programme, actor, day) if now else [],
        "phases": _phases(now.go_live(programme.wave(now.wave))) if now else [],
        "findings": words.shown(tuple(each for each in found if each.subject == organisation.name)),
        "refused": refused,
        "form": form,
        "may_save": may(request, Duty.ROLL_OUT),
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "leaders/plan.html", context, status=status)


def _organisation(programme: Programme, actor: str) -> Any:
    try:
        return programme.actor(actor)
    except KeyError:
        raise NotFound("there is no such page") from None


def _said(programme: Programme, now: Plan) -> dict[str, object]:
    return {
        "wave": programme.wave(now.wave).id,
        "own_date": now.own_date,
        "preproject_agreement": now.preproject_agreement,
        "project_start": now.project_start,
        "council_report": now.council_report,
        "option_signed": now.option_signed,
        "status": now.status.value,
    }


def _saved(
    request: HttpRequest, after: Programme, said: dict[str, Any], actor: str = ""
) -> HttpResponse:
    """Save a programme, and lead back to what was changed."""
    try:
        actions.save_programme(leading(request), after, seen=said["version"], reason=said["reason"])
    except PreconditionFailed:
        messages.warning(request, str(OVERTAKEN))
    else:
        messages.success(request, gettext("Saved."))
    return redirect("leaders-plan", actor) if actor else redirect("leaders-rollout")


def _what_if(
    session: Session, programme: Programme, slip: Slip, day: date, assumed: Assumptions
) -> Consequences[Priced]:
    models = costs.models(session)
    return consequences(
        programme,
        Scenario((slip,)),
        today=day,
        passed=training_queries.all_passed(session),
        price=lambda actor, before, after: delays.priced(models.get(actor), before, after),
        assumed=assumed,
    )


def _told(found: Consequences[Priced]) -> dict[str, Any]:
    """What a slip changes, as the page shows it."""
    return {
        "waves": found.moved_waves,
        "plans": [
            {
                "actor": each.actor,
                "name": each.name,
                "before": each.before,
                "after": each.after,
                "months": each.months,
                "deadlines": [
                    (one.before.rule.id, one.before.due, one.after.due) for one in each.deadlines
                ],
                "gates": [(one.gate, one.before, one.after) for one in each.gates],
                "money_text": kroner(each.money.delay.known),
                "is_partly": bool(each.money.delay.missing),
                "is_known": any(line.amount is not None for line in each.money.delay.lines),
                "lines": [
                    (MONEY_WORDS[one.id], None if one.amount is None else kroner(one.amount))
                    for one in each.money.delay.lines
                ],
                "years": [
                    (year, kroner(before), kroner(after))
                    for year, before, after in each.money.years
                ],
            }
            for each in found.plans
        ],
        "new": words.shown(found.new),
        "gone": words.shown(found.gone),
        "staying": words.shown(found.staying),
    }


def _chart(programme: Programme, day: date) -> dict[str, Any]:
    found = rows(programme, package_data().phases, day)
    if not found:
        return {"rows": []}
    scale = scale_of(found)
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "years": scale.years,
        "today": str(scale.x(day)) if scale.first <= day < scale.after else "",
        "rows": [
            {
                "row": row,
                "strip": strip(row, scale),
                "assumed": programme.wave(row.wave).assumed,
                **_row_words(row),
            }
            for row in found
        ],
    }


def _row_words(row: Row) -> dict[str, Any]:
    go_live = next(mark.day for mark in row.marks if mark.kind is MarkKind.GO_LIVE)
    latest = [
        (mark.what, mark.day, mark.missed, mark.done)
        for mark in row.marks
        if mark.kind is MarkKind.DEADLINE
    ]
    gates = [(mark.what, mark.day) for mark in row.marks if mark.kind is MarkKind.GATE]
    label = gettext("%(name)s goes live on %(day)s") % {"name": row.label, "day": on_day(go_live)}
    return {"go_live": go_live, "latest": latest, "gates": gates, "label": label}


def _organisation_row(programme: Programme, actor: Any, is_broken: bool) -> dict[str, Any]:  # noqa: FBT001 - a row of a table
    plan = programme.plan(actor.id)
    wave = programme.wave(plan.wave) if plan else None
    return {
        "actor": actor,
        "plan": plan,
        "wave": wave,
        "go_live": plan.go_live(wave) if plan and wave else None,
        "status": words.STATUSES[plan.status] if plan else "",
        "is_broken": is_broken,
    }


def _deadlines(programme: Programme, plan: Plan, day: date) -> list[dict[str, Any]]:
    return [
        {
            "name": str(words.MILESTONES[each.rule.milestone]),
            "rule": each.rule.id,
            "due": each.due,
            "done": each.done,
            "days_late": each.days_late,
            "is_missed": each.is_missed(day),
        }
        for each in programme.deadlines(plan)
    ]


def _gates(session: Session, programme: Programme, actor: str, day: date) -> list[dict[str, Any]]:
    """How each gate of an organisation stands."""
    shown = all_with_data(all_together(session, *READY), programme, day)
    return [gate_cell(gate, day) for gate in queries.gates(programme, actor, shown[actor])]


def _ready(session: Session, programme: Programme, coming: Next) -> list[tuple[Any, Any]]:
    """Who goes live next, each with its newest gate whose day has come, or the first of all."""
    today = clock.today()
    shown = all_with_data(all_together(session, *READY), programme, today)
    found = []
    for each in coming.organisations:
        gates = queries.gates(programme, each.id, shown[each.id])
        come = [gate for gate in gates if gate.due <= today]
        found.append((each, gate_cell(max(come or gates[:1], key=lambda gate: gate.due), today)))
    return found


def _phases(go_live: date) -> list[tuple[str, date, date, list[str]]]:
    return [
        (
            str(words.PHASES[each.phase]),
            *each.days(go_live),
            [str(words.PACKAGES.get(title, title)) for title in each.packages],
        )
        for each in package_data().phases
    ]


MONEY_WORDS = {
    "project": words.PROJECT_GOES_ON,
    "legacy": words.LEGACY_GOES_ON,
    "operation": words.OPERATION_LATER,
}
