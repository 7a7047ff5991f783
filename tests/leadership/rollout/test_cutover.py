"""The cut-over: order, decisions to go, the point of no return."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from fellesjournal.leadership.rollout.cutover import (
    Cutover,
    Task,
    TaskKind,
    TaskState,
    Verdict,
    decided,
    moved,
    turned_back,
)
from fellesjournal.leadership.rollout.fixtures import cutover_data

NOW = datetime(2022, 11, 11, 12, tzinfo=UTC)
PLAN = Cutover(
    7,
    (
        Task("close", -12),
        Task("decide", -2, TaskKind.DECISION),
        Task("no-return", -1, TaskKind.ROLLBACK),
        Task("live", 0),
    ),
)


def done(plan: Cutover, *tasks: str) -> Cutover:
    for each in tasks:
        plan = moved(plan, each, owner="Per", state=TaskState.DONE, note="", now=NOW)
    return plan


def go(plan: Cutover, why: str = "") -> Cutover:
    return decided(plan, "decide", Verdict.GO, by="Practitioner/1", reason=why, now=NOW)


def test_the_template_is_in_its_order_and_decides_before_it_can_not_turn_back() -> None:
    given = cutover_data()
    plan = Cutover(given.start_hour, given.tasks)
    hours = [each.hour for each in plan.tasks]
    assert hours == sorted(hours)
    kinds = [each.kind for each in plan.tasks]
    no_return = kinds.index(TaskKind.ROLLBACK)
    assert TaskKind.DECISION in kinds[:no_return]
    assert TaskKind.DECISION not in kinds[no_return:]
    assert plan.task("go-live").hour == 0


def test_hours_pass_as_they_do_also_in_a_night_with_a_changed_clock() -> None:
    assert PLAN.due(PLAN.task("live"), date(2022, 11, 12)) == datetime(2022, 11, 12, 6, tzinfo=UTC)
    # on 30 October 2022 the clock went back: twelve hours before 07:00 it was 20:00, not 19:00
    closing = PLAN.due(PLAN.task("close"), date(2022, 10, 30))
    assert closing == datetime(2022, 10, 29, 18, tzinfo=UTC)


def test_nothing_after_a_decision_begins_before_it_is_made() -> None:
    plan = done(PLAN, "close")
    for task in ("no-return", "live"):
        with pytest.raises(ValueError, match="a decision to go stands before it"):
            done(plan, task)
    assert done(go(plan), "no-return", "live").is_past_return


def test_to_go_with_something_open_says_why_and_what_it_was() -> None:
    with pytest.raises(ValueError, match="say why"):
        go(PLAN)
    (made,) = go(PLAN, "the rest is done by seven").decisions
    assert made.open == ("close",)
    assert go(done(PLAN, "close")).decisions[0].open == ()


def test_a_no_go_stops_everything_until_it_is_decided_to_go() -> None:
    plan = decided(PLAN, "decide", Verdict.NO_GO, by="x", reason="no balance", now=NOW)
    assert plan.stopped is not None
    with pytest.raises(ValueError, match="was stopped"):
        done(plan, "close")
    assert go(plan, "mended").stopped is None


def test_one_turns_back_before_the_point_of_no_return_and_never_after() -> None:
    gone = go(done(PLAN, "close"))
    back = turned_back(gone, by="x", reason="printers", now=NOW)
    assert back.task("close").state is TaskState.DONE  # it was done
    assert back.task("decide").state is TaskState.WAITING
    with pytest.raises(ValueError, match="was stopped"):
        done(back, "no-return")
    past = done(gone, "no-return")
    with pytest.raises(ValueError, match="point of no return is behind"):
        turned_back(past, by="x", reason="printers", now=NOW)
    with pytest.raises(ValueError, match="point of no return is behind"):
        go(past, "again")


def test_a_task_has_an_owner_when_it_begins_and_is_late_when_its_hour_has_passed() -> None:
    with pytest.raises(ValueError, match="who does it"):
        moved(PLAN, "close", owner=" ", state=TaskState.UNDER_WAY, note="", now=NOW)
    late = datetime(2022, 11, 12, tzinfo=UTC)
    assert PLAN.is_late(PLAN.task("close"), date(2022, 11, 12), late)
    plan = done(PLAN, "close")
    assert not plan.is_late(plan.task("close"), date(2022, 11, 12), late)


def test_what_can_not_be_is_refused() -> None:
    with pytest.raises(LookupError):
        done(PLAN, "nothing")
    with pytest.raises(ValueError, match="a decision is made"):
        done(PLAN, "decide")
    with pytest.raises(ValueError, match="nothing to decide"):
        decided(PLAN, "close", Verdict.GO, by="x", reason="x", now=NOW)
    with pytest.raises(ValueError, match="stands twice"):
        replace(PLAN, tasks=(PLAN.tasks[0], PLAN.tasks[0]))
