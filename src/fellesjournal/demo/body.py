"""What a body would show if it were measured: weight, height, vital signs and blood over time.

Every measure is a personal base value plus the shifts that diseases and treatments add, so that
all measurements in a record tell one consistent story. UNVERIFIED: growth medians, adult means
and spreads are rounded from general knowledge, for demonstration only.
"""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from fellesjournal.demo.catalogue.laboratory import ANALYSES
from fellesjournal.demo.moments import years_between

# Median height (cm) and weight (kg) at these ages in years.
_AGES = (0.0, 0.25, 0.5, 1, 1.5, 2, 4, 6, 8, 10, 12, 14, 16, 18)
_GROWTH: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "female": (
        (50, 60, 66, 75, 81, 87, 103, 117, 129, 140, 152, 161, 165, 167),
        (3.5, 6.0, 7.6, 9.4, 10.9, 12.2, 16.7, 21, 27, 34, 43, 51, 57, 60),
    ),
    "male": (
        (50.5, 61.5, 67.5, 76.5, 82.5, 88.5, 104, 118, 130, 141, 152, 165, 175, 180),
        (3.6, 6.4, 8.2, 10.1, 11.5, 12.8, 17.2, 21.8, 27.5, 34.5, 42.5, 53, 64, 72),
    ),
}


class Shift(NamedTuple):
    """A change of one measure.

    From `start` on it grows to `amount` in `ramp` days; with `lasting` (0: for good) it shrinks
    back to nothing after so many days, over as many days again.
    """

    start: int
    amount: float
    ramp: int
    lasting: int


class Body:
    """The latent measures of one person; `value` answers for any day of life."""

    def __init__(self, rng: Random, sex: str, birth: int) -> None:
        self.sex = sex
        self.birth = birth
        self._stature = max(-2.4, min(2.4, rng.gauss(0, 1)))
        self._build = max(-1.7, min(2.8, rng.gauss(0.15, 1)))
        self._base: dict[str, float] = {}
        self._offsets = {key: rng.gauss(0, 1) for key in ("systolic", "pulse")}
        self._shifts: dict[str, list[Shift]] = {}
        self._rng = rng

    def shift(
        self, measure: str, start: int, amount: float, ramp: int = 30, lasting: int = 0
    ) -> None:
        """Change a measure from a day on; `lasting` days for a passing change, 0 for good."""
        self._shifts.setdefault(measure, []).append(Shift(start, amount, max(1, ramp), lasting))

    def value(self, measure: str, day: int) -> float:
        """The true value of a measure on a day, before measurement noise."""
        base = self._usual(measure, years_between(self.birth, day))
        for start, amount, ramp, lasting in self._shifts.get(measure, ()):
            passed = day - start
            if passed >= 0:
                share = min(1.0, (passed + 1) / ramp)
                if lasting and passed > lasting:
                    share = max(0.0, 1 - (passed - lasting) / max(3, lasting))
                base += amount * share
        return base

    def measure(self, measure: str, day: int, noise: float) -> float:
        """A measured value: the true one with noise of one SD `noise` (absolute)."""
        return self.value(measure, day) + max(-2.5, min(2.5, self._rng.gauss(0, 1))) * noise

    def _usual(self, measure: str, age: float) -> float:
        if measure == "height":
            return self._height(age)
        if measure == "weight":
            return self._weight(age)
        if measure in _VITALS:
            return self._vital(measure, age)
        if measure not in self._base:
            analysis = ANALYSES[measure]
            mean = analysis.mean_female if self.sex == "female" else analysis.mean_male
            spread = max(-2.0, min(2.0, self._rng.gauss(0, 1))) * analysis.spread
            self._base[measure] = max(analysis.least, mean + spread)
        return self._base[measure] * _age_factor(measure, age, self.sex)

    def _height(self, age: float) -> float:
        median = _interpolate(_GROWTH[self.sex][0], age)
        shrinking = max(0.0, age - 65) * 0.12
        return median * (1 + 0.036 * self._stature) - shrinking

    def _weight(self, age: float) -> float:
        stature = 1 + 0.036 * self._stature
        if age < 18:
            median = _interpolate(_GROWTH[self.sex][1], age)
            return median * stature**2 * (1 + 0.09 * self._build)
        adult = min(45.0, age - 18)
        index = (22.3 if self.sex == "female" else 23.0) + 0.085 * adult + 3.1 * self._build
        index -= max(0.0, age - 75) * 0.11
        return max(16.5, index) * (self._height(age) / 100) ** 2

    def _vital(self, measure: str, age: float) -> float:
        if measure == "systolic":
            own = self._offsets["systolic"]
            return 84 + 1.9 * age + 6 * own if age < 18 else 112 + 0.34 * (age - 18) + 8 * own
        if measure == "diastolic":
            own = self._offsets["systolic"]
            if age < 18:
                return 50 + 1.1 * age + 4 * own
            return 70 + 0.25 * min(37, age - 18) - 0.2 * max(0, age - 60) + 5 * own
        if measure == "pulse":
            own = self._offsets["pulse"]
            return 135 - 4.2 * age + 5 * own if age < 14 else 71 + 8 * own
        if measure == "respiration":
            return 40 - 8 * age if age < 2 else 25 - 0.8 * age if age < 11 else 15.0
        if measure == "temperature":
            return 36.8
        return 98.3 - max(0.0, age - 60) * 0.035


_VITALS = {"systolic", "diastolic", "pulse", "respiration", "temperature", "saturation"}


def _interpolate(values: tuple[float, ...], age: float) -> float:
    if age >= _AGES[-1]:
        return values[-1]
    for index in range(1, len(_AGES)):
        if age < _AGES[index]:
            share = (age - _AGES[index - 1]) / (_AGES[index] - _AGES[index - 1])
            return values[index - 1] + share * (values[index] - values[index - 1])
    return values[-1]


def _age_factor(measure: str, age: float, sex: str) -> float:
    """How age moves the usual value of an analysis."""
    if measure == "creatinine":
        child = 0.35 + 0.65 * min(1.0, age / 16)
        return child * (1 + 0.0028 * max(0.0, age - 40))
    if measure == "hb":
        if age < 14:
            return 0.85 + 0.007 * age if sex == "female" else 0.78 + 0.012 * age
        return 1 - 0.0016 * max(0.0, age - 65)
    if measure == "ntprobnp":
        return 1 + 0.045 * max(0.0, age - 50)
    if measure == "psa":
        return 0.4 + 0.018 * max(0.0, age - 35)
    if measure == "ferritin" and age < 14:
        return 0.5
    if measure in {"cholesterol", "ldl"}:
        return 0.8 + 0.004 * min(55.0, age)
    return 1.0
