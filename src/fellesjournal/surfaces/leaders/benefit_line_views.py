"""One indicator of a plan: its frozen baseline, what is wanted, what is done, and how far it has come.

The figures are joined in here: benefits know no indicators, indicators no benefits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import dateformat
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound, PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.leadership.benefits import queries
from fellesjournal.leadership.benefits.actions import doing, measuring, planning
from fellesjournal.leadership.benefits.attainment import attainment
from fellesjournal.leadership.benefits.plan import MeasureStatus, Phase, Plan, PlanLine
from fellesjournal.leadership.benefits.policies import may_plan
from fellesjournal.leadership.benefits.refusals import Refused, Why
from fellesjournal.leadership.documents.resources import Document
from fellesjournal.leadership.figures.result import Figure
from fellesjournal.leadership.indicators import reading
from fellesjournal.leadership.indicators.asking import Asked
from fellesjournal.leadership.indicators.catalogue import CATALOGUE
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders import benefit_words as words
from fellesjournal.surfaces.leaders.amounts import percent, plain
from fellesjournal.surfaces.leaders.benefit_forms import SeenForm
from fellesjournal.surfaces.leaders.benefit_lines import (
    is_better_up,
    is_share,
    shown_line,
    titles_of,
    value_in,
)
from fellesjournal.surfaces.leaders.benefit_measure_forms import (
    AmbitionForm,
    FreezeForm,
    LineForm,
    MeasureForm,
    MeasureStatusForm,
    MonthForm,
)
from fellesjournal.surfaces.leaders.benefit_views import say_why
from fellesjournal.surfaces.leaders.course_drawing import drawn_course
from fellesjournal.surfaces.leaders.pages import leading, page
from fellesjournal.surfaces.leaders.rollout_views import OVERTAKEN
from fellesjournal.surfaces.leaders.unit_names import names_of_units

_MONTHS_OFFERED = 12


@require_GET
@for_duty(Duty.SEE_FIGURES)
def line(request: HttpRequest, unit: str, indicator: str) -> HttpResponse:
    """One line."""
    return _line_page(request, unit, indicator)


@require_POST
@for_duty(Duty.REALISE_BENEFITS)
def line_act(request: HttpRequest, unit: str, indicator: str, act: str) -> HttpResponse:
    """Freeze the baseline, say what is wanted, register a measurement, write what is done."""
    session = leading(request)
    stands, found = _standing(session, unit, indicator)
    forms = _forms(stands, found, request.POST)
    if act not in forms:
        raise NotFound("there is no such page")
    form = forms[act]
    if not form.is_valid():
        return _line_page(request, unit, indicator, {act: form}, status=422)
    try:
        _ACTS[act](session, unit, found, form)
    except Refused as refused:
        say_why(form, refused)
        return _line_page(request, unit, indicator, {act: form}, status=422)
    except PreconditionFailed:
        messages.warning(request, str(OVERTAKEN))
    else:
        messages.success(request, gettext("Saved."))
    return redirect("leaders-benefit-line", unit, indicator)


def _freeze(session: Session, unit: str, found: PlanLine, form: Any) -> None:
    figure = _figure(session, unit, found.indicator, form.last_day_of())
    said = form.cleaned_data
    measuring.freeze(session, unit, figure, seen=said["version"], reason=said["reason"])


def _register(session: Session, unit: str, found: PlanLine, form: Any) -> None:
    figure = _figure(session, unit, found.indicator, form.last_day_of())
    measuring.register(session, unit, figure, seen=form.cleaned_data["version"])


def _aim(session: Session, unit: str, found: PlanLine, form: Any) -> None:
    if found.baseline is None:
        raise Refused(Why.BASELINE_FIRST, "freeze the baseline first")
    said = form.cleaned_data
    ambition = form.ambition(found.baseline)
    measuring.aim(session, unit, ambition, seen=said["version"], reason=said["reason"])


def _answer(session: Session, unit: str, found: PlanLine, form: Any) -> None:
    said = form.cleaned_data
    planning.set_line(
        session, unit, found.indicator, owner=said["owner"],
        next_measurement=said["next_measurement"], seen=said["version"],
    )  # fmt: skip


def _add(session: Session, unit: str, found: PlanLine, form: Any) -> None:
    seen = form.cleaned_data["version"]
    doing.add_measure(session, unit, found.indicator, form.measure(), seen=seen)


def _status(session: Session, unit: str, found: PlanLine, form: Any) -> None:
    said = form.cleaned_data
    doing.set_measure_status(
        session, unit, found.indicator, said["title"], MeasureStatus(said["status"]),
        seen=said["version"],
    )  # fmt: skip


_ACTS: Mapping[str, Callable[[Session, str, PlanLine, Any], None]] = {
    "freeze": _freeze, "register": _register, "ambition": _aim, "line": _answer, "measure": _add,
    "status": _status,
}  # fmt: skip


def _figure(session: Session, unit: str, indicator: str, last_day: date) -> Figure:
    """The figure of a unit for the period that ends with a day, as its indicator page shows it: what is
    held back there has no value here. Raises Refused when there can't be one.
    """
    found = CATALOGUE.get(indicator)
    if found is None:
        raise Refused(Why.NO_FIGURE, "the platform does not count it")
    own = reading.own_units(session)
    reference = f"Organization/{unit}"
    if reference not in {each.unit for each in own.groups}:
        raise Refused(Why.ELSEWHERE, "not a unit of hers")
    seen = reading.seen_until(session, [found])
    if found.id not in seen:
        raise Refused(Why.NO_FIGURE, "being counted for the first time")
    asked = Asked(found, reading.period_of(found, last_day), values=reading.values(session))
    (shown,) = reading.figures(session, [asked], own.groups, seen)
    return shown[reference].figure


def _standing(session: Session, unit: str, indicator: str) -> tuple[Document[Plan], PlanLine]:
    stands = queries.plan(session, unit)
    found = None if stands is None else stands.body.line(indicator)
    if stands is None or found is None:
        raise NotFound("there is no such page")
    return stands, found


def _forms(stands: Document[Plan], found: PlanLine, data: Any = None) -> dict[str, SeenForm]:
    """The forms that the phase of the plan leaves open."""
    first = {"version": stands.version}
    body, months = stands.body, _months()
    line_now = {"owner": found.owner, "next_measurement": found.next_measurement, **first}
    forms: dict[str, SeenForm] = {
        "line": LineForm(data, initial=line_now, auto_id="line_%s"),
        "measure": MeasureForm(data, initial=first, auto_id="measure_%s"),
        "status": MeasureStatusForm(data, initial=first, auto_id=False),
    }
    if body.phase is Phase.MEASUREMENT:
        forms["freeze"] = FreezeForm(data, months=months, initial=first, auto_id="freeze_%s")
    if found.baseline is not None and body.phase >= Phase.MEASUREMENT:
        forms["ambition"] = AmbitionForm(
            data, is_share=is_share(found.indicator), initial=first, auto_id="ambition_%s"
        )
    if found.ambition is not None and body.phase >= Phase.MEASUREMENT:
        forms["register"] = MonthForm(data, months=months, initial=first, auto_id="register_%s")
    return forms


def _months() -> list[tuple[str, str]]:
    """Months that are over, newest first: by their last day."""
    months: list[tuple[str, str]] = []
    last = clock.today().replace(day=1) - timedelta(days=1)
    while len(months) < _MONTHS_OFFERED:
        months.append((last.isoformat(), dateformat.format(last, "F Y").capitalize()))
        last = last.replace(day=1) - timedelta(days=1)
    return months


def _line_page(
    request: HttpRequest,
    unit: str,
    indicator: str,
    forms: dict[str, SeenForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    session = leading(request)
    stands, found = _standing(session, unit, indicator)
    body = stands.body
    may_change = may_plan(session, body.unit)
    titles = titles_of(queries.items(session))
    benefit = body.benefit(found.benefit)
    done = {each.title: each for each in (benefit.measures if benefit else ())}
    context = {
        "unit": unit,
        "may_only_read": not may_change,
        "name": names_of_units(session, [body.unit]).get(body.unit, unit),
        "stands": stands,
        "shown": shown_line(body, found, titles),
        "line": found,
        "is_counted": indicator in CATALOGUE,
        "is_ours": body.unit == session.unit,
        "may_freeze": body.phase is Phase.MEASUREMENT,
        "baseline": _frozen(found.baseline) if found.baseline else None,
        "earlier": [_frozen(each) for each in reversed(found.earlier)],
        "steps": _steps(found),
        "course": _course(found),
        "chart": drawn_course(found, lambda value: value_in(indicator, value)),
        "window": CATALOGUE[indicator].window_days if indicator in CATALOGUE else 0,
        "measures": [
            (
                number,
                done[each],
                words.MEASURE_STATUSES[done[each].status],
                plain(done[each].cost) if done[each].cost else "–",
                done[each].is_late(clock.today()),
            )
            for number, each in enumerate(found.measures, 1)
            if each in done
        ],
        "statuses": list(words.MEASURE_STATUSES.items()),
        "confounders": [each for each in body.confounders if indicator in each.indicators],
        "forms": {**(_forms(stands, found) if may_change else {}), **(forms or {})},
    }
    return page(request, "leaders/benefit_line.html", context, status=status)


def _frozen(one: Any) -> dict[str, Any]:
    """A baseline with all that its panel tells."""
    return {
        "frozen": one,
        "value": value_in(one.indicator, one.value),
        "interval": _interval(one.indicator, one),
        "last_day": one.end - timedelta(days=1),
        "counts": _counts(one),
    }


def _interval(indicator: str, one: Any) -> str:
    if one.interval is None:
        return ""
    return f"{value_in(indicator, one.interval.low)}–{value_in(indicator, one.interval.high)}"


def _counts(one: Any) -> str:
    if one.numerator is None:
        return plain(one.denominator)
    return f"{plain(one.numerator)} / {plain(one.denominator)}"


def _steps(found: PlanLine) -> list[tuple[date, str]]:
    if found.ambition is None:
        return []
    ways = [*found.ambition.trajectory]
    return [(each.day, value_in(found.indicator, each.value)) for each in ways] + [
        (found.ambition.day, value_in(found.indicator, found.ambition.target))
    ]


def _course(found: PlanLine) -> list[dict[str, Any]]:
    """What was registered since the baseline, newest first, each with how far it had come then."""
    if found.baseline is None:
        return []
    rows = []
    for each in reversed(found.followed):
        then = (
            None
            if found.ambition is None
            else attainment(
                each.now, found.baseline, found.ambition, each.end,
                up_is_better=is_better_up(found.indicator),
            )
        )  # fmt: skip
        rows.append({
            "measured": each,
            "last_day": each.end - timedelta(days=1),
            "value": value_in(found.indicator, each.value),
            "interval": _interval(found.indicator, each),
            "counts": _counts(each),
            "share": "" if then is None or then.share is None else percent(then.share),
            "planned": "" if then is None or then.planned is None else percent(then.planned),
            "status": "" if then is None else words.VERDICTS[then.verdict],
            "look": "neutral" if then is None else words.LOOKS[then.verdict],
        })  # fmt: skip
    return rows


__all__ = ["line", "line_act"]
