"""How the log speaks to citizens, leaders and data protection officers: en, nb and nn.

Beside the titles of grounds and roles, which stand with the policy.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from fellesjournal.access.policy.areas import Area
from fellesjournal.access.policy.kinds import MEANINGS, GroundKind
from fellesjournal.access.policy.roles import role_of

Language = Literal["en", "nb", "nn"]
Words = Mapping[Language, str]


def words(en: str, nb: str, nn: str) -> Words:
    """A text in the three languages."""
    return {"en": en, "nb": nb, "nn": nn}


AREAS: Mapping[Area, Words] = {
    Area.PERSON: words(
        "name, address and next of kin",
        "navn, adresse og pårørende",
        "namn, adresse og pårørande",
    ),
    Area.CONTACTS: words(
        "visits, stays and appointments",
        "besøk, opphold og timer",
        "besøk, opphald og timar",
    ),
    Area.CRITICAL: words(
        "allergies and warnings", "allergier og advarsler", "allergiar og åtvaringar"
    ),
    Area.HEALTH: words(
        "diagnoses, measurements and results",
        "diagnoser, målinger og prøvesvar",
        "diagnosar, målingar og prøvesvar",
    ),
    Area.HEREDITY: words(
        "family history and genes", "arv og gener i familien", "arv og gen i familien"
    ),
    Area.MEDICATION: words("medicines", "legemidler", "legemiddel"),
    Area.DOCUMENTS: words("notes and letters", "notater og brev", "notat og brev"),
    Area.FORMS: words("answered forms", "besvarte skjemaer", "svar på skjema"),
    Area.PLANS: words("plans and team", "planer og team", "planar og team"),
    Area.REQUESTS: words(
        "referrals and orders", "henvisninger og rekvisisjoner", "tilvisingar og rekvisisjonar"
    ),
    Area.TASKS: words("tasks", "oppgaver", "oppgåver"),
    Area.MESSAGES: words("messages", "meldinger", "meldingar"),
    Area.ATTACHMENTS: words("attached files", "vedlagte filer", "vedlagde filer"),
    Area.COLLECTIONS: words("lists", "lister", "lister"),
    Area.ORIGIN: words("who wrote what", "hvem som skrev hva", "kven som skreiv kva"),
    Area.FINANCE: words("payments", "betaling", "betaling"),
    Area.PRIVACY: words(
        "consents and blocks", "samtykker og sperringer", "samtykke og sperringar"
    ),
    Area.LOG: words(
        "who has opened the record", "hvem som har åpnet journalen", "kven som har opna journalen"
    ),
    Area.RESEARCH: words("participation in studies", "deltakelse i studier", "deltaking i studiar"),
    Area.STATISTICS: words("reports of measures", "rapporter om mål", "rapportar om mål"),
}  # fmt: skip

PURPOSES: Mapping[str, Words] = {
    "TREAT": words("to give you health care", "for å gi deg helsehjelp", "for å gi deg helsehjelp"),
    "ETREAT": words(
        "to give you urgent health care",
        "for å gi deg øyeblikkelig hjelp",
        "for å gi deg augeblikkeleg hjelp",
    ),
    "COC": words(
        "to coordinate your care", "for å samordne tjenestene dine", "for å samordne tenestene dine"
    ),
    "BTG": words("as emergency access", "som nødtilgang", "som nødtilgang"),
    "HRESCH": words("for research", "til forskning", "til forsking"),
    "PATRQT": words("by yourself", "av deg selv", "av deg sjølv"),
    "FAMRQT": words("on your behalf", "på dine vegne", "på dine vegner"),
    "PWATRNY": words("on your behalf", "på dine vegne", "på dine vegner"),
    "HOPERAT": words("to run the service", "for å drive tjenesten", "for å drive tenesta"),
    "HSYSADMIN": words("to run the platform", "for å drive løsningen", "for å drive løysinga"),
}

OF_ANOTHER: Mapping[str, Words] = {
    "TREAT": words("to give health care", "for å gi helsehjelp", "for å gi helsehjelp"),
    "ETREAT": words(
        "to give urgent health care",
        "for å gi øyeblikkelig hjelp",
        "for å gi augeblikkeleg hjelp",
    ),
    "COC": words("to coordinate the care", "for å samordne tjenestene", "for å samordne tenestene"),
    "PATRQT": words("in person", "selv", "sjølv"),
    "FAMRQT": words("on behalf of the person", "på vegne av personen", "på vegner av personen"),
    "PWATRNY": words("on behalf of the person", "på vegne av personen", "på vegner av personen"),
}
"""The purposes that speak of "you", for who reads the log of somebody else."""

LOOKED = words("looked at", "så på", "såg på")
READ = words("read", "leste", "las")
WROTE = words("wrote", "skrev", "skreiv")
CHANGED = words("changed", "endret", "endra")
WROTE_OR_CHANGED = words("wrote or changed", "skrev eller endret", "skreiv eller endra")
SHORT_READ = words("read the record", "leste journalen", "las journalen")
SHORT_WROTE = words("wrote in the record", "skrev i journalen", "skreiv i journalen")
SHORT_CHANGED = words("changed the record", "endret journalen", "endra journalen")
SHORT_READ_AND_WROTE = words(
    "read and wrote in the record", "leste og skrev i journalen", "las og skreiv i journalen"
)
SHORT_READ_AND_CHANGED = words(
    "read and changed the record", "leste og endret journalen", "las og endra journalen"
)
BECAUSE = words("because of", "på grunn av", "på grunn av")
UNKNOWN = words("somebody", "noen", "nokon")
PLATFORM = words("Fellesjournal itself", "Fellesjournal selv", "Fellesjournal sjølv")
THROUGH = words("through the app {}", "gjennom appen {}", "gjennom appen {}")
SERVICE = words("The service {}", "Tjenesten {}", "Tenesta {}")
YOURSELF = words("You", "Du", "Du")
THE_RECORD = words("the record", "journalen", "journalen")
AND = words("and", "og", "og")


def ground(kind: int | None, language: Language) -> str:
    """What a ground is called; '' for none."""
    return "" if kind is None else MEANINGS[GroundKind(kind)].titles[language]


def purpose(code: str, language: Language, *, to_herself: bool = True) -> str:
    """A purpose of use in words; '' for one without.

    ``to_herself``: told to the one the record is about, who is "you".
    """
    found = (None if to_herself else OF_ANOTHER.get(code)) or PURPOSES.get(code)
    return found[language] if found else ""


def role(code: str, language: Language) -> str:
    """The title of a role; the code itself where the policy has none."""
    found = role_of(code)
    return found.titles[language] if found else code


def areas(bits: int, language: Language) -> tuple[str, ...]:
    """The kinds of information of some bits of policy/areas.py, in their order."""
    return tuple(text[language] for area, text in AREAS.items() if bits & area)


def listed(parts: tuple[str, ...], language: Language) -> str:
    """``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {AND[language]} {parts[-1]}"
