"""Signing: from then on somebody answers for the words, and nobody changes them (INV-43)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from fellesjournal.access.acts import act, change
from fellesjournal.access.answers import Stored
from fellesjournal.access.sessions import Session
from fellesjournal.care.notes.actions.standing import authors, draft, named, obligation
from fellesjournal.care.notes.classification import Shown, labels
from fellesjournal.care.notes.events import note_signed
from fellesjournal.care.notes.refusals import NoteRefused, Why
from fellesjournal.care.notes.resources import Note, locked, note_of, signature
from fellesjournal.foundation import clock
from fellesjournal.foundation.outbox.events import Event


def sign_note(
    session: Session,
    *,
    patient: str,
    note: str,
    seen: int,
    shown: Shown | None,
    reason: str = "",
    lock: bool = False,
) -> Note:
    """Sign version ``seen`` of a draft, and say to whom it is shown; with ``lock`` only those who
    signed may add to it later.

    Assumption (configurable, this is the place): each author may sign for the whole, one
    signature is enough, and "sign" and "sign and lock" differ in who may add to it.
    Raises NoteRefused (OTHER_PATIENT, SIGNED, CHANGED, NOT_AUTHOR, EMPTY, UNMERGED,
    UNCLASSIFIED, UNREASONED), NotFound, PreconditionFailed.
    """
    data, version = draft(session, patient, note)
    before = note_of(data, version)
    _check(session, before, seen, authors(data))
    if shown is None:
        raise NoteRefused(Why.UNCLASSIFIED)
    now = clock.now()
    (me,) = named(session, session.person)
    meta = data.get("meta", {})
    security = labels(shown, author=session.person, reason=reason, now=now)
    signed = {
        **data,
        "meta": {**meta, "security": [*_other_labels(meta), *security]},
        "status": "final",
        "date": now.isoformat(timespec="seconds"),
        "attester": [*data.get("attester", []), signature(me, now)],
    }
    if lock:
        signed["extension"] = [*data.get("extension", []), locked()]

    def tell(_stood: Sequence[Stored]) -> Iterator[Event]:
        yield note_signed(f"Patient/{patient}", f"Composition/{note}")

    done = act(
        session, [change(signed, seen=version), *obligation(session, note, "completed")], tell
    )
    return replace(note_of(signed, version), version=done[0].version)


def _check(session: Session, note: Note, seen: int, written_by: list[str]) -> None:
    if session.person not in written_by:
        raise NoteRefused(Why.NOT_AUTHOR)
    if note.version != seen:
        raise NoteRefused(Why.CHANGED)
    if note.is_empty:
        raise NoteRefused(Why.EMPTY)
    if note.has_unmerged:
        raise NoteRefused(Why.UNMERGED)


def _other_labels(meta: dict[str, list[dict[str, str]]]) -> list[dict[str, str]]:
    """Labels that say something else than to whom in HelsaMi."""
    return [
        each for each in meta.get("security", []) if not str(each.get("system")).endswith("9603")
    ]


__all__ = ["sign_note"]
