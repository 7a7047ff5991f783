"""Reading notes: of a patient, one of them, one's own unsigned, and those shown to a citizen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson

from fellesjournal.access import records
from fellesjournal.access.answers import Stored
from fellesjournal.access.sessions import Session
from fellesjournal.care.notes.documents import carried_by, note_of_document, type_query
from fellesjournal.care.notes.resources import Note, note_of
from fellesjournal.care.notes.tasks import SIGN_NOTE
from fellesjournal.fhir import reading
from fellesjournal.fhir.issues import NotFound
from fellesjournal.fhir.reading import Element, name_text
from fellesjournal.foundation import clock

_MOST = "200"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a note, as its history tells it."""

    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A draft of one's own that waits to be signed.

    ``begun`` is when, ``waits_days`` whole days since, ``is_late`` past what is without undue
    delay (L9). ``beginning`` are its first words.
    """

    note: str
    patient: str
    patient_name: str
    title: str
    unit: str
    begun: datetime | None
    waits_days: int
    is_late: bool
    beginning: str


def notes_of(session: Session, patient: str) -> tuple[Note, ...]:
    """The notes of a patient: drafts first, then what is signed, each newest first.

    The 200 newest of those written here and of those that came as documents; of those that were
    given up none. An unknown patient has none.
    """
    return _ordered(_each_once(session, patient, "preliminary,final,amended"))


def signed_notes(session: Session) -> tuple[Note, ...]:
    """The signed notes of the record a citizen has open, newest first, as 9603 lets her see."""
    patient = session.subject.removeprefix("Patient/")
    return _ordered(_each_once(session, patient, "final,amended"))


def _each_once(session: Session, patient: str, statuses: str) -> list[Note]:
    """Notes and documents; a letter that carries a note which is here itself is not a second one.

    Where the note is not shown to who asks, the letter with the same words still is.
    """
    written = _found(session, patient, statuses)
    here = {f"Composition/{each.id}" for each in written if not each.is_draft}
    return [*written, *(note for note, of in _documents(session, patient) if not of & here)]


def note(session: Session, patient: str, note_id: str, version: int | None = None) -> Note:
    """One note of this patient, or an earlier version of it.

    Raises NotFound, also when it is another patient's or was given up.
    """
    if version is None:
        stored = records.read(session, "Composition", note_id)
    else:
        stored = records.read_version(session, "Composition", note_id, version)
    found = _read(stored)
    if found.patient != patient or found.status == "entered-in-error":
        raise NotFound(f"Composition/{note_id} is not known")
    return found


def signed_note(session: Session, note_id: str) -> Note:
    """One signed note of the record a citizen has open, or a document of that kind.

    Raises NotFound.
    """
    patient = session.subject.removeprefix("Patient/")
    try:
        found = note(session, patient, note_id)
    except NotFound:
        found = _document(session, patient, note_id)
    if found.is_draft:
        raise NotFound(f"Composition/{note_id} is not known")
    return found


def versions(session: Session, note_id: str) -> tuple[Version, ...]:
    """The versions of a note, newest first, at most 100. Raises NotFound."""
    page = records.history(session, type_name="Composition", fhir_id=note_id, count=100)
    return tuple(
        Version(each.stored.version, moment.at)
        for each in page.events
        if (moment := _written_at(each.stored)) is not None
    )


def unsigned_notes(session: Session) -> tuple[Unsigned, ...]:
    """The drafts one has begun and not signed, the oldest first."""
    page = records.search(
        session,
        "Task",
        [
            ("owner", session.person),
            ("code", SIGN_NOTE),
            ("status", "requested,accepted,in-progress"),
            ("_include", "Task:focus"),
            ("_include", "Task:patient"),
            ("_sort", "authored-on"),
            ("_count", _MOST),
        ],
    )
    others = {each.reference: orjson.loads(each.body or b"{}") for each in page.included}
    rows = [_unsigned(orjson.loads(each.body or b"{}"), others) for each in page.matches]
    return tuple(row for row in rows if row is not None)


def count_unsigned(session: Session) -> int:
    """How many :func:`unsigned_notes` answers."""
    return len(unsigned_notes(session))


def _unsigned(task: Element, others: Mapping[str, Element]) -> Unsigned | None:
    focus = reading.reference_target(task.get("focus"))
    patient = reading.reference_target(task.get("for"))
    body = others.get(focus)
    if body is None:
        return None
    draft = note_of(body, 0)
    now = clock.now()
    begun = reading.moment(task.get("authoredOn"))
    end = _end_of(task)
    words = " ".join(" ".join(each.text for each in draft.sections).split())
    return Unsigned(
        note=focus.removeprefix("Composition/"),
        patient=patient.removeprefix("Patient/"),
        patient_name=name_text(others.get(patient, {}).get("name")),
        title=draft.title,
        unit=draft.custodian.name,
        begun=None if begun is None else begun.at,
        waits_days=0 if begun is None else (now - begun.at).days,
        is_late=end is not None and end.at < now,
        beginning=words[:120],
    )


def _end_of(task: Element) -> reading.Moment | None:
    restriction = task.get("restriction")
    period = restriction.get("period") if isinstance(restriction, Mapping) else None
    return reading.moment(period.get("end")) if isinstance(period, Mapping) else None


def _found(session: Session, patient: str, statuses: str) -> list[Note]:
    page = records.search(
        session,
        "Composition",
        [
            ("patient", f"Patient/{patient}"),
            ("status", statuses),
            ("_sort", "-date"),
            ("_count", _MOST),
        ],
    )
    return [_read(stored) for stored in page.matches]


def _documents(session: Session, patient: str) -> list[tuple[Note, frozenset[str]]]:
    """Documents of a patient, each with the references of what it carries."""
    page = records.search(
        session,
        "DocumentReference",
        [
            ("patient", f"Patient/{patient}"),
            ("type", type_query()),
            ("status", "current"),
            ("_sort", "-date"),
            ("_count", _MOST),
        ],
    )
    read = [(orjson.loads(each.body or b"{}"), each.version) for each in page.matches]
    return [
        (note_of_document(body, version), carried_by(body))
        for body, version in read
        if _is_final(body)
    ]


def _document(session: Session, patient: str, document_id: str) -> Note:
    stored = records.read(session, "DocumentReference", document_id)
    body = orjson.loads(stored.body or b"{}")
    found = note_of_document(body, stored.version)
    if found.patient != patient or not _is_final(body) or body.get("status") != "current":
        raise NotFound(f"DocumentReference/{document_id} is not known")
    return found


def _is_final(body: Element) -> bool:
    return body.get("docStatus") not in {"preliminary", "entered-in-error"}


def _ordered(found: list[Note]) -> tuple[Note, ...]:
    newest = sorted(found, key=lambda each: each.at.at if each.at else _EVER, reverse=True)
    return tuple(sorted(newest, key=lambda each: not each.is_draft))


_EVER = datetime.fromisoformat("0001-01-02T00:00:00+00:00")


def _read(stored: Stored) -> Note:
    return note_of(orjson.loads(stored.body or b"{}"), stored.version)


def _written_at(stored: Stored) -> reading.Moment | None:
    body = orjson.loads(stored.body or b"{}")
    meta = body.get("meta")
    return reading.moment(meta.get("lastUpdated")) if isinstance(meta, dict) else None


__all__ = [
    "Unsigned", "Version", "count_unsigned", "note", "notes_of", "signed_note", "signed_notes",
    "unsigned_notes", "versions",
]  # fmt: skip
