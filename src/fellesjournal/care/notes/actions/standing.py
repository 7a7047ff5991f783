"""What each act on a note asks first: that it is there, this patient's, and in the right state."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from fellesjournal.access import acts, patients, records
from fellesjournal.access.acts import Resource
from fellesjournal.access.sessions import Session
from fellesjournal.access.writing import Operation
from fellesjournal.care.notes.refusals import NoteRefused, Why
from fellesjournal.care.notes.resources import Person, template_of
from fellesjournal.care.notes.tasks import SIGN_NOTE, with_status
from fellesjournal.fhir import reading
from fellesjournal.fhir.reading import name_text


def standing(session: Session, patient: str, note: str) -> tuple[Resource, int]:
    """The note as it stands, and its version.

    Raises NotFound for what may not be seen, NoteRefused (OTHER_PATIENT) for a note about
    somebody else than the form says (INV-44).
    """
    data, version = acts.read(session, "Composition", note)
    if reading.reference_target(data.get("subject")) != f"Patient/{patient}":
        raise NoteRefused(Why.OTHER_PATIENT)
    return data, version


def draft(session: Session, patient: str, note: str) -> tuple[Resource, int]:
    """As :func:`standing`, of a draft of ours. Raises NoteRefused (SIGNED) for what is none."""
    data, version = standing(session, patient, note)
    if data.get("status") != "preliminary" or template_of(data) is None:
        raise NoteRefused(Why.SIGNED)
    return data, version


def authors(data: Resource) -> list[str]:
    """References of those who wrote it, the one who began first."""
    return [reading.reference_target(each) for each in reading.elements(data.get("author"))]


def named(session: Session, *wanted: str) -> list[Person]:
    """People and units with the names they have today."""
    pairs = [tuple(reference.split("/", 1)) for reference in wanted]
    found = {
        stored.reference: orjson.loads(stored.body or b"{}")
        for stored in patients.read_known(session, [(kind, key) for kind, key in pairs])
    }
    return [Person(reference, _name(found.get(reference, {}))) for reference in wanted]


def obligation(session: Session, note: str, status: str) -> list[Operation]:
    """The change that ends the task to sign a note, if somebody has it."""
    page = records.search(
        session,
        "Task",
        [("focus", f"Composition/{note}"), ("code", SIGN_NOTE), ("_count", "5")],
    )
    return _ended([(orjson.loads(s.body or b"{}"), s.version) for s in page.matches], status)


def _ended(tasks: Sequence[tuple[Resource, int]], status: str) -> list[Operation]:
    return [
        acts.change(with_status(task, status), seen=version)
        for task, version in tasks
        if task.get("status") in {"requested", "accepted", "in-progress"}
    ]


def _name(data: Resource) -> str:
    name = data.get("name")
    return name if isinstance(name, str) else name_text(name)


__all__ = ["authors", "draft", "named", "obligation", "standing"]
