"""What coordinators and leaders do with benefits: guards of the phases, frozen baselines, refusals."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection as django_connection

from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotAllowed, NotFound, PreconditionFailed
from fellesjournal.leadership.benefits import queries
from fellesjournal.leadership.benefits.actions import doing, listing, measuring, planning
from fellesjournal.leadership.benefits.attainment import Ambition, Milestone
from fellesjournal.leadership.benefits.maturity import Reached, Rung
from fellesjournal.leadership.benefits.plan import (
    Benefit,
    BenefitType,
    Confounder,
    Measure,
    MeasureStatus,
    Phase,
    Plan,
    Realisation,
)
from fellesjournal.leadership.benefits.refusals import Held, Refused, Why
from fellesjournal.leadership.benefits.resources import PLAN
from fellesjournal.leadership.benefits.selection import Criterion, Item, Listed, Score
from fellesjournal.leadership.documents.queries import versions
from fellesjournal.leadership.figures.intervals import Interval
from fellesjournal.leadership.figures.periods import Period
from fellesjournal.leadership.figures.result import Definition, Figure, Status
from tests.staff import employ, put

pytestmark = pytest.mark.django_db

UNIT = "u"
YES, NO = Criterion(is_met=True, reason="it is"), Criterion(is_met=False, reason="it is not")
ALL_MET = Listed(YES, YES, YES)
ROLES = planning.Roles(
    "Kari Nordmo", "kommunedirektør", owner_is_director=True, coordinator="Ola Vik",
    coordinator_title="rådgiver", coordinator_leads_implementation=False,
)  # fmt: skip
BENEFIT = Benefit(
    "b1", "Legemiddelhåndtering", "Medicines on time", BenefitType.QUALITY,
    Realisation.NON_PRICED, "Kari Nordmo", ("LE1",),
)  # fmt: skip
MARCH = Period(date(2026, 3, 1), date(2026, 4, 1))
APRIL = Period(date(2026, 4, 1), date(2026, 5, 1))


@pytest.fixture
def coordinator(db: None) -> Session:
    del db
    return employ("k", "benefits-coordinator", UNIT)


def figure(percent: int = 70, period: Period = MARCH, **more: Any) -> Figure:
    """A share of 100 in a month that is over."""
    said: dict[str, Any] = {
        "definition": Definition("LE1", "1", "hash"), "unit": "Organization/u", "period": period,
        "data_cut": datetime(2026, 6, 1, tzinfo=UTC), "status": Status.FINAL,
        "numerator": Fraction(percent), "denominator": Fraction(100),
        "value": Fraction(percent, 100), "interval": Interval(percent / 100 - 0.05, percent / 100 + 0.05),
    }  # fmt: skip
    return Figure(**{**said, **more})


def _listed(session: Session, indicator: str = "LE1", criteria: Listed = ALL_MET) -> None:
    item = Item(indicator, f"Title of {indicator}", "home care", criteria)
    listing.propose_item(session, item, reason="proposed")


def _plan(session: Session, until: Phase = Phase.MEASUREMENT) -> int:
    """A plan with one line, in a phase up to that of measurement; its version."""
    planning.fill_roles(session, UNIT, ROLES, seen=0, reason="begun")
    if until is Phase.OWNERSHIP:
        return 1
    planning.go_to(session, UNIT, Phase.INDICATORS, seen=1, reason="owned")
    if until is Phase.INDICATORS:
        return 2
    _listed(session)
    planning.pick(session, UNIT, "LE1", seen=2)
    planning.keep_benefit(session, UNIT, BENEFIT, seen=3)
    planning.go_to(session, UNIT, Phase.MEASUREMENT, seen=4, reason="picked")
    return 5


def _ambition(target: Fraction = Fraction(9, 10), *steps: Milestone) -> Ambition:
    return Ambition("LE1", "Organization/u", target, date(2027, 4, 1), steps, "council")


def _whole(session: Session) -> int:
    """A plan that is being realised; its version."""
    seen = _plan(session)
    measuring.freeze(session, UNIT, figure(), seen=seen, reason="before")
    measuring.aim(session, UNIT, _ambition(), seen=seen + 1, reason="agreed")
    measure = Measure("Round at noon", "Ola Vik")
    doing.add_measure(session, UNIT, "LE1", measure, seen=seen + 2)
    planning.go_to(session, UNIT, Phase.REALISE, seen=seen + 3, reason="ready")
    return seen + 4


def _now(session: Session) -> Plan:
    found = queries.plan(session, UNIT)
    assert found is not None
    return found.body


def test_ownership_is_not_left_while_one_person_fills_both_roles(coordinator: Session) -> None:
    both = replace(ROLES, coordinator=" kari  nordmo")
    planning.fill_roles(coordinator, UNIT, both, seen=0, reason="begun")
    with pytest.raises(Held) as held:
        planning.go_to(coordinator, UNIT, Phase.INDICATORS, seen=1, reason="x")
    assert [each.code for each in held.value.findings] == ["owner-is-coordinator"]
    assert _now(coordinator).phase is Phase.OWNERSHIP


def test_a_coordinator_who_leads_the_implementation_holds_the_plan(coordinator: Session) -> None:
    leads = replace(ROLES, coordinator_leads_implementation=True)
    planning.fill_roles(coordinator, UNIT, leads, seen=0, reason="begun")
    with pytest.raises(Held):
        planning.go_to(coordinator, UNIT, Phase.INDICATORS, seen=1, reason="x")


def test_an_owner_who_is_no_director_is_a_warning_and_holds_nothing(coordinator: Session) -> None:
    warned = replace(ROLES, owner_is_director=False)
    planning.fill_roles(coordinator, UNIT, warned, seen=0, reason="begun")
    found = queries.missing(_now(coordinator), [])
    assert [(each.code, each.is_warning) for each in found] == [("owner-is-no-director", True)]
    planning.go_to(coordinator, UNIT, Phase.INDICATORS, seen=1, reason="x")
    assert _now(coordinator).phase is Phase.INDICATORS


def test_ownership_once_established_is_not_given_up(coordinator: Session) -> None:
    seen = _plan(coordinator, Phase.INDICATORS)
    with pytest.raises(Held):
        planning.fill_roles(coordinator, UNIT, replace(ROLES, owner=""), seen=seen, reason="x")
    other = replace(ROLES, owner="Liv Berg")
    planning.fill_roles(coordinator, UNIT, other, seen=seen, reason="a new director")
    assert _now(coordinator).owner == "Liv Berg"


def test_only_what_meets_all_three_criteria_is_picked(coordinator: Session) -> None:
    seen = _plan(coordinator, Phase.INDICATORS)
    _listed(coordinator, "X1", Listed(YES, NO, YES))
    for name in ("X1", "unknown"):
        with pytest.raises(Refused) as refused:
            planning.pick(coordinator, UNIT, name, seen=seen)
        assert refused.value.why is Why.NOT_LISTED
    with pytest.raises(Held):
        planning.go_to(coordinator, UNIT, Phase.MEASUREMENT, seen=seen, reason="x")


def test_an_indicator_that_is_retired_after_it_was_picked_counts_no_longer(
    coordinator: Session,
) -> None:
    seen = _plan(coordinator, Phase.INDICATORS)
    _listed(coordinator)
    planning.pick(coordinator, UNIT, "LE1", seen=seen)
    listing.retire(coordinator, "LE1", is_retired=True, seen=1, reason="measured otherwise now")
    with pytest.raises(Held) as held:
        planning.go_to(coordinator, UNIT, Phase.MEASUREMENT, seen=seen + 1, reason="x")
    assert held.value.findings[0].code == "no-indicator-meets-the-criteria"
    listing.retire(coordinator, "LE1", is_retired=False, seen=2, reason="back")
    planning.go_to(coordinator, UNIT, Phase.MEASUREMENT, seen=seen + 1, reason="x")


def test_measurement_is_not_left_before_each_line_is_whole(coordinator: Session) -> None:
    seen = _plan(coordinator)
    with pytest.raises(Held) as held:
        planning.go_to(coordinator, UNIT, Phase.REALISE, seen=seen, reason="x")
    assert {each.code for each in held.value.findings} == {
        "no-baseline", "no-ambition", "no-measure", "benefit-without-measure",
    }  # fmt: skip


def test_realising_goes_back_to_the_indicators_and_the_baseline_stays(coordinator: Session) -> None:
    seen = _whole(coordinator)
    with pytest.raises(Refused):
        planning.go_to(coordinator, UNIT, Phase.OWNERSHIP, seen=seen, reason="x")
    planning.go_to(coordinator, UNIT, Phase.INDICATORS, seen=seen, reason="more")
    planning.go_to(coordinator, UNIT, Phase.MEASUREMENT, seen=seen + 1, reason="again")
    before = _now(coordinator).lines[0].baseline
    changed = figure(72, APRIL, definition=Definition("LE1", "2", "other"))
    measuring.freeze(coordinator, UNIT, changed, seen=seen + 2, reason="counted otherwise")
    line = _now(coordinator).lines[0]
    assert (line.earlier, line.ambition) == ((before,), None)
    assert line.baseline is not None
    assert line.baseline.definition_hash == "other"


def test_a_baseline_is_what_the_figure_was_with_its_definition(coordinator: Session) -> None:
    seen = _plan(coordinator)
    measuring.freeze(coordinator, UNIT, figure(), seen=seen, reason="before the change")
    frozen = _now(coordinator).lines[0].baseline
    assert frozen is not None
    assert (frozen.value, frozen.numerator) == (Fraction(7, 10), Fraction(70))
    assert frozen.denominator == Fraction(100)
    assert (frozen.definition_hash, frozen.method) == ("hash", "record")
    assert (frozen.start, frozen.end, frozen.frozen_by) == (
        MARCH.start,
        MARCH.end,
        "Practitioner/k",
    )
    assert frozen.interval == figure().interval


HELD_BACK = {"numerator": None, "denominator": None, "value": None, "interval": None}


@pytest.mark.parametrize(
    ("why", "more"),
    [
        (Why.NO_FIGURE, {"status": Status.SUPPRESSED, **HELD_BACK}),
        (Why.NO_FIGURE, {"status": Status.NO_OBSERVATIONS, **HELD_BACK}),
        (Why.NOT_COMPLETE, {"status": Status.PROVISIONAL}),
        (Why.NOT_COMPLETE, {"elapsed_share": 0.5}),
        (Why.NOT_COMPLETE, {"data_cut": datetime(2026, 3, 20, tzinfo=UTC)}),
        (Why.ELSEWHERE, {"unit": "Organization/other"}),
        (Why.NOT_IN_PLAN, {"definition": Definition("H4", "1", "hash")}),
    ],
)
def test_what_can_not_be_a_baseline_is_not_frozen(
    coordinator: Session, why: Why, more: dict[str, Any]
) -> None:
    seen = _plan(coordinator)
    with pytest.raises(Refused) as refused:
        measuring.freeze(coordinator, UNIT, figure(**more), seen=seen, reason="x")
    assert refused.value.why is why
    assert _now(coordinator).lines[0].baseline is None


def test_a_baseline_is_frozen_in_the_phase_of_measurement_only_and_once(
    coordinator: Session,
) -> None:
    seen = _whole(coordinator)
    with pytest.raises(Refused) as refused:
        measuring.freeze(coordinator, UNIT, figure(10, APRIL), seen=seen, reason="looks better")
    assert refused.value.why is Why.PHASE
    planning.go_to(coordinator, UNIT, Phase.INDICATORS, seen=seen, reason="x")
    planning.go_to(coordinator, UNIT, Phase.MEASUREMENT, seen=seen + 1, reason="x")
    with pytest.raises(Refused) as again:
        measuring.freeze(coordinator, UNIT, figure(10), seen=seen + 2, reason="looks better")
    assert again.value.why is Why.FROZEN


def test_what_follows_another_definition_is_not_registered(coordinator: Session) -> None:
    seen = _whole(coordinator)
    other = figure(84, APRIL, definition=Definition("LE1", "2", "other"))
    with pytest.raises(Refused) as refused:
        measuring.register(coordinator, UNIT, other, seen=seen)
    assert refused.value.why is Why.ANOTHER_DEFINITION
    assert _now(coordinator).lines[0].measured == ()


def test_a_measurement_is_registered_once_and_after_the_baseline(coordinator: Session) -> None:
    seen = _whole(coordinator)
    with pytest.raises(Refused) as refused:
        measuring.register(coordinator, UNIT, figure(84), seen=seen)
    assert refused.value.why is Why.SAME_PERIOD
    measuring.register(coordinator, UNIT, figure(84, APRIL), seen=seen)
    with pytest.raises(Refused):
        measuring.register(coordinator, UNIT, figure(99, APRIL), seen=seen + 1)
    assert [each.value for each in _now(coordinator).lines[0].followed] == [Fraction(84, 100)]


def test_what_is_wanted_lies_after_the_baseline_and_its_steps_in_order(
    coordinator: Session,
) -> None:
    seen = _plan(coordinator)
    with pytest.raises(Refused) as first:
        measuring.aim(coordinator, UNIT, _ambition(), seen=seen, reason="x")
    assert first.value.why is Why.BASELINE_FIRST
    measuring.freeze(coordinator, UNIT, figure(), seen=seen, reason="x")
    late = Milestone(date(2027, 5, 1), Fraction(8, 10))
    early = Milestone(MARCH.end, Fraction(8, 10))
    for step in (late, early):
        wanted = _ambition(Fraction(9, 10), step)
        with pytest.raises(Refused) as refused:
            measuring.aim(coordinator, UNIT, wanted, seen=seen + 1, reason="x")
        assert refused.value.why is Why.DATES


def test_the_map_never_goes_in_a_circle(coordinator: Session) -> None:
    seen = _plan(coordinator, Phase.INDICATORS)
    for n, key in enumerate(("a", "b")):
        kept = replace(BENEFIT, id=key, indicators=())
        planning.keep_benefit(coordinator, UNIT, kept, seen=seen + n)
    said = {"functionality": "", "process": "Rounds"}
    planning.connect(coordinator, UNIT, benefit="a", onward="b", seen=seen + 2, **said)
    with pytest.raises(Refused) as refused:
        planning.connect(coordinator, UNIT, benefit="b", onward="a", seen=seen + 3, **said)
    assert refused.value.why is Why.CIRCLE
    with pytest.raises(Refused):
        planning.connect(coordinator, UNIT, benefit="c", onward="", seen=seen + 3, **said)
    edge = ("benefit:a", "benefit:b")
    planning.disconnect(coordinator, UNIT, edge, seen=seen + 3)
    planning.connect(coordinator, UNIT, benefit="b", onward="a", seen=seen + 4, **said)


def test_measures_come_further_and_are_not_written_twice(coordinator: Session) -> None:
    seen = _whole(coordinator)
    again = Measure("Round at noon", "Liv")
    back = Measure("x", "Liv", date(2026, 5, 1), date(2026, 4, 1))
    with pytest.raises(Refused):
        doing.add_measure(coordinator, UNIT, "LE1", again, seen=seen)
    with pytest.raises(Refused):
        doing.add_measure(coordinator, UNIT, "LE1", back, seen=seen)
    doing.set_measure_status(
        coordinator, UNIT, "LE1", "Round at noon", MeasureStatus.DONE, seen=seen
    )
    assert _now(coordinator).benefits[0].measures[0].status is MeasureStatus.DONE
    # what is written anew of a benefit does not take its measures away
    planning.go_to(coordinator, UNIT, Phase.INDICATORS, seen=seen + 1, reason="x")
    planning.keep_benefit(coordinator, UNIT, replace(BENEFIT, risks="few"), seen=seen + 2)
    assert len(_now(coordinator).benefits[0].measures) == 1


def test_a_measure_is_written_anew_and_keeps_how_far_it_has_come(coordinator: Session) -> None:
    seen = _whole(coordinator)
    under_way = MeasureStatus.UNDER_WAY
    doing.set_measure_status(coordinator, UNIT, "LE1", "Round at noon", under_way, seen=seen)
    other = Measure("Round at one", "Liv", date(2026, 4, 1), cost=Decimal(900))
    doing.add_measure(coordinator, UNIT, "LE1", Measure("Two rounds", "Ola"), seen=seen + 1)
    for taken in (replace(other, title="Two rounds"), replace(other, due=date(2026, 3, 1))):
        with pytest.raises(Refused):
            doing.change_measure(coordinator, UNIT, "LE1", "Round at noon", taken, seen=seen + 2)
    doing.change_measure(coordinator, UNIT, "LE1", "Round at noon", other, seen=seen + 2)
    plan = _now(coordinator)
    assert plan.benefits[0].measures[0] == replace(other, status=under_way)
    assert plan.lines[0].measures == ("Round at one", "Two rounds")
    with pytest.raises(PreconditionFailed):
        doing.change_measure(coordinator, UNIT, "LE1", "Round at one", other, seen=seen)
    with pytest.raises(Refused) as gone:
        doing.change_measure(coordinator, UNIT, "LE1", "Round at noon", other, seen=seen + 3)
    assert gone.value.why is Why.NOT_IN_PLAN


def test_a_measure_is_taken_away_but_not_the_last_of_what_is_being_realised(
    coordinator: Session,
) -> None:
    seen = _whole(coordinator)
    doing.add_measure(coordinator, UNIT, "LE1", Measure("Two rounds", "Ola"), seen=seen)
    doing.drop_measure(coordinator, UNIT, "LE1", "Round at noon", seen=seen + 1, reason="twice")
    assert _now(coordinator).lines[0].measures == ("Two rounds",)
    assert [each.title for each in _now(coordinator).benefits[0].measures] == ["Two rounds"]
    with pytest.raises(Refused) as last:
        doing.drop_measure(coordinator, UNIT, "LE1", "Two rounds", seen=seen + 2, reason="x")
    assert last.value.why is Why.LAST_MEASURE
    assert versions(coordinator, PLAN, UNIT)[0].reason == "twice"
    planning.go_to(coordinator, UNIT, Phase.INDICATORS, seen=seen + 2, reason="again")
    doing.drop_measure(coordinator, UNIT, "LE1", "Two rounds", seen=seen + 3, reason="x")
    assert _now(coordinator).benefits[0].measures == ()


def test_a_confounder_is_corrected_or_taken_out_and_earlier_versions_keep_it(
    coordinator: Session,
) -> None:
    seen = _whole(coordinator)
    first = Confounder(date(2026, 5, 1), "A new shift plan", "up", ("LE1",))
    second = replace(first, what="A strike")
    planning.note_confounder(coordinator, UNIT, first, seen=seen)
    planning.note_confounder(coordinator, UNIT, second, seen=seen + 1)
    right = replace(first, what="A new rota", direction="down")
    planning.correct_confounder(coordinator, UNIT, 0, right, seen=seen + 2)
    assert _now(coordinator).confounders == (right, second)
    for wrong in (-1, 2):
        with pytest.raises(Refused):
            planning.correct_confounder(coordinator, UNIT, wrong, None, seen=seen + 3)
    other = replace(right, indicators=("H4",))
    with pytest.raises(Refused):
        planning.correct_confounder(coordinator, UNIT, 0, other, seen=seen + 3)
    with pytest.raises(PreconditionFailed):  # counted in another version: it may be another one
        planning.correct_confounder(coordinator, UNIT, 0, None, seen=seen + 2)
    planning.correct_confounder(coordinator, UNIT, 0, None, seen=seen + 3)
    assert _now(coordinator).confounders == (second,)
    before = versions(coordinator, PLAN, UNIT)
    assert before[0].reason == "confounder-corrected"
    assert before[2].body.confounders == (first, second)


def test_confounders_lines_and_rungs_are_kept(coordinator: Session) -> None:
    seen = _whole(coordinator)
    noted = Confounder(date(2026, 5, 1), "A new shift plan", "up", ("LE1",))
    planning.note_confounder(coordinator, UNIT, noted, seen=seen)
    other = replace(noted, indicators=("H4",))
    with pytest.raises(Refused):
        planning.note_confounder(coordinator, UNIT, other, seen=seen + 1)
    day = date(2026, 6, 1)
    planning.set_line(coordinator, UNIT, "LE1", owner="Liv", next_measurement=day, seen=seen + 1)
    assert _now(coordinator).confounders == (noted,)
    assert _now(coordinator).lines[0].next_measurement == day
    planning.reach(coordinator, UNIT, Reached(Rung.LEADERSHIP, day, "minutes"), seen=0)
    assert queries.maturity(coordinator, UNIT)[0].highest is Rung.LEADERSHIP


def test_each_version_of_a_plan_stays(coordinator: Session) -> None:
    seen = _whole(coordinator)
    found = versions(coordinator, PLAN, UNIT)
    assert [each.version for each in found] == list(range(seen, 0, -1))
    assert found[-1].body.phase is Phase.OWNERSHIP
    with pytest.raises(PreconditionFailed):
        planning.fill_roles(coordinator, UNIT, ROLES, seen=seen - 1, reason="x")


def test_nobody_plans_for_another_unit(coordinator: Session) -> None:
    put("Organization", "above", name="Above")
    put("Organization", UNIT, name="Unit u", partOf={"reference": "Organization/above"})
    put("Organization", "below", name="Below", partOf={"reference": "Organization/u"})
    reached = Reached(Rung.LEADERSHIP, date(2026, 1, 1), "x")
    for unit in ("above", "elsewhere"):
        with pytest.raises(NotAllowed):
            planning.fill_roles(coordinator.again(), unit, ROLES, seen=0, reason="x")
        with pytest.raises(NotAllowed):
            planning.reach(coordinator.again(), unit, reached, seen=0)
    planning.fill_roles(coordinator.again(), "below", ROLES, seen=0, reason="x")


def test_a_leader_scores_and_does_nothing_else(coordinator: Session) -> None:
    seen = _plan(coordinator)
    leader = employ("l", "unit-leader", UNIT)
    listing.score(leader, "LE1", Score(4, 2, 5))
    for act in (
        lambda: listing.judge(leader, "LE1", ALL_MET, seen=2, reason="x"),
        lambda: listing.retire(leader, "LE1", is_retired=True, seen=2, reason="x"),
        lambda: _listed(leader, "X2"),
        lambda: planning.fill_roles(leader, UNIT, ROLES, seen=seen, reason="x"),
        lambda: measuring.freeze(leader, UNIT, figure(), seen=seen, reason="x"),
    ):
        with pytest.raises(NotAllowed):
            act()
    doctor = employ("d", "doctor", UNIT)
    with pytest.raises(NotFound):
        listing.score(doctor, "LE1", Score(1, 1, 1))
    assert len(queries.items(coordinator)[0].body.scored) == 1


def test_one_who_scores_again_replaces_her_own_and_no_other(coordinator: Session) -> None:
    _listed(coordinator)
    leader = employ("l", "unit-leader", UNIT)
    listing.score(coordinator, "LE1", Score(1, 1, 5))
    listing.score(leader, "LE1", Score(5, 2, 5))
    weighed = queries.weighed(coordinator, date(2026, 6, 1))
    (one,) = weighed.order
    assert (one.size, one.spread) == (Fraction(3), 4)
    assert weighed.limits.is_to_be_discussed(one)
    listing.score(coordinator, "LE1", Score(4, 2, 5))
    again = queries.weighed(coordinator, date(2026, 6, 1))
    assert (again.order[0].spread, again.version) == (1, weighed.version + 1)
    assert again.front == {"LE1"}


def test_an_item_is_put_on_the_list_once_and_is_retired_not_deleted(coordinator: Session) -> None:
    _listed(coordinator)
    with pytest.raises(PreconditionFailed):
        _listed(coordinator)
    listing.retire(coordinator, "LE1", is_retired=True, seen=1, reason="no use")
    found = queries.weighed(coordinator, date(2026, 6, 1))
    assert (found.active, len(found.retired), found.version) == ((), 1, 2)
    with pytest.raises(PreconditionFailed):
        _listed(coordinator)


@pytest.mark.django_db(transaction=True)
def test_two_who_score_in_the_same_moment_both_count(empty_record: None) -> None:
    del empty_record
    coordinator = employ("k", "benefits-coordinator", UNIT)
    _listed(coordinator)
    leaders = [employ(f"l{n}", "unit-leader", UNIT) for n in range(4)]

    def attempt(leader: Session) -> None:
        try:
            listing.score(leader.again(), "LE1", Score(3, 3, 3))
        finally:
            django_connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(attempt, leaders))
    assert len(queries.items(coordinator.again())[0].body.scored) == 4
