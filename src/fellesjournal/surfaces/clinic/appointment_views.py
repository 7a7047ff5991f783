"""A patient's appointments: those that stand, the calendar to book in, and what is done to one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import wraps
from itertools import islice
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from fellesjournal.access.booked import BY_CITIZEN, BY_SERVICE, NOT_AT_HOME, ON_BEHALF
from fellesjournal.access.once import DoneBefore, RefusedBefore, refuse_form
from fellesjournal.access.policy.booking import LIMITS
from fellesjournal.access.sessions import Session
from fellesjournal.care.citizens.resources import Person
from fellesjournal.care.scheduling import actions, queries
from fellesjournal.care.scheduling.calendar import calendar_of
from fellesjournal.care.scheduling.resources import Appointment, Schedule
from fellesjournal.care.scheduling.wording import clock_time
from fellesjournal.fhir.issues import FhirError, NotFound, PreconditionFailed
from fellesjournal.foundation import clock
from fellesjournal.foundation.ui.forms import form_key
from fellesjournal.foundation.ui.templatetags.ui import written
from fellesjournal.registry.working_days import add_working_days
from fellesjournal.surfaces.clinic.access_views import with_banner
from fellesjournal.surfaces.clinic.appointment_words import Line, lines
from fellesjournal.surfaces.clinic.day_views import day_of
from fellesjournal.surfaces.clinic.of_patient import of_patient
from fellesjournal.surfaces.unseen import is_unseen

# What a return appointment is agreed to be: in a week, two, a month, three months.
_JUMPS = (7, 14, 28, 91)
_REASONS = (BY_SERVICE, BY_CITIZEN, ON_BEHALF, NOT_AT_HOME)

Parameters = ParamSpec("Parameters")
_FORTNIGHT = 14
RecordView = Callable[Concatenate[HttpRequest, Session, Person, Parameters], HttpResponse]


def _plainly(view: RecordView[Parameters]) -> RecordView[Parameters]:
    """What is refused gives a page; what is not there and what may not be seen the same one."""

    @wraps(view)
    def answered(
        request: HttpRequest,
        session: Session,
        person: Person,
        /,
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> HttpResponse:
        try:
            return view(request, session, person, *args, **kwargs)
        except FhirError as error:
            status = 404 if is_unseen(error) else error.status
            return render(request, "clinic/not_found.html", status=status)

    return answered


@require_http_methods(["GET", "POST"])
@of_patient
@_plainly
def appointments(request: HttpRequest, session: Session, person: Person) -> HttpResponse:
    """What stands and what was; book in the calendar, or move one there."""
    schedules = queries.schedules_at(session, session.unit)
    moving = _moving(request, session, person)
    if request.method == "GET" or "show" in request.POST:  # another day, what is written kept
        return _calendar(request, session, person, schedules, moving)
    schedule, _, start = request.POST.get("time", "").partition("|")
    time = queries.opening_at(session, schedules, schedule, start)
    patient, told = f"Patient/{person.id}", "told" in request.POST
    try:
        if time is None:
            refuse_form(session, form_key(request))  # it may be open again when a copy comes
            messages.warning(request, gettext("That time is not open any more. Choose another."))
            return _calendar(request, session, person, schedules, moving, status=409)
        if moving is None:
            made = actions.book(
                session, patient=patient, time=time, reason=request.POST.get("reason", ""),
                is_told=told, form=form_key(request),
            )  # fmt: skip
        else:
            made = actions.move(
                session, patient=patient, appointment=moving.id, seen=_seen(request), time=time,
                is_told=told,
            )  # fmt: skip
    except DoneBefore:
        messages.info(request, gettext("This was sent before. These are the appointments now."))
        return redirect("appointments", patient_id=person.id)
    except RefusedBefore:
        messages.warning(request, gettext("Nothing was booked by what was sent. Choose a time."))
        return _calendar(request, session, person, schedules, moving, status=409)
    except actions.JustTaken as error:
        nearest = ", ".join(each.clock_time for each in error.nearest)
        messages.warning(
            request,
            gettext(
                "Somebody has just taken that time; nothing is booked. Free close to it: %(times)s"
            )
            % {"times": nearest},
        )
        return _calendar(request, session, person, schedules, moving, status=409)
    except (actions.InvalidState, PreconditionFailed):
        return _changed(request, session, person, moving)
    _tell_booked(request, made, is_move=moving is not None)
    return redirect("appointments", patient_id=person.id)


@require_POST
@of_patient
@_plainly
def act(
    request: HttpRequest, session: Session, person: Person, appointment_id: str
) -> HttpResponse:
    """What is done to one appointment by a button: start, arrived, missed, told, end."""
    patient = f"Patient/{person.id}"
    standing = queries.appointment_of(session, patient, appointment_id)
    seen, do = _seen(request), request.POST.get("do", "")
    about: dict[str, Any] = {"patient": patient, "appointment": appointment_id, "seen": seen}
    try:
        if do == "start":
            actions.start_consultation(session, **about)
            return redirect("chart", patient_id=person.id)
        if do == "end":
            led = queries.consultations(session, [standing]).get(appointment_id)
            if led is not None:
                actions.end_consultation(session, patient=patient, encounter=led[0], seen=0)
            return _back(request, person, appointment_id)
        verb = {
            "arrived": actions.mark_arrived,
            "missed": actions.mark_missed,
            "told": actions.confirm_notice,
        }.get(do)
        if verb is None:
            raise NotFound("no such act")
        verb(session, **about)
    except (actions.InvalidState, PreconditionFailed):
        return _changed(request, session, person, standing)
    return _back(request, person, appointment_id)


@require_http_methods(["GET", "POST"])
@of_patient
@_plainly
def cancel(
    request: HttpRequest, session: Session, person: Person, appointment_id: str
) -> HttpResponse:
    """Call it off: who does so (7621), and why."""
    patient = f"Patient/{person.id}"
    standing = queries.appointment_of(session, patient, appointment_id)
    (line,) = _lines(session, [standing])
    if request.method == "GET" or request.POST.get("code") not in _REASONS:
        context = {
            **with_banner(session, person),
            "line": line,
            "codes": _codes(),
            "missing": request.method == "POST",
            "most": LIMITS.reason.number,
            "hours": LIMITS.late.number,
            "is_late": standing.starts is not None
            and standing.starts - clock.now() < LIMITS.late.time,
            "words": request.POST.get("reason", ""),
            "came_from": _came_from(request),
        }
        status = 422 if request.method == "POST" else 200
        return render(request, "clinic/appointment_cancel.html", context, status=status)
    try:
        actions.cancel(
            session, patient=patient, appointment=appointment_id, seen=_seen(request),
            code=request.POST["code"], reason=request.POST.get("reason", ""),
        )  # fmt: skip
    except (actions.InvalidState, PreconditionFailed):
        return _changed(request, session, person, standing)
    messages.success(request, gettext("The appointment is cancelled."))
    return _back(request, person)


def _calendar(
    request: HttpRequest,
    session: Session,
    person: Person,
    schedules: list[Schedule],
    moving: Appointment | None,
    *,
    status: int = 200,
) -> HttpResponse:
    if moving is not None:
        schedules = [s for s in schedules if f"Schedule/{s.id}" == moving.schedule]
    today = clock.today()
    taken = queries.taken_from(session, schedules, today, _FORTNIGHT)
    wanted = day_of(request.GET.get("day")) or _first_day(session, schedules, taken)
    shown = max(wanted, today)
    found, led = queries.appointments_with_consultations(session, f"Patient/{person.id}")
    now = clock.now()
    schedules.sort(key=lambda schedule: session.person not in schedule.actors)  # her own first
    calendar = calendar_of(
        session, schedules, shown, taken if shown < today + timedelta(days=_FORTNIGHT) else None
    )
    coming = [e for e in reversed(found) if e.starts and e.starts > now and e.is_living]
    earlier = [e for e in found if e.starts and (e.starts <= now or not e.is_living)]
    of_hers = [*coming, *earlier, *([moving] if moving else [])]
    born = None if person.born is None else person.born.at.date()
    named = [queries.Listed(each, person.name, born) for each in of_hers]
    lined = iter(lines(named, led))
    context = {
        **with_banner(session, person),
        "calendar": calendar,
        "by_person": [(column.name, calendar.of(column)) for column in calendar.columns],
        "day": shown,
        "before": shown - timedelta(days=1) if shown > clock.today() else None,
        "after": shown + timedelta(days=1),
        "jumps": [(days, add_working_days(clock.today() + timedelta(days=days), 0)) for days in _JUMPS],
        "coming": list(islice(lined, len(coming))),
        "earlier": list(islice(lined, len(earlier))),
        "moving": next(lined, None),
        "reason": request.POST.get("reason", ""),
        "is_told": request.method == "GET" or "told" in request.POST,
        "most": LIMITS.reason.number,
    }  # fmt: skip
    return render(request, "clinic/appointments.html", context, status=status)


def _first_day(
    session: Session, schedules: list[Schedule], taken: Mapping[str, frozenset[datetime]]
) -> date:
    """The first day from today on with a free time; today when there is none in a fortnight."""
    free = queries.free_times(session, schedules, clock.today(), _FORTNIGHT, taken)
    return free[0].day if free else clock.today()


def _moving(request: HttpRequest, session: Session, person: Person) -> Appointment | None:
    wanted = request.GET.get("move", "")
    return queries.appointment_of(session, f"Patient/{person.id}", wanted) if wanted else None


def _changed(
    request: HttpRequest, session: Session, person: Person, before: Appointment | None
) -> HttpResponse:
    """409: it is not any more what the page showed. What stands now, and nothing done."""
    now = None
    if before is not None:
        now = queries.appointment_of(session, f"Patient/{person.id}", before.id)
    context = {
        **with_banner(session, person),
        "line": None if now is None else _lines(session, [now])[0],
        "words": request.POST.get("reason", ""),
        "came_from": _came_from(request),
        "day": None if now is None or now.starts is None else now.starts.date(),
    }
    return render(request, "clinic/appointment_changed.html", context, status=409)


def _tell_booked(request: HttpRequest, made: Appointment, *, is_move: bool) -> None:
    if made.starts is None:
        return
    when = {
        "day": written(made.starts.astimezone(clock.NORWAY), "l j. F"),
        "time": clock_time(made.starts),
        "who": made.with_whom,
    }
    if made.with_whom:
        text = (
            gettext("Moved to: %(day)s at %(time)s, %(who)s.")
            if is_move
            else gettext("Booked: %(day)s at %(time)s, %(who)s.")
        )
    else:
        text = (
            gettext("Moved to: %(day)s at %(time)s.")
            if is_move
            else gettext("Booked: %(day)s at %(time)s.")
        )
    messages.success(request, text % when)


def _lines(session: Session, found: list[Appointment]) -> list[Line]:
    return lines(queries.listed(session, found), queries.consultations(session, found))


def _codes() -> list[tuple[str, str]]:
    return [
        (BY_SERVICE, gettext("We cancel it")),
        (BY_CITIZEN, gettext("The patient cancels it")),
        (ON_BEHALF, gettext("Somebody cancels it on the patient's behalf")),
        (NOT_AT_HOME, gettext("The patient is not at home")),
    ]


def _came_from(request: HttpRequest) -> str:
    """The day of the day list that the act began on; "" for the patient's own page."""
    sent = request.POST if request.method == "POST" else request.GET
    found = day_of(sent.get("from"))
    return "" if found is None else found.isoformat()


def _back(request: HttpRequest, person: Person, appointment_id: str = "") -> HttpResponse:
    """To where the act began: on the day list to the same row, so that Tab goes on from there."""
    came_from = _came_from(request)
    if came_from:
        who = request.POST.get("who", "")
        query = urlencode({"day": came_from, **({"who": who} if who else {})})
        return HttpResponseRedirect(f"{reverse('day-list')}?{query}#at-{appointment_id}")
    return redirect("appointments", patient_id=person.id)


def _seen(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() else 0
