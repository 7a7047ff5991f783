"""A note as the FHIR resource it is: a Composition with sections of plain text.

A draft is ``preliminary``, a signed note ``final``, one that was added to ``amended``. While two
people write, a text that met another in the same lines stands as a section of its own inside the
section, until somebody has put the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fellesjournal.access.signed import ADDED_AT, ADDITION_SYSTEM, LOCKED
from fellesjournal.care.notes.narrative import narrative, text_of
from fellesjournal.care.notes.templates import (
    DOCUMENT_TYPE,
    LOINC,
    TEMPLATE_SYSTEM,
    TEMPLATES,
    SectionKind,
    Template,
)
from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import Element, Moment

Resource = dict[str, Any]

BEGUN_BY = "https://fellesjournal.example/fhir/NamingSystem/note-form"
SECTION_SYSTEM = "https://fellesjournal.example/fhir/CodeSystem/note-section"
_UNMERGED = "unmerged"
ADDENDUM, CORRECTION = "addendum", "correction"
_ADDITION_TITLES = {ADDENDUM: "Tillegg", CORRECTION: "Rettelse"}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody by reference and name, as it was written then."""

    reference: str
    name: str

    def as_json(self) -> dict[str, str]:
        """The Reference."""
        return {"reference": self.reference, "display": self.name}


@dataclass(frozen=True, slots=True)
class Unmerged:
    """A text that met another in the same lines: whose it is, and all she had in the section."""

    author: Person
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """One section. ``key`` is "" when no template of ours knows it."""

    key: str
    title: str
    text: str
    unmerged: tuple[Unmerged, ...] = ()


@dataclass(frozen=True, slots=True)
class Addition:
    """What was added to a signed note. ``kind`` is ADDENDUM or CORRECTION."""

    kind: str
    text: str
    author: Person
    at: Moment | None


@dataclass(frozen=True, slots=True)
class Signature:
    """Who answers for the words, and since when."""

    by: Person
    at: Moment | None


@dataclass(frozen=True, slots=True)
class Note:
    """A note as pages read it. ``sections`` are those with text, in their order; of a draft all
    of its template. ``at`` is when it was signed, of a draft when it was last written in.
    """

    id: str
    version: int
    patient: str
    status: str
    title: str
    template: Template | None
    language: str
    at: Moment | None
    authors: tuple[Person, ...]
    custodian: Person
    encounter: str
    sections: tuple[Section, ...]
    additions: tuple[Addition, ...]
    signatures: tuple[Signature, ...]
    is_locked: bool
    is_document: bool = False
    """Whether it came as a document (documents.py), and so can't be added to here."""

    @property
    def is_draft(self) -> bool:
        """Whether nobody has signed it yet."""
        return self.status == "preliminary"

    @property
    def is_open(self) -> bool:
        """Whether it can be written in here: a draft in one of our templates."""
        return self.is_draft and self.template is not None

    @property
    def is_empty(self) -> bool:
        """Whether nobody has written a word."""
        return not any(each.text.strip() or each.unmerged for each in self.sections)

    @property
    def has_unmerged(self) -> bool:
        """Whether two texts wait to be put together."""
        return any(each.unmerged for each in self.sections)

    @property
    def was_corrected(self) -> bool:
        """Whether something in it was corrected later."""
        return any(each.kind == CORRECTION for each in self.additions)

    def section(self, key: str) -> Section | None:
        """A section by key."""
        return next((each for each in self.sections if each.key == key), None)


def new_draft(
    template: Template,
    *,
    patient: str,
    author: Person,
    custodian: Person,
    encounter: str,
    language: str,
    at: datetime,
    form: str = "",
) -> Resource:
    """A draft without a word; ``patient`` and ``encounter`` ("" for none) are ids, ``form`` the
    key of the form that began it.
    """
    kind = {
        "system": DOCUMENT_TYPE,
        "code": template.type_code,
        "display": template.type_display,
    }
    category = {"system": TEMPLATE_SYSTEM, "code": template.code, "display": template.title}
    return {
        "resourceType": "Composition",
        **({"identifier": {"system": BEGUN_BY, "value": form}} if form else {}),
        "language": language,
        "status": "preliminary",
        "type": {"coding": [kind], "text": template.type_display},
        "category": [{"coding": [category]}],
        "subject": {"reference": f"Patient/{patient}"},
        **({"encounter": {"reference": f"Encounter/{encounter}"}} if encounter else {}),
        "date": at.isoformat(timespec="seconds"),
        "author": [author.as_json()],
        "title": template.title,
        "custodian": custodian.as_json(),
    }


def with_sections(data: Resource, template: Template, sections: Iterable[Section]) -> Resource:
    """The draft with these texts; a section without words is left out (cmp-1)."""
    by_key = {each.key: each for each in sections}
    made = [
        built
        for kind in template.sections
        if not kind.part_of and (built := _section(kind, by_key, template)) is not None
    ]
    changed = {name: value for name, value in data.items() if name != "section"}
    return {**changed, "section": made} if made else changed


def _section(
    kind: SectionKind, by_key: Mapping[str, Section], template: Template
) -> Resource | None:
    section = by_key.get(kind.key, Section(kind.key, kind.title, ""))
    inner = [
        built
        for part in template.sections
        if part.part_of == kind.key and (built := _section(part, by_key, template)) is not None
    ]
    inner += [_unmerged(each) for each in section.unmerged]
    has_words = bool(section.text.strip())
    if not has_words and not inner:
        return None
    code = {"coding": [{"system": LOINC, "code": kind.code}]}
    return {
        "title": kind.title,
        "code": code,
        **({"text": narrative(section.text)} if has_words else {}),
        **({"section": inner} if inner else {}),
    }


