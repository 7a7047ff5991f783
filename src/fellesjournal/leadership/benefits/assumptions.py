"""What the sources on benefits leave open."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_noop

from fellesjournal.leadership.figures.assumptions import Assumption

LEAST_FIT = Assumption(
    key="least-fit",
    value=Decimal(3),
    unit="",
    title=gettext_noop("Lowest fit with strategy (1 to 5) that is considered"),
    reason=gettext_noop("The handbook asks for fit and gives no limit."),
    least=Decimal(1),
    most=Decimal(5),
)
LOW_HANGING_SIZE = Assumption(
    key="low-hanging-size",
    value=Decimal(4),
    unit="",
    title=gettext_noop("Size from which a benefit can be a low-hanging fruit"),
    reason=gettext_noop("The handbook asks for size and difficulty and gives no limits."),
    least=Decimal(1),
    most=Decimal(5),
)
LOW_HANGING_DIFFICULTY = Assumption(
    key="low-hanging-difficulty",
    value=Decimal(2),
    unit="",
    title=gettext_noop("Difficulty up to which a benefit can be a low-hanging fruit"),
    reason=gettext_noop("The handbook asks for size and difficulty and gives no limits."),
    least=Decimal(1),
    most=Decimal(5),
)
DISCUSS_FROM = Assumption(
    key="discuss-from-spread",
    value=Decimal(2),
    unit="",
    title=gettext_noop("Spread between scorers from which a score is discussed"),
    reason=gettext_noop("No source names one."),
    least=Decimal(0),
    most=Decimal(4),
)
SMALLEST_BLOCK = Assumption(
    key="smallest-block",
    value=Decimal(30),
    unit="min",
    title=gettext_noop("Shortest time in one piece that can be moved to other work"),
    reason=gettext_noop(
        "Minutes here and there give capacity and no budget; no source names the limit."
    ),
    least=Decimal(0),
    most=Decimal(1440),
)

ASSUMPTIONS = (
    LEAST_FIT, LOW_HANGING_SIZE, LOW_HANGING_DIFFICULTY, DISCUSS_FROM,
    SMALLEST_BLOCK,
)  # fmt: skip
