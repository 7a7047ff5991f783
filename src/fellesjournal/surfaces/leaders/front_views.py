"""The first page of leaders."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from fellesjournal.access.policy.rules import Duty
from fellesjournal.leadership.decisions.actors import actors, speaks_for
from fellesjournal.leadership.decisions.findings import Finding, Review, State, to_answer
from fellesjournal.leadership.decisions.structure import REVIEWS
from fellesjournal.leadership.documents.queries import all_standing
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders.pages import leading, page


@require_GET
@for_duty(Duty.SEE_FIGURES)
def front(request: HttpRequest) -> HttpResponse:
    """What there is for her role; first the findings that await an answer from her organisation."""
    session = leading(request)
    reviews = [each.body for each in all_standing(session, REVIEWS)]
    waiting: list[tuple[Review, Finding]] = []
    if any(
        each.state in {State.OPEN, State.REOPENED} for review in reviews for each in review.findings
    ):
        names = {each.reference: each.name for each in actors(session)}
        waiting = to_answer(reviews, speaks_for(session, names))
    return page(request, "leaders/front.html", {"waiting": waiting})
