"""What a citizen is told about a reading of her record that was looked into: en, nb and nn.

Names and organisations, nothing of the record and nothing of what staff wrote to each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from fellesjournal.access.readlog.words import Language, words

LANGUAGES: tuple[Language, ...] = ("nb", "nn", "en")
"""The first is the text of the resource itself, the others are translations of it."""

_READ = words(
    "{who} opened the record on {day}.",
    "{who} åpnet journalen {day}.",
    "{who} opna journalen {day}.",
)
_READ_IN_EMERGENCY = words(
    "{who} opened the record by emergency access on {day}.",
    "{who} åpnet journalen med nødtilgang {day}.",
    "{who} opna journalen med nødtilgang {day}.",
)
_NOT_JUSTIFIED = words(
    "{by} has looked into it and found that it was not justified."
    " The data protection officer is to follow this up with {source}.",
    "{by} har vurdert dette og kommet til at det ikke var begrunnet."
    " Personvernombudet skal følge det opp med {source}.",
    "{by} har vurdert dette og kome til at det ikkje var grunngjeve."
    " Personvernombodet skal følgje det opp med {source}.",
)
_JUSTIFIED = words(
    "{by} has looked into it and found that it was justified.",
    "{by} har vurdert dette og kommet til at det var begrunnet.",
    "{by} har vurdert dette og kome til at det var grunngjeve.",
)
_ASK = words(
    "If you have questions, contact the data protection officer: {contact}.",
    "Har du spørsmål, kan du kontakte personvernombudet: {contact}.",
    "Har du spørsmål, kan du kontakte personvernombodet: {contact}.",
)


@dataclass(frozen=True, slots=True)
class Found:
    """What is told: who read (name and place), on which day, who looked into it, whom to ask.

    ``source`` is the organisation whose employee it was.
    """

    who: str
    day: date
    by: str
    source: str
    contact: str
    is_emergency: bool
    is_justified: bool


def notice(found: Found) -> Mapping[Language, str]:
    """The text in each language."""
    return {language: _text(found, language) for language in LANGUAGES}


def _text(found: Found, language: Language) -> str:
    parts = (
        _READ_IN_EMERGENCY if found.is_emergency else _READ,
        _JUSTIFIED if found.is_justified else _NOT_JUSTIFIED,
        _ASK,
    )
    return " ".join(part[language] for part in parts).format(
        who=found.who,
        day=_day(found.day, language),
        by=found.by,
        source=found.source,
        contact=found.contact,
    )


def _day(day: date, language: Language) -> str:
    return f"{day.day} {day:%B %Y}" if language == "en" else f"{day:%d.%m.%Y}"


__all__ = ["LANGUAGES", "Found", "notice"]
