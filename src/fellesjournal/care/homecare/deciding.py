"""The case officer's part: scoring functions (9111) and deciding on an application.

norway.md section 12.1 for the scores; section 9 L12 for the decision: reasons and appeal.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from fellesjournal.access import acts
from fellesjournal.access.acts import (
    DoneBefore,
    Operation,
    Resource,
    Stored,
    act,
    change,
    content,
    create,
)
from fellesjournal.access.sessions import Session
from fellesjournal.care.homecare import codes, events
from fellesjournal.care.homecare.applications import Status
from fellesjournal.care.homecare.codes import coded, first, number, reference
from fellesjournal.care.homecare.reading_days import everything
from fellesjournal.care.homecare.visits import moment
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import BadRequest, Conflict
from fellesjournal.foundation import clock
from fellesjournal.foundation.outbox.events import Event
from fellesjournal.registry.units import UNIT_KIND_SYSTEM, UnitKind
from fellesjournal.registry.working_days import add_working_days, end_of_day

# Assumption (configurable): norway.md section 9 L12, three weeks from when the decision is known.
APPEAL_WEEKS = 3
# Assumption (configurable): the unit plans a granted service within so many working days.
PLANNED_WITHIN_WORKING_DAYS = 3
MOST_HOURS = Decimal(168)
_SCORE_NAMES = {
    "1": "Ingen problem eller utfordringer",
    "2": "Ikke behov for personbistand",
    "3": "Middels behov for personbistand",
    "4": "Stort behov for personbistand",
    "5": "Fullt behov for personbistand",
    "9": "Ikke relevant",
}


@dataclass(frozen=True, slots=True)
class Assessment:
    """One scoring: ``scores`` by code of 9111; ``by`` who scored."""

    made: datetime
    scores: Mapping[str, str]
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What is decided on one service. ``unit`` gives it (Organization/x); ``hours`` a week.

    ``granted`` False is a refusal. ``is_last``: the application is answered with it.
    """

    service: str
    granted: bool
    unit: str
    unit_name: str
    hours: Decimal | None
    starts: date
    ends: date | None
    reason: str
    is_last: bool = True


def assess(
    session: Session,
    *,
    patient: str,
    application_id: str,
    scores: Mapping[str, str],
    form: str = "",
) -> None:
    """Score all 17 functions for an application; the same ``form`` sent twice scores once.

    Raises BadRequest for a missing or odd score.
    """
    missing = [code for code in codes.FUNCTIONS if scores.get(code) not in codes.SCORES]
    if missing:
        raise BadRequest(f"no score for function {', '.join(missing)}", code="required")
    now = clock.now().isoformat(timespec="seconds")
    scored = [
        create(
            {
                "resourceType": "Observation",
                "status": "final",
                "basedOn": [reference(f"ServiceRequest/{application_id}")],
                "category": [
                    coded(
                        "http://terminology.hl7.org/CodeSystem/observation-category", "survey",
                        "Survey",
                    )
                ],
                "code": coded(codes.FUNCTION, code, name),
                "subject": reference(patient),
                "effectiveDateTime": now,
                "performer": [reference(session.person)],
                "valueCodeableConcept": coded(
                    codes.FUNCTION_SCORE, scores[code], _SCORE_NAMES[scores[code]]
                ),
            }
        )
        for code, name in codes.FUNCTIONS.items()
    ]  # fmt: skip
    task = _handling(session, application_id)
    noted = task[0] | {"businessStatus": coded(codes.OUTCOME, Status.ASSESSED)}
    with suppress(DoneBefore):
        act(session, [*scored, change(noted, seen=task[1])], form=form)


def assessments(session: Session, patient: str) -> list[Assessment]:
    """The scorings of a citizen, newest first; what was scored at one time is one."""
    wanted = ",".join(f"{codes.FUNCTION}|{code}" for code in codes.FUNCTIONS)
    found: dict[datetime, list[Resource]] = {}
    for stored in everything(session, "Observation", [("patient", patient), ("code", wanted)]):
        body = content(stored)
        if body.get("status") not in {"entered-in-error", "cancelled"}:
            found.setdefault(moment(body["effectiveDateTime"]), []).append(body)
    return [_assessment(at, found[at]) for at in sorted(found, reverse=True)]


def _assessment(at: datetime, scored: Sequence[Resource]) -> Assessment:
    scores = {
        reading.first_code(each["code"]): reading.first_code(each.get("valueCodeableConcept"))
        for each in scored
    }
    return Assessment(at, scores, reading.reference_target(first(scored[0]["performer"])))


def units_giving(session: Session) -> list[tuple[str, str]]:
    """The units that give home care beside the unit of who asks: (Organization/x, name)."""
    own, _ = acts.read(session, "Organization", session.unit.rpartition("/")[2])
    parent = reading.reference_target(own.get("partOf"))
    asked = [("type", f"{UNIT_KIND_SYSTEM}|{UnitKind.HOME_CARE}"), ("active", "true")]
    if parent:
        asked.append(("partof", parent))
    found = [content(each) for each in everything(session, "Organization", asked)]
    named = [(f"Organization/{each['id']}", str(each.get("name", ""))) for each in found]
    return sorted(named, key=lambda each: each[1])


