"""Aslaug is followed at home: readings judged by what is agreed, and one that waits."""

from __future__ import annotations

from typing import Any

from fellesjournal.care.remote_follow_up.plans import plan_of
from fellesjournal.care.remote_follow_up.readings import is_own_reading, reading_of
from fellesjournal.care.remote_follow_up.tasks import Kind, work_of
from tests.demo.conftest import Demo


def _of(demo: Demo, kind: str) -> list[dict[str, Any]]:
    return [each for each in demo.records["cast-aslaug"] if each["resourceType"] == kind]


def test_her_plan_and_readings_read_as_the_platforms_own(demo: Demo) -> None:
    (plan,) = [found for each in _of(demo, "CarePlan") if (found := plan_of(each, 1))]
    assert plan.owner.startswith("Practitioner/")
    assert [(each.times, each.days) for each in plan.agreed] == [(2, 7)]
    sent = [reading_of(each, 1) for each in _of(demo, "Observation") if is_own_reading(each)]
    followed = [each for each in sent if each is not None and each.plan == plan.id]
    assert len(followed) >= 10
    for each in followed:
        assert each.outside == plan.agreed[0].outside(each.numbers)


def test_each_reading_outside_has_one_row_and_the_last_of_them_waits(demo: Demo) -> None:
    sent = [reading_of(each, 1) for each in _of(demo, "Observation") if is_own_reading(each)]
    outside = sorted(
        (each.at, f"Observation/{each.id}") for each in sent if each is not None and each.outside
    )
    found = [
        work_of(each, 1) for each in _of(demo, "Task")
        if each["code"]["coding"][0]["code"] in set(Kind)
    ]  # fmt: skip
    assert sorted(each.focus for each in found) == sorted(focus for _, focus in outside)
    assert [each.focus for each in found if each.is_open] == [outside[-1][1]]
    assert all(each.owner and each.unit for each in found)
