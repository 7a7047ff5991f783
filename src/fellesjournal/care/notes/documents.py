"""Notes and summaries that were not written here but came as documents (DocumentReference)."""

from __future__ import annotations

import base64
import binascii

from fellesjournal.care.notes.narrative import plain
from fellesjournal.care.notes.resources import Note, Person, Section
from fellesjournal.care.notes.templates import DOCUMENT_TYPE
from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import Element

NOTE_TYPES = ("B02-2", "B03-2", "A03-2", "A04-2", "A05-2")
"""Types of 9602 that tell of a contact: notes of the record and of clinics, summaries of stays,
of nursing and of physiotherapy."""


def type_query() -> str:
    """The value of the search parameter ``type`` that finds them."""
    return ",".join(f"{DOCUMENT_TYPE}|{code}" for code in NOTE_TYPES)


def note_of_document(data: Element, version: int) -> Note:
    """A document read as a note with one text; without one that can be shown it has no words."""
    attachments = [
        attachment
        for content in reading.elements(data.get("content"))
        for attachment in reading.elements(content.get("attachment"))
    ]
    first: Element = attachments[0] if attachments else {}
    kind = reading.concept_text(data.get("type"))
    context = data.get("context")
    encounters = reading.elements(context.get("encounter") if isinstance(context, dict) else None)
    text = next((found for each in attachments if (found := _text(each))), "")
    return Note(
        id=reading.string(data.get("id")),
        version=version,
        patient=reading.reference_target(data.get("subject")).removeprefix("Patient/"),
        status="final",
        title=reading.string(first.get("title")) or kind,
        template=None,
        language=reading.string(first.get("language")),
        at=reading.first_moment(data, "date"),
        authors=tuple(_person(each) for each in reading.elements(data.get("author"))),
        custodian=_person(data.get("custodian")),
        encounter=reading.reference_target(next(encounters, None)).removeprefix("Encounter/"),
        sections=(Section("", kind, text),) if text else (),
        additions=(),
        signatures=(),
        is_locked=False,
        is_document=True,
    )


def carried_by(data: Element) -> frozenset[str]:
    """What a document was made from, as ``Composition/1``: a summary that was sent as a letter."""
    context = data.get("context")
    related = reading.elements(context.get("related") if isinstance(context, dict) else None)
    return frozenset(target for each in related if (target := reading.reference_target(each)))


def _text(attachment: Element) -> str:
    if not reading.string(attachment.get("contentType")).startswith("text/plain"):
        return ""
    try:
        return plain(base64.b64decode(reading.string(attachment.get("data"))).decode()).strip()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _person(reference: object) -> Person:
    return Person(reading.reference_target(reference), reading.reference_text(reference))


__all__ = ["NOTE_TYPES", "carried_by", "note_of_document", "type_query"]
