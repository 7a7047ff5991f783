"""The effect of a pathway's measures: whose figures are followed, what else happened, and what is claimed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation.ui.forms import PlainForm
from fellesjournal.leadership.indicators.across import organisations
from fellesjournal.leadership.indicators.catalogue import CATALOGUE
from fellesjournal.leadership.pathways import actions, queries
from fellesjournal.leadership.pathways.claims import carried
from fellesjournal.leadership.pathways.queries import Standing
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders import pathway_words as words
from fellesjournal.surfaces.leaders.indicator_words import said
from fellesjournal.surfaces.leaders.pages import leading, page
from fellesjournal.surfaces.leaders.pathway_effect_forms import WatchForm
from fellesjournal.surfaces.leaders.pathway_forms import ClaimForm, ConfounderForm, VersionForm
from fellesjournal.surfaces.leaders.pathway_views import leads, tabs
from fellesjournal.surfaces.leaders.pathway_work_views import done


@require_http_methods(["GET", "POST"])
@for_duty(Duty.SEE_FIGURES)
def effect(request: HttpRequest, key: str) -> HttpResponse:
    """What else happened, and what is claimed of the effect: no stronger than what there is carries."""
    session = leading(request)
    found = queries.improvement(session, key)
    names = organisations(session).names
    forms = _forms(request, found, names) if leads(request) else {}
    if request.method == "POST":
        form = forms.get(request.POST.get("do", ""))
        if form is None:
            raise NotFound("there is no such page")
        if form.is_valid() and done(
            request, form, lambda seen: _effected(session, key, form, seen)
        ):
            return redirect("leaders-pathway-effect", key=key)
    context = {
        **tabs(request, found, "leaders-pathway-effect"),
        "confounders": found.body.confounders,
        "known": [
            (each, words.DIRECTIONS[each.direction])
            for each in (found.body.confounders.known if found.body.confounders else ())
        ],
        "claims": [_claim(found, each) for each in found.body.claims],
        "forms": forms,
        "indicators": [(each.id, said(each.titles)) for each in CATALOGUE.values()],
        "watched": [
            (each.name, names.get(found.body.watched.places.get(each.name, ""), ""))
            for each in found.body.project.workstreams
        ],
        "others": [names.get(each, each) for each in found.body.watched.others],
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "leaders/pathway_effect.html", context, status=status)


def _forms(
    request: HttpRequest, found: Standing, names: Mapping[str, str]
) -> dict[str, VersionForm]:
    """A form for each thing that she may say; the action asks again."""
    first, do = {"version": found.version}, request.POST.get("do", "")

    def posted(name: str) -> Any:
        return request.POST if do == name else None

    return {
        "watch": WatchForm(
            posted("watch"), initial=first, auto_id="watch_%s", names=names,
            workstreams=found.body.project.workstreams, was=found.body.watched,
        ),
        "confounder": ConfounderForm(
            posted("confounder"), initial=first, auto_id="confounder_%s"
        ),
        "claim": ClaimForm(posted("claim"), initial=first, auto_id="claim_%s"),
    }  # fmt: skip


def _effected(session: Session, key: str, form: PlainForm, seen: int) -> object:
    if isinstance(form, WatchForm):
        return actions.watch(session, key, form.watched(), seen=seen)
    if isinstance(form, ConfounderForm):
        asked = form.cleaned_data["asked"]
        return actions.log_confounder(session, key, asked=asked, found=form.confounder(), seen=seen)
    assert isinstance(form, ClaimForm)
    return actions.claim(
        session, key, text=form.cleaned_data["text"], strength=form.claim(),
        evidence=form.evidence(), seen=seen,
    )  # fmt: skip


def _claim(found: Standing, made: Any) -> dict[str, Any]:
    """A claim, with what is said beside it, and whether what was logged since carries it no more."""
    then = carried(made.evidence)
    now = carried(replace(made.evidence, confounders=found.body.confounders))
    order = list(words.CLAIMS)
    weaker = order.index(now.claim) < order.index(made.claim)
    return {
        "made": made,
        "claim": words.SHORT_CLAIMS[made.claim],
        "design": words.DESIGNS[made.evidence.design],
        "warnings": [words.CAUTIONS[each] for each in then.warnings],
        "carries": words.SHORT_CLAIMS[now.claim] if weaker else "",
    }


__all__ = ["effect"]
