"""SA2: how soon the municipality answers that somebody is ready for discharge."""

from __future__ import annotations

from fellesjournal.leadership.indicators.assumptions import ANSWER_WITHIN
from fellesjournal.leadership.indicators.definition import (
    Direction,
    Indicator,
    Scoring,
    number,
    share,
    texts,
)
from fellesjournal.leadership.indicators.handovers import (
    DELIVERY,
    PRIVACY,
    STAY_NOTICE,
    UNIT_SYSTEM,
)
from fellesjournal.leadership.indicators.interaction import (
    BLOCKED,
    CATEGORY,
    COVERAGE,
    SERVICES,
    SOURCE,
    statement,
)

SA2 = Indicator(
    id="SA2",
    version="1",
    aliases=(),
    titles=texts(
        "Svar på utskrivningsklar",
        "Svar på utskrivingsklar",
        "Answer to ready for discharge",
    ),
    description=texts(
        "Minutter i avtalt tid fra varselet om utskrivningsklar til det første svaret fra"
        " kommunen, median.",
        "Minutt i avtalt tid frå varselet om utskrivingsklar til det første svaret frå"
        " kommunen, median.",
        "Minutes in the agreed hours from the notice of ready for discharge to the first"
        " answer of the municipality, median.",
    ),
    functionality=texts(
        "Varsel om utskrivningsklar, og brev og rapporter tilbake",
        "Varsel om utskrivingsklar, og brev og rapportar tilbake",
        "Notices of ready for discharge, and letters and reports back",
    ),
    categories=CATEGORY,
    services=SERVICES,
    numerator=texts(
        "Minutter til det første dokumentet fra den varslede enheten til avdelingen",
        "Minutt til det første dokumentet frå den varsla eininga til avdelinga",
        "Minutes until the first document from the unit that was told to the ward",
    ),
    denominator=texts(
        "Varsler som er besvart, begge ender på plattformen",
        "Varsel som er svara på, begge endar på plattforma",
        "Notices that were answered, both ends on the platform",
    ),
    scoring=Scoring.CONTINUOUS,
    direction=Direction.DOWN,
    tables=(STAY_NOTICE, DELIVERY, PRIVACY, UNIT_SYSTEM),
    query=statement("sa2"),
    companions=(
        number(
            "p90",
            "90 % er besvart innen",
            "90 % er svara på innan",
            "90 % were answered within",
            unit="min",
        ),
        share(
            "within",
            "Besvart innen avtalt frist",
            "Svara på innan avtalt frist",
            "Answered within the agreed limit",
        ),
        share(
            "answered",
            "Varsler som er besvart",
            "Varsel som er svara på",
            "Notices that were answered",
        ),
        COVERAGE,
    ),
    exclusions={
        **BLOCKED,
        "outside": texts(
            "Sendt til et annet journalsystem: svaret har ingen målt tid",
            "Sendt til eit anna journalsystem: svaret har inga målt tid",
            "Sent to another record system: its answer has no measured time",
        ),
        "unanswered": texts(
            "Ikke besvart innen 30 døgn",
            "Ikkje svara på innan 30 døgn",
            "Not answered within 30 days",
        ),
    },
    source=SOURCE,
    balance=texts(
        "SA8, akutt reinnleggelse",
        "SA8, akutt reinnlegging",
        "SA8, emergency readmission",
    ),
    has_sides=True,
    reads=(ANSWER_WITHIN,),
    is_clocked=True,
    unit="min",
)

__all__ = ["SA2"]
