"""The plan of a home-care unit for a citizen, and the decision after a stay in hospital."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from fellesjournal.access.sessions import Session
from fellesjournal.care.citizens.resources import Person
from fellesjournal.care.homecare import plans
from fellesjournal.care.homecare.pauses import Restart, decide_restart
from fellesjournal.care.homecare.reading_days import planning_of
from fellesjournal.care.homecare.way_in import way_in_of, write_way_in
from fellesjournal.fhir.issues import BadRequest, FhirError, NotAllowed
from fellesjournal.foundation import clock
from fellesjournal.surfaces.clinic.access_views import with_banner
from fellesjournal.surfaces.clinic.homecare_day_views import work_page
from fellesjournal.surfaces.clinic.homecare_forms import ActionForm, filled_in
from fellesjournal.surfaces.clinic.homecare_words import days, measure_name
from fellesjournal.surfaces.clinic.of_patient import of_patient

_CHANGED = frozenset({404, 409, 412})


@require_http_methods(["GET", "POST"])
@of_patient
def plan(request: HttpRequest, session: Session, person: Person) -> HttpResponse:
    """The actions that visits follow from; nurses of the unit change them."""
    if request.method == "GET":
        return _page(request, session, person, _shown_form(request, session, person))
    if not plans.may_plan(session):
        return render(request, "clinic/not_found.html", status=404)
    if request.POST.get("do") == "way-in":
        return _save_way_in(request, session, person)
    form = ActionForm(request.POST)
    is_end = request.POST.get("do") == "end"
    if not is_end and not form.is_valid():
        return _page(request, session, person, form, status=422)
    try:
        _do(request, session, person, form, is_end=is_end)
    except FhirError as error:
        if error.status not in _CHANGED:
            raise
        problem = gettext(
            "Somebody changed the plan meanwhile. Nothing was saved: look at what stands now,"
            " and save again."
        )
        return _page(request, session, person, form, problem, 409)
    messages.success(request, gettext("The plan is saved. The visits ahead follow it."))
    return redirect("home-care-plan", person.id)


def _save_way_in(request: HttpRequest, session: Session, person: Person) -> HttpResponse:
    if person.protected:
        # what she does not see on the page nobody writes from it
        return render(request, "clinic/not_found.html", status=404)
    said = request.POST
    try:
        write_way_in(
            session, patient=f"Patient/{person.id}", words=said.get("words", ""),
            way_id=said.get("way", ""), seen=_number(said.get("version")),
        )  # fmt: skip
    except BadRequest:
        return _page(request, session, person, ActionForm(), gettext("Write it shorter."), 422)
    except FhirError as error:
        if error.status not in _CHANGED:
            raise
        problem = gettext(
            "Somebody wrote how to get in meanwhile. Nothing was saved: read it, and save again."
        )
        return _page(request, session, person, ActionForm(), problem, 409)
    messages.success(request, gettext("How to get in is saved. It stands on each visit."))
    return redirect("home-care-plan", person.id)


def _do(
    request: HttpRequest, session: Session, person: Person, form: ActionForm, *, is_end: bool
) -> None:
    patient, action = f"Patient/{person.id}", request.POST.get("action", "")
    plan_id, seen = request.POST.get("plan", ""), _number(request.POST.get("version"))
    if is_end:
        plans.end_action(session, patient=patient, plan_id=plan_id, seen=seen, action=action)
    elif action:
        plans.change_action(
            session, patient=patient, plan_id=plan_id, seen=seen, action=action, rule=form.rule()
        )
    else:
        plans.add_action(session, patient=patient, plan_id=plan_id, seen=seen, rule=form.rule())


def _shown_form(request: HttpRequest, session: Session, person: Person) -> ActionForm:
    found = plans.plan_of(session, f"Patient/{person.id}", session.unit)
    wanted = request.GET.get("change", "")
    for action in found.actions if found else ():
        if action.id == wanted:
            return ActionForm(initial=filled_in(action.rule))
    return ActionForm()


def _page(
    request: HttpRequest, session: Session, person: Person, form: ActionForm,
    problem: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    patient = f"Patient/{person.id}"
    planning = planning_of(session, patient)
    read = [plans.read_plan(*each) for each in planning.plans]
    own = next((each for each in read if each.unit == session.unit), None)
    today = planning.of_day(clock.today())
    granted = planning.services
    mine = [
        (each, days(each.rule.weekdays), measure_name(each.rule.measures))
        for each in (own.actions if own else ())
    ]
    elsewhere = [
        action.rule.text for each in read if each.unit != session.unit for action in each.actions
    ]
    context: dict[str, Any] = {
        **with_banner(session, person),
        "plan": own,
        "actions": mine,
        "elsewhere": elsewhere,
        "planned": len(mine) + len(elsewhere),
        "hours": round(sum(each.minutes_a_week for each in own.actions) / 60, 1) if own else 0,
        "services": granted,
        "paused": any(each.status == "onhold" for each in granted),
        "uncovered": today.uncovered,
        "unreadable": today.unreadable,
        "form": form,
        "change": request.POST.get("action", "") or request.GET.get("change", ""),
        "may_plan": plans.may_plan(session) and any(each.unit == session.unit for each in granted),
        "problem": problem,
        # of her own unit only: a key is nobody else's
        "way_in": way_in_of(planning.other_plans, session.unit)
        if any(each.unit == session.unit for each in granted)
        else None,
        "way_typed": request.POST.get("words") if problem else None,
    }
    return render(request, "clinic/homecare_plan.html", context, status=status)


@require_POST
@of_patient
def restart(request: HttpRequest, session: Session, person: Person, task_id: str) -> HttpResponse:
    """What follows after a stay in hospital (INV-25)."""
    chosen = next((each for each in Restart if each == request.POST.get("restart")), None)
    words = request.POST.get("words", "")
    if chosen is None:
        problem = gettext("Choose what follows.")
        return work_page(request, problem=problem, at=task_id, words=words)
    try:
        decide_restart(
            session, patient=f"Patient/{person.id}", review_id=task_id,
            seen=_number(request.POST.get("version")), restart=chosen, words=words,
        )  # fmt: skip
    except BadRequest:
        problem = gettext("Write why.")
    except NotAllowed:
        problem = gettext("A nurse of the unit who sees the services decides. Nothing was saved.")
    except FhirError as error:
        if error.status not in _CHANGED:
            raise
        problem = gettext("This was changed meanwhile. Nothing was saved: look again.")
    else:
        messages.success(request, gettext("Your decision is noted."))
        if chosen is Restart.CHANGED:
            return redirect("home-care-plan", person.id)
        return redirect("home-care-work")
    return work_page(request, problem=problem, at=task_id, words=words, choice=str(chosen))


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0


__all__ = ["plan", "restart"]
