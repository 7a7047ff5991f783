"""What no source gives of HE1. Every value here is an assumption (configurable)."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_noop

from fellesjournal.leadership.figures.assumptions import Assumption

WEEKS_SHOWN = Assumption(
    key="portal-weeks-shown",
    value=Decimal(12),
    unit="",
    title=gettext_noop("Weeks in the course of HelsaMi's use"),
    reason=gettext_noop("A quarter of a year shows a trend and fits on a page."),
    least=Decimal(2),
    most=Decimal(104),
    is_whole=True,
)
AGES = (0, 16, 25, 45, 67, 80)
"""Assumption (configurable): where groups of age begin; 67 is the age of retirement."""

ASSUMPTIONS = (WEEKS_SHOWN,)

__all__ = ["AGES", "ASSUMPTIONS", "WEEKS_SHOWN"]
