"""How many years are left at an age, by need of help (D. F. Sullivan, 1971)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class AgeInTable:
    """One row of a life table: years lived at these ages by those alive at the first, and how large
    a share of them is lived in each state. Raises ValueError unless the shares sum to 1.
    """

    years_lived: Decimal
    shares: tuple[tuple[str, Decimal], ...]

    def __post_init__(self) -> None:
        if self.years_lived < 0 or any(value < 0 for _, value in self.shares):
            raise ValueError("years and shares are never negative")
        if sum(value for _, value in self.shares) != 1:
            raise ValueError("the states of an age sum to 1")


def remaining_years(alive: Decimal, rows: Sequence[AgeInTable]) -> dict[str, Fraction]:
    """Years left to each of the ``alive``, by state: (1/l)·ΣL·π. Their sum is life expectancy.

    Raises ValueError when nobody is alive.
    """
    if alive <= 0:
        raise ValueError("nobody is alive at this age")
    years: dict[str, Fraction] = {}
    for row in rows:
        for state, value in row.shares:
            lived = Fraction(row.years_lived) * Fraction(value)
            years[state] = years.get(state, Fraction()) + lived
    return {state: lived / Fraction(alive) for state, lived in years.items()}


__all__ = ["AgeInTable", "remaining_years"]
