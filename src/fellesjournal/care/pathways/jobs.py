"""Reactions to events; see config/wiring.py."""

from __future__ import annotations

from functools import partial
from typing import Any

from fellesjournal.access import acts, patients
from fellesjournal.access.acts import Operation, Resource, act, change, content
from fellesjournal.access.sessions import Session
from fellesjournal.care.pathways import codes, queries
from fellesjournal.care.pathways.actions import steps_of
from fellesjournal.fhir import reading
from fellesjournal.foundation import clock

_HIGHEST = 12


def tend_plan(session: Session, payload: dict[str, Any]) -> None:
    """``pathway-applied`` and ``pathway-step-ended``: the steps whose turn it is become their units',
    and a plan of which every step has ended is completed. Told again, it changes nothing.
    """
    acts.meanwhile(lambda: _tend(session, str(payload["plan"])))


def tend_all(session: Session, payload: dict[str, Any]) -> None:
    """``unit-closed``: what it was to do becomes the unit's above it that is at work."""
    del payload
    plans = queries.everything(
        session, "CarePlan",
        [("category", f"{codes.PLAN_TYPE}|{codes.PATHWAY}"), ("status", "active")],
    )  # fmt: skip
    for each in plans:
        acts.meanwhile(partial(_tend, session, each.reference))


def _tend(session: Session, plan: str) -> None:
    data, version = acts.read(session, *plan.split("/", 1))
    if data.get("status") != "active":
        return
    found = {each.reference: each for each in steps_of(session, plan)}
    steps = {
        reference: queries.read_step(content(each), each.version)
        for reference, each in found.items()
    }
    operations: list[Operation] = []
    for reference, step in steps.items():
        if step.has_ended:
            continue
        task = content(found[reference])
        after = dict(task)
        if step.status == "draft" and all(
            steps[before].has_ended for before in step.after if before in steps
        ):
            after["status"] = "requested"
        if step.owner.startswith("Organization/"):
            after["owner"] = _at_work(session, task["owner"])
        if after != task:
            operations.append(change(after, seen=step.version))
    if steps and all(step.has_ended for step in steps.values()):
        now = clock.now().replace(microsecond=0).isoformat()
        over = {"status": "completed", "period": {**data.get("period", {}), "end": now}}
        operations.append(change(data | over, seen=version))
    if operations:
        act(session, operations)


def _at_work(session: Session, owner: Resource) -> Resource:
    """The unit, or the nearest above it that has not closed; itself when all have."""
    unit = reading.reference_target(owner)
    for _ in range(_HIGHEST):
        kind, _, key = unit.partition("/")
        found = patients.read_known(session, [(kind, key)]) if key else []
        data = content(found[0]) if found else {}
        if data and data.get("active") is not False:
            same = unit == reading.reference_target(owner)
            return owner if same else {"reference": unit, "display": str(data.get("name", ""))}
        unit = reading.reference_target(data.get("partOf"))
    return owner


__all__ = ["tend_all", "tend_plan"]
