"""Training: how far each organisation is, who is missing a course, and leave to work without one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from fellesjournal.access.courses import waivers
from fellesjournal.access.directory.staff import staff_below
from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound
from fellesjournal.foundation import clock
from fellesjournal.leadership.rollout import queries, training_queries
from fellesjournal.leadership.rollout.programme import Programme
from fellesjournal.leadership.rollout.training_book import Book
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders import training_page as shown
from fellesjournal.surfaces.leaders import training_words as words
from fellesjournal.surfaces.leaders.pages import leading, may, page
from fellesjournal.surfaces.leaders.rollout_next import to_come_first
from fellesjournal.surfaces.leaders.training_forms import WaiveForm
from fellesjournal.surfaces.leaders.unit_names import names_by_reference

_MOST_GAPS = 100


@require_GET
@for_duty(Duty.SEE_FIGURES)
def overview(request: HttpRequest) -> HttpResponse:
    """Every organisation with a plan, and for who leads the rollout everybody who lacks a course."""
    session, today = leading(request), clock.today()
    programme, books = queries.programme(session).body, training_queries.all_books(session)
    days = queries.assumptions(session, today).super_user_days
    sees_all = may(request, Duty.ROLL_OUT)
    rows = [
        _row(programme, plan.actor, books.get(plan.actor, Book()), today, days, sees_all)
        for plan in to_come_first(programme, today)
    ]
    found = _all_gaps(session, programme, books, today) if sees_all else []
    context = {
        "rows": rows,
        "gaps": found[:_MOST_GAPS],
        "gap_count": len(found),
        "most": _MOST_GAPS,
        "sees_all": sees_all,
    }
    return page(request, "leaders/training.html", context)


@require_GET
@for_duty(Duty.SEE_FIGURES)
def organisation(request: HttpRequest, actor: str) -> HttpResponse:
    """The training of one organisation: who is trained, who is not, who is absent, what expires."""
    session, today = leading(request), clock.today()
    programme = queries.programme(session).body
    days = shown.starts(programme, actor, today)
    if days is None:
        raise NotFound("there is no such page")
    go_live, start = days
    book, reader = training_queries.book(session, actor), shown.reader_of(session)
    staff = staff_below(session, book.courses.unit) if book.courses.unit else []
    mine, of_mine = shown.held(reader.of_staff(staff)), reader.of(book)
    leave = shown.leave_of(session, reader, staff)
    coverage = of_mine.coverage(start, {each.practitioner for each in mine}, today)
    names = {each.practitioner: each.name for each in staff}
    context: dict[str, Any] = {
        "organisation": programme.actor(actor),
        "go_live": go_live,
        "start": start,
        "is_live": go_live <= today,
        "enforcement": words.ENFORCEMENTS[book.courses.enforcement],
        "whole": shown.counted(book.coverage(start, (), today), sees_all=reader.sees_all),
        "is_empty": book.is_empty,
        "sees_names": reader.sees_all or bool(mine),
        "sees_all": reader.sees_all,
        "roles": shown.by_role(of_mine, start, staff, today) if reader.sees_all else [],
        "gaps": shown.gaps(of_mine, coverage, staff, leave),
        "absent": [names.get(each, each) for each in coverage.absent],
        "expiring": shown.expiring(of_mine, staff, today),
        "super_users": shown.super_users(
            of_mine, start, staff, queries.assumptions(session, today).super_user_days, today
        ),
        "leave": _with_signers(session, shown.told(leave, staff)),
        "courses": shown.courses_of(book, staff),
        "may_save": may(request, Duty.ROLL_OUT),
        "may_waive": reader.sees_all or bool(reader.own),
    }
    return page(request, "leaders/training_one.html", context)


@require_http_methods(["GET", "POST"])
@for_duty(Duty.ROLL_OUT, Duty.REVIEW_UNIT)
def waive(request: HttpRequest, actor: str, role_id: str) -> HttpResponse:
    """Give somebody leave to work without a course, with a reason and an end."""
    session = leading(request)
    programme, book = queries.programme(session).body, training_queries.book(session, actor)
    reader = shown.reader_of(session)
    staff = staff_below(session, book.courses.unit) if book.courses.unit else []
    who = next((each for each in staff if each.role_id == role_id), None)
    if programme.plan(actor) is None or who is None or not reader.sees(who):
        raise NotFound("there is no such page")
    form = WaiveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        waivers.waive(session, role_id, reason=said["reason"], until=said["until"])
        messages.success(request, gettext("%(name)s can go to work at once.") % {"name": who.name})
        return redirect("leaders-training-one", actor)
    context = {"organisation": programme.actor(actor), "who": who, "form": form}
    status = 422 if request.method == "POST" else 200
    return page(request, "leaders/training_waive.html", context, status=status)


def _row(
    programme: Programme,
    actor: str,
    book: Book,
    today: date,
    days: int,
    sees_all: bool,  # noqa: FBT001 - a row of a table
) -> dict[str, Any]:
    found = shown.starts(programme, actor, today)
    assert found is not None  # it has a plan
    go_live, start = found
    stages = book.super_users(start, days, today).values()
    return {
        "actor": programme.actor(actor),
        "go_live": go_live,
        "start": start,
        "is_empty": book.is_empty,
        "enforcement": words.ENFORCEMENTS[book.courses.enforcement],
        "super_users": sum(each.value == "rostered" for each in stages),
        "units": len(stages),
        **shown.counted(book.coverage(start, (), today), sees_all=sees_all),
    }


def _all_gaps(
    session: Session, programme: Programme, books: dict[str, Book], today: date
) -> list[dict[str, Any]]:
    """Everybody who works without a course, of all organisations, the first shift first."""
    rows: list[dict[str, Any]] = []
    for actor, book in books.items():
        found = shown.starts(programme, actor, today)
        if found is None:
            continue
        for gap in book.coverage(found[1], (), today).gaps:
            titles = [shown.title_of(book, each) for each in gap.courses]
            rows.append({"actor": programme.actor(actor), "gap": gap, "courses": titles})
    names = names_by_reference(session, {row["gap"].person for row in rows})
    for row in rows:
        row["name"] = names.get(row["gap"].person, row["gap"].person)
    return sorted(rows, key=lambda row: (row["gap"].first_shift, row["name"]))


def _with_signers(session: Session, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    names = names_by_reference(session, {row["by"] for row in rows})
    return [{**row, "by": names.get(row["by"], row["by"])} for row in rows]
