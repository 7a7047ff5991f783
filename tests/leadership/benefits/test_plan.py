"""Plans of benefits: how far they have come, what holds them, and where their goals come from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.leadership.benefits.attainment import (
    Ambition,
    Baseline,
    Milestone,
    NotComparable,
    Now,
    Verdict,
    attained,
    attainment,
    planned_share,
)
from fellesjournal.leadership.benefits.goals import (
    ALL_GOALS,
    GOALS,
    HEADLINES,
    SAME_GOAL,
    counterparts,
)
from fellesjournal.leadership.benefits.maturity import Maturity, Reached, Rung
from fellesjournal.leadership.benefits.plan import (
    Benefit,
    BenefitType,
    Measure,
    Phase,
    Plan,
    PlanLine,
    Realisation,
    before_approval,
    before_leaving,
    may_go_to,
)
from fellesjournal.leadership.figures.intervals import Interval

START, END, DAY = date(2022, 1, 1), date(2022, 7, 1), date(2023, 7, 1)


def _baseline(value: int) -> Baseline:
    return Baseline(
        "LE1", "h", "u", START, END, Fraction(value), Fraction(100), Fraction(value), "record",
        datetime(2022, 7, 2, tzinfo=UTC), "Practitioner/k",
    )  # fmt: skip


def _ambition(target: int, *steps: Milestone, tolerance: int = 0) -> Ambition:
    return Ambition("LE1", "u", Fraction(target), DAY, steps, tolerance=Fraction(tolerance))


def _now(value: int, low: float, high: float, definition: str = "h") -> Now:
    return Now(definition, Fraction(value), Interval(low, high))


@pytest.mark.parametrize(
    ("baseline", "target", "now", "share"),
    [(70, 90, 84, "0.7"), (30, 10, 16, "0.7"), (70, 90, 65, "-0.25"), (70, 90, 95, "1.25")],
)
def test_v_att_the_share_of_the_way(baseline: int, target: int, now: int, share: str) -> None:
    assert attained(Fraction(now), Fraction(baseline), Fraction(target)) == Fraction(share)


def test_v_att_worse_is_said_and_more_than_wanted_is_not_clipped() -> None:
    worse = attainment(_now(65, 60, 69), _baseline(70), _ambition(90), DAY)
    assert worse.verdict is Verdict.WORSE
    more = attainment(_now(95, 92, 98), _baseline(70), _ambition(90), DAY)
    assert (more.share, more.verdict) == (Fraction(5, 4), Verdict.REACHED)


def test_green_needs_the_low_end_of_the_interval() -> None:
    base, wanted = _baseline(70), _ambition(90)
    assert attainment(_now(91, 88, 94), base, wanted, DAY).verdict is Verdict.UNCERTAIN
    assert attainment(_now(84, 80, 88), base, wanted, DAY).verdict is Verdict.BEHIND
    assert attainment(_now(84, 80, 91), base, wanted, DAY).verdict is Verdict.UNCERTAIN
    fewer = attainment(_now(9, 8, 10), _baseline(30), _ambition(10), DAY)
    assert (fewer.verdict, fewer.interval) == (Verdict.REACHED, Interval(1.0, 1.1))


def test_what_is_to_be_kept_is_kept_within_the_tolerance() -> None:
    wanted = _ambition(70, tolerance=2)
    for value, verdict in (
        (68, Verdict.MAINTAINED),
        (67, Verdict.NOT_MAINTAINED),
        (99, Verdict.MAINTAINED),
    ):
        assert attainment(_now(value, 0, 99), _baseline(70), wanted, DAY).verdict is verdict
    down = attainment(_now(73, 0, 99), _baseline(70), wanted, DAY, up_is_better=False)
    assert down.verdict is Verdict.NOT_MAINTAINED
    with pytest.raises(ValueError, match="kept"):
        attained(Fraction(1), Fraction(2), Fraction(2))


def test_another_definition_is_not_compared() -> None:
    with pytest.raises(NotComparable):
        attainment(_now(84, 80, 88, "other"), _baseline(70), _ambition(90), DAY)


def test_the_plan_goes_straight_between_its_steps() -> None:
    base = _baseline(70)
    assert planned_share(base, _ambition(90), END) == 0
    assert planned_share(base, _ambition(90), DAY + timedelta(days=400)) == 1
    step = Milestone(END + timedelta(days=100), Fraction(85))
    assert planned_share(base, _ambition(90, step), step.day) == Fraction(3, 4)
    assert planned_share(base, _ambition(90, step), END + timedelta(days=50)) == Fraction(3, 8)


@given(st.integers(0, 365), st.integers(0, 365))
def test_a_rising_plan_never_falls(first: int, second: int) -> None:
    early, late = sorted((first, second))
    base, wanted = _baseline(70), _ambition(90)
    assert planned_share(base, wanted, END + timedelta(days=early)) <= planned_share(
        base, wanted, END + timedelta(days=late)
    )


RAUMA = Plan(
    "Organization/rauma", owner="a", owner_title="kommunedirektør", owner_is_director=True,
    coordinator="b", coordinator_title="økonomirådgiver",
)  # fmt: skip


def test_ownership_needs_two_people_and_a_coordinator_of_the_line() -> None:
    assert before_leaving(RAUMA) == []
    assert may_go_to(RAUMA, Phase.INDICATORS)
    assert not may_go_to(RAUMA, Phase.MEASUREMENT)  # no step is skipped
    faults = {
        "no-owner": replace(RAUMA, owner=""),
        "no-coordinator": replace(RAUMA, coordinator=""),
        "owner-is-coordinator": replace(RAUMA, coordinator="a"),
        "coordinator-leads-implementation": replace(RAUMA, coordinator_leads_implementation=True),
    }
    for code, plan in faults.items():
        assert code in {each.code for each in before_leaving(plan)}
        assert not may_go_to(plan, Phase.INDICATORS)
    warned = replace(RAUMA, owner_is_director=False)
    assert [each.is_warning for each in before_leaving(warned)] == [True]
    assert may_go_to(warned, Phase.INDICATORS)


def test_measuring_needs_all_of_each_line_and_realising_may_go_back() -> None:
    plan = replace(RAUMA, phase=Phase.MEASUREMENT, lines=(PlanLine("LE1", "b1", ""),))
    assert {each.code for each in before_leaving(plan)} == {
        "no-baseline", "no-ambition", "no-line-owner", "no-measure",
    }  # fmt: skip
    line = PlanLine("LE1", "b1", "p", _baseline(70), _ambition(90), ("m",))
    whole = replace(plan, lines=(line,))
    assert may_go_to(whole, Phase.REALISE)
    assert may_go_to(replace(whole, phase=Phase.REALISE), Phase.INDICATORS)
    assert not may_go_to(replace(whole, phase=Phase.REALISE), Phase.OWNERSHIP)
    assert [each.code for each in before_leaving(replace(RAUMA, phase=Phase.INDICATORS))] == [
        "no-indicator-meets-the-criteria"
    ]
    assert before_leaving(replace(RAUMA, phase=Phase.MEASUREMENT))[0].code == "no-lines"


def test_a_benefit_has_owner_indicator_and_measure_and_a_map_goes_in_no_circle() -> None:
    bare = Benefit("b1", "Samhandling", "x", BenefitType.QUALITY, Realisation.NON_PRICED, "", ())
    plan = replace(RAUMA, benefits=(bare,), edges=(("f", "w"), ("w", "b1"), ("b1", "f")))
    found = before_approval(plan)
    assert [each.code for each in found] == [
        "benefit-without-owner", "benefit-without-indicator", "benefit-without-measure",
        "map-goes-in-a-circle",
    ]  # fmt: skip
    mended = replace(bare, owner="p", indicators=("LE1",), measures=(Measure("m", "p"),))
    assert before_approval(replace(plan, benefits=(mended,), edges=plan.edges[:2])) == []


def test_v_goal_eight_goals_of_each_sector_five_alike() -> None:
    municipal, specialist = GOALS["municipal"], GOALS["specialist"]
    assert (len(municipal), len(specialist)) == (8, 8)
    assert len(set(municipal) & set(specialist)) == 5
    mapped = set(municipal) | {theirs for _, theirs in SAME_GOAL}
    assert set(specialist) - mapped == {"Kvalitetsregistre"}
    assert all(ours in municipal for ours, _ in SAME_GOAL)


def test_each_goal_knows_what_the_other_sector_calls_it() -> None:
    assert counterparts("Innbyggerinvolvering") == ("Pasientmedvirkning",)
    assert counterparts("Samhandling og pasientlogistikk") == ("Logistikk", "Samhandling")
    assert counterparts("Forskning") == ("Forskning",)
    assert counterparts("Kvalitetsregistre") == ()
    assert (len(ALL_GOALS), len(HEADLINES)) == (11, 3)


def test_one_person_does_not_fill_both_roles_by_spelling_her_name_otherwise() -> None:
    plan = replace(RAUMA, owner="Kari  Nordmo", coordinator="kari nordmo ")
    assert "owner-is-coordinator" in {each.code for each in before_leaving(plan)}


def test_a_rung_above_a_gap_is_not_the_highest() -> None:
    said = Maturity().having(Reached(Rung.LEADERSHIP, DAY, "a"))
    assert said.highest is Rung.LEADERSHIP
    above = said.having(Reached(Rung.AMBASSADORS, DAY, "b"))
    assert above.highest is Rung.LEADERSHIP
    again = above.having(Reached(Rung.KEY_PEOPLE, DAY, "c"))
    assert again.highest is Rung.AMBASSADORS
    assert Maturity().highest is None
    corrected = again.having(Reached(Rung.LEADERSHIP, DAY, "d"))
    assert [each.evidence for each in corrected.reached] == ["b", "c", "d"]
