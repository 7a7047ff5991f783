"""Benefits: the front page with goals and plans, and one plan with its phases, benefits and ladder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound, PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.leadership.benefits import queries
from fellesjournal.leadership.benefits.actions import planning
from fellesjournal.leadership.benefits.benefit_map import map_of
from fellesjournal.leadership.benefits.goals import GOALS, counterparts
from fellesjournal.leadership.benefits.maturity import Maturity, Reached, Rung
from fellesjournal.leadership.benefits.plan import Confounder, Finding, Phase, Plan
from fellesjournal.leadership.benefits.policies import may_plan, may_realise
from fellesjournal.leadership.benefits.refusals import Held, Refused
from fellesjournal.leadership.documents.resources import Document
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders import benefit_hours
from fellesjournal.surfaces.leaders import benefit_words as words
from fellesjournal.surfaces.leaders.benefit_forms import (
    ConfounderForm,
    PhaseForm,
    RolesForm,
    RungForm,
    SeenForm,
)
from fellesjournal.surfaces.leaders.benefit_lines import shown_lines, titles_of
from fellesjournal.surfaces.leaders.benefit_worth import worth_of
from fellesjournal.surfaces.leaders.pages import leading, page
from fellesjournal.surfaces.leaders.rollout_views import OVERTAKEN
from fellesjournal.surfaces.leaders.unit_names import names_by_reference, names_of_units


@require_GET
@for_duty(Duty.SEE_FIGURES)
def front(request: HttpRequest) -> HttpResponse:
    """The plans there are, one's own first, and the goals they serve."""
    session = leading(request)
    found = queries.plans(session)
    names = names_of_units(session, [session.unit, *(each.body.unit for each in found)])
    found.sort(key=lambda each: (each.body.unit != session.unit, names.get(each.body.unit, "")))
    own = session.unit.partition("/")[2]
    hours = benefit_hours.of_plans(session, found)
    context = {
        "hours": [
            hours[each.key] | {"key": each.key, "name": names.get(each.body.unit, each.key)}
            for each in found
            if each.key in hours
        ],
        "plans": [
            {
                "key": each.key,
                "name": names.get(each.body.unit, each.key),
                "phase": each.body.phase,
                "phase_name": words.PHASES[each.body.phase],
                "benefits": len(each.body.benefits),
                "lines": len(each.body.lines),
                "at": each.at,
            }
            for each in found
        ],
        "own": own,
        "own_name": names.get(session.unit, ""),
        "may_begin": may_realise(session) and own not in {each.key for each in found},
        "headlines": words.HEADLINES,
        "goals": [
            (words.goal(title), ", ".join(words.goal(each) for each in counterparts(title)))
            for title in GOALS["municipal"]
        ],
        "specialist_only": [
            words.goal(title) for title in GOALS["specialist"] if not counterparts(title)
        ],
    }
    return page(request, "leaders/benefits.html", context)


@require_GET
@for_duty(Duty.SEE_FIGURES)
def plan(request: HttpRequest, unit: str) -> HttpResponse:
    """One plan."""
    return plan_page(request, unit)


@require_POST
@for_duty(Duty.REALISE_BENEFITS)
def plan_act(request: HttpRequest, unit: str, act: str) -> HttpResponse:
    """Fill the roles, go to another phase, reach a rung, note what else moves the figures."""
    session = leading(request)
    stands = queries.plan(session, unit)
    forms = _forms(stands, 0, data=request.POST)
    if act not in forms:
        raise NotFound("there is no such page")
    form = forms[act]
    if not form.is_valid():
        return plan_page(request, unit, {act: form}, status=422)
    try:
        _ACTS[act](session, unit, form.cleaned_data)
    except (Refused, Held) as refused:
        say_why(form, refused)
        return plan_page(request, unit, {act: form}, status=422)
    except PreconditionFailed:
        messages.warning(request, str(OVERTAKEN))
    else:
        messages.success(request, gettext("Saved."))
    return redirect("leaders-benefit-plan", unit)


def say_why(form: SeenForm, refused: Refused | Held) -> None:
    """The rule that was in the way, as an error of the form."""
    if isinstance(refused, Held):
        for each in refused.findings:
            form.add_error(None, words.finding(each))
    else:
        form.add_error(None, str(words.REFUSALS[refused.why]))


def _fill(session: Session, unit: str, said: dict[str, Any]) -> None:
    roles = planning.Roles(**{name: said[name] for name in planning.Roles.__dataclass_fields__})
    planning.fill_roles(session, unit, roles, seen=said["version"], reason=said["reason"])


def _go(session: Session, unit: str, said: dict[str, Any]) -> None:
    phase = Phase(said["phase"])
    planning.go_to(session, unit, phase, seen=said["version"], reason=said["reason"])


def _reach(session: Session, unit: str, said: dict[str, Any]) -> None:
    reached = Reached(Rung(said["rung"]), said["day"], said["evidence"])
    planning.reach(session, unit, reached, seen=said["version"])


def _confound(session: Session, unit: str, said: dict[str, Any]) -> None:
    found = Confounder(said["day"], said["what"], said["direction"], tuple(said["indicators"]))
    if said["number"] is None:
        planning.note_confounder(session, unit, found, seen=said["version"])
        return
    now = None if said["out"] else found
    planning.correct_confounder(session, unit, said["number"], now, seen=said["version"])


_ACTS: Mapping[str, Callable[[Session, str, dict[str, Any]], None]] = {
    "roles": _fill, "phase": _go, "rung": _reach, "confounder": _confound,
}  # fmt: skip


