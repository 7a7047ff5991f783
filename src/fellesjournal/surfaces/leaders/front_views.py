"""The first page of leaders."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from fellesjournal.access.policy.rules import Duty
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders.pages import page


@require_GET
@for_duty(Duty.SEE_FIGURES)
def front(request: HttpRequest) -> HttpResponse:
    """What there is for her role."""
    return page(request, "leaders/front.html", {})
