"""INV-15 and INV-8: messages about a referral, in every order and more than once."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fellesjournal.care.referrals import codes
from fellesjournal.care.referrals.actions import (
    Kind,
    Message,
    accept_referral,
    end_wait,
    receive_referral,
)
from fellesjournal.care.referrals.queries import worklist
from fellesjournal.care.referrals.resources import Content
from fellesjournal.care.referrals.states import State
from tests.care.referrals.world import (
    CARE_BY,
    KNEE,
    MONDAY,
    ORTHO,
    World,
    read,
    seen,
    stands,
    tasks,
)
from tests.staff import SYSTEM, put

WORSE = Content(what="Assessment of the knee, worse", diagnosis="Knee pain", urgency="urgent")
WORST = Content(what="Assessment at once", diagnosis="Locked knee", urgency="asap")


def message(key: str, kind: Kind, minutes: int, content: Content | None, **more: Any) -> Message:
    """A message about one referral, written so many minutes after the Monday began."""
    return Message(
        kind=kind, key=key, sent=MONDAY + timedelta(minutes=minutes), patient="Patient/kari",
        service=ORTHO, office="Organization/office", sender="Organization/outside",
        author="Outside Doctor", content=content, **more,
    )  # fmt: skip


def all_of(key: str) -> dict[str, Message]:
    """Everything one sender writes about one referral."""
    return {
        "new": message(key, Kind.NEW, 0, KNEE),
        "change": message(key, Kind.CHANGE, 5, WORSE),
        "second change": message(key, Kind.CHANGE, 9, WORST),
        "cancel": message(key, Kind.CANCEL, 12, None, reason="Moved abroad"),
    }


def state_after(order: list[str]) -> dict[str, Any]:
    """What stands when messages have arrived in this order."""
    known = all_of(str(uuid4()))
    found = [receive_referral(SYSTEM, known[name]) for name in order]
    assert len(set(found)) == 1
    case = stands(found[0])
    referral, work = case.referral, case.work
    assert [t["status"] for t in tasks(codes.REFERRAL_TASK, focus=referral.reference)] == [
        read("Task", work.id)["status"]
    ]
    return {
        "state": referral.state,
        "status": case.request["status"],
        "content": referral.content,
        "reason": referral.reason,
        "days": (referral.received, referral.assess_by),
        "work": (work.state, work.deadline, work.urgency, work.owner, work.changed, work.is_open),
    }


SETS = [
    ["new", "change"],
    ["new", "cancel"],
    ["change", "cancel"],
    ["new", "change", "cancel"],
    ["new", "change", "second change"],
    ["new", "change", "second change", "cancel"],
]


@pytest.fixture(autouse=True)
def outside(world: World) -> World:
    """The office, and a referring office on another system."""
    put("Organization", "outside", name="Outside office")
    return world


@pytest.mark.parametrize("names", SETS, ids=", ".join)
def test_inv_15_every_order_of_arrival_gives_the_same_final_state(names: list[str]) -> None:
    expected = state_after(names)
    for order in permutations(names):
        assert state_after(list(order)) == expected, order


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_inv_15_repeats_and_reorderings_of_the_network_change_nothing(data: st.DataObject) -> None:
    names = data.draw(st.sampled_from(SETS))
    more = data.draw(st.lists(st.sampled_from(names), max_size=4))
    order = data.draw(st.permutations(names + more))
    assert state_after(list(order)) == state_after(names)


def test_a_cancellation_that_comes_first_is_on_no_list_and_stays_cancelled(world: World) -> None:
    known = all_of(str(uuid4()))
    sent = receive_referral(SYSTEM, known["cancel"])
    assert receive_referral(SYSTEM, known["new"]) == sent
    case = stands(sent)
    assert (case.referral.state, case.referral.content) == (State.CANCELLED, KNEE)
    assert worklist(world.doctor).rows == ()


def test_what_was_received_is_assessed_like_any_other(world: World) -> None:
    sent = receive_referral(SYSTEM, all_of(str(uuid4()))["new"])
    world.again()
    (row,) = worklist(world.doctor).to_assess
    assert row.referral is not None
    assert row.referral.requester_name == "Outside Doctor"
    assert row.referral.referring_unit_name == "Outside office"
    accept_referral(world.doctor, referral_id=sent, seen=seen(sent), outcome="2", care_by=CARE_BY,
                    urgency="routine")  # fmt: skip
    assert stands(sent).referral.state is State.WAITING


def test_what_has_ended_is_not_ended_again_by_a_late_cancellation(world: World) -> None:
    known = all_of(str(uuid4()))
    sent = receive_referral(SYSTEM, known["new"])
    world.again()
    accept_referral(world.doctor, referral_id=sent, seen=seen(sent), outcome="2", care_by=CARE_BY,
                    urgency="routine")  # fmt: skip
    world.again()
    end_wait(world.doctor, referral_id=sent, seen=seen(sent), code="1")
    receive_referral(SYSTEM, known["cancel"])
    assert stands(sent).referral.state is State.ENDED
