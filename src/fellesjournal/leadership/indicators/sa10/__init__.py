"""SA10: whoever needs much of several has one plan that they share."""

from __future__ import annotations

from fellesjournal.leadership.indicators.definition import (
    Direction,
    Indicator,
    Scoring,
    number,
    share,
    texts,
)
from fellesjournal.leadership.indicators.handovers import PERSON, PRIVACY, UNIT_SYSTEM
from fellesjournal.leadership.indicators.interaction import (
    CATEGORY,
    COVERAGE,
    LEFT_OUT,
    SERVICES,
    SOURCE,
    statement,
)
from fellesjournal.leadership.indicators.shared_plans import OF_PLANS

SA10 = Indicator(
    id="SA10",
    version="1",
    aliases=(),
    titles=texts("Én felles plan", "Éin felles plan", "One shared plan"),
    description=texts(
        "Andel med sammensatte behov (minst tre tjenester fra minst to virksomheter de siste 90"
        " dagene) som har én plan som minst to virksomheter har skrevet de siste 180 dagene, med"
        " navngitt koordinator, og som hun kan se selv. Hun telles hos hver enhet som gir henne noe.",
        "Del med samansette behov (minst tre tenester frå minst to verksemder dei siste 90 dagane)"
        " som har éin plan som minst to verksemder har skrive dei siste 180 dagane, med namngjeven"
        " koordinator, og som ho kan sjå sjølv. Ho vert talt hos kvar eining som gjev henne noko.",
        "Share of those with complex needs (at least three services by at least two organisations"
        " in the last 90 days) who have one plan that at least two organisations wrote in the last"
        " 180 days, with a named coordinator, and that she can see herself. She counts at each unit"
        " that gives her something.",
    ),
    functionality=texts(
        "Planer, team rundt innbyggeren og tjenester",
        "Planar, team rundt innbyggjaren og tenester",
        "Plans, teams around citizens, and services",
    ),
    categories=CATEGORY,
    services=SERVICES,
    numerator=texts(
        "Har én felles plan med koordinator, som hun kan se",
        "Har éin felles plan med koordinator, som ho kan sjå",
        "Have one shared plan with a coordinator, which she can see",
    ),
    denominator=texts(
        "Minst tre tjenester fra minst to virksomheter på 90 dager",
        "Minst tre tenester frå minst to verksemder på 90 dagar",
        "At least three services by at least two organisations in 90 days",
    ),
    scoring=Scoring.PROPORTION,
    direction=Direction.UP,
    tables=(PERSON, PRIVACY, UNIT_SYSTEM, *OF_PLANS),
    query=statement("sa10"),
    companions=(
        number(
            "age",
            "Alder på nyeste plan, median",
            "Alder på nyaste plan, median",
            "Age of the newest plan, median",
            unit="d",
        ),
        share(
            "complete",
            "Har plan der dato, forfatternes virksomhet og team er ført, av dem med plan",
            "Har plan der dato, verksemda til forfattarane og team er førte, av dei med plan",
            "Have a plan whose date, organisations of authors and team are recorded, of those with one",
        ),
        COVERAGE,
    ),
    exclusions={name: LEFT_OUT[name] for name in ("died", "blocked")},
    source=SOURCE,
    balance=texts("Planens alder", "Alderen på planen", "Age of the plan"),
)

__all__ = ["SA10"]
