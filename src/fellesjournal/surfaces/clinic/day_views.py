"""The day list: whom one sees today, in order, and what is to be done with each."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from fellesjournal.access.sessions import Session
from fellesjournal.care.scheduling import queries
from fellesjournal.care.scheduling.resources import Schedule
from fellesjournal.foundation import clock
from fellesjournal.surfaces.clinic.appointment_words import lines
from fellesjournal.surfaces.clinic.signed_in import access_session, staff_only


@require_GET
@staff_only
def day(request: HttpRequest) -> HttpResponse:
    """One day of one member of staff: her own, or a colleague's of the same unit."""
    session = access_session(request)
    today = clock.today()
    shown = day_of(request.GET.get("day")) or today
    people = keepers(queries.schedules_at(session, session.unit))
    chosen = _chosen(session, people, request.GET.get("who", ""))
    found = queries.day_list(session, chosen, shown)
    consultations = queries.consultations(session, [each.appointment for each in found])
    calls = queries.call_list(session, chosen, today) if shown == today else []
    listed = lines(found, consultations)
    return render(
        request,
        "clinic/day.html",
        {
            "day": shown,
            "today": today,
            "before": shown - timedelta(days=1),
            "after": shown + timedelta(days=1),
            "next_booked": None if listed else queries.days_ahead(session, chosen, shown),
            "standing": [each for each in listed if each.appointment.is_living],
            "gone": [each for each in listed if not each.appointment.is_living],
            "calls": lines(calls),
            "people": people,
            "chosen": chosen,
            "is_own": chosen == session.person,
            "name": dict(people).get(chosen, ""),
        },
    )


def keepers(schedules: list[Schedule]) -> list[tuple[str, str]]:
    """(Practitioner/id, name) of those who keep these schedules, each once."""
    found = {
        actor: schedule.name
        for schedule in schedules
        for actor in schedule.actors
        if actor.startswith("Practitioner/")
    }
    return list(found.items())


def day_of(text: str | None) -> date | None:
    """A day in an address; None when it is none."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _chosen(session: Session, people: list[tuple[str, str]], wanted: str) -> str:
    known = dict(people)
    if wanted in known:
        return wanted
    if session.person in known or not people:
        return session.person
    return people[0][0]


__all__ = ["day", "day_of", "keepers"]
