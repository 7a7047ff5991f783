"""Risks of a plan and the people it concerns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

SCALE = range(1, 6)


@dataclass(frozen=True, slots=True)
class Weight:
    """Probability and consequence, each 1 to 5."""

    probability: int
    consequence: int

    def __post_init__(self) -> None:
        if self.probability not in SCALE or self.consequence not in SCALE:
            raise ValueError("probability and consequence go from 1 to 5")

    @property
    def score(self) -> int:
        """Their product, 1 to 25."""
        return self.probability * self.consequence


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk, what is done about it and by whom, and what is left after that (``residual``)."""

    id: str
    title: str
    weight: Weight
    mitigation: str = ""
    owner: str = ""
    residual: Weight | None = None
    review_on: date | None = None
    closed: bool = False

    def __post_init__(self) -> None:
        if self.residual and self.residual.score > self.weight.score:
            raise ValueError(f"{self.id}: what is left of a risk is not more than it was")
        if self.residual and not self.mitigation.strip():
            raise ValueError(f"{self.id}: nothing makes the risk smaller, so all of it is left")

    @property
    def left(self) -> Weight:
        """The residual weight; all of it while nothing was done."""
        return self.residual or self.weight


def ranked(risks: Iterable[Risk]) -> tuple[Risk, ...]:
    """Open risks, the heaviest residual first, then by consequence."""
    return tuple(
        sorted(
            (risk for risk in risks if not risk.closed),
            key=lambda risk: (-risk.left.score, -risk.left.consequence, risk.id),
        )
    )


def matrix(risks: Iterable[Risk]) -> dict[tuple[int, int], int]:
    """How many open risks each (probability, consequence) holds, empty ones too."""
    counts = {(p, c): 0 for p in SCALE for c in SCALE}
    for risk in risks:
        if not risk.closed:
            counts[risk.left.probability, risk.left.consequence] += 1
    return counts


class Stance(StrEnum):
    """How a stakeholder stands to the change."""

    SUPPORTS = "supports"
    NEUTRAL = "neutral"
    DOUBTS = "doubts"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Stakeholder:
    """A group or person whom the rollout concerns. Interest and influence go from 1 to 5."""

    name: str
    interest: int
    influence: int
    stance: Stance = Stance.UNKNOWN
    contact: str = ""
    measure: str = ""

    def __post_init__(self) -> None:
        if self.interest not in SCALE or self.influence not in SCALE:
            raise ValueError("interest and influence go from 1 to 5")


def without_measure(stakeholders: Iterable[Stakeholder]) -> tuple[Stakeholder, ...]:
    """Those of influence 4 or more for whom nothing is planned, most influential first."""
    return tuple(
        sorted(
            (each for each in stakeholders if each.influence >= 4 and not each.measure.strip()),
            key=lambda each: (-each.influence, -each.interest, each.name),
        )
    )


__all__ = [
    "SCALE",
    "Risk",
    "Stakeholder",
    "Stance",
    "Weight",
    "matrix",
    "ranked",
    "without_measure",
]
