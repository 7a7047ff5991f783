"""What keeps people in a municipality from HelsaMi: how it stands, how it came to, and a form for who leads there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound, PreconditionFailed
from fellesjournal.leadership.documents.queries import names_of
from fellesjournal.leadership.rollout.barriers import (
    Barriers,
    history,
    may_state,
    state,
    stated,
)
from fellesjournal.registry.municipalities import municipalities
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders.barrier_forms import BarrierForm, starting
from fellesjournal.surfaces.leaders.barrier_words import barrier_row, barrier_rows
from fellesjournal.surfaces.leaders.pages import leading, page
from fellesjournal.surfaces.leaders.rollout_views import OVERTAKEN


@require_http_methods(["GET", "POST"])
@for_duty(Duty.SEE_FIGURES)
def barriers(request: HttpRequest, number: str) -> HttpResponse:
    """The five barriers of a municipality; ``?barrier=skills`` begins with what stands of one."""
    if number not in municipalities():
        raise NotFound("there is no such page")
    session = leading(request)
    stands = stated(session, number)
    version = 0 if stands is None else stands.version
    body = Barriers() if stands is None else stands.body
    sent = request.method == "POST"
    form = BarrierForm(
        request.POST if sent else None,
        initial=starting(body, version, request.GET.get("barrier", "")),
    )
    if sent and form.is_valid():
        try:
            state(session, number, form.statement(), seen=form.cleaned_data["version"])
        except PreconditionFailed:
            messages.warning(request, str(OVERTAKEN))
        else:
            messages.success(request, gettext("Saved."))
        return redirect("leaders-barriers", number)
    context = {
        "number": number, "name": municipalities()[number].name, "rows": barrier_rows(body), "form": form,
        "may_state": may_state(session, number),
        "history": [] if stands is None else _history(session, number),
    }  # fmt: skip
    return page(request, "leaders/barriers.html", context, status=422 if sent else 200)


def _history(session: Session, number: str) -> list[dict[str, Any]]:
    found = history(session, number)
    names = names_of(session, [each.version for each in found])
    return [
        {
            "row": barrier_row(each.statement.barrier, each.statement),
            "at": each.version.at,
            "by": names.get(each.version.author, ""),
        }
        for each in found
    ]


__all__ = ["barriers"]
