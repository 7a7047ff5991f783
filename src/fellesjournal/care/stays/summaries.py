"""The discharge summary (epikrise) as the FHIR resource it is: a Composition of one stay.

A draft is ``preliminary``; signed it is ``final`` and stays as it was signed (access/signed.py).
What others receive is a letter that says the same, made where the packages meet.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from html import escape, unescape
from typing import Any

from fellesjournal.access.discharges import DOCUMENT_TYPE, MANDATORY, SUMMARY_SECTION, SUMMARY_TYPE
from fellesjournal.care.stays import codes
from fellesjournal.care.stays.resources import Person, Resource, Stay, moment_text
from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import Element, Moment

_XHTML = "http://www.w3.org/1999/xhtml"
# What XML 1.0 can't hold; nobody types it, but a paste may bring it.
_UNWRITABLE = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Part:
    """A section: our code, its heading of 9142 ("" where none is among the sources), titles."""

    key: str
    national: str
    nb: str
    nn: str
    en: str

    @property
    def is_mandatory(self) -> bool:
        """Whether nothing is signed without words in it (INV-41)."""
        return self.key in MANDATORY

    def title(self, language: str) -> str:
        """The heading in a language of letters: nb, nn, en."""
        return {"nn": self.nn, "en": self.en}.get(language, self.nb)


PARTS = (
    Part("reason", "AAI", "Årsak til innleggelse", "Årsak til innlegging", "Reason for admission"),
    Part("diagnoses", "", "Diagnoser", "Diagnosar", "Diagnoses"),
    Part("course", "FO", "Forløp og behandling", "Forløp og behandling", "Course and treatment"),
    Part("findings", "FU", "Funn og undersøkelsesresultater", "Funn og undersøkingsresultat",
         "Findings and results"),
    Part("medication", "", "Legemidler ved utskriving", "Legemiddel ved utskriving",
         "Medication at discharge"),
    Part("follow-up", "OP", "Videre oppfølging og hvem som har ansvar",
         "Vidare oppfølging og kven som har ansvar", "Follow-up and who answers for it"),
)  # fmt: skip
TITLES = {"nb": "Epikrise", "nn": "Epikrise", "en": "Discharge summary"}


@dataclass(frozen=True, slots=True)
class Summary:
    """A summary as it stands; ``texts`` by the key of its part, "" where nothing is written."""

    id: str
    version: int
    stay: str
    status: str
    language: str
    texts: Mapping[str, str]
    authors: tuple[str, ...]
    at: Moment | None

    @property
    def is_draft(self) -> bool:
        """Whether it can be written in."""
        return self.status == "preliminary"

    @property
    def missing(self) -> tuple[str, ...]:
        """Mandatory parts without words (INV-41)."""
        return tuple(key for key in MANDATORY if not self.texts.get(key, "").strip())


def new_summary(
    stay: Stay, texts: Mapping[str, str], *, language: str, author: Person, at: datetime
) -> Resource:
    """A draft of the summary of a stay."""
    draft: Resource = {
        "resourceType": "Composition",
        "meta": {"security": [{"system": codes.VISIBILITY, "code": "N"}]},
        "language": language,
        "status": "preliminary",
        "type": codes.concept(DOCUMENT_TYPE, SUMMARY_TYPE, "Epikrise"),
        "subject": {"reference": stay.patient},
        "encounter": {"reference": stay.reference},
        "date": moment_text(at),
        "author": [author.as_json()],
        "title": TITLES[language],
        "custodian": stay.unit.as_json(),
    }
    return written(draft, texts, author=author, at=at)


def written(
    summary: Resource, texts: Mapping[str, str], *, author: Person, at: datetime
) -> Resource:
    """The draft with these texts; whoever writes becomes one of its authors."""
    language = str(summary.get("language", "nb"))
    sections = [_section(each, plain(texts.get(each.key, "")), language) for each in PARTS]
    authors = list(reading.elements(summary.get("author")))
    if author.reference not in map(reading.reference_target, authors):
        authors.append(author.as_json())
    changed = {**summary, "date": moment_text(at), "author": authors}
    kept = [each for each in sections if each is not None]
    changed.pop("section", None)
    return changed | ({"section": kept} if kept else {})


def _section(part: Part, text: str, language: str) -> dict[str, Any] | None:
    if not text.strip():
        return None
    coding = [{"system": SUMMARY_SECTION, "code": part.key}]
    if part.national:
        coding.append({"system": codes.HEADING, "code": part.national, "display": part.nb})
    return {"title": part.title(language), "code": {"coding": coding}, "text": _narrative(text)}


def signed(summary: Resource, *, by: Person, at: datetime) -> Resource:
    """The summary with a signature: from now on it stays as it is."""
    return {
        **summary,
        "status": "final",
        "date": moment_text(at),
        "attester": [
            *summary.get("attester", []),
            {"mode": "legal", "time": moment_text(at), "party": by.as_json()},
        ],
    }


def is_summary(composition: Element) -> bool:
    """Whether a Composition is a discharge summary."""
    return codes.has(composition.get("type"), DOCUMENT_TYPE, SUMMARY_TYPE)


def summary_of(composition: Element, version: int) -> Summary:
    """A Composition as a summary."""
    texts = {
        code: _text(section)
        for section in reading.elements(composition.get("section"))
        for system, code, _ in reading.codings(section.get("code"))
        if system == SUMMARY_SECTION
    }
    return Summary(
        id=reading.string(composition.get("id")),
        version=version,
        stay=reading.reference_target(composition.get("encounter")),
        status=reading.string(composition.get("status")),
        language=reading.string(composition.get("language")) or "nb",
        texts={each.key: texts.get(each.key, "") for each in PARTS},
        authors=tuple(
            reading.reference_target(each) for each in reading.elements(composition.get("author"))
        ),
        at=reading.first_moment(composition, "date"),
    )


def plain(text: str) -> str:
    """Text as a summary keeps it: line ends as LF, without what can't be written."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return _UNWRITABLE.sub("", "\n".join(line.rstrip() for line in lines)).strip()


def _narrative(text: str) -> dict[str, str]:
    lines = "<br/>".join(escape(line, quote=False) for line in text.split("\n"))
    return {"status": "additional", "div": f'<div xmlns="{_XHTML}"><p>{lines}</p></div>'}


def _text(section: Element) -> str:
    """The words of a narrative, with its line breaks; markup of other systems is left out."""
    div = str((section.get("text") or {}).get("div", ""))
    broken = re.sub(r"<br\s*/?>|</p>\s*(?=<)", "\n", div)
    return unescape(re.sub(r"<[^>]*>", "", broken)).strip("\n")


__all__ = [
    "PARTS", "TITLES", "Part", "Summary", "is_summary", "new_summary", "plain", "signed",
    "summary_of", "written",
]  # fmt: skip
