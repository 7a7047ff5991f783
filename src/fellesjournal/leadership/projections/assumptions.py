"""Every value here is an assumption (configurable): no source of the specification states it."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_noop

from fellesjournal.leadership.figures.assumptions import Assumption

OCCUPANCY = Assumption(
    key="bed-occupancy",
    value=Decimal("0.85"),
    unit="",
    title=gettext_noop("Share of beds in use"),
    reason=gettext_noop("A common planning figure; above it patients lie in corridors."),
    least=Decimal("0.01"),
    most=Decimal(1),
)
DAYS_OPEN = Assumption(
    key="bed-days-open",
    value=Decimal(365),
    unit="d",
    title=gettext_noop("Days a year on which a bed is open"),
    reason=gettext_noop(
        "Wards for inpatients do not close; those that do have a rule of their own."
    ),
    least=Decimal(1),
    most=Decimal(366),
    is_whole=True,
)
YEARS_POOLED = Assumption(
    key="rate-years",
    value=Decimal(3),
    unit="a",
    title=gettext_noop("Fewest years that a rate is taken from"),
    reason=gettext_noop("Rates of a single year move by chance, most of all in small places."),
    is_fixed=True,
)
LEAST_PERSON_YEARS = Assumption(
    key="rate-person-years",
    value=Decimal(300),
    unit="a",
    title=gettext_noop("Fewest person-years of an age for a rate of its own"),
    reason=gettext_noop("With fewer the rate of the whole region is nearer the truth."),
    is_fixed=True,
)
DRAWS = Assumption(
    key="fan-draws",
    value=Decimal(200),
    unit="",
    title=gettext_noop("How often rates are drawn anew for a fan"),
    reason=gettext_noop("More would not be seen in a drawing."),
    is_fixed=True,
)
FAN_LOW = Assumption(
    key="fan-low",
    value=Decimal("0.1"),
    unit="",
    title=gettext_noop("Share of the draws below a fan"),
    reason=gettext_noop("With as many above it the fan holds four of five."),
    is_fixed=True,
)
FAN_HIGH = Assumption(
    key="fan-high",
    value=Decimal("0.9"),
    unit="",
    title=gettext_noop("Share of the draws below the upper end of a fan"),
    reason=gettext_noop("With as many below it the fan holds four of five."),
    is_fixed=True,
)

ASSUMPTIONS = (
    OCCUPANCY, DAYS_OPEN, YEARS_POOLED, LEAST_PERSON_YEARS, DRAWS, FAN_LOW, FAN_HIGH,
)  # fmt: skip

YEARS_LEFT_OUT = (2020, 2021)
"""Assumption (configurable): the pandemic changed what was done in them, not what was needed."""
MAIN_ALTERNATIVE = "MMMM"
"""The main alternative of the official projections: medium fertility, life expectancy, moves within
the country and immigration.
"""
