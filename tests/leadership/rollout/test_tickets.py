"""Tickets after go-live against what is expected, the fit of the curve, and the use of the portal."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fellesjournal.leadership.rollout.adoption import Barrier, Function, Uptake, age_gaps, per_week
from fellesjournal.leadership.rollout.fitting import Site, fitted, log_likelihood
from fellesjournal.leadership.rollout.tickets import (
    Category,
    Curve,
    Signal,
    Ticket,
    against,
    assumed_curve,
    beside,
    nearest_rank,
    service,
)

MONDAY = date(2022, 11, 7)
NOON = datetime(2022, 11, 12, 12, tzinfo=UTC)


def ticket(number: int, hours: float = 0) -> Ticket:
    opened = NOON + timedelta(hours=hours)
    return Ticket(str(number), opened, 2, "ward", "medicines", Category.TRAINING)


def test_v_tic_the_expected_curve_and_a_first_day_that_is_no_signal() -> None:
    curve = assumed_curve()
    shown = [round(curve.expected(1000, day), 1) for day in (0, 5, 30)]
    assert shown == [140.0, 64.1, 20.3]
    found = against(120, curve.expected(1000, 0))
    assert round(found.ratio, 3) == 0.857
    assert (round(found.interval.low, 3), round(found.interval.high, 3)) == (0.711, 1.025)
    assert found.signal is Signal.NONE
    assert not found.may_be_silent()


def test_many_more_and_many_fewer_are_signals_and_very_few_may_be_silence() -> None:
    assert against(200, 140).signal is Signal.MORE
    assert against(100, 140).signal is Signal.FEWER
    assert not against(100, 140).may_be_silent()
    assert against(20, 140).may_be_silent()


def test_the_weekday_counts_from_the_day_of_go_live() -> None:
    curve = Curve(0, 5, 0.1, (1, 1, 1, 1, 1, 0.5, 0.25))
    saturday = date(2022, 11, 12)
    assert [curve.expected(100, day, saturday) for day in (0, 1, 2)] == [5.0, 2.5, 10.0]
    assert curve.expected(100, 0) == 10.0
    with pytest.raises(ValueError, match="before go-live"):
        curve.expected(100, -1)


@pytest.mark.parametrize("curve", [(-1, 5, 0.1), (1, 0, 0.1), (1, 5, -0.1)])
def test_an_impossible_curve_is_refused(curve: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="a curve"):
        Curve(*curve)


TRUE = Curve(0.15, 6, 0.03, (1.3, 1.2, 1.2, 1.1, 1.0, 0.7, 0.5))
STARTS = (date(2022, 4, 30), date(2022, 11, 12), date(2023, 5, 2))


def sites(users: int, chance: random.Random | None = None) -> tuple[Site, ...]:
    found = []
    for at, start in enumerate(STARTS):
        means = [TRUE.expected(users, day, start) for day in range(60)]
        counts = [
            round(mean if chance is None else max(0.0, chance.gauss(mean, mean**0.5)))
            for mean in means
        ]
        found.append(Site(f"hospital {at}", users, start, tuple(counts)))
    return tuple(found)


def test_the_curve_is_found_again_from_three_reference_sites() -> None:
    found = fitted(sites(20_000))
    assert found.a == pytest.approx(TRUE.a, rel=0.01)
    assert found.tau == pytest.approx(TRUE.tau, rel=0.01)
    assert found.b == pytest.approx(TRUE.b, rel=0.01)
    assert found.weekdays == pytest.approx(TRUE.weekdays, rel=0.01)
    assert sum(found.weekdays) == pytest.approx(7)


def test_no_curve_nearby_is_more_likely_than_the_fitted_one() -> None:
    scattered = sites(20_000, random.Random("tickets"))
    found = fitted(scattered)
    best = log_likelihood(found, scattered)
    for factor in (0.97, 1.03):
        for near in (
            replace(found, a=found.a * factor),
            replace(found, tau=found.tau * factor),
            replace(found, b=found.b * factor),
        ):
            assert log_likelihood(near, scattered) < best
    assert log_likelihood(TRUE, scattered) <= best
    assert found.tau == pytest.approx(TRUE.tau, rel=0.1)


def test_a_site_without_a_fading_start_gives_a_flat_curve() -> None:
    flat = fitted((Site("clinic", 1000, MONDAY, (20,) * 28),))
    assert flat.expected(1000, 0, MONDAY) == pytest.approx(20, rel=0.01)
    assert flat.expected(1000, 27, MONDAY) == pytest.approx(20, rel=0.01)


def test_too_little_to_fit_is_refused() -> None:
    for counts in ((5,) * 13, (0,) * 30):
        with pytest.raises(ValueError, match="two weeks"):
            fitted((Site("clinic", 1000, MONDAY, counts),))
    with pytest.raises(ValueError, match="has users"):
        Site("clinic", 0, MONDAY, (1,))


@settings(max_examples=5, deadline=None)
@given(st.lists(st.integers(0, 50), min_size=14, max_size=30).filter(any))
@example([0, 44, 0, 35, 0, 0, 0, 47, 0, 0, 0, 0, 0, 0])
def test_whatever_was_counted_the_fit_is_a_curve(counts: list[int]) -> None:
    found = fitted((Site("clinic", 500, MONDAY, tuple(counts)),))
    total = sum(found.expected(500, day, MONDAY) for day in range(len(counts)))
    assert total == pytest.approx(sum(counts), rel=0.05)


def test_how_tickets_are_answered_is_what_is_known_at_the_moment() -> None:
    at = NOON + timedelta(hours=30)
    answered = replace(
        ticket(1), first_response=NOON + timedelta(hours=1), closed=NOON + timedelta(hours=5)
    )
    later = replace(ticket(2, 1), closed=NOON + timedelta(hours=40))
    unsafe = replace(ticket(3, 2), safety=True)
    recent = replace(ticket(4, 29), safety=True)
    copy = replace(ticket(5), duplicate_of="1")
    future = ticket(6, 31)
    found = service([answered, later, unsafe, recent, copy, future], at)
    assert found.median_first_response == timedelta(hours=1)
    assert found.unanswered == 3
    assert found.p90_to_close == timedelta(hours=5)
    assert [age / timedelta(hours=1) for age in found.backlog] == [29, 28, 1]
    assert [each.id for each in found.unsafe] == ["3"]


def test_a_safety_ticket_is_shown_after_more_than_a_day() -> None:
    unsafe = replace(ticket(1), safety=True)
    assert service([unsafe], NOON + timedelta(hours=24)).unsafe == ()
    assert service([unsafe], NOON + timedelta(hours=24, seconds=1)).unsafe == (unsafe,)


def test_what_stands_beside_few_tickets() -> None:
    tickets = [replace(ticket(1), reopened=1), ticket(2), replace(ticket(3), duplicate_of="1")]
    found = beside(tickets, active_users=100, floor_notes=30, silent_failures=4)
    assert found.per_active_user.value == Fraction(1, 50)
    assert found.floor_notes_per_ticket.value == 15
    assert found.reopened.value == Fraction(1, 2)
    assert found.silent_failures == 4
    assert beside([], active_users=0, floor_notes=0, silent_failures=0).reopened.value is None


def test_nothing_happens_to_a_ticket_before_it_is_opened() -> None:
    with pytest.raises(ValueError, match="before it is opened"):
        replace(ticket(1), closed=NOON - timedelta(seconds=1))


def test_the_nearest_rank() -> None:
    hours = [timedelta(hours=n) for n in range(1, 11)]
    assert nearest_rank(hours, 90) == timedelta(hours=9)
    assert nearest_rank(hours[:1], 90) == timedelta(hours=1)
    assert nearest_rank([], 90) is None


# --- the portal


def test_weeks_are_sums_over_ages_never_means_of_percentages() -> None:
    rows = [
        Uptake("5025", 2022, 45, "16-39", 90, 100),
        Uptake("5025", 2022, 45, "80+", 10, 900),
        Uptake("5025", 2022, 46, "80+", 20, 900),
    ]
    assert {key: share.value for key, share in per_week(rows).items()} == {
        ("5025", 2022, 45): Fraction(1, 10),
        ("5025", 2022, 46): Fraction(1, 45),
    }


def test_the_gap_of_the_old_is_told_in_people() -> None:
    rows = [
        Uptake("5025", 2022, 45, "16-39", 300, 500),
        Uptake("5025", 2022, 45, "80+", 100, 500),
    ]
    young, old = age_gaps(rows)
    assert (young.missing, old.missing) == (0, 100)
    assert old.share is not None
    assert old.share.value == Fraction(1, 5)


def test_small_groups_are_held_back_and_never_only_one() -> None:
    rows = [
        Uptake("5025", 2022, 45, "16-39", 300, 500),
        Uptake("5025", 2022, 45, "40-79", 50, 100),
        Uptake("5025", 2022, 45, "80+", 3, 400),
    ]
    assert [each.age_group for each in age_gaps(rows) if each.share is None] == ["40-79", "80+"]
    none_used = replace(rows[2], users=0)
    assert all(each.share is not None for each in age_gaps([*rows[:2], none_used]))
    with pytest.raises(ValueError, match="users of"):
        Uptake("5025", 2022, 45, "80+", 5, 4)


def test_five_barriers_and_nine_functions_are_followed() -> None:
    assert (len(Barrier), len(Function)) == (5, 9)
