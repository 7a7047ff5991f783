"""A pathway as a FHIR R4 PlanDefinition (a workflow definition): one action for each step, related
to those it follows, with the hours within which it is to come.
"""

from __future__ import annotations

from typing import Any

from fellesjournal.leadership.pathways.pathway import Kind, Level, Pathway, PathwayStep

_TYPES = "http://terminology.hl7.org/CodeSystem/plan-definition-type"
_UCUM = "http://unitsofmeasure.org"


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
        "type": {"coding": [{"system": _TYPES, "code": "workflow-definition"}]},
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
        action["timingDuration"] = _hours(step.limit_hours)
    is_patient = levels.get(step.lane) is Level.PATIENT
    action["participant"] = [
        {"type": "patient" if is_patient else "practitioner", "role": {"text": step.lane}}
    ]
    return action


def _within(hours: int) -> dict[str, Any]:
    return {"low": _hours(0), "high": _hours(hours)}


def _hours(value: int) -> dict[str, Any]:
    return {"value": value, "unit": "h", "system": _UCUM, "code": "h"}


__all__ = ["action_ids", "plan_definition"]
