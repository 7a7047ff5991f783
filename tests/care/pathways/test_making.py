"""What is made when a patient follows a pathway: a plan, and a task with an owner at each level."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from fellesjournal.care.pathways import codes
from fellesjournal.care.pathways.making import applied, deadlines
from fellesjournal.care.pathways.refusals import PathwayRefused, Why
from fellesjournal.fhir.pathway_plans import PathwayPlan, PlannedStep, read_plan
from fellesjournal.fhir.validation import validate
from fellesjournal.leadership.pathways.pathway import Level
from fellesjournal.leadership.pathways.plan_definition import plan_definition
from tests.leadership.pathways.test_carriers import PATHWAY, URL

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
PLAN = read_plan({"id": "frail", **plan_definition(PATHWAY, URL, active=True)})
OWNERS = {
    lane: {"reference": f"Organization/{key}"}
    for lane, key in (("Ward", "ward"), ("Home care", "home"), ("GP", "gp"))
}
SEED = uuid.UUID("5f0c9f3e-0000-4000-8000-000000000001")


def refused(why: Why) -> pytest.RaisesExc[PathwayRefused]:
    return pytest.raises(PathwayRefused, check=lambda error: error.why is why)


def _applied(plan: PathwayPlan = PLAN, **more: Any) -> list[dict[str, Any]]:
    said = {
        "patient": "Patient/1",
        "owners": OWNERS,
        "author": {"reference": "Practitioner/1"},
        "start": START,
    }
    return applied(plan, **{**said, "seed": SEED, **more})


def _changed(key: str, change: Callable[[PlannedStep], PlannedStep]) -> PathwayPlan:
    steps = tuple(change(step) if step.id == key else step for step in PLAN.steps)
    return replace(PLAN, steps=steps)


def test_a_plan_definition_is_read_as_it_was_drawn() -> None:
    assert PLAN.title == PATHWAY.title
    assert [(step.lane, step.purpose) for step in PLAN.steps] == [
        (step.lane, step.purpose) for step in PATHWAY.steps
    ]
    assert [step.limit_hours for step in PLAN.steps] == [s.limit_hours for s in PATHWAY.steps]
    assert PLAN.lanes == {lane.name: lane.level.value for lane in PATHWAY.lanes}
    assert PLAN.steps[4].after == (("step-2", 48), ("step-3", 24))
    assert PLAN.steps[1].documents == ("Care plan", "List")
    assert codes.PATIENT_LEVEL == Level.PATIENT


def test_a_patient_gets_a_plan_and_a_task_with_an_owner_at_each_level() -> None:
    plan, *tasks = _applied()
    for each in (plan, *tasks):
        assert validate(each) == []
    assert [task["owner"]["reference"] for task in tasks] == [
        "Organization/ward", "Organization/home", "Organization/gp", "Patient/1",
        "Organization/home",
    ]  # fmt: skip
    assert {task["for"]["reference"] for task in tasks} == {"Patient/1"}
    assert [each["reference"]["reference"] for each in plan["activity"]] == [
        f"urn:uuid:{task['id']}" for task in tasks
    ]
    assert {task["basedOn"][0]["reference"] for task in tasks} == {f"urn:uuid:{plan['id']}"}


def test_only_first_steps_are_asked_for_so_that_nobody_else_has_a_ground_yet() -> None:
    assert [task["status"] for task in _applied()[1:]] == ["requested", *["draft"] * 4]


def test_no_task_is_nobody_s() -> None:
    with refused(Why.NO_OWNER):
        _applied(owners={"Ward": OWNERS["Ward"]})
    with refused(Why.NO_OWNER):
        _applied(owners={**OWNERS, "GP": {"reference": ""}})


def test_deadlines_follow_the_handovers_and_only_what_is_known() -> None:
    found = deadlines(PLAN, START)
    assert found["step-1"] == START + timedelta(hours=4)
    assert found["step-2"] == START + timedelta(hours=4 + 2 + 24)
    assert found["step-3"] == START + timedelta(hours=4 + 0 + 72)
    assert found["step-4"] is None  # how soon is not said
    assert found["step-5"] is None
    limited = _changed("step-5", lambda step: replace(step, limit_hours=1))
    # what comes from two steps comes with the last: 76 + 24, not 30 + 48
    assert deadlines(limited, START)["step-5"] == START + timedelta(hours=76 + 24 + 1)
    tasks = _applied()[1:]
    assert tasks[0]["restriction"]["period"]["end"] == (START + timedelta(hours=4)).isoformat()
    assert "restriction" not in tasks[3]


def test_the_same_seed_makes_the_same() -> None:
    assert _applied() == _applied()
    ids = [each["id"] for each in _applied()]
    assert len(set(ids)) == len(ids)


def test_steps_that_lead_back_to_themselves_are_not_applied() -> None:
    circle = _changed("step-2", lambda step: replace(step, after=(*step.after, ("step-5", 1))))
    with refused(Why.CIRCLE):
        _applied(circle)
    with pytest.raises(ValueError, match="at a moment"):
        _applied(start=START.replace(tzinfo=None))
