"""H4: how few people come home to one citizen."""

from __future__ import annotations

from pathlib import Path

from fellesjournal.leadership.indicators.definition import (
    Direction,
    Indicator,
    Scoring,
    number,
    texts,
)
from fellesjournal.leadership.indicators.views import HOME_VISIT, VISIT_CARER

H4 = Indicator(
    id="H4",
    version="2",
    aliases=(),
    titles=texts("Få ansikter", "Få andlet", "Carer continuity"),
    description=texts(
        "0 når det kommer en ny hver gang, 1 når det alltid er den samme: (N − K)/(N − 1), N besøk"
        " av K ulike. Median over mottakere i et vindu på 28 dager.",
        "0 når det kjem ein ny kvar gong, 1 når det alltid er den same: (N − K)/(N − 1), N besøk"
        " av K ulike. Median over mottakarar i eit vindauge på 28 dagar.",
        "0 when somebody new comes each time, 1 when it is always the same: (N − K)/(N − 1), N"
        " visits by K different people. Median over recipients in a window of 28 days.",
    ),
    functionality=texts(
        "Besøk i hjemmetjenesten, signert av den som var der",
        "Besøk i heimetenesta, signert av den som var der",
        "Home-care visits, signed by whoever was there",
    ),
    categories=texts("Hjemmetjeneste", "Heimeteneste", "Home care"),
    services=texts("Hjemmetjeneste", "Heimeteneste", "Home care"),
    numerator=texts(
        "Besøk av noen som har vært der før i vinduet",
        "Besøk av nokon som har vore der før i vindauget",
        "Visits by somebody who has been there before in the window",
    ),
    denominator=texts(
        "Mottakere med minst to fullførte besøk",
        "Mottakarar med minst to fullførte besøk",
        "Recipients with at least two completed visits",
    ),
    scoring=Scoring.CONTINUOUS,
    direction=Direction.UP,
    tables=(HOME_VISIT, VISIT_CARER),
    query=(Path(__file__).parent / "query.sql").read_text(encoding="utf-8"),
    companions=(
        number("weighted", "Vektet med besøk", "Vekta med besøk", "Weighted by visits"),
        number(
            "each",
            "Når to på ett besøk teller som to",
            "Når to på eitt besøk tel som to",
            "When two at one visit count as two",
        ),
        number("upc", "UPC: den som kom oftest", "UPC: den som kom oftast", "UPC: who came most"),
        number("coc", "COC", "COC", "COC"),
        number(
            "secon", "SECON: samme som sist", "SECON: same som sist", "SECON: same as last time"
        ),
        number("mci", "MCI", "MCI", "MCI"),
        number("mmci", "MMCI", "MMCI", "MMCI"),
        number(
            "people",
            "Ulike ansatte per mottaker de siste 14 dagene, snitt",
            "Ulike tilsette per mottakar dei siste 14 dagane, snitt",
            "Different staff per recipient in the last 14 days, mean",
            is_of_own=True,
        ),
    ),
    exclusions={
        "one_visit": texts(
            "Mottakere med ett besøk", "Mottakarar med eitt besøk", "Recipients with one visit"
        ),
        "unknown_carer": texts(
            "Besøk uten kjent ansatt, telt som nye",
            "Besøk utan kjend tilsett, talde som nye",
            "Visits without a known carer, counted as new",
        ),
    },
    source=texts(
        "Gevinstrealisering i Helseplattformen, Molde, 2. september 2022; formelen er en antakelse"
        " (kan endres)",
        "Gevinstrealisering i Helseplattformen, Molde, 2. september 2022; formelen er ei antaking"
        " (kan endrast)",
        "Gevinstrealisering i Helseplattformen, Molde, 2 September 2022; the formula is an"
        " assumption (configurable)",
    ),
    window_days=28,
)

__all__ = ["H4"]
