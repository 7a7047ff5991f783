"""SA5: the medication list of the discharge is the one that the receiver has 72 hours later."""

from __future__ import annotations

from fellesjournal.leadership.indicators.definition import (
    Direction,
    Indicator,
    Scoring,
    number,
    share,
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
from fellesjournal.leadership.indicators.medicines import OF_MEDICINES

SA5 = Indicator(
    id="SA5",
    version="1",
    aliases=(),
    titles=texts(
        "Samstemt legemiddelliste",
        "Samstemt legemiddelliste",
        "Medication list agreed",
    ),
    description=texts(
        "Andel av utskrivninger til en kommunal enhet der legemiddellisten ved utskrivning og"
        " hos mottaker etter 72 timer er lik i virkestoff, styrke og dose per døgn, eller der"
        " alle forskjeller er signert. Det som bare er fortalt om, er ikke med i sammenligningen.",
        "Del av utskrivingar til ei kommunal eining der legemiddellista ved utskriving og hos"
        " mottakar etter 72 timar er lik i verkestoff, styrke og dose per døgn, eller der alle"
        " skilnader er signerte. Det som berre er fortalt om, er ikkje med i samanlikninga.",
        "Share of discharges to a municipal unit where the medication lists at discharge and"
        " at the receiver after 72 hours are alike in substance, strength and dose per day, or"
        " where all differences are signed. What is only told of is not compared.",
    ),
    functionality=texts(
        "Utskrivninger og resepter på legemiddellisten",
        "Utskrivingar og reseptar på legemiddellista",
        "Discharges, and prescriptions on the medication list",
    ),
    categories=CATEGORY,
    services=SERVICES,
    numerator=texts(
        "Listene er like, eller alle forskjeller er signert",
        "Listene er like, eller alle skilnader er signerte",
        "The lists are alike, or all differences are signed",
    ),
    denominator=texts(
        "Utskrevet til kommunal enhet på plattformen, med en legemiddelliste",
        "Utskriven til kommunal eining på plattforma, med ei legemiddelliste",
        "Discharged to a municipal unit on the platform, with a medication list",
    ),
    scoring=Scoring.PROPORTION,
    direction=Direction.UP,
    tables=(*OF_STAYS, *OF_MEDICINES),
    query=statement("sa5", STAYS),
    companions=(
        number(
            "likeness",
            "Likhet mellom listene (Jaccard), median",
            "Likskap mellom listene (Jaccard), median",
            "Likeness of the lists (Jaccard), median",
        ),
        share(
            "complete",
            "Utskrivninger der alt på listen har virkestoff, styrke og dose per døgn",
            "Utskrivingar der alt på lista har verkestoff, styrke og dose per døgn",
            "Discharges where all on the list has substance, strength and dose per day",
        ),
        COVERAGE,
    ),
    exclusions={
        **LEFT_OUT,
        "open": NOT_YET,
        "outside": texts(
            "Mottakers liste føres i et annet system",
            "Lista til mottakar vert førd i eit anna system",
            "The receiver's list is kept in another system",
        ),
        "unlisted": texts(
            "Har ingen legemiddelliste", "Har inga legemiddelliste", "Has no medication list"
        ),
        "undated": texts(
            "Et legemiddel er stoppet uten at tidspunktet er ført",
            "Eit legemiddel er stoppa utan at tidspunktet er ført",
            "A medicine was stopped, and when is not recorded",
        ),
    },
    source=SOURCE,
    balance=texts("Tidsbruk", "Tidsbruk", "Time used"),
    has_sides=True,
)

__all__ = ["SA5"]
