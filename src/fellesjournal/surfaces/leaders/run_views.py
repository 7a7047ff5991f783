"""Test runs: what was tried, what failed, and the blockers that shut the last gate."""

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
from fellesjournal.leadership.rollout.trials import Severity, open_defects
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders import rollout_words as words
from fellesjournal.surfaces.leaders.follow_up_forms import RunForm
from fellesjournal.surfaces.leaders.pages import leading, may, page
from fellesjournal.surfaces.leaders.rollout_views import OVERTAKEN


@require_http_methods(["GET", "POST"])
@for_duty(Duty.SEE_FIGURES)
def runs(request: HttpRequest, actor: str) -> HttpResponse:
    """The test runs of an organisation, newest first, and a form to write one down."""
    session = leading(request)
    programme, stands = queries.programme(session).body, queries.readiness(session, actor)
    if programme.plan(actor) is None:
        raise NotFound("there is no such page")
    defects = tuple(dict.fromkeys(run.defect.id for run in stands.body.runs if run.defect))
    form = RunForm(
        request.POST or None,
        defects=defects,
        initial={"version": stands.version, "day": clock.today(), "reason": gettext("Test run")},
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.record_run(
                session, actor, form.run(), seen=said["version"], reason=said["reason"]
            )
        except PreconditionFailed:
            messages.warning(request, str(OVERTAKEN))
        else:
            messages.success(request, gettext("Saved."))
        return redirect("leaders-runs", actor)
    context = {
        "organisation": programme.actor(actor),
        "rows": [
            {
                "run": run,
                "result": words.RESULTS[run.result],
                "severity": words.DEFECTS[run.defect.severity] if run.defect else "",
            }
            for run in sorted(stands.body.runs, key=lambda run: run.day, reverse=True)
        ],
        "open": [
            (words.DEFECTS[severity], [each.id for each in found], severity is Severity.BLOCKER)
            for severity in Severity
            if (found := open_defects(stands.body.runs, severity))
        ],
        "form": form,
        "may_save": may(request, Duty.ROLL_OUT),
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "leaders/runs.html", context, status=status)
