"""Who pays how much of a shared cost, and how many shares there are when only a rounded part is told."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple


class KeyKind(StrEnum):
    """What a cost is shared by."""

    SHARES = "shares"
    POPULATION = "population"
    USERS = "users"
    AGREEMENT = "agreement"


@dataclass(frozen=True, slots=True)
class Weight:
    """How much an organisation counts."""

    actor: str
    weight: Decimal


@dataclass(frozen=True, slots=True)
class AllocationKey:
    """Organisations and their weights."""

    kind: KeyKind
    weights: tuple[Weight, ...]

    def __post_init__(self) -> None:
        actors = [each.actor for each in self.weights]
        if len(set(actors)) != len(actors):
            raise ValueError("an organisation has one weight")
        if any(each.weight < 0 for each in self.weights) or not any(
            each.weight for each in self.weights
        ):
            raise ValueError("weights are not negative, and not all nothing")


def allocated(amount: Decimal | Fraction | int, key: AllocationKey) -> dict[str, Fraction]:
    """What each organisation pays, exactly; together the amount."""
    whole = sum((Fraction(each.weight) for each in key.weights), Fraction(0))
    return {each.actor: Fraction(amount) * Fraction(each.weight) / whole for each in key.weights}


def in_whole_kroner(amount: int, key: AllocationKey) -> dict[str, int]:
    """What each pays in whole kroner, together the amount: the largest remainders are rounded up, equal
    ones in the order of the key.
    """
    exact = allocated(amount, key)
    floors = {actor: math.floor(share) for actor, share in exact.items()}
    left = amount - sum(floors.values())
    by_remainder = sorted(exact, key=lambda actor: floors[actor] - exact[actor])
    for actor in by_remainder[:left]:
        floors[actor] += 1
    return floors


class Whole(NamedTuple):
    """How many there are in all: what the stated part gives, and between which whole numbers when that
    part was rounded.
    """

    stated: Fraction
    low: int
    high: int


def whole_of(part: int, percent: Decimal) -> Whole:
    """All shares of which ``part`` are this percentage, as it is written: 1.05 stands for 1.045 up to
    1.055. Raises ValueError for a percentage that rounds to nothing.
    """
    exponent = percent.as_tuple().exponent
    if not isinstance(exponent, int) or percent <= 0:
        raise ValueError(f"{percent} is no percentage")
    half = Fraction(1, 2) * Fraction(10) ** exponent
    share, least, most = (
        Fraction(percent) / 100,
        (Fraction(percent) - half) / 100,
        (Fraction(percent) + half) / 100,
    )
    if least <= 0:
        raise ValueError(f"{percent} % may be nothing at all")
    return Whole(part / share, math.ceil(part / most), math.floor(part / least))


__all__ = [
    "AllocationKey",
    "KeyKind",
    "Weight",
    "Whole",
    "allocated",
    "in_whole_kroner",
    "whole_of",
]
