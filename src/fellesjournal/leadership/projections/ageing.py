"""Healthier ageing, in the four ways it can be said: by a factor for each age, by people being as
old as somewhat younger people are today, by care following nearness to death, or by need of help.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from fellesjournal.leadership.projections.load import Load
from fellesjournal.leadership.projections.people import Ages, Sex
from fellesjournal.leadership.projections.rates import Cell, Use

ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class AgeMultiplier:
    """People of these ages use so many times as much as people of these ages do today."""

    ages: Ages
    multiplier: Decimal

    def __post_init__(self) -> None:
        not_negative(self.multiplier)


@dataclass(frozen=True, slots=True)
class AgeShift:
    """People of an age are like people so much younger today: r(a − s·Δ).

    ``gained_years`` is Δ, what life expectancy grows by; ``healthy_share`` is s, how much of it is
    lived in health. Ages below ``from_age`` keep their rates.
    """

    gained_years: Decimal
    healthy_share: Decimal
    from_age: int = 0

    def __post_init__(self) -> None:
        if self.gained_years < 0:
            raise ValueError("a life that grows shorter is no healthier ageing")
        share(self.healthy_share)


@dataclass(frozen=True, slots=True)
class LastYear:
    """How many of these ages die within a year, today and later, and how many times as much care a
    person uses in the last year of life as others of the age.
    """

    ages: Ages
    dying_now: Decimal
    dying_later: Decimal
    times_as_much: Decimal

    def __post_init__(self) -> None:
        share(self.dying_now)
        share(self.dying_later)
        not_negative(self.times_as_much)


@dataclass(frozen=True, slots=True)
class NeedOfHelp:
    """How many of these ages need how much help, today and later, and how much care each state
    uses; the weights are relative to each other.
    """

    ages: Ages
    state: str
    share_now: Decimal
    share_later: Decimal
    weight: Decimal

    def __post_init__(self) -> None:
        share(self.share_now)
        share(self.share_later)
        not_negative(self.weight)


def not_negative(multiplier: Decimal) -> None:
    """Refuse a negative multiplier: nobody uses less than nothing. Raises ValueError."""
    if multiplier < 0:
        raise ValueError(f"{multiplier}: a multiplier is never negative")


def share(value: Decimal) -> None:
    """Refuse what is no share. Raises ValueError."""
    if not 0 <= value <= 1:
        raise ValueError(f"{value} is no share between 0 and 1")


def between(now: Fraction, later: Fraction, arrived: Fraction) -> Fraction:
    """The value when so much of the way has been gone."""
    return now + (later - now) * arrived


def multiplied(load: Load, rules: tuple[AgeMultiplier, ...], arrived: Fraction) -> Load:
    """All rates of each age times its factor; ages without one keep their rates."""
    _once(rule.ages for rule in rules)

    def factor(ages: Ages) -> Fraction:
        rule = next((rule for rule in rules if rule.ages.holds(ages)), None)
        return ONE if rule is None else between(ONE, Fraction(rule.multiplier), arrived)

    _all_reach([rule.ages for rule in rules], load)
    return _by_ages(load, factor)


def shifted(load: Load, rule: AgeShift, arrived: Fraction) -> Load:
    """The rates of people somewhat younger. Between two ages the rate is on the line between them;
    a band of ages stands at its middle, an open one at its lowest age.
    """
    by = Fraction(rule.gained_years) * Fraction(rule.healthy_share) * arrived
    curves: dict[tuple[Sex, str, Use], list[tuple[Fraction, Fraction]]] = {}
    for cell in sorted(load.rates, key=lambda cell: cell.ages):
        for use, value in load.rates[cell].items():
            curves.setdefault((cell.sex, cell.group, use), []).append((_middle(cell.ages), value))

    def younger(cell: Cell, use: Use, value: Fraction) -> Fraction:
        if cell.ages.low < rule.from_age:
            return value
        return _on_the_line(curves[cell.sex, cell.group, use], _middle(cell.ages) - by)

    rates = {
        cell: {use: younger(cell, use, value) for use, value in of.items()}
        for cell, of in load.rates.items()
    }
    return Load(load.people, rates)


def nearer_death(load: Load, rules: tuple[LastYear, ...], arrived: Fraction) -> Load:
    """Rates follow how many are in their last year: fewer deaths at an age, less care at it."""
    _once(rule.ages for rule in rules)
    _all_reach([rule.ages for rule in rules], load)

    def factor(ages: Ages) -> Fraction:
        rule = next((rule for rule in rules if rule.ages.holds(ages)), None)
        if rule is None:
            return ONE
        more = Fraction(rule.times_as_much) - 1
        now, later = Fraction(rule.dying_now), Fraction(rule.dying_later)
        return _by_base(1 + more * between(now, later, arrived), 1 + more * now)

    return _by_ages(load, factor)


def needing_help(load: Load, rules: tuple[NeedOfHelp, ...], arrived: Fraction) -> Load:
    """Rates follow how many need help. Raises ValueError unless the shares of an age sum to 1."""
    states: dict[Ages, list[NeedOfHelp]] = {}
    for rule in rules:
        states.setdefault(rule.ages, []).append(rule)
    _once(states)
    for ages, of in states.items():
        if sum(each.share_now for each in of) != 1 or sum(each.share_later for each in of) != 1:
            raise ValueError(f"the states of ages {ages} are not everybody")
    _all_reach(list(states), load)

    def factor(ages: Ages) -> Fraction:
        found = next((of for band, of in states.items() if band.holds(ages)), None)
        if found is None:
            return ONE
        now = sum((_weighed(each, Fraction()) for each in found), Fraction())
        return _by_base(sum((_weighed(each, arrived) for each in found), Fraction()), now)

    return _by_ages(load, factor)


def _weighed(rule: NeedOfHelp, arrived: Fraction) -> Fraction:
    now, later = Fraction(rule.share_now), Fraction(rule.share_later)
    return between(now, later, arrived) * Fraction(rule.weight)


def _by_base(later: Fraction, now: Fraction) -> Fraction:
    if now == 0:
        raise ValueError("nobody uses anything today: there is nothing to compare with")
    return later / now


def _by_ages(load: Load, factor: Callable[[Ages], Fraction]) -> Load:
    factors = {ages: factor(ages) for ages in {cell.ages for cell in load.rates}}
    rates: Mapping[Cell, Mapping[Use, Fraction]] = {
        cell: {use: value * factors[cell.ages] for use, value in of.items()}
        for cell, of in load.rates.items()
    }
    return Load(load.people, rates)


def _once(ages: Iterable[Ages]) -> None:
    for before, after in itertools.pairwise(sorted(ages)):
        if before.high is None or before.high >= after.low:
            raise ValueError(f"ages {before} and {after} overlap")


def _all_reach(rules: list[Ages], load: Load) -> None:
    """A rule that cuts through a band would be left out without a word."""
    for rule in rules:
        for ages in {cell.ages for cell in load.rates}:
            apart = (rule.high is not None and rule.high < ages.low) or (
                ages.high is not None and ages.high < rule.low
            )
            if not apart and not rule.holds(ages):
                raise ValueError(f"a rule for ages {rule} cuts through {ages}")


def _middle(ages: Ages) -> Fraction:
    return Fraction(ages.low) if ages.high is None else Fraction(ages.low + ages.high, 2)


def _on_the_line(points: list[tuple[Fraction, Fraction]], at: Fraction) -> Fraction:
    if at <= points[0][0]:
        return points[0][1]
    for (left, low), (right, high) in itertools.pairwise(points):
        if at <= right:
            return between(low, high, (at - left) / (right - left))
    return points[-1][1]


__all__ = [
    "AgeMultiplier", "AgeShift", "LastYear", "NeedOfHelp", "between", "multiplied",
    "nearer_death", "needing_help", "not_negative", "share", "shifted",
]  # fmt: skip
