"""How the portal is taken into use after go-live: users per municipality and week, the gap between ages,
and what keeps people out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from fellesjournal.access.portal_functions import Function
from fellesjournal.leadership.figures.ratios import Ratio, ratio, together
from fellesjournal.leadership.rollout.assumptions import ASSUMED, Assumptions


class Barrier(StrEnum):
    """The five barriers to digital inclusion."""

    ACCESS = "access"
    SKILLS = "skills"
    HEALTH_AND_LIFE = "health-and-life"
    UNDERSTANDING_ADMINISTRATION = "understanding-administration"
    LANGUAGE = "language"


THROUGH_HELSENORGE = frozenset({Function.APPOINTMENTS, Function.LETTERS})
"""Those that are reached through Helsenorge too."""


@dataclass(frozen=True, slots=True)
class Uptake:
    """Users by the end of a week (year, ISO week) among the residents of an age group."""

    municipality: str
    year: int
    week: int
    age_group: str
    users: int
    residents: int

    def __post_init__(self) -> None:
        if not 0 <= self.users <= self.residents:
            raise ValueError(f"{self.users} users of {self.residents} residents")


def per_week(rows: Iterable[Uptake]) -> dict[tuple[str, int, int], Ratio]:
    """The share of residents by municipality, year and week, over all ages."""
    grouped: dict[tuple[str, int, int], list[tuple[int, int]]] = {}
    for row in rows:
        key = (row.municipality, row.year, row.week)
        grouped.setdefault(key, []).append((row.users, row.residents))
    return {key: together(parts) for key, parts in sorted(grouped.items())}


@dataclass(frozen=True, slots=True)
class AgeGap:
    """An age group against the whole: its share, and how many more users it would have with the share of
    all. Both None when it is too small to be shown.
    """

    age_group: str
    share: Ratio | None
    missing: float | None


def age_gaps(rows: Iterable[Uptake], assumed: Assumptions = ASSUMED) -> tuple[AgeGap, ...]:
    """The gap of each age group of one municipality and week; groups with few users, few others or few
    residents are held back, and with exactly one of these the next smallest too.
    """
    every = sorted(rows, key=lambda row: row.age_group)
    whole = together((row.users, row.residents) for row in every)
    hidden = {row.age_group for row in every if _is_small(row, assumed.adoption_floor)}
    if len(hidden) == 1:
        rest = [row for row in every if row.age_group not in hidden]
        hidden |= {min(rest, key=lambda row: row.residents).age_group} if rest else set()
    return tuple(
        AgeGap(row.age_group, None, None)
        if row.age_group in hidden
        else AgeGap(
            row.age_group,
            ratio(row.users, row.residents),
            max(0.0, float(whole) * row.residents - row.users),
        )
        for row in every
    )


def _is_small(row: Uptake, floor: int) -> bool:
    rest = row.residents - row.users
    return row.residents < floor or 0 < row.users < floor or 0 < rest < floor


__all__ = ["THROUGH_HELSENORGE", "AgeGap", "Barrier", "Function", "Uptake", "age_gaps", "per_week"]