def decide(
    session: Session, *, patient: str, application_id: str, seen: int, grant: Grant, appeal: str
) -> str:
    """Decide on a service of an application; answers the id of the decision.

    Decision, service, the unit's task to plan it and the end of the application commit together
    with the event ``decision-made``. ``seen`` is the version of the application that was read,
    ``appeal`` the words on how to appeal. Raises BadRequest, Conflict when it is decided already,
    PreconditionFailed when somebody else was first.
    """
    _check(grant)
    asked, version = acts.read(session, "ServiceRequest", application_id)
    if asked.get("status") != "active":
        raise Conflict("this application has been decided")
    if version != seen:
        raise Conflict("this application was changed meanwhile")
    known = f"urn:uuid:{uuid.uuid4()}"
    decision = create(_decision(session, patient, application_id, grant, appeal), known_as=known)
    todo = [decision]
    if grant.granted:
        todo += _service(session, patient, grant, known)
    if grant.is_last:
        task, task_seen = _handling(session, application_id)
        todo.append(change(asked | {"status": "completed"}, seen=seen))
        done = task | {
            "status": "completed", "businessStatus": coded(codes.OUTCOME, Status.DECIDED),
        }  # fmt: skip
        todo.append(change(done, seen=task_seen))

    def tell(stood: Sequence[Stored]) -> list[Event]:
        service = stood[1].id if grant.granted else ""
        return [
            events.decision_made(patient, application_id, stood[0].id, service),
            events.plan_changed(patient),
        ]

    return act(session, todo, tell)[0].id


def _check(grant: Grant) -> None:
    if grant.service not in codes.SERVICES:
        raise BadRequest("a decision is about a service", code="required")
    if not grant.reason.strip():
        raise BadRequest("a decision has a reason", code="required")
    if grant.ends is not None and grant.ends < grant.starts:
        raise BadRequest("a service ends after it has begun")
    if grant.granted and (not grant.unit or grant.hours is None):
        raise BadRequest("a granted service has a unit and hours a week", code="required")
    if grant.hours is not None and not 0 < grant.hours <= MOST_HOURS:
        raise BadRequest("hours a week are more than none and at most 168")


def _decision(
    session: Session, patient: str, application_id: str, grant: Grant, appeal: str
) -> Resource:
    body: Resource = {
        "resourceType": "ServiceRequest",
        "basedOn": [reference(f"ServiceRequest/{application_id}")],
        "status": "active" if grant.granted else "completed",
        "intent": "order",
        "category": [coded(codes.ORDER_TYPE, codes.DECISION, "Vedtak")],
        "code": coded(codes.SERVICE_TYPE, grant.service, codes.SERVICES[grant.service]),
        "subject": reference(patient),
        "occurrencePeriod": _period(grant),
        "authoredOn": clock.now().isoformat(timespec="seconds"),
        "requester": reference(session.person),
        "reasonCode": [{"text": grant.reason.strip()}],
        "patientInstruction": appeal,
    }
    if not grant.granted:
        return body | {"doNotPerform": True}
    return body | {
        "performer": [reference(grant.unit, grant.unit_name)],
        "quantityRatio": {
            "numerator": _hours(grant),
            "denominator": {
                "value": 1, "unit": "uke", "system": "http://unitsofmeasure.org", "code": "wk",
            },
        },
    }  # fmt: skip


def _service(session: Session, patient: str, grant: Grant, decision: str) -> list[Operation]:
    """The EpisodeOfCare, from which the unit's ground follows, and the unit's task to plan it."""
    now = clock.now()
    service = f"urn:uuid:{uuid.uuid4()}"
    key = decision.rpartition(":")[2]
    episode: Resource = {
        "resourceType": "EpisodeOfCare",
        "extension": [{"url": codes.WEEKLY_HOURS, "valueQuantity": _hours(grant)}],
        "status": "planned" if grant.starts > clock.today() else "active",
        "type": [coded(codes.SERVICE_TYPE, grant.service, codes.SERVICES[grant.service])],
        "patient": reference(patient),
        "managingOrganization": reference(grant.unit, grant.unit_name),
        "period": _period(grant),
        "referralRequest": [reference(decision)],
    }
    task: Resource = {
        "resourceType": "Task",
        "identifier": number(codes.WORK_NUMBER, f"plan.{key}"),
        "status": "requested",
        "intent": "order",
        "code": coded(codes.TASK_CODE, codes.PLAN_SERVICE),
        "description": codes.SERVICES[grant.service],
        "focus": reference(service),
        "for": reference(patient),
        "authoredOn": now.isoformat(timespec="seconds"),
        "requester": reference(session.person),
        "owner": reference(grant.unit, grant.unit_name),
        "restriction": {
            "period": {
                "end": end_of_day(
                    add_working_days(clock.today(), PLANNED_WITHIN_WORKING_DAYS)
                ).isoformat()
            }
        },
    }
    return [create(episode, known_as=service), create(task)]


def _hours(grant: Grant) -> Resource:
    return {
        "value": float(grant.hours or 0), "unit": "t",
        "system": "http://unitsofmeasure.org", "code": "h",
    }  # fmt: skip


def _period(grant: Grant) -> Resource:
    starts = {"start": grant.starts.isoformat()}
    return starts if grant.ends is None else starts | {"end": grant.ends.isoformat()}


def _handling(session: Session, application_id: str) -> tuple[Resource, int]:
    """The office's open Task for an application. Raises Conflict when there is none (any more)."""
    asked = [
        ("identifier", f"{codes.WORK_NUMBER}|handle.{application_id}"),
        ("status", "requested,accepted,in-progress"),
    ]
    found = everything(session, "Task", asked)
    if not found:
        raise Conflict("nobody has this application on the list any more")
    return content(found[0]), found[0].version


__all__ = [
    "APPEAL_WEEKS", "Assessment", "Grant", "assess", "assessments", "decide", "units_giving",
]  # fmt: skip
