"""Values that indicators count with and no source gives."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_noop

from fellesjournal.leadership.figures.assumptions import Assumption

ANSWER_WITHIN = Assumption(
    key="answer-within",
    value=Decimal(60),
    unit="min",
    title=gettext_noop(
        "How soon the municipality should answer that somebody is ready for discharge"
    ),
    reason=gettext_noop("What hospitals and municipalities agree on differs; no source gives it."),
    least=Decimal(1),
    most=Decimal(100000),
)
AGREED_FROM = Assumption(
    key="agreed-hours-from",
    value=Decimal(8),
    unit="h",
    title=gettext_noop("The agreed hours begin at"),
    reason=gettext_noop(
        "The clock of an answer runs on working days only; no source gives the hours."
    ),
    least=Decimal(0),
    most=Decimal(11),
)
AGREED_TO = Assumption(
    key="agreed-hours-to",
    value=Decimal("15.5"),
    unit="h",
    title=gettext_noop("The agreed hours end at"),
    reason=gettext_noop(
        "The clock of an answer runs on working days only; no source gives the hours."
    ),
    least=Decimal(12),
    most=Decimal(24),
)

ASSUMPTIONS = (ANSWER_WITHIN, AGREED_FROM, AGREED_TO)

__all__ = ["AGREED_FROM", "AGREED_TO", "ANSWER_WITHIN", "ASSUMPTIONS"]
