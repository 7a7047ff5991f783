"""Migration: whether every record that was to be moved is accounted for, and what samples rule out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from fellesjournal.access.policy.rules import Duty
from fellesjournal.fhir.issues import NotFound, PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.leadership.rollout import actions, queries
from fellesjournal.leadership.rollout.assumptions import Assumptions
from fellesjournal.leadership.rollout.migration import Job
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders import rollout_words as words
from fellesjournal.surfaces.leaders.amounts import percent, plain, signed
from fellesjournal.surfaces.leaders.follow_up_forms import JobForm
from fellesjournal.surfaces.leaders.pages import leading, may, page
from fellesjournal.surfaces.leaders.rollout_views import OVERTAKEN


@require_http_methods(["GET", "POST"])
@for_duty(Duty.SEE_FIGURES)
def migration(request: HttpRequest, actor: str) -> HttpResponse:
    """The jobs of an organisation with their balance and samples, and a form to write one down."""
    session = leading(request)
    programme, stands = queries.programme(session).body, queries.migration(session, actor)
    if programme.plan(actor) is None:
        raise NotFound("there is no such page")
    form = JobForm(request.POST or None, initial={"version": stands.version})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.write_job(
                session, actor, form.job(), seen=said["version"], reason=said["reason"]
            )
        except PreconditionFailed:
            messages.warning(request, str(OVERTAKEN))
        else:
            messages.success(request, gettext("Saved."))
        return redirect("leaders-migration", actor)
    assumed = queries.assumptions(session, clock.today())
    context = {
        "organisation": programme.actor(actor),
        "rows": [_row(each, assumed) for each in stands.body.jobs],
        "balancing": sum(1 for each in stands.body.jobs if each.balances),
        "form": form,
        "may_save": may(request, Duty.ROLL_OUT),
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "leaders/migration.html", context, status=status)


def _row(job: Job, assumed: Assumptions) -> dict[str, Any]:
    bound = job.error_bound(assumed.sample_confidence)
    return {
        "source": words.SOURCES[job.source],
        "object_type": job.object_type,
        "mode": words.MODES[job.mode],
        "counts": [plain(n) for n in (job.source_count, job.loaded, job.rejected, job.left_out)],
        "excluded": [(each.reason, plain(each.count)) for each in job.excluded],
        "balances": job.balances,
        "unaccounted": signed(job.unaccounted) if job.unaccounted else "",
        "is_unlike": job.unaccounted == 0 and not job.balances,
        "sample": job.sample_n,
        "errors": job.sample_errors,
        "wanted": job.sample_wanted(assumed.sample_margin, assumed.sample_confidence),
        "bound": "" if bound is None else percent(Decimal(str(bound))),
        "is_enough": bound is not None and bound < float(assumed.sample_margin),
        "is_all": bound is not None and job.sample_n == job.source_count,
    }
