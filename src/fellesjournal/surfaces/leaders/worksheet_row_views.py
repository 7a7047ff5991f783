"""One row of a worksheet: written by many at the same time, so that nobody's words are lost."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound, PreconditionFailed
from fellesjournal.foundation.ui.forms import form_key
from fellesjournal.leadership.benefits import queries
from fellesjournal.leadership.benefits.actions import workshops as actions
from fellesjournal.leadership.benefits.policies import Part, part_in
from fellesjournal.leadership.benefits.refusals import Refused
from fellesjournal.leadership.benefits.resources import ROW, WORKSHOP
from fellesjournal.leadership.benefits.worksheet import Row
from fellesjournal.leadership.benefits.workshops import SheetRow, Workshop, row_key
from fellesjournal.leadership.documents.queries import find, names_of, standing, versions
from fellesjournal.leadership.documents.resources import Document
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders import benefit_words as words
from fellesjournal.surfaces.leaders.amounts import plain
from fellesjournal.surfaces.leaders.benefit_forms import SeenForm
from fellesjournal.surfaces.leaders.benefit_views import say_why
from fellesjournal.surfaces.leaders.pages import leading, page
from fellesjournal.surfaces.leaders.rollout_views import OVERTAKEN
from fellesjournal.surfaces.leaders.workshop_forms import (
    ClaimForm,
    RemoveForm,
    RowForm,
    as_typed,
    numbers_of,
)

NEW = "new"


@require_http_methods(["GET", "POST"])
@for_duty(Duty.SEE_FIGURES)
def row(request: HttpRequest, key: str, row: str) -> HttpResponse:
    """Write one row; ``new`` for one that isn't there yet."""
    session = leading(request)
    held = standing(session, WORKSHOP, key).body
    part = part_in(session, held.unit)
    if not part.may_write:
        raise NotFound("there is no such page")
    stands = None if row == NEW else standing(session, ROW, row_key(key, row))
    form = _form(held, stands, request.POST if request.method == "POST" else None)
    if request.method == "GET" or not form.is_valid():
        status = 200 if request.method == "GET" else 422
        return _row_page(request, key, held, stands, form, part, status=status)
    made = (
        form.row(f"{form_key(request)[:8]}-0") if stands is None else form.row(row, stands.body.row)
    )
    try:
        actions.keep_row(session, key, made, seen=form.cleaned_data["version"])
    except Refused as refused:
        say_why(form, refused)
        return _row_page(request, key, held, stands, form, part, status=422)
    except PreconditionFailed:
        other = find(session.again(), ROW, row_key(key, made.id))
        if other is not None and other.body == SheetRow(key, made):
            messages.info(request, gettext("This was sent before."))
        else:
            return _overtaken(request, key, held, other, part)
    else:
        messages.success(request, gettext("Saved."))
    return redirect("leaders-workshop", key)


@require_POST
@for_duty(Duty.SEE_FIGURES)
def row_act(request: HttpRequest, key: str, row: str, act: str) -> HttpResponse:
    """Take a row away, or count its hours in a benefit of the plan."""
    session = leading(request)
    held = standing(session, WORKSHOP, key).body
    stands = standing(session, ROW, row_key(key, row))
    unit, part = held.unit.partition("/")[2], part_in(session, held.unit)
    if not part.may_write:
        raise NotFound("there is no such page")
    forms: dict[str, SeenForm] = {
        "claim": ClaimForm(request.POST, benefits=_benefits(session, unit)),
        "remove": RemoveForm(request.POST),
    }
    if act not in forms:
        raise NotFound("there is no such page")
    form = forms[act]
    if not form.is_valid():
        return _row_page(
            request, key, held, stands, _form(held, stands), part, {act: form}, status=422
        )
    said = form.cleaned_data
    try:
        if act == "claim":
            actions.claim(session, unit, said["benefit"], key, row, seen=said["version"])
        else:
            actions.remove_row(session, key, row, seen=said["version"], reason=said["reason"])
    except Refused as refused:
        say_why(form, refused)
        return _row_page(
            request, key, held, stands, _form(held, stands), part, {act: form}, status=422
        )
    except PreconditionFailed:
        messages.warning(request, str(OVERTAKEN))
    else:
        messages.success(request, gettext("Saved."))
    return redirect("leaders-workshop", key)


