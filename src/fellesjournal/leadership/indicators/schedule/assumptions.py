"""What no source gives of schedules. Every value here is an assumption (configurable)."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_noop

from fellesjournal.leadership.figures.assumptions import Assumption

HORIZON = Assumption(
    key="schedule-horizon",
    value=Decimal(90),
    unit="d",
    title=gettext_noop("Days ahead in which the third next available time is looked for"),
    reason=gettext_noop("As far as citizens may book ahead."),
    least=Decimal(1),
    most=Decimal(365),
    is_whole=True,
)
LOW_UTILISATION = Assumption(
    key="schedule-low-utilisation",
    value=Decimal("0.05"),
    unit="",
    title=gettext_noop("Utilisation below which openings are taken to be wrongly set up"),
    reason=gettext_noop("No clinic runs at one in twenty; the published case lay near 1 %."),
    is_fixed=True,
)
FEWEST_CLINICIANS = Assumption(
    key="schedule-fewest-clinicians",
    value=Decimal(5),
    unit="",
    title=gettext_noop("Fewest clinicians whose waits are shown one by one outside their own unit"),
    reason=gettext_noop("Figures of one person are for her and her nearest leader."),
    least=Decimal(1),
    most=Decimal(1000),
    is_whole=True,
)

ASSUMPTIONS = (HORIZON, LOW_UTILISATION, FEWEST_CLINICIANS)

__all__ = ["ASSUMPTIONS", "FEWEST_CLINICIANS", "HORIZON", "LOW_UTILISATION"]
