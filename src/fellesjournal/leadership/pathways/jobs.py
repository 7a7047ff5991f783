"""Reactions to events; see config/wiring.py."""

from __future__ import annotations

from typing import Any

from fellesjournal.access import acts
from fellesjournal.access.acts import act, put
from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotFound
from fellesjournal.fhir.pathway_plans import URL
from fellesjournal.leadership.pathways.plan_definition import plan_definition
from fellesjournal.leadership.pathways.queries import drawing
from fellesjournal.leadership.pathways.resources import TO_BE


def write_plan(session: Session, payload: dict[str, Any]) -> None:
    """``pathway-published``: clinicians find it as a PlanDefinition. Told again, it changes nothing."""
    key, version = str(payload["key"]), str(payload["version"])
    found = drawing(session, key, TO_BE, int(version)).body.pathway
    plan = {"id": plan_id(key), **plan_definition(found, f"{URL}{key}", active=True)}
    try:
        stands, _ = acts.read(session, "PlanDefinition", plan_id(key))
    except NotFound:
        stands = {}
    if stands.get("version") == version:
        return
    act(session, [put(plan)])


def plan_id(key: str) -> str:
    """The id of a pathway's PlanDefinition."""
    return f"pathway-{key}"


__all__ = ["plan_id", "write_plan"]
