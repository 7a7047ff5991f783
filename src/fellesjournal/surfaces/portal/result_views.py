"""Test results: what laboratories have answered, value by value, with the course over time.

What is delayed (NORU) or refused is not among them, and leaves no trace. Values are shown as
part of the reports that may be seen, and of no others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from fellesjournal.access.citizens import opens
from fellesjournal.access.policy.areas import Area
from fellesjournal.access.sessions import Session
from fellesjournal.care.chart.results import Flag, Trend, Value, trends
from fellesjournal.care.orders.catalogue import NLK, analyses
from fellesjournal.care.results.queries import Result, orderer_of, results_of
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation.ui.templatetags.ui import day
from fellesjournal.surfaces.measurements import TrendRow, printed, printed_unit, trend_row
from fellesjournal.surfaces.portal.analysis_names import plain_name, plain_title
from fellesjournal.surfaces.portal.entering import in_helsami, open_session, page, part, refused

# How a value lies, in a citizen's words.
_LIES: Mapping[Flag, Promise] = {
    Flag.NONE: _("within the reference range"),
    Flag.HIGH: _("above the reference range"),
    Flag.VERY_HIGH: _("far above the reference range"),
    Flag.LOW: _("below the reference range"),
    Flag.VERY_LOW: _("far below the reference range"),
    Flag.ABNORMAL: _("marked by the laboratory"),
}
_STATUS: Mapping[str, Promise] = {
    "preliminary": _("preliminary: more may follow"),
    "partial": _("preliminary: more may follow"),
    "corrected": _("corrected"),
    "amended": _("corrected"),
    "appended": pgettext_lazy("result", "added to"),
    "cancelled": _("withdrawn by the laboratory"),
    "entered-in-error": _("withdrawn by the laboratory"),
}


@dataclass(frozen=True, slots=True)
class ValueCard:
    """One value in words. ``lies`` is how it lies to its reference, "" without one; ``compared``
    says how it lies to the value before it, as numbers alone; ``explanation`` is what is measured,
    in NLK's words, "" for what NLK does not name here; ``plain`` its plain name, "" without one.
    """

    row: TrendRow
    lies: str | Promise
    is_outside: bool
    is_corrected: bool
    explanation: str
    count: int
    compared: str = ""
    plain: str = ""


@dataclass(frozen=True, slots=True)
class ResultCard:
    """One report in words; ``title`` begins with the plain name of a single analysis."""

    result: Result
    title: str
    status: str | Promise
    outside: int
    values: tuple[ValueCard, ...]


@require_GET
@in_helsami
@part(Area.HEALTH)
def results(request: HttpRequest) -> HttpResponse:
    """Every result that may be seen, newest first."""
    found = _results(open_session(request))
    return page(request, "portal/results.html", {"cards": [_card(each, ()) for each in found]})


@require_GET
@in_helsami
@part(Area.HEALTH)
def result(request: HttpRequest, report_id: str) -> HttpResponse:
    """One result, value by value."""
    found = _results(open_session(request))
    chosen = next((each for each in found if each.id == report_id), None)
    if chosen is None:
        return refused(request, NotFound("this result is not known"))
    session = open_session(request)
    context = {
        "card": _card(chosen, _courses(found)),
        "ordered": orderer_of(session, chosen),
        "may_ask": opens(session, Area.MESSAGES),
    }
    return page(request, "portal/result.html", context)


@require_GET
@in_helsami
@part(Area.HEALTH)
def course(request: HttpRequest) -> HttpResponse:
    """All values of one thing measured: a curve, and the same numbers as a table."""
    key = request.GET.get("of", "")
    whole = next(
        (each for each in _courses(_results(open_session(request))) if each.key == key), None
    )
    if whole is None:
        return refused(request, NotFound("this is not measured here"))
    row = trend_row(whole, most=len(whole.values), width=640, height=220)
    rows = [
        _value(Trend(whole.key, whole.name, whole.section, (each,)), ()) for each in whole.values
    ]
    context = {"row": row, "cards": rows, "about": _about(key), "plain": plain_name(key)}
    return page(request, "portal/course.html", context)


def _results(session: Session) -> list[Result]:
    return results_of(session, session.subject.removeprefix("Patient/"))


def _courses(found: Iterable[Result]) -> tuple[Trend, ...]:
    values = {str(each.get("id")): each for result in found for each in result.observations}
    return trends(values.values())


def _card(found: Result, courses: Sequence[Trend]) -> ResultCard:
    keys = {reading.concept_key(each.get("code")) for each in found.observations}
    return ResultCard(
        result=found,
        title=plain_title(found.title, keys),
        status=_STATUS.get(found.status, ""),
        outside=len(found.abnormal),
        values=tuple(_value(each, courses) for each in trends(found.observations)),
    )


def _value(trend: Trend, courses: Sequence[Trend]) -> ValueCard:
    latest = trend.latest
    has_reference = latest.low is not None or latest.high is not None or bool(latest.reference)
    says = latest.flag is not Flag.NONE or has_reference
    whole = next((each for each in courses if each.key == trend.key), None)
    return ValueCard(
        row=trend_row(trend),
        lies=_LIES[latest.flag] if says else "",
        is_outside=latest.flag is not Flag.NONE,
        is_corrected=latest.status in {"corrected", "amended"},
        explanation=_about(trend.key),
        count=len(whole.values) if whole else 1,
        compared=compared(latest, whole.values) if whole else "",
        plain=plain_name(trend.key),
    )


def compared(value: Value, values: Sequence[Value]) -> str:
    """A number beside the one before it in the same unit: the same, higher or lower. "" when they
    can't be held against each other. It is arithmetic, and says nothing of what it means.
    """
    before = _before(value, values)
    if before is None or before.at is None:
        return ""
    said = {
        "day": day(before.at),
        "value": f"{printed(before)} {printed_unit(before.unit)}".strip(),
    }
    now, then = value.numbers[0], before.numbers[0]
    if now == then:
        return gettext("The same as on %(day)s.") % said
    if now > then:
        return gettext("Higher than on %(day)s: %(value)s then.") % said
    return gettext("Lower than on %(day)s: %(value)s then.") % said


def _before(value: Value, values: Sequence[Value]) -> Value | None:
    """The value before this one that can be held against it: one number, no "less than"."""
    if value.at is None or not _is_number(value):
        return None
    at = value.at.at
    earlier = (e for e in values if e.at is not None and e.at.at < at and e.unit == value.unit)
    found = next(earlier, None)  # newest first
    return found if found is not None and _is_number(found) else None


def _is_number(value: Value) -> bool:
    return len(value.numbers) == 1 and not value.comparator


def _about(key: str) -> str:
    """What is measured, as NLK (7280.61) names it: the only explanation with a source here."""
    system, _bar, code = key.rpartition("|")
    found = analyses().get(code) if system == NLK else None
    return found.about if found else ""


__all__ = ["course", "result", "results"]
