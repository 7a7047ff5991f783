"""Reading what home care works from: plans, prescriptions, services, visits and items.

Every read goes through the door with the session of who asks; a job sees all, a carer what her
grounds open. Pages of a search are followed to the end: a day list never leaves out its tail.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from fellesjournal.access import patients, records
from fellesjournal.access.acts import Resource, Stored, content
from fellesjournal.access.sessions import Session
from fellesjournal.care.homecare import codes
from fellesjournal.care.homecare.planned import Day, Item, WantedVisit, day_of
from fellesjournal.care.homecare.visits import (
    Visit,
    is_item,
    is_planned_visit,
    item_of,
    read_visit,
    visit_of,
)
from fellesjournal.fhir import reading
from fellesjournal.foundation import clock
from fellesjournal.foundation.clock import NORWAY

PLANNED_VISITS = "planned-visits"
"""The category of plans from which visits are made; a coding of codes.PLAN_TYPE."""
_PAGE = "500"
_AT_ONCE = 60
"""So many references in one search: longer queries are refused."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service granted to a citizen: an EpisodeOfCare. ``kind`` is a code of 9151."""

    id: str
    version: int
    data: Resource

    @property
    def status(self) -> str:
        """planned, active, onhold, finished ..."""
        return str(self.data["status"])

    @property
    def unit(self) -> str:
        """Which unit gives it, as Organization/x."""
        return reading.reference_target(self.data.get("managingOrganization"))

    @property
    def kind(self) -> str:
        """The code of 9151."""
        return next((reading.first_code(each) for each in self.data.get("type", ())), "")

    @property
    def name(self) -> str:
        """What it is called."""
        return next((reading.concept_text(each) for each in self.data.get("type", ())), "")

    @property
    def since(self) -> date | None:
        """The day it was granted from, in Norway."""
        starts = reading.moment((self.data.get("period") or {}).get("start"))
        return None if starts is None else starts.at.astimezone(NORWAY).date()

    def holds_on(self, day: date) -> bool:
        """Whether it is granted on a day, paused or not."""
        if self.status not in {"planned", "active", "onhold"}:
            return False
        period = self.data.get("period") or {}
        starts, ends = reading.moment(period.get("start")), reading.moment(period.get("end"))
        after = starts is None or starts.at.astimezone(NORWAY).date() <= day
        return after and (ends is None or day <= ends.at.astimezone(NORWAY).date())


def everything(session: Session, kind: str, query: Sequence[tuple[str, str]]) -> list[Stored]:
    """All matches of a search, and what it includes, page after page."""
    found: dict[tuple[str, str], Stored] = {}
    cursor: str | None = None
    while True:
        page = records.search(session, kind, [*query, ("_count", _PAGE)], cursor=cursor)
        found |= {(each.type, each.id): each for each in (*page.matches, *page.included)}
        if page.next is None:
            return list(found.values())
        cursor = page.next


def plans(session: Session, patient: str) -> list[tuple[Resource, int]]:
    """The active plans of a citizen (Patient/1) from which visits are made, with versions."""
    asked = [
        ("patient", patient),
        ("status", "active"),
        ("category", f"{codes.PLAN_TYPE}|{PLANNED_VISITS}"),
    ]
    return [(content(each), each.version) for each in everything(session, "CarePlan", asked)]


def planned_citizens(session: Session) -> list[str]:
    """Every citizen (Patient/1) with an active plan from which visits are made, in order."""
    asked = [("status", "active"), ("category", f"{codes.PLAN_TYPE}|{PLANNED_VISITS}")]
    found = everything(session, "CarePlan", asked)
    return sorted({reading.reference_target(content(each).get("subject")) for each in found})


def prescriptions(session: Session, patient: str) -> list[Resource]:
    """The active prescriptions of a citizen."""
    asked = [("patient", patient), ("status", "active")]
    return [content(each) for each in everything(session, "MedicationRequest", asked)]


def services(session: Session, patient: str) -> list[Service]:
    """The services (9151) granted to a citizen, paused ones too; not those that are over."""
    asked = [("patient", patient), ("status", "planned,active,onhold")]
    found = [
        Service(each.id, each.version, content(each))
        for each in everything(session, "EpisodeOfCare", asked)
    ]
    return [each for each in found if is_service(each.data)]


def is_service(data: Resource) -> bool:
    return any(
        system == codes.SERVICE_TYPE
        for concept in data.get("type", ())
        for system, _, _ in reading.codings(concept)
    )


