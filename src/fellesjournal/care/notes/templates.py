"""Templates of notes: which sections one is written in.

Section codes are LOINC where it has one (https://loinc.org); the titles that are stored are
Norwegian, for a record is written in Norwegian (norway.md section 9 L9).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

TEMPLATE_SYSTEM = "https://fellesjournal.example/fhir/CodeSystem/note-template"
DOCUMENT_TYPE = "urn:oid:2.16.578.1.12.4.1.1.9602"
LOINC = "http://loinc.org"


@dataclass(frozen=True, slots=True)
class SectionKind:
    """A section to write in. ``part_of`` is the key of the section it stands inside."""

    key: str
    code: str
    title: str
    part_of: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of note: its code, title, document type (9602: code and display) and sections."""

    code: str
    title: str
    type_code: str
    type_display: str
    sections: tuple[SectionKind, ...]

    def section(self, key: str) -> SectionKind | None:
        """One of its sections by key."""
        return next((each for each in self.sections if each.key == key), None)


# What the assessment ends in. Coded problems are another package's; here is their text alone.
DIAGNOSIS = SectionKind("diagnosis", "29308-4", "Diagnose", part_of="assessment")

CONSULTATION = Template(
    "consultation",
    "Konsultasjon",
    "B02-2",
    "Journalnotat",
    (
        SectionKind("reason", "29299-5", "Årsak til kontakt"),
        SectionKind("findings", "29545-1", "Funn"),
        SectionKind("assessment", "51848-0", "Vurdering"),
        DIAGNOSIS,
        SectionKind("plan", "18776-5", "Tiltak"),
    ),
)
PLAIN = Template(
    "plain",
    "Journalnotat",
    "B02-2",
    "Journalnotat",
    (SectionKind("note", "34109-9", "Notat"),),
)
TEMPLATES: Mapping[str, Template] = MappingProxyType(
    {each.code: each for each in (CONSULTATION, PLAIN)}
)

# Assumption (configurable, this is the place): doctors write consultations in four parts.
_OF_ROLE: Mapping[str, Template] = MappingProxyType({"doctor": CONSULTATION})


def template_for(role: str) -> Template:
    """What a role writes in, when nothing else is chosen; ``role`` is a code of the policy."""
    return _OF_ROLE.get(role, PLAIN)


__all__ = [
    "CONSULTATION", "DIAGNOSIS", "DOCUMENT_TYPE", "LOINC", "PLAIN", "TEMPLATES",
    "TEMPLATE_SYSTEM", "SectionKind", "Template", "template_for",
]  # fmt: skip
