"""What is agreed over time: EpisodeOfCare, CareTeam, Goal, CarePlan and Flag."""

from __future__ import annotations

from collections.abc import Sequence

from fellesjournal.demo.moments import iso_day
from fellesjournal.demo.record import Problem, Record
from fellesjournal.demo.staff import Worker
from fellesjournal.demo.terms import (
    HL7,
    OWN,
    SERVICE_TYPE,
    Element,
    Resource,
    concept,
    reference,
    status,
)
from fellesjournal.demo.units import Unit

SERVICES = {
    "1": "Praktisk bistand: daglige gjøremål",
    "5": "Matombringing",
    "6": "Trygghetsalarm",
    "15": "Helsetjenester i hjemmet",
    "20": "Tidsbegrenset opphold",
    "21": "Langtidsopphold i institusjon",
    "27": "Elektronisk medisineringsstøtte",
    "28": "Digitalt tilsyn",
}


def _period(begin: int, end: int | None) -> Element:
    return (
        {"start": iso_day(begin)} if end is None else {"start": iso_day(begin), "end": iso_day(end)}
    )


def episode(
    record: Record, unit: Unit, service: str, begin: int, end: int | None, manager: Worker
) -> Resource:
    """A period in which a unit gives a municipal service (9151)."""
    body: Element = {
        "status": "active" if end is None else "finished",
        "type": [concept(SERVICE_TYPE, service, SERVICES[service])],
        "patient": record.subject,
        "managingOrganization": unit.ref,
        "period": _period(begin, end),
        "careManager": manager.ref,
    }
    return record.add("EpisodeOfCare", "epi", body, of=unit)


def team(
    record: Record, unit: Unit, members: Sequence[tuple[str, Worker]], begin: int, end: int | None
) -> Resource:
    """The people around the citizen; each with a role in Norwegian. Next of kin are added."""
    participants: list[Element] = [
        {"role": [{"text": role}], "member": worker.ref, "onBehalfOf": worker.unit.ref}
        for role, worker in members
    ]
    for index, relative in enumerate(record.person.relatives, 1):
        if relative.next_of_kin:
            member = reference("RelatedPerson", f"{record.person.key}-rel{index}",
                               relative.whole_name)  # fmt: skip
            participants.append({"role": [{"text": "Nærmeste pårørende"}], "member": member})
    body: Element = {
        "status": "active" if end is None else "inactive",
        "name": f"Team rundt {record.person.given}",
        "subject": record.subject,
        "period": _period(begin, end),
        "participant": participants,
        "managingOrganization": [unit.ref],
    }
    return record.add("CareTeam", "team", body, of=unit)


def goal(
    record: Record, unit: Unit, text: str, begin: int, state: str, achievement: str
) -> Resource:
    """A goal of the citizen, in words the citizen knows."""
    body: Element = {
        "lifecycleStatus": state,
        "achievementStatus": status("goal-achievement", achievement),
        "description": {"text": text},
        "subject": record.subject,
        "startDate": iso_day(begin),
    }
    return record.add("Goal", "goal", body, of=unit)


def care_plan(
    record: Record,
    unit: Unit,
    title: str,
    begin: int,
    end: int | None,
    *,
    author: Worker,
    team_of: Resource | None = None,
    goals: Sequence[Resource] = (),
    activities: Sequence[tuple[str, str]] = (),
    problems: Sequence[Problem] = (),
    category: tuple[str, str] = ("homecare", "Tiltaksplan"),
) -> Resource:
    """A plan with goals and activities (what, how often)."""
    open_plan = end is None
    body: Element = {
        "status": "active" if open_plan else "completed",
        "intent": "plan",
        "category": [concept(OWN + "plan-type", *category)],
        "title": title,
        "subject": record.subject,
        "period": _period(begin, end),
        "created": iso_day(begin),
        "author": author.ref,
    }
    if team_of is not None:
        body["careTeam"] = [reference("CareTeam", team_of["id"], team_of["name"])]
    if problems:
        body["addresses"] = [problem.ref for problem in problems]
    if goals:
        body["goal"] = [reference("Goal", item["id"]) for item in goals]
    if activities:
        body["activity"] = [
            {
                "detail": {
                    "kind": "Task",
                    "status": "in-progress" if open_plan else "completed",
                    "description": what,
                    "scheduledString": how_often,
                    "performer": [unit.ref],
                }
            }
            for what, how_often in activities
        ]
    return record.add("CarePlan", "plan", body, of=unit)


_CLOSED = {
    "EpisodeOfCare": ("status", "finished"),
    "CareTeam": ("status", "inactive"),
    "CarePlan": ("status", "completed"),
    "Goal": ("lifecycleStatus", "completed"),
}


def close(resource: Resource, day: int) -> None:
    """End an episode, team, plan or goal on a day; one that was to begin later ends as it begins."""
    key, value = _CLOSED[resource["resourceType"]]
    resource[key] = value
    if "period" in resource:
        resource["period"]["end"] = max(iso_day(day), resource["period"]["start"])
    for activity in resource.get("activity", ()):
        activity["detail"]["status"] = "completed"


def flag(
    record: Record, unit: Unit, text: str, begin: int, author: Worker, category: str = "clinical"
) -> Resource:
    """Critical information that every reader must see first."""
    names = {"clinical": "Clinical", "behavioral": "Behavioral", "safety": "Safety"}
    body: Element = {
        "status": "active",
        "category": [concept(HL7 + "flag-category", category, names[category])],
        "code": {"text": text},
        "subject": record.subject,
        "period": {"start": iso_day(begin)},
        "author": author.ref,
    }
    return record.add("Flag", "flag", body, of=unit)