@dataclass(frozen=True, slots=True)
class Planning:
    """What visits of a citizen follow from, for a page: plans and prescriptions with versions.

    ``prior``: which prescription each took the place of, by id, of those that are over too;
    ``other_plans``: the CarePlans from which no visits follow; ``visits``: the newest home visits that
    were asked for, planned here or not.
    """

    plans: tuple[tuple[Resource, int], ...]
    prescriptions: tuple[tuple[Resource, int], ...]
    services: tuple[Service, ...]
    prior: Mapping[str, str] = field(default_factory=dict)
    other_plans: tuple[tuple[Resource, int], ...] = ()
    visits: tuple[Visit, ...] = ()

    def of_day(self, day: date) -> Day:
        """What the rules give on a day."""
        return day_of(
            [plan for plan, _ in self.plans], [order for order, _ in self.prescriptions], day
        )

    def granted_on(self, day: date) -> tuple[WantedVisit, ...]:
        """The visits that the plans of services granted on a day give, paused or not."""
        units = {each.unit for each in self.services if each.holds_on(day)}
        plans_ = [plan for plan, _ in self.plans if unit_of(plan) in units]
        return day_of(plans_, [order for order, _ in self.prescriptions], day).visits


# More than anybody has; the job that makes visits searches and has no such limit (making.py).
_MOST = {"CarePlan": 500, "MedicationRequest": 3000, "EpisodeOfCare": 500}


def planning_of(session: Session, patient: str, *, contacts: int = 0) -> Planning:
    """Plans, prescriptions and services of a citizen (Patient/1) in one round trip, with the home
    visits among so many of her newest contacts.
    """
    most = _MOST | ({"Encounter": contacts} if contacts else {})
    found = patients.record_of(session, patient.rpartition("/")[2], most)
    bodies = {
        kind: [(content(each), each.version, each.id) for each in listed]
        for kind, listed in found.items()
    }
    return Planning(
        tuple((b, v) for b, v, _ in bodies["CarePlan"] if _is_planned(b)),
        tuple((b, v) for b, v, _ in bodies["MedicationRequest"] if b.get("status") == "active"),
        tuple(
            Service(key, version, body)
            for body, version, key in bodies["EpisodeOfCare"]
            if body.get("status") in {"planned", "active", "onhold"} and is_service(body)
        ),
        {
            key: before.partition("/")[2]
            for body, _, key in bodies["MedicationRequest"]
            if (before := reading.reference_target(body.get("priorPrescription")))
        },
        tuple((b, v) for b, v, _ in bodies["CarePlan"] if not _is_planned(b)),
        tuple(
            read_visit(body, v) for body, v, _ in bodies.get("Encounter", ()) if _is_at_home(body)
        ),
    )


def _is_at_home(encounter: Resource) -> bool:
    """Whether it is a visit at home that has a time."""
    has_time = "start" in encounter.get("period", {})
    return has_time and reading.has_code([encounter.get("class")], [codes.AT_HOME])


def _is_planned(plan: Resource) -> bool:
    return plan.get("status") == "active" and reading.has_code(
        plan.get("category"), [PLANNED_VISITS]
    )


def unit_of(plan: Resource) -> str:
    """Which unit carries out a plan, as Organization/x; "" when it does not say."""
    for activity in plan.get("activity", ()):
        for each in activity.get("detail", {}).get("performer", ()):
            if (target := reading.reference_target(each)).startswith("Organization/"):
                return target
    return ""


def visits(
    session: Session, first: date, last: date, *, unit: str = "", patient: str = ""
) -> list[Visit]:
    """The planned visits whose time touches these days (both included), in order.

    Of a unit (Organization/1), or of a citizen (Patient/1).
    """
    asked = [
        ("date", f"ge{clock.midnight_text(first)}"),
        ("date", f"lt{clock.midnight_text(last + timedelta(days=1))}"),
        ("class", f"{codes.ACT_CODE}|{codes.AT_HOME}"),
        ("type", f"{codes.ENCOUNTER_TYPE}|{codes.HOME_VISIT}"),
    ]
    asked += [("service-provider", unit)] if unit else []
    asked += [("patient", patient)] if patient else []
    found = [
        visit_of(each)
        for each in everything(session, "Encounter", asked)
        if is_planned_visit(content(each))
    ]
    return sorted(found, key=lambda visit: (visit.starts, visit.ends, visit.id))


def items(session: Session, visit_ids: Iterable[str]) -> list[Item]:
    """The planned items of visits, in order."""
    return items_in(tasks_at(session, visit_ids))


def tasks_at(session: Session, visit_ids: Iterable[str]) -> list[Stored]:
    """Every Task of these visits: planned items, and deviations told of there."""
    wanted = sorted(set(visit_ids))
    found: list[Stored] = []
    for begin in range(0, len(wanted), _AT_ONCE):
        asked = ",".join(f"Encounter/{each}" for each in wanted[begin : begin + _AT_ONCE])
        found += everything(session, "Task", [("encounter", asked)])
    return found


def items_in(tasks: Iterable[Stored]) -> list[Item]:
    """The planned items among Tasks, in order."""
    found = [item_of(each) for each in tasks if is_item(content(each))]
    return sorted(found, key=lambda item: (item.is_dose, item.at, item.text, item.id))


__all__ = [
    "PLANNED_VISITS", "Service", "everything", "items", "items_in", "planned_citizens", "plans",
    "prescriptions", "services", "tasks_at", "unit_of", "visits",
]  # fmt: skip
