"""Drawing by hand: what a change takes with it, and what it can't be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.leadership.pathways.editing import (
    MOST_STEPS,
    Thing,
    approve,
    blank,
    drop,
    elements,
    move,
    put,
)
from fellesjournal.leadership.pathways.pathway import (
    Fault,
    Group,
    Handover,
    Lane,
    Level,
    LocalVariant,
    Pain,
    PainPoint,
    Pathway,
    PathwayStep,
    faults,
)
from fellesjournal.leadership.pathways.refusals import Refused, Why

HOME, WARD = Lane("Home care", Level.MUNICIPALITY), Lane("Ward", Level.HOSPITAL)
ASK, VISIT = PathwayStep("Ward", "ask"), PathwayStep("Home care", "visit")


def refused(why: Why) -> pytest.RaisesExc[Refused]:
    return pytest.raises(Refused, check=lambda error: error.why is why)


@pytest.fixture
def pathway() -> Pathway:
    made = blank("p", Group.FRAIL_ELDERLY)
    for thing, each in (
        (Thing.LANE, HOME), (Thing.LANE, WARD), (Thing.STEP, ASK), (Thing.STEP, VISIT),
        (Thing.HANDOVER, Handover(ASK.key, VISIT.key, "report", 2, receipt=True)),
        (Thing.PAIN, PainPoint(VISIT.key, Pain.FRICTION, 3, "seen")),
        (Thing.VARIANT, LocalVariant(VISIT.key, "by boat")),
    ):  # fmt: skip
        made = put(made, thing, each)
    return made


def test_a_step_that_is_renamed_takes_with_it_what_points_to_it(pathway: Pathway) -> None:
    after = put(pathway, Thing.STEP, replace(VISIT, purpose="first visit"), VISIT)
    assert after.keys == {"Ward / ask", "Home care / first visit"}
    assert after.handovers[0].end == "Home care / first visit"
    assert after.pain_points[0].step == after.variants[0].step == "Home care / first visit"
    assert [fault for fault, _ in faults(after)] == [Fault.UNAPPROVED_VARIANT]


def test_a_lane_that_is_renamed_takes_its_steps_with_it(pathway: Pathway) -> None:
    after = put(pathway, Thing.LANE, Lane("Home nursing", Level.MUNICIPALITY), HOME)
    assert after.steps[1].lane == "Home nursing"
    assert after.handovers[0].end == after.steps[1].key == "Home nursing / visit"
    assert [fault for fault, _ in faults(after)] == [Fault.UNAPPROVED_VARIANT]


def test_a_step_that_is_removed_takes_with_it_what_points_to_it(pathway: Pathway) -> None:
    after = drop(pathway, Thing.STEP, VISIT)
    assert (after.handovers, after.pain_points, after.variants) == ((), (), ())
    assert after.steps == (ASK,)


def test_a_lane_that_steps_stand_in_is_not_removed(pathway: Pathway) -> None:
    with refused(Why.IN_USE):
        drop(pathway, Thing.LANE, HOME)
    bare = drop(drop(pathway, Thing.STEP, VISIT), Thing.LANE, HOME)
    assert bare.lanes == (WARD,)


def test_what_is_gone_is_not_changed(pathway: Pathway) -> None:
    gone = PathwayStep("Ward", "tell")
    acts: tuple[Callable[[], Pathway], ...] = (
        lambda: put(pathway, Thing.STEP, gone, gone), lambda: drop(pathway, Thing.STEP, gone),
        lambda: move(pathway, Thing.STEP, gone, 1),
        lambda: approve(pathway, LocalVariant("Ward / tell", "")),
        lambda: approve(pathway, LocalVariant(VISIT.key, "by car")),
    )  # fmt: skip
    for act in acts:
        with refused(Why.GONE):
            act()


def test_two_that_are_the_same_are_one_too_many(pathway: Pathway) -> None:
    for thing in Thing:
        with pytest.raises(ValueError, match="same"):
            put(pathway, thing, elements(pathway, thing)[0])
    with pytest.raises(ValueError, match="same"):
        put(pathway, Thing.STEP, ASK, VISIT)
    with pytest.raises(ValueError, match="of a step"):
        put(pathway, Thing.VARIANT, LocalVariant("Ward / tell", "x"))


def test_a_variant_is_approved_for_the_reason_that_was_read(pathway: Pathway) -> None:
    after = approve(pathway, pathway.variants[0])
    assert after.variants[0].approved
    assert faults(after) == ()


def test_a_pathway_has_an_end() -> None:
    steps = tuple(PathwayStep("Ward", str(n)) for n in range(MOST_STEPS))
    full = replace(blank("p", Group.FRAIL_ELDERLY), lanes=(WARD,), steps=steps)
    with refused(Why.TOO_MANY):
        put(full, Thing.STEP, PathwayStep("Ward", "one more"))
    assert put(full, Thing.STEP, replace(steps[0], action="x"), steps[0]).steps[0].action == "x"


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(-9, 9)), max_size=8))
def test_moving_changes_the_order_and_nothing_else(moves: list[tuple[int, int]]) -> None:
    steps = tuple(PathwayStep("Ward", str(n)) for n in range(5))
    drawn = replace(blank("p", Group.FRAIL_ELDERLY), lanes=(WARD,), steps=steps)
    for which, by in moves:
        drawn = move(drawn, Thing.STEP, steps[which], by)
        assert sorted(each.purpose for each in drawn.steps) == [str(n) for n in range(5)]
    first = move(drawn, Thing.STEP, drawn.steps[0], -1)
    assert first == drawn
