"""What the review of the log points out, and how it says so in en, nb and nn."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from fellesjournal.access.readlog.words import Words, words


class Flag(StrEnum):
    """What may be unusual about reading."""

    NO_GROUND = "no-ground"
    REFUSED = "refused"
    OWN_RECORD = "own-record"
    OWN_FAMILY = "own-family"
    COLLEAGUE = "colleague"
    PUBLIC_PERSON = "public-person"
    VOLUME = "volume"
    SEARCHES = "searches"


EXPLANATIONS: Mapping[Flag, Words] = {
    Flag.NO_GROUND: words(
        "Opened without a ground that follows from care: by emergency access, or with none known."
        " Was there a weighty reason, and does the record say so?",
        "Åpnet uten et grunnlag som følger av helsehjelp: med nødtilgang, eller uten kjent grunnlag."
        " Var det en tungtveiende grunn, og står den i journalen?",
        "Opna utan eit grunnlag som følgjer av helsehjelp: med nødtilgang, eller utan kjent grunnlag."
        " Var det ein tungtvegande grunn, og står han i journalen?",
    ),
    Flag.REFUSED: words(
        "Asked {count} times for what may not be seen or is not there. A few are slips;"
        " many may be trying.",
        "Spurte {count} ganger etter noe som ikke kan vises eller ikke finnes. Noen få er feiltrykk;"
        " mange kan være forsøk.",
        "Spurde {count} gonger etter noko som ikkje kan visast eller ikkje finst. Nokre få er feiltrykk;"
        " mange kan vere forsøk.",
    ),
    Flag.OWN_RECORD: words(
        "Read her own record as staff. One's own record is read as a citizen, where it is hers to see.",
        "Leste sin egen journal som ansatt. Egen journal leses som innbygger, der den er hennes å se.",
        "Las sin eigen journal som tilsett. Eigen journal les ein som innbyggjar, der han er hennar å sjå.",
    ),
    Flag.OWN_FAMILY: words(
        "Read the record of somebody registered as family or at the same address."
        " Another should take care of one's own family where that can be.",
        "Leste journalen til noen som er registrert som familie eller på samme adresse."
        " En annen bør ta seg av egen familie der det lar seg gjøre.",
        "Las journalen til nokon som er registrert som familie eller på same adresse."
        " Ein annan bør ta seg av eigen familie der det let seg gjere.",
    ),
    Flag.COLLEAGUE: words(
        "Read the record of somebody who works at the same unit.",
        "Leste journalen til noen som arbeider ved samme enhet.",
        "Las journalen til nokon som arbeider ved same eining.",
    ),
    Flag.PUBLIC_PERSON: words(
        "Read the record of somebody who is marked as publicly known.",
        "Leste journalen til noen som er merket som offentlig kjent.",
        "Las journalen til nokon som er merkt som offentleg kjend.",
    ),
    Flag.VOLUME: words(
        "Opened {count} records in one day; half of those in the same role open at most {median}.",
        "Åpnet {count} journaler på én dag; halvparten av dem i samme rolle åpner høyst {median}.",
        "Opna {count} journalar på éin dag; halvparten av dei i same rolle opnar høgst {median}.",
    ),
    Flag.SEARCHES: words(
        "Searched {count} times in one day and opened {opened} of the records found."
        " Lists of names can be read without opening any.",
        "Søkte {count} ganger på én dag og åpnet {opened} av journalene som ble funnet."
        " Navnelister kan leses uten å åpne noen.",
        "Søkte {count} gonger på éin dag og opna {opened} av journalane som vart funne."
        " Namnelister kan lesast utan å opne nokon.",
    ),
}  # fmt: skip
