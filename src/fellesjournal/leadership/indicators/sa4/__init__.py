"""SA4: the discharge summary is sent within a day, and opened."""

from __future__ import annotations

from fellesjournal.leadership.indicators.definition import (
    Direction,
    Indicator,
    Scoring,
    share,
    texts,
)
from fellesjournal.leadership.indicators.handovers import (
    DELIVERY,
    DELIVERY_PROOF,
    SUMMARY,
    SUMMARY_DOCUMENT,
)
from fellesjournal.leadership.indicators.interaction import (
    CATEGORY,
    COVERAGE,
    LEFT_OUT,
    NOT_YET,
    OF_STAYS,
    SERVICES,
    SOURCE,
    STAYS,
    statement,
)

SA4 = Indicator(
    id="SA4",
    version="1",
    aliases=(),
    titles=texts(
        "Epikrise innen ett døgn",
        "Epikrise innan eitt døgn",
        "Discharge summary within a day",
    ),
    description=texts(
        "Andel av utskrivninger der epikrisen var signert og sendt innen 24 timer.",
        "Del av utskrivingar der epikrisa var signert og send innan 24 timar.",
        "Share of discharges whose summary was signed and sent within 24 hours.",
    ),
    functionality=texts(
        "Epikriser og leveringer med kvittering",
        "Epikriser og leveringar med kvittering",
        "Discharge summaries, and deliveries with evidence",
    ),
    categories=CATEGORY,
    services=SERVICES,
    numerator=texts(
        "Sendt innen 24 timer etter utskrivning",
        "Sendt innan 24 timar etter utskriving",
        "Sent within 24 hours of the discharge",
    ),
    denominator=texts(
        "Utskrevet hjem eller til kommunal tjeneste",
        "Utskriven heim eller til kommunal teneste",
        "Discharged home or to a municipal service",
    ),
    scoring=Scoring.PROPORTION,
    direction=Direction.UP,
    tables=(*OF_STAYS, DELIVERY, DELIVERY_PROOF, SUMMARY, SUMMARY_DOCUMENT),
    query=statement("sa4", STAYS),
    companions=(
        share(
            "opened",
            "SA4b: åpnet av mottaker innen tre virkedager, av sendte",
            "SA4b: opna av mottakar innan tre yrkedagar, av sende",
            "SA4b: opened by the receiver within three working days, of those sent",
        ),
        share(
            "amended",
            "Rettet etter signering",
            "Retta etter signering",
            "Amended after it was signed",
        ),
        COVERAGE,
    ),
    exclusions={
        **LEFT_OUT,
        "open": NOT_YET,
    },
    source=SOURCE,
    balance=texts(
        "Rettet etterpå",
        "Retta etterpå",
        "Amended afterwards",
    ),
    has_sides=True,
)

__all__ = ["SA4"]
