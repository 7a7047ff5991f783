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

ASSUMPTIONS = (OUTLIER_LIMIT, SMALLEST_DENOMINATOR, SMALLEST_COUNT)

__all__ = ["ASSUMPTIONS", "OUTLIER_LIMIT", "SMALLEST_COUNT", "SMALLEST_DENOMINATOR", "Assumption"]
