"""Health communities: their bodies, how often each meets, who is missing at which level, and their
meetings with agenda and minutes.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from fellesjournal.access.policy.rules import Duty
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound, PreconditionFailed, Unprocessable
from fellesjournal.foundation import clock
from fellesjournal.foundation.ui.forms import form_key
from fellesjournal.leadership.decisions import keeping, queries
from fellesjournal.leadership.decisions.committees import (
    Body,
    BodyFault,
    Community,
    Joint,
    Meeting,
    Taking,
    distinct_meetings,
    faults,
    known_meetings,
)
from fellesjournal.leadership.decisions.queries import CommunityNow
from fellesjournal.leadership.decisions.structure import CASES, LEADING, MEETINGS
from fellesjournal.leadership.documents.queries import all_standing, standing
from fellesjournal.surfaces.duties import duties_of, for_duty
from fellesjournal.surfaces.leaders import decision_words as words
from fellesjournal.surfaces.leaders.committee_forms import BodyForm, MeetingForm, MinutesForm
from fellesjournal.surfaces.leaders.pages import leading, page


@require_GET
@for_duty(Duty.SEE_FIGURES)
def communities(request: HttpRequest) -> HttpResponse:
    """Every community, with what is wrong in it; and all meetings, the next first."""
    session = leading(request)
    found = queries.communities(session)
    context = {
        "communities": [_summary(each) for each in found],
        "meetings": _meetings(session, found),
    }
    return page(request, "leaders/committees.html", context)


@require_http_methods(["GET", "POST"])
@for_duty(Duty.SEE_FIGURES)
def community(request: HttpRequest, key: str) -> HttpResponse:
    """One community: its bodies level by level, joint meetings, and who is missing where."""
    session = leading(request)
    found = queries.communities(session)
    one = _one(found, key)
    leads = _leads(request)
    chosen = request.POST.get("body", request.GET.get("body", ""))
    body = next((each for each in one.body.bodies if each.name == chosen), None)
    form = _body_form(request, one, body) if leads and body else None
    if request.method == "POST":
        if form is None or body is None:
            raise NotFound("there is no such page")
        if form.is_valid() and _changed(request, session, key, body, form):
            return redirect("leaders-community", key=key)
    meetings, unknown = known_meetings(one.body)
    context = {
        "key": key,
        "community": one.body,
        "unclear": words.UNCLEAR.get(one.body.unclear, one.body.unclear),
        "bodies": [_body(each) for each in one.body.bodies],
        "joint": [_joint(one.body, each) for each in one.body.joint],
        "meetings": meetings,
        "unknown": [words.body_name(each) for each in unknown],
        "faults": _faults(one.body),
        "called": [row for row in _meetings(session, found) if row["community"] == one.body.name],
        "leads": leads,
        "form": form,
        "chosen": "" if body is None else words.body_name(body.name),
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "leaders/community.html", context, status=status)


@require_http_methods(["GET", "POST"])
@for_duty(*sorted(LEADING))
def new_meeting(request: HttpRequest, key: str) -> HttpResponse:
    """Call a meeting with its agenda."""
    session = leading(request)
    one = _one(queries.communities(session), key)
    open_cases = [
        (each.key, each.body.title)
        for each in all_standing(session, CASES)
        if each.body.status in queries.LIVE
    ]
    bodies = [each.name for each in one.body.bodies]
    form = MeetingForm(request.POST or None, bodies=bodies, cases=open_cases)
    if request.method == "GET" or not form.is_valid():
        context = {"form": form, "key": key, "community": one.body}
        status = 200 if request.method == "GET" else 422
        return page(request, "leaders/meeting_new.html", context, status=status)
    said, meeting_key = form.cleaned_data, form_key(request)
    meeting = Meeting(key, tuple(said["bodies"]), said["day"], form.items())
    try:
        keeping.call_meeting(session, key=meeting_key, meeting=meeting)
    except PreconditionFailed:
        messages.info(request, gettext("This was sent before."))
    else:
        messages.success(request, gettext("The meeting is called."))
    return redirect("leaders-meeting", key=meeting_key)


@require_http_methods(["GET", "POST"])
@for_duty(Duty.SEE_FIGURES)
def meeting(request: HttpRequest, key: str) -> HttpResponse:
    """The agenda of one meeting, and its minutes."""
    session = leading(request)
    stands = standing(session, MEETINGS, key)
    may_write = _leads(request) and stands.body.day <= clock.today()
    first = {"version": stands.version, "minutes": stands.body.minutes}
    form = MinutesForm(request.POST or None, initial=first) if may_write else None
    if request.method == "POST":
        if form is None:
            raise NotFound("there is no such page")
        if form.is_valid():
            _minuted(request, session, key, form)
            return redirect("leaders-meeting", key=key)
    found = {each.key: each.body.name for each in queries.communities(session)}
    context = {
        "meeting": stands.body,
        "bodies": [words.body_name(each) for each in stands.body.bodies],
        "community": found.get(stands.body.community, ""),
        "form": form,
    }
    status = 422 if request.method == "POST" else 200
    return page(request, "leaders/meeting.html", context, status=status)


def _summary(each: CommunityNow) -> dict[str, Any]:
    meetings, unknown = known_meetings(each.body)
    return {
        "key": each.key, "name": each.body.name, "bodies": sum(b.number for b in each.body.bodies),
        "meetings": meetings, "unknown": len(unknown), "faults": len(faults(each.body)),
    }  # fmt: skip


def _body(each: Body) -> dict[str, Any]:
    return {
        "body": each,
        "name": words.body_name(each.name),
        "tasks": words.BODY_TASKS.get(each.tasks, each.tasks),
        "taking": [words.TAKING[who] for who in each.taking_part],
    }


def _joint(found: Community, each: Joint) -> tuple[str, int, int | None]:
    """Who meet jointly, how often, and how many meetings they hold when those count once."""
    known = all(body.meetings is not None for body in found.bodies if body.name in each.bodies)
    together = distinct_meetings(found, each.bodies) if known else None
    return " + ".join(words.body_name(name) for name in each.bodies), each.meetings, together


def _faults(found: Community) -> list[str]:
    said = []
    for fault, about in faults(found):
        if fault is BodyFault.MISSING:
            level, _space, who = about.partition(" ")
            text = gettext("Level %(level)s: %(who)s take no part")
            said.append(text % {"level": level, "who": words.TAKING[Taking(who)]})
        else:
            said.append(f"{words.BODY_FAULTS[fault]}: {words.body_name(about)}")
    return said


def _meetings(session: Session, found: list[CommunityNow]) -> list[dict[str, Any]]:
    names = {each.key: each.body.name for each in found}
    today = clock.today()
    return [
        {
            "key": each.key,
            "meeting": each.body,
            "bodies": ", ".join(words.body_name(name) for name in each.body.bodies),
            "community": names.get(each.body.community, ""),
            "is_ahead": each.body.day >= today,
        }
        for each in queries.meetings(session)
    ]


def _body_form(request: HttpRequest, one: CommunityNow, body: Body) -> BodyForm:
    first = {
        "version": one.version, "body": body.name, "meetings": body.meetings,
        "taking_part": [each.value for each in body.taking_part],
    }  # fmt: skip
    return BodyForm(request.POST or None, initial=first)


def _changed(request: HttpRequest, session: Session, key: str, body: Body, form: BodyForm) -> bool:
    said = form.cleaned_data
    changed = Body(
        body.name, body.kind, body.level, said["meetings"], body.number, tasks=body.tasks,
        about=body.about and said["meetings"] == body.meetings, taking_part=form.taking(),
    )  # fmt: skip
    try:
        keeping.change_body(session, key, changed, seen=said["version"], reason=said["reason"])
    except PreconditionFailed:
        messages.warning(request, gettext(
            "Somebody else has changed this meanwhile. Look at it, then save again."
        ))  # fmt: skip
    else:
        messages.success(request, gettext("Saved."))
    return True


def _minuted(request: HttpRequest, session: Session, key: str, form: MinutesForm) -> None:
    said = form.cleaned_data
    try:
        keeping.write_minutes(session, key, minutes=said["minutes"], seen=said["version"])
    except PreconditionFailed:
        messages.warning(request, gettext(
            "Somebody else has changed this meanwhile. Look at it, then save again."
        ))  # fmt: skip
    except Unprocessable:
        messages.error(request, gettext("Nothing has been said yet."))
    else:
        messages.success(request, gettext("Saved."))


def _one(found: list[CommunityNow], key: str) -> CommunityNow:
    one = next((each for each in found if each.key == key), None)
    if one is None:
        raise NotFound("there is no such page")
    return one


def _leads(request: HttpRequest) -> bool:
    return not duties_of(request).isdisjoint(LEADING)


__all__ = ["communities", "community", "meeting", "new_meeting"]
