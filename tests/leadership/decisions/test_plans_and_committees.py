"""Committees and meetings, action plans: the fixtures of the management specification."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.leadership.decisions.action_plans import (
    FINISHED,
    ActionItem,
    ActionPlan,
    Finding,
    Mark,
    Problem,
    Status,
    alignment,
    blocked,
    by_responsible,
    merged,
    overdue,
    problems,
    read,
    status_in,
)
from fellesjournal.leadership.decisions.committees import (
    COMMUNITIES,
    MORE_OG_ROMSDAL,
    NORDRE_TRONDELAG_ST_OLAV,
    Body,
    BodyFault,
    Community,
    Joint,
    Taking,
    distinct_meetings,
    faults,
    without,
)

ROLE = "Adviser of the health communities"
OBSERVER = ActionItem(
    "1.1",
    "Helse Midt-Norge becomes observer in the health communities (see 2.2)",
    goal="representation clarified in all three by end of 2023",
    deadline=date(2023, 12, 31),
    responsible=ROLE,
    priority=1,
    status_text="observer / contact taken / raised again",
    sub_targets=("observer", "contact taken", "raised again"),
)
JOINT_PLAN = ActionItem(
    "2.3",
    "Møre og Romsdal adopts one joint plan",
    goal="by end of 2023",
    deadline=date(2023, 12, 31),
    responsible=ROLE,
    status=Status.DONE,
    status_text="adopted June 2023",
    done_on=date(2023, 6, 30),
)
NEEDS = ActionItem(
    "2.4",
    "Map the communities' need for help",
    goal="case presented in all, first half of 2024",
    deadline=date(2024, 6, 30),
    responsible=ROLE,
    priority=1,
    status_text="one community early 2024, others after representation is settled",
    depends_on=("1.1",),
)
PLAN = ActionPlan("Arena Trøndelag", (OBSERVER, JOINT_PLAN, NEEDS))


def test_v_meet_two_bodies_with_one_joint_meeting() -> None:
    assert distinct_meetings(NORDRE_TRONDELAG_ST_OLAV, ["PSU", "ASU"]) == 8
    assert distinct_meetings(NORDRE_TRONDELAG_ST_OLAV, ["ASU"]) == 5
    assert distinct_meetings(MORE_OG_ROMSDAL, ["Partnership meeting"]) == 1
    with pytest.raises(ValueError, match="not known"):
        distinct_meetings(MORE_OG_ROMSDAL, ["Strategic committee"])


def test_three_bodies_that_meet_together_meet_once() -> None:
    three = Community(
        "c", tuple(Body(name, "k", 1, 4) for name in "abc"), (Joint(("a", "b", "c"), 2),)
    )
    assert distinct_meetings(three, "abc") == 8
    assert distinct_meetings(three, "ab") == 6


def test_the_communities_are_as_their_source_tells() -> None:
    bodies = {body.name: body for body in MORE_OG_ROMSDAL.bodies}
    assert bodies["Professional committees"].number == 12
    other = {body.name: body for body in NORDRE_TRONDELAG_ST_OLAV.bodies}
    assert (other["Local committees"].number, other["Professional councils"].number) == (4, 5)
    assert NORDRE_TRONDELAG_ST_OLAV.unclear
    for community in COMMUNITIES.values():
        assert msgspec.json.decode(msgspec.json.encode(community), type=Community) == community


def test_levels_without_users_or_gps_are_told() -> None:
    bodies = (
        Body("a", "k", 1, taking_part=(Taking.USERS, Taking.GPS)),
        Body("b", "k", 2, taking_part=(Taking.USERS,)),
        Body("c", "k", 2, taking_part=(Taking.HEALTH_TRUST,)),
    )
    assert without(bodies) == [(2, Taking.GPS)]
    assert faults(Community("c", bodies)) == ((BodyFault.MISSING, "2 gps"),)


def test_joint_meetings_that_can_not_be_are_told() -> None:
    bodies = (Body("a", "k", 1, 1, taking_part=(Taking.USERS, Taking.GPS)),)
    found = faults(Community("c", bodies, (Joint(("a", "x"), 2),)))
    assert found == ((BodyFault.UNKNOWN, "x"), (BodyFault.MORE_JOINT_THAN_MEETINGS, "a"))
    with pytest.raises(ValueError, match="two bodies"):
        Joint(("a", "a"), 1)
    with pytest.raises(ValueError, match="at least one"):
        Body("a", "k", 1, -1)


def test_v_act_free_text_is_no_status_and_is_kept_and_asked_about() -> None:
    assert status_in("adopted June 2023") is None
    assert status_in("In  progress") is Status.IN_PROGRESS
    found = read(OBSERVER)
    assert (found.status, found.status_text) == (None, OBSERVER.status_text)
    assert Finding(Problem.ASK_STATUS, "1.1", OBSERVER.status_text) in problems(PLAN)
    assert read(replace(OBSERVER, status_text="I drift")).status is Status.IN_OPERATION
    assert read(JOINT_PLAN).status is Status.DONE  # what somebody has said stands


def test_v_act_an_item_without_priority_that_is_done_ahead() -> None:
    assert JOINT_PLAN.priority is None
    assert JOINT_PLAN.done_ahead
    assert Finding(Problem.NO_PRIORITY, "2.3") in problems(PLAN)
    assert not NEEDS.done_ahead
    assert not replace(JOINT_PLAN, done_on=date(2024, 1, 1)).done_ahead
    assert not replace(JOINT_PLAN, status=Status.IN_PROGRESS).done_ahead


def test_v_act_one_item_depends_on_another_that_is_not_finished() -> None:
    assert blocked(PLAN) == {"2.4": ("1.1",)}
    done = replace(OBSERVER, status=Status.IN_OPERATION)
    assert blocked(ActionPlan("p", (done, JOINT_PLAN, NEEDS))) == {}
    assert blocked(ActionPlan("p", (NEEDS,))) == {"2.4": ("1.1",)}


def test_v_act_sub_targets_and_the_reference_that_leads_nowhere() -> None:
    assert len(OBSERVER.sub_targets) == 3
    assert OBSERVER.references == ("2.2",)
    dangling = [each for each in problems(PLAN) if each.problem is Problem.DANGLING]
    assert dangling == [Finding(Problem.DANGLING, "1.1", "2.2")]


def test_v_act_one_role_answers_for_all_three() -> None:
    assert by_responsible(PLAN) == {ROLE: [OBSERVER, JOINT_PLAN, NEEDS]}


def test_v_act_twelve_plans_of_committees_become_one() -> None:
    own = [ActionItem(f"{n}.1", f"Own item of committee {n}", priority=2) for n in range(3, 15)]
    plans = [ActionPlan(f"Committee {n}", (NEEDS, item)) for n, item in enumerate(own, 1)]
    found = merged("Joint plan", plans)
    assert len(plans) == 12
    assert len(found.plan.items) == 13
    assert found.differing == ()
    assert found.plan.items[0].origins == tuple(f"Committee {n}" for n in range(1, 13))


def test_items_of_one_number_that_say_different_things_all_stay() -> None:
    other = replace(NEEDS, goal="something else")
    found = merged("p", [ActionPlan("a", (NEEDS,)), ActionPlan("b", (other,))])
    assert len(found.plan.items) == 2
    assert found.differing == ("2.4",)
    assert Finding(Problem.SAME_NUMBER, "2.4", NEEDS.title) in problems(found.plan)


def test_v_act_a_row_that_is_marked_in_every_year_says_nothing() -> None:
    every_year = tuple(Mark(year, marked=True) for year in range(2023, 2027))
    item = ActionItem("0.1.1", "Cooperate", priority=1, responsible=ROLE, years=every_year)
    assert problems(ActionPlan("p", (item,))) == (Finding(Problem.SAYS_NOTHING, "0.1.1"),)
    some = replace(item, years=(*every_year[:3], Mark(2026, marked=False)))
    assert problems(ActionPlan("p", (some,))) == ()


def test_items_that_wait_for_each_other_are_found() -> None:
    items = tuple(
        ActionItem(no, no, priority=1, responsible=ROLE, depends_on=(on,))
        for no, on in (("1", "2"), ("2", "3"), ("3", "1"), ("4", "1"))
    )
    found = {each.no for each in problems(ActionPlan("p", items)) if each.problem is Problem.CIRCLE}
    assert found == {"1", "2", "3"}


def test_what_is_late_stands_oldest_first_and_what_is_finished_is_not_late() -> None:
    late = overdue(PLAN, date(2024, 7, 1))
    assert [item.no for item in late] == ["1.1", "2.4"]
    assert overdue(PLAN, date(2023, 12, 31)) == []


def test_plans_are_laid_side_by_side_for_their_revision() -> None:
    others = ActionPlan("b", (OBSERVER, replace(NEEDS, goal="later", status=Status.IN_PROGRESS)))
    rows = {row.no: row for row in alignment({"a": PLAN, "b": others})}
    assert rows["1.1"].is_aligned
    assert not rows["2.3"].is_aligned
    assert rows["2.3"].statuses == {"a": Status.DONE, "b": ""}
    assert not rows["2.4"].is_aligned
    assert rows["2.4"].statuses["b"] is Status.IN_PROGRESS


def test_a_plan_is_stored_and_read_as_it_was() -> None:
    assert msgspec.json.decode(msgspec.json.encode(PLAN), type=ActionPlan) == PLAN
    with pytest.raises(ValueError, match="priority"):
        replace(OBSERVER, priority=5)
    with pytest.raises(ValueError, match="number"):
        ActionItem(" ", "t")


_items = st.builds(
    ActionItem,
    no=st.sampled_from(["1", "2", "3", "4"]),
    title=st.sampled_from(["a", "b (see 1.9)"]),
    status=st.sampled_from([None, *Status]),
    depends_on=st.lists(st.sampled_from(["1", "2", "3", "9"]), max_size=3).map(tuple),
)
_plans = st.lists(_items, max_size=6).map(lambda items: ActionPlan("p", tuple(items)))


@given(st.lists(_plans, max_size=4))
def test_merging_loses_no_item_and_merging_again_changes_nothing(plans: list[ActionPlan]) -> None:
    once = merged("all", plans).plan
    kept = {replace(item, origins=()) for item in once.items}
    assert kept == {item for plan in plans for item in plan.items}
    assert merged("all", [once]).plan == once


@given(_plans)
def test_an_item_is_blocked_by_exactly_what_is_not_finished(plan: ActionPlan) -> None:
    finished = {item.no for item in plan.items if item.status in FINISHED}
    for waits in blocked(plan).values():
        assert waits
        assert finished.isdisjoint(waits)
    assert all(each.no in {item.no for item in plan.items} for each in problems(plan))
