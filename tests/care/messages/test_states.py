"""The state of a delivery follows from the evidence, whatever its order (INV-1, 8, 15)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.care.messages.states import (
    ARRIVED,
    DEADLINES,
    FAILED,
    STRENGTH,
    Route,
    State,
    has_arrived,
    is_open,
    patience,
    state_of,
)

EVIDENCE = sorted(STRENGTH)


@given(st.lists(st.sampled_from(EVIDENCE)), st.randoms())
def test_the_order_and_the_number_of_receipts_make_no_difference(
    evidence: list[State], chance: object
) -> None:
    shuffled = [*evidence, *evidence]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a Random
    assert state_of(shuffled) == state_of(evidence)


@given(st.lists(st.sampled_from(EVIDENCE)))
def test_the_state_is_always_one_there_is_evidence_of(evidence: list[State]) -> None:
    assert state_of(evidence) in {State.QUEUED, *evidence}


@given(st.lists(st.sampled_from(EVIDENCE)), st.sampled_from(Route))
def test_a_refusal_is_never_outweighed_by_a_receipt(evidence: list[State], route: Route) -> None:
    refused = state_of([*evidence, State.REJECTED])
    assert refused in FAILED
    assert not has_arrived(route, refused)


def test_without_evidence_nothing_is_sent_or_received() -> None:
    assert state_of([]) is State.QUEUED
    assert not any(has_arrived(route, State.QUEUED) for route in Route)
    assert not any(has_arrived(route, State.HANDED_OVER) for route in Route)
    assert not any(has_arrived(route, State.TRANSPORT_ACKED) for route in Route)


def test_each_route_ends_in_some_state_and_waits_a_limited_time() -> None:
    for route in Route:
        assert ARRIVED[route]
        assert not ARRIVED[route] & FAILED
        assert patience(route, urgent=True) <= patience(route, urgent=False) == DEADLINES[route][1]


def test_a_letter_in_helsami_has_not_arrived_before_it_is_opened() -> None:
    assert is_open(Route.HELSAMI, State.DELIVERED)
    assert has_arrived(Route.HELSAMI, State.OPENED)
