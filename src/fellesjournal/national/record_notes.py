"""Pieces of a record inside nursing and care messages: notes, allergies, warnings (EPJ 1 and 2).

Each piece is a component with an id of its own. Code lists: headings 9141 (nursing), 9142
(medical), 9143 (infection), 9145 (status and course).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fellesjournal.national.binding import Form, Part, element, many, optional
from fellesjournal.national.values import Code, Coded

DOCUMENT = "EPJ dokument"
CASE = "EPJ sak"
CATEGORIES = ("Cave/allergier", "Legemidler", "Andre notater", "Uspesifisert")
WARNINGS, MEDICINES, OTHER_NOTES, _ = CATEGORIES


def fixed(name: str, value: str) -> Any:
    """An attribute of a component that has one value only."""
    return element(name, form=Form.ATTRIBUTE, home="meta", one_of=(value,), default=value)


def category() -> Any:
    """What a component holds."""
    return optional("informasjonskategori", form=Form.ATTRIBUTE, home="meta", one_of=CATEGORIES)


def component_id() -> Any:
    """The number of a component."""
    return element("komponentID", form=Form.ATTRIBUTE, home="plain")


def important_addition() -> Any:
    """Another component that must be read with this one."""
    return optional("referanseViktigTilleggsinfo", form=Form.ATTRIBUTE, home="plain")


@dataclass(frozen=True, kw_only=True)
class NoteText(Part):
    """Words under a heading."""

    heading: Coded | None = optional("Overskriftskode")
    text: str = element("Notat")
    remark: str | None = optional("Merknad")


@dataclass(frozen=True, kw_only=True)
class Note(Part):
    """A note of the record."""

    base: str = fixed("basiskomponenttype", DOCUMENT)
    kind: str = fixed("komponenttype", "2.16.578.1.12.4.1.6.13.11009.0")
    category: str | None = category()
    id: str = component_id()
    addition: str | None = important_addition()
    texts: tuple[NoteText, ...] = many("Journaltekst", needed=True)


@dataclass(frozen=True, kw_only=True)
class Allergy(Part):
    """What somebody does not tolerate."""

    when_prescribing: bool | None = optional("HensynVedForskrivning", form=Form.BOOLEAN)
    in_food: bool | None = optional("HensynMatDrikke", form=Form.BOOLEAN)
    by_contact: bool | None = optional("Kontaktallergi", form=Form.BOOLEAN)
    pollen_or_insects: bool | None = optional("PollenInnsektstikk", form=Form.BOOLEAN)
    to: str = element("AllergiskMot")
    substance: Coded | None = optional("VirkestoffLegemiddel")
    other_substance: Coded | None = optional("KodeAnnetStoff")
    anaphylaxis: Code | None = optional("AnafylaktiskeReaksjoner")


@dataclass(frozen=True, kw_only=True)
class AllergyNote(Part):
    """An allergy, and what is written about it."""

    base: str = fixed("basiskomponenttype", DOCUMENT)
    kind: str = fixed("komponenttype", "2.16.578.1.12.4.1.6.13.11036.1")
    category: str | None = category()
    id: str = component_id()
    addition: str | None = important_addition()
    texts: tuple[NoteText, ...] = many("Journaltekst", home="notes")
    allergy: Allergy = element("Allergi")


@dataclass(frozen=True, kw_only=True)
class Warned(Part):
    """One thing to beware of."""

    word: str = element("CaveStikkord")
    text: NoteText | None = optional("Journaltekst", home="notes")


@dataclass(frozen=True, kw_only=True)
class Warnings(Part):
    """What to beware of, in short."""

    base: str = fixed("basiskomponenttype", DOCUMENT)
    kind: str = fixed("komponenttype", "2.16.578.1.12.4.1.6.13.10028.0")
    category: str | None = category()
    id: str = component_id()
    addition: str | None = important_addition()
    warned: tuple[Warned, ...] = many("StikkordCave")


@dataclass(frozen=True, kw_only=True)
class Beware(Part):
    """The page of the record that is read first: CAVE."""

    base: str = fixed("basiskomponenttype", CASE)
    kind: str = fixed("komponenttype", "2.16.578.1.12.4.1.6.14.50001.0")
    category: str | None = category()
    id: str = component_id()
    addition: str | None = important_addition()
    warnings: Warnings = element("SakshodeCave")
    allergies: tuple[AllergyNote, ...] = many("Allerginotat")
