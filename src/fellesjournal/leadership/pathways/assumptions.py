"""Every value here is an assumption (configurable): the project description does not state it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_noop

from fellesjournal.leadership.figures.assumptions import Assumption

CHANCE = Assumption(
    key="pathway-chance",
    value=Decimal("0.05"),
    unit="",
    title=gettext_noop("Probability of chance below which an effect may be called attributable"),
    reason=gettext_noop("The common limit; with few places no result can reach it."),
    is_fixed=True,
)
POINTS_BEFORE = Assumption(
    key="pathway-points-before",
    value=Decimal(12),
    unit="",
    title=gettext_noop("Fewest periods before a change, for its trend to be known"),
    reason=gettext_noop("A year of months shows each season once."),
    is_fixed=True,
)

ASSUMPTIONS = (CHANCE, POINTS_BEFORE)

SUMMER_2025 = date(2025, 6, 21)
"""Assumption (configurable): the day the first municipality is to have started before."""
ROLES = ("pathway owner", "adviser", "coordinator")
"""Assumption (configurable): the roles of the regional method."""

__all__ = ["ASSUMPTIONS", "CHANCE", "POINTS_BEFORE", "ROLES", "SUMMER_2025"]
