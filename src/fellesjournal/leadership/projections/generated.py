"""Alternatives of the population made here, for a region whose official ones are not read in yet.

They show how a projection answers; they are not the official projections and are never called so.
One-year ages grow older, die, have children and move. Every parameter below is an Assumption
(configurable), chosen for a plausible shape: deaths rise evenly with age on a logarithmic scale
(B. Gompertz, 1825), at a level that gives women about 85 and men about 82 years.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from fellesjournal.leadership.projections.people import Ages, People, Population, Sex

SOURCE = "generated"
LAST_AGE = 105
"""The open age of the table."""

_LEVEL = {Sex.FEMALE: (-11.8, 0.106), Sex.MALE: (-11.2, 0.102)}
"""Assumption (configurable): logarithm of the yearly risk of death at birth, and its growth a year."""
_FALL = {"L": 0.006, "M": 0.012, "H": 0.018, "K": 0.0}
"""Assumption (configurable): by how much the risk of death falls each year, by life expectancy."""
_CHILDREN = {"L": 1.3, "M": 1.6, "H": 1.9, "K": 1.6}
"""Assumption (configurable): children of a woman in her life."""
_MOVES = {"L": -0.001, "M": 0.0, "H": 0.001, "K": 0.0, "0": 0.0}
"""Assumption (configurable): moves within the country, net, by residents a year."""
_IMMIGRATION = {"L": 0.001, "M": 0.003, "H": 0.005, "K": 0.003, "0": 0.0}
"""Assumption (configurable): immigration, net, by residents a year."""
_MOTHERS = range(22, 40)
"""Assumption (configurable): ages at which children are born, evenly."""
_MOVERS = range(18, 40)
"""Assumption (configurable): ages of those who move, evenly."""
_GIRLS = 0.486
"""Assumption (configurable): girls among newborns."""


@dataclass(frozen=True, slots=True)
class _Letters:
    children: float
    fall: float
    moves: float


def generated(base: Population, alternative: str, last_year: int) -> dict[int, Population]:
    """The population of each year after the base year, by one-year ages.

    Raises ValueError for an alternative whose letters are not known here, and for a base that does
    not tell the sexes apart in one-year ages.
    """
    letters = _letters(alternative)
    ages = _by_age(base)
    found = {}
    for passed in range(1, last_year - base.year + 1):
        ages = _a_year_later(ages, letters, passed)
        year = base.year + passed
        found[year] = Population(base.region, year, alternative, _people(ages))
    return found


def life_expectancy(sex: Sex) -> float:
    """Years from birth by the risks of death of the base year."""
    alive, years = 1.0, 0.0
    for age in range(LAST_AGE + 15):
        dying = alive * _risk(sex, age, 0.0, 0)
        years += alive - dying / 2
        alive -= dying
    return years


def _letters(alternative: str) -> _Letters:
    try:
        children, life, moves, immigration = tuple(alternative)
        return _Letters(_CHILDREN[children], _FALL[life], _MOVES[moves] + _IMMIGRATION[immigration])
    except (KeyError, ValueError):
        raise ValueError(f"{alternative!r} is no alternative that can be made") from None


def _by_age(base: Population) -> dict[Sex, list[float]]:
    found = {sex: [0.0] * (LAST_AGE + 1) for sex in (Sex.FEMALE, Sex.MALE)}
    for row in base.people:
        if row.sex is Sex.ALL or row.ages not in {Ages(row.ages.low, row.ages.low), Ages(LAST_AGE)}:
            raise ValueError("alternatives are made from one-year ages of each sex")
        found[row.sex][row.ages.low] = float(row.count)
    return found


def _a_year_later(
    ages: Mapping[Sex, list[float]], letters: _Letters, passed: int
) -> dict[Sex, list[float]]:
    moved = letters.moves * sum(map(sum, ages.values())) / 2 / len(_MOVERS)
    mothers = sum(ages[Sex.FEMALE][age] for age in _MOTHERS)
    born = mothers * letters.children / len(_MOTHERS)
    newborn = {Sex.FEMALE: born * _GIRLS, Sex.MALE: born * (1 - _GIRLS)}
    later = {}
    for sex, now in ages.items():
        left = [n * (1 - _risk(sex, age, letters.fall, passed)) for age, n in enumerate(now)]
        older = [newborn[sex], *left[:-2], left[-2] + left[-1]]
        later[sex] = [max(0.0, n + moved) if age in _MOVERS else n for age, n in enumerate(older)]
    return later


def _risk(sex: Sex, age: int, fall: float, passed: int) -> float:
    level, growth = _LEVEL[sex]
    return min(1.0, math.exp(level + growth * age) * (1 - fall) ** passed)


def _people(ages: Mapping[Sex, list[float]]) -> tuple[People, ...]:
    return tuple(
        People(sex, Ages(age, None if age == LAST_AGE else age), Decimal(f"{count:.3f}"))
        for sex, of in ages.items()
        for age, count in enumerate(of)
    )


__all__ = ["LAST_AGE", "SOURCE", "generated", "life_expectancy"]
