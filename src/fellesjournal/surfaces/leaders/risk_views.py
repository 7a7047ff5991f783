"""Risks of an organisation's plan, and whom it concerns."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from fellesjournal.access.policy.rules import Duty
from fellesjournal.fhir.issues import NotFound, PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.leadership.rollout import actions, queries
from fellesjournal.leadership.rollout.resources import Concerns
from fellesjournal.leadership.rollout.risks import (
    SCALE,
    Weight,
    matrix,
    ranked,
    without_measure,
)
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders import rollout_words as words
from fellesjournal.surfaces.leaders.pages import leading, may, page
from fellesjournal.surfaces.leaders.risk_forms import RiskForm, StakeholderForm
from fellesjournal.surfaces.leaders.rollout_views import OVERTAKEN

_HEAVY, _SOME = 15, 8
"""From which score a cell of the matrix is drawn as heavy, and as some weight: how it is shown, and
nothing is decided by it.
"""


@require_http_methods(["GET", "POST"])
@for_duty(Duty.SEE_FIGURES)
def risks(request: HttpRequest, actor: str) -> HttpResponse:
    """The open risks, the heaviest first, as a matrix and a list; the stakeholders; a form for each."""
    session = leading(request)
    programme, stands = queries.programme(session).body, queries.concerns(session, actor)
    if programme.plan(actor) is None:
        raise NotFound("there is no such page")
    risk, stakeholder = _forms(request, stands.version)
    sent = risk if risk.is_bound else stakeholder
    if request.method == "POST" and sent.is_valid():
        said = {"seen": sent.cleaned_data["version"], "reason": sent.cleaned_data["reason"]}
        try:
            if sent is risk:
                actions.weigh_risk(session, actor, risk.risk(stands.body.risks), **said)
            else:
                actions.note_stakeholder(session, actor, stakeholder.stakeholder(), **said)
        except PreconditionFailed:
            messages.warning(request, str(OVERTAKEN))
        else:
            messages.success(request, gettext("Saved."))
        return redirect("leaders-risks", actor)
    context = {
        "organisation": programme.actor(actor), "risk_form": risk, "stakeholder_form": stakeholder,
        "may_save": may(request, Duty.ROLL_OUT), "today": clock.today(), **_shown(stands.body),
    }  # fmt: skip
    return page(request, "leaders/risks.html", context, status=422 if sent.is_bound else 200)


def _forms(request: HttpRequest, version: int) -> tuple[RiskForm, StakeholderForm]:
    """Both forms, of which the one that was sent is bound."""
    do = request.POST.get("do", "") if request.method == "POST" else ""
    fresh = {"version": version}
    return (
        RiskForm(request.POST if do == "risk" else None, initial=fresh, auto_id="risk_%s"),
        StakeholderForm(
            request.POST if request.method == "POST" and do != "risk" else None,
            initial=fresh, auto_id="stakeholder_%s",
        ),
    )  # fmt: skip


def _shown(concerns: Concerns) -> dict[str, object]:
    counts = matrix(concerns.risks)
    return {
        "risks": ranked(concerns.risks),
        "closed": [each for each in concerns.risks if each.closed],
        "probabilities": SCALE,
        "rows": [
            (consequence, [(counts[p, consequence], _weight(p, consequence)) for p in SCALE])
            for consequence in reversed(SCALE)
        ],
        "stakeholders": [
            (each, words.STANCES[each.stance])
            for each in sorted(concerns.stakeholders, key=lambda one: (-one.influence, one.name))
        ],
        "without_measure": without_measure(concerns.stakeholders),
    }


def _weight(probability: int, consequence: int) -> str:
    score = Weight(probability, consequence).score
    return "red" if score >= _HEAVY else "waived" if score >= _SOME else "green"


__all__ = ["risks"]
