"""The structure of a dose: how much, when in the day, on which days, for how long."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class InvalidDose(ValueError):
    """What is no dose; ``code`` says why, for words on a page."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class When(StrEnum):
    """Times of the day, in order; values are codes of FHIR's event-timing."""

    MORNING = "MORN"
    FORENOON = "MORN.late"
    NOON = "NOON"
    AFTERNOON = "AFT"
    EVENING = "EVE"
    NIGHT = "NIGHT"


class Weekday(StrEnum):
    """Days of the week, in order; values are codes of FHIR's days-of-week."""

    MONDAY = "mon"
    TUESDAY = "tue"
    WEDNESDAY = "wed"
    THURSDAY = "thu"
    FRIDAY = "fri"
    SATURDAY = "sat"
    SUNDAY = "sun"


class Period(StrEnum):
    """What a rhythm counts in; values are UCUM codes."""

    DAY = "d"
    WEEK = "wk"
    MONTH = "mo"
    YEAR = "a"


SITES = ("each-eye", "right-eye", "left-eye", "each-nostril")
"""Where a dose goes when its amount is meant per place: our own codes."""

_MOST = Decimal(99999)
_FINEST = -4
_MOST_EVERY = {Period.DAY: 366, Period.WEEK: 52, Period.MONTH: 24, Period.YEAR: 10}
_MOST_TIMES = 24
_MOST_DAYS = 3650
_MOST_STEPS = 12
_REASON = re.compile(r"[^\s(),;](?:[^\s(),;]| (?! )){0,99}")


def _check(holds: bool, code: str) -> None:  # noqa: FBT001 - a condition, not a switch
    if not holds:
        raise InvalidDose(code)


def _amount(value: Decimal) -> Decimal:
    """The amount in its shortest form. Raises InvalidDose unless 0 < amount, at most 4 decimals."""
    _check(value.is_finite() and 0 < value <= _MOST, "amount")
    shortest = value.normalize()
    exponent = shortest.as_tuple().exponent
    _check(isinstance(exponent, int) and exponent >= _FINEST, "amount")
    return (
        shortest
        if not isinstance(exponent, int) or exponent <= 0
        else shortest.quantize(Decimal(1))
    )


@dataclass(frozen=True, slots=True)
class Rhythm:
    """On which days: each day, each n-th day, on weekdays of each n-th week, each n-th month."""

    period: Period = Period.DAY
    every: int = 1
    weekdays: tuple[Weekday, ...] = ()

    def __post_init__(self) -> None:
        _check(1 <= self.every <= _MOST_EVERY[self.period], "every")
        ordered = tuple(day for day in Weekday if day in self.weekdays)
        _check(ordered == self.weekdays, "weekdays")
        if self.weekdays:
            _check(self.period is Period.WEEK, "weekdays")
            # seven days of each week are said as "each day": one dose, one way to say it
            _check(self.every > 1 or len(self.weekdays) < len(Weekday), "weekdays")


DAILY = Rhythm()


@dataclass(frozen=True, slots=True)
class Part:
    """An amount (in the dose's unit) at times of the day, or so many times, on certain days."""

    amount: Decimal
    rhythm: Rhythm = DAILY
    at: tuple[When, ...] = ()
    times: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "amount", _amount(self.amount))
        _check(tuple(when for when in When if when in self.at) == self.at, "at")
        _check(1 <= self.times <= _MOST_TIMES, "times")
        _check(self.times == 1 or not (self.at or self.rhythm.weekdays), "times")

    @property
    def per_day(self) -> int:
        """How often on a day on which it is taken."""
        return len(self.at) or self.times


@dataclass(frozen=True, slots=True)
class AsNeeded:
    """One dose when needed (``amount`` to ``up_to``), at most so much in 24 hours, for what."""

    amount: Decimal
    up_to: Decimal | None = None
    at_most: Decimal | None = None
    reason: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "amount", _amount(self.amount))
        if self.up_to is not None:
            object.__setattr__(self, "up_to", _amount(self.up_to))
            _check(self.up_to > self.amount, "up-to")
        if self.at_most is not None:
            object.__setattr__(self, "at_most", _amount(self.at_most))
            _check(self.at_most >= (self.up_to or self.amount), "at-most")
        _check(not self.reason or bool(_REASON.fullmatch(self.reason)), "reason")
        _check(self.reason.isprintable(), "reason")


