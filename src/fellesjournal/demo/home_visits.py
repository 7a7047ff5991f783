"""Home care that is planned by rules, from which visits follow each day, and an application to decide.

Rules and not visits: whenever the demo is started, today has its visits. The words are those of
the standard and of our own code systems.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from fellesjournal.demo import plans
from fellesjournal.demo.chance import source
from fellesjournal.demo.contacts import contact
from fellesjournal.demo.moments import iso_day, iso_moment
from fellesjournal.demo.record import Record
from fellesjournal.demo.staff import Worker
from fellesjournal.demo.terms import LOINC, OWN, SERVICE_TYPE, Element, Resource, concept, reference
from fellesjournal.demo.units import Unit

_NAMING = "https://fellesjournal.example/fhir/NamingSystem/home-care-work"
_WINDOW_END = "https://fellesjournal.example/fhir/StructureDefinition/time-window-end"
_EVERY_DAY = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MORNING = 7
_DECIDED_WITHIN = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Rule:
    """One action: what, from and until (hours of the day), minutes, on which days; ``measures`` is a
    code of LOINC.
    """

    text: str
    begins: int
    ends: int
    minutes: int
    medicines: bool = False
    days: tuple[str, ...] = _EVERY_DAY
    measures: str = ""


ASLAUG = (
    Rule("Stell og støttestrømper på", 7, 11, 25),
    Rule("Gi medisinene på listen", 7, 11, 5, medicines=True),
    Rule(
        "Vekt, pleieren sier fra til legen ved mer enn 2 kg opp på tre døgn",
        7,
        11,
        5,
        days=("mon", "thu"),
        measures="29463-7",
    ),
    Rule("Varm middag", 11, 15, 15),
    Rule("Gi medisinene på listen", 15, 19, 10, medicines=True),
    Rule("Støttestrømper av, kveldsstell", 19, 23, 20),
)
MARIT = (Rule("Hjemmetrening for skulderen", 11, 15, 15),)
_VISITED = {"cast-aslaug": ASLAUG, "cast-marit": MARIT}


def plan_visits(record: Record, unit: Unit, day: int, *, nurse: Worker) -> Resource:
    """The plan of the unit, with the rules that the visits follow from."""
    rules = _VISITED[record.person.key]
    body: Element = {
        "status": "active",
        "intent": "plan",
        "category": [
            {
                "coding": [
                    {"system": OWN + "plan-type", "code": "homecare"},
                    {"system": OWN + "plan-type", "code": "planned-visits"},
                ],
                "text": "Tiltaksplan",
            }
        ],
        "title": "Besøksplan",
        "subject": record.subject,
        "period": {"start": iso_day(day)},
        "created": iso_day(day),
        "author": nurse.ref,
        "activity": [_activity(f"a{n}", rule, unit, day) for n, rule in enumerate(rules, 1)],
    }
    return record.add("CarePlan", "visits", body, of=unit)


def make_later_visits(record: Record, day: int) -> None:
    """The visits of a day after the one in the morning, which the weeks before have for themselves."""
    nurse = record.region.worker("staff-home-care-nurse")
    rng = source("later visits", record.person.key, day)
    begins = sorted({rule.begins for rule in _VISITED[record.person.key]} - {_MORNING})
    for hour in begins:
        worker = record.region.someone(nurse.unit, rng, "carer", "home-care-nurse")
        minutes = hour * 60 + 15 + int(rng.random() * 90)
        contact(
            record, "home-care", day, unit=nurse.unit, worker=worker, minutes=minutes, length=20
        )


def grant(record: Record, day: int) -> None:
    """Home nursing for a while, with its visits, by the unit of the named nurse."""
    nurse = record.region.worker("staff-home-care-nurse")
    unit = nurse.unit
    record.home_care.append(plans.episode(record, unit, "15", day, None, nurse))
    record.home_care.append(plan_visits(record, unit, day, nurse=nurse))


def handling(record: Record, application: Resource, office: Unit, day: int) -> None:
    """The task by which the allocation office answers for an application."""
    application["orderDetail"] = [concept(SERVICE_TYPE, "8", "Avlastning i institusjon")]
    body: Element = {
        "identifier": [{"system": _NAMING, "value": f"handle.{application['id']}"}],
        "status": "requested",
        "intent": "order",
        "code": {"coding": [{"system": OWN + "task-code", "code": "service-application"}]},
        "businessStatus": {"coding": [{"system": OWN + "home-care-outcome", "code": "sent"}]},
        "focus": reference("ServiceRequest", application["id"]),
        "for": record.subject,
        "authoredOn": iso_moment(day, 12 * 60),
        "owner": office.ref,
        "restriction": {"period": {"end": iso_moment(day + _DECIDED_WITHIN.days, 12 * 60)}},
    }
    record.add("Task", "task", body, of=office)


def _activity(number: str, rule: Rule, unit: Unit, day: int) -> Element:
    code: Element = {"text": rule.text}
    if rule.medicines:
        code["coding"] = [{"system": OWN + "home-care-action", "code": "gives-medicines"}]
    if rule.measures:
        code["coding"] = [{"system": LOINC, "code": rule.measures}]
    return {
        "id": number,
        "detail": {
            "kind": "Task",
            "code": code,
            "status": "in-progress",
            "scheduledTiming": {
                "repeat": {
                    "extension": [{"url": _WINDOW_END, "valueTime": f"{rule.ends:02d}:00:00"}],
                    "boundsPeriod": {"start": iso_day(day)},
                    "duration": rule.minutes,
                    "durationUnit": "min",
                    "frequency": len(rule.days),
                    "period": 1,
                    "periodUnit": "wk",
                    "dayOfWeek": list(rule.days),
                    "timeOfDay": [f"{rule.begins:02d}:00:00"],
                }
            },
            "performer": [unit.ref],
        },
    }


__all__ = ["grant", "handling", "make_later_visits", "plan_visits"]
