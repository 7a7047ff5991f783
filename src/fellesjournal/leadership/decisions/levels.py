"""Levels of forums, lowest first, and what each has a mandate to decide."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from fellesjournal.leadership.decisions.refusals import Refused, Why


class CaseType(StrEnum):
    """What a case is about."""

    CLINICAL_CONTENT = "clinical_content"
    WORKFLOW = "workflow"
    DATA = "data"
    TECHNOLOGY = "technology"
    PRIORITY = "priority"
    ECONOMY = "economy"


@dataclass(frozen=True, slots=True)
class Mandate:
    """Types of cases, and up to how much they may cost (NOK); None: any amount."""

    types: frozenset[CaseType]
    money_limit: Decimal | None = None

    def holds(self, kind: CaseType, cost: Decimal) -> bool:
        """Whether a case of this type and cost may be decided."""
        return kind in self.types and (self.money_limit is None or cost <= self.money_limit)


@dataclass(frozen=True, slots=True)
class ForumLevel:
    """One level: its order from 1, the forum that meets at it, who chairs it (a reference)."""

    order: int
    name: str
    mandate: Mandate
    chair: str = ""


class LevelFault(StrEnum):
    """What is wrong with a structure of levels."""

    NO_LEVELS = "no-levels"
    ORDER = "order"
    """Orders are not 1, 2, 3 …: exactly one level up would have no meaning."""
    NARROWS = "narrows"
    """A level may decide less than the one below it: a case would rise to where it can't end."""
    TOP_IS_LIMITED = "top-is-limited"
    """Some case could be decided nowhere."""
    NO_CHAIR = "no-chair"
    """Nobody may decide at the top when those affected do not agree."""


def faults(levels: Sequence[ForumLevel]) -> tuple[tuple[LevelFault, str], ...]:
    """Everything wrong with the levels, with the name of the level."""
    if not levels:
        return ((LevelFault.NO_LEVELS, ""),)
    found = [
        (LevelFault.ORDER, level.name)
        for place, level in enumerate(levels, 1)
        if level.order != place
    ]
    found += [
        (LevelFault.NARROWS, above.name)
        for below, above in itertools.pairwise(levels)
        if not _as_wide(above.mandate, below.mandate)
    ]
    top = levels[-1].mandate
    if top.types != frozenset(CaseType) or top.money_limit is not None:
        found.append((LevelFault.TOP_IS_LIMITED, levels[-1].name))
    if not levels[-1].chair:
        found.append((LevelFault.NO_CHAIR, levels[-1].name))
    return tuple(found)


def lowest_with_mandate(levels: Sequence[ForumLevel], kind: CaseType, cost: Decimal) -> ForumLevel:
    """Where a case starts. Raises Refused when no level may decide it."""
    for level in levels:
        if level.mandate.holds(kind, cost):
            return level
    raise Refused(Why.NO_MANDATE, "no level has a mandate for this case")


def level_of(levels: Sequence[ForumLevel], order: int) -> ForumLevel:
    """The level of an order. Raises Refused above the top."""
    found = next((level for level in levels if level.order == order), None)
    if found is None:
        raise Refused(Why.TOP_LEVEL, "there is no level above this one")
    return found


def _as_wide(above: Mandate, below: Mandate) -> bool:
    if not above.types >= below.types:
        return False
    if above.money_limit is None:
        return True
    return below.money_limit is not None and above.money_limit >= below.money_limit


__all__ = [
    "CaseType", "ForumLevel", "LevelFault", "Mandate", "faults", "level_of", "lowest_with_mandate",
]  # fmt: skip
