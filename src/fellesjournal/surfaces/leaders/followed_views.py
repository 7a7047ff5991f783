"""How patients' pathways went against the pathway as it is to be: counts, and no patient among them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from fellesjournal.access.policy.rules import Duty
from fellesjournal.fhir.issues import NotFound
from fellesjournal.fhir.pathway_plans import URL
from fellesjournal.foundation.exports.tables import Sheet
from fellesjournal.foundation.ui.templatetags.ui import written
from fellesjournal.leadership.indicators import followed as figures
from fellesjournal.leadership.indicators.parts import Hidden, Part, Shown
from fellesjournal.leadership.pathways import queries
from fellesjournal.leadership.pathways.conforming import WHOLE, counted, steps_of
from fellesjournal.leadership.pathways.pathway import Pathway
from fellesjournal.leadership.pathways.plan_definition import action_ids
from fellesjournal.leadership.pathways.resources import TO_BE
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders.amounts import percent, plain
from fellesjournal.surfaces.leaders.files import CSV, XLSX, as_file, asked_for
from fellesjournal.surfaces.leaders.pages import leading, page
from fellesjournal.surfaces.leaders.pathway_views import tabs

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Count:
    """A count in words: ``share`` is "" when ``why_not`` says why there is none."""

    share: str
    counts: str
    why_not: str = ""
    carried: str = ""


@require_GET
@for_duty(Duty.SEE_FIGURES)
def followed(request: HttpRequest, key: str) -> HttpResponse:
    """How the published version was followed; ``?as=csv`` is the table."""
    session = leading(request)
    found = queries.improvement(session, key)
    context = {
        **tabs(request, found, "leaders-pathway-followed"),
        "published": found.body.published,
    }
    if not found.body.published:
        return page(request, "leaders/pathway_followed.html", context)
    version = int(found.body.published)
    pathway = queries.drawing(session, key, TO_BE, version).body.pathway
    canonical = f"{URL}{key}|{version}"
    ways = figures.followed(session, canonical)
    if ways is None:
        return page(request, "leaders/pathway_followed.html", context)
    shown = figures.shown(
        session, canonical, counted(pathway, ways.ways), whole=WHOLE, parts=steps_of(pathway)
    )
    if (kind := asked_for(request)) in {CSV, XLSX}:
        return as_file(kind, f"{key}-followed", _table(pathway, shown), _no_paper)
    context |= {
        "seen": ways.seen,
        "whole": _count(shown[WHOLE]),
        "steps": [
            (number, step, _count(shown[f"step {action_ids(pathway)[step.key]}"]))
            for number, step in enumerate(pathway.steps, 1)
        ],
        "handovers": [
            (
                each, _count(shown[f"order {place}"]),
                _count(shown[f"late {place}"]) if f"late {place}" in shown else None,
            )
            for place, each in enumerate(pathway.handovers, 1)
        ],
    }  # fmt: skip
    return page(request, "leaders/pathway_followed.html", context)


def _count(part: Shown) -> Count:
    if isinstance(part, Hidden):
        return Count("", "", _why_held(part))
    if part.denominator == 0:
        return Count("", "", gettext("nothing to count"))
    yes = part.numerator or 0
    since = localtime(_EPOCH + timedelta(microseconds=part.at))
    return Count(
        percent(Fraction(yes, part.denominator)), f"{plain(yes)} / {plain(part.denominator)}", "",
        written(since, "j. F H:i") if part.is_carried else "",
    )  # fmt: skip


def _why_held(part: Hidden) -> str:
    if part.is_small:
        return gettext("held back: few")
    return gettext("held back: it would tell another")


def _table(pathway: Pathway, shown: Mapping[str, Shown]) -> Iterator[Sequence[object]]:
    """Every count as the page shows it."""
    yield ("what", "of", "to", "numerator", "denominator", "status")
    names: dict[str, tuple[Any, ...]] = {WHOLE: ("every step done", pathway.title, "")}
    names |= {f"step {own}": ("step done", key, "") for key, own in action_ids(pathway).items()}
    for place, each in enumerate(pathway.handovers, 1):
        names[f"order {place}"] = ("out of order", each.start, each.end)
        names[f"late {place}"] = ("late", each.start, each.end)
    for name, part in shown.items():
        if isinstance(part, Part):
            status = "carried" if part.is_carried else "final"
            yield (*names[name], part.numerator or 0, part.denominator, status)
        else:
            yield (*names[name], "", "", "suppressed")


def _no_paper() -> Sheet:
    raise NotFound("there is no such page")


__all__ = ["followed"]
