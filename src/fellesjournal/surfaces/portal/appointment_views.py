"""Appointments in HelsaMi: see, book, move, call off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fellesjournal.access import bookings
from fellesjournal.access.acts import Resource
from fellesjournal.access.booked import BY_CITIZEN, ON_BEHALF
from fellesjournal.access.once import DoneBefore, RefusedBefore, refuse_form
from fellesjournal.access.policy.areas import Area
from fellesjournal.access.policy.booking import LIMITS
from fellesjournal.access.sessions import Session
from fellesjournal.care.scheduling import actions, queries
from fellesjournal.care.scheduling.queries import FreeTime
from fellesjournal.care.scheduling.resources import Appointment, Schedule
from fellesjournal.fhir.issues import NotAllowed, NotFound, PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.foundation.ui.forms import form_key
from fellesjournal.surfaces.portal.appointment_words import card, cards, sentence
from fellesjournal.surfaces.portal.entering import citizen, in_helsami, open_session, page, part

_DAYS_SHOWN = 4
_TIMES_OF_A_DAY = 6
_TIMES_NEAREST = 6
_NEAREST = timedelta(days=14)
_NO_COUNT = {"who": "", "number": 0, "most": 0}


@require_GET
@in_helsami
@part(Area.CONTACTS)
def appointments(request: HttpRequest) -> HttpResponse:
    """What is to come, then what was."""
    session = open_session(request)
    found = queries.my_appointments(session)
    now = clock.now()
    coming = [
        each
        for each in reversed(found)
        if each.is_living and each.status != "fulfilled" and each.ends and each.ends > now
    ]
    return page(
        request,
        "portal/appointments.html",
        {
            "coming": cards(session, coming),
            "earlier": cards(session, [each for each in found if each not in coming]),
            **_why_not(session, queries.open_to(session)),
        },
    )


@require_http_methods(["GET", "POST"])
@in_helsami
@part(Area.CONTACTS)
def new(request: HttpRequest) -> HttpResponse:
    """Choose a time, say why if she likes, book."""
    session = open_session(request)
    found = queries.open_to(session)
    schedules = found.open
    if not schedules and request.method == "GET":
        return page(request, "portal/appointment_nobody.html", _why_not(session, found))
    if not schedules:
        return _refused(request, _why_not(session, found), request.POST.get("reason", ""))
    time = _time(request, session, schedules)
    if request.method == "GET":
        return _confirm(request, time) if time else _choose(request, session, schedules)
    reason = request.POST.get("reason", "")
    try:
        if time is None:
            refuse_form(session, form_key(request))  # it may be open again when a copy comes
            return _choose(request, session, schedules)
        made = actions.book(
            session, patient=session.subject, time=time, reason=reason, form=form_key(request)
        )
    except DoneBefore:
        messages.info(request, gettext("This was sent before. These are your appointments now."))
        return redirect("portal-appointments")
    except RefusedBefore:
        messages.warning(request, gettext("Nothing was booked by what was sent. Choose a time."))
        return _choose(request, session, schedules, status=409)
    except actions.JustTaken as error:
        return _taken(request, error, reason)
    except bookings.AsManyAsOneMay:  # another of hers was booked this moment
        why = _why_not(session, queries.open_to(session), None if time is None else time.schedule)
        return _refused(request, why, reason)
    except NotAllowed:
        why = {"why": "not-open", "office": queries.office_of(session)}
        return _refused(request, why, reason)
    messages.success(request, gettext("Booked: %(when)s.") % {"when": sentence(made)})
    return redirect("portal-appointments")


@require_http_methods(["GET", "POST"])
@in_helsami
@part(Area.CONTACTS)
def move(request: HttpRequest, appointment_id: str) -> HttpResponse:
    """Choose another time; the old one is kept until the new one is hers."""
    session = open_session(request)
    standing, data = _own(session, appointment_id)
    schedules = [s for s in queries.bookable(session) if f"Schedule/{s.id}" == standing.schedule]
    if not schedules or not bookings.may_move(data, clock.now()):
        why = _why_fixed(standing, data, is_hers=bool(schedules))
        return _refused(request, {"why": why, "office": queries.office_of(session)})
    time = _time(request, session, schedules)
    if time is None:
        return _choose(request, session, schedules, standing)
    if request.method == "GET":
        return _confirm(request, time, standing)
    try:
        moved = actions.move(
            session, patient=session.subject, appointment=appointment_id, seen=_seen(request),
            time=time,
        )  # fmt: skip
    except actions.JustTaken as error:
        return _taken(request, error, "", standing)
    messages.success(request, gettext("Moved to %(when)s.") % {"when": sentence(moved)})
    return redirect("portal-appointments")


@require_http_methods(["GET", "POST"])
@in_helsami
@part(Area.CONTACTS)
def cancel(request: HttpRequest, appointment_id: str) -> HttpResponse:
    """Call it off, with a word of why if she likes; when it is late she is told so first."""
    session = open_session(request)
    standing, data = _own(session, appointment_id)
    if not bookings.may_change(data, clock.now()):
        why = _why_fixed(standing, data, is_hers=True)
        return _refused(request, {"why": why, "office": queries.office_of(session)})
    if request.method == "GET":
        shown = card(session, standing)
        context = {"shown": shown, "late_hours": LIMITS.late.number, "most": LIMITS.reason.number}
        return page(request, "portal/appointment_cancel.html", context)
    own = session.person == session.subject
    actions.cancel(
        session, patient=session.subject, appointment=appointment_id, seen=_seen(request),
        code=BY_CITIZEN if own else ON_BEHALF, reason=request.POST.get("reason", ""),
    )  # fmt: skip
    messages.success(request, gettext("The appointment is cancelled."))
    return redirect("portal-appointments")


@require_POST
@in_helsami
@part(Area.CONTACTS)
def known(request: HttpRequest, appointment_id: str) -> HttpResponse:
    """She says that she knows of it; nobody needs to call her."""
    session = open_session(request)
    actions.confirm_notice(
        session, patient=session.subject, appointment=appointment_id, seen=_seen(request)
    )
    messages.success(request, gettext("Thank you. Now we know that you know of it."))
    return redirect("portal-appointments")


def _choose(
    request: HttpRequest,
    session: Session,
    schedules: Sequence[Schedule],
    moving: Appointment | None = None,
    status: int = 200,
) -> HttpResponse:
    """Days with their free times, a few at once; more by a link."""
    first = max(_day(request.GET.get("from")) or clock.today(), clock.today())
    days: list[tuple[date, list[FreeTime]]] = []
    limit = clock.today() + LIMITS.horizon.time
    for most in (_NEAREST, LIMITS.horizon.time):  # the far ones are looked at when few are near
        length = min(most, limit - first + timedelta(days=1)).days
        if len(days) >= _DAYS_SHOWN or length <= 0:
            break
        free = queries.free_times(session, schedules, first, length)
        days += [(day, list(times)) for day, times in groupby(free, key=lambda each: each.day)]
        first += timedelta(days=length)
    shown = days[:_DAYS_SHOWN]
    later = len(days) > _DAYS_SHOWN or first <= limit
    context = {
        "days": [(day, times[:_TIMES_OF_A_DAY], times[_TIMES_OF_A_DAY:]) for day, times in shown],
        "moving": None if moving is None else card(session, moving),
        "several": len(schedules) > 1,
        "with_whom": schedules[0].name,
        "next_from": shown[-1][0] + timedelta(days=1) if shown and later else None,
        "is_first": not request.GET.get("from"),
    }
    return page(request, "portal/appointment_choose.html", context, status=status)


def _confirm(
    request: HttpRequest, time: FreeTime, moving: Appointment | None = None
) -> HttpResponse:
    context = {
        "time": time,
        "own_name": citizen(request).name,
        "moving": None if moving is None else card(open_session(request), moving),
        "most": LIMITS.reason.number,
        "late_hours": LIMITS.late.number,
        "is_soon": time.starts - clock.now() < timedelta(hours=LIMITS.late.number),
    }
    return page(request, "portal/appointment_confirm.html", context)


def _taken(
    request: HttpRequest,
    error: actions.JustTaken,
    reason: str,
    moving: Appointment | None = None,
) -> HttpResponse:
    context = {
        "nearest": error.nearest[:_TIMES_NEAREST],
        "reason": reason,
        "moving": None if moving is None else card(open_session(request), moving),
    }
    return page(request, "portal/appointment_taken.html", context, status=409)


def _why_not(
    session: Session, found: queries.Bookable, wanted: Schedule | None = None
) -> dict[str, Any]:
    """The one reason why she can't book now, and whom to call; ``why`` is "" when she can."""
    full = [pair for pair in found.full if wanted is None or pair[0].id == wanted.id]
    if found.open and not (wanted and full):
        return {"why": "", **_NO_COUNT}
    office = queries.office_of(session)
    if not full:
        return {"why": "nobody", "office": office, **_NO_COUNT}
    schedule, number = full[0]
    most = LIMITS.most.number
    return {
        "why": "full", "office": office, "who": schedule.name, "number": number, "most": most
    }  # fmt: skip


