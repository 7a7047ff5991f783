"""SA7: a referral is right the first time."""

from __future__ import annotations

from fellesjournal.leadership.indicators.definition import (
    Direction,
    Indicator,
    Scoring,
    share,
    texts,
)
from fellesjournal.leadership.indicators.handovers import (
    PRIVACY,
    REFERRAL,
    REFERRAL_NOTICE,
    REFERRAL_WORK,
    UNIT_SYSTEM,
)
from fellesjournal.leadership.indicators.interaction import (
    BLOCKED,
    CATEGORY,
    COVERAGE,
    SERVICES,
    SOURCE,
    statement,
)

SA7 = Indicator(
    id="SA7",
    version="1",
    aliases=(),
    titles=texts(
        "Riktig henvist første gang",
        "Rett tilvist første gong",
        "Referral right first time",
    ),
    description=texts(
        "Andel av mottatte henvisninger som ikke ble sendt tilbake med spørsmål. At"
        " mottakeren var feil, står bare som ord i et avslag og telles ikke her.",
        "Del av mottekne tilvisingar som ikkje vart sende tilbake med spørsmål. At"
        " mottakaren var feil, står berre som ord i eit avslag og vert ikkje talt her.",
        "Share of received referrals that were not returned with a question. That the"
        " receiver was wrong stands as words in a rejection only, and is not counted here.",
    ),
    functionality=texts(
        "Henvisninger, spørsmål til henviser og vurdering",
        "Tilvisingar, spørsmål til tilvisar og vurdering",
        "Referrals, questions to who referred, and assessment",
    ),
    categories=CATEGORY,
    services=SERVICES,
    numerator=texts(
        "Ikke sendt tilbake",
        "Ikkje sende tilbake",
        "Not returned",
    ),
    denominator=texts(
        "Mottatt i perioden, hver henvisning én gang",
        "Motteke i perioden, kvar tilvising éin gong",
        "Received in the period, each referral once",
    ),
    scoring=Scoring.PROPORTION,
    direction=Direction.UP,
    tables=(REFERRAL, REFERRAL_WORK, REFERRAL_NOTICE, PRIVACY, UNIT_SYSTEM),
    query=statement("sa7"),
    companions=(
        share(
            "told",
            "SA7b: henviser vet utfallet innen 14 dager",
            "SA7b: tilvisar veit utfallet innan 14 dagar",
            "SA7b: who referred knows the outcome within 14 days",
        ),
        share(
            "rejected",
            "Avvist",
            "Avvist",
            "Rejected",
        ),
        COVERAGE,
    ),
    exclusions={
        **BLOCKED,
    },
    source=SOURCE,
    balance=texts(
        "Klager på avslag (føres ikke på plattformen; andelen avviste står i stedet)",
        "Klager på avslag (vert ikkje førte på plattforma; delen avviste står i staden)",
        "Appeals against rejections (not recorded on the platform; the share rejected"
        " stands instead)",
    ),
    has_sides=True,
)

__all__ = ["SA7"]
