"""What the indicators of interaction have in common: the population, both sides of a handover, coverage.

A handover counts at its sender's unit or, asked for the other side, at its receiver's, when it comes from
another organisation. Each figure belongs to both; at either side a unit is the sum of what is below it,
and the two sides of an organisation have no handover in common: one never tells the other.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fellesjournal.leadership.indicators.definition import Text, share, texts
from fellesjournal.leadership.indicators.handovers import (
    DELIVERY,
    DELIVERY_PROOF,
    DELIVERY_TAKEN_UP,
    MUNICIPAL_SERVICE,
    PERSON,
    PRIVACY,
    STAY,
    STAY_NOTICE,
    UNIT_SYSTEM,
)

_HERE: Final = Path(__file__).parent

CATEGORY: Final = texts("Samhandling", "Samhandling", "Interaction")
SERVICES: Final = texts(
    "Sykehus, hjemmetjeneste, sykehjem, fastlege",
    "Sjukehus, heimeteneste, sjukeheim, fastlege",
    "Hospital, home care, nursing home, GP",
)
SOURCE: Final = texts(
    "Vårt eget svar på det åpne spørsmålet i Gevinstrealisering i Helseplattformen, Molde,"
    " 2. september 2022; alt er antakelser (kan endres)",
    "Vårt eige svar på spørsmålet som står ope i Gevinstrealisering i Helseplattformen, Molde,"
    " 2. september 2022; alt er antakingar (kan endrast)",
    "Our own answer to the open question in Gevinstrealisering i Helseplattformen, Molde,"
    " 2 September 2022; all of it assumption (configurable)",
)
STAYS: Final = (_HERE / "stays.sql").read_text(encoding="utf-8")
"""Common table expressions ``stays`` (``why`` says who is in), ``receivers`` and ``ends``."""
MESSAGES: Final = (_HERE / "messages.sql").read_text(encoding="utf-8")
"""Common table expressions up to ``judged``: each document from one unit to another."""
OF_MESSAGES: Final = (DELIVERY, DELIVERY_PROOF, DELIVERY_TAKEN_UP, PRIVACY, UNIT_SYSTEM)
OF_STAYS: Final = (STAY, STAY_NOTICE, MUNICIPAL_SERVICE, PERSON, PRIVACY, UNIT_SYSTEM)
COVERAGE: Final = share(
    "coverage",
    "Dekning: begge ender på plattformen",
    "Dekning: begge endar på plattforma",
    "Coverage: both ends on the platform",
)
LEFT_OUT: Final[dict[str, Text]] = {
    "died": texts("Døde", "Døydde", "Died"),
    "moved": texts("Overført til annet sykehus eller avdeling",
                   "Overført til anna sjukehus eller avdeling",
                   "Moved to another hospital or ward"),
    "newborn": texts("Født under oppholdet", "Fødd under opphaldet", "Born during the stay"),
    "blocked": texts("Har sperret opplysninger", "Har sperra opplysningar", "Has closed information"),
}  # fmt: skip
BLOCKED: Final[dict[str, Text]] = {"blocked": LEFT_OUT["blocked"]}
NOT_YET: Final = texts(
    "Fristen er ikke ute ennå", "Fristen er ikkje ute enno", "The time limit has not passed yet"
)


def statement(folder: str, *before: str) -> str:
    """The query of an indicator's folder, after common table expressions it goes on from."""
    own = (_HERE / folder / "query.sql").read_text(encoding="utf-8")
    return "".join([*before, own])


__all__ = [
    "BLOCKED", "CATEGORY", "COVERAGE", "LEFT_OUT", "MESSAGES", "NOT_YET", "OF_MESSAGES", "OF_STAYS",
    "SERVICES", "SOURCE", "STAYS", "statement",
]  # fmt: skip
