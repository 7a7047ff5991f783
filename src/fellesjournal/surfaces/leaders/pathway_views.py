"""Pathways: all of them, and one as it is beside how it is to be with its gaps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import PreconditionFailed
from fellesjournal.foundation.ui.forms import form_key
from fellesjournal.leadership.documents.queries import names_of
from fellesjournal.leadership.documents.resources import Document
from fellesjournal.leadership.pathways import actions, queries
from fellesjournal.leadership.pathways.gaps import Gap
from fellesjournal.leadership.pathways.pathway import (
    Handover,
    Kind,
    LocalVariant,
    Pathway,
    faults,
    reusable,
)
from fellesjournal.leadership.pathways.queries import Standing
from fellesjournal.leadership.pathways.resources import LEADING, TO_BE, Drawing, Part
from fellesjournal.surfaces.duties import duties_of, for_duty
from fellesjournal.surfaces.leaders import pathway_words as words
from fellesjournal.surfaces.leaders.amounts import percent
from fellesjournal.surfaces.leaders.lane_drawing import MARKS, Lanes, drawn, lanes_of
from fellesjournal.surfaces.leaders.pages import leading, page
from fellesjournal.surfaces.leaders.pathway_forms import BeginForm, PublishForm


@dataclass(frozen=True, slots=True)
class Shown:
    """A step as one of the two drawings has it: what is said of it, what follows, what hurts, and why the
    place does otherwise.
    """

    facts: tuple[str, ...]
    after: tuple[str, ...]
    pains: tuple[str, ...]
    variants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A step of either drawing: who acts, to what end, as it is and as it is to be, and the gap."""

    lane: str
    purpose: str
    as_is: Shown | None
    to_be: Shown | None
    mark: str
    gaps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two drawings: its part, the drawing (None: not drawn yet), its versions."""

    part: Part
    title: str
    lanes: Lanes | None
    found: Document[Drawing] | None
    faults: tuple[tuple[str, str], ...]
    versions: tuple[tuple[Document[Drawing], str], ...]


@require_GET
@for_duty(Duty.SEE_FIGURES)
def pathways(request: HttpRequest) -> HttpResponse:
    """All pathways that are improved, with how far each has come."""
    found = [
        {
            "each": each,
            "group": words.GROUPS[each.body.project.group] if each.body.project.group else "",
            "phase": phase_name(each),
            "gaps": len(each.gaps),
            "measures": len(each.body.measures),
            "lacking": len(each.lacking),
        }
        for each in queries.improvements(leading(request))
    ]
    return page(request, "leaders/pathways.html", {"found": found, "leads": leads(request)})


@require_http_methods(["GET", "POST"])
@for_duty(*sorted(LEADING))
def new_pathway(request: HttpRequest) -> HttpResponse:
    """Begin to improve a pathway."""
    form = BeginForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        status = 200 if request.method == "GET" else 422
        return page(request, "leaders/pathway_new.html", {"form": form}, status=status)
    key, said = form_key(request), form.cleaned_data
    try:
        actions.begin(
            leading(request), key=key, title=said["title"], group=form.chosen(),
            workstreams=said["places"],
        )  # fmt: skip
    except PreconditionFailed:
        messages.info(request, gettext("This was sent before."))
    else:
        messages.success(request, gettext("Saved."))
    return redirect("leaders-pathway", key=key)


@require_GET
@for_duty(Duty.SEE_FIGURES)
def pathway(request: HttpRequest, key: str) -> HttpResponse:
    """One pathway: as it is in a workstream beside how it is to be, step by step and drawn."""
    session = leading(request)
    found = queries.improvement(session, key)
    as_is, to_be = _chosen(found, request.GET.get("place", "")), found.parts[0]
    sides = _sides(session, found, as_is, to_be)
    compared = found.compared.get(as_is.key)
    context = {
        **tabs(request, found, "leaders-pathway"),
        "sides": sides,
        "places": [
            (part.key, part.workstream, part.key in found.drawings, part.key == as_is.key)
            for part in found.parts
            if part.kind is Kind.AS_IS
        ],
        "workstream": as_is.workstream,
        "rows": _rows(found, as_is),
        "compared": None if compared is None else compared[1],
        "likeness": None if compared is None else percent(compared[1].likeness),
        "variation": None if found.variation.value is None else percent(found.variation.value),
        "reusable": len(reusable(found.pathways[TO_BE])) if TO_BE in found.drawings else None,
        "steps": len(found.pathways[TO_BE].steps) if TO_BE in found.drawings else 0,
        "published": found.body.published,
        "may_publish": leads(request) and TO_BE in found.drawings
        and found.pathways[TO_BE].version != found.body.published,
        "form": PublishForm(initial={
            "version": found.version,
            "drawing": found.drawings[TO_BE].version if TO_BE in found.drawings else None,
        }),
    }  # fmt: skip
    return page(request, "leaders/pathway.html", context)


def leads(request: HttpRequest) -> bool:
    """Whether she draws, writes down and leads."""
    return not duties_of(request).isdisjoint(LEADING)


def phase_name(found: Standing) -> str:
    """Where an improvement is, in words."""
    project = found.body.project
    if project.ended:
        return gettext("Ended")
    return f"{project.phase.value}. {words.PHASES[project.phase]}"


def tabs(request: HttpRequest, found: Standing, here: str) -> dict[str, Any]:
    """What every page of one pathway shows: its title, how far it has come, its parts."""
    names = (
        ("leaders-pathway", gettext("Drawings and gaps")),
        ("leaders-pathway-measures", gettext("Measures")),
        ("leaders-pathway-introduction", gettext("Introduction")),
        ("leaders-pathway-followed", gettext("Followed")),
        ("leaders-pathway-effect", gettext("Effect")),
        ("leaders-pathway-guide", gettext("Guide")),
    )
    project = found.body.project
    return {
        "key": found.key,
        "project": project,
        "group": words.GROUPS[project.group] if project.group else "",
        "phase": phase_name(found),
        "tabs": [(name, title, name == here) for name, title in names],
        "leads": leads(request),
    }


def gap_words(gap: Gap) -> str:
    """A gap in a sentence: the step, and what lies between."""
    what = ", ".join(str(words.ATTRIBUTES[each]) for each in gap.attributes)
    return f"{gap.step}: {words.GAPS[gap.kind]}" + (f" ({what})" if what else "")


def _chosen(found: Standing, place: str) -> Part:
    """The workstream that is asked for, or the first that is drawn."""
    as_is = [part for part in found.parts if part.kind is Kind.AS_IS]
    asked = [part for part in as_is if part.key == place]
    there = [part for part in as_is if part.key in found.drawings]
    return (asked or there or as_is)[0]


def _sides(session: Session, found: Standing, as_is: Part, to_be: Part) -> list[Side]:
    both = [part for part in (as_is, to_be) if part.key in found.drawings]
    lanes = lanes_of(found.pathways[part.key] for part in both)
    before = {part.key: queries.earlier(session, found.key, part.key) for part in both}
    people = names_of(session, [each for several in before.values() for each in several])
    compared = found.compared.get(as_is.key)
    gaps = () if compared is None else compared[1].gaps
    return [
        Side(
            part, part_title(part),
            drawn(found.pathways[part.key], lanes, gaps) if part in both else None,
            found.drawings.get(part.key),
            tuple(
                (str(words.FAULTS[fault]), about) for fault, about in faults(found.pathways[part.key])
            ) if part in both else (),
            tuple((each, people.get(each.author, "")) for each in before.get(part.key, ())),
        )
        for part in (as_is, to_be)
    ]  # fmt: skip


def part_title(part: Part) -> str:
    """What a drawing is called."""
    if part.kind is Kind.TO_BE:
        return gettext("How it is to be")
    return gettext("How it is in %(place)s") % {"place": part.workstream}


def _rows(found: Standing, as_is: Part) -> list[Row]:
    """The steps of how it is to be in their order, then those that fall away."""
    now, later = found.pathways.get(as_is.key), found.pathways.get(TO_BE)
    compared = found.compared.get(as_is.key)
    gaps = () if compared is None else compared[1].gaps
    steps = {step.key: step for each in (later, now) if each is not None for step in each.steps}
    rows = []
    for key, step in steps.items():
        own = [gap for gap in gaps if gap.step == key]
        said = tuple(gap_words(gap).removeprefix(f"{key}: ") for gap in own)
        mark = MARKS[own[0].kind] if own else ""
        rows.append(Row(step.lane, step.purpose, _shown(now, key), _shown(later, key), mark, said))
    return rows


def _shown(pathway: Pathway | None, key: str) -> Shown | None:
    if pathway is None or key not in pathway.keys:
        return None
    step = pathway.step(key)
    facts = [step.action, step.trigger, step.channel, ", ".join(step.documents)]
    if step.limit_hours is not None:
        facts.append(gettext("within %(hours)s h") % {"hours": step.limit_hours})
    if step.requires_platform:
        facts.append(gettext("the platform must be developed"))
    pains = [each for each in pathway.pain_points if each.step == key]
    return Shown(
        tuple(each for each in facts if each),
        tuple(_after(each) for each in pathway.handovers if each.start == key),
        tuple(f"{words.PAINS[each.kind]} ({each.severity}/5): {each.evidence}" for each in pains),
        tuple(_variant(each) for each in pathway.variants if each.step == key),
    )


def _variant(each: LocalVariant) -> str:
    said = {"reason": each.reason}
    if each.approved:
        return gettext("Local variant, approved: %(reason)s") % said
    return gettext("Local variant, not approved yet: %(reason)s") % said


def _after(each: Handover) -> str:
    said = [each.message] if each.message else []
    if each.deadline_hours is not None:
        said.append(gettext("within %(hours)s h") % {"hours": each.deadline_hours})
    if each.receipt:
        said.append(gettext("its coming is told"))
    return each.end + (f" ({', '.join(said)})" if said else "")


__all__ = [
    "gap_words", "leads", "new_pathway", "part_title", "pathway", "pathways", "phase_name", "tabs",
]  # fmt: skip
