"""Pathways, their gaps and variation, measures, phases: the rules of the management specification."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.leadership.pathways.assumptions import ASSUMPTIONS
from fellesjournal.leadership.pathways.conformance import Done, conformance
from fellesjournal.leadership.pathways.gaps import Gap, GapKind, compared, likeness, variation
from fellesjournal.leadership.pathways.measures import (
    WORKSTREAMS,
    Effect,
    Measure,
    Status,
    by_actor,
    exported,
    finished,
    parts,
    started,
    stopped,
)
from fellesjournal.leadership.pathways.pathway import (
    Fault,
    Group,
    Handover,
    Kind,
    Lane,
    Level,
    LocalVariant,
    Pain,
    PainPoint,
    Pathway,
    PathwayStep,
    Scope,
    faults,
    reusable,
)
from fellesjournal.leadership.pathways.phases import (
    Guard,
    Heard,
    Phase,
    Project,
    Start,
    There,
    lacking,
    moved_on,
)
from fellesjournal.leadership.pathways.refusals import Refused, Why

HOME = Lane("Home care", Level.MUNICIPALITY)
WARD = Lane("Ward", Level.HOSPITAL)


def refused(why: Why) -> pytest.RaisesExc[Refused]:
    return pytest.raises(Refused, check=lambda error: error.why is why)


def pathway(purposes: Iterable[str], kind: Kind = Kind.AS_IS) -> Pathway:
    """Steps of one lane, one for each letter."""
    steps = tuple(PathwayStep("Home care", purpose) for purpose in purposes)
    return Pathway("p", Group.FRAIL_ELDERLY, "1", kind, Scope.COMMON, (HOME,), steps)


def keys(purposes: str) -> set[str]:
    return {f"Home care / {purpose}" for purpose in purposes}


def test_v_gap_steps_to_add_and_to_drop() -> None:
    found = compared(pathway("abc"), pathway("abde", Kind.TO_BE))
    assert found.add == keys("de")
    assert found.drop == keys("c")
    assert found.likeness == Fraction(2, 5)
    assert [(gap.step[-1], gap.kind) for gap in found.gaps] == [
        ("d", GapKind.MISSING), ("e", GapKind.MISSING), ("c", GapKind.EXTRA),
    ]  # fmt: skip


def test_v_gap_variation_between_municipalities() -> None:
    of_three = [pathway(steps) for steps in (sorted("abc"), ["a", "b", "d"], sorted("abcd"))]
    pairs = [likeness(a.keys, b.keys) for a, b in ((of_three[0], of_three[1]),
             (of_three[0], of_three[2]), (of_three[1], of_three[2]))]  # fmt: skip
    assert pairs == [Fraction(1, 2), Fraction(3, 4), Fraction(3, 4)]
    assert variation(of_three).value == Fraction(1, 3)
    assert variation(of_three[:1]).value is None


def test_what_both_do_is_compared_by_when_how_and_with_what() -> None:
    now = pathway("a")
    step = replace(
        now.steps[0], limit_hours=24, trigger="discharge", channel="message", documents=("plan",)
    )
    later = replace(now, kind=Kind.TO_BE, steps=(step,))
    key = "Home care / a"
    assert compared(now, later).gaps == (
        Gap(key, GapKind.TIMING, ("limit_hours", "trigger")),
        Gap(key, GapKind.CHANNEL, ("channel",)),
        Gap(key, GapKind.DIFFERENT, ("documents",)),
    )
    assert compared(now, now).gaps == ()
    assert likeness((), ()) == 1


def test_one_purpose_in_two_lanes_is_two_steps() -> None:
    one = pathway("a")
    other = replace(one, lanes=(WARD,), steps=(PathwayStep("Ward", "a"),))
    assert compared(one, other).likeness == 0


def _two_levels(receipt: bool) -> Pathway:  # noqa: FBT001 - what the test is about
    steps = (PathwayStep("Ward", "discharge"), PathwayStep("Home care", "first visit"))
    handover = Handover(steps[0].key, steps[1].key, "report", 2, receipt)
    return replace(pathway(""), lanes=(WARD, HOME), steps=steps, handovers=(handover,))


def test_a_message_between_levels_of_which_nobody_hears_is_found() -> None:
    assert [fault for fault, _ in faults(_two_levels(receipt=False))] == [Fault.NO_RECEIPT]
    assert faults(_two_levels(receipt=True)) == ()


def test_all_faults_of_a_pathway_are_told_at_once() -> None:
    wrong = replace(
        pathway("ab"),
        lanes=(Lane("Elsewhere", Level.UNKNOWN),),
        handovers=(
            Handover("Home care / a", "Home care / b"), Handover("Home care / b", "Home care / a"),
        ),
        pain_points=(PainPoint("Home care / x", Pain.FRICTION, 3, "interview"),),
        variants=(LocalVariant("Home care / a", "small place"),),
    )  # fmt: skip
    assert [fault for fault, _ in faults(wrong)] == [
        Fault.UNKNOWN_LANE, Fault.UNKNOWN_LANE, Fault.UNKNOWN_LEVEL, Fault.UNKNOWN_STEP,
        Fault.UNAPPROVED_VARIANT, Fault.CIRCLE, Fault.CIRCLE,
    ]  # fmt: skip
    assert [fault for fault, _ in faults(replace(pathway(""), lanes=()))] == [Fault.NO_STEPS]


def test_what_is_no_pathway_is_refused() -> None:
    with pytest.raises(ValueError, match="one purpose"):
        pathway("aa")
    with pytest.raises(ValueError, match="of an organisation"):
        replace(pathway("a"), scope=Scope.ACTOR)
    with pytest.raises(ValueError, match="one name"):
        replace(pathway("a"), lanes=(HOME, HOME))
    with pytest.raises(ValueError, match="lane and a purpose"):
        PathwayStep(" ", "a")
    with pytest.raises(ValueError, match="severity"):
        PainPoint("a", Pain.FRICTION, 6, "")
    with pytest.raises(KeyError):
        pathway("a").step("x")


def test_others_take_over_what_their_platform_can_do() -> None:
    common = pathway("ab")
    needs = replace(common.steps[1], requires_platform=True)
    assert reusable(replace(common, steps=(common.steps[0], needs))) == common.steps[:1]


GAP = Gap("Home care / a", GapKind.MISSING)


def measure(title: str = "m", *, within: bool = True, **amounts: int) -> Measure:
    effects = tuple(Effect(actor, Decimal(amount)) for actor, amount in amounts.items())
    return Measure(title, (GAP,), within, effects, "Molde")


def test_a_measure_that_needs_the_platform_is_handed_to_the_queue_and_not_carried_out() -> None:
    needs = measure(within=False)
    with refused(Why.NEEDS_PLATFORM):
        started(needs)
    after, handed = exported(needs)
    assert after.status is Status.EXPORTED
    assert (handed.title, handed.steps, handed.workstream) == ("m", ("Home care / a",), "Molde")
    with refused(Why.STATE):
        exported(after)
    with refused(Why.STATE):
        exported(measure())


def test_measures_start_one_by_one_and_end_once() -> None:
    begun = started(measure())
    assert finished(begun).status is Status.DONE
    assert started(stopped(begun)).status is Status.STARTED
    for act in (started, stopped, finished):
        with refused(Why.STATE):
            act(finished(begun))


def test_what_measures_give_each_organisation_may_be_a_loss() -> None:
    found = by_actor([
        measure("a", molde=100_000, hospital=-40_000),
        measure("b", molde=-150_000),
        stopped(started(measure("c", molde=999_999))),
        exported(measure("d", within=False, molde=999_999))[0],
    ])  # fmt: skip
    assert found == {"molde": -50_000, "hospital": -40_000}
    with pytest.raises(ValueError, match="told once"):
        replace(measure(), effects=(Effect("a", Decimal(1)), Effect("a", Decimal(2))))
    with pytest.raises(ValueError, match="closes a gap"):
        replace(measure(), gaps=())


def test_what_two_workstreams_share_is_done_once() -> None:
    found = parts(WORKSTREAMS)
    assert len(found) == 5  # three municipalities, two hospitals
    assert found[-1] == ("hospital Molde and Kristiansund", ("Molde", "Kristiansund"))


PARTS = [part for part, _ in parts(WORKSTREAMS)]
COMPLETE = Project(
    "Frail elderly",
    group=Group.FRAIL_ELDERLY,
    there=(
        *(There(guard, "doc") for guard in Guard),
        *(There(Guard.AS_IS, "doc", each.name) for each in WORKSTREAMS),
        *(There(Guard.LOCAL_PLAN, "doc", part) for part in PARTS),
    ),
    heard=tuple(Heard(phase, "User council", "We want one number to call") for phase in Phase),
    starts=(Start("Molde", date(2025, 4, 1)),),
)


def test_a_project_goes_through_all_phases_and_ends() -> None:
    found = COMPLETE
    for phase in list(Phase)[1:]:
        found = moved_on(found)
        assert found.phase is phase
    found = moved_on(found)
    assert found.ended
    with refused(Why.STATE):
        moved_on(found)


def test_users_are_heard_in_every_phase() -> None:
    for phase in Phase:
        heard = tuple(each for each in COMPLETE.heard if each.phase is not phase)
        found = replace(COMPLETE, phase=phase, heard=heard)
        assert lacking(found) == ((Guard.USERS_HEARD, ""),)
        with refused(Why.GUARD):
            moved_on(found)


def test_nothing_is_there_at_first_and_everything_is_told() -> None:
    assert [guard for guard, _ in lacking(Project("p"))] == [
        Guard.PLAN, Guard.STAKEHOLDERS, Guard.BENEFIT_GOALS, Guard.BASELINE, Guard.GROUP,
        Guard.USERS_HEARD,
    ]  # fmt: skip


def test_each_workstream_is_mapped_and_each_place_has_a_plan() -> None:
    found = lacking(replace(COMPLETE, phase=Phase.MEASURES, there=()))
    assert [of for guard, of in found if guard is Guard.AS_IS] == [
        "Ålesund",
        "Molde",
        "Kristiansund",
    ]
    assert [of for guard, of in found if guard is Guard.LOCAL_PLAN] == PARTS


def test_a_municipality_has_started_before_summer() -> None:
    for starts in ((), (Start("Molde", date(2025, 6, 21)),)):
        found = replace(COMPLETE, phase=Phase.INTRODUCTION, starts=starts)
        assert lacking(found) == ((Guard.STARTED, "2025-06-21"),)


@pytest.mark.parametrize("phase", list(Phase))
def test_no_phase_is_left_without_any_one_of_its_guards(phase: Phase) -> None:
    at = replace(COMPLETE, phase=phase)
    assert lacking(at) == ()
    nothing = replace(at, there=tuple(replace(each, document=" ") for each in at.there))
    needed = set(lacking(nothing))
    assert needed
    for each in COMPLETE.there:
        fewer = replace(at, there=tuple(other for other in at.there if other != each))
        own = (each.guard, each.of)
        assert lacking(fewer) == ((own,) if own in needed else ())


def test_the_way_of_one_patient_is_held_against_the_pathway() -> None:
    two = _two_levels(receipt=True)
    discharge, visit = (step.key for step in two.steps)
    at = datetime(2026, 1, 1, 12, tzinfo=UTC)
    in_time = conformance(two, [Done(discharge, at), Done(visit, at + timedelta(hours=2))])
    assert (in_time.left_out, in_time.late, in_time.out_of_order) == ((), (), ())
    assert in_time.share_done.value == 1
    late = conformance(two, [Done(discharge, at), Done(visit, at + timedelta(hours=2, seconds=1))])
    assert late.late == ((discharge, visit),)
    turned = conformance(two, [Done(visit, at), Done(discharge, at + timedelta(hours=1))])
    assert turned.out_of_order == ((discharge, visit),)
    other = conformance(two, [Done("Ward / call", at)])
    assert other.outside == ("Ward / call",)
    assert other.share_done.value == 0


def test_entities_are_stored_and_read_as_they_were() -> None:
    assert msgspec.json.decode(msgspec.json.encode(COMPLETE), type=Project) == COMPLETE
    assert msgspec.json.decode(msgspec.json.encode(measure(molde=1)), type=Measure) == measure(
        molde=1
    )
    two = _two_levels(receipt=True)
    assert msgspec.json.decode(msgspec.json.encode(two), type=Pathway) == two


def test_every_assumption_has_a_reason_and_a_key_of_its_own() -> None:
    assert len({each.key for each in ASSUMPTIONS}) == len(ASSUMPTIONS)
    assert all(each.reason and each.title for each in ASSUMPTIONS)


_letters = st.text("abcdef", max_size=6).map(lambda text: "".join(sorted(set(text))))


@given(_letters, _letters)
def test_dropping_and_adding_leads_from_one_to_the_other(one: str, other: str) -> None:
    found = compared(pathway(one), pathway(other))
    assert (pathway(one).keys - found.drop) | found.add == pathway(other).keys
    back = compared(pathway(other), pathway(one))
    assert (back.add, back.drop, back.likeness) == (found.drop, found.add, found.likeness)
    assert 0 <= found.likeness <= 1


@given(st.lists(_letters, min_size=2, max_size=5))
def test_variation_does_not_depend_on_the_order_and_lies_between_none_and_all(
    several: list[str],
) -> None:
    found = variation([pathway(each) for each in several]).value
    assert found is not None
    assert 0 <= found <= 1
    assert found == variation([pathway(each) for each in reversed(several)]).value
