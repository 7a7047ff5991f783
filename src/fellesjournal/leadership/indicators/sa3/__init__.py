"""SA3: nights in hospital after one is ready to leave it."""

from __future__ import annotations

from fellesjournal.leadership.indicators.definition import (
    Direction,
    Indicator,
    Scoring,
    number,
    share,
    texts,
)
from fellesjournal.leadership.indicators.handovers import STAY_SAID
from fellesjournal.leadership.indicators.interaction import (
    CATEGORY,
    LEFT_OUT,
    OF_STAYS,
    SERVICES,
    SOURCE,
    STAYS,
    statement,
)

SA3 = Indicator(
    id="SA3",
    version="1",
    aliases=(),
    titles=texts("Døgn på vent", "Døgn på vent", "Waiting bed-days"),
    description=texts(
        "Netter fra utskrivningsklar til utskrevet, per 1000 innbyggere i kommunen, standardisert"
        " etter alder og kjønn.",
        "Netter frå utskrivingsklar til utskriven, per 1000 innbyggjarar i kommunen, standardisert"
        " etter alder og kjønn.",
        "Nights from ready for discharge to discharged, per 1000 residents of the municipality,"
        " standardised by age and sex.",
    ),
    functionality=texts(
        "Utskrivningsklar og utskrevet, folkeregistrert kommune",
        "Utskrivingsklar og utskriven, folkeregistrert kommune",
        "Ready for discharge and discharged, registered municipality",
    ),
    categories=CATEGORY,
    services=SERVICES,
    numerator=texts(
        "Netter (midnatter) fra siste melding om utskrivningsklar til utskriving; 0–66, 67–79 og 80 år"
        " og eldre, kvinner og menn, vektet som alle kjente innbyggere",
        "Netter (midnatter) frå siste melding om utskrivingsklar til utskriving; 0–66, 67–79 og 80 år"
        " og eldre, kvinner og menn, vekta som alle kjende innbyggjarar",
        "Nights (midnights) from the last notice of being ready to the discharge; 0–66, 67–79 and 80"
        " years and older, women and men, weighted as all known residents",
    ),
    denominator=texts(
        "Utskrivninger av innbyggere, med tidspunkt for utskrivningsklar",
        "Utskrivingar av innbyggjarar, med tidspunkt for utskrivingsklar",
        "Discharges of residents, with a time of being ready",
    ),
    scoring=Scoring.CONTINUOUS,
    direction=Direction.DOWN,
    tables=(*OF_STAYS, STAY_SAID),
    query=statement("sa3", STAYS),
    companions=(
        number(
            "crude", "Uten standardisering", "Utan standardisering", "Not standardised",
            unit="per 1000",
        ),
        share(
            "complete",
            "Opphold der tidspunktet for utskrivningsklar er ført",
            "Opphald der tidspunktet for utskrivingsklar er ført",
            "Stays where the time of being ready for discharge is recorded",
        ),
    ),
    exclusions=LEFT_OUT,
    source=SOURCE,
    balance=texts(
        "SA8, akutt reinnleggelse", "SA8, akutt reinnlegging", "SA8, emergency readmission"
    ),
    unit="per 1000",
)  # fmt: skip

__all__ = ["SA3"]
