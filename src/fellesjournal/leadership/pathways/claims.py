"""What may be said of an effect: that it was observed, that the change is a plausible reason, or
that it is attributable to it. What else happened has to be told before anything is claimed.

Which evidence carries which claim is an Assumption (configurable); the specification only names
the three.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from fellesjournal.leadership.pathways.assumptions import CHANCE, POINTS_BEFORE
from fellesjournal.leadership.pathways.refusals import Refused, Why


class Claim(StrEnum):
    """From the weakest to the strongest."""

    OBSERVED = "observed"
    PLAUSIBLE = "plausible"
    ATTRIBUTABLE = "attributable"


class Direction(StrEnum):
    """How something moves an indicator."""

    BETTER = "better"
    WORSE = "worse"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Confounder:
    """Something else that happened: when, what, which way it moves which indicators."""

    day: date
    what: str
    direction: Direction
    indicators: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Confounders:
    """All that is known to have happened besides, and who was asked: nothing known is an answer
    only of somebody who was asked.
    """

    asked: str
    known: tuple[Confounder, ...] = ()


class Design(StrEnum):
    """How it was looked at."""

    BEFORE_AFTER = "before-after"
    INTERRUPTED_SERIES = "interrupted-series"
    WITH_CONTROLS = "with-controls"
    STAGGERED = "staggered"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What there is for a claim about an indicator. ``probability`` is that of chance, where the
    design gives one; ``points_before`` how many periods there are before the change.
    """

    indicator: str
    design: Design
    improved: bool
    confounders: Confounders | None
    points_before: int = 0
    probability: Decimal | None = None
    chosen_for_being_worst: bool = False


class Caution(StrEnum):
    """What has to be said beside a claim."""

    REGRESSION_TO_THE_MEAN = "regression-to-the-mean"
    CONFOUNDED = "confounded"
    FEW_POINTS = "few-points"
    CHANCE = "chance"


@dataclass(frozen=True, slots=True)
class Carried:
    """The strongest claim that the evidence carries, and what is to be said beside it."""

    claim: Claim
    warnings: tuple[Caution, ...]


def carried(
    evidence: Evidence,
    *,
    chance: Decimal = CHANCE.value,
    points_before: int = int(POINTS_BEFORE.value),
) -> Carried:
    """What may be claimed at most. Raises Refused when nobody was asked what else happened."""
    found = evidence.confounders
    if found is None or not found.asked.strip():
        raise Refused(Why.NO_CONFOUNDERS, "first say what else happened, and who was asked")
    warnings: list[Caution] = []
    strongest = _by_design(evidence, points_before, warnings)
    if strongest is Claim.ATTRIBUTABLE and not _beyond_chance(evidence, chance):
        warnings.append(Caution.CHANCE)
        strongest = Claim.PLAUSIBLE
    if _also_explained(evidence, found):
        warnings.append(Caution.CONFOUNDED)
        strongest = Claim.OBSERVED
    if evidence.chosen_for_being_worst:
        # the worst of many is partly so by chance, and comes nearer to the others by itself
        warnings.append(Caution.REGRESSION_TO_THE_MEAN)
        if evidence.design in {Design.BEFORE_AFTER, Design.INTERRUPTED_SERIES}:
            strongest = Claim.OBSERVED
    return Carried(strongest, tuple(warnings))


def claimed(
    evidence: Evidence,
    claim: Claim,
    *,
    chance: Decimal = CHANCE.value,
    points_before: int = int(POINTS_BEFORE.value),
) -> Carried:
    """The claim that is made, with what is said beside it. Raises Refused for one that is stronger
    than what the evidence carries.
    """
    most = carried(evidence, chance=chance, points_before=points_before)
    order = list(Claim)
    if order.index(claim) > order.index(most.claim):
        raise Refused(Why.CLAIM, f"what there is carries «{most.claim}» and no more")
    return Carried(claim, most.warnings)


def _by_design(evidence: Evidence, points_before: int, warnings: list[Caution]) -> Claim:
    if not evidence.improved or evidence.design is Design.BEFORE_AFTER:
        return Claim.OBSERVED
    if evidence.points_before < points_before and evidence.design is Design.INTERRUPTED_SERIES:
        warnings.append(Caution.FEW_POINTS)
        return Claim.OBSERVED
    return Claim.ATTRIBUTABLE if evidence.design is Design.STAGGERED else Claim.PLAUSIBLE


def _beyond_chance(evidence: Evidence, chance: Decimal) -> bool:
    return evidence.probability is not None and evidence.probability <= chance


def _also_explained(evidence: Evidence, found: Confounders) -> bool:
    """Whether something else may have done the same. What works against it explains nothing."""
    return any(
        each.direction is not Direction.WORSE and evidence.indicator in each.indicators
        for each in found.known
    )


__all__ = [
    "Carried", "Caution", "Claim", "Confounder", "Confounders", "Design", "Direction", "Evidence",
    "carried", "claimed",
]  # fmt: skip
