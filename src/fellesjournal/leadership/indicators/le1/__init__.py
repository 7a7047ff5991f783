"""LE1: medication on time. The same indicator as IM2 and IU3."""

from __future__ import annotations

from pathlib import Path

from fellesjournal.leadership.indicators.assumptions import (
    RECORDED_WITHIN,
    TIME_CRITICAL_ANTIBIOTICS,
    TIME_CRITICAL_EPILEPSY,
    TIME_CRITICAL_INSULIN,
    TIME_CRITICAL_MINUTES,
    TIME_CRITICAL_OPIOIDS,
    TIME_CRITICAL_PARKINSON,
)
from fellesjournal.leadership.indicators.definition import (
    Direction,
    Indicator,
    Scoring,
    number,
    share,
    texts,
)
from fellesjournal.leadership.indicators.views import DOSE_GIVEN, HOME_VISIT, PLANNED_DOSE

LE1 = Indicator(
    id="LE1",
    version="4",
    aliases=("IM2", "IU3"),
    titles=texts("Legemidler til rett tid", "Legemiddel til rett tid", "Medication on time"),
    description=texts(
        "Andel av de gitte legemidlene som ble gitt fra en time før til en time etter planlagt tid.",
        "Del av dei gjevne legemidla som vart gjevne frå ein time før til ein time etter planlagd tid.",
        "Share of given medicines that were given from one hour before to one hour after their planned time.",
    ),
    functionality=texts(
        "Planlagte doser og registrert administrasjon i hjemmetjenesten",
        "Planlagde dosar og registrert administrasjon i heimetenesta",
        "Planned doses and recorded administration in home care",
    ),
    categories=texts(
        "Legemiddelhåndtering (tverrgående); institusjon med og uten vedtak",
        "Legemiddelhandtering (tverrgåande); institusjon med og utan vedtak",
        "Medication handling (cross-cutting); institution with and without decision",
    ),
    services=texts(
        "Hjemmetjeneste, sykehjem", "Heimeteneste, sjukeheim", "Home care, nursing home"
    ),
    numerator=texts(
        "Gitt innen 60 minutter før eller etter planlagt tid, på sekundet",
        "Gjeve innan 60 minutt før eller etter planlagd tid, på sekundet",
        "Given within 60 minutes before or after the planned time, to the second",
    ),
    denominator=texts(
        "Gitt, med planlagt tid", "Gjeve, med planlagd tid", "Given, with a planned time"
    ),
    scoring=Scoring.PROPORTION,
    direction=Direction.UP,
    tables=(PLANNED_DOSE, DOSE_GIVEN, HOME_VISIT),
    query=(Path(__file__).parent / "query.sql").read_text(encoding="utf-8"),
    companions=(
        share(
            "le1b",
            "LE1b: i rett tid av alle forfalte doser",
            "LE1b: i rett tid av alle forfalne dosar",
            "LE1b: on time of all doses that were due",
        ),
        share(
            "omitted",
            "Ikke gitt, av alle forfalte",
            "Ikkje gjeve, av alle forfalne",
            "Not given, of all that were due",
        ),
        share(
            "early",
            "For tidlig, av gitte",
            "For tidleg, av gjevne",
            "Too early, of those given",
            adds_up="timing",
        ),
        share(
            "late",
            "For sent, av gitte",
            "For seint, av gjevne",
            "Too late, of those given",
            adds_up="timing",
        ),
        share(
            "exact",
            "På sekundet planlagt tid, av gitte",
            "På sekundet planlagd tid, av gjevne",
            "To the second at the planned time, of those given",
        ),
        share(
            "critical",
            "Tidskritiske legemidler innen den kortere grensen, av de gitte av dem",
            "Tidskritiske legemiddel innan den kortare grensa, av dei gjevne av dei",
            "Time-critical medicines within the shorter limit, of those of them that were given",
        ),
        number(
            "lag",
            "Fra gitt til registrert, median av dem som ble ført av den som ga",
            "Frå gjeve til registrert, median av dei som vart førte av den som gav",
            "From given to recorded, median of those recorded by who gave them",
            unit="min",
            is_of_own=True,
        ),
        share(
            "afterwards",
            "Ført lenge etterpå, som det som er overført fra et annet system, av gitte",
            "Ført lenge etterpå, som det som er overført frå eit anna system, av gjevne",
            "Recorded long afterwards, as what was loaded from another system, of those given",
        ),
    ),
    is_by_period=True,
    reads=(
        RECORDED_WITHIN,
        TIME_CRITICAL_MINUTES,
        TIME_CRITICAL_INSULIN,
        TIME_CRITICAL_PARKINSON,
        TIME_CRITICAL_EPILEPSY,
        TIME_CRITICAL_OPIOIDS,
        TIME_CRITICAL_ANTIBIOTICS,
    ),
    exclusions={
        "unplanned": texts(
            "Uten planlagt tid (ved behov, straks)",
            "Utan planlagd tid (ved behov, straks)",
            "Without a planned time (as needed, at once)",
        ),
        "repeated": texts(
            "Skannet igjen: den første teller",
            "Skanna på nytt: den første tel",
            "Scanned again: the first counts",
        ),
        "in_error": texts("Ført ved feil", "Ført ved feil", "Entered in error"),
        "away": texts(
            "Innlagt eller på permisjon", "Innlagd eller på permisjon", "In hospital or on leave"
        ),
    },
    source=texts(
        "Gevinstrealisering i Helseplattformen, Molde, 2. september 2022; teksten er skadet i arkivet",
        "Gevinstrealisering i Helseplattformen, Molde, 2. september 2022; teksten er skadd i arkivet",
        "Gevinstrealisering i Helseplattformen, Molde, 2 September 2022; the text is damaged there",
    ),
)

__all__ = ["LE1"]
