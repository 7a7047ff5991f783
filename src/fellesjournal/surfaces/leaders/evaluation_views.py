"""One indicator of a pathway's places, before and after: its control chart, what each design finds, and a claim
that is no stronger than what was found. ``?months=36&place=1&side=to``; ``?as=csv`` is the figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock
from fellesjournal.foundation.exports.tables import Sheet
from fellesjournal.leadership.figures.result import Figure
from fellesjournal.leadership.indicators import reading
from fellesjournal.leadership.indicators.across import figures_of, organisations
from fellesjournal.leadership.indicators.asking import Asked, Side
from fellesjournal.leadership.indicators.catalogue import called
from fellesjournal.leadership.indicators.definition import Direction, Indicator
from fellesjournal.leadership.indicators.measuring import Measured
from fellesjournal.leadership.pathways import actions, queries
from fellesjournal.leadership.pathways.claims import Carried, Evidence, carried
from fellesjournal.leadership.pathways.evaluated import (
    Course,
    Found,
    across,
    chart,
    of_place,
    was_worst,
)
from fellesjournal.leadership.pathways.queries import Standing
from fellesjournal.leadership.pathways.refusals import Refused
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders import evaluation_words as said_as
from fellesjournal.surfaces.leaders import pathway_words as words
from fellesjournal.surfaces.leaders.benefit_lines import is_share, moved_in, value_in
from fellesjournal.surfaces.leaders.evaluation_drawing import drawn_chart
from fellesjournal.surfaces.leaders.files import CSV, XLSX, as_file, asked_for
from fellesjournal.surfaces.leaders.indicator_words import said, shown
from fellesjournal.surfaces.leaders.pages import leading, page
from fellesjournal.surfaces.leaders.pathway_effect_forms import RecordClaimForm
from fellesjournal.surfaces.leaders.pathway_views import leads, tabs
from fellesjournal.surfaces.leaders.pathway_work_views import done

MONTHS = (24, 12, 36)
"""How many periods may be looked at; the first unless another is asked for."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What is looked at: the courses of all places with what was measured, and which one is chosen."""

    indicator: Indicator
    side: Side
    months: int
    courses: tuple[Course, ...]
    measured: tuple[tuple[Measured, ...], ...]
    chosen: int

    @property
    def course(self) -> Course:
        return self.courses[self.chosen]

    @property
    def found(self) -> tuple[Found, ...]:
        """What each design finds: of the place that is chosen, then of all."""
        return (*of_place(self.course), *across(self.courses))

    @property
    def better_up(self) -> bool:
        return self.indicator.direction is Direction.UP

    @property
    def query(self) -> str:
        """The look as an address asks for it."""
        return urlencode({"months": self.months, "place": self.chosen, "side": str(self.side)})


@require_http_methods(["GET", "POST"])
@for_duty(Duty.SEE_FIGURES)
def evaluation(request: HttpRequest, key: str, indicator_id: str) -> HttpResponse:
    """The evaluation of one indicator; a claim on it is sent here too."""
    session = leading(request)
    found = queries.improvement(session, key)
    indicator = called(indicator_id)
    if indicator is None:
        raise NotFound("there is no such page")
    context = {
        **tabs(request, found, "leaders-pathway-effect"),
        "indicator": indicator,
        "title": said(indicator.titles),
    }
    look = _look(request, session, found, indicator)
    if look is None:
        if request.method == "POST":
            raise NotFound("there is no such page")
        is_watched = bool(found.body.watched.places)
        return page(
            request, "leaders/pathway_evaluation.html", {**context, "is_watched": is_watched}
        )
    if (kind := asked_for(request)) in {CSV, XLSX}:
        return as_file(kind, f"{key}-{indicator.id}", _table(look), _no_paper)
    form = _form(request, found, look)
    if request.method == "POST":
        if form is None:
            raise NotFound("there is no such page")
        if form.is_valid() and done(
            request, form, lambda seen: _claimed(session, found, look, form, seen)
        ):
            return redirect(f"{reverse('leaders-pathway-effect', args=[key])}#claims")
    context |= {"look": look, "form": form, **_shown(found, look)}
    status = 422 if request.method == "POST" else 200
    return page(request, "leaders/pathway_evaluation.html", context, status=status)


def _look(
    request: HttpRequest, session: Session, found: Standing, indicator: Indicator
) -> _Look | None:
    """None while nobody has said whose figures are followed, or they are being counted."""
    watched, every = found.body.watched, organisations(session)
    places = [
        (each, watched.places[each.name])
        for each in found.body.project.workstreams
        if watched.places.get(each.name) in every.numbers
    ]
    seen = reading.seen_until(session, [indicator])
    if not places or indicator.id not in seen:
        return None
    months = _number(request.GET.get("months", ""), MONTHS)
    side = Side.TO if indicator.has_sides and request.GET.get("side") == Side.TO else Side.FROM
    last_day = clock.today().replace(day=1) - timedelta(days=1)  # a month that is not over is none
    period = reading.period_of(indicator, last_day)
    asked = reading.course(Asked(indicator, period, side, reading.values(session)), months)
    others = [each for each in watched.others if each in every.numbers]
    figures = figures_of(session, asked, every, [*(unit for _, unit in places), *others], seen)
    begun = {each.municipality: each.day for each in found.body.project.starts}
    who = [
        *((place.name, begun.get(place.municipality), unit) for place, unit in places),
        *((_other_name(every.names[unit], places), None, unit) for unit in others),
    ]
    measured = tuple(tuple(each[unit] for each in figures) for *_, unit in who)
    courses = tuple(
        Course(name, begins, tuple(each.figure for each in own))
        for (name, begins, _), own in zip(who, measured, strict=True)
    )
    chosen = _number(request.GET.get("place", ""), range(len(courses)))
    return _Look(indicator, side, months, courses, measured, chosen)


