"""Documents of a record as a citizen chooses among them: a title and a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from fellesjournal.access import records
from fellesjournal.access.sessions import Session
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import FhirError

DOCUMENT_TYPES = ("Composition", "DocumentReference", "DiagnosticReport")
"""What counts as a document."""

_MOST = "40"


@dataclass(frozen=True, slots=True)
class DocumentChoice:
    """``reference`` such as ``Composition/1``; ``day`` an ISO day, "" when not known."""

    reference: str
    title: str
    day: str


def documents(session: Session) -> list[DocumentChoice]:
    """The latest documents of the record the session has open, newest first."""
    found = []
    for name in DOCUMENT_TYPES:
        query = [("patient", session.subject), ("_sort", "-date"), ("_count", _MOST)]
        page = records.search(session, name, query)
        found += [_choice(name, orjson.loads(stored.body or b"{}")) for stored in page.matches]
    return sorted(found, key=lambda each: (each.day, each.title), reverse=True)


def document(session: Session, reference: str) -> DocumentChoice | None:
    """One document of the record; None when it is not there for this session."""
    kind, _, fhir_id = reference.partition("/")
    if kind not in DOCUMENT_TYPES:
        return None
    try:
        stored = records.read(session, kind, fhir_id)
    except FhirError:
        return None
    return _choice(kind, orjson.loads(stored.body or b"{}"))


def _choice(type_name: str, resource: dict[str, Any]) -> DocumentChoice:
    title = reading.string(resource.get("title")) or reading.string(resource.get("description"))
    title = title or reading.concept_text(resource.get("type") or resource.get("code"))
    moment = reading.first_moment(
        resource, "date", "effectiveDateTime", "effectivePeriod", "issued"
    )
    return DocumentChoice(
        f"{type_name}/{resource['id']}",
        title or type_name,
        "" if moment is None else moment.at.date().isoformat(),
    )
