"""A pathway applied to one patient: a CarePlan, and a Task for each step with an owner at its level.

Only the resources are made here; writing them is an action's.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from fellesjournal.care.pathways import codes
from fellesjournal.care.pathways.refusals import PathwayRefused, Why
from fellesjournal.fhir.pathway_plans import LEVEL_SYSTEM, PathwayPlan, PlannedStep

Resource = dict[str, Any]


def applied(
    plan: PathwayPlan,
    *,
    patient: str,
    owners: Mapping[str, Resource],
    author: Resource,
    start: datetime,
    seed: uuid.UUID,
) -> list[Resource]:
    """The CarePlan, then a Task for each step in their order; they refer to each other by their
    ``id`` as urn:uuid. ``patient`` is a reference, ``author`` a Reference, ``owners`` References by
    lane; a lane of the patient is her own. The same seed gives the same ids.

    First steps are requested, the others are drafts until those before them have ended. A Task has a
    deadline only when all hours on the way to it are known. Raises PathwayRefused when a lane has
    no owner or steps lead back to themselves, ValueError for a naive start.
    """
    if start.tzinfo is None:
        raise ValueError("a pathway starts at a moment, not at a clock time")
    due = deadlines(plan, start)
    owner_of = _owners(plan, patient, owners)
    ids = {step.id: str(uuid.uuid5(seed, step.id)) for step in plan.steps}
    own = str(uuid.uuid5(seed, "plan"))
    tasks = [
        _task(plan, step, ids, own, owner_of, patient, start, due[step.id]) for step in plan.steps
    ]
    care_plan: Resource = {
        "resourceType": "CarePlan",
        "id": own,
        "identifier": [
            {"system": codes.FOLLOWED, "value": followed(patient, plan)},
            {"system": codes.MADE, "value": str(seed)},
        ],
        "instantiatesCanonical": [f"{plan.url}|{plan.version}"],
        "status": "active",
        "intent": "plan",
        "category": [{"coding": [{"system": codes.PLAN_TYPE, "code": codes.PATHWAY}]}],
        "title": plan.title,
        "subject": {"reference": patient},
        "author": dict(author),
        "created": start.isoformat(),
        "period": {"start": start.isoformat()},
        "activity": [{"reference": {"reference": f"urn:uuid:{ids[s.id]}"}} for s in plan.steps],
    }
    return [care_plan, *tasks]


def followed(patient: str, plan: PathwayPlan) -> str:
    """By what it is known whether a patient follows a pathway."""
    return f"{patient.rpartition('/')[2]}.{plan.id}"


def deadlines(plan: PathwayPlan, start: datetime) -> dict[str, datetime | None]:
    """By when each step is to be done, worked out along the handovers: what comes from several
    steps comes with the last of them. None where some hours on the way are not said.

    Raises PathwayRefused when steps lead back to themselves.
    """
    steps = {step.id: step for step in plan.steps}
    known: dict[str, datetime | None] = {}
    on_the_way: set[str] = set()

    def done_by(key: str) -> datetime | None:
        if key in on_the_way:
            raise PathwayRefused(Why.CIRCLE, steps[key].purpose)
        if key not in known:
            on_the_way.add(key)
            known[key] = _later(arrival(steps[key]), steps[key].limit_hours)
            on_the_way.discard(key)
        return known[key]

    def arrival(step: PlannedStep) -> datetime | None:
        coming = [_later(done_by(key), within) for key, within in step.after if key in steps]
        if not coming:
            return start
        told = [each for each in coming if each is not None]
        return max(told) if len(told) == len(coming) else None

    return {key: done_by(key) for key in steps}


def _later(at: datetime | None, hours: int | None) -> datetime | None:
    return None if at is None or hours is None else at + timedelta(hours=hours)


def _owners(plan: PathwayPlan, patient: str, owners: Mapping[str, Resource]) -> dict[str, Resource]:
    own = {
        lane: {"reference": patient}
        for lane, level in plan.lanes.items()
        if level == codes.PATIENT_LEVEL
    }
    found = {**owners, **own}
    if missing := [lane for lane in plan.lanes if not found.get(lane, {}).get("reference")]:
        raise PathwayRefused(Why.NO_OWNER, *missing)
    return found


def _task(
    plan: PathwayPlan,
    step: PlannedStep,
    ids: Mapping[str, str],
    care_plan: str,
    owners: Mapping[str, Resource],
    patient: str,
    start: datetime,
    due: datetime | None,
) -> Resource:
    before = [key for key, _ in step.after if key in ids]
    coding = {"system": codes.TASK_CODE, "code": codes.STEP}
    lane: Resource = {"text": step.lane}
    if step.level:
        lane["coding"] = [{"system": LEVEL_SYSTEM, "code": step.level}]
    task: Resource = {
        "resourceType": "Task",
        "id": ids[step.id],
        "instantiatesUri": f"{plan.url}|{plan.version}#{step.id}",
        "basedOn": [{"reference": f"urn:uuid:{care_plan}"}],
        "status": "draft" if before else "requested",
        "intent": "plan",
        "code": {"coding": [coding], "text": step.purpose},
        "for": {"reference": patient},
        "authoredOn": start.isoformat(),
        "performerType": [lane],
        "owner": dict(owners[step.lane]),
    }
    if step.action:
        task["description"] = step.action
    if due is not None:
        task["restriction"] = {"period": {"start": start.isoformat(), "end": due.isoformat()}}
    inputs = [_input("document", valueString=each) for each in step.documents if each]
    inputs += [
        _input(codes.AFTER, valueReference={"reference": f"urn:uuid:{ids[key]}"}) for key in before
    ]
    return task | {"input": inputs} if inputs else task


def _input(kind: str, **value: Any) -> Resource:
    return {"type": {"coding": [{"system": codes.LINK, "code": kind}]}, **value}


__all__ = ["applied", "deadlines", "followed"]
