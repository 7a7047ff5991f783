"""The guide: what others can take over as their platform is, and nothing that was not carried out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.leadership.pathways.claims import Claim, Confounders, Design, Evidence
from fellesjournal.leadership.pathways.gaps import Gap, GapKind
from fellesjournal.leadership.pathways.guide import guide, template_of
from fellesjournal.leadership.pathways.measures import Effect, Measure, Status
from fellesjournal.leadership.pathways.pathway import (
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
)
from fellesjournal.leadership.pathways.phases import Guard, Learnt, Project
from fellesjournal.leadership.pathways.resources import (
    ClaimMade,
    Improvement,
    with_what_is_drawn,
)

LANES = (
    Lane("Ward", Level.HOSPITAL),
    Lane("Home care", Level.MUNICIPALITY),
    Lane("App", Level.PATIENT),
)
STEPS = (
    PathwayStep("Ward", "tell"), PathwayStep("Home care", "visit"),
    PathwayStep("App", "see", requires_platform=True),
)  # fmt: skip


def drawn() -> Pathway:
    tell, visit, see = (each.key for each in STEPS)
    return Pathway(
        "p", Group.FRAIL_ELDERLY, "1", Kind.TO_BE, Scope.COMMON, LANES, STEPS,
        (Handover(tell, visit, receipt=True), Handover(tell, see), Handover(see, visit)),
        pain_points=(PainPoint(tell, Pain.FRICTION, 2, "x"),),
        variants=(LocalVariant(tell, "x"),),
    )  # fmt: skip


def measure(title: str, status: Status, *, within: bool = True) -> Measure:
    gaps = tuple(Gap(step.key, GapKind.MISSING) for step in STEPS)
    return Measure(title, gaps, within, (Effect("municipality A", Decimal(10)),), "A", status)


def test_what_needs_the_platform_stays_behind_with_all_that_leads_to_it() -> None:
    template = template_of(drawn())
    assert [step.purpose for step in template.steps] == ["tell", "visit"]
    assert [lane.name for lane in template.lanes] == ["Ward", "Home care"]
    assert [(each.start, each.end) for each in template.handovers] == [
        ("Ward / tell", "Home care / visit")
    ]
    assert (template.pain_points, template.variants) == ((), ())
    assert faults(template) == ()


@given(st.sets(st.integers(0, 2)))
def test_a_template_points_to_nothing_that_is_not_in_it(needing: set[int]) -> None:
    steps = tuple(replace(step, requires_platform=n in needing) for n, step in enumerate(STEPS))
    template = template_of(replace(drawn(), steps=steps))
    named = {key for each in template.handovers for key in (each.start, each.end)}
    assert named <= template.keys
    assert {step.lane for step in template.steps} == {lane.name for lane in template.lanes}


def test_only_what_was_carried_out_is_a_work_package() -> None:
    measures = (
        measure("done", Status.DONE), measure("started", Status.STARTED),
        measure("given up", Status.STOPPED), measure("handed over", Status.EXPORTED, within=False),
        measure("proposed", Status.PROPOSED),
    )  # fmt: skip
    found = guide(Improvement(Project("p"), measures), drawn())
    assert [each.title for each in found.packages] == ["done"]
    assert found.packages[0].steps == ("Ward / tell", "Home care / visit")
    assert [each.purpose for each in found.left_out] == ["see"]


def test_only_what_became_better_is_told_to_others() -> None:
    evidence = Evidence("LE1", Design.BEFORE_AFTER, True, Confounders("x"))  # noqa: FBT003 - it improved
    made = ClaimMade("better", Claim.OBSERVED, evidence, "", datetime(2026, 1, 1, tzinfo=UTC))
    worse = replace(made, text="worse", evidence=replace(evidence, improved=False))
    found = guide(Improvement(Project("p"), claims=(made, worse)), drawn())
    assert [each.text for each in found.claims] == ["better"]


def test_what_was_learnt_answers_what_the_third_phase_asks_for() -> None:
    learnt = Learnt(date(2026, 1, 1), "A", "read at night", "agree who")
    assert with_what_is_drawn(Project("p"), {}, ()).there == ()
    [there] = with_what_is_drawn(Project("p", learnt=(learnt,)), {}, ()).there
    assert (there.guard, there.document) == (Guard.LEARNING_LOG, "read at night")
