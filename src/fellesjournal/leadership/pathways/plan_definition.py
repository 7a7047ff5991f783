"""A pathway as a FHIR R4 PlanDefinition (a workflow definition): one action for each step, related
to those it follows, with the hours within which it is to come. Clinicians follow it by that.
"""

from __future__ import annotations

from typing import Any

from fellesjournal.fhir.pathway_plans import LEVEL_SYSTEM, TYPES, WORKFLOW, hours
from fellesjournal.leadership.pathways.pathway import Kind, Level, Pathway, PathwayStep


def action_ids(pathway: Pathway) -> dict[str, str]:
    """The id of each step's action, by key, in the order of the steps."""
    return {step.key: f"step-{place}" for place, step in enumerate(pathway.steps, 1)}


def plan_definition(pathway: Pathway, url: str, *, active: bool) -> dict[str, Any]:
    """The PlanDefinition of a pathway that is to be. Raises ValueError for one as it is: that is
    a finding, not a plan.
    """
    if pathway.kind is not Kind.TO_BE:
        raise ValueError("only a pathway that is to be is a plan")
    ids = action_ids(pathway)
    levels = {lane.name: lane.level for lane in pathway.lanes}
    return {
        "resourceType": "PlanDefinition",
        "url": url,
        "version": pathway.version,
        "title": pathway.title,
        "type": {"coding": [{"system": TYPES, "code": WORKFLOW}]},
        "status": "active" if active else "draft",
        "action": [_action(step, pathway, ids, levels) for step in pathway.steps],
    }


def _action(
    step: PathwayStep, pathway: Pathway, ids: dict[str, str], levels: dict[str, Level]
) -> dict[str, Any]:
    action: dict[str, Any] = {"id": ids[step.key], "title": step.purpose}
    if step.action:
        action["description"] = step.action
    if step.documents:
        action["documentation"] = [
            {"type": "documentation", "display": document} for document in step.documents
        ]
    if step.trigger:
        action["trigger"] = [{"type": "named-event", "name": step.trigger}]
    related = [
        {
            "actionId": ids[each.start],
            "relationship": "after-end",
            **(
                {} if each.deadline_hours is None else {"offsetRange": _within(each.deadline_hours)}
            ),
        }
        for each in pathway.handovers
        if each.end == step.key
    ]
    if related:
        action["relatedAction"] = related
    if step.limit_hours is not None:
        action["timingDuration"] = hours(step.limit_hours)
    level = levels.get(step.lane, Level.UNKNOWN)
    role = {"coding": [{"system": LEVEL_SYSTEM, "code": level.value}], "text": step.lane}
    kind = "patient" if level is Level.PATIENT else "practitioner"
    action["participant"] = [{"type": kind, "role": role}]
    return action


def _within(value: int) -> dict[str, Any]:
    return {"low": hours(0), "high": hours(value)}


__all__ = ["action_ids", "plan_definition"]
