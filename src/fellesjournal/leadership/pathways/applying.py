"""A pathway applied to one patient: a CarePlan, and a Task for each step with an owner at its
level. Only the resources are made here; writing them is an action's.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from fellesjournal.leadership.pathways.pathway import (
    Level,
    Pathway,
    PathwayStep,
    in_circles,
)
from fellesjournal.leadership.pathways.plan_definition import action_ids
from fellesjournal.leadership.pathways.refusals import Refused, Why


def applied(
    pathway: Pathway,
    url: str,
    *,
    patient: str,
    owners: Mapping[str, str],
    start: datetime,
    seed: uuid.UUID,
) -> list[dict[str, Any]]:
    """The CarePlan, then a Task for each step in their order; they refer to each other by their
    ``id`` as urn:uuid. ``patient`` is a reference, ``owners`` are references by lane; a lane of the
    patient is her own. The same seed gives the same ids, so that applying twice makes nothing new.

    First steps are requested, the others are drafts until those before them are done. A Task has a
    deadline only when all hours on the way to it are known. Raises Refused when a lane has no
    owner, when steps lead back to themselves, and for a naive start.
    """
    if start.tzinfo is None:
        raise ValueError("a pathway starts at a moment, not at a clock time")
    if circles := in_circles(pathway.handovers):
        raise Refused(Why.GUARD, f"{', '.join(sorted(circles))}: steps lead back to themselves")
    owner_of = _owners(pathway, patient, owners)
    ids = {key: str(uuid.uuid5(seed, name)) for key, name in action_ids(pathway).items()}
    plan = str(uuid.uuid5(seed, "plan"))
    due = deadlines(pathway, start)
    first = pathway.keys - {each.end for each in pathway.handovers}
    tasks = [
        {
            "resourceType": "Task",
            "id": ids[step.key],
            "instantiatesUri": f"{url}|{pathway.version}#{action_ids(pathway)[step.key]}",
            "basedOn": [{"reference": f"urn:uuid:{plan}"}],
            "status": "requested" if step.key in first else "draft",
            "intent": "plan",
            "code": {"text": step.purpose},
            **({"description": step.action} if step.action else {}),
            "for": {"reference": patient},
            "authoredOn": start.isoformat(),
            "owner": {"reference": owner_of[step.lane]},
            **_restriction(start, due[step.key]),
            **_documents(step),
        }
        for step in pathway.steps
    ]
    care_plan = {
        "resourceType": "CarePlan",
        "id": plan,
        "instantiatesCanonical": [f"{url}|{pathway.version}"],
        "status": "active",
        "intent": "plan",
        "title": pathway.title,
        "subject": {"reference": patient},
        "created": start.isoformat(),
        "period": {"start": start.isoformat()},
        "activity": [{"reference": {"reference": f"urn:uuid:{ids[s.key]}"}} for s in pathway.steps],
    }
    return [care_plan, *tasks]


def deadlines(pathway: Pathway, start: datetime) -> dict[str, datetime | None]:
    """By when each step is to be done, worked out along the handovers: what comes from several
    steps comes with the last of them. None where some hours on the way are not said.
    """
    known: dict[str, datetime | None] = {}

    def done_by(key: str) -> datetime | None:
        if key not in known:
            known[key] = _later(_arrival(key), pathway.step(key).limit_hours)
        return known[key]

    def _arrival(key: str) -> datetime | None:
        coming = [
            _later(done_by(each.start), each.deadline_hours)
            for each in pathway.handovers
            if each.end == key
        ]
        if not coming:
            return start
        told = [each for each in coming if each is not None]
        return max(told) if len(told) == len(coming) else None

    return {step.key: done_by(step.key) for step in pathway.steps}


def _later(at: datetime | None, hours: int | None) -> datetime | None:
    return None if at is None or hours is None else at + timedelta(hours=hours)


def _owners(pathway: Pathway, patient: str, owners: Mapping[str, str]) -> dict[str, str]:
    own = {ln.name: patient for ln in pathway.lanes if ln.level is Level.PATIENT}
    found = {**owners, **own}
    used = dict.fromkeys(step.lane for step in pathway.steps)
    if missing := [lane for lane in used if not found.get(lane)]:
        raise Refused(Why.GUARD, f"{', '.join(missing)}: nobody owns what is to be done there")
    return found


def _restriction(start: datetime, due: datetime | None) -> dict[str, Any]:
    if due is None:
        return {}
    return {"restriction": {"period": {"start": start.isoformat(), "end": due.isoformat()}}}


def _documents(step: PathwayStep) -> dict[str, Any]:
    if not step.documents:
        return {}
    kind = {"text": "document"}
    return {"input": [{"type": kind, "valueString": document} for document in step.documents]}


__all__ = ["applied", "deadlines"]
