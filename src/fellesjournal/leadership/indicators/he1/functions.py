"""Use of HelsaMi by function: how many of those who signed in during a week used each, as it may be shown.

A share is decided for each municipality by itself, and only where the number who signed in is shown as it is now:
beside a number of last week's look, a share of today would tell a few who came between them. It moves when it
has moved by enough, as everything does that was shown (``Memory``). All municipalities together are the sum of
what is shown of each, so that they tell nothing of one that is held back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from fellesjournal.access.portal_functions import Function
from fellesjournal.leadership.figures.intervals import Interval, wilson
from fellesjournal.leadership.figures.suppression import RULE, Rule
from fellesjournal.leadership.indicators.he1.shares import ALL, number_of, week_from
from fellesjournal.leadership.indicators.memory import Memory
from fellesjournal.leadership.indicators.parts import Part

SIGNED_IN = ""
"""The name of those who signed in, where they are counted beside the functions."""
FunctionCounts = Mapping[tuple[str, str], int]
"""People of one week, by municipality and function (or ``SIGNED_IN``)."""


@dataclass(frozen=True, slots=True)
class FunctionShare:
    """Those who used a function among those who signed in; both None when held back. ``is_carried``: as it was
    shown before; of all municipalities, that some are not in the sum, or are in it as before.
    """

    function: Function
    users: int | None
    signed_in: int | None
    is_carried: bool = False

    @property
    def share(self) -> Fraction | None:
        """The quotient; None where nothing is shown or nobody signed in."""
        return (
            Fraction(self.users, self.signed_in)
            if self.users is not None and self.signed_in
            else None
        )

    @property
    def interval(self) -> Interval | None:
        """Its 95 % interval."""
        return (
            wilson(self.users, self.signed_in)
            if self.users is not None and self.signed_in
            else None
        )


def function_shares(
    counted: FunctionCounts,
    signed_in: Mapping[str, int | None],
    week: date,
    memory: Memory,
    rule: Rule = RULE,
) -> dict[str, tuple[FunctionShare, ...]]:
    """Of each place and of all together, each function in its order. ``signed_in``: how many signed in as it is
    shown beside, by place; None is held back. What is shown is written into the memory.
    """
    found = {
        place: tuple(_one(counted, place, each, told, week, memory, rule) for each in Function)
        for place, told in signed_in.items()
        if place != ALL
    }
    return {ALL: _together(list(found.values())), **found}


def _one(
    counted: FunctionCounts,
    place: str,
    function: Function,
    told: int | None,
    week: date,
    memory: Memory,
    rule: Rule,
) -> FunctionShare:
    every = counted.get((place, SIGNED_IN), 0)
    if (
        told == 0
    ):  # as long as nobody is shown to have signed in, nobody is shown to have used anything
        return FunctionShare(function, 0, 0)
    part = Part(counted.get((place, function), 0), every, None)
    period, number = week_from(week), number_of(place)
    was = memory.was(period, number, function)
    if was is not None and was.cell == part.cell:
        return FunctionShare(function, part.numerator, part.denominator)
    is_safe = told == every and not rule.is_small(part.cell)
    if is_safe and (was is None or not part.steps_by_little(was, rule)):
        memory.show(period, number, function, part)
        return FunctionShare(function, part.numerator, part.denominator)
    if was is None:
        return FunctionShare(function, None, None)
    return FunctionShare(function, was.numerator, was.denominator, is_carried=True)


def _together(each_place: Sequence[tuple[FunctionShare, ...]]) -> tuple[FunctionShare, ...]:
    found = []
    for n, function in enumerate(Function):
        own = [shares[n] for shares in each_place]
        told = [each for each in own if each.users is not None]
        if own and not any(each.signed_in for each in told):
            is_none = len(told) == len(own)
            found.append(FunctionShare(function, *((0, 0) if is_none else (None, None))))
            continue
        found.append(
            FunctionShare(
                function,
                sum(each.users or 0 for each in told),
                sum(each.signed_in or 0 for each in told),
                is_carried=len(told) < len(own) or any(each.is_carried for each in told),
            )
        )
    return tuple(found)


__all__ = ["SIGNED_IN", "FunctionCounts", "FunctionShare", "function_shares"]
