"""The joint decision structure: lowest level, consensus, one level up, never changed once decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.leadership.decisions.cases import (
    FOLLOWS,
    USUAL,
    Act,
    GovernanceCase,
    Implementation,
    Outcome,
    SafetyClass,
    Stance,
    Status,
    Way,
    may_follow,
)
from fellesjournal.leadership.decisions.deciding import (
    acted_first,
    amended,
    decided,
    escalated,
    followed_up,
    positioned,
    proposed,
    superseded,
    withdrawn,
)
from fellesjournal.leadership.decisions.levels import (
    CaseType,
    ForumLevel,
    LevelFault,
    Mandate,
    faults,
)
from fellesjournal.leadership.decisions.refusals import Refused, Why
from tests.leadership.decisions.refusing import refused

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
ALL = frozenset(CaseType)
LEVELS = (
    ForumLevel(
        1, "Professional forum",
        Mandate(frozenset({CaseType.WORKFLOW, CaseType.CLINICAL_CONTENT}), Decimal(100_000)),
    ),
    ForumLevel(2, "Priority council", Mandate(ALL, Decimal(5_000_000))),
    ForumLevel(3, "Steering group", Mandate(ALL), chair="Practitioner/chair"),
)  # fmt: skip
ACTORS = ("Organization/roros", "Organization/st-olav", "Organization/gp")


def case(**other: Any) -> GovernanceCase:
    said: dict[str, Any] = {
        "title": "One template", "kind": CaseType.WORKFLOW, "proposal": "Use one template",
        "affected": ACTORS, "requested_by": ACTORS[0], "now": START,
    }  # fmt: skip
    return proposed(LEVELS, **{**said, **other})


def say(found: GovernanceCase, *stances: Stance, now: datetime = START) -> GovernanceCase:
    for actor, stance in zip(ACTORS, stances, strict=False):
        reason = "" if stance is Stance.AGREE else "It costs us an hour a day"
        found = positioned(
            found,
            actor=actor,
            stance=stance,
            reason=reason,
            by=f"Practitioner/{actor[-3:]}",
            now=now,
        )
    return found


def rise(found: GovernanceCase, to: int, now: datetime = START) -> GovernanceCase:
    return escalated(found, LEVELS, to=to, reason="No consensus", by="Practitioner/sec", now=now)


def decide(
    found: GovernanceCase, by: str = "Practitioner/sec", now: datetime = START
) -> GovernanceCase:
    return decided(found, LEVELS, outcome=Outcome.ADOPTED, text="Adopted", by=by, now=now)


AGREED = (Stance.AGREE,) * 3


def test_v_gov_an_objection_at_the_first_level_leads_to_the_second() -> None:
    found = rise(say(case(), Stance.AGREE, Stance.OBJECT), to=2)
    assert (found.level, found.status) == (2, Status.OPEN)
    assert [(each.from_level, each.to_level) for each in found.escalations] == [(1, 2)]
    assert found.standing_positions == ()  # everybody answers anew
    assert len(found.positions) == 2  # and what was said stays


def test_v_gov_all_agree_and_it_is_decided_at_that_level() -> None:
    found = decide(say(case(), *AGREED))
    assert found.decision is not None
    assert (found.decision.level, found.decision.way) == (1, Way.CONSENSUS)
    with refused(Why.CONSENSUS):
        rise(say(case(), *AGREED), to=2)


def test_v_gov_without_a_mandate_a_case_starts_higher_and_has_no_escalation() -> None:
    for other in ({"kind": CaseType.ECONOMY}, {"cost": Decimal(100_001)}):
        found = case(**other)
        assert (found.level, found.escalations) == (2, ())
    assert case(cost=Decimal(100_000)).level == 1
    assert case(cost=Decimal(5_000_001)).level == 3


def test_v_gov_two_levels_at_once_are_refused() -> None:
    objected = say(case(), Stance.OBJECT)
    for to in (3, 1, 0):
        with refused(Why.ONE_LEVEL):
            rise(objected, to=to)


def test_v_gov_a_decided_case_is_not_edited() -> None:
    found = decide(say(case(), *AGREED))
    acts: list[Callable[[], GovernanceCase]] = [
        lambda: amended(found, "Something else", START),
        lambda: say(found, Stance.OBJECT),
        lambda: decide(found),
        lambda: rise(found, to=2),
        lambda: withdrawn(found),
        lambda: acted_first(found, text="Done", now=START),
    ]
    for act in acts:
        with refused(Why.STATE):
            act()
    assert may_follow(found) == {Act.SUPERSEDE, Act.FOLLOW_UP}


def test_silence_delays_until_the_deadline_and_no_longer() -> None:
    found = say(case(), Stance.AGREE)
    deadline = USUAL.answer_by(found)
    assert deadline == START + timedelta(days=30)
    with refused(Why.NO_QUORUM):
        decide(found, now=deadline - timedelta(seconds=1))
    done = decide(found, now=deadline)
    assert done.decision is not None
    assert done.decision.silent == ACTORS[1:]


def test_what_nobody_answered_for_is_not_decided_below_the_top() -> None:
    late = START + timedelta(days=31)
    with refused(Why.NO_CONSENSUS):
        decide(case(), now=late)
    assert rise(case(), to=2, now=late).level == 2


def test_a_case_does_not_rise_while_answers_are_awaited_and_nobody_objects() -> None:
    with refused(Why.NO_QUORUM):
        rise(say(case(), Stance.AGREE), to=2)


def test_who_stands_aside_does_not_stop_the_others() -> None:
    found = decide(say(case(), Stance.AGREE, Stance.STAND_ASIDE, Stance.AGREE))
    assert found.decision is not None
    assert found.decision.way is Way.CONSENSUS


def test_an_objection_that_is_taken_back_stops_nothing_and_is_still_told() -> None:
    found = say(case(), Stance.AGREE, Stance.OBJECT, Stance.AGREE)
    found = say(found, Stance.AGREE, Stance.AGREE)
    assert found.objections == ()
    assert len(found.positions) == 5
    assert decide(found).status is Status.DECIDED


def test_an_objection_says_why_and_comes_from_somebody_affected() -> None:
    with refused(Why.REASON_MISSING):
        positioned(
            case(),
            actor=ACTORS[0],
            stance=Stance.OBJECT,
            reason=" ",
            by="Practitioner/1",
            now=START,
        )
    with refused(Why.NOT_AFFECTED):
        positioned(
            case(), actor="Organization/other", stance=Stance.AGREE, reason="", by="p", now=START
        )


def _at_the_top(*stances: Stance) -> GovernanceCase:
    found = case()
    for to in (2, 3):
        found = rise(say(found, Stance.OBJECT), to=to)
    return say(found, *stances)


def test_at_the_top_the_chair_decides_and_the_dissent_is_recorded() -> None:
    found = _at_the_top(Stance.AGREE, Stance.AGREE, Stance.OBJECT)
    with refused(Why.NOT_CHAIR):
        decide(found)
    done = decide(found, by="Practitioner/chair")
    assert done.decision is not None
    assert done.decision.way is Way.CHAIR
    assert [each.actor for each in done.decision.dissent] == [ACTORS[2]]
    assert done.decision.dissent[0].reason
    with refused(Why.TOP_LEVEL):
        rise(found, to=4)


def test_at_the_top_too_the_others_are_heard_first() -> None:
    with refused(Why.NO_QUORUM):
        decide(_at_the_top(Stance.AGREE, Stance.OBJECT), by="Practitioner/chair")


def test_a_level_without_a_chair_decides_nothing_against_anybody() -> None:
    nobody = (*LEVELS[:2], replace(LEVELS[2], chair=""))
    found = _at_the_top(Stance.AGREE, Stance.AGREE, Stance.OBJECT)
    with refused(Why.NOT_CHAIR):
        decided(found, nobody, outcome=Outcome.ADOPTED, text="So", by="", now=START)


def test_another_wording_is_answered_anew_with_the_whole_time() -> None:
    later = START + timedelta(days=20)
    found = amended(say(case(), Stance.AGREE, Stance.OBJECT), "Use two templates", later)
    assert (found.wording, found.standing_positions) == (2, ())
    assert USUAL.answer_by(found) == later + timedelta(days=30)
    with refused(Why.NO_QUORUM):
        decide(say(found, Stance.AGREE), now=START + timedelta(days=31))


def test_what_is_urgent_for_safety_is_done_first_and_ratified_afterwards() -> None:
    with refused(Why.NOT_URGENT):
        acted_first(case(safety=SafetyClass.RELEVANT), text="Template closed", now=START)
    with refused(Why.REASON_MISSING):
        acted_first(case(safety=SafetyClass.URGENT), text=" ", now=START)
    found = acted_first(case(safety=SafetyClass.URGENT), text="Template closed", now=START)
    assert found.status is Status.ACTED
    assert USUAL.ratify_by(found) == START + timedelta(days=30)
    with refused(Why.STATE):  # it has been done, and somebody answers for it
        withdrawn(found)
    with refused(Why.NO_QUORUM):
        decide(found)
    assert decide(say(found, *AGREED)).status is Status.DECIDED
    assert USUAL.ratify_by(case()) is None
    assert rise(say(found, Stance.OBJECT), to=2).status is Status.ACTED


def test_a_decision_holds_until_the_one_that_replaces_it_is_made() -> None:
    old = decide(say(case(), *AGREED))
    new = case(supersedes="one-template")
    with refused(Why.NOT_DECIDED):
        superseded(old, "two-templates", new)
    done = superseded(old, "two-templates", decide(say(new, *AGREED)))
    assert (done.status, done.superseded_by) == (Status.SUPERSEDED, "two-templates")
    assert done.decision == old.decision
    assert may_follow(done) == frozenset()
    with refused(Why.STATE):
        superseded(case(), "x", new)


def test_a_decision_is_carried_out_and_seen_to_work() -> None:
    found = decide(say(case(), *AGREED))
    with refused(Why.STATE):
        followed_up(case(), Implementation("Task/1"))
    with refused(Why.EVIDENCE_MISSING):
        followed_up(found, Implementation("Task/1", verified_by="Practitioner/2"))
    found = followed_up(found, Implementation("Task/1"))
    found = followed_up(found, Implementation("Task/1", "2026.2", "Practitioner/2"))
    assert found.implementation == (Implementation("Task/1", "2026.2", "Practitioner/2"),)


def test_a_rise_and_a_decision_say_why() -> None:
    with refused(Why.REASON_MISSING):
        escalated(say(case(), Stance.OBJECT), LEVELS, to=2, reason="", by="p", now=START)
    with refused(Why.REASON_MISSING):
        decided(say(case(), *AGREED), LEVELS, outcome=Outcome.REJECTED, text=" ", by="p", now=START)


def test_a_level_that_lost_its_mandate_passes_the_case_on() -> None:
    dearer = replace(say(case(), *AGREED), cost=Decimal(200_000))
    with refused(Why.NO_MANDATE):
        decide(dearer)
    assert rise(dearer, to=2).level == 2


def test_a_case_that_fits_nowhere_is_refused() -> None:
    with refused(Why.NO_MANDATE):
        proposed(
            LEVELS[:1], title="t", kind=CaseType.ECONOMY, proposal="p", affected=ACTORS,
            requested_by=ACTORS[0], now=START,
        )  # fmt: skip


def test_a_case_that_says_too_little_is_refused() -> None:
    for wrong in (
        {"title": " "},
        {"affected": ()},
        {"affected": ("a", "a")},
        {"cost": Decimal(-1)},
    ):
        with pytest.raises(ValueError, match="a case"):
            case(**wrong)
    with pytest.raises(ValueError, match="has a decision"):
        replace(case(), status=Status.DECIDED)


def test_all_faults_of_the_levels_are_told() -> None:
    assert faults(LEVELS) == ()
    wrong = (
        replace(LEVELS[0], order=2),
        replace(LEVELS[1], mandate=Mandate(frozenset({CaseType.WORKFLOW}), Decimal(50_000))),
    )
    assert [fault for fault, _ in faults(wrong)] == [
        LevelFault.ORDER, LevelFault.NARROWS, LevelFault.TOP_IS_LIMITED, LevelFault.NO_CHAIR,
    ]  # fmt: skip
    assert faults(()) == ((LevelFault.NO_LEVELS, ""),)


def test_a_case_is_stored_and_read_as_it_was() -> None:
    found = decide(_at_the_top(Stance.AGREE, Stance.OBJECT, Stance.AGREE), "Practitioner/chair")
    assert msgspec.json.decode(msgspec.json.encode(found), type=GovernanceCase) == found
    assert msgspec.json.decode(msgspec.json.encode(LEVELS), type=tuple[ForumLevel, ...]) == LEVELS


def test_every_state_says_what_may_follow_and_two_are_the_end() -> None:
    assert set(FOLLOWS) == set(Status)
    assert [state for state, acts in FOLLOWS.items() if not acts] == [
        Status.SUPERSEDED, Status.WITHDRAWN,
    ]  # fmt: skip


@given(st.data())
def test_whatever_is_done_in_any_order_no_level_is_skipped_and_no_decision_changes(
    data: st.DataObject,
) -> None:
    found, now, first = case(safety=SafetyClass.URGENT), START, None
    for _ in range(data.draw(st.integers(1, 25))):
        now += timedelta(days=data.draw(st.integers(0, 20)))
        before = found
        try:
            found = _anything(found, now, data)
        except Refused:
            assert found is before
        if first is not None:
            assert found.decision == first
        first = first or found.decision
        assert found.level == 1 + len(found.escalations)
        assert all(each.to_level == each.from_level + 1 for each in found.escalations)
        assert found.positions[: len(before.positions)] == before.positions
    if found.decision is not None and found.decision.way is Way.CONSENSUS:
        assert found.decision.dissent == ()
    if found.decision is not None and found.decision.way is Way.CHAIR:
        assert found.decision.level == len(LEVELS)


def _anything(found: GovernanceCase, now: datetime, data: st.DataObject) -> GovernanceCase:
    what = data.draw(st.sampled_from(sorted(Act)))
    if what is Act.AMEND:
        return amended(found, "Other words", now)
    if what is Act.TAKE_POSITION:
        actor = data.draw(st.sampled_from(ACTORS))
        stance = data.draw(st.sampled_from(sorted(Stance)))
        return positioned(found, actor=actor, stance=stance, reason="so", by="p", now=now)
    if what is Act.ACT_FIRST:
        return acted_first(found, text="Closed", now=now)
    if what is Act.ESCALATE:
        return rise(found, data.draw(st.integers(1, 4)), now)
    if what is Act.DECIDE:
        return decide(found, data.draw(st.sampled_from(["p", "Practitioner/chair"])), now)
    if what is Act.FOLLOW_UP:
        return followed_up(found, Implementation("Task/1"))
    return superseded(found, "x", found) if what is Act.SUPERSEDE else withdrawn(found)