def _why_fixed(standing: Appointment, data: Resource, *, is_hers: bool) -> str:
    """The one reason why what is booked can't be changed here."""
    if standing.starts is not None and standing.starts <= clock.now():
        return "begun"
    if not is_hers or not bookings.may_change(data, clock.now()):
        return "others"
    return "late"


def _refused(request: HttpRequest, why: dict[str, Any], reason: str = "") -> HttpResponse:
    """Nothing is changed: the reason that applies, and what she wrote."""
    context = {"late_hours": LIMITS.late.number, "reason": reason, **_NO_COUNT, **why}
    return page(request, "portal/appointment_refused.html", context, status=403)


def _own(session: Session, appointment_id: str) -> tuple[Appointment, Resource]:
    found, data = queries.appointment_as_written(session, session.subject, appointment_id)
    if not found.is_living:
        raise NotFound("it does not stand any more")
    return found, data


def _time(request: HttpRequest, session: Session, schedules: Sequence[Schedule]) -> FreeTime | None:
    """The time a link or a form names: schedule and start."""
    sent = request.POST if request.method == "POST" else request.GET
    schedule, start = sent.get("schedule", ""), sent.get("start", "")
    time = queries.opening_at(session, schedules, schedule, start) if start else None
    if start and time is None:
        messages.warning(request, gettext("That time is not open any more. Choose another."))
    return time


def _seen(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    if not text.isdecimal():
        raise PreconditionFailed("the form does not say which version it was about")
    return int(text)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
