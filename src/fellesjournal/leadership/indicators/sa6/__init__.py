"""SA6: what is sent has come, and somebody has dealt with it."""

from __future__ import annotations

from fellesjournal.leadership.indicators.definition import (
    Direction,
    Indicator,
    Scoring,
    number,
    share,
    texts,
)
from fellesjournal.leadership.indicators.interaction import (
    BLOCKED,
    CATEGORY,
    COVERAGE,
    MESSAGES,
    NOT_YET,
    OF_MESSAGES,
    SERVICES,
    SOURCE,
    statement,
)

SA6 = Indicator(
    id="SA6",
    version="1",
    aliases=(),
    titles=texts(
        "Lukket meldingssløyfe",
        "Lukka meldingssløyfe",
        "Closed message loop",
    ),
    description=texts(
        "Andel av sendte dokumenter med kvittering som er behandlet innen 24 timer"
        " (haster) eller 72 timer (ellers).",
        "Del av sende dokument med kvittering som er handsama innan 24 timar (hastar)"
        " eller 72 timar (elles).",
        "Share of documents sent that have a receipt and were dealt with within 24 hours"
        " (urgent) or 72 hours (others).",
    ),
    functionality=texts(
        "Leveringer med kvittering",
        "Leveringar med kvittering",
        "Deliveries with evidence",
    ),
    categories=CATEGORY,
    services=SERVICES,
    numerator=texts(
        "Med kvittering, og behandlet innen fristen",
        "Med kvittering, og handsama innan fristen",
        "With a receipt, and dealt with in time",
    ),
    denominator=texts(
        "Dokumenter fra en enhet til en annen",
        "Dokument frå ei eining til ei anna",
        "Documents from one unit to another",
    ),
    scoring=Scoring.PROPORTION,
    direction=Direction.UP,
    tables=OF_MESSAGES,
    query=statement("sa6", MESSAGES),
    companions=(
        share(
            "silent",
            "Stille feil: ingen kvittering innen 15 minutter (mål 0)",
            "Stille feil: inga kvittering innan 15 minutt (mål 0)",
            "Silent failures: no receipt within 15 minutes (target 0)",
            adds_up="silent",
        ),
        number(
            "detected",
            "Fra sendt til noen så at den ikke kom fram, median",
            "Frå sendt til nokon såg at han ikkje kom fram, median",
            "From sent until somebody saw that it had not arrived, median",
            unit="min",
            adds_up="silent",
        ),
        share(
            "again",
            "Samme dokument sendt på nytt til samme enhet",
            "Same dokument sendt på nytt til same eining",
            "The same document sent again to the same unit",
        ),
        COVERAGE,
    ),
    exclusions={
        **BLOCKED,
        "open": NOT_YET,
    },
    source=SOURCE,
    balance=texts(
        "Dokumenter som sendes på nytt",
        "Dokument som vert sende på nytt",
        "Duplicate messages",
    ),
    has_sides=True,
)

__all__ = ["SA6"]