def _other_name(name: str, places: Sequence[tuple[Any, str]]) -> str:
    """What one of the others is called: never as a workstream is."""
    return f"{name} (2)" if name in {each.name for each, _ in places} else name


def _number(asked: str, known: Sequence[int]) -> int:
    """The number that is asked for if it is known; else the first of them."""
    return int(asked) if asked.isascii() and asked.isdecimal() and int(asked) in known else known[0]


def _shown(found: Standing, look: _Look) -> dict[str, Any]:
    """What the page writes of a look."""
    course, limits = look.course, chart(look.course)
    known = found.body.confounders
    happened = [
        each for each in (known.known if known else ()) if look.indicator.id in each.indicators
    ]
    designs = look.found
    picture = drawn_chart(
        course, limits, designs[1].series, [each.day for each in happened],
        lambda value: value_in(look.indicator.id, value),
        most=1.0 if is_share(look.indicator.id) else None,
    )  # fmt: skip
    values = course.values
    return {
        "places": [
            (n, each.name, each.begins, n == look.chosen) for n, each in enumerate(look.courses)
        ],
        "months": [(each, each == look.months) for each in MONTHS],
        "chart": picture,
        "limits": None if limits is None else (
            value_in(look.indicator.id, limits.mean), value_in(look.indicator.id, limits.low),
            value_in(look.indicator.id, limits.high),
        ),
        "before": sum(each is not None for each in values[: course.start]),
        "rows": [
            {
                "shown": shown(look.indicator, each),
                "when": _when(course, n),
                "is_outside": limits is not None
                and (value := values[n]) is not None
                and not limits.low <= value <= limits.high,
            }
            for n, each in enumerate(look.measured[look.chosen])
        ],
        "designs": [_design(found, look, each) for each in designs],
        "is_few": any(each.is_few for each in designs if each.effect is not None),
        "worst": was_worst(look.courses, better_up=look.better_up),
        "chosen_worst": found.body.watched.worst,
        "asked": "" if known is None else known.asked,
        "happened": [
            (n, each, words.DIRECTIONS[each.direction]) for n, each in enumerate(happened, 1)
        ],
    }  # fmt: skip


def _when(course: Course, at: int) -> str:
    figure = course.figures[at]
    if course.begins is None:
        return ""
    if course.is_before(figure):
        return gettext("before")
    return (
        gettext("after") if course.is_after(figure) else gettext("began in it: counts for neither")
    )


def _design(found: Standing, look: _Look, each: Found) -> dict[str, Any]:
    """A row of what the designs find, and what it carries; without an answer to what else happened no
    claim is carried.
    """
    row: dict[str, Any] = {"title": words.DESIGNS[each.design]}
    if each.why_not is not None:
        return {**row, "why_not": said_as.WHY_NOT[each.why_not]}
    assert each.effect is not None  # else it says why not
    row |= {
        "effect": moved_in(look.indicator.id, each.effect),
        "compared": said_as.compared(look.indicator.id, each),
        "chance": said_as.chance(each),
    }
    carries = _carries(found, look, each)
    if carries is None:
        return row
    return {
        **row,
        "claim": words.SHORT_CLAIMS[carries.claim],
        "reasons": said_as.reasons(each, carries, improved=_evidence(found, look, each).improved),
    }


def _evidence(found: Standing, look: _Look, each: Found) -> Evidence:
    worst = found.body.watched.worst or was_worst(look.courses, better_up=look.better_up) != ""
    return each.evidence(
        look.indicator.id, found.body.confounders, better_up=look.better_up, worst=worst
    )


def _carries(found: Standing, look: _Look, each: Found) -> Carried | None:
    try:
        return carried(_evidence(found, look, each))
    except Refused:
        return None


def _form(request: HttpRequest, found: Standing, look: _Look) -> RecordClaimForm | None:
    designs = [each.design for each in look.found if each.effect is not None]
    if not leads(request) or not designs:
        return None
    return RecordClaimForm(
        request.POST or None, initial={"version": found.version}, designs=designs
    )


def _claimed(
    session: Session, found: Standing, look: _Look, form: RecordClaimForm, seen: int
) -> object:
    design, strength = form.chosen()
    each = next(one for one in look.found if one.design is design)
    return actions.claim(
        session, found.key, text=form.cleaned_data["text"], strength=strength, seen=seen,
        evidence=_evidence(found, look, each), found=said_as.in_short(look.indicator.id, each),
    )  # fmt: skip


def _table(look: _Look) -> Iterator[Sequence[object]]:
    """Every figure of every place, as the page shows it: what is held back there is held back here."""
    yield ("place", "began", "indicator", "definition", "side", "start", "end", "when", "value",
           "numerator", "denominator", "status", "reason")  # fmt: skip
    for course in look.courses:
        for figure in course.figures:
            yield (
                course.name, course.begins or "", look.indicator.id, figure.definition.hash, look.side,
                figure.period.start, figure.period.end, _side_of(course, figure),
                "" if figure.value is None else float(figure.value),
                "" if figure.numerator is None else float(figure.numerator),
                "" if figure.denominator is None else float(figure.denominator),
                figure.status, figure.reason,
            )  # fmt: skip


def _side_of(course: Course, figure: Figure) -> str:
    if course.begins is None or course.is_before(figure):
        return "before"
    return "after" if course.is_after(figure) else "neither"


def _no_paper() -> Sheet:
    raise NotFound("there is no such page")


__all__ = ["evaluation"]
