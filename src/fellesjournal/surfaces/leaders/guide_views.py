"""The guide of a pathway: read, printed, and begun from by another group or place."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from fellesjournal.access.policy.rules import Duty
from fellesjournal.fhir.issues import NotFound, PreconditionFailed
from fellesjournal.foundation.exports.tables import as_pdf
from fellesjournal.foundation.ui.forms import form_key
from fellesjournal.leadership.pathways import drawing_actions, queries
from fellesjournal.leadership.pathways.guide import Guide, Package, guide
from fellesjournal.leadership.pathways.pathway import Handover, Pathway, PathwayStep
from fellesjournal.leadership.pathways.resources import LEADING, TO_BE
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders import pathway_words as words
from fellesjournal.surfaces.leaders.amounts import kroner
from fellesjournal.surfaces.leaders.files import PDF, asked_for, file_of
from fellesjournal.surfaces.leaders.guide_paper import sheet
from fellesjournal.surfaces.leaders.lane_drawing import drawn, lanes_of
from fellesjournal.surfaces.leaders.pages import leading, page
from fellesjournal.surfaces.leaders.pathway_forms import BeginForm
from fellesjournal.surfaces.leaders.pathway_views import tabs


@require_GET
@for_duty(Duty.SEE_FIGURES)
def read(request: HttpRequest, key: str) -> HttpResponse:
    """The guide; ``?as=pdf`` is the same on paper."""
    session = leading(request)
    every = queries.improvements(session)
    found = next((each for each in every if each.key == key), None)
    if found is None:
        raise NotFound("there is no such page")
    context = {
        **tabs(request, found, "leaders-pathway-guide"),
        "taken_over": [each for each in every if each.body.begun_from == key],
    }
    if TO_BE not in found.drawings:
        return page(request, "leaders/pathway_guide.html", context)
    own = guide(found.body, found.pathways[TO_BE])
    shown = {**context, **_shown(own), "version": found.drawings[TO_BE].version}
    if asked_for(request) == PDF:
        day = found.drawings[TO_BE].at.date()
        return file_of(PDF, f"guide-{key}", as_pdf(sheet(own, shown, day)))
    return page(request, "leaders/pathway_guide.html", shown)


@require_http_methods(["GET", "POST"])
@for_duty(*sorted(LEADING))
def start(request: HttpRequest, key: str) -> HttpResponse:
    """Begin a pathway for another group or other places with what the guide offers."""
    session = leading(request)
    source = queries.improvement(session, key)
    if TO_BE not in source.drawings:
        raise NotFound("there is no such page")
    project = source.body.project
    form = BeginForm(request.POST or None, initial={"group": project.group})
    if request.method == "GET" or not form.is_valid():
        status = 200 if request.method == "GET" else 422
        context = {"form": form, "source": project, "key": key}
        return page(request, "leaders/pathway_guide_start.html", context, status=status)
    made, said = form_key(request), form.cleaned_data
    try:
        drawing_actions.begin_from(
            session, key, key=made, title=said["title"], group=form.chosen(),
            workstreams=said["places"],
            reason=gettext("Begun from the guide: %(title)s") % {"title": project.title},
        )  # fmt: skip
    except PreconditionFailed:
        messages.info(request, gettext("This was sent before."))
    else:
        messages.success(request, gettext("Saved."))
    return redirect("leaders-pathway", key=made)


def _shown(own: Guide) -> dict[str, Any]:
    """What page and paper write, in the same words."""
    return {
        "guide": own,
        "steps": [_step(own.template, each) for each in own.template.steps],
        "handovers": [_handover(each) for each in own.template.handovers],
        "packages": [_package(each) for each in own.packages],
        "claims": [(words.SHORT_CLAIMS[each.claim], each) for each in own.claims],
        "side": {
            "title": gettext("What others can take over"),
            "lanes": drawn(own.template, lanes_of([own.template])) if own.template.lanes else None,
        },
    }


def _step(template: Pathway, step: PathwayStep) -> dict[str, Any]:
    levels = {each.name: each.level for each in template.lanes}
    facts = [step.action, step.trigger, step.channel]
    if step.limit_hours is not None:
        facts.append(gettext("within %(hours)s h") % {"hours": step.limit_hours})
    level = levels.get(step.lane)
    return {
        "step": step,
        "level": words.LEVELS[level] if level else "",
        "facts": [each for each in facts if each],
    }


def _handover(each: Handover) -> dict[str, Any]:
    facts = [each.message] if each.message else []
    if each.deadline_hours is not None:
        facts.append(gettext("within %(hours)s h") % {"hours": each.deadline_hours})
    if each.receipt:
        facts.append(gettext("its coming is told"))
    return {"start": each.start, "end": each.end, "facts": facts}


def _package(each: Package) -> dict[str, Any]:
    return {
        "package": each,
        "effects": [
            f"{words.part_name(effect.actor)}: {kroner(effect.amount)}" for effect in each.effects
        ],
    }


__all__ = ["read", "start"]
