"""The inbox of results, and one result with its acknowledgement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from fellesjournal.access.sessions import Session
from fellesjournal.access.staffing import ANSWERING_ROLES
from fellesjournal.care.chart.queries import chart_of
from fellesjournal.care.chart.results import Trend, Value, trends
from fellesjournal.care.citizens.resources import Person
from fellesjournal.care.results.actions import AcknowledgementRefused, acknowledge
from fellesjournal.care.results.queries import (
    Measured,
    Result,
    Waiting,
    inbox,
    result_of,
)
from fellesjournal.care.results.resources import Outcome
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import FhirError, NotAllowed, PreconditionFailed
from fellesjournal.fhir.reading import Element
from fellesjournal.foundation.ui.templatetags.ui import day
from fellesjournal.surfaces.clinic.access_views import with_banner
from fellesjournal.surfaces.clinic.of_patient import of_patient
from fellesjournal.surfaces.clinic.result_words import OUTCOME, REFUSED, REPORT, STANDING, WHY
from fellesjournal.surfaces.clinic.signed_in import access_session, signed_in, staff_only
from fellesjournal.surfaces.measurements import (
    TrendRow,
    TrendRows,
    printed,
    printed_unit,
    trend_row,
    trend_rows,
)
from fellesjournal.surfaces.unseen import is_unseen

_WRITE = "write"
_MOST_NAMES = 4
"""So many abnormal analyses are named in a row of the inbox; the page of the result has all."""


@require_GET
@staff_only
def results(request: HttpRequest) -> HttpResponse:
    """What awaits her who is at work, and what awaits others at her unit."""
    rows = [(each, _waiting_row(each)) for each in inbox(access_session(request))]
    return render(
        request,
        "clinic/results.html",
        {
            "mine": [row for each, row in rows if each.is_mine],
            "others": [row for each, row in rows if not each.is_mine],
        },
    )


@require_GET
@of_patient
def report(request: HttpRequest, session: Session, person: Person, report_id: str) -> HttpResponse:
    """One result with its values, and whether somebody has acknowledged it."""
    return _page(request, session, person, report_id)


@of_patient
@require_POST
def take_note(
    request: HttpRequest, session: Session, person: Person, report_id: str
) -> HttpResponse:
    """Acknowledge with or without an action; the inbox follows, or a letter to her, never another patient's result:
    a second click in the same place must not acknowledge what nobody has read.
    """
    said = request.POST
    who = signed_in(request)
    assert who is not None  # staff only
    writes = said.get("do") == _WRITE
    outcome = Outcome.ACTION if writes or said.get("do") == Outcome.ACTION else Outcome.NO_ACTION
    words = said.get("words", "").strip() or (gettext("Letter to the patient") if writes else "")
    try:
        acknowledge(
            session,
            patient=f"Patient/{person.id}",
            task=said.get("task", ""),
            seen=int(said.get("version", "0")) if said.get("version", "").isdecimal() else 0,
            outcome=outcome,
            words=words if outcome is Outcome.ACTION else "",
            by_name=who.name,
        )
    except AcknowledgementRefused as error:
        return _page(request, session, person, report_id, refused=error.code, status=422)
    except PreconditionFailed:
        return _page(request, session, person, report_id, refused="changed", status=409)
    except NotAllowed:
        messages.warning(request, gettext("Your role does not acknowledge results."))
        return redirect("report", patient_id=person.id, report_id=report_id)
    except FhirError as error:
        if not is_unseen(error):
            raise
        return render(request, "clinic/not_found.html", status=404)
    address = reverse("report", args=[person.id, report_id])
    told = gettext("Acknowledged: %(name)s.") % {"name": person.name}
    messages.success(request, format_html('<a class="ds-link" href="{}">{}</a>', address, told))
    if writes:
        return redirect(f"{reverse('letter-new', args=[person.id])}?to=patient&about={report_id}")
    return redirect("results")


def _page(
    request: HttpRequest,
    session: Session,
    person: Person,
    report_id: str,
    *,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    try:
        found = result_of(session, person.id, report_id)
    except FhirError as error:
        if not is_unseen(error):
            raise
        return render(request, "clinic/not_found.html", status=404)
    return render(
        request,
        "clinic/report.html",
        {
            **with_banner(session, person),
            "result": found,
            "row": result_row(found),
            "values": _values(session, person, found),
            "may_acknowledge": session.role in ANSWERING_ROLES,
            "refused": REFUSED.get(refused, ""),
            "is_changed": refused == "changed",
            "words": request.POST.get("words", ""),
        },
        status=status,
    )


def _values(session: Session, person: Person, found: Result) -> TrendRows:
    """The values of this report, each with the curve of all that the record has of it."""
    rows = trend_rows(trends(found.observations))
    if not rows.rows:
        return rows
    everything = {
        each.key: each
        for each in chart_of(session, person.id, only=["Observation"]).trends
    }  # fmt: skip
    with_curves = tuple(_with_curve(each, everything) for each in rows.rows)
    return replace(rows, rows=with_curves, curves=any(each.curve for each in with_curves))


def _with_curve(row: TrendRow, everything: dict[str, Any]) -> TrendRow:
    whole = everything.get(row.trend.key)
    if whole is None or len(whole.values) < 2:
        return row
    drawn = trend_row(whole)
    row = replace(row, curve=drawn.curve, finding=drawn.finding)
    before = _before(row, whole)
    if before is None:
        return row
    said = f"{printed(before)} {printed_unit(before.unit)}".strip()
    return replace(row, previous=said, previous_at=before.at)


def _before(row: TrendRow, whole: Trend) -> Value | None:
    """The value before the one of this report; None when it is the first, or has no time."""
    at = row.trend.latest.at
    older = (each for each in whole.values if each.at and at and each.at.at < at.at)
    return next(older, None)


def result_row(found: Result) -> dict[str, Any]:
    """A report in words: how it stands, and what has been done about it."""
    task = found.task
    return {
        "result": found,
        "status": REPORT.get(found.status, ""),
        "is_withdrawn": found.news.is_withdrawn,
        "is_abnormal": bool(found.abnormal),
        "abnormal": _names(found),
        "task": task,
        "standing": STANDING[task.standing] if task and task.is_open else "",
        "outcome": OUTCOME[Outcome(task.outcome)] if task and task.outcome in set(Outcome) else "",
    }


def _names(found: Result) -> Sequence[str]:
    return [
        str(each["code"].get("text", "")) for each in found.observations
        if str(each.get("id")) in found.abnormal
    ]  # fmt: skip


def letter_about(session: Session, patient_id: str, report_id: str) -> dict[str, str]:
    """Title and text that a letter about a report begins with: its day, and its values as they stand. Nothing
    for one that is withdrawn, or that she may not see.
    """
    try:
        found = result_of(session, patient_id, report_id)
    except FhirError:
        return {}
    lines = [
        _with_value(Measured(name, each)) for each in found.observations if (name := _name(each))
    ]
    when = found.taken or found.issued
    if not lines or when is None:
        return {}
    return {
        "title": gettext("Your test result of %(day)s") % {"day": day(when)},
        "text": "\n".join(lines) + "\n\n",
    }


def _name(observation: Element) -> str:
    return reading.concept_text(observation.get("code"))


def _with_value(found: Measured) -> str:
    """An analysis with its value: ``P-Kalium 5.7 mmol/L``."""
    read = trends([found.observation])
    if not read:
        return found.name
    value = read[0].latest
    return f"{found.name} {printed(value)} {printed_unit(value.unit)}".strip()


def _waiting_row(each: Waiting) -> dict[str, Any]:
    return {
        "waiting": each,
        "task": each.task,
        "days": each.age.days,
        "hours": int(each.age.total_seconds() // 3600),
        "standing": STANDING[each.task.standing],
        "abnormal": [_with_value(each) for each in each.abnormal[:_MOST_NAMES]],
        "more_abnormal": max(0, len(each.abnormal) - _MOST_NAMES),
        # beside "abnormal" the name of a usual value would be taken for the abnormal one
        "usual": () if each.task.is_abnormal else each.analyses[:_MOST_NAMES],
        "has_more_usual": len(each.analyses) > _MOST_NAMES,
        "report_status": REPORT.get(each.task.report_status, ""),
        "why": WHY[each.why],
        "owner": each.task.owner_name,
    }


__all__ = ["letter_about", "report", "result_row", "results", "take_note"]
