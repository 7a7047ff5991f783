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

FRAIL_FROM = Assumption(
    key="frail-from",
    value=Decimal(5),
    unit="",
    title=gettext_noop("Frail from this score of the Clinical Frailty Scale"),
    reason=gettext_noop(
        "The scale calls 5 mild frailty; the source asks for a visit within 24 hours for the frail"
        " and does not say how frailty is known."
    ),
    least=Decimal(4),
    most=Decimal(9),
    is_whole=True,
)
TIME_CRITICAL_MINUTES = Assumption(
    key="time-critical-minutes",
    value=Decimal(30),
    unit="min",
    title=gettext_noop("How far from its planned time a time-critical medicine may be given"),
    reason=gettext_noop("A common limit where such lists are used; no Norwegian source gives it."),
    least=Decimal(1),
    most=Decimal(60),
)

RECORDED_WITHIN = Assumption(
    key="recorded-within-hours",
    value=Decimal(24),
    unit="h",
    title=gettext_noop("Within how long after a medicine was given it is recorded by who gave it"),
    reason=gettext_noop(
        "What stands in the record later was loaded from another system, or written long afterwards:"
        " it says nothing of how long it takes to record. No source gives the limit."
    ),
    least=Decimal(1),
    most=Decimal(168),
)


def _group(key: str, title: str, *, belongs: bool) -> Assumption:
    """Whether a group of medicines is time-critical: 1 it is, 0 it is not."""
    return Assumption(
        key=f"time-critical-{key}",
        value=Decimal(int(belongs)),
        unit="",
        title=title,
        reason=gettext_noop(
            "Which medicines are time-critical is decided by those who answer for them; no source"
            " gives the list. 1: they belong to it, 0: they do not."
        ),
        least=Decimal(0),
        most=Decimal(1),
        is_whole=True,
    )


TIME_CRITICAL_INSULIN = _group(
    "insulin", gettext_noop("Time-critical: insulins (ATC A10A)"), belongs=True
)
TIME_CRITICAL_PARKINSON = _group(
    "parkinson", gettext_noop("Time-critical: for Parkinson's (ATC N04)"), belongs=True
)
TIME_CRITICAL_EPILEPSY = _group(
    "epilepsy", gettext_noop("Time-critical: for epilepsy (ATC N03)"), belongs=True
)
TIME_CRITICAL_OPIOIDS = _group(
    "opioids", gettext_noop("Time-critical: opioids (ATC N02A)"), belongs=False
)
TIME_CRITICAL_ANTIBIOTICS = _group(
    "antibiotics", gettext_noop("Time-critical: antibiotics (ATC J01)"), belongs=False
)
ASSUMPTIONS = (
    ANSWER_WITHIN, AGREED_FROM, AGREED_TO, FRAIL_FROM, RECORDED_WITHIN, TIME_CRITICAL_MINUTES,
    TIME_CRITICAL_INSULIN, TIME_CRITICAL_PARKINSON, TIME_CRITICAL_EPILEPSY, TIME_CRITICAL_OPIOIDS,
    TIME_CRITICAL_ANTIBIOTICS,
)  # fmt: skip

__all__ = [
    "AGREED_FROM", "AGREED_TO", "ANSWER_WITHIN", "ASSUMPTIONS", "FRAIL_FROM",
    "RECORDED_WITHIN", "TIME_CRITICAL_ANTIBIOTICS", "TIME_CRITICAL_EPILEPSY", "TIME_CRITICAL_INSULIN",
    "TIME_CRITICAL_MINUTES", "TIME_CRITICAL_OPIOIDS", "TIME_CRITICAL_PARKINSON",
]  # fmt: skip