def _overtaken(
    request: HttpRequest, key: str, held: Workshop, other: Document[SheetRow] | None, part: Part
) -> HttpResponse:
    """Her words stay in the form, beside what somebody else has saved; saving again is her choice."""
    data = request.POST.copy()
    data["version"] = str(0 if other is None else other.version)
    form = _form(held, other, data)
    form.is_valid()
    form.add_error(
        None, gettext("Somebody else has changed this row meanwhile. Compare, then save.")
    )
    return _row_page(request, key, held, other, form, part, status=422, is_overtaken=True)


def _form(held: Workshop, stands: Document[SheetRow] | None, data: Any = None) -> RowForm:
    areas = [each.name for each in held.areas]
    if stands is None:
        first: dict[str, Any] = {"version": 0, "per": "week", "weeks": 52, "staff": 1}
        return RowForm(data, areas=areas, initial=first)
    now = stands.body.row
    known = areas if now.service_area in areas else [*areas, now.service_area]
    return RowForm(data, areas=known, initial={"version": stands.version, **_said(now)})


def _said(now: Row) -> dict[str, Any]:
    """A row as its form shows it."""
    numbers = {name: as_typed(value) for name, value in numbers_of(now).items()}
    words_ = {
        name: getattr(now, name)
        for name in RowForm.base_fields
        if name in Row.__dataclass_fields__ and name not in numbers
    }
    return {name: {**words_, **numbers}[name] for name in RowForm.base_fields if name != "version"}


def _benefits(session: Session, unit: str) -> list[tuple[str, str]]:
    found = queries.plan(session, unit)
    return [] if found is None else [(each.id, each.title) for each in found.body.benefits]


def _row_page(
    request: HttpRequest,
    key: str,
    held: Workshop,
    stands: Document[SheetRow] | None,
    form: RowForm,
    part: Part,
    forms: dict[str, SeenForm] | None = None,
    *,
    status: int = 200,
    is_overtaken: bool = False,
) -> HttpResponse:
    session = leading(request)
    now = None if stands is None else stands.body.row
    trail = [] if stands is None else versions(session, ROW, stands.key)
    people = names_of(session, trail)
    open_forms: dict[str, SeenForm] = {}
    if stands is not None and now is not None and not is_overtaken:
        first = {"version": stands.version}
        unit = held.unit.partition("/")[2]
        if not now.is_in_plan:
            open_forms["remove"] = RemoveForm(initial=first, auto_id="remove_%s")
        if not now.claimed_by and part.may_plan:
            benefits = _benefits(session, unit)
            if benefits:
                open_forms["claim"] = ClaimForm(
                    initial=first, benefits=benefits, auto_id="claim_%s"
                )
    context = {
        "key": key,
        "workshop": held,
        "row": now,
        "form": form,
        "forms": {**open_forms, **(forms or {})},
        "hours": "" if now is None else plain(now.hours, 1),
        "theirs": _theirs(form, now) if is_overtaken and now else [],
        "who": people.get(trail[0].author, "") if trail else "",
        "trail": [(each, people.get(each.author, ""), words.reason(each.reason)) for each in trail],
    }
    return page(request, "leaders/worksheet_row.html", context, status=status)


def _theirs(form: RowForm, now: Row) -> list[tuple[str, str, str]]:
    """What differs: the field, what she wrote, what stands."""
    stands = _said(now)
    found = []
    for name, value in stands.items():
        mine = form.data.get(name, "")
        other = ("on" if value else "") if isinstance(value, bool) else str(value)
        if str(mine).strip().replace(",", ".") != other:
            found.append((str(form.fields[name].label), mine or "–", other or "–"))
    return found


__all__ = ["NEW", "row", "row_act"]
