"""Gates, training, tests, rehearsals, risks, packages and the Gantt chart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.leadership.rollout import fixtures
from fellesjournal.leadership.rollout.gantt import MarkKind, rows, span
from fellesjournal.leadership.rollout.packages import (
    Holder,
    LocalProject,
    LocalRole,
    Phase,
    from_template,
    overdue,
    progress,
)
from fellesjournal.leadership.rollout.readiness import (
    Check,
    Criterion,
    State,
    Threshold,
    Waiver,
    due,
    gates_of,
    judged,
)
from fellesjournal.leadership.rollout.risks import (
    Risk,
    Stakeholder,
    Weight,
    matrix,
    ranked,
    without_measure,
)
from fellesjournal.leadership.rollout.training import (
    RoleCourse,
    Shift,
    SuperUsers,
    Training,
    coverage,
    expiring,
    super_users,
)
from fellesjournal.leadership.rollout.trials import (
    CaseRun,
    Defect,
    MessageTrial,
    Rehearsal,
    RehearsalFinding,
    Result,
    Severity,
    Step,
    gate_blockers,
    messages_passed,
    open_defects,
)

GO_LIVE = date(2022, 11, 12)
CRITERIA = fixtures.readiness_data().criteria
BY_ID = {each.id: each for each in CRITERIA}
WAIVER = Waiver(
    "printers come a week later", "paper for a week", "Anne", datetime(2022, 10, 1, tzinfo=UTC)
)


def perfect(gate: int) -> list[Check]:
    """A green check of every criterion."""
    found = []
    for criterion in CRITERIA:
        if asked := criterion.at(gate):
            number = asked.at_most if asked.at_least is None else asked.at_least
            found.append(
                Check(criterion.id, gate, number, asked.stage, "minutes of the meeting", "Per")
            )
    return found


# --- gates


def test_v_rdy_the_gates_of_roros() -> None:
    assert [due(GO_LIVE, gate) for gate in (90, 60, 30)] == [
        date(2022, 8, 14),
        date(2022, 9, 13),
        date(2022, 10, 13),
    ]
    assert [gate.due for gate in gates_of(GO_LIVE, CRITERIA, ())] == [
        date(2022, 8, 14),
        date(2022, 9, 13),
        date(2022, 10, 13),
    ]


def test_a_gate_passes_when_every_criterion_is_green() -> None:
    for gate in gates_of(GO_LIVE, CRITERIA, [*perfect(90), *perfect(60), *perfect(30)]):
        assert gate.passes
        assert gate.open == gate.fallen == ()


@pytest.mark.parametrize("criterion", [each.id for each in CRITERIA if each.at(30)])
def test_one_criterion_that_is_not_shown_keeps_the_gate_shut(criterion: str) -> None:
    checks = [each for each in perfect(30) if each.criterion != criterion]
    gate = gates_of(GO_LIVE, CRITERIA, checks)[2]
    assert not gate.passes
    assert [(cell.criterion.id, cell.state) for cell in gate.open] == [(criterion, State.NOT_SHOWN)]


@pytest.mark.parametrize(
    ("criterion", "gate", "value", "state"),
    [
        ("end-users-trained", 90, "10", State.GREEN),
        ("end-users-trained", 90, "9.99", State.RED),
        ("end-users-trained", 60, "50", State.GREEN),
        ("end-users-trained", 30, "89.9", State.RED),
        ("accounts-tried", 90, "0", State.GREEN),
        ("accounts-tried", 30, "99.9", State.RED),
        ("devices-accepted", 60, "70", State.GREEN),
        ("integrations-passed", 60, "69", State.RED),
        ("message-tests", 30, "100", State.GREEN),
        ("migration-rehearsals", 90, "0", State.NOT_ASKED),
        ("migration-rehearsals", 30, "1", State.RED),
        ("rehearsal-blockers", 60, "4", State.NOT_ASKED),
        ("rehearsal-blockers", 30, "0", State.GREEN),
        ("rehearsal-blockers", 30, "1", State.RED),
    ],
)
def test_thresholds_of_numbers(criterion: str, gate: int, value: str, state: State) -> None:
    check = Check(criterion, gate, Decimal(value), evidence="list of 1 October", owner="Per")
    assert judged(BY_ID[criterion], gate, check) is state


@pytest.mark.parametrize(
    ("criterion", "gate", "stage", "state"),
    [
        ("super-users", 90, "named", State.GREEN),
        ("super-users", 60, "named", State.RED),
        ("super-users", 60, "rostered", State.GREEN),
        ("integrations-passed", 90, "listed", State.GREEN),
        ("integrations-passed", 60, "listed", State.RED),
        ("downtime-drill", 60, "drafted", State.RED),
        ("rollback-plan", 30, "done", State.GREEN),
        ("rollback-plan", 30, "forgotten", State.RED),
        ("resident-information", 90, "", State.NOT_SHOWN),
    ],
)
def test_thresholds_of_stages(criterion: str, gate: int, stage: str, state: State) -> None:
    check = Check(criterion, gate, stage=stage, evidence="plan 3", owner="Per")
    assert judged(BY_ID[criterion], gate, check) is state


def test_green_needs_evidence() -> None:
    bare = Check("end-users-trained", 30, Decimal(95))
    assert judged(BY_ID["end-users-trained"], 30, bare) is State.NO_EVIDENCE
    gate = gates_of(GO_LIVE, CRITERIA, [*perfect(30), bare])[2]
    assert not gate.passes


def test_a_signed_waiver_with_a_risk_lets_the_gate_pass_without_making_it_green() -> None:
    red = Check("devices-accepted", 30, Decimal(80), evidence="list", waiver=WAIVER)
    gate = gates_of(GO_LIVE, CRITERIA, [*perfect(30), red])[2]
    assert gate.passes
    assert [cell.state for cell in gate.cells if cell.check is red] == [State.WAIVED]


@pytest.mark.parametrize("field", ["reason", "risk", "signed_by"])
def test_a_waiver_without_reason_risk_or_name_is_none(field: str) -> None:
    with pytest.raises(ValueError, match="a waiver needs"):
        replace(WAIVER, **{field: "  "})  # type: ignore[arg-type] # fields by name


def test_a_criterion_that_is_not_mandatory_shuts_no_gate() -> None:
    soft = replace(BY_ID["devices-accepted"], mandatory=False)
    assert gates_of(GO_LIVE, (soft,), ())[2].passes
    assert not gates_of(GO_LIVE, (BY_ID["devices-accepted"],), ())[2].passes


def test_a_criterion_that_falls_between_gates_is_flagged_even_when_it_is_green() -> None:
    checks = [
        Check("end-users-trained", 90, Decimal(80), evidence="x"),
        Check("end-users-trained", 60, Decimal(60), evidence="x"),
        Check("super-users", 90, stage="rostered", evidence="x"),
        Check("super-users", 60, stage="trained", evidence="x"),
        Check("accounts-tried", 90, Decimal(10), evidence="x"),
        Check("accounts-tried", 60, Decimal(60), evidence="x"),
        Check("message-tests", 90, Decimal(10), evidence="x"),
        Check("message-tests", 60, stage="listed", evidence="x"),
    ]
    gate = gates_of(GO_LIVE, CRITERIA, checks)[1]
    assert [(cell.criterion.id, cell.state) for cell in gate.fallen] == [
        ("end-users-trained", State.GREEN),
        ("super-users", State.GREEN),
        ("message-tests", State.RED),
    ]


def test_more_open_blockers_than_before_is_a_fall() -> None:
    blockers = BY_ID["rehearsal-blockers"]
    checks = [
        Check(blockers.id, 60, Decimal(1), evidence="x"),
        Check(blockers.id, 30, Decimal(2), evidence="x"),
    ]
    assert [cell.criterion for cell in gates_of(GO_LIVE, CRITERIA, checks)[2].fallen] == [blockers]


def test_an_unknown_criterion_and_an_unknown_stage_are_refused() -> None:
    with pytest.raises(ValueError, match="no criterion is called luck"):
        gates_of(GO_LIVE, CRITERIA, [Check("luck", 30, Decimal(1))])
    with pytest.raises(ValueError, match="none of its stages"):
        Criterion("x", (Threshold(30, "ready"),), stages=("named",))


# --- training


NURSE = (RoleCourse("nurse", "basic"), RoleCourse("nurse", "medicines"))


def trained(person: str, *courses: str, expires: date | None = None) -> list[Training]:
    return [Training(person, "nurse", each, date(2022, 9, 1), expires) for each in courses]


def test_only_people_with_shifts_after_go_live_are_counted_and_the_absent_are_listed() -> None:
    shifts = [
        Shift("kari", "nurse", "ward", date(2022, 11, 14)),
        Shift("ola", "nurse", "ward", date(2022, 11, 12)),
        Shift("eva", "nurse", "ward", date(2022, 11, 11)),
    ]
    passed = [*trained("kari", "basic", "medicines"), *trained("eva", "basic", "medicines")]
    found = coverage(GO_LIVE, ["kari", "ola", "eva", "per"], shifts, NURSE, passed)
    assert (found.trained, found.rostered, found.share.value) == (1, 2, Fraction(1, 2))
    assert found.absent == ("eva", "per")
    (gap,) = found.gaps
    assert (gap.person, gap.courses, gap.first_shift) == (
        "ola",
        ("basic", "medicines"),
        date(2022, 11, 12),
    )


def test_a_course_that_has_expired_by_the_first_shift_does_not_count() -> None:
    shifts = [Shift("kari", "nurse", "ward", date(2022, 11, 14))]
    for expires, count in ((date(2022, 11, 14), 0), (date(2022, 11, 15), 1)):
        passed = [*trained("kari", "basic"), *trained("kari", "medicines", expires=expires)]
        assert coverage(GO_LIVE, [], shifts, NURSE, passed).trained == count


def test_a_course_of_another_role_or_of_tomorrow_does_not_count() -> None:
    shifts = [Shift("kari", "nurse", "ward", date(2022, 11, 14))]
    other = [replace(each, role="doctor") for each in trained("kari", "basic", "medicines")]
    assert coverage(GO_LIVE, [], shifts, NURSE, other).trained == 0
    passed = trained("kari", "basic", "medicines")
    assert coverage(GO_LIVE, [], shifts, NURSE, passed, today=date(2022, 8, 31)).trained == 0


def test_whoever_works_in_two_roles_needs_the_courses_of_both() -> None:
    shifts = [
        Shift("kari", "nurse", "ward", date(2022, 11, 14)),
        Shift("kari", "leader", "ward", date(2022, 11, 15)),
    ]
    courses = (*NURSE, RoleCourse("leader", "rosters"))
    found = coverage(GO_LIVE, [], shifts, courses, trained("kari", "basic", "medicines"))
    assert (found.trained, found.rostered) == (0, 1)
    assert [(gap.role, gap.courses) for gap in found.gaps] == [("leader", ("rosters",))]


def test_nobody_on_shift_is_no_percentage() -> None:
    assert coverage(GO_LIVE, ["kari"], [], NURSE, []).share.value is None


def test_what_no_longer_holds_when_go_live_moves() -> None:
    course = Training("kari", "nurse", "basic", date(2022, 9, 1), date(2023, 1, 1))
    assert expiring([course], GO_LIVE, date(2023, 5, 12)) == (course,)
    assert expiring([course], GO_LIVE, date(2022, 12, 1)) == ()


def test_super_users_count_when_a_trained_one_is_on_every_shift() -> None:
    shifts = [
        Shift("kari", "nurse", "ward", GO_LIVE, "day"),
        Shift("ola", "nurse", "ward", GO_LIVE, "night"),
        Shift("ola", "nurse", "home", GO_LIVE, "day"),
        Shift("per", "nurse", "clinic", GO_LIVE, "day"),
    ]
    named = [("kari", "ward"), ("ola", "home")]
    until = date(2022, 11, 26)
    found = super_users(GO_LIVE, shifts, named, ["kari"], until=until)
    assert found == {
        "ward": SuperUsers.TRAINED,
        "home": SuperUsers.NAMED,
        "clinic": SuperUsers.NONE,
    }
    both = super_users(GO_LIVE, shifts, [*named, ("ola", "ward")], ["kari", "ola"], until=until)
    assert both["ward"] is SuperUsers.ROSTERED


# --- tests and rehearsals


def run(result: Result, day: int, defect: str = "", retest_of: str = "") -> CaseRun:
    return CaseRun(
        "print a list",
        "2022.4",
        "nurse",
        result,
        date(2022, 9, day),
        Defect(defect, Severity.BLOCKER) if defect else None,
        retest_of,
    )


def test_a_blocker_without_a_passed_retest_blocks_the_last_gate_whatever_is_waived() -> None:
    runs = [run(Result.FAILED, 1, "D1"), run(Result.PASSED, 2)]
    checks = [replace(each, waiver=WAIVER) for each in [*perfect(90), *perfect(60), *perfect(30)]]
    gates = gates_of(GO_LIVE, CRITERIA, checks, gate_blockers(runs))
    assert [gate.passes for gate in gates] == [True, True, False]
    assert gates[2].blockers == ("D1",)
    mended = [*runs, run(Result.PASSED, 3, retest_of="D1")]
    assert all(g.passes for g in gates_of(GO_LIVE, CRITERIA, checks, gate_blockers(mended)))


def test_a_defect_that_comes_back_after_its_retest_is_open_again() -> None:
    runs = [
        run(Result.FAILED, 5, "D1"),
        run(Result.FAILED, 1, "D1"),
        run(Result.PASSED, 3, retest_of="D1"),
    ]
    assert [each.id for each in open_defects(runs)] == ["D1"]


def test_a_retest_that_failed_closes_nothing_and_minor_defects_block_nothing() -> None:
    runs = [run(Result.FAILED, 1, "D1"), run(Result.FAILED, 2, retest_of="D1")]
    assert gate_blockers(runs) == ("D1",)
    minor = replace(runs[0], defect=Defect("D2", Severity.MINOR))
    assert gate_blockers([minor]) == ()
    with pytest.raises(ValueError, match="has not passed"):
        run(Result.PASSED, 1, "D1")


def test_a_message_is_tested_when_the_receiver_confirms_the_content_not_when_it_is_sent() -> None:
    routes = [("discharge", "gp"), ("referral", "hospital")]
    sent = MessageTrial("discharge", "gp", sent=True)
    assert messages_passed([sent], routes).value == 0
    read = replace(sent, content_confirmed_by="secretary of the GP")
    assert messages_passed([read, read], routes).value == Fraction(1, 2)
    assert messages_passed([], []).value is None


def test_a_rehearsal_passes_when_it_is_played_and_no_blocker_is_open() -> None:
    played = Rehearsal("home care", date(2022, 10, 20), (Step("morning list", "carer", 10, 14),))
    assert played.passes
    blocked = replace(
        played, findings=(RehearsalFinding("no list on the phone", Severity.BLOCKER, "Per"),)
    )
    assert not blocked.passes
    closed = replace(blocked, findings=(replace(blocked.findings[0], closed=True),))
    assert closed.passes
    assert not replace(played, steps=(Step("evening list", "carer", 10),)).passes
    assert not replace(played, steps=()).passes


# --- risks, packages, Gantt


def test_risks_are_ranked_by_what_is_left_of_them() -> None:
    heavy = Risk("a", "no printers", Weight(5, 5), "order now", residual=Weight(1, 5))
    light = Risk("b", "few super-users", Weight(3, 3))
    closed = Risk("c", "gone", Weight(5, 5), closed=True)
    assert [each.id for each in ranked([heavy, light, closed])] == ["b", "a"]
    counts = matrix([heavy, light, closed])
    assert (len(counts), sum(counts.values()), counts[3, 3], counts[1, 5]) == (25, 2, 1, 1)


@pytest.mark.parametrize(("probability", "consequence"), [(0, 3), (6, 3), (3, 0), (3, 6)])
def test_a_risk_outside_the_scale_is_refused(probability: int, consequence: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 5"):
        Weight(probability, consequence)


def test_a_residual_risk_is_not_larger_and_not_smaller_without_a_reason() -> None:
    with pytest.raises(ValueError, match="not more"):
        Risk("a", "x", Weight(2, 2), "y", residual=Weight(3, 2))
    with pytest.raises(ValueError, match="nothing makes"):
        Risk("a", "x", Weight(2, 2), residual=Weight(1, 2))


def test_influential_people_for_whom_nothing_is_planned_are_listed() -> None:
    people = [
        Stakeholder("union", 5, 4),
        Stakeholder("council", 3, 5),
        Stakeholder("press", 2, 2),
        Stakeholder("GPs", 5, 5, measure="meeting every month"),
    ]
    assert [each.name for each in without_measure(people)] == ["council", "union"]


def test_the_phases_of_roros_and_their_packages() -> None:
    phases = fixtures.package_data().phases
    assert [(each.phase, len(each.packages)) for each in phases] == [
        (Phase.PRE_PROJECT, 7),
        (Phase.PREPARE, 3),
        (Phase.TEST_AND_TRAIN, 7),
        (Phase.AFTER, 3),
    ]
    starts = [each.days(GO_LIVE)[0] for each in phases]
    assert [(day.year, day.month) for day in starts] == [
        (2021, 5),
        (2021, 11),
        (2022, 3),
        (2022, 11),
    ]
    packages = from_template("5025", phases)
    assert len(packages) == 20
    done = (replace(packages[0], done=date(2021, 6, 1)), *packages[1:])
    assert progress(done)[Phase.PRE_PROJECT].value == Fraction(1, 7)
    late = overdue(done, phases, GO_LIVE, date(2022, 3, 1))
    assert [each.phase for each in late] == [Phase.PRE_PROJECT] * 6


def test_a_local_project_needs_its_roles_and_union_and_ict_in_the_steering_group() -> None:
    everyone = tuple(Holder(role, "x") for role in LocalRole if role != LocalRole.CHIEF_PHYSICIAN)
    project = LocalProject("5025", everyone, (LocalRole.ICT_LEADER,))
    assert project.missing_roles() == ()
    assert project.missing_in_steering() == (LocalRole.UNION_REPRESENTATIVE,)
    assert replace(project, gps_affected=True).missing_roles() == (LocalRole.CHIEF_PHYSICIAN,)


def test_the_gantt_chart_has_every_wave_and_plan_in_order_with_deadlines_and_gates() -> None:
    programme = fixtures.published_programme()
    found = rows(programme, fixtures.package_data().phases, date(2022, 8, 16))
    waves = [row.label for row in found if not row.actor]
    assert waves == ["PD1", "PD2", "PD3", "SW1", "SW2", "SW3"]
    (roros,) = [row for row in found if row.label == "Røros"]
    assert roros.wave == "PD3"
    assert [bar.what for bar in roros.bars] == [phase.value for phase in Phase]
    marks = {(mark.kind, mark.what): mark for mark in roros.marks}
    assert marks[MarkKind.DEADLINE, "R1"].missed
    assert marks[MarkKind.GATE, "90"].day == date(2022, 8, 14)
    assert marks[MarkKind.GO_LIVE, ""].day == GO_LIVE
    first, after = span(found)
    for row in found:
        assert all(first <= bar.start < bar.end <= after for bar in row.bars)
        assert all(first <= mark.day < after for mark in row.marks)
    with pytest.raises(ValueError, match="nothing to draw"):
        span(())


@given(
    st.lists(
        st.tuples(st.sampled_from([each.id for each in CRITERIA]), st.decimals(0, 100, places=1)),
        max_size=20,
    )
)
def test_a_gate_with_anything_open_does_not_pass(shown: list[tuple[str, Decimal]]) -> None:
    checks = [Check(name, 30, value, evidence="x") for name, value in shown]
    gate = gates_of(GO_LIVE, CRITERIA, checks)[2]
    assert gate.passes == (not gate.open)
    assert len(gate.cells) == len(CRITERIA)
