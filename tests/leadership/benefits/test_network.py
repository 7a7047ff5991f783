"""Comparing organisations at the same age, and following what became of a practice."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fellesjournal.access.sessions import Session
from fellesjournal.fhir.issues import NotAllowed, PreconditionFailed
from fellesjournal.leadership.benefits import queries
from fellesjournal.leadership.benefits.actions import sharing
from fellesjournal.leadership.benefits.attainment import Baseline, Measured
from fellesjournal.leadership.benefits.network import (
    Adoption,
    Place,
    Practice,
    Told,
    compare,
    effect,
    months_between,
    told,
)
from fellesjournal.leadership.benefits.plan import (
    Benefit,
    BenefitType,
    Phase,
    Plan,
    PlanLine,
    Realisation,
)
from fellesjournal.leadership.benefits.refusals import Refused, Why
from fellesjournal.leadership.benefits.resources import PLAN, PRACTICE
from fellesjournal.leadership.documents.actions import save
from fellesjournal.leadership.documents.queries import standing
from fellesjournal.leadership.figures.intervals import wilson
from fellesjournal.leadership.figures.periods import month
from tests.staff import SYSTEM, employ

NOW = datetime(2026, 6, 1, tzinfo=UTC)
GO_LIVE = date(2025, 11, 12)


def measured(number: int, part: int, whole: int, hash_: str = "h") -> Measured:
    """A share in a month of 2026."""
    period = month(2026, number)
    return Measured(
        hash_, period.start, period.end, Fraction(part), Fraction(whole), Fraction(part, whole),
        NOW, NOW, "Practitioner/k", wilson(part, whole),
    )  # fmt: skip


def line(*values: Measured, hash_: str = "h") -> PlanLine:
    """A line with a baseline of 60 of 100 in January."""
    first = measured(1, 60, 100, hash_)
    baseline = Baseline(
        "LE1", hash_, "Organization/u", first.start, first.end, first.numerator, first.denominator,
        first.value, "record", NOW, "p", first.interval, NOW,
    )  # fmt: skip
    return PlanLine("LE1", "b", "p", baseline, measured=values)


def value(unit: str, part: int, whole: int, months: int | None = 3) -> Told:
    return Told(unit, measured(3, part, whole), months)


def test_v_fun_on_the_network_an_actor_outside_the_funnel_is_told() -> None:
    """268 of 389 lies below what chance gives around 83.7 per cent."""
    found = compare([value("few", 268, 389), value("all", 57831, 69016)], "h")
    assert found.share is not None
    assert round(float(found.share), 3) == 0.837
    few = next(each for each in found.compared if each.told.unit == "few")
    assert (round(few.limits.low, 3), round(few.limits.high, 3)) == (0.8, 0.874)
    assert few.place is Place.BELOW


def test_nobody_is_compared_with_herself() -> None:
    (alone,) = compare([value("a", 268, 389)], "h").compared
    assert alone.place is Place.ALONE


def test_what_follows_another_definition_is_not_compared() -> None:
    other = Told("old", measured(3, 1, 10, "other"), 1)
    found = compare([value("a", 6, 10), other], "h")
    assert ([each.told.unit for each in found.compared], found.others) == (["a"], ("old",))
    assert found.share == Fraction(6, 10)
    assert compare([other], "h").compared == ()


def test_the_youngest_come_first_and_those_of_no_known_age_last() -> None:
    found = compare([value("c", 6, 10, None), value("b", 6, 10, 9), value("a", 6, 10, 2)], "h")
    assert [each.told.unit for each in found.compared] == ["a", "b", "c"]


def test_organisations_are_compared_at_the_same_age() -> None:
    plan = Plan("Organization/u", lines=(line(measured(2, 65, 100), measured(4, 80, 100)),))
    ages = {
        at: (one.months, one.measured.value) if (one := told(plan, "LE1", GO_LIVE, at)) else None
        for at in (None, 5, 4, 3, 2, 1)
    }
    assert ages == {
        None: (5, Fraction(8, 10)), 5: (5, Fraction(8, 10)), 4: (3, Fraction(65, 100)),
        3: (3, Fraction(65, 100)), 2: (2, Fraction(6, 10)), 1: None,
    }  # fmt: skip
    unknown = told(plan, "LE1", None, None)
    assert unknown is not None
    assert unknown.months is None
    assert told(plan, "LE1", None, 12) is None
    assert told(plan, "H4", GO_LIVE, None) is None


def test_whole_months_are_counted() -> None:
    assert months_between(date(2026, 1, 31), date(2026, 2, 28)) == 0
    assert months_between(date(2026, 1, 15), date(2026, 2, 15)) == 1
    assert months_between(date(2026, 2, 15), date(2026, 1, 16)) == -1


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)), st.dates(date(2000, 1, 1), date(2050, 1, 1)))
def test_later_is_never_fewer_months(one: date, other: date) -> None:
    early, late = sorted((one, other))
    assert months_between(early, late) >= 0
    assert months_between(late, early) <= 0


def test_the_effect_of_a_practice_is_from_the_last_before_to_the_latest_after() -> None:
    followed = line(measured(2, 62, 100), measured(4, 80, 100), measured(5, 90, 100))
    found = effect(followed, date(2026, 3, 15))
    assert (found.difference, found.is_more_than_chance) == (Fraction(28, 100), True)
    little = effect(line(measured(4, 62, 100)), date(2026, 3, 15))
    assert (little.difference, little.is_more_than_chance) == (Fraction(2, 100), False)
    assert effect(line(), date(2026, 3, 15)).difference is None
    assert effect(None, date(2026, 3, 15)).difference is None
    # a period in which it was taken over is neither before nor after
    assert effect(line(measured(3, 99, 100)), date(2026, 3, 15)).after is None


def test_a_practice_is_taken_over_once_and_not_from_oneself() -> None:
    practice = Practice("LE1", "Organization/a", "t", "w")
    taken = practice.adopted_by(Adoption("Organization/b", GO_LIVE))
    for unit in ("Organization/a", "Organization/b"):
        with pytest.raises(ValueError, match="once"):
            taken.adopted_by(Adoption(unit, GO_LIVE))


@pytest.fixture
def coordinator(db: None) -> Session:
    """A coordinator at u whose plan has LE1, and a practice of another unit."""
    del db
    coordinator = employ("k", "benefits-coordinator", "u")
    benefit = Benefit(
        "b", "Logistikk", "x", BenefitType.QUALITY, Realisation.NON_PRICED, "p", ("LE1",)
    )
    body = Plan("Organization/u", phase=Phase.REALISE, benefits=(benefit,), lines=(line(),))
    save(coordinator, PLAN, key="u", body=body, seen=0, reason="x")
    practice = Practice("LE1", "Organization/best", "Round at noon", "With a scanner")
    sharing.share(SYSTEM, "p", practice, reason="It helped")
    return coordinator


@pytest.mark.django_db
def test_a_copied_practice_is_a_measure_and_remembers_who_has_it(coordinator: Session) -> None:
    sharing.copy(coordinator, "u", "p", responsible="Ola", seen=1)
    plan = queries.plan(coordinator, "u")
    assert plan is not None
    (measure,) = plan.body.benefits[0].measures
    assert (measure.title, measure.practice, measure.responsible) == ("Round at noon", "p", "Ola")
    assert plan.body.lines[0].measures == ("Round at noon",)
    found = standing(coordinator, PRACTICE, "p").body
    assert [each.unit for each in found.adopters] == ["Organization/u"]
    with pytest.raises(Refused) as refused:
        sharing.copy(coordinator, "u", "p", responsible="Ola", seen=2)
    assert refused.value.why is Why.CLAIMED


@pytest.mark.django_db
def test_a_copy_that_is_not_saved_is_not_remembered_either(coordinator: Session) -> None:
    with pytest.raises(PreconditionFailed):
        sharing.copy(coordinator, "u", "p", responsible="Ola", seen=0)
    other = Practice("H4", "Organization/best", "Fewer faces", "One team")
    sharing.share(SYSTEM, "q", other, reason="x")
    with pytest.raises(Refused):
        sharing.copy(coordinator, "u", "q", responsible="Ola", seen=1)
    assert standing(coordinator, PRACTICE, "p").body.adopters == ()
    assert standing(coordinator, PRACTICE, "q").body.adopters == ()


@pytest.mark.django_db
def test_nobody_speaks_or_copies_for_another_unit(coordinator: Session) -> None:
    practice = Practice("LE1", "Organization/best", "x", "y")
    with pytest.raises(NotAllowed):
        sharing.share(coordinator, "r", practice, reason="x")
    with pytest.raises(NotAllowed):
        sharing.copy(coordinator, "best", "p", responsible="Ola", seen=0)
    with pytest.raises(NotAllowed):
        sharing.copy(employ("l", "unit-leader", "u"), "u", "p", responsible="Ola", seen=1)
