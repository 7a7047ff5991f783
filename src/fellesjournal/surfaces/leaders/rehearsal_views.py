"""Dress rehearsals: planning a day, playing it step by step, and closing what was found."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound, PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.leadership.rollout import queries, rehearsal_actions
from fellesjournal.leadership.rollout.fixtures import rehearsal_data
from fellesjournal.leadership.rollout.trials import Rehearsal, Severity
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders import rehearsal_words
from fellesjournal.surfaces.leaders import rollout_words as words
from fellesjournal.surfaces.leaders.pages import leading, may, page
from fellesjournal.surfaces.leaders.rehearsal_forms import (
    FindingForm,
    PlanRehearsalForm,
    RetestForm,
    StepForm,
)
from fellesjournal.surfaces.leaders.rollout_views import OVERTAKEN


@require_http_methods(["GET", "POST"])
@for_duty(Duty.SEE_FIGURES)
def rehearsals(request: HttpRequest, actor: str) -> HttpResponse:
    """Every dress rehearsal of an organisation, and a form to plan one."""
    session = leading(request)
    programme, stands = queries.programme(session).body, rehearsal_actions.standing(session, actor)
    if programme.plan(actor) is None:
        raise NotFound("there is no such page")
    form = PlanRehearsalForm(
        request.POST or None,
        initial={
            "version": stands.version,
            "day": clock.today(),
            "script": rehearsal_data().scripts[0].service,
        },
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            kept = rehearsal_actions.plan(
                session, actor, service=said["service"].strip(), day=said["day"],
                steps=said["steps"], seen=said["version"], reason=gettext("Dress rehearsal planned"),
            )  # fmt: skip
        except PreconditionFailed:
            messages.warning(request, str(OVERTAKEN))
            return redirect("leaders-rehearsals", actor)
        messages.success(request, gettext("Saved."))
        return redirect("leaders-rehearsal", actor, kept.body.rehearsals[-1].id)
    context = {
        "organisation": programme.actor(actor),
        "rows": [_row(each) for each in reversed(stands.body.rehearsals)],
        "form": form,
        "may_save": may(request, Duty.ROLL_OUT),
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "leaders/rehearsals.html", context, status=status)


@require_GET
@for_duty(Duty.SEE_FIGURES)
def rehearsal(request: HttpRequest, actor: str, key: str) -> HttpResponse:
    """One dress rehearsal: its steps to tick with their time, and what was found."""
    return _shown(request, leading(request), actor, key)


@require_POST
@for_duty(Duty.ROLL_OUT)
def rehearsal_act(request: HttpRequest, actor: str, key: str, act: str) -> HttpResponse:
    """Tick a step, write down a finding, or that one was tried again."""
    session = leading(request)
    forms = {
        "step": StepForm(request.POST),
        "finding": FindingForm(request.POST),
        "retest": RetestForm(request.POST),
    }
    form = forms.get(act)
    if form is None:
        raise NotFound("there is no such page")
    if not form.is_valid():
        return _shown(request, session, actor, key, **{act: form})
    seen = form.cleaned_data["version"]
    try:
        if isinstance(form, StepForm):
            rehearsal_actions.play(
                session, actor, key, form.cleaned_data["place"], form.cleaned_data["minutes"],
                seen=seen, reason=gettext("Step played"),
            )  # fmt: skip
        elif isinstance(form, FindingForm):
            rehearsal_actions.note(
                session, actor, key, form.finding(), seen=seen, reason=gettext("Finding")
            )
        else:
            assert isinstance(form, RetestForm)  # the last of the three
            rehearsal_actions.retest(
                session, actor, key, form.cleaned_data["place"], form.retest(), seen=seen,
                reason=gettext("Retest"),
            )  # fmt: skip
    except PreconditionFailed:
        messages.warning(request, str(OVERTAKEN))
    else:
        messages.success(request, gettext("Saved."))
    return redirect("leaders-rehearsal", actor, key)


def _shown(
    request: HttpRequest, session: Session, actor: str, key: str, **sent: Any
) -> HttpResponse:
    programme, stands = queries.programme(session).body, rehearsal_actions.standing(session, actor)
    found = stands.body.rehearsal(key)
    if programme.plan(actor) is None or found is None:
        raise NotFound("there is no such page")
    seen = {"version": stands.version}
    step, retest = sent.get("step"), sent.get("retest")
    context = {
        "organisation": programme.actor(actor),
        "one": _row(found),
        "steps": [
            {
                "step": each,
                "title": rehearsal_words.step(each.title),
                "role": rehearsal_words.role(each.role),
                "is_sent": _of_place(step, place) is not None,
                "is_over": (each.taken_minutes or 0) > each.planned_minutes,
                "form": _of_place(step, place)
                or StepForm(
                    initial={**seen, "place": place, "minutes": each.taken_minutes},
                    auto_id=f"id_{place}_%s",
                ),
            }
            for place, each in enumerate(found.steps)
        ],
        "findings": [
            {
                "finding": each,
                "severity": words.DEFECTS[each.severity],
                "blocks": each.severity is Severity.BLOCKER and not each.closed,
                "is_tried": _of_place(retest, place) is not None,
                "form": _of_place(retest, place)
                or RetestForm(
                    initial={**seen, "place": place, "day": clock.today()},
                    auto_id=f"id_{place}_%s",
                ),
            }
            for place, each in enumerate(found.findings)
        ],
        "finding_form": sent.get("finding") or FindingForm(initial=seen),
        "planned": sum(each.planned_minutes for each in found.steps),
        "taken": sum(each.taken_minutes or 0 for each in found.steps),
        "may_save": may(request, Duty.ROLL_OUT),
    }
    return page(request, "leaders/rehearsal.html", context, status=422 if sent else 200)


def _row(found: Rehearsal) -> dict[str, Any]:
    return {
        "rehearsal": found,
        "service": rehearsal_words.service(found.service),
        "played": len(found.steps) - len(found.not_played),
        "steps": len(found.steps),
        "blockers": len(found.open_blockers),
        "open": sum(not each.closed for each in found.findings),
        "passes": found.passes,
    }


def _of_place(form: Any, place: int) -> Any:
    """The form that was sent, when it is that of this row."""
    return (
        form if form is not None and form.data.get(form.add_prefix("place")) == str(place) else None
    )
