"""The first page of leaders: what awaits them, how it goes, and where everything is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from fellesjournal.access.policy.rules import Duty
from fellesjournal.foundation import clock
from fellesjournal.leadership.documents.queries import all_together
from fellesjournal.leadership.documents.settings import SETTINGS, values_of
from fellesjournal.leadership.indicators.assumptions import ASSUMPTIONS
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders import benefit_worth
from fellesjournal.surfaces.leaders.doors import by_theme, links_for
from fellesjournal.surfaces.leaders.front_reports import reports_waiting
from fellesjournal.surfaces.leaders.front_waiting import KINDS, waits_for
from fellesjournal.surfaces.leaders.indicator_tiles import tiles
from fellesjournal.surfaces.leaders.pages import leading, may, page

_MOST_WAITING = 6
_MOST_TILES = 4


@require_GET
@for_duty(Duty.SEE_FIGURES)
def front(request: HttpRequest) -> HttpResponse:
    """What awaits her organisation, the figures that there are of her unit, and all parts by theme."""
    session = leading(request)
    kept = all_together(session, *KINDS, *benefit_worth.KINDS)
    leads_rollout = may(request, Duty.ROLL_OUT)
    awaited = waits_for(session, kept, leads_rollout=leads_rollout)
    waiting = awaited.waiting
    organisation_unit = (awaited.actor or session.unit).removeprefix("Organization/")
    if leads_rollout:
        waiting = [*reports_waiting(session), *waiting]
    unit, found = tiles(session, values_of(kept.of(SETTINGS), ASSUMPTIONS, clock.today()))
    counted = [each for each in found if each.now and each.now.value]
    context = {
        "organisation": awaited.name,
        "plan": organisation_unit,
        "worth": benefit_worth.worth_among(kept, organisation_unit),
        "waiting": waiting[:_MOST_WAITING],
        "more_waiting": waiting[_MOST_WAITING:],
        "unit": unit,
        "tiles": counted[:_MOST_TILES],
        "themes": by_theme(links_for(request)),
    }
    return page(request, "leaders/front.html", context)
