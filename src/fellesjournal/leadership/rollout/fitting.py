"""Fitting the ticket curve on sites that have gone live: the most likely parameters when the tickets of
a day scatter by chance around the curve (Poisson).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from fellesjournal.leadership.rollout.tickets import WEEK, Curve

_TAUS = (0.5, 200.0)
"""Between which the days of fading are looked for."""
_ROUNDS = 8
_STEPS = 60
_GOLDEN = (math.sqrt(5) - 1) / 2
_LEAST = 1e-12
_SAME = 1e-4
"""Weekday factors that change less are found."""


@dataclass(frozen=True, slots=True)
class Site:
    """A place that went live: its users, and the tickets of each day from go-live on."""

    name: str
    users: int
    go_live: date
    tickets: tuple[int, ...]

    def __post_init__(self) -> None:
        if self.users <= 0 or not self.tickets or min(self.tickets) < 0:
            raise ValueError(f"{self.name}: a site has users and days with tickets")


@dataclass(frozen=True, slots=True)
class _Day:
    since: int
    weekday: int
    users: int
    tickets: int


@lru_cache(maxsize=64)  # a page is drawn far more often than a day is counted
def fitted(sites: tuple[Site, ...]) -> Curve:
    """The most likely curve of several sites, each with its own users and weekday of go-live. The
    weekday factors have a mean of 1. Raises ValueError for fewer than two weeks of days in all, or when
    there was no ticket.
    """
    days = [
        _Day(at, (site.go_live.weekday() + at) % WEEK, site.users, count)
        for site in sites
        for at, count in enumerate(site.tickets)
    ]
    if len(days) < 2 * WEEK or not any(day.tickets for day in days):
        raise ValueError("a curve is fitted on two weeks of days with some tickets")
    weekdays = (1.0,) * WEEK
    curve = Curve(0, 1, 1)
    for _ in range(_ROUNDS):
        tau = _best_tau(days, weekdays)
        a, b = _levels(days, tau, weekdays)
        curve = Curve(a, tau, b, weekdays)
        before, weekdays = weekdays, _weekdays(days, curve)
        if max(abs(new - old) for new, old in zip(weekdays, before, strict=True)) < _SAME:
            break
    return _to_the_sum(days, Curve(curve.a, curve.tau, curve.b, weekdays))


def _to_the_sum(days: list[_Day], curve: Curve) -> Curve:
    """The curve on the level at which as many tickets are expected as were counted: whatever its shape,
    none is likelier. The rounds may end a little short of it.
    """
    expected = sum(
        day.users * curve.per_user(day.since) * curve.weekdays[day.weekday] for day in days
    )
    scale = sum(day.tickets for day in days) / expected
    return replace(curve, a=curve.a * scale, b=curve.b * scale)


def log_likelihood(curve: Curve, sites: Sequence[Site]) -> float:
    """How likely the tickets of the sites are under a curve, without the part that no curve changes."""
    return sum(
        _term(count, curve.expected(site.users, at, site.go_live))
        for site in sites
        for at, count in enumerate(site.tickets)
    )


def _term(count: int, mean: float) -> float:
    return (count * math.log(max(mean, _LEAST)) if count else 0.0) - mean


def _best_tau(days: list[_Day], weekdays: tuple[float, ...]) -> float:
    """The days of fading, by golden section on their logarithm."""
    low, high = math.log(_TAUS[0]), math.log(_TAUS[1])

    def worth(log_tau: float) -> float:
        tau = math.exp(log_tau)
        a, b = _levels(days, tau, weekdays)
        curve = Curve(a, tau, b, weekdays)
        return sum(
            _term(day.tickets, day.users * curve.per_user(day.since) * weekdays[day.weekday])
            for day in days
        )

    left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
    at_left, at_right = worth(left), worth(right)
    for _ in range(_STEPS):
        if high - low < 1e-6:
            break
        if at_left < at_right:
            low, left, at_left = left, right, at_right
            right = low + _GOLDEN * (high - low)
            at_right = worth(right)
        else:
            high, right, at_right = right, left, at_left
            left = high - _GOLDEN * (high - low)
            at_left = worth(left)
    return math.exp((low + high) / 2)


def _levels(days: list[_Day], tau: float, weekdays: tuple[float, ...]) -> tuple[float, float]:
    """The most likely a and b for a fading: Newton's steps, halved until they make it likelier."""
    rows = [
        (weight, weight * math.exp(-day.since / tau), day.tickets)
        for day in days
        if (weight := day.users * weekdays[day.weekday]) > 0
    ]
    level = sum(count for *_, count in rows) / sum(weight for weight, *_ in rows)
    a = b = level / 2 + _LEAST
    worth = _worth(rows, a, b)
    for _ in range(50):
        step_a, step_b = _newton(rows, a, b)
        size = 1.0
        while size > 1e-9:
            new_a, new_b = max(_LEAST, a + size * step_a), max(_LEAST, b + size * step_b)
            if (new := _worth(rows, new_a, new_b)) >= worth:
                break
            size /= 2
        else:
            break
        gained, a, b, worth = new - worth, new_a, new_b, new
        if gained < 1e-10 * abs(worth):
            break
    return a, b


def _worth(rows: list[tuple[float, float, int]], a: float, b: float) -> float:
    return sum(_term(count, a * fading + b * weight) for weight, fading, count in rows)


def _newton(rows: list[tuple[float, float, int]], a: float, b: float) -> tuple[float, float]:
    """The step of Newton's method for the likelihood, which has one peak."""
    slope_a = slope_b = bend_aa = bend_ab = bend_bb = 0.0
    for weight, fading, count in rows:
        mean = max(a * fading + b * weight, _LEAST)
        slope_a += fading * (count / mean - 1)
        slope_b += weight * (count / mean - 1)
        curved = count / (mean * mean)
        bend_aa += curved * fading * fading
        bend_ab += curved * fading * weight
        bend_bb += curved * weight * weight
    determinant = bend_aa * bend_bb - bend_ab * bend_ab
    if determinant <= 1e-12 * bend_aa * bend_bb or determinant == 0:  # no way to tell them apart
        return slope_a / (bend_aa or 1), slope_b / (bend_bb or 1)
    return (
        (bend_bb * slope_a - bend_ab * slope_b) / determinant,
        (bend_aa * slope_b - bend_ab * slope_a) / determinant,
    )


def _weekdays(days: list[_Day], curve: Curve) -> tuple[float, ...]:
    """Observed by expected of each weekday, with a mean of 1; 1 for a weekday that no site has."""
    observed, expected = [0] * WEEK, [0.0] * WEEK
    for day in days:
        observed[day.weekday] += day.tickets
        expected[day.weekday] += day.users * curve.per_user(day.since)
    factors = [seen / due if due else 1.0 for seen, due in zip(observed, expected, strict=True)]
    mean = sum(factors) / WEEK
    return tuple(factor / mean for factor in factors)


__all__ = ["Site", "fitted", "log_likelihood"]
