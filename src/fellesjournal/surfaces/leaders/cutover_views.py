"""The cut-over of an organisation: hour by hour, the decisions to go or not, and turning back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound, PreconditionFailed, Unprocessable
from fellesjournal.foundation import clock
from fellesjournal.leadership.rollout import cutover_actions, queries, rehearsal_actions
from fellesjournal.leadership.rollout.cutover import Cutover, Task, TaskKind, TaskState, Verdict
from fellesjournal.leadership.rollout.fixtures import cutover_data
from fellesjournal.leadership.rollout.programme import Programme
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders import cutover_words as words
from fellesjournal.surfaces.leaders.benefit_forms import SeenForm
from fellesjournal.surfaces.leaders.pages import leading, may, page
from fellesjournal.surfaces.leaders.rollout_views import OVERTAKEN
from fellesjournal.surfaces.leaders.unit_names import names_by_reference

REFUSED = _("This can't be now: say who and why, keep the order, and look at what was decided.")
"""Said when an act does not fit how the plan stands: the page shows how it stands."""


class BeginForm(SeenForm):
    """That the plan is made."""


class TaskForm(SeenForm):
    """How a task stands, and who does it."""

    task = forms.SlugField(widget=forms.HiddenInput)
    owner = forms.CharField(label=_("Who does it"), max_length=200, required=False)
    state = forms.ChoiceField(label=_("How it stands"), choices=list(words.STATES.items()))
    note = forms.CharField(label=_("Note"), max_length=500, required=False)


class DecisionForm(SeenForm):
    """To go or not."""

    task = forms.SlugField(widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        label=_("Decided"),
        choices=[(each.value, words.VERDICTS[each]) for each in (Verdict.GO, Verdict.NO_GO)],
    )
    why = forms.CharField(
        label=_("Why, when something is open or it is no-go"), max_length=500, required=False
    )


class TurnBackForm(SeenForm):
    """Why one turns back."""

    prefix = "back"

    why = forms.CharField(label=_("Why we turn back"), max_length=500)


@require_GET
@for_duty(Duty.SEE_FIGURES)
def cutover(request: HttpRequest, actor: str) -> HttpResponse:
    """The plan hour by hour, with what is late and what was decided."""
    return _shown(request, leading(request), actor)


@require_POST
@for_duty(Duty.ROLL_OUT)
def cutover_act(request: HttpRequest, actor: str, act: str) -> HttpResponse:
    """Make the plan, move a task, decide, or turn back."""
    session = leading(request)
    kinds: dict[str, type[SeenForm]] = {
        "begin": BeginForm, "task": TaskForm, "decide": DecisionForm, "turn-back": TurnBackForm,
    }  # fmt: skip
    if act not in kinds:
        raise NotFound("there is no such page")
    form = kinds[act](request.POST)
    if not form.is_valid():
        return _shown(request, session, actor, sent=form)
    try:
        _act(session, actor, act, form.cleaned_data)()
    except PreconditionFailed:
        messages.warning(request, str(OVERTAKEN))
    except Unprocessable:
        messages.warning(request, str(REFUSED))
    else:
        messages.success(request, gettext("Saved."))
    return redirect("leaders-cutover", actor)


def _act(session: Session, actor: str, act: str, said: dict[str, Any]) -> Callable[[], object]:
    seen = said["version"]
    if act == "begin":
        return lambda: cutover_actions.begin(
            session, actor, seen=seen, reason=gettext("Cut-over planned")
        )
    if act == "task":
        return lambda: cutover_actions.move(
            session, actor, said["task"], owner=said["owner"], state=TaskState(said["state"]),
            note=said["note"], seen=seen, reason=gettext("Task of the cut-over"),
        )  # fmt: skip
    if act == "decide":
        return lambda: cutover_actions.decide(
            session, actor, said["task"], Verdict(said["verdict"]), why=said["why"], seen=seen,
            reason=gettext("Go or no-go"),
        )  # fmt: skip
    return lambda: cutover_actions.turn_back(
        session, actor, why=said["why"], seen=seen, reason=gettext("Turned back")
    )


def _shown(
    request: HttpRequest, session: Session, actor: str, sent: SeenForm | None = None
) -> HttpResponse:
    programme, stands = queries.programme(session).body, cutover_actions.standing(session, actor)
    day = _go_live(programme, actor)
    plan, now = stands.body, clock.now()
    seen = {"version": stands.version}
    blockers = sum(
        len(each.open_blockers)
        for each in rehearsal_actions.standing(session, actor).body.rehearsals
    )
    is_back = isinstance(sent, TurnBackForm)
    context = {
        "organisation": programme.actor(actor),
        "go_live": day,
        "plan": plan,
        "rows": [_row(plan, each, day, now, seen, sent) for each in plan.tasks] if plan else [],
        "late": sum(plan.is_late(each, day, now) for each in plan.tasks) if plan else 0,
        "stopped": plan and plan.stopped and words.VERDICTS[plan.stopped.verdict],
        "decisions": _decisions(session, plan) if plan else [],
        "blockers": blockers,
        "begin_form": BeginForm(initial=seen),
        "back_form": sent if is_back else TurnBackForm(initial=seen),
        "may_save": may(request, Duty.ROLL_OUT),
        "source": cutover_data().source,
    }
    return page(request, "leaders/cutover.html", context, status=422 if sent else 200)


def _go_live(programme: Programme, actor: str) -> date:
    plan = programme.plan(actor)
    if plan is None:
        raise NotFound("there is no such page")
    return plan.go_live(programme.wave(plan.wave))


def _row(
    plan: Cutover, task: Task, day: date, now: datetime, seen: dict[str, int], sent: SeenForm | None
) -> dict[str, Any]:
    is_decision = task.kind is TaskKind.DECISION
    is_sent = isinstance(sent, TaskForm | DecisionForm) and sent.data.get("task") == task.id
    initial = {**seen, "task": task.id, "owner": task.owner, "state": task.state, "note": task.note}
    fresh = (DecisionForm if is_decision else TaskForm)(initial=initial, auto_id=f"id_{task.id}_%s")
    return {
        "task": task,
        "title": words.task(task.id),
        "kind": words.KINDS.get(task.kind, ""),
        "hour": f"{task.hour:+d}".replace("-", "\N{MINUS SIGN}") if task.hour else "0",
        "due": plan.due(task, day),
        "state": words.STATES[task.state],
        "is_late": plan.is_late(task, day, now),
        "is_decision": is_decision,
        "may_change": not (is_decision and plan.is_past_return),
        "open": [words.task(each.id) for each in plan.open_before(task)] if is_decision else [],
        "is_sent": is_sent,
        "form": sent if is_sent else fresh,
    }


def _decisions(session: Session, plan: Cutover) -> list[dict[str, Any]]:
    names = names_by_reference(session, {each.by for each in plan.decisions})
    return [
        {
            "decision": each,
            "verdict": words.VERDICTS[each.verdict],
            "task": words.task(each.task) if each.task else "",
            "by": names.get(each.by, each.by),
            "open": [words.task(one) for one in each.open],
        }
        for each in reversed(plan.decisions)
    ]
