"""SA8: back as an emergency within 30 days, of those who are 67 or older."""

from __future__ import annotations

from fellesjournal.leadership.indicators.definition import (
    Direction,
    Indicator,
    Scoring,
    number,
    texts,
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

SA8 = Indicator(
    id="SA8",
    version="1",
    aliases=(),
    titles=texts(
        "Akutt reinnleggelse, 67 år og eldre",
        "Akutt reinnlegging, 67 år og eldre",
        "Emergency readmission, 67 years and older",
    ),
    description=texts(
        "Andel av utskrivninger av personer på 67 år eller mer som ble fulgt av en akutt"
        " innleggelse mer enn 8 timer og høyst 30 døgn etterpå.",
        "Del av utskrivingar av personar på 67 år eller meir som vart følgde av ei akutt"
        " innlegging meir enn 8 timar og høgst 30 døgn etterpå.",
        "Share of discharges of people of 67 years or more that were followed by an"
        " emergency admission more than 8 hours and at most 30 days later.",
    ),
    functionality=texts(
        "Innleggelser og utskrivninger",
        "Innleggingar og utskrivingar",
        "Admissions and discharges",
    ),
    categories=CATEGORY,
    services=SERVICES,
    numerator=texts(
        "Fulgt av en akutt innleggelse, 8 timer < t ≤ 30 døgn",
        "Følgd av ei akutt innlegging, 8 timar < t ≤ 30 døgn",
        "Followed by an emergency admission, 8 hours < t ≤ 30 days",
    ),
    denominator=texts(
        "Utskrevet hjem eller til kommunal tjeneste, 67 år eller mer, 30 døgn siden",
        "Utskriven heim eller til kommunal teneste, 67 år eller meir, 30 døgn sidan",
        "Discharged home or to a municipal service, 67 years or more, 30 days ago",
    ),
    scoring=Scoring.PROPORTION,
    direction=Direction.DOWN,
    tables=OF_STAYS,
    query=statement("sa8", STAYS),
    companions=(
        number(
            "oe",
            "Observert delt på forventet, etter alder og kjønn blant alle enheter",
            "Observert delt på forventa, etter alder og kjønn blant alle einingar",
            "Observed by expected, by age and sex among all units",
        ),
        COVERAGE,
    ),
    exclusions={
        **{name: said for name, said in LEFT_OUT.items() if name != "newborn"},
        "open": NOT_YET,
    },
    source=SOURCE,
    balance=texts(
        "SA3, døgn på vent",
        "SA3, døgn på vent",
        "SA3, waiting bed-days",
    ),
    has_sides=True,
)

__all__ = ["SA8"]
