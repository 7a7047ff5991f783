"""Writing training down: who has passed, who works when, the courses, and who is a super-user."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from fellesjournal.access.directory.staff import organisations, staff_below
from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound, PreconditionFailed, Unprocessable
from fellesjournal.foundation import clock
from fellesjournal.leadership.rollout import queries, training_actions, training_queries
from fellesjournal.leadership.rollout.programme import Programme
from fellesjournal.leadership.rollout.training_book import Courses, Enforcement
from fellesjournal.leadership.rollout.training_lines import read_courses, read_passes, read_shifts
from fellesjournal.surfaces.duties import for_duty
from fellesjournal.surfaces.leaders.benefit_worth import unit_of
from fellesjournal.surfaces.leaders.pages import leading, page
from fellesjournal.surfaces.leaders.rollout_views import OVERTAKEN
from fellesjournal.surfaces.leaders.training_forms import (
    CoursesForm,
    PassesForm,
    PassForm,
    ShiftsForm,
    SuperUserForm,
    as_lines,
    refuse_unread,
    worker_of,
)
from fellesjournal.surfaces.leaders.training_page import held


@require_http_methods(["GET", "POST"])
@for_duty(Duty.ROLL_OUT)
def record(request: HttpRequest, actor: str) -> HttpResponse:
    """Write down a pass, several at once, or who works when."""
    session = leading(request)
    programme = _planned(session, actor)
    courses = training_queries.courses(session, actor).body
    passes = training_queries.passes(session, actor).version
    roster = training_queries.roster(session, actor).version
    staff = staff_below(session, courses.unit) if courses.unit else []
    asked = request.POST.get("do", "")
    one = PassForm(
        _data(request, "one"), staff=held(staff), courses=courses.courses,
        initial={"version": passes, "passed": clock.today()},
    )  # fmt: skip
    many = PassesForm(_data(request, "many"), initial={"version": passes})
    shifts = ShiftsForm(_data(request, "shifts"), initial={"version": roster})
    workers = [worker_of(each) for each in held(staff)]
    if asked == "one" and one.is_valid():
        return _saved(request, actor, 1, lambda: training_actions.record_passes(
            session, actor, [one.training()], seen=one.cleaned_data["version"],
            reason=gettext("Course passed"),
        ))  # fmt: skip
    if asked == "many" and many.is_valid():
        found = read_passes(many.cleaned_data["lines"], workers, courses.courses, clock.today())
        refuse_unread(many, "lines", found)
        if many.is_valid():
            return _saved(request, actor, len(found.found), lambda: training_actions.record_passes(
                session, actor, found.found, seen=many.cleaned_data["version"],
                reason=gettext("Courses passed"),
            ))  # fmt: skip
    if asked == "shifts" and shifts.is_valid():
        told = read_shifts(shifts.cleaned_data["lines"], workers)
        refuse_unread(shifts, "lines", told)
        if shifts.is_valid():
            return _saved(request, actor, len(told.found), lambda: training_actions.keep_shifts(
                session, actor, told.found, seen=shifts.cleaned_data["version"],
                reason=gettext("Roster"),
            ))  # fmt: skip
    context = {
        "organisation": programme.actor(actor),
        "one": one, "many": many, "shifts": shifts,
        "has_staff": bool(staff), "has_courses": bool(courses.courses),
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return page(request, "leaders/training_record.html", context, status=status)


@require_http_methods(["GET", "POST"])
@for_duty(Duty.ROLL_OUT)
def courses(request: HttpRequest, actor: str) -> HttpResponse:
    """Which courses there are, which roles need them, what comes of a missing one; super-users."""
    session = leading(request)
    programme = _planned(session, actor)
    stands = training_queries.courses(session, actor)
    unit = stands.body.unit or f"Organization/{unit_of(actor)}"
    staff = staff_below(session, unit)
    titles = {each.code: each.title for each in held(staff)}
    form = CoursesForm(
        _data(request, "courses"), units=organisations(session),
        initial={
            "version": stands.version, "unit": unit, "enforcement": stands.body.enforcement.value,
            "lines": as_lines(stands.body, titles),
        },
    )  # fmt: skip
    named = SuperUserForm(
        _data(request, "super"), staff=held(staff), initial={"version": stands.version}
    )
    asked = request.POST.get("do", "")
    if asked == "courses" and form.is_valid():
        said = form.cleaned_data
        # also roles that nobody has at the moment stay as they are written
        stay = {each.role: each.role for each in stands.body.needed}
        read = read_courses(said["lines"], [*stay.items(), *titles.items()])
        refuse_unread(form, "lines", read)
        if form.is_valid():
            body = Courses(
                said["unit"], Enforcement(said["enforcement"]),
                tuple(each for each, _ in read.found),
                tuple(need for _, needs in read.found for need in needs),
                stands.body.super_users,
            )  # fmt: skip
            return _saved(request, actor, len(read.found), lambda: training_actions.keep_courses(
                session, actor, body, seen=said["version"], reason=said["reason"],
            ))  # fmt: skip
    if asked == "super" and named.is_valid():
        said = named.cleaned_data
        who = next(each for each in staff if each.role_id == said["who"])
        return _saved(request, actor, 1, lambda: training_actions.name_super_user(
            session, actor, who.practitioner, who.unit, named=said["named"] == "yes",
            seen=said["version"], reason=gettext("Super-users"),
        ))  # fmt: skip
    context = {
        "organisation": programme.actor(actor), "form": form, "named": named,
        "roles": sorted(titles.values()), "has_staff": bool(staff),
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return page(request, "leaders/training_courses.html", context, status=status)


def _planned(session: Session, actor: str) -> Programme:
    programme = queries.programme(session).body
    if programme.plan(actor) is None:
        raise NotFound("there is no such page")
    return programme


def _data(request: HttpRequest, which: str) -> Any:
    """What was sent, for the one form of the page that it was sent by."""
    is_asked = request.method == "POST" and request.POST.get("do") == which
    return request.POST if is_asked else None


def _saved(request: HttpRequest, actor: str, count: int, act: Callable[[], object]) -> HttpResponse:
    """Do it, and lead back to the organisation."""
    try:
        act()
    except (PreconditionFailed, Unprocessable):  # a course may be gone meanwhile
        messages.warning(request, str(OVERTAKEN))
    else:
        text = ngettext("%(count)s line saved.", "%(count)s lines saved.", count)
        messages.success(request, text % {"count": count})
    return redirect("leaders-training-one", actor)