@dataclass(frozen=True, slots=True)
class Step:
    """What is taken until the next step: regular parts or a dose as needed.

    ``days`` is how long it lasts, ``until`` its last day; neither: until it is stopped.
    """

    parts: tuple[Part, ...] = ()
    as_needed: AsNeeded | None = None
    days: int | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        _check(bool(self.parts) != (self.as_needed is not None), "parts")
        _check(self.days is None or self.until is None, "bounds")
        _check(self.days is None or 1 <= self.days <= _MOST_DAYS, "days")
        rhythms = {(part.rhythm.period, part.rhythm.every) for part in self.parts}
        _check(len(rhythms) <= 1, "rhythms")
        if len(self.parts) > 1:
            _check(len({bool(part.at) for part in self.parts}) == 1, "parts")
            _check(all(part.at or part.rhythm.weekdays for part in self.parts), "parts")
        taken = [slot for part in self.parts for slot in _slots(part)]
        _check(len(taken) == len(set(taken)), "twice")


def _slots(part: Part) -> list[tuple[Weekday | None, When | None]]:
    return [(day, when) for day in part.rhythm.weekdays or (None,) for when in part.at or (None,)]


@dataclass(frozen=True, slots=True)
class Dosage:
    """A whole dose: the unit amounts are in (a key of ``wording.UNITS``), and its steps in order.

    All steps but the last say how many days they last; a last day is said of one step alone.
    Raises InvalidDose.
    """

    unit: str
    steps: tuple[Step, ...]
    site: str = ""

    def __post_init__(self) -> None:
        _check(1 <= len(self.steps) <= _MOST_STEPS, "steps")
        _check(all(step.days is not None for step in self.steps[:-1]), "days")
        _check(len(self.steps) == 1 or self.steps[-1].until is None, "until")
        _check(not self.site or self.site in SITES, "site")

    @property
    def is_as_needed(self) -> bool:
        """Whether nothing of it is taken regularly."""
        return all(step.as_needed is not None for step in self.steps)

    @property
    def periods(self) -> frozenset[Period]:
        """What its regular doses are counted in; as needed counts by the day."""
        regular = {part.rhythm.period for step in self.steps for part in step.parts}
        return frozenset(regular or {Period.DAY})

    @property
    def is_weekly(self) -> bool:
        """Whether every regular dose is counted in weeks, or in whole weeks of days."""
        return all(
            part.rhythm.period is Period.WEEK
            or (part.rhythm.period is Period.DAY and part.rhythm.every % 7 == 0)
            for step in self.steps
            for part in step.parts
        ) and not any(step.as_needed for step in self.steps)


def once(unit: str, *parts: Part, days: int | None = None) -> Dosage:
    """A regular dose of one step."""
    return Dosage(unit, (Step(parts, days=days),))


def same_dose(one: Dosage, other: Dosage) -> bool:
    """Whether two doses ask for the same, however their parts are grouped."""
    return _meaning(one) == _meaning(other)


def _meaning(dosage: Dosage) -> object:
    return (
        dosage.unit,
        dosage.site,
        [
            (
                step.as_needed,
                step.days,
                step.until,
                frozenset(
                    (slot, part.amount, part.times, part.rhythm.period, part.rhythm.every)
                    for part in step.parts
                    for slot in _slots(part)
                ),
            )
            for step in dosage.steps
        ],
    )


__all__ = [
    "DAILY",
    "SITES",
    "AsNeeded",
    "Dosage",
    "InvalidDose",
    "Part",
    "Period",
    "Rhythm",
    "Step",
    "Weekday",
    "When",
    "once",
    "same_dose",
]
