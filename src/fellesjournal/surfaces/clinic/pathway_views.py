"""Pathways that patients follow: what awaits the unit, what one patient follows, and beginning one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fellesjournal.access import acts
from fellesjournal.access.once import DoneBefore
from fellesjournal.access.policy.areas import Area
from fellesjournal.access.policy.roles import role_of
from fellesjournal.access.sessions import Session
from fellesjournal.care.citizens.queries import person_of
from fellesjournal.care.citizens.resources import Person
from fellesjournal.care.pathways import actions, queries
from fellesjournal.care.pathways.codes import PATIENT_LEVEL
from fellesjournal.care.pathways.queries import Followed, Step, Unit
from fellesjournal.care.pathways.refusals import PathwayRefused
from fellesjournal.fhir.issues import FhirError, NotAllowed, PreconditionFailed
from fellesjournal.fhir.pathway_plans import PathwayPlan
from fellesjournal.foundation.ui.forms import PlainForm, form_key
from fellesjournal.surfaces.clinic import pathway_words as words
from fellesjournal.surfaces.clinic.access_views import with_banner
from fellesjournal.surfaces.clinic.of_patient import of_patient
from fellesjournal.surfaces.clinic.signed_in import access_session, signed_in, staff_only
from fellesjournal.surfaces.unseen import is_unseen


class OwnersForm(PlainForm):
    """A unit for each lane that is not the patient's own."""

    version = forms.CharField(widget=forms.HiddenInput, max_length=20)

    def __init__(
        self, *args: Any, plan: PathwayPlan, units: dict[str, list[Unit]], here: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lanes: dict[str, str] = {}
        acting = [lane for lane, level in plan.lanes.items() if level != PATIENT_LEVEL]
        for place, lane in enumerate(acting):
            level = plan.lanes[lane]
            offered = units.get(level, [])
            own = next((each.reference for each in offered if each.reference == here), "")
            self.lanes[f"lane_{place}"] = lane
            self.fields[f"lane_{place}"] = forms.ChoiceField(
                label=f"{lane} ({words.LEVELS.get(level, level)})", choices=_choices(offered),
                initial=own,
            )  # fmt: skip

    def fields_of_lanes(self) -> list[Any]:
        """The fields, in the order of those who act."""
        return [self[name] for name in self.lanes]

    def owners(self) -> dict[str, str]:
        """The units by lane."""
        return {lane: self.cleaned_data[name] for name, lane in self.lanes.items()}


@require_GET
@staff_only
def waiting(request: HttpRequest) -> HttpResponse:
    """The steps that are the unit's to do now, those with the nearest deadline first."""
    session = access_session(request)
    rows = queries.unit_steps(session)
    context = {
        "rows": [(each, each.step.patient.rpartition("/")[2]) for each in rows],
        "late": sum(each.step.is_late for each in rows),
        "may_open": _sees_plans(session),
    }
    return render(request, "clinic/pathway_steps.html", context)


@require_GET
@of_patient
def pathways(request: HttpRequest, session: Session, person: Person) -> HttpResponse:
    """What a patient follows, step by step; for those who see plans."""
    if not _sees_plans(session):
        return render(request, "clinic/not_found.html", status=404)
    return _page(request, session, person)


@require_http_methods(["GET", "POST"])
@of_patient
def follow(request: HttpRequest, session: Session, person: Person, plan_id: str) -> HttpResponse:
    """Begin to follow a pathway: who does what, at both levels."""
    if not queries.may_follow(session):
        return render(request, "clinic/not_found.html", status=404)
    try:
        plan = queries.pathway(session, plan_id)
    except FhirError as error:
        return _not_there(request, error)
    patient, _version = acts.read(session, "Patient", person.id)
    units = queries.units_for(session, patient, set(plan.lanes.values()))
    form = OwnersForm(
        request.POST or None, plan=plan, units=units, here=session.unit,
        initial={"version": plan.version},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            actions.follow(
                session, patient=patient, plan_id=plan_id, owners=form.owners(),
                version=form.cleaned_data["version"], form=form_key(request), by_name=_name(request),
            )  # fmt: skip
        except DoneBefore:
            messages.info(request, gettext("This was sent before. It was done once."))
            return redirect("patient-pathways", person.id)
        except PathwayRefused as refused:
            form.add_error(None, _refused(refused))
        except NotAllowed:
            form.add_error(
                None, gettext("You may not begin this for the patient. Nothing was made.")
            )
        else:
            messages.success(
                request, gettext("The pathway is followed from now on. Each unit has its steps.")
            )
            return redirect("patient-pathways", person.id)
    context = {**with_banner(session, person), "plan": plan, "form": form, "steps": _planned(plan)}
    status = 422 if request.method == "POST" else 200
    return render(request, "clinic/pathway_follow.html", context, status=status)


@require_POST
@of_patient
def step_end(request: HttpRequest, session: Session, person: Person, task_id: str) -> HttpResponse:
    """A step was done, or is left out for a reason."""
    said = request.POST
    try:
        actions.end_step(
            session, patient=f"Patient/{person.id}", step_id=task_id,
            seen=_number(said.get("version")), done=said.get("do") == "done",
            words=said.get("words", ""), by_name=_name(request),
        )  # fmt: skip
    except PathwayRefused as refused:
        return _page(request, session, person, _refused(refused), task_id)
    except PreconditionFailed:
        return _page(request, session, person, _meanwhile(), task_id)
    except FhirError as error:
        return _not_there(request, error)
    messages.success(request, gettext("Saved. Those who come next get their steps."))
    return _back(session, person)


@require_POST
@of_patient
def stop(request: HttpRequest, session: Session, person: Person, plan_id: str) -> HttpResponse:
    """The patient follows a pathway no more."""
    try:
        actions.stop(
            session, patient=f"Patient/{person.id}", plan_id=plan_id,
            seen=_number(request.POST.get("version")), words=request.POST.get("words", ""), by_name=_name(request),
        )  # fmt: skip
    except PathwayRefused as refused:
        return _page(request, session, person, _refused(refused), plan_id)
    except PreconditionFailed:
        return _page(request, session, person, _meanwhile(), plan_id)
    except FhirError as error:
        return _not_there(request, error)
    messages.success(request, gettext("The pathway is stopped. What was left is cancelled."))
    return _back(session, person)


def _name(request: HttpRequest) -> str:
    who = signed_in(request)
    return "" if who is None else who.name


def _sees_plans(session: Session) -> bool:
    """Whether she treats or looks after patients; who leads a unit sees what is late, and no plan."""
    role = role_of(session.role)
    return role is not None and any(Area.PLANS in areas for areas in role.see.values())


def _page(
    request: HttpRequest, session: Session, person: Person, problem: str = "", at: str = ""
) -> HttpResponse:
    patient = f"Patient/{person.id}"
    found = queries.followed_by(session, patient)
    may = queries.may_follow(session)
    running = {each.title for each in found if each.status == "active"}
    context = {
        **with_banner(session, person),
        "found": [_shown(session, patient, each) for each in found],
        "offered": [
            each for each in (queries.pathways(session) if may else []) if each.title not in running
        ],
        "may": may,
        "problem": problem,
        "at": at,
        "typed": request.POST.get("words", ""),
    }
    status = 409 if problem else 200
    return render(request, "clinic/pathways_patient.html", context, status=status)


def _shown(session: Session, patient: str, each: Followed) -> dict[str, Any]:
    return {
        "plan": each,
        "status": words.PLANS.get(each.status, each.status),
        "steps": [
            (step, words.STEPS.get(step.status, step.status), _is_ours(session, patient, step))
            for step in each.steps
        ],
        "done": sum(step.has_ended for step in each.steps),
    }


def _is_ours(session: Session, patient: str, step: Step) -> bool:
    """Whether she may end it: it is her unit's, or the patient's own."""
    return step.is_open and step.owner in {session.unit, patient}


def _planned(plan: PathwayPlan) -> list[tuple[str, str, int | None]]:
    return [(step.purpose, step.lane, step.limit_hours) for step in plan.steps]


def _choices(units: list[Unit]) -> list[Any]:
    near = [(each.reference, each.name) for each in units if each.is_near]
    others = [(each.reference, each.name) for each in units if not each.is_near]
    groups: list[tuple[str | Promise, list[tuple[str, str]]]] = []
    if near:
        groups.append((_("Where the patient lives"), near))
    if others:
        groups.append((_("Others"), others))
    return [("", gettext("Choose a unit")), *groups]


def _refused(refused: PathwayRefused) -> str:
    about = ", ".join(refused.about)
    return str(words.REFUSED[refused.why]) + (f" ({about})" if about else "")


def _not_there(request: HttpRequest, error: FhirError) -> HttpResponse:
    if not is_unseen(error):
        raise error
    return render(request, "clinic/not_found.html", status=404)


def _meanwhile() -> str:
    return gettext("This was changed meanwhile. Nothing was saved: look again.")


def _back(session: Session, person: Person) -> HttpResponse:
    """To the patient; or to what awaits the unit, when the step was all that opened the record."""
    try:
        person_of(session.again(), person.id)
    except FhirError as error:
        if not is_unseen(error):
            raise
        return redirect("pathway-steps")
    return redirect("patient-pathways", person.id)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


__all__ = ["follow", "pathways", "step_end", "stop", "waiting"]
