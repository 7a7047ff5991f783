"""Workshops: the list, one with its worksheet, totals and chance, and the worksheet as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.foundation.ui.forms import form_key
from fellesjournal.leadership.benefits import queries, sheets
from fellesjournal.leadership.benefits.actions import workshops as actions
from fellesjournal.leadership.benefits.policies import may_realise, part_in
from fellesjournal.leadership.benefits.refusals import Refused
from fellesjournal.leadership.benefits.resources import WORKSHOP
from fellesjournal.leadership.benefits.worksheet import (
    Rates,
    Row,
    Worth,
    faults,
    simulated,
    workshop_total,
)
from fellesjournal.leadership.benefits.workshops import SheetRow, Workshop
from fellesjournal.leadership.documents.queries import standing
from fellesjournal.leadership.documents.resources import Document
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders import benefit_words as words
from fellesjournal.surfaces.leaders.amounts import about, kroner, plain
from fellesjournal.surfaces.leaders.pages import leading, page
from fellesjournal.surfaces.leaders.unit_names import names_of_units
from fellesjournal.surfaces.leaders.workshop_forms import PER, FileForm, WorkshopForm

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ROUNDS = 2000
_SEED = 1


@require_GET
@for_duty(Duty.SEE_FIGURES)
def workshops(request: HttpRequest) -> HttpResponse:
    """All workshops."""
    session = leading(request)
    found = queries.workshops(session)
    names = names_of_units(session, [each.body.unit for each in found])
    context = {
        "workshops": [
            (each, names.get(each.body.unit, ""), sum(area.participants for area in each.body.areas))
            for each in found
        ],
        "may_hold": may_realise(session),
    }  # fmt: skip
    return page(request, "leaders/workshops.html", context)


@require_http_methods(["GET", "POST"])
@for_duty(Duty.REALISE_BENEFITS)
def new_workshop(request: HttpRequest) -> HttpResponse:
    """A workshop more, of one's own unit."""
    session = leading(request)
    first = {"version": 0, "day": clock.today()}
    form = WorkshopForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        key = form_key(request)
        try:
            actions.hold(
                session, key, form.workshop(session.unit), seen=0,
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except PreconditionFailed:
            messages.info(request, gettext("This was sent before."))
        else:
            messages.success(request, gettext("Saved."))
        return redirect("leaders-workshop", key)
    status = 422 if request.method == "POST" else 200
    return page(request, "leaders/workshop_new.html", {"form": form}, status=status)


@require_GET
@for_duty(Duty.SEE_FIGURES)
def workshop(request: HttpRequest, key: str) -> HttpResponse:
    """One workshop with its worksheet; ``?as=xlsx`` is the worksheet as a file."""
    if request.GET.get("as") == "xlsx":
        return _file(leading(request), key)
    return workshop_page(request, key)


@require_POST
@for_duty(Duty.SEE_FIGURES)
def read_in(request: HttpRequest, key: str) -> HttpResponse:
    """Read in a workbook: all of it, or nothing and what is in the way."""
    session = leading(request)
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return workshop_page(request, key, form, status=422)
    try:
        rows, found = sheets.read(form.cleaned_data["file"].read(sheets.LARGEST_FILE + 1))
        if found:
            return workshop_page(request, key, form, _told(found), status=422)
        answer = actions.read_in(session, key, _with_keys(form_key(request), rows))
    except sheets.Unreadable as error:
        form.add_error("file", str(error))
        return workshop_page(request, key, form, status=422)
    except Refused as refused:
        form.add_error("file", str(words.REFUSALS[refused.why]))
        return workshop_page(request, key, form, status=422)
    except PreconditionFailed:
        form.add_error("file", gettext("Somebody saved a row in the same moment. Try again."))
        return workshop_page(request, key, form, status=422)
    if isinstance(answer, list):
        tasks = {row.id: row.task for row, _version in rows}
        told = [
            (tasks.get(each.row, each.row), "", "", words.REFUSALS[each.why]) for each in answer
        ]
        return workshop_page(request, key, form, told, status=422)
    messages.success(request, _came(answer))
    return redirect("leaders-workshop", key)


def _with_keys(form: str, rows: Sequence[tuple[Row, int]]) -> list[tuple[Row, int]]:
    """New rows get an id that is the same however often the form is sent."""
    return [
        (row if row.id else replace(row, id=f"{form[:8]}-{n}"), version)
        for n, (row, version) in enumerate(rows, 1)
    ]


def _came(answer: actions.ReadIn) -> str:
    parts = [
        ngettext("%(n)s new row", "%(n)s new rows", answer.new) % {"n": answer.new},
        ngettext("%(n)s changed", "%(n)s changed", answer.changed) % {"n": answer.changed},
        ngettext("%(n)s as before", "%(n)s as before", answer.same) % {"n": answer.same},
    ]
    return gettext("Read in: %(parts)s.") % {"parts": ", ".join(parts)}


def _told(found: Sequence[sheets.Fault]) -> list[tuple[str, str, str, Any]]:
    return [
        (
            gettext("Sheet %(sheet)s, row %(row)s") % {"sheet": each.sheet, "row": each.row},
            each.column, each.text, each.why,
        )
        for each in found
    ]  # fmt: skip


def _file(session: Session, key: str) -> HttpResponse:
    found = standing(session, WORKSHOP, key)
    rows = [
        (each.body.row, each.version)
        for each in queries.row_documents(session, key)
        if not each.body.is_removed
    ]
    answer = HttpResponse(sheets.written(rows), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="worksheet-{found.body.day}.xlsx"'
    return answer


def workshop_page(
    request: HttpRequest,
    key: str,
    form: FileForm | None = None,
    faults_of_file: Sequence[tuple[str, str, str, Any]] = (),
    status: int = 200,
) -> HttpResponse:
    """The worksheet as it stands, with its sums."""
    session = leading(request)
    held = standing(session, WORKSHOP, key)
    found = queries.row_documents(session, key)
    rows = [each for each in found if not each.body.is_removed]
    worths = queries.worths(session)
    rates, block = worths.rates, worths.block
    names = names_of_units(session, [held.body.unit])
    plan = queries.plan(session, held.body.unit.partition("/")[2])
    benefits = {} if plan is None else {each.id: each.title for each in plan.body.benefits}
    context = {
        "workshop": held,
        "key": key,
        "name": names.get(held.body.unit, ""),
        "rows": [_shown(each, rates, block, benefits) for each in rows],
        "removed": [each for each in found if each.body.is_removed],
        "totals": _totals([each.body.row for each in rows], rates, block),
        "areas": _areas(held.body, [each.body.row for each in rows]),
        "faults": [each.text for each in faults([each.body.row for each in rows], held.body.staffed)],
        "may_write": part_in(session, held.body.unit).may_write,
        "file_form": form or FileForm(),
        "file_faults": faults_of_file,
        "rate": kroner(rates.cost_of_hour),
        "year": plain(rates.hours_per_fte),
    }  # fmt: skip
    return page(request, "leaders/workshop.html", context, status=status)


def _shown(
    found: Document[SheetRow], rates: Rates, block: Fraction, benefits: dict[str, str]
) -> dict[str, Any]:
    row = found.body.row
    worth = rates.worth(row.hours)
    after = row.minutes_after
    same = after.low == after.mode == after.high
    return {
        "row": row,
        "version": found.version,
        "now": _minutes(row.minutes_now),
        "after": _minutes(after.mode) if same else f"{_minutes(after.mean)}",
        "after_range": "" if same else f"{_minutes(after.low)}–{_minutes(after.high)}",
        "often": plain(row.occurrences, 0 if row.occurrences.denominator == 1 else 2),
        "per": PER[row.per],
        "staff": plain(row.staff, 0 if row.staff.denominator == 1 else 2),
        **_in_words(worth),
        "is_loss": row.hours < 0,
        "is_capacity": row.is_capacity(block),
        "counted_in": benefits.get(row.claimed_by.rpartition("/")[2], gettext("another plan"))
        if row.is_in_plan
        else "",
    }


def _totals(rows: Sequence[Row], rates: Rates, block: Fraction) -> dict[str, Any]:
    """The sum of the workshop with its chance, and what of it can become money at all."""
    whole = workshop_total(rows)
    capacity = workshop_total(each for each in rows if each.is_capacity(block))
    drawn = simulated(rows, seed=_SEED, rounds=_ROUNDS) if rows else [0.0]
    low, high = drawn[len(drawn) // 10], drawn[len(drawn) * 9 // 10]
    return {
        **_in_words(rates.worth(whole)),
        "low": plain(low),
        "high": plain(high),
        "low_money": about(low * float(rates.cost_of_hour)),
        "high_money": about(high * float(rates.cost_of_hour)),
        "capacity": plain(capacity, 1),
        "thieves": plain(workshop_total(each for each in rows if each.is_time_thief), 1),
        "elsewhere": plain(
            sum((each.hours for each in rows if each.is_counted_elsewhere), Fraction(0)), 1
        ),
        "in_plan": plain(sum((each.hours for each in rows if each.is_in_plan), Fraction(0)), 1),
    }


def _areas(held: Workshop, rows: Sequence[Row]) -> list[tuple[Any, str, str]]:
    return [
        (
            each,
            plain(workshop_total(row for row in rows if row.service_area == each.name), 1),
            "" if each.staffed_hours is None else plain(each.staffed_hours),
        )
        for each in held.areas
    ]


def _in_words(worth: Worth) -> dict[str, str]:
    return {
        "hours": plain(worth.hours, 1), "fte": plain(worth.fte, 2), "money": kroner(worth.money),
    }  # fmt: skip


def _minutes(value: Fraction) -> str:
    return plain(value, 0 if value.denominator == 1 else 2)


__all__ = ["new_workshop", "read_in", "workshop", "workshop_page", "workshops"]
