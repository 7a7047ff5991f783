"""Reading what others have published of a portal: the level before a growth, as far as digits tell."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

from django.utils.translation import gettext_noop

from fellesjournal.leadership.figures.audit.spans import Span, exactly

gettext_noop("nearly 40 000")  # as the source says it, shown in the reader's language


def previous_level(level: Span, growth: Span) -> Span:
    """The level before one grew to ``level`` by ``growth`` (a share): level/(1 + growth)."""
    return level / (exactly(1) + growth)


@dataclass(frozen=True, slots=True)
class Published:
    """What a source says: users by the Sunday of a week, how much they had grown in it, and the share
    on a phone. Both are spans: what the printed words may stand for.
    """

    source: str
    year: int
    week: int
    day: date
    said: str
    level: Span
    growth_said: str
    growth: Span
    phone: Fraction

    @property
    def before(self) -> Span:
        """The level a week before, if the growth is that of the level."""
        return previous_level(self.level, self.growth)


@cache
def roros() -> Published:
    """The briefing of Røros: nearly 40 000 by 13 November 2022, up 53 % in a week."""
    data: dict[str, Any] = json.loads(
        (files(__package__) / "data" / "roros.json").read_text(encoding="utf-8")
    )
    return Published(
        source=data["source"], year=data["year"], week=data["week"],
        day=date.fromisoformat(data["day"]), said=data["level_said"],
        level=_span(data["level"]), growth_said=data["growth_said"],
        growth=_span(data["growth"]), phone=Fraction(data["phone"]),
    )  # fmt: skip


def _span(ends: list[str]) -> Span:
    low, high = (Fraction(each) for each in ends)
    return Span(low, high, has_high=False)


__all__ = ["Published", "previous_level", "roros"]
