"""Values that no source gives. Each has its unit and reason, and is changed by a document
(``documents.settings``); what is fixed guards others or is part of a method, and changes with
the program alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from django.utils.translation import gettext_noop


class Refusal(Enum):
    """Why a value can't be set."""

    FIXED = "it is held in the program"
    NOT_WHOLE = "it is not a whole number"
    TOO_SMALL = "it is less than the least that makes sense"
    TOO_LARGE = "it is more than the most that makes sense"


@dataclass(frozen=True, slots=True)
class Assumption:
    """A value that holds until another is set. ``title`` and ``reason`` are in English, to be
    translated where they are shown; ``unit`` is a code such as ``NOK/h``, "" for a bare number.
    ``least`` and ``most`` are the last values that still make sense of the figures it enters.
    """

    key: str
    value: Decimal
    unit: str
    title: str
    reason: str
    least: Decimal | None = None
    most: Decimal | None = None
    is_whole: bool = False
    is_fixed: bool = False

    def refuse(self, value: Decimal) -> Refusal | None:
        """Why this can't be set to ``value``; None: it can."""
        if self.is_fixed:
            return Refusal.FIXED
        if self.is_whole and value != value.to_integral_value():
            return Refusal.NOT_WHOLE
        if self.least is not None and value < self.least:
            return Refusal.TOO_SMALL
        if self.most is not None and value > self.most:
            return Refusal.TOO_LARGE
        return None


OUTLIER_LIMIT = Assumption(
    key="outlier-limit",
    value=Decimal("3.5"),
    unit="",
    title=gettext_noop("Robust z above which a value needs a stated cause"),
    reason=gettext_noop("A common choice for the median absolute deviation; no source names one."),
    is_fixed=True,
)
SMALLEST_DENOMINATOR = Assumption(
    key="smallest-denominator",
    value=Decimal(5),
    unit="",
    title=gettext_noop("Smallest denominator that is shown"),
    reason=gettext_noop("The rule that national health statistics commonly publish by."),
    is_fixed=True,
)
SMALLEST_COUNT = Assumption(
    key="smallest-count",
    value=Decimal(5),
    unit="",
    title=gettext_noop(
        "Smallest count, and smallest rest of a whole, that is shown unless it is none"
    ),
    reason=gettext_noop("The rule that national health statistics commonly publish by."),
    is_fixed=True,
)

HOURS_PER_FTE = Assumption(
    key="hours-per-fte",
    value=Decimal(1750),
    unit="h",
    title=gettext_noop("Hours of a full position in a year"),
    reason=gettext_noop("Common in Norwegian public budgets; no source gives it."),
    least=Decimal(1),
    most=Decimal(8760),
)
COST_OF_HOUR = Assumption(
    key="cost-of-hour",
    value=Decimal(650),
    unit="NOK",
    title=gettext_noop("Cost of an hour's work"),
    reason=gettext_noop("Fits the own effort in a published grant budget; no source gives it."),
    least=Decimal(1),
    most=Decimal(100000),
)

ASSUMPTIONS = (
    OUTLIER_LIMIT, SMALLEST_DENOMINATOR, SMALLEST_COUNT, HOURS_PER_FTE, COST_OF_HOUR,
)  # fmt: skip

__all__ = [
    "ASSUMPTIONS",
    "COST_OF_HOUR",
    "HOURS_PER_FTE",
    "OUTLIER_LIMIT",
    "SMALLEST_COUNT",
    "SMALLEST_DENOMINATOR",
    "Assumption",
    "Refusal",
]
