"""The part of FHIR's PlanDefinition that a pathway travels as, for those who write one and those
who read one: a workflow definition, one action for each step, related to those it follows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fellesjournal.fhir import reading

TYPES = "http://terminology.hl7.org/CodeSystem/plan-definition-type"
WORKFLOW = "workflow-definition"
UCUM = "http://unitsofmeasure.org"
LEVEL_SYSTEM = "https://fellesjournal.example/fhir/CodeSystem/pathway-level"
"""Of a participant's role: which level of health care acts (municipality, hospital, gp, patient)."""
STEP = "pathway-step"
"""The code of a Task that is a step of a pathway, in our own code system of tasks."""
URL = "https://fellesjournal.example/fhir/PlanDefinition/"
"""What the canonical address of a pathway of ours begins with; its key follows."""


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One action. ``after``: the ids of those it follows, each with the hours within which it is to
    come, None where that is not said; ``limit_hours``: how long it may take itself.
    """

    id: str
    purpose: str
    action: str
    lane: str
    level: str
    documents: tuple[str, ...]
    after: tuple[tuple[str, int | None], ...]
    limit_hours: int | None


@dataclass(frozen=True, slots=True)
class PathwayPlan:
    """A pathway as its PlanDefinition says it, steps in their order."""

    id: str
    url: str
    version: str
    title: str
    steps: tuple[PlannedStep, ...]

    @property
    def lanes(self) -> dict[str, str]:
        """Those who act, in the order of their first step, each with its level."""
        return {step.lane: step.level for step in self.steps}


def read_plan(data: Mapping[str, Any]) -> PathwayPlan:
    """The pathway of a PlanDefinition. What is not there is empty."""
    return PathwayPlan(
        reading.string(data.get("id")), reading.string(data.get("url")),
        reading.string(data.get("version")), reading.string(data.get("title")),
        tuple(_step(each) for each in reading.elements(data.get("action"))),
    )  # fmt: skip


def _step(action: reading.Element) -> PlannedStep:
    actor = next(reading.elements(action.get("participant")), {})
    role = actor.get("role")
    levels = [code for system, code, _ in reading.codings(role) if system == LEVEL_SYSTEM]
    return PlannedStep(
        id=reading.string(action.get("id")),
        purpose=reading.string(action.get("title")),
        action=reading.string(action.get("description")),
        lane=reading.concept_text(role),
        level=next(iter(levels), ""),
        documents=tuple(
            reading.string(each.get("display"))
            for each in reading.elements(action.get("documentation"))
        ),
        after=tuple(
            (
                reading.string(each.get("actionId")),
                _hours((each.get("offsetRange") or {}).get("high")),
            )
            for each in reading.elements(action.get("relatedAction"))
        ),
        limit_hours=_hours(action.get("timingDuration")),
    )


def hours(value: int) -> dict[str, Any]:
    """So many hours as a Duration."""
    return {"value": value, "unit": "h", "system": UCUM, "code": "h"}


def _hours(duration: object) -> int | None:
    if not isinstance(duration, Mapping) or duration.get("code") != "h":
        return None
    value = reading.number(duration.get("value"))
    return None if value is None else int(value)


__all__ = [
    "LEVEL_SYSTEM", "STEP", "TYPES", "URL", "WORKFLOW", "PathwayPlan", "PlannedStep", "hours", "read_plan",
]  # fmt: skip
