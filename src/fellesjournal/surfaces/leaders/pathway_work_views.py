"""The work on a pathway: measures with their economic effect, and the phases with their guards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound, PreconditionFailed, Unprocessable
from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.leadership.documents.resources import Document
from fellesjournal.leadership.pathways import actions, queries
from fellesjournal.leadership.pathways.measures import FOLLOWS as MEASURE_FOLLOWS
from fellesjournal.leadership.pathways.measures import Act, Measure, Status, by_actor
from fellesjournal.leadership.pathways.phases import Guard, Heard, Phase, There
from fellesjournal.leadership.pathways.queries import Standing
from fellesjournal.leadership.pathways.refusals import Refused
from fellesjournal.leadership.pathways.resources import LEADING, Improvement
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders import pathway_words as words
from fellesjournal.surfaces.leaders.amounts import kroner, signed
from fellesjournal.surfaces.leaders.pages import leading, page
from fellesjournal.surfaces.leaders.pathway_forms import (
    HeardForm,
    MeasureForm,
    StartForm,
    ThereForm,
    VersionForm,
)
from fellesjournal.surfaces.leaders.pathway_log_forms import AnswerForm, LearnForm
from fellesjournal.surfaces.leaders.pathway_views import gap_words, leads, tabs

_STEPS: dict[str, Callable[..., Document[Improvement]]] = {
    Act.START: actions.start_measure, Act.FINISH: actions.finish_measure,
    Act.STOP: actions.stop_measure,
}  # fmt: skip
_NOT_SAID = frozenset({
    Guard.AS_IS, Guard.PAIN_POINTS, Guard.COMMON_TO_BE, Guard.GAPS, Guard.MEASURES, Guard.GROUP,
    Guard.STARTED, Guard.USERS_HEARD,
})  # fmt: skip
"""What the drawings, the measures and the other forms show: nobody ticks it off."""


@require_http_methods(["GET", "POST"])
@for_duty(Duty.SEE_FIGURES)
def measures(request: HttpRequest, key: str) -> HttpResponse:
    """Gaps with the measures that close them, and what each organisation gets or pays."""
    session = leading(request)
    found = queries.improvement(session, key)
    form = _measure_form(request, found)
    if request.method == "POST":
        if not leads(request):
            raise NotFound("there is no such page")
        if form.is_valid() and done(request, form, lambda seen: actions.add_measure(
            session, key, form.measure(), seen=seen
        )):  # fmt: skip
            return redirect("leaders-pathway-measures", key=key)
    context = {
        **tabs(request, found, "leaders-pathway-measures"),
        "gaps": [
            (gap_words(gap), places, closing) for gap, (places, closing) in found.gaps.items()
        ],
        "rows": [_row(number, each) for number, each in enumerate(found.body.measures, 1)],
        "sums": [
            (words.part_name(actor), signed(amount))
            for actor, amount in by_actor(found.body.measures).items()
        ],
        "whole": kroner(sum(by_actor(found.body.measures).values())),
        "version": found.version,
        "form": form if leads(request) and found.gaps else None,
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "leaders/pathway_measures.html", context, status=status)


@require_POST
@for_duty(*sorted(LEADING))
def measure_act(request: HttpRequest, key: str, place: int, act: str) -> HttpResponse:
    """Start a measure, say that it is done, give it up."""
    if act not in _STEPS:
        raise NotFound("there is no such page")
    form = VersionForm(request.POST)
    if form.is_valid():
        done(request, form, lambda seen: _STEPS[act](leading(request), key, place, seen=seen))
    return redirect("leaders-pathway-measures", key=key)


@require_http_methods(["GET", "POST"])
@for_duty(Duty.SEE_FIGURES)
def introduction(request: HttpRequest, key: str) -> HttpResponse:
    """The phases with what each asks for, and how far each workstream has come."""
    session = leading(request)
    found = queries.improvement(session, key)
    forms = _introduction_forms(request, found)
    if request.method == "POST":
        form = forms.get(request.POST.get("do", ""))
        if form is None:
            raise NotFound("there is no such page")
        if form.is_valid() and done(
            request, form, lambda seen: _introduced(session, key, form, seen)
        ):
            return redirect("leaders-pathway-introduction", key=key)
    project = found.project
    context = {
        **tabs(request, found, "leaders-pathway-introduction"),
        "phases": [
            (each.value, words.PHASES[each], project.ended or each < project.phase, each is project.phase)
            for each in Phase
        ],
        "lacking": [(words.GUARDS[guard], words.part_name(of)) for guard, of in found.lacking],
        "there": [
            (words.GUARDS[each.guard], words.part_name(each.of), _document(each))
            for each in project.there
        ],
        "heard": [(words.PHASES[each.phase], each) for each in project.heard],
        "unheard": [
            words.PHASES[each]
            for each in Phase
            if each <= project.phase and each not in {one.phase for one in project.heard}
        ],
        "learnt": sorted(project.learnt, key=lambda each: each.day, reverse=True),
        "workstreams": _progress(found),
        "forms": forms if leads(request) else {},
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return page(request, "leaders/pathway_introduction.html", context, status=status)


def _measure_form(request: HttpRequest, found: Standing) -> MeasureForm:
    gaps = list(found.gaps)
    return MeasureForm(
        request.POST or None, initial={"version": found.version}, gaps=gaps,
        workstreams=found.body.project.workstreams, labels=[gap_words(each) for each in gaps],
    )  # fmt: skip


def _row(number: int, each: Measure) -> dict[str, Any]:
    acts = {
        Act.START: gettext("Start"), Act.FINISH: gettext("It is done"), Act.STOP: gettext("Give up"),
    }  # fmt: skip
    may = [act for act in acts if act in MEASURE_FOLLOWS[each.status]]
    if not each.within_platform:
        may = [act for act in may if act is Act.STOP]
    return {
        "number": number,
        "measure": each,
        "status": words.STATUSES[each.status],
        "gaps": [gap_words(gap) for gap in each.gaps],
        "effects": [
            (words.part_name(effect.actor), signed(effect.amount)) for effect in each.effects
        ],
        "acts": [(act.value, acts[act]) for act in may],
        "may_export": not each.within_platform and Act.EXPORT in MEASURE_FOLLOWS[each.status],
    }


def _introduction_forms(request: HttpRequest, found: Standing) -> dict[str, VersionForm]:
    """A form for each thing that she may say; the action asks again."""
    if not leads(request) or found.body.project.ended:
        return {}
    first, do = {"version": found.version}, request.POST.get("do", "")

    def said(name: str) -> Any:
        return request.POST if do == name else None

    project = found.body.project
    wanted = [(guard, of) for guard, of in found.lacking if guard not in _NOT_SAID]
    forms: dict[str, VersionForm] = {}
    if wanted:
        forms["there"] = ThereForm(said("there"), initial=first, wanted=wanted, auto_id="there_%s")
    forms["heard"] = HeardForm(said("heard"), initial=first, auto_id="heard_%s")
    waiting = [(n, each) for n, each in enumerate(project.heard, 1) if not each.answer]
    if waiting:
        forms["answer"] = AnswerForm(
            said("answer"), initial=first, auto_id="answer_%s", waiting=waiting
        )
    forms["learn"] = LearnForm(
        said("learn"), initial=first, auto_id="learn_%s",
        places=[each.name for each in project.workstreams],
    )  # fmt: skip
    forms["start"] = StartForm(
        said("start"), initial=first, auto_id="start_%s",
        municipalities=list(dict.fromkeys(each.municipality for each in project.workstreams)),
    )  # fmt: skip
    forms["move"] = VersionForm(said("move"), initial=first, auto_id="move_%s")
    return forms


def _introduced(session: Session, key: str, form: PlainForm, seen: int) -> object:
    said = form.cleaned_data
    if isinstance(form, ThereForm):
        guard, of = form.guard()
        return actions.show(session, key, There(guard, said["document"], of), seen=seen)
    if isinstance(form, HeardForm):
        phase = queries.improvement(session, key).body.project.phase
        heard = Heard(phase, said["forum"], said["said"], said["answer"])
        return actions.hear(session, key, heard, seen=seen)
    if isinstance(form, AnswerForm):
        place, text = int(said["place"]), said["answer"]
        return actions.answer(session, key, place, text, seen=seen)
    if isinstance(form, LearnForm):
        return actions.learn(session, key, form.learnt(), seen=seen)
    if isinstance(form, StartForm):
        return actions.start_in(session, key, said["municipality"], said["day"], seen=seen)
    return actions.move_on(session, key, seen=seen)


def _document(each: There) -> str:
    """Where something is: in words for what the drawings and the measures show."""
    return gettext("as the page shows") if each.guard in _NOT_SAID else each.document


def _progress(found: Standing) -> list[dict[str, Any]]:
    """Of each workstream: when its municipality began, and its measures by how far they are."""
    project = found.body.project
    begun = {each.municipality: each.day for each in project.starts}
    rows = []
    for each in project.workstreams:
        own = [one for one in found.body.measures if one.workstream == each.name]
        counts = [
            (words.STATUSES[status], sum(one.status is status for one in own)) for status in Status
        ]
        rows.append({
            "workstream": each, "began": begun.get(each.municipality),
            "counts": [(title, count) for title, count in counts if count],
        })  # fmt: skip
    return rows


def done(request: HttpRequest, form: VersionForm, act: Callable[[int], object]) -> bool:
    """Whether it was carried out; what was in the way stands at the form or above the page."""
    try:
        act(form.cleaned_data["version"])
    except Refused as refused:
        text = str(words.REFUSALS[refused.why])
        form.add_error(None, text)
        messages.error(request, text)
    except Unprocessable:
        text = gettext("This can't be: look at the title, the place and the day.")
        form.add_error(None, text)
        messages.error(request, text)
    except PreconditionFailed:
        messages.warning(request, gettext(
            "Somebody else has changed this meanwhile. Look at it, then save again."
        ))  # fmt: skip
        return True
    else:
        messages.success(request, gettext("Saved."))
        return True
    return False


__all__ = ["done", "introduction", "measure_act", "measures"]
