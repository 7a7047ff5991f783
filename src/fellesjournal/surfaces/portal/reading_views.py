"""Own measurements: written on the telephone, with what happens to them told at once.

Who watches, by when, and that nobody does where nobody does, is said in words on each page.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fellesjournal.access.citizens import opens
from fellesjournal.access.policy.areas import Area
from fellesjournal.access.sessions import Session
from fellesjournal.care.remote_follow_up.actions import send_reading, take_back
from fellesjournal.care.remote_follow_up.plans import Plan
from fellesjournal.care.remote_follow_up.queries import Course, due_now, group, own_course
from fellesjournal.care.remote_follow_up.readings import Reading
from fellesjournal.fhir.issues import BadRequest
from fellesjournal.surfaces.own_readings import (
    PARTS,
    agreed_line,
    agreed_lines,
    courses,
    shown,
)
from fellesjournal.surfaces.portal.entering import in_helsami, open_session, page, part
from fellesjournal.surfaces.portal.reading_forms import ALWAYS, ReadingForm

_NEWEST, _OLDER = 10, 100
_LONGEST_KEY = 64


@require_http_methods(["GET", "POST"])
@in_helsami
@part(Area.HEALTH)
def readings(request: HttpRequest) -> HttpResponse:
    """What is agreed, the form, and the course."""
    session = open_session(request)
    form = ReadingForm(request.POST if request.method == "POST" else None)
    key = request.POST.get("key", "")[:_LONGEST_KEY] or uuid.uuid4().hex
    if request.method == "POST" and form.is_valid():
        try:
            sent = send_reading(session, measured=form.measured, at=form.measured_at, key=key)
        except BadRequest:
            form.add_error(None, gettext("This can't be saved. Look at the numbers again."))
        else:
            return redirect("portal-reading", sent)
    return _page(request, session, form, key)


def _page(request: HttpRequest, session: Session, form: ReadingForm, key: str) -> HttpResponse:
    course = own_course(session)
    followed = {
        part for plan in course.ongoing for agreed in plan.agreed for part in agreed.measure.parts
    }
    first = tuple(part for part in PARTS if part in ALWAYS or part in followed)
    rest = tuple(part for part in PARTS if part not in first)
    return page(
        request,
        "portal/readings.html",
        {
            "form": form,
            "first": form.rows(first),
            "rest": form.rows(rest),
            "rest_is_open": any(form[part].value() for part in rest),
            "key": key,
            "plans": [_plan(each) for each in course.ongoing],
            "sees_plans": opens(session, Area.PLANS),
            "due": [
                (agreed_line(each.agreed), each)
                for each in due_now(course)
            ],
            "courses": courses(course),
            "newest": [shown(each) for each in course.readings[:_NEWEST]],
            "older": [shown(each) for each in course.readings[_NEWEST : _NEWEST + _OLDER]],
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


def _plan(plan: Plan) -> dict[str, Any]:
    return {"plan": plan, "lines": agreed_lines(plan)}


@require_GET
@in_helsami
@part(Area.HEALTH)
def reading(request: HttpRequest, group_id: str) -> HttpResponse:
    """What was saved, and what happens to it."""
    session = open_session(request)
    course = own_course(session)
    found = group(course, group_id)
    return page(
        request,
        "portal/reading.html",
        {
            "group": group_id,
            "rows": [shown(each) for each in found],
            "sent": found[0].sent,
            "is_withdrawn": all(each.is_withdrawn for each in found),
            "may_take_back": any(_is_hers(session, each) for each in found),
            **_what_happens(course, found),
        },
    )


def _what_happens(course: Course, found: Sequence[Reading]) -> dict[str, Any]:
    """Who watches it and by when: from the plan that it was sent to."""
    standing = [each for each in found if not each.is_withdrawn]
    outside = [each for each in standing if each.outside]
    watched = {each.plan for each in (outside or standing) if each.plan}
    plan = next((each for each in course.plans if each.id in watched), None)
    return {
        "outside": [line for each in outside for line in shown(each).parts if line.is_outside],
        "plan": plan,
        "last_day": plan.last_day(found[0].sent) if plan else None,
    }


def _is_hers(session: Session, each: Reading) -> bool:
    return each.by == session.person and not each.is_withdrawn


@require_POST
@in_helsami
@part(Area.HEALTH)
def wrong(request: HttpRequest, group_id: str) -> HttpResponse:
    """She wrote it wrong: it is marked as not valid, and seen as such by whoever has had it."""
    session = open_session(request)
    for each in group(own_course(session), group_id):
        if _is_hers(session, each):
            take_back(session, reading=each.id, seen=each.version)
    messages.success(request, gettext("The measurement is marked as wrong."))
    return redirect("portal-readings")


__all__ = ["reading", "readings", "wrong"]
