"""SA9: somebody comes soon after she is home."""

from __future__ import annotations

from fellesjournal.leadership.indicators.assumptions import FRAIL_FROM
from fellesjournal.leadership.indicators.definition import (
    Direction,
    Indicator,
    Scoring,
    share,
    texts,
)
from fellesjournal.leadership.indicators.handovers import FRAILTY
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
    version="2",
    aliases=(),
    titles=texts(
        "Første kommunale kontakt",
        "Første kommunale kontakt",
        "First municipal contact",
    ),
    description=texts(
        "Andel av utskrivninger hjem med kommunalt behov der noen var på besøk innen 72"
        " timer, for skrøpelige innen 24 timer. Skrøpelig er den som sist før utskrivningen"
        " hadde minst så mange poeng på Clinical Frailty Scale som en antakelse sier.",
        "Del av utskrivingar heim med kommunalt behov der nokon var på besøk innan 72"
        " timar, for skrøpelege innan 24 timar. Skrøpeleg er den som sist før utskrivinga"
        " hadde minst så mange poeng på Clinical Frailty Scale som ein føresetnad seier.",
        "Share of discharges home with a municipal need where somebody visited within 72"
        " hours, of the frail within 24. Frail is who last before the discharge scored at"
        " least what an assumption says on the Clinical Frailty Scale.",
    ),
    functionality=texts(
        "Utskrivninger og besøk i hjemmetjenesten",
        "Utskrivingar og besøk i heimetenesta",
        "Discharges, and visits of home care",
    ),
    categories=CATEGORY,
    services=SERVICES,
    numerator=texts(
        "Besøk ansikt til ansikt innen 72 timer, for skrøpelige innen 24",
        "Besøk andlet til andlet innan 72 timar, for skrøpelege innan 24",
        "Visited face to face within 72 hours, the frail within 24",
    ),
    denominator=texts(
        "Utskrevet hjem med kommunalt behov, i live",
        "Utskriven heim med kommunalt behov, i live",
        "Discharged home with a municipal need, alive",
    ),
    scoring=Scoring.PROPORTION,
    direction=Direction.UP,
    tables=(*OF_STAYS, HOME_VISIT, FRAILTY),
    query=statement("sa9", STAYS),
    companions=(
        share(
            "frail",
            "Skrøpelige innen 24 timer",
            "Skrøpelege innan 24 timar",
            "The frail within 24 hours",
        ),
        COVERAGE,
    ),
    reads=(FRAIL_FROM,),
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
