"""What lies between two pathways: steps that are missing or extra, and steps done otherwise; and
how much several of them differ.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from fellesjournal.leadership.figures.ratios import Ratio, Why
from fellesjournal.leadership.pathways.pathway import Pathway, PathwayStep


class GapKind(StrEnum):
    """How a step lies apart from how it is to be."""

    MISSING = "missing"
    EXTRA = "extra"
    DIFFERENT = "different"
    TIMING = "timing"
    CHANNEL = "channel"


_OF_ATTRIBUTE = {
    "limit_hours": GapKind.TIMING,
    "trigger": GapKind.TIMING,
    "channel": GapKind.CHANNEL,
    "action": GapKind.DIFFERENT,
    "documents": GapKind.DIFFERENT,
}


@dataclass(frozen=True, slots=True)
class Gap:
    """One gap: the key of the step, and for steps that both have the attributes that differ."""

    step: str
    kind: GapKind
    attributes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Steps to add and to drop, all gaps, and how alike the two are: 1 is the same steps."""

    add: frozenset[str]
    drop: frozenset[str]
    gaps: tuple[Gap, ...]
    likeness: Fraction


def compared(as_is: Pathway, to_be: Pathway) -> Comparison:
    """What leads from one pathway to the other: steps first, then what is done otherwise."""
    add, drop = to_be.keys - as_is.keys, as_is.keys - to_be.keys
    gaps = [
        *(Gap(step.key, GapKind.MISSING) for step in to_be.steps if step.key in add),
        *(Gap(step.key, GapKind.EXTRA) for step in as_is.steps if step.key in drop),
    ]
    for step in to_be.steps:
        if step.key in as_is.keys:
            gaps += _otherwise(as_is.step(step.key), step)
    return Comparison(add, drop, tuple(gaps), likeness(as_is.keys, to_be.keys))


def likeness(one: Collection[str], other: Collection[str]) -> Fraction:
    """What both have by what either has (P. Jaccard, 1901); two that have nothing are alike."""
    either = set(one) | set(other)
    return Fraction(len(set(one) & set(other)), len(either)) if either else Fraction(1)


def variation(pathways: Sequence[Pathway]) -> Ratio:
    """How much several differ: one less their mean likeness, pair by pair. One alone has none."""
    pairs = [likeness(a.keys, b.keys) for a, b in itertools.combinations(pathways, 2)]
    if not pairs:
        return Ratio(None, Why.NO_OBSERVATIONS)
    return Ratio(1 - sum(pairs, Fraction()) / len(pairs))


def _otherwise(now: PathwayStep, later: PathwayStep) -> list[Gap]:
    found: dict[GapKind, list[str]] = {}
    for attribute, kind in _OF_ATTRIBUTE.items():
        if getattr(now, attribute) != getattr(later, attribute):
            found.setdefault(kind, []).append(attribute)
    return [Gap(later.key, kind, tuple(attributes)) for kind, attributes in found.items()]


__all__ = ["Comparison", "Gap", "GapKind", "compared", "likeness", "variation"]