def _unmerged(unmerged: Unmerged) -> Resource:
    return {
        "title": "Ikke flettet",
        "code": {"coding": [{"system": SECTION_SYSTEM, "code": _UNMERGED}]},
        "author": [unmerged.author.as_json()],
        "text": narrative(unmerged.text),
    }


def addition(kind: str, text: str, author: Person, at: datetime) -> Resource:
    """The section that adds to a signed note: dated, and by whom."""
    title = _ADDITION_TITLES[kind]
    moment = at.isoformat(timespec="seconds")
    return {
        "extension": [{"url": ADDED_AT, "valueDateTime": moment}],
        "title": title,
        "code": {"coding": [{"system": ADDITION_SYSTEM, "code": kind, "display": title}]},
        "author": [author.as_json()],
        "text": narrative(text),
    }


def signature(by: Person, at: datetime) -> Resource:
    """The attester who answers for the note."""
    return {"mode": "legal", "time": at.isoformat(timespec="seconds"), "party": by.as_json()}


def locked() -> Resource:
    """The extension of a note that is signed and locked."""
    return {"url": LOCKED, "valueBoolean": True}


def note_of(data: Element, version: int) -> Note:
    """Read a Composition, from here or from any other system."""
    template = template_of(data)
    sections = list(reading.elements(data.get("section")))
    return Note(
        id=reading.string(data.get("id")),
        version=version,
        patient=reading.reference_target(data.get("subject")).removeprefix("Patient/"),
        status=reading.string(data.get("status")),
        title=reading.string(data.get("title")) or reading.concept_text(data.get("type")),
        template=template,
        language=reading.string(data.get("language")),
        at=reading.first_moment(data, "date"),
        authors=tuple(_person(each) for each in reading.elements(data.get("author"))),
        custodian=_person(data.get("custodian")),
        encounter=reading.reference_target(data.get("encounter")).removeprefix("Encounter/"),
        sections=_sections(data, template, sections),
        additions=tuple(_addition(each) for each in sections if _addition_kind(each)),
        signatures=tuple(
            Signature(_person(each.get("party")), reading.first_moment(each, "time"))
            for each in reading.elements(data.get("attester"))
        ),
        is_locked=any(
            each.get("url") == LOCKED and each.get("valueBoolean") is True
            for each in reading.elements(data.get("extension"))
        ),
    )


def template_of(data: Element) -> Template | None:
    """Which of our templates a Composition was begun in."""
    for category in reading.elements(data.get("category")):
        for system, code, _ in reading.codings(category):
            if system == TEMPLATE_SYSTEM and code in TEMPLATES:
                return TEMPLATES[code]
    return None


def _sections(
    data: Element, template: Template | None, listed: Iterable[Element]
) -> tuple[Section, ...]:
    found = [read for each in listed if not _addition_kind(each) for read in _read(each, template)]
    if template is None or data.get("status") != "preliminary":
        return tuple(found)
    by_key = {each.key: each for each in found}
    return tuple(by_key.get(k.key) or Section(k.key, k.title, "") for k in template.sections)


def _read(element: Element, template: Template | None) -> Iterator[Section]:
    """A section and those inside it, each with its own text."""
    inner = list(reading.elements(element.get("section")))
    kind = _kind(element, template)
    section = Section(
        "" if kind is None else kind.key,
        reading.string(element.get("title")) or reading.concept_text(element.get("code")),
        text_of(element),
        tuple(
            Unmerged(_person(next(reading.elements(each.get("author")), None)), text_of(each))
            for each in inner
            if _is_unmerged(each)
        ),
    )
    if section.text or section.unmerged:
        yield section
    for each in inner:
        if not _is_unmerged(each):
            yield from _read(each, template)


def _kind(element: Element, template: Template | None) -> SectionKind | None:
    codes = {code for system, code, _ in _codes(element) if system == LOINC}
    kinds = () if template is None else template.sections
    return next((each for each in kinds if each.code in codes), None)


def _is_unmerged(element: Element) -> bool:
    return (SECTION_SYSTEM, _UNMERGED) in {(system, code) for system, code, _ in _codes(element)}


def _addition_kind(element: Element) -> str:
    codes = _codes(element)
    return next((code for system, code, _ in codes if system == ADDITION_SYSTEM), "")


def _addition(element: Element) -> Addition:
    at = next(
        (
            reading.moment(each.get("valueDateTime"))
            for each in reading.elements(element.get("extension"))
            if each.get("url") == ADDED_AT
        ),
        None,
    )
    author = _person(next(reading.elements(element.get("author")), None))
    return Addition(_addition_kind(element), text_of(element), author, at)


def _codes(element: Element) -> list[tuple[str, str, str]]:
    return list(reading.codings(element.get("code")))


def _person(reference: object) -> Person:
    return Person(reading.reference_target(reference), reading.reference_text(reference))


__all__ = [
    "ADDENDUM", "CORRECTION", "Addition", "Note", "Person", "Resource", "Section", "Signature",
    "Unmerged", "addition", "locked", "new_draft", "note_of", "signature", "template_of",
    "with_sections",
]  # fmt: skip
