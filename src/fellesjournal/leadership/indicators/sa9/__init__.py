"""SA9: somebody comes soon after she is home."""

from __future__ import annotations

from fellesjournal.leadership.indicators.definition import (
    Direction,
    Indicator,
    Scoring,
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
from fellesjournal.leadership.indicators.views import HOME_VISIT

SA9 = Indicator(
    id="SA9",
    version="1",
    aliases=(),
    titles=texts(
        "Første kommunale kontakt",
        "Første kommunale kontakt",
        "First municipal contact",
    ),
    description=texts(
        "Andel av utskrivninger hjem med kommunalt behov der noen var på besøk innen 72"
        " timer. Skrøpelighet føres ikke, så grensen på 24 timer for skrøpelige er ikke"
        " med.",
        "Del av utskrivingar heim med kommunalt behov der nokon var på besøk innan 72"
        " timar. Skrøpelegdom vert ikkje ført, så grensa på 24 timar for skrøpelege er"
        " ikkje med.",
        "Share of discharges home with a municipal need where somebody visited within 72"
        " hours. Frailty is not recorded, so that the limit of 24 hours for the frail is"
        " not in it.",
    ),
    functionality=texts(
        "Utskrivninger og besøk i hjemmetjenesten",
        "Utskrivingar og besøk i heimetenesta",
        "Discharges, and visits of home care",
    ),
    categories=CATEGORY,
    services=SERVICES,
    numerator=texts(
        "Besøk ansikt til ansikt innen 72 timer",
        "Besøk andlet til andlet innan 72 timar",
        "Visited face to face within 72 hours",
    ),
    denominator=texts(
        "Utskrevet hjem med kommunalt behov, i live",
        "Utskriven heim med kommunalt behov, i live",
        "Discharged home with a municipal need, alive",
    ),
    scoring=Scoring.PROPORTION,
    direction=Direction.UP,
    tables=(*OF_STAYS, HOME_VISIT),
    query=statement("sa9", STAYS),
    companions=(COVERAGE,),
    exclusions={
        **LEFT_OUT,
        "elsewhere": texts("Ikke til eget hjem", "Ikkje til eigen heim", "Not to her own home"),
        "open": NOT_YET,
    },
    source=SOURCE,
    balance=texts(
        "Uplanlagt kontakt med legevakt",
        "Uplanlagd kontakt med legevakt",
        "Unplanned out-of-hours contact",
    ),
    has_sides=True,
)

__all__ = ["SA9"]
