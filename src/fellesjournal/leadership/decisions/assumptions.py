"""Every value here is an assumption (configurable): the source of the structure is silent."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_noop

from fellesjournal.leadership.figures.assumptions import Assumption

DAYS_AT_A_LEVEL = Assumption(
    key="decision-days",
    value=Decimal(30),
    unit="d",
    title=gettext_noop("Days in which those affected answer at a level"),
    reason=gettext_noop("Without a deadline, whoever does not answer decides."),
    least=Decimal(1),
    most=Decimal(3650),
    is_whole=True,
)
DAYS_TO_RATIFY = Assumption(
    key="ratification-days",
    value=Decimal(30),
    unit="d",
    title=gettext_noop("Days in which what was done urgently is ratified"),
    reason=gettext_noop("The same as for an answer at a level."),
    least=Decimal(1),
    most=Decimal(3650),
    is_whole=True,
)
FEWEST_AGREEING = Assumption(
    key="decision-fewest-agreeing",
    value=Decimal(1),
    unit="",
    title=gettext_noop("Fewest who agree, for silence of the others to be consent"),
    reason=gettext_noop("What nobody answered for has been decided by nobody."),
    least=Decimal(1),
    most=Decimal(100),
    is_whole=True,
)
SAFETY_FIRST = Assumption(
    key="usability-safety-first",
    value=Decimal(3),
    unit="",
    title=gettext_noop("Safety class from which an improvement comes before all others"),
    reason=gettext_noop("What may harm somebody is not weighed against hours."),
    least=Decimal(0),
    most=Decimal(5),
    is_whole=True,
)

CHART_MONTHS = Assumption(
    key="finding-chart-months",
    value=Decimal(13),
    unit="mo",
    title=gettext_noop("Months of the control chart by which a finding opens again"),
    reason=gettext_noop("A year, so that each season is in it, and the month that is looked at."),
    is_fixed=True,
)
CHART_LEAST = Assumption(
    key="finding-chart-least",
    value=Decimal(6),
    unit="mo",
    title=gettext_noop("Fewest months before the one that a control chart judges"),
    reason=gettext_noop("With fewer the limits of the chart are chance."),
    is_fixed=True,
)

ASSUMPTIONS = (
    DAYS_AT_A_LEVEL, DAYS_TO_RATIFY, FEWEST_AGREEING, SAFETY_FIRST, CHART_MONTHS, CHART_LEAST,
)  # fmt: skip

__all__ = [
    "ASSUMPTIONS", "CHART_LEAST", "CHART_MONTHS", "DAYS_AT_A_LEVEL", "DAYS_TO_RATIFY",
    "FEWEST_AGREEING", "SAFETY_FIRST",
]  # fmt: skip
