"""Waves, date rules, the shift rule and what-if: the vectors of the management specification, and laws."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.leadership.figures.times import add_months
from fellesjournal.leadership.rollout import fixtures
from fellesjournal.leadership.rollout.assumptions import ASSUMED
from fellesjournal.leadership.rollout.deadlines import DateRule, Side, months_after
from fellesjournal.leadership.rollout.findings import Code, Finding
from fellesjournal.leadership.rollout.plans import MilestoneType, Plan, of_wave
from fellesjournal.leadership.rollout.programme import (
    NotEligible,
    Programme,
    assigned,
    contradictions,
)
from fellesjournal.leadership.rollout.quarters import Quarter, quarter_of, whole_quarters
from fellesjournal.leadership.rollout.scenarios import Move, Scenario, Slip, consequences
from fellesjournal.leadership.rollout.shifting import shifted
from fellesjournal.leadership.rollout.training import Training
from fellesjournal.leadership.rollout.waves import (
    Actor,
    ActorKind,
    Eligibility,
    UnknownWave,
    Wave,
    WaveKind,
    named,
    problems,
)

PUBLISHED = fixtures.published_programme()
R1, R2, R3 = PUBLISHED.rules
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


def wave(name: str) -> Wave:
    return PUBLISHED.wave(name)


def codes(found: tuple[Finding, ...]) -> list[Code]:
    return [each.code for each in found]


def free(actor: str, before: date, after: date) -> None:
    """A price for those who only look at dates."""


# --- vectors


def test_v_wave_1_a_start_on_31_october_2020_just_meets_r1_for_pd2() -> None:
    assert add_months(date(2020, 10, 31), 19) == date(2022, 5, 31)
    assert R1.earliest_go_live(date(2020, 10, 31)) == wave("PD2").go_live == date(2022, 5, 31)
    assert R1.latest(date(2022, 5, 31)) == date(2020, 10, 31)
    malvik = PUBLISHED.plan("5031")
    assert malvik is not None
    deadline = PUBLISHED.deadlines(malvik)[0]
    assert (deadline.done, deadline.days_late) == (date(2020, 10, 31), 0)
    assert not deadline.is_missed(date(2022, 1, 1))


def test_v_wave_2_a_start_on_31_december_2021_is_a_month_late_for_sw1() -> None:
    assert R1.earliest_go_live(date(2021, 12, 31)) == date(2023, 7, 31)
    plan = Plan("5038", "SW1", project_start=date(2021, 12, 31))
    programme = assigned(PUBLISHED, plan)
    late = [
        each
        for each in contradictions(programme, date(2022, 1, 1))
        if each.subject == "Verdal" and each.code is Code.LATE
    ]
    assert len(late) == 1
    assert (late[0]["rule"], late[0]["months_late"]) == ("R1", 1)
    assert late[0]["due"] == date(2021, 11, 30)  # what was needed
    assert late[0]["earliest"] == date(2023, 7, 31)


def test_v_wave_3_options_are_signed_a_year_before() -> None:
    assert R2.latest(wave("PD2").go_live) == date(2021, 5, 31)
    assert R2.latest(wave("SW1").go_live) == date(2022, 6, 30)


def test_v_wave_4_half_a_year_of_pd3_breaks_the_promise() -> None:
    moved = {each.before.id: each.after for each in shifted(PUBLISHED.waves, {"PD3": 6})}
    assert moved["PD3"].window == Quarter(2023, 2)
    assert moved["SW1"].window == Quarter(2023, 4)
    assert moved["SW2"].window == Quarter(2024, 1)
    assert moved["SW3"].window == Quarter(2024, 2)
    breached = [
        each.subject
        for each in problems(tuple(moved.values()), ASSUMED.promise)
        if each.code is Code.PROMISE_BREACHED
    ]
    assert breached == ["SW2", "SW3"]
    assert Code.PROMISE_BREACHED not in codes(problems(PUBLISHED.waves, ASSUMED.promise))


def test_v_wave_5_roros_went_live_on_a_saturday_and_started_too_late() -> None:
    roros = PUBLISHED.plan("5025")
    assert roros is not None
    assert roros.go_live(wave("PD3")) == date(2022, 11, 12)
    assert date(2022, 11, 12).strftime("%A") == "Saturday"
    due = {each.rule.id: each.due for each in PUBLISHED.deadlines(roros)}
    assert due == {"R1": date(2021, 4, 12), "R3": date(2021, 10, 12), "R2": date(2021, 11, 12)}
    late = [
        each
        for each in contradictions(PUBLISHED, date(2021, 6, 1))
        if each.subject == "Røros" and each.code is Code.LATE
    ]
    assert [(each["rule"], each["done"], each["days"]) for each in late] == [
        ("R1", date(2021, 5, 1), 19)
    ]


def test_the_published_waves_have_the_published_windows() -> None:
    assert [(each.id, str(each.window), each.kind.value) for each in PUBLISHED.waves] == [
        ("PD1", "Q4 2021", "main"),
        ("PD2", "Q2 2022", "main"),
        ("PD3", "Q4 2022", "main"),
        ("SW1", "Q2 2023", "second"),
        ("SW2", "Q3 2023", "second"),
        ("SW3", "Q4 2023", "second"),
    ]
    assert [each.id for each in PUBLISHED.waves if each.assumed] == ["SW2", "SW3"]


# --- names, windows, eligibility


def test_a_wave_is_found_by_its_later_name() -> None:
    assert wave("pd4").id == "SW1"
    assert wave(" P3 ").id == "PD3"
    with pytest.raises(UnknownWave):
        wave("PD9")


def test_an_id_is_stronger_than_an_alias_and_a_shared_alias_is_told() -> None:
    one = Wave("A", Quarter(2022, 1), WaveKind.MAIN, Eligibility(), aliases=("B", "X"))
    two = Wave("B", Quarter(2022, 2), WaveKind.MAIN, Eligibility(), aliases=("X",))
    assert named((one, two), "b") is two
    with pytest.raises(UnknownWave):
        named((one, two), "x")
    assert Code.ALIAS_TWICE in codes(problems((one, two), date(2030, 1, 1)))


def test_a_window_moves_as_a_quarter_and_a_set_date_as_months() -> None:
    june = replace(wave("SW1"), kind=WaveKind.MAIN)
    assert june.go_live == date(2023, 6, 30)
    (moved,) = shifted((june,), {"SW1": 6})
    assert moved.after.go_live == date(2023, 12, 31)
    (dated,) = shifted((replace(june, set_date=date(2023, 6, 30)),), {"SW1": 6})
    assert dated.after.go_live == date(2023, 12, 30)


def test_part_of_a_quarter_late_is_a_quarter_late_and_part_early_is_none() -> None:
    assert [whole_quarters(months) for months in (-4, -3, -1, 0, 1, 3, 4)] == [
        -1,
        -1,
        0,
        0,
        1,
        1,
        2,
    ]


@pytest.mark.parametrize("number", [0, 5])
def test_a_year_has_four_quarters(number: int) -> None:
    with pytest.raises(ValueError, match="no quarter"):
        Quarter(2022, number)


def test_pd1_refuses_every_other_municipality() -> None:
    for actor in PUBLISHED.actors:
        if actor.kind is ActorKind.MUNICIPALITY and actor.name != "Trondheim":
            with pytest.raises(NotEligible) as refused:
                assigned(PUBLISHED, Plan(actor.id, "PD1"))
            assert codes(refused.value.findings) == [Code.NOT_ELIGIBLE]
    assigned(PUBLISHED, Plan("5001", "PD1"))


def test_trondheims_own_gps_follow_the_private_ones() -> None:
    practice = Actor("gp-1", "Trondheim kommunale legesenter", ActorKind.GP_PRACTICE, "50")
    programme = replace(PUBLISHED, actors=(*PUBLISHED.actors, practice))
    with pytest.raises(NotEligible) as refused:
        assigned(programme, Plan("gp-1", "PD1"))
    assert codes(refused.value.findings) == [Code.GP_FOLLOWS_PRIVATE]


def test_pd2_takes_municipalities_of_trondelag_with_an_option_in_time() -> None:
    in_time = Plan("5035", "PD2", option_signed=date(2021, 5, 31))
    assert assigned(PUBLISHED, in_time).plan("5035") == in_time
    for signed, why in (
        (date(2021, 6, 1), Code.OPTION_NOT_IN_TIME),
        (None, Code.OPTION_NOT_KNOWN),
    ):
        with pytest.raises(NotEligible) as refused:
            assigned(PUBLISHED, replace(in_time, option_signed=signed))
        assert codes(refused.value.findings) == [why]
    with pytest.raises(NotEligible) as outside:
        assigned(PUBLISHED, Plan("1506", "PD2", option_signed=date(2020, 1, 1)))
    assert codes(outside.value.findings) == [Code.NOT_ELIGIBLE]


def test_a_programme_has_one_plan_for_each() -> None:
    with pytest.raises(ValueError, match="more than one plan for 5025"):
        replace(PUBLISHED, plans=(*PUBLISHED.plans, Plan("5025", "SW1")))


def test_plans_are_found_under_every_name_of_their_wave() -> None:
    plans = (Plan("a", "PD4"), Plan("b", "sw1"), Plan("c", "PD3"))
    assert [plan.actor for plan in of_wave(plans, wave("SW1"))] == ["a", "b"]


def test_contradictions_of_one_plan_are_all_found() -> None:
    plan = Plan("5038", "PD7", project_start=date(2023, 1, 1))
    programme = replace(PUBLISHED, plans=(plan,))
    assert codes(contradictions(programme, date(2022, 1, 1))) == [Code.UNKNOWN_WAVE]
    plan = replace(plan, wave="SW1", own_date=date(2022, 12, 24))
    found = codes(contradictions(replace(programme, plans=(plan,)), date(2022, 1, 1)))
    assert set(found) == {
        Code.OUTSIDE_WINDOW,
        Code.START_AFTER_GO_LIVE,
        Code.LATE,
        Code.LATE_AND_OPEN,
    }


def test_a_date_that_nobody_wrote_down_before_a_go_live_long_past_is_only_told() -> None:
    found = contradictions(PUBLISHED, date(2026, 1, 1))
    assert {each.code for each in found if each.subject == "Trondheim"} == {Code.NO_DATE}
    assert not [each for each in found if each.subject == "St. Olavs hospital"]


# --- date rules


@given(DAYS, st.integers(0, 40))
def test_no_day_after_the_latest_of_a_rule_reaches_the_go_live(go_live: date, months: int) -> None:
    for side in Side:
        rule = DateRule("R", MilestoneType.PROJECT_START, months, side)
        latest = rule.latest(go_live)
        after = latest + timedelta(days=1)
        if side is Side.START:
            assert add_months(latest, months) <= go_live < add_months(after, months)
        else:
            assert latest == add_months(go_live, -months)
        assert rule.earliest_go_live(latest) <= go_live
        assert rule.earliest_go_live(after) > go_live


@given(DAYS, DAYS)
def test_months_late_are_the_fewest_that_bring_a_day_back_in_time(due: date, done: date) -> None:
    months = months_after(due, done)
    assert add_months(done, -months) <= due
    assert months == 0 or add_months(done, -(months - 1)) > due


# --- the shift rule


@st.composite
def programmes(draw: st.DrawFn) -> tuple[Wave, ...]:
    start = Quarter(2021, 1)
    kinds = [WaveKind.MAIN] * draw(st.integers(1, 4)) + [WaveKind.SECOND] * draw(st.integers(0, 4))
    waves = []
    for at, kind in enumerate(kinds):
        start = start.plus(draw(st.integers(1, 4)))
        day = draw(st.none() | st.integers(0, 89))
        waves.append(
            Wave(
                f"W{at}",
                start,
                kind,
                Eligibility(any_municipality=True),
                set_date=None if day is None else start.first_day + timedelta(days=day),
            )
        )
    return tuple(waves)


@given(programmes(), st.integers(0, 30))
def test_second_waves_move_in_parallel_and_gaps_stay(waves: tuple[Wave, ...], slip: int) -> None:
    last = max((w for w in waves if w.kind is WaveKind.MAIN), key=lambda w: w.go_live)
    moved = shifted(waves, {last.id: slip})
    second = [each for each in moved if each.before.kind is WaveKind.SECOND]
    assert len({each.quarters for each in second}) <= 1
    assert all(each.quarters >= whole_quarters(slip) for each in second)
    assert all(each.after.go_live >= each.before.go_live for each in moved)
    for each in second:
        assert each.follows == (each.quarters > 0)


@given(programmes(), st.integers(-30, 0))
def test_an_early_main_delivery_pulls_nothing_forward(waves: tuple[Wave, ...], early: int) -> None:
    slips = {each.id: early for each in waves if each.kind is WaveKind.MAIN}
    for each in shifted(waves, slips):
        if each.before.kind is WaveKind.SECOND:
            assert each.before == each.after


@given(programmes())
def test_without_a_slip_nothing_moves(waves: tuple[Wave, ...]) -> None:
    assert all(each.before == each.after for each in shifted(waves, {}))


def test_a_slip_of_an_earlier_main_wave_moves_no_second_wave_until_it_is_the_last() -> None:
    moved = {each.before.id: each for each in shifted(PUBLISHED.waves, {"PD2": 3})}
    assert moved["PD2"].after.go_live == date(2022, 8, 31)
    assert moved["SW1"].before == moved["SW1"].after
    moved = {each.before.id: each for each in shifted(PUBLISHED.waves, {"PD2": 12})}
    assert moved["SW1"].quarters == 2  # 31 May 2023 is five months after the end of PD3
    largest = replace(ASSUMED, delay_follows_last_main=False)
    moved = {each.before.id: each for each in shifted(PUBLISHED.waves, {"PD2": 3}, largest)}
    assert moved["SW1"].quarters == 1


def test_a_slip_of_a_wave_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="no wave is called PD9"):
        shifted(PUBLISHED.waves, {"PD9": 1})


def test_a_second_wave_may_slip_by_itself_too() -> None:
    moved = {each.before.id: each for each in shifted(PUBLISHED.waves, {"PD3": 3, "SW2": 3})}
    assert [moved[name].quarters for name in ("SW1", "SW2", "SW3")] == [1, 2, 1]


@given(st.integers(1900, 2100), st.integers(1, 4), st.integers(-50, 50))
def test_quarters_add_and_subtract(year: int, number: int, more: int) -> None:
    first = Quarter(year, number)
    assert first.plus(more).minus(first) == more
    assert quarter_of(first.last_day) == quarter_of(first.first_day) == first
    assert first.plus(1).first_day == first.last_day + timedelta(days=1)


# --- what if


def test_a_slip_of_pd3_redraws_dates_deadlines_gates_money_and_contradictions_at_once() -> None:
    plan = Plan("5035", "SW2", option_signed=date(2022, 1, 1))
    programme = assigned(PUBLISHED, plan)
    course = Training("kari", "nurse", "basic", date(2022, 8, 1), date(2023, 3, 1), actor="5025")
    found = consequences(
        programme,
        Scenario((Slip("P3", 6),)),
        today=date(2022, 3, 1),
        price=lambda actor, before, after: (actor, (after - before).days),
        passed=(course,),
    )
    assert [each.before.id for each in found.moved_waves] == ["PD3", "SW1", "SW2", "SW3"]
    by_name = {each.name: each for each in found.plans}
    assert set(by_name) == {"Helse Møre og Romsdal", "Røros", "Stjørdal"}
    roros = by_name["Røros"]
    assert (roros.before, roros.after, roros.months) == (date(2022, 11, 12), date(2023, 5, 12), 6)
    assert roros.money == ("5025", 181)
    assert roros.expiring == (course,)
    assert [(each.gate, each.after) for each in roros.gates] == [
        (90, date(2023, 2, 11)),
        (60, date(2023, 3, 13)),
        (30, date(2023, 4, 12)),
    ]
    assert {each.after.rule.id: each.after.due for each in roros.deadlines} == {
        "R1": date(2021, 10, 12),
        "R2": date(2022, 5, 12),
        "R3": date(2022, 4, 12),
    }
    assert {(each.code, each.subject) for each in found.new} >= {
        (Code.PROMISE_BREACHED, "SW2"),
        (Code.PROMISE_BREACHED, "SW3"),
        (Code.TRAINING_EXPIRES, "Røros"),
    }
    assert Code.LATE in {each.code for each in found.gone if each.subject == "Røros"}


def test_what_stays_wrong_of_another_day_is_neither_new_nor_gone() -> None:
    slip = Scenario((Slip("P3", 1),))
    found = consequences(PUBLISHED, slip, today=date(2022, 3, 1), price=free)
    staying = {each["rule"]: each for each in found.staying if each.subject == "Røros"}
    assert {rule: each["due"] for rule, each in staying.items()} == {
        "R2": date(2022, 2, 12),  # a wave without a date of its own moves by quarters
        "R3": date(2022, 1, 12),
    }
    assert {each["rule"] for each in found.gone if each.subject == "Røros"} == {"R1"}
    named = [{each.is_of for each in some} for some in (found.new, found.gone, found.staying)]
    assert not named[0] & named[1] | named[0] & named[2] | named[1] & named[2]


def test_deadlines_that_were_told_are_never_earlier_and_signed_agreements_stay_valid() -> None:
    plan = Plan("5035", "PD3", option_signed=date(2021, 12, 31))
    programme = assigned(PUBLISHED, plan)
    earlier = Scenario(moves=(Move("5035", date(2022, 10, 15)),))
    found = consequences(programme, earlier, today=date(2022, 1, 1), price=free)
    (changed,) = found.plans
    assert [each.days for each in changed.deadlines] == [0, 0, 0]
    assert changed.months == -3
    assert not [each for each in found.new if each.code is Code.LATE]
    strict = replace(ASSUMED, deadlines_never_earlier=False)
    found = consequences(programme, earlier, today=date(2022, 1, 1), price=free, assumed=strict)
    assert [each["rule"] for each in found.new if each.code is Code.LATE] == ["R2"]


def test_a_move_into_another_wave_is_checked_for_it() -> None:
    move = Scenario(moves=(Move("5025", date(2023, 6, 1), "PD4"),))
    found = consequences(PUBLISHED, move, today=date(2022, 1, 1), price=free)
    plan = found.after.plan("5025")
    assert plan is not None
    assert (plan.wave, plan.own_date) == ("SW1", date(2023, 6, 1))
    bad = Scenario(moves=(Move("5025", date(2021, 12, 1), "PD1"),))
    found = consequences(PUBLISHED, bad, today=date(2021, 1, 1), price=free)
    assert Code.NOT_ELIGIBLE in codes(found.new)
    with pytest.raises(ValueError, match="no plan of 9999"):
        consequences(
            PUBLISHED,
            Scenario(moves=(Move("9999", date(2023, 1, 1)),)),
            today=date(2022, 1, 1),
            price=free,
        )


@given(
    st.dictionaries(
        st.sampled_from(["PD1", "PD2", "PD3", "SW1", "SW2", "SW3"]), st.integers(-12, 24)
    )
)
def test_whatever_slips_every_plan_keeps_its_wave_and_no_told_deadline_comes_earlier(
    slips: dict[str, int],
) -> None:
    scenario = Scenario(tuple(Slip(name, months) for name, months in slips.items()))
    found = consequences(PUBLISHED, scenario, today=date(2022, 1, 1), price=free)
    assert [plan.wave for plan in found.after.plans] == [plan.wave for plan in PUBLISHED.plans]
    assert all(each.days >= 0 for plan in found.plans for each in plan.deadlines)
    changed = {plan.actor for plan in found.plans}
    for plan in PUBLISHED.plans:
        after = found.after.plan(plan.actor)
        assert after is not None
        same = after.go_live(found.after.wave(after.wave)) == plan.go_live(wave(plan.wave))
        assert same == (plan.actor not in changed)


def test_no_slip_changes_nothing() -> None:
    found = consequences(PUBLISHED, Scenario(), today=date(2022, 1, 1), price=free)
    for each in (found.plans, found.new, found.gone, found.staying, found.moved_waves):
        assert each == ()


# --- stored as documents


@pytest.mark.parametrize(
    ("whole", "shape"),
    [
        (fixtures.wave_data(), fixtures.WaveData),
        (fixtures.region_data(), fixtures.RegionData),
        (fixtures.package_data(), fixtures.PackageData),
        (fixtures.readiness_data(), fixtures.ReadinessData),
        (PUBLISHED, Programme),
        (ASSUMED, type(ASSUMED)),
    ],
)
def test_entities_come_back_from_a_body_as_they_were(whole: object, shape: type[object]) -> None:
    assert msgspec.convert(msgspec.to_builtins(whole), shape, strict=False) == whole
    assert msgspec.json.decode(msgspec.json.encode(whole), type=shape) == whole
