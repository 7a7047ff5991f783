"""Values that no source gives. Each has its unit and reason, and is changed by a document
(``documents.settings``), never in the program.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_noop


@dataclass(frozen=True, slots=True)
class Assumption:
    """A value that holds until another is set. ``title`` and ``reason`` are in English, to be
    translated where they are shown; ``unit`` is a code such as ``NOK/h``, "" for a bare number.
    """

    key: str
    value: Decimal
    unit: str
    title: str
    reason: str


OUTLIER_LIMIT = Assumption(
    key="outlier-limit",
    value=Decimal("3.5"),
    unit="",
    title=gettext_noop("Robust z above which a value needs a stated cause"),
    reason=gettext_noop("A common choice for the median absolute deviation; no source names one."),
)
SMALLEST_DENOMINATOR = Assumption(
    key="smallest-denominator",
    value=Decimal(5),
    unit="",
    title=gettext_noop("Smallest denominator that is shown"),
    reason=gettext_noop("The rule that national health statistics commonly publish by."),
)
SMALLEST_COUNT = Assumption(
    key="smallest-count",
    value=Decimal(5),
    unit="",
    title=gettext_noop(
        "Smallest count, and smallest rest of a whole, that is shown unless it is none"
    ),
    reason=gettext_noop("The rule that national health statistics commonly publish by."),
)

HOURS_PER_FTE = Assumption(
    key="hours-per-fte",
    value=Decimal(1750),
    unit="h",
    title=gettext_noop("Hours of a full position in a year"),
    reason=gettext_noop("Common in Norwegian public budgets; no source gives it."),
)
COST_OF_HOUR = Assumption(
    key="cost-of-hour",
    value=Decimal(650),
    unit="NOK",
    title=gettext_noop("Cost of an hour's work"),
    reason=gettext_noop("Fits the own effort in a published grant budget; no source gives it."),
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
]
