"""The home visits of a day, as the citizen they are made to is told of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fellesjournal.access import patients
from fellesjournal.access.acts import Resource, content
from fellesjournal.access.sessions import Session
from fellesjournal.care.homecare.applications import names_of
from fellesjournal.care.homecare.planned import day_of
from fellesjournal.care.homecare.reading_days import PLANNED_VISITS, is_service
from fellesjournal.care.homecare.visits import Visit, is_planned_visit, visit_of
from fellesjournal.fhir import reading
from fellesjournal.foundation.clock import NORWAY


@dataclass(frozen=True, slots=True)
class Coming:
    """A visit of the day. ``carer`` is who makes or made it by name, "" when nobody has it;
    ``unit`` where she works. ``planned``: the actions of the plan, never doses.
    """

    visit: Visit
    is_paused: bool
    carer: str
    unit: str
    planned: tuple[str, ...]


# Newest first: visits are made for today and tomorrow, so that those of today are among these.
_LATEST = {"Encounter": 60, "EpisodeOfCare": 500, "CarePlan": 100}


def coming_on(session: Session, day: date) -> list[Coming]:
    """The visits of a day; see :func:`coming_between`."""
    return coming_between(session, day, day)


def coming_between(session: Session, first: date, last: date) -> list[Coming]:
    """The visits of these days (both included) in the record that a citizen has open, in order; two
    round trips at most.

    Not those that were cancelled or moved away. Paused: while she is in hospital. The Tasks of a
    visit are work of the unit and not hers to see: what is planned is read from her plan.
    """
    found = patients.record_of(session, session.subject.rpartition("/")[2], _LATEST)
    granted = [content(each) for each in found["EpisodeOfCare"]]
    paused = any(is_service(body) and body.get("status") == "onhold" for body in granted)
    listed = [visit_of(each) for each in found["Encounter"] if is_planned_visit(content(each))]
    chosen = [
        visit
        for visit in sorted(listed, key=lambda each: (each.starts, each.id))
        if visit.status != "cancelled" and first <= _day(visit) <= last
    ]
    names = names_of(session, {who for visit in chosen for who in (visit.carer, visit.unit) if who})
    plans = [content(each) for each in found["CarePlan"]]
    planned = {day: _planned(plans, day) for day in {_day(visit) for visit in chosen}}
    return [
        Coming(
            visit,
            is_paused=paused and visit.status == "planned",
            carer=names.get(visit.carer, visit.carer_name),
            unit=names.get(visit.unit, ""),
            planned=planned[_day(visit)].get(_planned_key(visit), ()),
        )
        for visit in chosen
    ]


def _day(visit: Visit) -> date:
    return visit.starts.astimezone(NORWAY).date()


def _planned(bodies: list[Resource], day: date) -> dict[str, tuple[str, ...]]:
    """What the plans say is done at each visit of a day, by the key of the visit."""
    plans = [each for each in bodies if reading.has_code(each.get("category"), [PLANNED_VISITS])]
    return {
        visit.key: tuple(dict.fromkeys(item.text for item in visit.items if not item.is_dose))
        for visit in day_of(plans, (), day).visits
    }


def _planned_key(visit: Visit) -> str:
    """The key of the plan: a visit that was moved has its version behind it."""
    return visit.key.partition("~")[0]


__all__ = ["Coming", "coming_between", "coming_on"]