def _forms(
    stands: Document[Plan] | None, ladder: int, data: Any = None, corrected: int | None = None
) -> dict[str, SeenForm]:
    """The forms of the page; those that need a plan are missing without one. ``ladder`` is the version
    of what is said of maturity; ``corrected`` the number of what else moves the figures, to be corrected.
    """
    seen = 0 if stands is None else stands.version
    body = Plan("") if stands is None else stands.body
    roles = {name: getattr(body, name) for name in planning.Roles.__dataclass_fields__}
    forms: dict[str, SeenForm] = {
        "roles": RolesForm(data, initial={**roles, "version": seen}, auto_id="roles_%s")
    }
    if stands is None:
        return forms
    after = Phase.INDICATORS if body.phase is Phase.REALISE else Phase(body.phase + 1)
    first = {"version": seen, "day": clock.today()}
    return {
        **forms,
        "phase": PhaseForm(data, initial={"phase": int(after), **first}, auto_id="phase_%s"),
        "rung": RungForm(data, initial={**first, "version": ladder}, auto_id="rung_%s"),
        "confounder": ConfounderForm(
            data, initial={**first, **_to_correct(body, corrected)}, auto_id="confounder_%s",
            lines=[(each.indicator, each.indicator) for each in body.lines],
        ),
    }  # fmt: skip


def _to_correct(plan: Plan, number: int | None) -> dict[str, Any]:
    """What the form begins with: what is written down under a number, else nothing."""
    if number is None or number >= len(plan.confounders):
        return {"indicators": _only_one(plan)}
    found = plan.confounders[number]
    return {
        "number": number, "day": found.day, "what": found.what, "direction": found.direction,
        "indicators": list(found.indicators),
    }  # fmt: skip


def _asked_number(request: HttpRequest) -> int | None:
    """Which of what else moves the figures is to be corrected, as the address says."""
    text = request.GET.get("correct", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else None


def _only_one(plan: Plan) -> list[str]:
    """The indicator of a plan that has one: nobody has to choose among one."""
    return [each.indicator for each in plan.lines] if len(plan.lines) == 1 else []


def plan_page(
    request: HttpRequest, unit: str, forms: dict[str, SeenForm] | None = None, status: int = 200
) -> HttpResponse:
    """The plan as it stands; the first form only while there is none."""
    session = leading(request)
    reference = f"Organization/{unit}"
    may_change = may_plan(session, reference)
    trail = queries.plan_versions(session, unit)
    stands = trail[0] if trail else None
    names = names_by_reference(session, [reference, *(each.author for each in trail)])
    if reference not in names or (stands is None and not may_change):
        raise NotFound("there is no such page")
    ladder, ladder_version = queries.maturity(session, unit)
    open_forms = {
        **(_forms(stands, ladder_version, corrected=_asked_number(request)) if may_change else {}),
        **(forms or {}),
    }
    context: dict[str, Any] = {
        "unit": unit, "name": names[reference], "forms": open_forms,
        "may_only_read": not may_change,
    }  # fmt: skip
    if stands is not None:
        context |= {**_shown(session, unit, trail, names), "rungs": _rungs(ladder)}
    return page(request, "leaders/benefit_plan.html", context, status=status)


def _shown(
    session: Session, unit: str, before: list[Document[Plan]], people: Mapping[str, str]
) -> dict[str, Any]:
    """The plan that stands, the newest of its versions."""
    stands, body = before[0], before[0].body
    listed = queries.items(session)
    titles = titles_of(listed)
    called = {**titles, **{each.id: each.title for each in body.benefits}}
    found = queries.missing(body, listed)
    counted = queries.claimed_rows(session, unit)
    return {
        "stands": stands,
        "plan": body,
        "phases": [(each, name, each is body.phase) for each, name in words.PHASES.items()],
        "is_realising": body.phase is Phase.REALISE,
        "blocks": _sentences(found, called, is_warning=False),
        "warnings": _sentences(found, called, is_warning=True),
        "picked": [(each, titles.get(each, each)) for each in body.listed],
        "benefits": [
            {
                "benefit": each,
                "goal": words.goal(each.goal),
                "type": words.TYPES[each.type],
                "is_loss": each.type == "disbenefit",
                "realisation": words.REALISATIONS[each.realisation],
            }
            for each in body.benefits
        ],
        "worth": worth_of(session, unit, counted),
        "hours": benefit_hours.shown(
            benefit_hours.of_plan(body, unit, [each.row for each in counted]), titles
        ),
        "has_map": bool(map_of(body).nodes),
        "lines": shown_lines(body, titles),
        "confounders": [(each, _DIRECTIONS[each.direction]()) for each in body.confounders],
        "trail": [
            (each, people.get(each.author, ""), words.reason(each.reason)) for each in before
        ],
    }


_DIRECTIONS: Mapping[str, Callable[[], str]] = {
    "up": lambda: gettext("up"),
    "down": lambda: gettext("down"),
    "unknown": lambda: gettext("not known which way"),
}


def _sentences(found: list[Finding], titles: Mapping[str, str], *, is_warning: bool) -> list[str]:
    return [
        words.finding(Finding(each.code, titles.get(each.about, each.about)))
        for each in found
        if each.is_warning is is_warning
    ]


def _rungs(said: Maturity) -> list[dict[str, Any]]:
    """From the top down, as a ladder stands."""
    highest = said.highest
    return [
        {"name": words.RUNGS[each], "reached": said.at(each), "is_highest": each is highest}
        for each in reversed(Rung)
    ]


__all__ = ["front", "plan", "plan_act", "plan_page", "say_why"]
