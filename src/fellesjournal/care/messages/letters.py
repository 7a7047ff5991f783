"""What a letter says, as a PDF and as plain text.

Both are made from the same :class:`Letter` and stored together; a letter that was previewed is
sent as exactly those bytes (INV-41).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from fellesjournal.foundation.exports.pdf import pdf

_TEMPLATE = Path(__file__).with_name("letter.typ")
_WORDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "nb": {"page": "Side", "of": "av", "date": "Dato:", "concerns": "Gjelder:", "to": "Til:"},
        "nn": {"page": "Side", "of": "av", "date": "Dato:", "concerns": "Gjeld:", "to": "Til:"},
        "en": {"page": "Page", "of": "of", "date": "Date:", "concerns": "Concerns:", "to": "To:"},
    }
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a letter under a heading (empty: none)."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter before it is addressed. ``lang`` is nb, nn or en.

    ``about`` is whom it is about, as "name, number"; ``to`` the names of all recipients, who
    each see who the others are; ``sender`` the unit, ``place`` where it is; ``author`` who signs.
    No recipient's address stands in it: an address may be protected.
    """

    title: str
    lang: str
    to: tuple[str, ...]
    about: str
    sender: str
    place: str
    author: str
    day: date
    sections: tuple[Section, ...]

    @property
    def text(self) -> str:
        """The same letter as plain text."""
        words = _WORDS[self.lang]
        facts = [
            f"{words['to']} {', '.join(self.to)}",
            f"{words['date']} {_day(self.day)}",
            f"{words['concerns']} {self.about}",
        ]
        parts = [
            "\n\n".join(filter(None, [section.heading, *section.paragraphs]))
            for section in self.sections
        ]
        signed = f"{self.author}\n{self.sender}"
        return "\n\n".join([self.sender, "\n".join(facts), self.title, *parts, signed])


def as_pdf(letter: Letter) -> bytes:
    """The letter as it is shown before sending, downloaded, and printed."""
    return pdf(
        _TEMPLATE,
        {
            "title": letter.title,
            "lang": letter.lang,
            "about": letter.about,
            "sender": letter.sender,
            "place": letter.place,
            "author": letter.author,
            "to": list(letter.to),
            "date": _day(letter.day),
            "day": [letter.day.year, letter.day.month, letter.day.day],
            "words": _WORDS[letter.lang],
            "sections": [
                {"heading": each.heading, "paragraphs": list(each.paragraphs)}
                for each in letter.sections
            ],
        },
    )


def fingerprint(letter: Letter) -> str:
    """What tells two letters apart by one character: sha256 of all they say, as hex."""
    return hashlib.sha256(as_pdf(letter)).hexdigest()


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"


__all__ = ["Letter", "Section", "as_pdf", "fingerprint"]
