"""What the sources on the rollout leave open, each value with its unit and reason, and all of them
together as the arithmetic takes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_noop

from fellesjournal.leadership.figures.assumptions import SMALLEST_COUNT, Assumption

PROMISE_YEAR = Assumption(
    key="promise-year",
    value=Decimal(2023),
    unit="",
    title=gettext_noop("Year by whose end everyone has been offered a place"),
    reason=gettext_noop(
        "The source says so of its own programme; another region promises its own."
    ),
    least=Decimal(2000),
    most=Decimal(2100),
    is_whole=True,
)
LAST_MAIN_DELAYS = Assumption(
    key="last-main-delays",
    value=Decimal(1),
    unit="",
    title=gettext_noop(
        "Second waves follow the slip of the last main delivery (1), or the largest slip (0)"
    ),
    reason=gettext_noop(
        "The source moves second waves with the main project and names no measure."
    ),
    least=Decimal(0),
    most=Decimal(1),
    is_whole=True,
)
DEADLINES_NEVER_EARLIER = Assumption(
    key="deadlines-never-earlier",
    value=Decimal(1),
    unit="",
    title=gettext_noop("A deadline that was told never comes earlier (1), or it may (0)"),
    reason=gettext_noop("Whoever has planned by a date must be able to rely on it."),
    least=Decimal(0),
    most=Decimal(1),
    is_whole=True,
)
SAMPLE_MARGIN = Assumption(
    key="migration-sample-margin",
    value=Decimal("0.05"),
    unit="",
    title=gettext_noop("Share of errors that a sample of moved records must rule out"),
    reason=gettext_noop(
        "59 records without an error do so at 95 percent; no source asks for more."
    ),
    least=Decimal("0.001"),
    most=Decimal("0.5"),
)
CURVE_A = Assumption(
    key="ticket-curve-a",
    value=Decimal("0.12"),
    unit="",
    title=gettext_noop("Tickets per user above the lasting level on the first day"),
    reason=gettext_noop("Published curves give no numbers; until it is fitted on other sites."),
    least=Decimal(0),
    most=Decimal(10),
)
CURVE_TAU = Assumption(
    key="ticket-curve-tau",
    value=Decimal(5),
    unit="d",
    title=gettext_noop("Days in which tickets above the lasting level fall to a third"),
    reason=gettext_noop("Published curves give no numbers; until it is fitted on other sites."),
    least=Decimal("0.1"),
    most=Decimal(365),
)
CURVE_B = Assumption(
    key="ticket-curve-b",
    value=Decimal("0.02"),
    unit="",
    title=gettext_noop("Lasting level of tickets per user and day"),
    reason=gettext_noop("Published curves give no numbers; until it is fitted on other sites."),
    least=Decimal(0),
    most=Decimal(10),
)
SAFETY_HOURS = Assumption(
    key="safety-ticket-hours",
    value=Decimal(24),
    unit="h",
    title=gettext_noop("Hours after which an open ticket about safety is shown"),
    reason=gettext_noop("A day; the source asks for it and gives no reason."),
    least=Decimal(0),
    most=Decimal(8760),
)
STANDSTILL_HOURS = Assumption(
    key="standstill-ticket-hours",
    value=Decimal(8),
    unit="h",
    title=gettext_noop("Hours until a report must be closed when the work stands still"),
    reason=gettext_noop("A shift; no source names a limit."),
    least=Decimal(1),
    most=Decimal(8760),
)
HINDRANCE_HOURS = Assumption(
    key="hindrance-ticket-hours",
    value=Decimal(72),
    unit="h",
    title=gettext_noop("Hours until a report must be closed when the work is hindered"),
    reason=gettext_noop("Three days; no source names a limit."),
    least=Decimal(1),
    most=Decimal(8760),
)
NUISANCE_HOURS = Assumption(
    key="nuisance-ticket-hours",
    value=Decimal(336),
    unit="h",
    title=gettext_noop("Hours until a report must be closed when it is a nuisance"),
    reason=gettext_noop("Two weeks; no source names a limit."),
    least=Decimal(1),
    most=Decimal(8760),
)
SILENT_SHARE = Assumption(
    key="silent-ticket-share",
    value=Decimal("0.5"),
    unit="",
    title=gettext_noop("Tickets by expected tickets, up to which few may mean silence"),
    reason=gettext_noop("No source names a limit; below half something else must be looked at."),
    least=Decimal(0),
    most=Decimal(1),
)

SUPER_USER_DAYS = Assumption(
    key="super-user-days",
    value=Decimal(14),
    unit="d",
    title=gettext_noop("Days from go-live on in which each shift needs a trained super-user"),
    reason=gettext_noop("Two weeks; sources ask for intensified support and give no number."),
    least=Decimal(1),
    most=Decimal(365),
    is_whole=True,
)

ASSUMPTIONS = (
    PROMISE_YEAR, LAST_MAIN_DELAYS, DEADLINES_NEVER_EARLIER, SAMPLE_MARGIN, CURVE_A, CURVE_TAU,
    CURVE_B, SAFETY_HOURS, STANDSTILL_HOURS, HINDRANCE_HOURS, NUISANCE_HOURS, SILENT_SHARE,
    SUPER_USER_DAYS,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Assumption (configurable), every one: as shipped, or as ``assumed`` makes it of what was set.
    Weekday factors, Monday to Sunday, are alike until they are fitted; ``adoption_floor`` is the
    smallest count that is shown; 95 in 100 is the certainty of every interval of these pages.
    """

    promise: date = date(int(PROMISE_YEAR.value), 12, 31)
    delay_follows_last_main: bool = bool(LAST_MAIN_DELAYS.value)
    deadlines_never_earlier: bool = bool(DEADLINES_NEVER_EARLIER.value)
    sample_margin: Decimal = SAMPLE_MARGIN.value
    sample_confidence: Decimal = Decimal("0.95")
    curve_a: Decimal = CURVE_A.value
    curve_tau_days: Decimal = CURVE_TAU.value
    curve_b: Decimal = CURVE_B.value
    weekday_factors: tuple[Decimal, ...] = (Decimal(1),) * 7
    safety_hours: Decimal = SAFETY_HOURS.value
    standstill_hours: Decimal = STANDSTILL_HOURS.value
    hindrance_hours: Decimal = HINDRANCE_HOURS.value
    nuisance_hours: Decimal = NUISANCE_HOURS.value
    silent_share: Decimal = SILENT_SHARE.value
    adoption_floor: int = int(SMALLEST_COUNT.value)
    super_user_days: int = int(SUPER_USER_DAYS.value)


ASSUMED = Assumptions()


def assumed(values: Mapping[str, Decimal]) -> Assumptions:
    """The assumptions of a day (``documents.settings.values_on`` of ``ASSUMPTIONS``)."""
    return Assumptions(
        promise=date(int(values[PROMISE_YEAR.key]), 12, 31),
        delay_follows_last_main=bool(values[LAST_MAIN_DELAYS.key]),
        deadlines_never_earlier=bool(values[DEADLINES_NEVER_EARLIER.key]),
        sample_margin=values[SAMPLE_MARGIN.key],
        curve_a=values[CURVE_A.key],
        curve_tau_days=values[CURVE_TAU.key],
        curve_b=values[CURVE_B.key],
        safety_hours=values[SAFETY_HOURS.key],
        standstill_hours=values[STANDSTILL_HOURS.key],
        hindrance_hours=values[HINDRANCE_HOURS.key],
        nuisance_hours=values[NUISANCE_HOURS.key],
        silent_share=values[SILENT_SHARE.key],
        super_user_days=int(values[SUPER_USER_DAYS.key]),
    )


__all__ = ["ASSUMED", "ASSUMPTIONS", "Assumptions", "assumed"]
