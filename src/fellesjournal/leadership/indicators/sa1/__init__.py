"""SA1: the municipality knows early of who is in hospital."""

from __future__ import annotations

from fellesjournal.leadership.indicators.definition import (
    Direction,
    Indicator,
    Scoring,
    share,
    texts,
)
from fellesjournal.leadership.indicators.handovers import (
    STAY_SAID,
)
from fellesjournal.leadership.indicators.interaction import (
    CATEGORY,
    COVERAGE,
    LEFT_OUT,
    OF_STAYS,
    SERVICES,
    SOURCE,
    STAYS,
    statement,
)

SA1 = Indicator(
    id="SA1",
    version="1",
    aliases=(),
    titles=texts(
        "Tidlig varsel om innleggelse",
        "Tidleg varsel om innlegging",
        "Early notice of admission",
    ),
    description=texts(
        "Andel av opphold på minst 24 timer med kommunalt behov der alle kommunale enheter"
        " fikk varsel innen 24 timer etter innleggelsen.",
        "Del av opphald på minst 24 timar med kommunalt behov der alle kommunale einingar"
        " fekk varsel innan 24 timar etter innlegginga.",
        "Share of stays of at least 24 hours with a municipal need where every municipal"
        " unit was told within 24 hours of the admission.",
    ),
    functionality=texts(
        "Innleggelser og pleie- og omsorgsmeldinger",
        "Innleggingar og pleie- og omsorgsmeldingar",
        "Admissions, and notices between hospital and municipality",
    ),
    categories=CATEGORY,
    services=SERVICES,
    numerator=texts(
        "Varslet innen 24 timer etter innleggelsen",
        "Varsla innan 24 timar etter innlegginga",
        "Told within 24 hours of the admission",
    ),
    denominator=texts(
        "Utskrevet hjem eller til kommunal tjeneste etter minst 24 timer, med kommunalt behov",
        "Utskriven heim eller til kommunal teneste etter minst 24 timar, med kommunalt behov",
        "Discharged home or to a municipal service after at least 24 hours, with a municipal need",
    ),
    scoring=Scoring.PROPORTION,
    direction=Direction.UP,
    tables=(*OF_STAYS, STAY_SAID),
    query=statement("sa1", STAYS),
    companions=(
        share(
            "withdrawn",
            "Utskrivningsklar-varsler som ble trukket",
            "Varsel om utskrivingsklar som vart trekte",
            "Notices of ready for discharge that were withdrawn",
        ),
        share(
            "complete",
            "Opphold der tidspunktet for utskrivningsklar er ført",
            "Opphald der tidspunktet for utskrivingsklar er ført",
            "Stays where the time of being ready for discharge is recorded",
        ),
        COVERAGE,
    ),
    exclusions={
        **LEFT_OUT,
        "short": texts("Kortere enn 24 timer", "Kortare enn 24 timar", "Shorter than 24 hours"),
    },
    source=SOURCE,
    balance=texts(
        "Varsler som ble trukket",
        "Varsel som vart trekte",
        "Withdrawn notices",
    ),
    has_sides=True,
)

__all__ = ["SA1"]
