"""Hours attained of those planned: as the indicator that has moved least, never more than planned."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from fellesjournal.leadership.benefits.attained_hours import PlanHours, Span, hours_of
from fellesjournal.leadership.benefits.attainment import Attainment, Verdict
from fellesjournal.leadership.benefits.plan import (
    Benefit,
    BenefitType,
    Confounder,
    Plan,
    PlanLine,
    Realisation,
)
from fellesjournal.leadership.benefits.worksheet import Row, ThreePoint
from fellesjournal.leadership.figures.intervals import Interval


def row(name: str, *, of: str = "b", now: int = 15, after: tuple[int, int, int] = (5, 5, 5)) -> Row:
    """Thirty times a week: 260 hours a year from 15 to 5 minutes."""
    return Row(
        name, "Ring", "Home care", "nurse", Fraction(now), ThreePoint(*map(Fraction, after)),
        Fraction(30), claimed_by=f"plan:u/{of}",
    )  # fmt: skip


def benefit(key: str) -> Benefit:
    return Benefit(
        key, "Logistikk", f"Benefit {key}", BenefitType.EFFICIENCY, Realisation.BUDGET, "Kari", ("LE1",)
    )  # fmt: skip


def of(told: dict[str, Attainment | None], rows: list[Row], *confounders: Confounder) -> PlanHours:
    lines = tuple(PlanLine(indicator, "b", "Kari") for indicator in told)
    plan = Plan("Organization/u", benefits=(benefit("b"),), lines=lines, confounders=confounders)
    return hours_of(plan, "u", rows, lambda line: told[line.indicator])


def way(share: float, low: float, high: float, verdict: Verdict = Verdict.UNCERTAIN) -> Attainment:
    return Attainment(Fraction(share), Interval(low, high), Fraction(1, 2), verdict)


def test_hours_come_as_the_indicator_that_has_moved_least() -> None:
    found = of({"LE1": way(0.5, 0.25, 0.75), "H4": way(0.75, 0.7, 0.8)}, [row("r1")])
    (only,) = found.benefits
    assert only.planned == Span(Fraction(260), Fraction(260), Fraction(260))
    assert only.attained == Span(Fraction(130), Fraction(65), Fraction(195))
    assert only.indicator == "LE1"
    assert not only.is_certain


@pytest.mark.parametrize(("share", "hours"), [(1.25, 260), (-0.25, 0)])
def test_no_more_is_attained_than_was_planned_and_worse_is_nothing(
    share: float, hours: int
) -> None:
    found = of({"LE1": way(share, share - 0.1, share + 0.1)}, [row("r1")]).attained
    assert found is not None
    assert found.hours == hours


def test_what_is_not_measured_waits_and_is_no_nought() -> None:
    found = of({"LE1": way(1, 1, 1), "H4": None}, [row("r1"), row("r2", of="other")])
    assert found.attained is None
    assert found.waiting == 520
    assert {each.title for each in found.benefits} == {"Benefit b", "other"}


def test_what_takes_longer_than_before_is_counted_in_full() -> None:
    found = of({"LE1": way(0.5, 0.5, 0.5)}, [row("r1"), row("r2", now=5, after=(8, 8, 8))])
    attained = found.attained
    assert attained is not None
    assert attained.hours == 130 - 78


def test_the_range_is_of_the_minutes_and_of_the_measurement() -> None:
    found = of({"LE1": way(0.5, 0.25, 0.75)}, [row("r1", after=(3, 5, 7))]).attained
    assert found is not None
    assert found.low == Fraction(8, 60) * 1560 / 4
    assert found.high == Fraction(12, 60) * 1560 * Fraction(3, 4)


def test_what_is_to_be_kept_is_all_or_nothing_and_confounders_are_named() -> None:
    winter = Confounder(date(2026, 1, 1), "Winter", "down", ("LE1",))
    other = Confounder(date(2026, 1, 1), "Strike", "down", ("MB1",))
    kept = Attainment(None, None, None, Verdict.MAINTAINED)
    found = of({"LE1": kept}, [row("r1")], winter, other)
    assert found.benefits[0].confounders == (winter,)
    assert found.confounders == 1
    assert found.benefits[0].is_certain
    assert found.attained is not None
    assert found.attained.hours == 260
    lost = of({"LE1": Attainment(None, None, None, Verdict.NOT_MAINTAINED)}, [row("r1")]).attained
    assert lost is not None
    assert lost.hours == 0


def test_rows_of_another_plan_are_none_of_this() -> None:
    elsewhere = hours_of(Plan("Organization/v"), "v", [row("r1")], lambda _: None)
    assert elsewhere.benefits == ()
    assert elsewhere.attained is None
